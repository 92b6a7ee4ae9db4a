"""What a message is before anything else reads it: plain characters, one line, a bearable length."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 2000  # characters; the website refuses longer ones, this guards every other channel
_HYPHENS = "‐‑‒−–"  # as Word and web pages set them, in phone numbers too
_PLAIN = str.maketrans(
    {"’": "'", "′": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "“": '"', "”": '"', "—": " - ", **dict.fromkeys(_HYPHENS, "-")}
)
MOST_CLAUSES = 6
_CLAUSE = re.compile(r"[.!?;\n]+|,? (?:and|but|because|so) |, ")


def clean(text: str) -> str:
    """Return the text without control and invisible characters, with straight quotes and single spaces, cut to 2,000 characters."""
    text = re.sub(r"\s+", " ", text)[: LONGEST * 2].translate(_PLAIN)  # before NFKC, which makes a blank of the accent in "don´t"
    visible = "".join(
        " " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text if unicodedata.category(c) not in ("Cf", "Cs", "Co", "Cn")
    )
    text = unicodedata.normalize("NFKC", visible).translate(_PLAIN)
    return re.sub(r"\s+", " ", text).strip()[:LONGEST].rstrip()


_CLUSTER = re.compile(r"[^\u0300-\u036f]?[\u0300-\u036f]*", re.S)  # a character with its accents


def clean_with_places(text: str) -> tuple[str, list[int]]:
    """Return the text as `clean` does, and for each of its characters where it stands in what was typed.

    The places are none where they cannot be told: then the cleaned text is the nearest there is to what was typed.
    """
    cleaned = clean(text)
    if cleaned == text:
        return cleaned, list(range(len(text)))
    made: list[str] = []
    places: list[int] = []
    for match in _CLUSTER.finditer(text[: LONGEST * 2]):
        for char in _plain_cluster(match.group()):
            if char != " " or made and made[-1] != " ":
                made.append(char)
                places.append(match.start())
    length = len(cleaned)
    return (cleaned, places[:length]) if "".join(made[:length]) == cleaned else (cleaned, [])


def _plain_cluster(typed: str) -> str:
    return typed if typed.isascii() and typed.isprintable() else f" {clean(typed)} " if typed.isspace() or typed == "—" else clean(typed)


def shorten_runs(text: str) -> str:
    """Return the text with no more than eight signs in a row: spaCy's tokenizer takes quadratic time for a run of them."""
    return re.sub(r"([^\w\s]{8})[^\w\s]+", r"\1", text)


def with_clauses(text: str, shortest: int = 3) -> list[str]:
    """Return a text and its first clauses of `shortest` words or more, each once: what stands in passing is read by itself too."""
    clauses = [part.strip() for part in _CLAUSE.split(text) if len(part.split()) >= shortest][:MOST_CLAUSES]
    return list(dict.fromkeys([text, *clauses]))

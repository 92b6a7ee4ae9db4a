"""What a message is before anything else reads it: plain characters, one line, a bearable length."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 2000  # characters; the website refuses longer ones, this guards every other door
_HYPHENS = "‐‑‒−–"  # as Word and web pages set them, in phone numbers too
_PLAIN = str.maketrans(
    {"’": "'", "′": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "“": '"', "”": '"', "—": " - ", **dict.fromkeys(_HYPHENS, "-")}
)


def clean(text: str) -> str:
    """Give the text without control and invisible characters, with straight quotes and single spaces, cut to 2,000 characters."""
    text = re.sub(r"\s+", " ", text)[: LONGEST * 2].translate(_PLAIN)  # before NFKC, which makes a blank of the accent in "don´t"
    visible = "".join(
        " " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text if unicodedata.category(c) not in ("Cf", "Cs", "Co", "Cn")
    )
    text = unicodedata.normalize("NFKC", visible).translate(_PLAIN)
    return re.sub(r"\s+", " ", text).strip()[:LONGEST].rstrip()


def shorten_runs(text: str) -> str:
    """Give the text with no more than eight signs in a row: spaCy's tokenizer takes quadratic time for a run of them."""
    return re.sub(r"([^\w\s]{8})[^\w\s]+", r"\1", text)

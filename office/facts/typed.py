"""What staff say of a fact: the words of a form, checked before they become one."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from office.base.errors import BadInput
from office.facts.files import KINDS, NUMBERED, Topic

AUDIENCES = ("public", "staff")
LONGEST_SAYS, LONGEST_WORDING, LONGEST_SECTION, MOST_WORDINGS, MOST_VALUES = 500, 1000, 200, 100, 20
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_ABBREVIATION = re.compile(r"\b(?:[A-Za-z]|Mr|Mrs|Ms|Dr|St|Rev|Prof|No|approx|etc|e\.g|i\.e|vs|tel|ext|ltd|inc)$", re.I)
_SENTENCE_END = re.compile(r"[.!?]+[\"'”’)]*(?=\s+[A-Z\"'“‘(]|\s*$)")


@dataclass(frozen=True)
class FactWords:
    """What staff say of a fact. `wordings` are ways people ask for it; `section` is the role of who says so, as visitors read it."""

    topic: str
    says: str
    audience: str = "public"
    values: tuple[dict[str, Any], ...] = ()
    wordings: tuple[str, ...] = ()
    section: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    review: date | None = None
    owner: int | None = None


def checked(words: FactWords, topics: dict[str, Topic]) -> FactWords:
    """Return the words tidied: runs of spaces made one, wordings each once. Raises BadInput for the first thing wrong."""
    says = _line(words.says, "says", "The sentence", LONGEST_SAYS)
    if not says:
        raise BadInput("says", "Please write what the assistant should say.")
    if count_sentences(says) > 2:
        raise BadInput("says", "Please say it in one sentence, or two.")
    if words.topic not in topics:
        raise BadInput("topic", "Please choose one of the topics.")
    if words.audience not in AUDIENCES:
        raise BadInput("audience", "Please choose who may read it: everybody, or staff.")
    if words.valid_from and words.valid_until and words.valid_until < words.valid_from:
        raise BadInput("valid_until", "It cannot end before it begins.")
    wordings = [_line(text, "wordings", "A wording", LONGEST_WORDING) for text in words.wordings]
    wordings = list({text.lower(): text for text in wordings if text}.values())
    if len(wordings) > MOST_WORDINGS:
        raise BadInput("wordings", f"{MOST_WORDINGS} wordings are enough; please leave some out.")
    if len(words.values) > MOST_VALUES:
        raise BadInput("values", f"{MOST_VALUES} values are enough; please leave some out.")
    return FactWords(
        words.topic, says, words.audience, tuple(checked_value(value) for value in words.values), tuple(wordings),
        _line(words.section, "section", "The role", LONGEST_SECTION), words.valid_from, words.valid_until, words.review, words.owner,
    )  # fmt: skip


def _line(text: str, name: str, what: str, longest: int) -> str:
    text = " ".join(text.split())
    if _CONTROL.search(text):
        raise BadInput(name, f"{what} holds a character that cannot be shown.")
    if len(text) > longest:
        raise BadInput(name, f"{what} may have up to {longest} characters; here are {len(text)}.")
    return text


def count_sentences(text: str) -> int:
    """Return the number of sentences of a text; "Mr." and "e.g." end none."""
    ends = [match for match in _SENTENCE_END.finditer(text) if not _ABBREVIATION.search(text[: match.start()]) or match.end() == len(text)]
    rest = text[ends[-1].end() :].strip() if ends else text.strip()
    return len(ends) + bool(rest)


def checked_value(value: dict[str, Any]) -> dict[str, Any]:
    """Return a typed value as the files have it (docs/adding-facts.md). Raises BadInput for a kind or value that does not fit."""
    kind, said = value.get("kind"), value.get("value")
    if kind not in KINDS:
        raise BadInput("values", "Please choose a kind for each value.")
    if isinstance(said, str):
        said = _line(said, "values", "A value", 300)
    if said in ("", None) or isinstance(said, bool):
        raise BadInput("values", "Please give each value, or leave its row empty.")
    if kind in NUMBERED and isinstance(said, str):
        said = _number(said)
    if kind in ("amount", "count", "capacity") and (isinstance(said, str) or not math.isfinite(said)):
        raise BadInput(
            "values", f"The value of an {kind} must be a number." if kind == "amount" else f"The value of a {kind} must be a number."
        )
    if kind == "email" and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[a-z]+", str(said)):
        raise BadInput("values", "One of the values must be an e-mail address, and this one cannot be.")
    if kind not in NUMBERED:
        said = str(said)
    plain = {"kind": kind, "value": said}
    for key in ("of", "unit"):
        if text := _line(str(value.get(key) or ""), "values", "What a value is of", 150):
            plain[key] = text
    return plain


def _number(text: str) -> str | int | float:
    plain = text.replace("£", "").replace(",", "").replace(" ", "")
    if re.fullmatch(r"-?\d{1,12}", plain):
        return int(plain)
    return float(plain) if re.fullmatch(r"-?\d{1,12}\.\d{1,4}", plain) else text

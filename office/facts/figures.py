"""The figures in a fact's own sentence: read out of it where staff give none, and kept in step where staff change it.

A question that asks for a number is answered only where a typed value gives one (`office/choosing/attributes.py`), and a wrong value would
confirm a wrong premise ("is it £499?"), so neither is left to somebody remembering the table below the sentence.
"""

from __future__ import annotations

import re
from typing import Any, Iterable

from office.base.errors import BadInput
from office.base.numbers import NUMBERS

_WORDS = {word: number for word, number in NUMBERS.items() if " " not in word}
_NUMBER = re.compile(rf"(?<![\w.,/-])£?(\d[\d,]*(?:\.\d+)?|{'|'.join(_WORDS)})(?![\w/-]|[.,]\d)", re.I)
_AMOUNT = re.compile(r"£\s?(\d[\d,]*(?:\.\d{1,2})?)(?![\dkm])", re.I)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\w+])(?:\+44|0)[\d ()-]{8,16}\d(?!\w)")
_COUNTED = re.compile(
    rf"(?<![\w£.,/-])(?<!of the )(?<!of our )(?<!out of )(\d{{1,3}}|{'|'.join(_WORDS)})\s+((?:[a-z][a-z'’-]+ ?){{1,3}})", re.I
)
_NO_THING = re.compile(
    r"\b(?:a|an|the|of|in|on|at|to|by|and|or|but|is|are|was|were|has|have|for|from|with|that|which|who|per|each|every|other|more|than|so|as|it|its|"
    r"our|their|this|these|those|can|will|may|not|am|pm|o'clock)\b.*",
    re.I,
)
_TIME = re.compile(
    r"(?:\w+ )*(?:terms?|weeks?|months?|days?|years?|hours?|minutes?|january|february|march|april|may|june|july|august|september|october|november|december|pounds?)\b",
    re.I,
)


def figures_in(says: str) -> tuple[dict[str, Any], ...]:
    """Return the amounts, numbers of things, phone numbers and e-mail addresses of a sentence as typed values."""
    found: list[dict[str, Any]] = [{"kind": "amount", "value": _plain(match[1])} for match in _AMOUNT.finditer(says)]
    found += [{"kind": "email", "value": match.group()} for match in _EMAIL.finditer(says)]
    found += [{"kind": "phone", "value": " ".join(match.group().split())} for match in _PHONE.finditer(says)]
    for match in _COUNTED.finditer(_PHONE.sub(" ", says)):
        thing = _NO_THING.sub("", match[2]).strip()
        if thing and not _TIME.match(thing):
            found.append({"kind": "count", "value": _plain(match[1]), "of": thing, "unit": thing.split(" ")[-1]})
    return tuple(value for place, value in enumerate(found) if value not in found[:place])


def in_step(before: str, after: str, values: Iterable[dict[str, Any]]) -> tuple[dict[str, Any], ...]:
    """Return the typed values of a sentence that was changed: a figure it no longer states is replaced by the one it states instead,
    or left out where it states none.

    Raises BadInput where it cannot be told which that is.
    """
    gone, new = _numbers(before) - _numbers(after), _numbers(after) - _numbers(before)
    kept = []
    for value in values:
        said = value["value"]
        if isinstance(said, (int, float)) and said in gone:
            if not new:
                continue
            if len(gone) != 1 or len(new) != 1:
                raise _stale(said)
            value = {**value, "value": next(iter(new))}
        elif isinstance(said, str) and said and said.casefold() in before.casefold() and said.casefold() not in after.casefold():
            raise _stale(said)
        kept.append(value)
    return tuple(kept)


def _stale(said: object) -> BadInput:
    return BadInput("values", f"The sentence no longer says “{said}”, but a figure below still does. Change it there too, or take it out.")


def _numbers(says: str) -> set[int | float]:
    return {_plain(match[1]) for match in _NUMBER.finditer(says)}


def _plain(text: str) -> int | float:
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    plain = text.replace(",", "").rstrip(".")
    return float(plain) if "." in plain else int(plain)

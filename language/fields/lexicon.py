"""The word lists of the readers of details: `language/lexicon/details/`, each naming at its top where it is from."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "lexicon" / "details"


@cache
def _lines(name: str, part: str) -> tuple[str, ...]:
    """Return the lines of a list, or of the part of it that stands under "[part]"."""
    here, lines = "", []
    for line in FOLDER.joinpath(f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            here = line.strip("[]")
        elif line and not line.startswith("#") and here == part:
            lines.append(line)
    return tuple(lines)


def words(name: str, part: str = "") -> frozenset[str]:
    """Return the words of a list."""
    return frozenset(word for line in _lines(name, part) for word in line.split())


def phrases(name: str, part: str = "") -> tuple[str, ...]:
    """Return the phrases of a list, which commas part, the longest first."""
    found = {phrase.strip() for line in _lines(name, part) for phrase in line.split(",")}
    return tuple(sorted(found, key=lambda phrase: (-len(phrase), phrase)))


def pairs(name: str, part: str = "") -> dict[str, str]:
    """Return a list of words, each with what it stands for."""
    return {key: value.strip() for line in _lines(name, part) for key, _, value in [line.partition(":")]}


@cache
def phrase_pattern(name: str, part: str = "", *, before_apostrophe: bool = False) -> str:
    """Return a pattern of any phrase of a list, the longest first, as a whole and in any case, to be put into another pattern; "*" is any ending."""
    every = "|".join(re.escape(phrase).replace(r"\ ", r"\s+").replace(r"\*", r"\w*") for phrase in phrases(name, part))
    end = r"\b" if before_apostrophe else r"(?!(?<=\w)[\w'])"
    return rf"(?<![\w'])(?i:{every}){end}"


def after_phrase(text: str, name: str, part: str) -> str:
    """Return a text without the phrase of a list that it begins with, and the spaces and commas behind it; the text itself where there is none."""
    found = _begins(name, part).match(text)
    return text[found.end() :] if found and found.end() < len(text) else text


@cache
def _begins(name: str, part: str) -> re.Pattern[str]:
    return re.compile(phrase_pattern(name, part) + r"(?:(?<=[:=-])|(?=[\s,.!:=]))[\s,.!:=-]*")

"""What must not be kept in clear: words about one pupil, or about somebody's health."""

from __future__ import annotations

import re

from language.fields.lexicon import phrase_pattern
from language.fields.names import read_name


def _any(part: str) -> str:
    return phrase_pattern("sensitive_words", part)


# one child, or one's own; "our pupils" are a matter of policy
_CHILD = (
    rf"(?:\b(?:my|our|the|her|his|a|this|that|one)\s+(?:\w+\s+){{0,2}}?{_any('child')}"
    rf"|\b(?:one|two|three)\s+of\s+(?:my|our|the|your|their)\s+(?:\w+\s+){{0,3}}?{_any('one_of')})"
)
_HEALTH = _any("health")
_A_CHILD = re.compile(rf"{_CHILD},?\s+(?:called\s+|named\s+|is called\s+|\()?", re.I)
_PUPIL_NAMED = re.compile(rf"{_any('pupil')}\s+(?:called|named)\s+\w", re.I)
_IN_YEAR = re.compile(r"(\w[\w'’-]* \w[\w'’-]*)\s+(?:in|from)\s+(?:year|class|y)\s?\d(?!\s+(?:of|schools?|teachers?)\b)", re.I)
_CHILD_HEALTH = re.compile(rf"{_CHILD}\b.{{0,80}}{_HEALTH}|{_HEALTH}.{{0,80}}{_CHILD}", re.I)
_ADULT = rf"(?:{phrase_pattern('sensitive_words', 'adult', before_apostrophe=True)}|\bmy (?!{_any('not_own')})\w+|(?-i:\b(?!{_any('capitals')})[A-Z][\w'’-]*[a-z]))"
_OWN_HEALTH = re.compile(
    rf"{_ADULT}(?:['’](?:ve|m|s|d)\b|\s+{_any('has')})(?:\W+(?!{_any('about')})\w+){{0,6}}?\W+"
    rf"{_HEALTH}(?!(?:\W+(?:and|or)\W+{_HEALTH})?\W+{_any('provision')})",
    re.I,
)
_SOMEBODY = re.compile(r"\b(he|she|him|her|his|hers|they|them|their|my|our)\b|(?-i:[a-z,] [A-Z][a-z]+)", re.I)
_NAME_IS = re.compile(rf"{_any('pupil')}(?<!s)'s (?:\w+ )?name is\b|\b(?:son|daughter)'s (?:\w+ )?name is\b", re.I)
_WITH_HEALTH = re.compile(rf"\b(?:wife|husband|partner|teacher|head|colleague) (?:who )?(?:has|is off with)\b.{{0,20}}{_HEALTH}", re.I)
_CAPITALS = re.compile(_any("capitals"), re.I)


def is_sensitive(text: str) -> bool:
    """Return whether a message seems to tell of one pupil by name, or of a pupil's or an adult's health."""
    if any(pattern.search(text) for pattern in (_PUPIL_NAMED, _CHILD_HEALTH, _OWN_HEALTH, _NAME_IS, _WITH_HEALTH)):
        return True
    children = (match.end() for match in _A_CHILD.finditer(text))
    return any(_names(text, start, 1) for start in children) or any(_names(text, match.start(), 2) for match in _IN_YEAR.finditer(text))


def _names(text: str, start: int, words: int) -> bool:
    """Return whether a name of so many words begins there: the one reader's name, and none of the capital words of schools."""
    found = read_name(text, start, sure=False)
    if found is None or not text[start : start + 2].istitle():
        return False
    said = text[start : found[1]].split()[:words]
    return len(said) == words and not any(_CAPITALS.fullmatch(re.split("['’]", word)[0]) for word in said)


def withhold(text: str) -> str:
    """Return what may still be read of a sensitive message: its questions that speak of nobody, so often nothing at all."""
    sentences = re.split(r"(?<=[.?!])\s+", text)
    return " ".join(s for s in sentences if s.endswith("?") and not is_sensitive(s) and not _SOMEBODY.search(s))

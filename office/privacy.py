"""What must not be kept in clear: words about one pupil, or about somebody's health."""

from __future__ import annotations

import re

_CHILD = r"(?:my|our|the|her|his|a|this|that|one)\s+(?:\w+\s+){0,2}?(?:son|daughter|child|boy|girl|pupil|student|grandson|granddaughter|nephew|niece|twins?|lad|kid)s?"
_HEALTH = (
    r"(?:autis\w+|asd|adhd|asperger\w*|dyslexi\w+|dyspraxi\w+|epilep\w+|diabet\w+|asthma\w*|allerg\w+|cancer|leukaemia|depress\w+|anxiety|"
    r"self[- ]?harm\w*|suicid\w+|eating disorder|anorexi\w+|cerebral palsy|down'?s syndrome|tourette\w*|medication|ritalin|insulin|"
    r"seizures?|wheelchair|panic attacks?|ptsd|bipolar|schizophreni\w+|pregnan\w+|miscarriage|chemo\w*|hiv|crohn\w*|mental health problems?)"
)
_NAMED_CHILD = re.compile(
    rf"\b{_CHILD}\b,?\s+(?:called\s+|named\s+|is called\s+|\(?(?=[A-Z]))(?-i:[A-Z][a-z]{{2,}})\b", re.IGNORECASE
)
_PUPIL_NAMED = re.compile(r"\b(?:pupil|student|child|boy|girl)\s+(?:called|named)\s+\w+|\b(?-i:[A-Z][a-z]+)\s+(?-i:[A-Z][a-z]+)\s+(?:in|from)\s+(?:year|class|y)\s?\d", re.I)
_CHILD_HEALTH = re.compile(rf"\b{_CHILD}\b.{{0,80}}\b{_HEALTH}\b|\b{_HEALTH}\b.{{0,80}}\b{_CHILD}\b", re.I)
_OWN_HEALTH = re.compile(
    rf"\b(?:i|he|she|we|my \w+|our (?:head|sbm|teacher|colleague)\w*)\s?(?:'ve|'m|'s|\s+have|\s+has|\s+had|\s+am|\s+is|\s+was|\s+suffer\w*|\s+been)\b.{{0,40}}\b{_HEALTH}\b", re.I
)


def is_sensitive(text: str) -> bool:
    """Say whether a message seems to tell of one pupil by name, or of a pupil's or an adult's health."""
    return any(pattern.search(text) for pattern in (_NAMED_CHILD, _PUPIL_NAMED, _CHILD_HEALTH, _OWN_HEALTH))


def withhold(text: str) -> str:
    """Give the text with names and words of health left out: what may still be read to find an answer."""
    text = re.sub(rf"\b{_HEALTH}\b", "…", text, flags=re.I)
    text = re.sub(r"\b(called|named)\s+\w+(\s+(?-i:[A-Z])\w+)?", r"\1 …", text, flags=re.I)
    return re.sub(r"(?<=[a-z,] )[A-Z][a-z]{2,}(?: [A-Z][a-z]+)*", "…", text)

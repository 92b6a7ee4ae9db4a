"""Whether a message asks for somebody else than who was spoken of so far."""

from __future__ import annotations

import re

_PEOPLE = (
    r"(?:colleague|deputy|head ?teacher|head|bursar|business manager|secretary|clerk|chair|governor|partner|boss|line manager|friend|husband|wife|"
    r"brother|sister|assistant|ceo|senco|teacher|principal|executive head)"
)
_ANOTHER = re.compile(
    rf"\b(?:another|a second|a different|my|our|the|one of (?:my|our)) (?:other )?{_PEOPLE}s?\b.{{0,60}}\b(?:too|also|as well|would|wants?|wishes|needs?|asks?|interested)\b"
    rf"|\b(?:ring|call|contact|phone|e-?mail|reach|speak (?:to|with)|talk (?:to|with)|write to) (?:my|our|another) (?:other )?{_PEOPLE}\b"
    r"|\b(?:some(?:one|body) else|another (?:person|lead|enquiry|visitor)|a second (?:person|lead|enquiry)|a different person)\b",
    re.I,
)


def is_another_person(text: str) -> bool:
    """Return whether a message asks for another person ("my colleague Ann would like a call too")."""
    return bool(_ANOTHER.search(text))

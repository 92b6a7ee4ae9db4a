"""Words without the person: addresses, numbers and names taken out of a question before it is kept beyond its conversation."""

from __future__ import annotations

import re
from collections.abc import Callable

_EMAIL = re.compile(r"[\w.+'’-]+@[\w-]+(?:\.[\w-]+)+")
_LINK = re.compile(r"\b(?:https?://|www\.)\S+", re.I)
_NUMBER = re.compile(r"(?<![\w£])\(?(?:\+|00|0)\s?\d(?:[\s().-]*\d){7,14}(?:\s*(?:ext\.?|x)\s*\d{1,6})?(?!\w)", re.I)
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}\b", re.I)
_NAME = r"[A-Z][\w'’-]+"
_NAMES = rf"{_NAME}(?:\s+(?:(?:van|von|de|der|den|la|le|al|bin|O['’])\s+)*{_NAME}){{0,3}}"
_TITLED = re.compile(rf"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Rev|Revd|Prof|Sir|Dame|Fr)\.?\s+{_NAMES}")
_TOLD = re.compile(
    rf"\b(?i:my (?:full |own )?name(?:['’]s| is)|i['’]?m called|i am called|regards,?|thanks,|thank you,|yours,|signed,?)\s+({_NAMES})"
)
_I_AM = re.compile(rf"\b(?i:i['’]?m|i am|it['’]?s|this is)\s+({_NAME}\s+{_NAME}(?:\s+{_NAME})?)")
_CALL = re.compile(rf"\b(?i:ring|call|e-?mail|contact|write to|ask for)\s+me\b[^.?!]*?\b({_NAMES})")
_NO_PERSON = frozenset(
    """Trust School Schools Academy Academies College Primary Infant Infants Junior Juniors Secondary Partnership Council Church
    County Federation Associate Membership Head Chair Business Manager Board Forum Ofsted English
    Director SENCO SENDCO SBM CEO CFO MAT SLT LGB""".split()
)
SOMEBODY, ADDRESS, PHONE, LINK, PLACE = "[name]", "[e-mail]", "[phone]", "[link]", "[postcode]"


def without_details(text: str, keep: frozenset[str] = frozenset()) -> str:
    """Return a text without e-mail addresses, phone numbers, links, postcodes and the names people give themselves or others.

    `keep` are texts that stand in published facts: an address, number or name that holds just that stays as it is.
    """

    def put(mark: str, group: int) -> Callable[[re.Match[str]], str]:
        def found(match: re.Match[str]) -> str:
            said = match.group(group)
            if " ".join(said.split()).lower() in keep or (mark == SOMEBODY and set(re.findall(r"[\w'’-]+", said)) & _NO_PERSON):
                return match.group(0)
            return match.group(0).replace(said, mark)

        return found

    for pattern, mark, group in (
        (_EMAIL, ADDRESS, 0), (_LINK, LINK, 0), (_NUMBER, PHONE, 0), (_POSTCODE, PLACE, 0),
        (_TITLED, SOMEBODY, 0), (_TOLD, SOMEBODY, 1), (_I_AM, SOMEBODY, 1), (_CALL, SOMEBODY, 1),
    ):  # fmt: skip
        text = pattern.sub(put(mark, group), text)
    return " ".join(text.split())


def published(values: list[dict[str, object]]) -> frozenset[str]:
    """Return what facts publish of people, out of their typed values, for `without_details` to keep."""
    kinds = ("person", "phone", "email", "link", "place")
    return frozenset(" ".join(str(value["value"]).split()).lower() for value in values if value.get("kind") in kinds)

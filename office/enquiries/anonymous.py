"""Words without the person: addresses, numbers, links, postcodes and names taken out of a question before it is kept beyond its conversation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from language.fields.personal import personal_details, replaced
from language.fields.spans import HARDLY, Kind
from office.enquiries.masking import MARKS

LINK = "[link]"
_MARKS: Mapping[Kind, str] = {**MARKS, "link": LINK}
_OF_PEOPLE = ("person", "phone", "email", "link", "place")


def without_details(text: str, keep: frozenset[str] = frozenset()) -> str:
    """Return a text without e-mail addresses, phone numbers, links, postcodes and the names people give themselves or others.

    `keep` is what facts publish, which stays: see `published`.
    """
    found = personal_details(text, keep, ("email", "link", "phone", "postcode", "name"))
    return " ".join(replaced(text, [span for span in found if span.certainty >= HARDLY], _MARKS).split())


def published(values: Iterable[Mapping[str, object]]) -> frozenset[str]:
    """Return what facts publish of people, out of their typed values, for `without_details` and `masked` to keep."""
    return frozenset(" ".join(str(value["value"]).split()).lower() for value in values if value.get("kind") in _OF_PEOPLE)

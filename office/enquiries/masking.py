"""What is written before somebody agrees to be kept: their words with addresses, phone numbers, postcodes and names taken out.

Rather too much than too little is taken out; dates, years, sums and ordinary questions stay, and so does what facts publish.
"""

from __future__ import annotations

from collections.abc import Mapping

from language.fields.personal import personal_details, replaced
from language.fields.spans import HARDLY, Kind

EMAIL, PHONE, NAME, POSTCODE = "[e-mail]", "[phone]", "[name]", "[postcode]"
MARKS: Mapping[Kind, str] = {"email": EMAIL, "phone": PHONE, "fax": PHONE, "name": NAME, "postcode": POSTCODE}


def masked(text: str, published: frozenset[str] = frozenset()) -> str:
    """Return the text with a mark in the place of each detail: "[e-mail]", "[phone]", "[postcode]", "[name]".

    `published` is what facts publish (`office.enquiries.anonymous.published`), which stays.
    """
    found = personal_details(text, published, ("email", "phone", "postcode", "name"))
    return replaced(text, [span for span in found if span.certainty >= HARDLY], MARKS)


def holds_contact(text: str) -> bool:
    """Return whether a text holds an e-mail address or a phone number."""
    return any(span.certainty >= HARDLY for span in personal_details(text, kinds=("email", "phone")))

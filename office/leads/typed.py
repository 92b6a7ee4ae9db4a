"""Details of a lead as staff correct them: checked, and kept in the same form as those a visitor gives."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from office.base.errors import BadInput
from office.base.limits import LONGEST_OF_LEAD
from office.leads.model import WISHES

DETAILS = ("name", "role", "school", "email", "phone", "wish", "term", "message")
_AROUND_NUMBER = re.compile(r"^\s*(?:tel|(?:tele)?phone|mob(?:ile)?)\b|[\s,;(]*(?:ext(?:ension|n)?|x)[.\s:=]*\d{1,7}\)?\s*$", re.I)
TITLES = {
    "name": "name", "role": "role", "school": "school", "email": "e-mail address", "phone": "phone number", "term": "term", "message": "message",
    "next_action": "next action",
}  # fmt: skip


def checked_details(written: Mapping[str, str], *, message_now: str = "") -> dict[str, Any]:
    """Return a lead's details as they are kept. Raises BadInput, which names the field, for one that cannot be taken.

    `message_now` may be longer than a message may be, where the visitor asked again and again: it is no obstacle to the rest.
    """
    details: dict[str, Any] = {name: one_line(written.get(name, ""), name) for name in ("name", "role", "school", "term")}
    for name in ("name", "school"):
        if not any(c.isalnum() for c in details[name]):
            raise BadInput(name, f"Please enter the {TITLES[name]}.")
    details["message"] = many_lines(written.get("message", ""), "message", max(LONGEST_OF_LEAD["message"], len(message_now)))
    details["email"], details["phone"] = checked_email(written.get("email", "")), checked_phone(written.get("phone", ""))
    if not (details["email"] or details["phone"]):
        raise BadInput("email", "Please enter an e-mail address or a phone number: one of the two is needed.")
    details["wish"] = written.get("wish", "")
    if details["wish"] not in WISHES:
        raise BadInput("wish", "Please choose one of the wishes.")
    details["term"] = details["term"] or None
    return details


def one_line(text: str, field: str, longest: int = 0) -> str:
    """Return a text without line ends and signs that cannot be seen. Raises BadInput where it is too long."""
    text = " ".join("".join(c if c.isprintable() else " " for c in unicodedata.normalize("NFC", text)).split())
    return _not_longer(text, field, longest or LONGEST_OF_LEAD[field])


def many_lines(text: str, field: str, longest: int) -> str:
    """Return a text that may have several lines. Raises BadInput where it is too long."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    return _not_longer("".join(c if c.isprintable() or c in "\n\t\u200d" else " " for c in text).strip(), field, longest)


def _not_longer(text: str, field: str, longest: int) -> str:
    if len(text) > longest:
        raise BadInput(field, f"The {TITLES.get(field, field)} may have {longest:,} characters; this has {len(text):,}.")
    return text


def checked_email(text: str) -> str | None:
    """Return an e-mail address as it is kept, None for nothing. Raises BadInput. Asks no server."""
    text = text.strip()
    if not text:
        return None
    try:
        return str(validate_email(text[:1000], check_deliverability=False, test_environment=True).normalized)
    except EmailNotValidError:
        raise BadInput("email", "Please enter an e-mail address, like name@school.example.") from None


def checked_phone(text: str) -> str | None:
    """Return a number as it is kept ("+44 20 7946 0000 ext. 12"), a British one unless it says otherwise. Raises BadInput.

    Any number that could exist is taken: staff may know better than a list, and Ofcom's drama numbers stand in none.
    """
    text = text.strip()
    if not text:
        return None
    if any(c.isalpha() for c in _AROUND_NUMBER.sub("", text)):  # phonenumbers would drop letters, or dial them as on a keypad
        raise BadInput("phone", "Please enter the phone number in digits, like 020 7946 0018 or +44 7700 900123.")
    try:
        number = phonenumbers.parse(re.sub(r"\bext\.?", "ext", text[:100], flags=re.I), "GB")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        raise BadInput("phone", "Please enter a phone number, like 020 7946 0018 or +44 7700 900123.")
    extension, number.extension = number.extension, None
    shown = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return f"{shown} ext. {extension}" if extension else shown

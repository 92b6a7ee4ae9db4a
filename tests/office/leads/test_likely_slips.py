"""An address that likely has a slip in it is asked about; half of an address is never kept."""

from __future__ import annotations

from datetime import datetime

import pytest

from language.acts.learned import acts_of, wish_of
from office.answering.form_reading import read_form_message
from office.leads.form import Draft, take

KNOWN = {"school": "Oak Primary", "name": "Jo Field", "role": "head"}
READY = {**KNOWN, "email": "jo@oak.example", "wish": "call_back", "message": "mornings"}


def after(*typed: str, now: datetime, asking: str = "contact", details: dict[str, str] | None = None) -> Draft:
    draft = Draft(asking, dict(KNOWN if details is None else details))
    for text in typed:
        draft = take(draft, read_form_message(text, draft, now, acts_of, wish_of)).draft
    return draft


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("jo@gmial.com", "jo@gmail.com"), ("it's jo@hotmial.co.uk", "jo@hotmail.co.uk"), ("Jo.Field@GMAIL.CO", "Jo.Field@gmail.com"), ("jo@oak .sch.uk", "jo@oak.sch.uk"), ("jo. bates@oak.sch.uk", "jo.bates@oak.sch.uk"),
        ("jo@yaho.co.uk please", "jo@yahoo.co.uk"), ("jo at gmial dot com", "jo@gmail.com"),
    ],
)  # fmt: skip
def test_a_likely_slip_is_asked_about_and_a_yes_keeps_what_was_meant(typed: str, meant: str, now: datetime) -> None:
    asked = after(typed, now=now)
    assert (asked.asking, asked.check) == ("contact", meant) and "email" not in asked.details
    told = after(typed, "yes", now=now)
    assert told.details["email"] == meant and not told.check and told.asking == "wish"


def test_who_types_it_again_as_it_was_is_believed(now: datetime) -> None:
    assert after("jo@gmial.com", "jo@gmial.com", now=now).details["email"] == "jo@gmial.com"


def test_a_no_asks_for_the_address_again(now: datetime) -> None:
    asked = after("jo@gmial.com", "no", now=now)
    assert (asked.asking, asked.check) == ("contact", "") and "email" not in asked.details
    assert after("jo@gmial.com", "no", "jo@oak.example", now=now).details["email"] == "jo@oak.example"
    assert after("jo@gmial.com", "jo@oak.example", now=now).details["email"] == "jo@oak.example"


def test_a_slip_told_by_the_way_is_asked_about_and_the_rest_is_kept(now: datetime) -> None:
    asked = after("I'm Jo Field, head, jo@gmial.com", now=now, asking="name", details={"school": "Oak Primary"})
    assert (asked.asking, asked.check, asked.details) == (
        "contact",
        "jo@gmail.com",
        {"school": "Oak Primary", "name": "Jo Field", "role": "head"},
    )
    beside = after("jo@gmial.com or 07700 900123", now=now)
    assert (beside.check, beside.details["phone"]) == ("jo@gmail.com", "+44 7700 900123")


def test_an_address_that_is_put_right_with_a_slip_is_asked_about_too(now: datetime) -> None:
    assert after("my email is jo@gmial.com", now=now, asking="confirm", details=READY).details["email"] == "jo@oak.example"
    told = after("my email is jo@gmial.com", "yes", now=now, asking="confirm", details=READY)
    assert told.details["email"] == "jo@gmail.com" and told.asking == "confirm"


@pytest.mark.parametrize(
    "typed",
    ["jo field@oak.sch.uk", "j o at oakfield dot org", "sam smith at elmtree dot sch dot uk", "jo@oak", "jo.oak.sch.uk", "07700 90012"],
)
def test_half_of_an_address_or_a_number_is_never_kept(typed: str, now: datetime) -> None:
    asked = after(typed, now=now)
    assert asked.asking == "contact" and not asked.check and asked.details == KNOWN


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("020 7946 0018 ext 12", "+44 20 7946 0018 ext. 12"), ("sam at elmtree dot sch dot uk", "sam@elmtree.sch.uk"), ("Jo Field jo.field@oak.sch.uk", "jo.field@oak.sch.uk"),
        ("my email is head@oak.sch.uk", "head@oak.sch.uk"), ("jo @ oak.sch.uk", "jo@oak.sch.uk"), ("jo@mail.example", "jo@mail.example"),
    ],
)  # fmt: skip
def test_what_is_plain_is_kept_at_once(typed: str, kept: str, now: datetime) -> None:
    assert kept in after(typed, now=now).details.values()

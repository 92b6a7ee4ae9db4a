"""The asked attribute: what a question wants to be told, and whether a fact tells it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.choosing.attributes import WantedAttribute, gives, wanted_by
from office.choosing.index import KnownFact

WANTS = [
    ("what is her mobile number?", "mobile"),
    ("has she got a cell phone", "mobile"),
    ("what's the direct line", "extension"),
    ("can I whatsapp you", "whatsapp"),
    ("is there a fax", "fax"),
    ("what is your postal address?", "address"),
    ("where is your head office", "address"),
    ("what are your office hours?", "hours"),
    ("are you on facebook", "twitter"),
    ("is vat on top", "vat"),
    ("can we pay in instalments?", "refund"),
    ("what's the email address?", "email"),
    ("what's the phone number", "phone"),
    ("who do I ring about that?", "phone"),
    ("how often does it meet?", "frequency"),
    ("how many times a year does the board meet", "frequency"),
    ("how long does membership last?", "duration"),
    ("and how long?", "duration"),
    ("when is the next Heads' Forum?", "date"),
    ("what date is it on", "date"),
    ("what is the name of the clerk", "name"),
    ("who is your chief executive?", "name"),
    ("where are the meetings held?", "place"),
    ("how much is it?", "amount"),
    ("what does it cost?", "amount"),
    ("how many governors are there?", "count"),
    ("what is the number of schools at once", "count"),
    ("which accounting software do you use", "which"),
    ("what is associate membership?", None),
    ("who can join?", None),
    ("do you help with insurance?", None),
    ("tell me about the Chairs Forum", None),
    ("can our email system stay", None),
    ("how much notice do we get", None),
]


@pytest.mark.parametrize(("question", "name"), WANTS)
def test_a_question_says_what_it_wants_to_be_told(question: str, name: str | None) -> None:
    wanted = wanted_by(question)
    assert (wanted.name if wanted else None) == name


def fact(says: str, *values: dict[str, Any]) -> KnownFact:
    return KnownFact(
        id="oakdale.a.b", trust="oakdale", topic="cost", subject="oakdale.a", position=0, says=says, values=values,
        source_title="Joining Oakdale", source_section="Cost", as_of="2016", dated="about 2016", audience="public", first_wording="?",
    )  # fmt: skip


def said(kind: str, what: Any, of: str = "", unit: str = "") -> dict[str, Any]:
    return {"kind": kind, "value": what, "of": of, "unit": unit}


OFFICE = fact(
    "Ring Ann Example, the Oakdale clerk, on 01234 567890.",
    said("person", "Ann Example"),
    said("role", "clerk"),
    said("phone", "01234 567890"),
)
FEE = fact("A term at Oakdale costs £499.", said("amount", 499, "membership", "GBP"))
GOVERNORS = fact("An academy has at most nine governors.", said("capacity", 9, "governing body", "governors"))
TERMLY = fact("The Board meets every term.", said("frequency", "termly", "Board meetings"))
MOBILE = fact("Her mobile number is 07700 900000.", said("phone", "07700 900000"))
GIVES = [
    ("what is her mobile number?", OFFICE, False),  # an office number is no mobile
    ("what is her mobile number?", MOBILE, True),
    ("what's the phone number", OFFICE, True),
    ("who do I ring about that?", OFFICE, True),
    ("what's the email address?", OFFICE, False),
    ("what is the name of the clerk", OFFICE, True),
    ("how much is it?", FEE, True),
    ("how much is it?", OFFICE, False),
    ("is vat on top", FEE, False),
    ("how long does membership last?", FEE, False),
    ("how many governors are there?", GOVERNORS, True),
    ("how many parent governors are there?", GOVERNORS, False),  # parents are not all governors
    ("how many are there?", GOVERNORS, True),
    ("how many schools are there?", FEE, False),
    ("how often does it meet?", TERMLY, True),
    ("what date is it on", TERMLY, False),
    ("where are the meetings held?", TERMLY, False),
]


@pytest.mark.parametrize(("question", "known", "does"), GIVES)
def test_a_fact_gives_what_it_holds_and_nothing_like_it(question: str, known: KnownFact, does: bool) -> None:
    wanted = wanted_by(question)
    assert wanted is not None
    assert gives(known, wanted) is does


@given(st.text(max_size=80) | st.from_regex(r"(how many|what|which|who|when|where) [a-z' -]{0,40}\??", fullmatch=True))
def test_any_question_is_judged_without_a_fault(question: str) -> None:
    wanted = wanted_by(question)
    assert wanted is None or isinstance(gives(FEE, wanted), bool)


def test_a_count_of_nothing_in_particular_wants_any_number() -> None:
    assert wanted_by("how many?") is None or wanted_by("how many?") == WantedAttribute("count", frozenset({"count", "capacity", "share"}))

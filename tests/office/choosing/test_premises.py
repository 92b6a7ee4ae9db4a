"""False premises: what a question takes for granted is set right, and what it has right is confirmed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.choosing.index import KnownFact
from office.choosing.premises import false_premise


def fact(*values: dict[str, Any]) -> KnownFact:
    return KnownFact(
        id="oakdale.a.b", trust="oakdale", topic="cost", subject="oakdale.a", position=0, says="…", values=values,
        source_title="Joining Oakdale", source_section="Cost", as_of="2016", dated="about 2016", audience="public", first_wording="?",
    )  # fmt: skip


FEE = fact({"kind": "amount", "value": 499, "unit": "GBP"})
TERM = fact({"kind": "duration", "value": "one term"})
PLACES = fact({"kind": "capacity", "value": 2, "unit": "schools"})
GOVERNORS = fact({"kind": "capacity", "value": 9, "unit": "governors"})
GROUPS = fact({"kind": "count", "value": 7, "unit": "groups"})
MONTHLY = fact({"kind": "frequency", "value": "monthly"})
HALF_TERMLY = fact({"kind": "frequency", "value": "half-termly"})

# the question, the fact that would answer it, whether it agrees (None: the question takes nothing for granted)
TABLE = [
    ("is it £999?", FEE, False),
    ("is it £499?", FEE, True),
    ("so it's 499 pounds?", FEE, True),
    ("is it £499.00", FEE, True),
    ("£4,990 is a lot!", FEE, False),
    ("i heard 5k quid", FEE, False),
    ("is it £0.5k?", FEE, False),
    ("how much is it?", FEE, None),
    ("is it under £500?", FEE, True),
    ("does it cost less than £400?", FEE, False),
    ("is it over £500", FEE, False),
    ("is it more than £400?", FEE, True),
    ("is it at least 499 quid?", FEE, True),
    ("is it up to £499?", FEE, True),
    ("it's not more than £500, is it?", FEE, True),
    ("is it below £499?", FEE, False),
    ("does it last a year?", TERM, False),
    ("is it for two terms?", TERM, False),
    ("it's a whole term, right?", TERM, True),
    ("is it one term", TERM, True),
    ("is it 1 term", TERM, True),
    ("does it last half a term?", TERM, False),
    ("is it six weeks?", TERM, False),
    ("how many times a term is it offered?", TERM, None),
    ("is it offered once a term", TERM, None),
    ("how long is it?", TERM, None),
    ("can five schools join at once?", PLACES, False),
    ("can two schools join at once?", PLACES, True),
    ("can 3 more schools join", PLACES, False),
    ("can one school join?", PLACES, True),
    ("is it limited to one school at a time?", PLACES, False),
    ("so only one school can join?", PLACES, False),
    ("can more than two schools join at once?", PLACES, False),
    ("can more than one school join?", PLACES, True),
    ("is it no more than two schools?", PLACES, True),
    ("is it no more than three schools?", PLACES, False),
    ("is two schools the most?", PLACES, True),
    ("is it up to two schools", PLACES, True),
    ("are there a dozen governors?", GOVERNORS, False),
    ("can we have 12 governors", GOVERNORS, False),
    ("is nine governors the limit", GOVERNORS, True),
    ("are there seven groups?", GROUPS, True),
    ("are there six groups?", GROUPS, False),
    ("are there at least five groups?", GROUPS, True),
    ("are there more than ten groups?", GROUPS, False),
    ("fewer than ten governors, isn't it?", GOVERNORS, True),
    ("is it weekly?", MONTHLY, False),
    ("does it meet every month?", MONTHLY, True),
    ("is it once a month", MONTHLY, True),
    ("is it half termly?", HALF_TERMLY, True),
    ("is it every half-term?", HALF_TERMLY, True),
    ("is it termly?", HALF_TERMLY, False),
    ("does it meet every term", HALF_TERMLY, False),
    ("how often is it?", MONTHLY, None),
]  # fmt: skip


@pytest.mark.parametrize(("question", "known", "holds"), TABLE)
def test_what_a_question_takes_for_granted_is_compared_with_the_fact(question: str, known: KnownFact, holds: bool | None) -> None:
    correction = false_premise(question, [known])
    assert (correction.holds if correction else None) is holds


def test_the_correction_names_what_was_said_and_what_is_so() -> None:
    correction = false_premise("is it £999?", [FEE])
    assert correction is not None
    assert (correction.said, correction.value, correction.fact) == ("£999", "£499", FEE)


def test_only_the_facts_that_lead_the_answer_correct() -> None:
    assert false_premise("is it £999?", [TERM, MONTHLY, FEE]) is None
    assert false_premise("is it £999?", [TERM, FEE]) is not None
    assert false_premise("is it £999?", []) is None


def test_a_bound_is_named_with_its_number() -> None:
    correction = false_premise("is it over £500?", [FEE])
    assert correction is not None and correction.said == "over £500"


@given(st.text(max_size=60) | st.from_regex(r"is it (£[\d,. ]{0,12}k?|[\d,]{0,8} (pounds|schools|terms|k quid))\?", fullmatch=True))
def test_no_wording_of_a_number_breaks_the_comparison(question: str) -> None:
    for known in (FEE, TERM, PLACES, MONTHLY):
        false_premise(question, [known])

"""Figures of a fact's sentence: read out of it, and kept in step with it."""

from __future__ import annotations

from typing import Any

import pytest

from office.base.errors import BadInput
from office.facts.figures import figures_in, in_step


@pytest.mark.parametrize(
    ("says", "values"),
    [
        ("Associate membership costs £1,250 a term.", [{"kind": "amount", "value": 1250}]),
        ("We have one secondary school, Elm High, and seven primaries.",
         [{"kind": "count", "value": 1, "of": "secondary school", "unit": "school"}, {"kind": "count", "value": 7, "of": "primaries", "unit": "primaries"}]),
        ("Ring 01632 960 001 or write to office@anytown.example.",
         [{"kind": "email", "value": "office@anytown.example"}, {"kind": "phone", "value": "01632 960 001"}]),
        ("Heads meet for two hours every six weeks, on 3 March 2027 at 10 am.", []),
        ("12 of the 40 pupils walk.", []),
        ("Nothing is counted here.", []),
    ],
)  # fmt: skip
def test_what_a_sentence_states(says: str, values: list[dict[str, Any]]) -> None:
    assert list(figures_in(says)) == values


AMOUNT = {"kind": "amount", "value": 499, "of": "membership"}
PLACES = {"kind": "capacity", "value": 2, "unit": "schools"}
WHO = {"kind": "person", "value": "Robin Sample"}


def test_a_figure_goes_with_its_sentence() -> None:
    assert in_step("It costs £499 a term.", "It costs £599 a term.", [AMOUNT]) == ({**AMOUNT, "value": 599},)
    assert in_step("Two schools may join.", "Three schools may join.", [PLACES]) == ({**PLACES, "value": 3},)
    assert in_step("It costs £499.", "The price is £499 a term.", [AMOUNT]) == (AMOUNT,)
    assert in_step("It costs £499.", "It costs £599.", [{**AMOUNT, "value": 599}]) == ({**AMOUNT, "value": 599},)
    assert in_step("It costs £499 a term.", "It costs nothing.", [AMOUNT]) == ()
    unsaid = {"kind": "count", "value": 3, "of": "sorts"}  # counted by whoever typed it, and not written out
    assert in_step("Local, national and specialist leaders.", "Local and national leaders.", [unsaid]) == (unsaid,)


@pytest.mark.parametrize(
    ("before", "after", "value"),
    [
        ("It costs £499 for 2 schools.", "It costs £599 for 3 schools.", AMOUNT),
        ("Ask Robin Sample.", "Ask Ash Sample.", WHO),
    ],
)
def test_a_figure_that_the_sentence_gave_up_is_asked_about(before: str, after: str, value: dict[str, Any]) -> None:
    with pytest.raises(BadInput) as refusal:
        in_step(before, after, [value])
    assert refusal.value.field == "values"

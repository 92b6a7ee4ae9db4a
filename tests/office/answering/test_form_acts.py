"""What each act does at each step of the form, whoever learned it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from language.fields.details import no_wish
from office.answering.form_acts import BY_ACT
from office.answering.form_reading import read_form_message
from office.leads.form import CONSENT, FIELDS, Draft, take

KNOWN = {"school": "Oak Primary", "name": "Jo Field", "role": "head", "email": "jo@oak.example", "wish": "call_back"}
STEPS = (CONSENT, *FIELDS, "confirm", "change")
TYPED = "we would as soon let that be"  # no fixed phrase: what it does is all in its act


def always(acts: dict[str, float]) -> Callable[[str, str], dict[str, float]]:
    """A reader that finds these acts in everything."""
    return lambda text, step: acts


def so_far(step: str) -> dict[str, str]:
    """What is known when a step is asked."""
    order = {"school": 0, "name": 1, "role": 2, "contact": 3, "wish": 4}.get(step, 5)
    return dict(list(KNOWN.items())[: order if step != CONSENT else 0]) | ({"wish": "membership"} if step == "term" else {})


@pytest.mark.parametrize("step", STEPS)
def test_a_cancel_ends_the_form_at_every_step(step: str, now: datetime) -> None:
    draft = Draft(step, so_far(step))
    assert take(draft, read_form_message(TYPED, draft, now, always({"cancel": 0.95}), no_wish)).ends == "cancelled"


@pytest.mark.parametrize("step", ["school", "name", "role"])
@pytest.mark.parametrize("act", sorted(set(BY_ACT) - {"cancel", "go_back", "say_more", "correct"}))
def test_nothing_but_what_gives_a_detail_is_kept_as_one(step: str, act: str, now: datetime) -> None:
    draft = Draft(step, so_far(step))
    turn = take(draft, read_form_message(TYPED, draft, now, always({act: 0.9, "give": 0.1}), no_wish))
    assert turn.draft.details == so_far(step) and not turn.draft.check and not turn.ends


@pytest.mark.parametrize("step", ["school", "name", "role"])
def test_what_nobody_can_be_sure_of_is_read_back(step: str, now: datetime) -> None:
    draft = Draft(step, so_far(step))
    turn = take(draft, read_form_message("Chestnut Lane", draft, now, always({"unclear": 0.4, "give": 0.35}), no_wish))
    assert turn.draft.details == so_far(step) and (turn.draft.check or turn.draft.asking == step)


def test_a_yes_is_a_consent_only_where_it_is_sure(now: datetime) -> None:
    draft = Draft(CONSENT)
    assert take(draft, read_form_message(TYPED, draft, now, always({"agree": 0.7}), no_wish)).draft.asking == CONSENT
    assert take(draft, read_form_message(TYPED, draft, now, always({"agree": 0.8}), no_wish)).draft.asking == "school"
    assert take(draft, read_form_message(TYPED, draft, now, always({"refuse": 0.7}), no_wish)).ends == "cancelled"


def test_an_address_is_kept_whatever_stands_round_it(now: datetime) -> None:
    draft = Draft("contact", so_far("contact"))
    turn = take(draft, read_form_message("if you must: jo@oak.example.org", draft, now, always({"complain": 0.9}), no_wish))
    assert turn.draft.details["email"] == "jo@oak.example.org"

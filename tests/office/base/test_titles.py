"""Short words of the database have one reading for people, each of them, and every channel takes as much text."""

from __future__ import annotations

from language.text import LONGEST
from office.answering.replies import OUTCOMES
from office.base.limits import LONGEST_MESSAGE
from office.base.switches import CHANNELS
from office.base.titles import CHANNEL_TITLES, OUTCOME_TITLES, STATUS_TITLES, WISH_TITLES
from office.leads.model import STATUSES, WISHES


def test_each_has_a_title_and_no_two_have_the_same():
    assert tuple(STATUS_TITLES) == STATUSES and tuple(WISH_TITLES) == WISHES
    assert set(OUTCOMES) <= set(OUTCOME_TITLES) and set(CHANNELS) <= set(CHANNEL_TITLES)
    for titles in (OUTCOME_TITLES, STATUS_TITLES, WISH_TITLES):
        assert len(set(titles.values())) == len(titles)


def test_what_a_door_takes_is_read_to_its_end():
    assert LONGEST == LONGEST_MESSAGE

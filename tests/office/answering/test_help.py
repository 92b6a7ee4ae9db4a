"""Somebody in danger hears the numbers to ring first, whatever else they wrote and wherever; of their words nothing is kept."""

from __future__ import annotations

import pytest

from language.acts.learned import danger_in
from office.answering.frames import frame
from office.answering.help import IN_DANGER_FROM
from office.answering.message import as_received
from office.answering.replies import worst


@pytest.mark.parametrize("text", [
    "i dont want to live anymore", "I want to kill myself", "my dad hits me every night", "what does it cost, and also I cant go on any more",
    "there is a man with a knife at the gate", "one of our year 4s has not come home", "i cut myself again last night",
])  # fmt: skip
def test_who_is_in_danger_is_recognised(text: str) -> None:
    assert danger_in(text) >= IN_DANGER_FROM


@pytest.mark.parametrize("text", [
    "How much is associate membership?", "who chairs safeguarding", "can someone ring me?", "who do I ring about a visit?",
    "what help do we get with SEND?", "thanks, that's all", "How long does it last?",
])  # fmt: skip
def test_a_plain_question_is_no_cry_for_help(text: str) -> None:
    assert danger_in(text) < IN_DANGER_FROM


def test_the_numbers_are_told_and_that_nobody_reads_along() -> None:
    text = frame("in_danger")
    assert [number for number in ("999", "0800 1111", "116 123", "0808 800 5000") if number not in text] == []
    assert "program" in text and "not kept" in text


def test_help_stands_above_every_other_outcome() -> None:
    assert worst(["answered", "help", "not_known", "unavailable"]) == "help"


def test_words_about_a_pupil_in_danger_are_not_left_out_before_they_are_read() -> None:
    text = "our pupil Sam Jones in year 6 has taken an overdose"
    assert as_received(text, in_danger=True) == (text, False)
    assert as_received(text)[1]

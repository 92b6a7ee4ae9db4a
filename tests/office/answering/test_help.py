"""Somebody in danger hears the numbers to ring first, whatever else they wrote and wherever; of their words nothing is kept."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from language.acts.learned import danger_in
from office.answering.decide import decide
from office.answering.frames import frame
from office.answering.help import IN_DANGER_FROM
from office.answering.message import HeardMessage, Knowledge, as_received
from office.answering.replies import worst
from office.base.database import Database
from office.choosing.choose import Memory
from office.outbox.queue import SAFEGUARDING, Notification
from tests.office.answering.visitor import knowledge_of


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


def say(database: Database, knows: Knowledge, text: str, now: datetime, channel: str = "website") -> str:
    message = HeardMessage("somebody", text, "chitchat", 1.0, (), channel=channel)
    with database.transaction() as session:
        return decide(message, Memory(), session, knows=knows, now=now).text


def owed(database: Database) -> list[tuple[str, str, str | None]]:
    with database.transaction() as session:
        rows = session.execute(select(Notification).where(Notification.kind == "danger").order_by(Notification.id)).scalars()
        return [(row.about, row.recipient, row.lead) for row in rows]


def test_the_safeguarding_lead_is_owed_one_word_a_minute_which_leads_to_nobody(database: Database, now: datetime) -> None:
    knows = knowledge_of(database, now, tells_of_danger=True)
    assert "0800 1111" in say(database, knows, "i dont want to live anymore", now)
    assert "116 123" in say(database, knows, "i have taken an overdose", now)
    say(database, knows, "my dad hits me every night", now + timedelta(minutes=1), channel="telegram")
    minutes = [f"{moment:%Y-%m-%dT%H:%M}" for moment in (now, now + timedelta(minutes=1))]
    assert owed(database) == [(f"{minutes[0]} website", SAFEGUARDING, None), (f"{minutes[1]} telegram", SAFEGUARDING, None)]


def test_without_the_setting_nobody_is_owed_a_word(database: Database, now: datetime) -> None:
    assert "0800 1111" in say(database, knowledge_of(database, now), "i dont want to live anymore", now)
    assert owed(database) == []


@pytest.mark.parametrize("text", [
    "I want to speak to a person", "what if I say no?", "please help me", "I give up on this form", "is anyone there", "this is driving me mad",
])  # fmt: skip
def test_who_wants_a_person_or_has_enough_of_the_form_is_in_no_danger(text: str) -> None:
    assert danger_in(text) < IN_DANGER_FROM

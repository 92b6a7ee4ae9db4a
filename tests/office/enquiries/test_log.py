"""Enquiries: every message is kept, numbered within its conversation, and what must not be kept is not."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from office.base.database import Database
from office.enquiries.log import WITHHELD, Enquiry, Question, log_enquiry
from office.personal.erasure import erase_conversations
from tests.searching import examples

pytestmark = pytest.mark.both_databases

Log = Callable[..., int]


def question(words: str = "how much is it?", **more: Any) -> dict[str, Any]:
    return {
        "text": words, "trust": "oakdale", "topics": ["cost"], "outcome": "answered", "facts": ["oakdale.fee.membership"],
        "confidence": 0.91, **more,
    }  # fmt: skip


@pytest.fixture
def log(database: Database, now: datetime) -> Log:
    """Log an enquiry of one question and give its number in the conversation."""

    def do(words: str = "how much is it?", conversation: str = "anna", **more: Any) -> int:
        given = {"channel": "rest", "withheld": False, "outcome": "answered", "questions": [question(words)], **more}
        with database.transaction() as session:
            enquiry = log_enquiry(session, conversation=conversation, text=words, now=now, **given)
            session.flush()
            return int(enquiry.sequence)

    return do


def all_text(database: Database) -> str:
    """Give every cell of every row of enquiries and questions as one text."""
    with database.transaction() as session:
        rows = [*session.execute(text("SELECT * FROM enquiry")), *session.execute(text("SELECT * FROM question"))]
    return repr(rows)


def test_enquiries_are_numbered_within_their_conversation(log: Log) -> None:
    assert [log(), log(), log(conversation="ben"), log()] == [1, 2, 1, 3]


def test_an_enquiry_keeps_each_question_with_what_was_made_of_it(database: Database, log: Log, now: datetime) -> None:
    second = question("and how long?", outcome="not_known", facts=[], topics=[], trust=None, confidence=0.2)
    log("how much, and how long?", outcome="not_known", questions=[question(), second])
    with database.transaction() as session:
        kept = session.execute(select(Enquiry)).scalar_one()
        assert (kept.text, kept.channel, kept.outcome, kept.received, kept.withheld) == (
            "how much, and how long?", "rest", "not_known", now, False,
        )  # fmt: skip
        assert [(q.position, q.text, q.outcome, q.facts) for q in kept.questions] == [
            (1, "how much is it?", "answered", ["oakdale.fee.membership"]),
            (2, "and how long?", "not_known", []),
        ]


def test_words_about_a_pupil_are_nowhere_in_the_database(database: Database, log: Log) -> None:
    log("my son Tom has epilepsy", withheld=True, questions=[question("my son Tom has epilepsy"), question("is Tom safe?")])
    kept = all_text(database)
    assert "Tom" not in kept and "epilepsy" not in kept
    with database.transaction() as session:
        enquiry = session.execute(select(Enquiry)).scalar_one()
        assert enquiry.withheld and [enquiry.text, *(q.text for q in enquiry.questions)] == [WITHHELD] * 3
        assert enquiry.questions[0].topics == ["cost"]  # what it was about is still counted


def test_forgetting_a_conversation_leaves_no_word_of_it_and_all_of_the_others(database: Database, log: Log, now: datetime) -> None:
    log("what about my school in Elmstead?", conversation="anna")
    log("and again?", conversation="anna")
    log("what about Ashby?", conversation="ben")
    with database.transaction() as session:
        assert erase_conversations(session, ["anna", "nobody"], now=now)["enquiries"] == 2
    kept = all_text(database)
    assert "Elmstead" not in kept and "again" not in kept and "Ashby" in kept
    with database.transaction() as session:
        assert session.execute(select(func.count(Question.id))).scalar() == 1


def test_two_messages_at_once_are_both_logged(database: Database, log: Log) -> None:
    start = threading.Barrier(4)
    numbers: list[int] = []

    def one() -> None:
        start.wait()
        numbers.append(log())

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers) == [1, 2, 3, 4]


def test_a_channel_with_an_endless_name_costs_no_enquiry(database: Database, log: Log) -> None:
    assert log(channel="c" * 500) == 1


@given(words=st.text(st.characters(), max_size=40))
@settings(max_examples=examples(10), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@pytest.mark.parametrize("place", ["the message", "the conversation"])
def test_no_text_that_a_visitor_can_send_is_lost(log: Log, place: str, words: str) -> None:
    for tried in (words, words + "\0", words + "\ud83d"):  # an end of text; half of an emoji
        assert log(tried, conversation=tried if place == "the conversation" else "anna") >= 1

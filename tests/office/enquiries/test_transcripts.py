"""Transcripts: the messages of a conversation in order, and the buttons that were offered in it."""

from __future__ import annotations

import threading
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from office.base.database import Database
from office.enquiries.transcripts import Message, chosen_button, messages_after, rate_message, write_message
from office.personal.erasure import erase_conversations
from tests.searching import examples

pytestmark = pytest.mark.both_databases

ENDLESS = 10**30
BUTTONS = [{"title": "What does it cost?", "payload": "cost"}, {"title": "Whom do we ask?", "payload": "contact"}]


@pytest.fixture
def anna(database: Database, now: datetime) -> str:
    """A conversation in which the assistant offered two buttons; its name."""
    with database.transaction() as session:
        write_message(session, "anna", "visitor", "hello", now=now)
        write_message(session, "anna", "assistant", "Hello.", now=now, buttons=BUTTONS, custom={"outcome": "chitchat"})
    return "anna"


def test_messages_are_numbered_within_their_conversation(database: Database, anna: str, now: datetime) -> None:
    with database.transaction() as session:
        assert write_message(session, "ben", "visitor", "hi", now=now).number == 1
        assert write_message(session, anna, "visitor", "fee?", now=now).number == 3
    with database.transaction() as session:
        assert [m.text for m in messages_after(session, anna, 0)] == ["hello", "Hello.", "fee?"]


def test_a_visitor_who_comes_back_gets_just_what_was_missed(database: Database, anna: str) -> None:
    with database.transaction() as session:
        (missed,) = messages_after(session, anna, 1)
        assert (missed.author, missed.text, missed.custom) == ("assistant", "Hello.", {"outcome": "chitchat"})
        assert messages_after(session, anna, 2) == []
        assert messages_after(session, anna, ENDLESS) == []
        assert len(messages_after(session, anna, -ENDLESS)) == 2


def test_buttons_have_ids_that_no_other_message_of_the_conversation_has(database: Database, anna: str, now: datetime) -> None:
    with database.transaction() as session:
        again = write_message(session, anna, "assistant", "Hello again.", now=now, buttons=BUTTONS)
        assert [button["id"] for button in again.buttons] == ["3.1", "3.2"]
        assert chosen_button(session, anna, "2.2") == {"id": "2.2", **BUTTONS[1]}


def test_a_button_of_another_conversation_cannot_be_pressed(database: Database, anna: str, now: datetime) -> None:
    with database.transaction() as session:
        write_message(session, "ben", "visitor", "hi", now=now)
        write_message(session, "ben", "assistant", "Hello.", now=now)
        assert chosen_button(session, "ben", "2.1") is None
        assert chosen_button(session, "nobody", "2.1") is None


@pytest.mark.parametrize(
    "choice", ["", ".", "2", "2.", "2.3", "2.0", "02.1", " 2.1", "-2.1", "1.1", "²..1", "².1", "٢.1", "2.1\0", "9" * 40, "x' OR 1=1"]
)
def test_a_forged_choice_is_no_button(database: Database, anna: str, choice: str) -> None:
    with database.transaction() as session:
        assert chosen_button(session, anna, choice) is None


@given(choice=st.text(max_size=12) | st.from_regex(r"\d{1,12}\.\d{1,3}"))
@settings(max_examples=examples(30), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_sent_as_a_choice_gives_an_offered_button_or_none(database: Database, anna: str, choice: str) -> None:
    with database.transaction() as session:
        button = chosen_button(session, anna, choice)
    assert (button is not None) == (choice in ("2.1", "2.2"))


def test_a_thumb_is_kept_on_an_answer_and_on_nothing_else(database: Database, anna: str) -> None:
    with database.transaction() as session:
        assert rate_message(session, anna, 2, "up")
        assert not rate_message(session, anna, 1, "up")  # the visitor's own
        assert not rate_message(session, anna, 9, "up")
        assert not rate_message(session, anna, ENDLESS, "up")
        assert not rate_message(session, "ben", 2, "up")
    with database.transaction() as session:
        assert [m.thumb for m in messages_after(session, anna, 0)] == [None, "up"]


def test_forgetting_a_conversation_leaves_the_others(database: Database, anna: str, now: datetime) -> None:
    with database.transaction() as session:
        write_message(session, "ben", "visitor", "hi", now=now)
        erase_conversations(session, [anna], now=now)
        assert messages_after(session, anna, 0) == []
        assert [m.text for m in messages_after(session, "ben", 0)] == ["hi"]
        assert chosen_button(session, anna, "2.1") is None
        assert write_message(session, anna, "visitor", "hello", now=now).number == 1


def test_two_messages_at_once_both_get_a_number(database: Database, anna: str, now: datetime) -> None:
    start = threading.Barrier(4)
    faults: list[Exception] = []

    def one() -> None:
        start.wait()
        try:
            with database.transaction() as session:
                write_message(session, anna, "visitor", "me first", now=now)
        except Exception as error:  # a thread's error would be lost otherwise
            faults.append(error)

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    with database.transaction() as session:
        assert [m.number for m in messages_after(session, anna, 0)] == [1, 2, 3, 4, 5, 6]


@given(words=st.text(st.characters(), max_size=40))
@settings(max_examples=examples(10), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_no_message_is_lost_for_its_characters(database: Database, anna: str, now: datetime, words: str) -> None:
    for tried in (words, words + "\0", words + "\ud83d"):
        with database.transaction() as session:
            number = write_message(session, anna, "visitor", tried, now=now).number
        with database.transaction() as session:
            kept: Message = messages_after(session, anna, number - 1)[0]
            assert kept.text == tried.replace("\0", "\ufffd").encode("utf-8", "replace").decode()

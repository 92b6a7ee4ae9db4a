"""Telegram's ledger: each update once, its words only until it is dealt with."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from office.base.database import Database
from office.base.staff import Staff
from office.outbox.telegram import (
    ReceivedUpdate,
    TelegramUpdate,
    choose,
    forget_updates,
    give_up,
    keep_reply,
    latest_bot,
    message_of,
    note_blocked,
    note_bot,
    note_sent,
    remember_message,
    staff_of,
    take_in,
    unfinished,
)

pytestmark = pytest.mark.both_databases

UPDATE = ReceivedUpdate(5, 7, {"update_id": 5, "message": {"text": "secret"}})


def arrive(database: Database, now: datetime, *updates: ReceivedUpdate, bot: int = 1) -> dict[int, int]:
    with database.transaction() as session:
        return take_in(session, bot, updates or (UPDATE,), now=now)


def test_an_update_is_taken_in_once_by_each_bot(database: Database, now: datetime):
    assert list(arrive(database, now)) == [5]
    assert arrive(database, now) == {} and list(arrive(database, now, bot=2)) == [5]


def test_of_two_processes_that_take_it_in_at_once_one_does(database: Database, now: datetime):
    with ThreadPoolExecutor(4) as pool:
        assert sum(len(rows) for rows in pool.map(lambda _: arrive(database, now), range(4))) == 1


def test_its_words_go_with_the_reply_and_the_reply_s_when_it_arrived(database: Database, now: datetime):
    row = arrive(database, now)[5]
    with database.transaction() as session:
        assert [one.id for one in unfinished(session, 1)] == [row] and not unfinished(session, 2)
        assert keep_reply(session, row, "asked", [{"plain": "a"}, {"plain": "b"}])
        assert not keep_reply(session, row, "asked", [])
    with database.transaction() as session:
        kept = session.get(TelegramUpdate, row)
        assert (kept.content, kept.state, len(kept.reply)) == (None, "replying", 2)
        note_sent(session, row, 1, 2)
    with database.transaction() as session:
        assert unfinished(session, 1)[0].sent == 1
        note_sent(session, row, 2, 2)
    with database.transaction() as session:
        kept = session.get(TelegramUpdate, row)
        assert (kept.state, kept.reply, unfinished(session, 1)) == ("done", None, [])


def test_what_is_given_up_keeps_no_words(database: Database, now: datetime):
    row = arrive(database, now)[5]
    with database.transaction() as session:
        give_up(session, row)
    with database.transaction() as session:
        kept = session.get(TelegramUpdate, row)
        assert (kept.state, kept.content, kept.reply) == ("given_up", None, None)


def test_a_message_is_about_one_thing_and_one_button_of_it_is_pressed(database: Database, now: datetime):
    with database.transaction() as session:
        assert remember_message(session, -9, 3, "lead U-7K3F9Q", now=now, detail="x")
        assert not remember_message(session, -9, 3, "gap 1", now=now)
        assert message_of(session, -9, 3).about == "lead U-7K3F9Q" and message_of(session, 9, 3) is None
        assert choose(session, -9, 3, "a", now=now) and not choose(session, -9, 3, "b", now=now)
        assert choose(session, 8, 4, "b", now=now)
    with database.transaction() as session:
        assert message_of(session, -9, 3).chosen == "a"


def test_only_staff_who_are_not_withdrawn_are_known(database: Database, now: datetime):
    with database.transaction() as session:
        for name, account, withdrawn in (("a", 2**40, None), ("b", 8, now), ("c", None, None)):
            session.add(Staff(name=name, email=f"{name}@example.org", role="pa", made=now, telegram=account, withdrawn=withdrawn))
    with database.transaction() as session:
        assert list(staff_of(session, [2**40, 8, 9])) == [2**40]


def test_a_block_is_noted_from_its_first_moment_and_taken_back(database: Database, now: datetime):
    with database.transaction() as session:
        session.add(Staff(name="a", email="a@example.org", role="pa", made=now, telegram=7))
    for blocked, at, expected in ((True, 0, now), (True, 5, now), (False, 6, None)):
        with database.transaction() as session:
            note_blocked(session, 7, blocked=blocked, now=now + timedelta(minutes=at))
        with database.transaction() as session:
            assert staff_of(session, [7])[7].telegram_blocked == expected


def test_the_bot_that_was_in_use_last_is_known(database: Database, now: datetime):
    with database.transaction() as session:
        assert latest_bot(session) is None
        note_bot(session, 1, "old_bot", "", now=now)
        note_bot(session, 2, "new_bot", "x" * 500, now=now + timedelta(days=1))
    with database.transaction() as session:
        assert latest_bot(session).username == "new_bot" and len(latest_bot(session).state) == 300


@pytest.mark.parametrize(("days", "left"), [(29, 1), (31, 0)])
def test_old_updates_are_forgotten(database: Database, now: datetime, days: int, left: int):
    arrive(database, now)
    with database.transaction() as session:
        remember_message(session, 1, 1, "lead U-7K3F9Q", now=now)
        forget_updates(session, before=now + timedelta(days=days - 30))
    with database.transaction() as session:
        assert session.query(TelegramUpdate).count() == left and (message_of(session, 1, 1) is not None) == bool(left)

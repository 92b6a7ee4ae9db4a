"""The outbox: told once, claimed by one, tried again ever later, and never lost."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from office.base.database import Database
from office.base.staff import Staff
from office.leads.model import Lead, LeadDetails, log_lead
from office.outbox.queue import (
    CLAIM,
    GIVE_UP_AFTER,
    LONGEST_WAIT,
    SEND_WITHIN,
    Notification,
    NotificationChoice,
    anything_due,
    claim_due,
    give_up,
    is_still_claimed,
    mark_failed,
    mark_sent,
    message_id,
    owe,
    postpone,
    postpone_recipient,
    try_again,
    wait_after,
)

pytestmark = pytest.mark.both_databases

BOTH = ("email", "telegram")


def hire(session: Session, role: str, email: str, now: datetime, **more: object) -> int:
    person = Staff(name="Pat Example", email=email, role=role, made=now, **more)
    session.add(person)
    session.flush()
    return int(person.id)


def owed(session: Session) -> set[tuple[str, str, str]]:
    return {(row.about, row.channel, row.recipient) for row in session.execute(select(Notification)).scalars()}


def owe_many(database: Database, abouts: Iterable[str], now: datetime) -> None:
    with database.transaction() as session:
        for about in abouts:
            owe(session, "new_lead", about, now=now)


def test_everybody_with_the_role_pa_is_told_by_each_channel_they_have(database: Database, now: datetime) -> None:
    with database.transaction() as session:
        one, two = hire(session, "pa", "one@example.org", now), hire(session, "pa", "two@example.org", now, telegram=70001)
        hire(session, "admin", "admin@example.org", now)
        hire(session, "pa", "gone@example.org", now, withdrawn=now)
        owe(session, "new_lead", "U-AAAAAA", now=now)
    with database.transaction() as session:
        assert owed(session) == {
            ("U-AAAAAA", "email", f"staff:{one}"), ("U-AAAAAA", "email", f"staff:{two}"), ("U-AAAAAA", "telegram", f"staff:{two}"),
        }  # fmt: skip


def test_without_a_pa_the_admins_are_told_and_without_anybody_the_trusts_own_address(database: Database, now: datetime) -> None:
    with database.transaction() as session:
        hire(session, "staff", "reads@example.org", now)
        owe(session, "new_lead", "U-AAAAAA", now=now)
        admin = hire(session, "admin", "admin@example.org", now)
        owe(session, "new_lead", "U-BBBBBB", now=now)
    with database.transaction() as session:
        assert owed(session) == {("U-AAAAAA", "email", "trust"), ("U-BBBBBB", "email", f"staff:{admin}")}


def test_who_wants_no_email_gets_none_and_where_nobody_wants_any_the_trusts_address_does(database: Database, now: datetime) -> None:
    with database.transaction() as session:
        pa = hire(session, "pa", "pa@example.org", now, telegram=70001)
        session.add(NotificationChoice(staff=pa, email=False, telegram=True))
        owe(session, "new_lead", "U-AAAAAA", now=now)
        session.get(NotificationChoice, pa).telegram = False
        session.flush()
        owe(session, "new_lead", "U-BBBBBB", now=now)
    with database.transaction() as session:
        assert owed(session) == {("U-AAAAAA", "telegram", f"staff:{pa}"), ("U-BBBBBB", "email", "trust")}


def test_what_is_owed_twice_even_at_once_is_one(database: Database, now: datetime) -> None:
    def debt(_: int) -> None:
        owe_many(database, ["2026-W36"], now)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(debt, range(16)))
    with database.transaction() as session:
        assert owed(session) == {("2026-W36", "email", "trust")}


def test_a_lead_and_what_it_owes_are_one_transaction(database: Database, now: datetime) -> None:
    details = LeadDetails("c", "website", "Robin Example", "Anytown Primary", "visit", now, email="robin@example.org")
    with pytest.raises(RuntimeError), database.transaction() as session:
        log_lead(session, details, reply_within=2, now=now)
        raise RuntimeError
    with database.transaction() as session:
        assert session.execute(select(Lead)).first() is None and owed(session) == set()


def test_many_workers_at_once_claim_each_notification_once(database: Database, now: datetime) -> None:
    owe_many(database, [f"U-{number:06}" for number in range(60)], now)

    def work(name: int) -> list[int]:
        mine: list[int] = []
        while True:
            with database.transaction() as session:
                claimed = claim_due(session, f"worker {name}", BOTH, limit=3, now=now)
            if not claimed:
                return mine
            mine += claimed

    with ThreadPoolExecutor(5) as pool:
        taken = [number for mine in pool.map(work, range(5)) for number in mine]
    assert len(taken) == len(set(taken)) == 60


def test_a_killed_workers_claim_runs_out_and_not_before(database: Database, now: datetime) -> None:
    owe_many(database, ["U-AAAAAA"], now)

    def claim(worker: str, at: datetime) -> list[int]:
        with database.transaction() as session:
            is_due = anything_due(session, BOTH, now=at)
            claimed = claim_due(session, worker, BOTH, limit=9, now=at)
            assert is_due == bool(claimed)
            return claimed

    assert len(claim("killed", now)) == 1
    assert claim("next", now + CLAIM - timedelta(seconds=1)) == []
    assert len(claim("next", now + CLAIM)) == 1


def test_a_worker_that_slept_does_not_send_on_what_is_left_of_its_claim(database: Database, now: datetime) -> None:
    owe_many(database, ["U-AAAAAA"], now)
    with database.transaction() as session:
        (number,) = claim_due(session, "sleepy", BOTH, limit=9, now=now)
        notification = session.get(Notification, number)
        assert is_still_claimed(notification, "sleepy", now=now + CLAIM - SEND_WITHIN)
        assert not is_still_claimed(notification, "sleepy", now=now + CLAIM - SEND_WITHIN + timedelta(seconds=1))
        assert not is_still_claimed(notification, "another", now=now)


def test_what_is_sent_is_never_claimed_again_also_where_the_claim_was_lost(database: Database, now: datetime) -> None:
    owe_many(database, ["U-AAAAAA"], now)
    with database.transaction() as session:
        (number,) = claim_due(session, "slow", BOTH, limit=9, now=now)
        claim_due(session, "second", BOTH, limit=9, now=now + CLAIM)
        mark_sent(session, number, now=now + CLAIM)
        mark_failed(session, number, "the second one's trouble", now=now + CLAIM)
        give_up(session, number, "too", now=now + CLAIM)
    with database.transaction() as session:
        assert claim_due(session, "third", BOTH, limit=9, now=now + timedelta(days=9)) == []
        assert session.get(Notification, number).error is None


def test_what_fails_is_tried_ever_later_and_given_up_after_two_days(database: Database, now: datetime) -> None:
    owe_many(database, ["U-AAAAAA"], now)
    at, waits = now, []
    while True:
        with database.transaction() as session:
            claimed = claim_due(session, "w", BOTH, limit=9, now=at)
            if not claimed:
                break
            mark_failed(session, claimed[0], "x" * 10_000, now=at)
            due = session.get(Notification, claimed[0]).due
        waits.append(due - at)
        at = due
    assert timedelta(minutes=1) <= waits[0] <= timedelta(minutes=1.2)
    assert all(wait <= LONGEST_WAIT * 1.2 for wait in waits)
    assert len(waits) == GIVE_UP_AFTER
    assert timedelta(days=1.8) < sum(waits[:-1], timedelta()) < timedelta(days=2.6)


def test_what_may_have_arrived_is_not_tried_again_before_a_claim_would_end(database: Database, now: datetime) -> None:
    owe_many(database, ["U-AAAAAA"], now)
    with database.transaction() as session:
        (number,) = claim_due(session, "w", BOTH, limit=9, now=now)
        mark_failed(session, number, "silence", now=now, unsure=True)
        assert session.get(Notification, number).due >= now + CLAIM


def test_waits_that_begin_together_do_not_end_together() -> None:
    assert len({wait_after(3) for _ in range(20)}) > 10
    assert wait_after(10_000) <= LONGEST_WAIT * 1.2


def test_putting_off_counts_as_no_attempt_and_only_that_person_waits(database: Database, now: datetime) -> None:
    with database.transaction() as session:
        one, two = (hire(session, "pa", f"{name}@example.org", now, telegram=70000 + number) for number, name in enumerate(("one", "two")))
        for about in ("U-AAAAAA", "U-BBBBBB"):
            owe(session, "new_lead", about, now=now, channels=("telegram",))
    later = now + timedelta(minutes=10)
    with database.transaction() as session:
        first = claim_due(session, "w", BOTH, limit=1, now=now)[0]
        recipient = session.get(Notification, first).recipient
        postpone(session, first, later, "Telegram asks to wait")
        postpone_recipient(session, "telegram", recipient, later)
    with database.transaction() as session:
        assert session.get(Notification, first).attempts == 0
        rest = [session.get(Notification, number) for number in claim_due(session, "w", BOTH, limit=9, now=now)]
        assert len(rest) == 2 and {row.recipient for row in rest} == {f"staff:{one}", f"staff:{two}"} - {recipient}
        assert len(claim_due(session, "w", BOTH, limit=9, now=now + timedelta(minutes=1))) == 0
    with database.transaction() as session:
        assert {session.get(Notification, number).recipient for number in claim_due(session, "w", BOTH, limit=9, now=later)} >= {recipient}


def test_what_was_given_up_can_be_tried_again_and_what_is_being_sent_cannot(database: Database, now: datetime) -> None:
    owe_many(database, ["U-AAAAAA"], now)
    with database.transaction() as session:
        (number,) = claim_due(session, "w", BOTH, limit=9, now=now)
        assert not try_again(session, number, now=now)
        give_up(session, number, "550", now=now)
        assert try_again(session, number, now=now)
        assert claim_due(session, "w", BOTH, limit=9, now=now) == [number]
        assert not try_again(session, 999, now=now)


def test_every_attempt_has_the_same_message_id_and_every_notification_another(database: Database, now: datetime) -> None:
    owe_many(database, ["U-AAAAAA", "U-BBBBBB"], now)
    with database.transaction() as session:
        rows = session.execute(select(Notification)).scalars().all()
        first = [message_id(row, "example.org") for row in rows]
    with database.transaction() as session:
        assert [message_id(row, "example.org") for row in session.execute(select(Notification)).scalars()] == first
    assert len(set(first)) == 2 and all(one.endswith("@example.org>") for one in first)


def test_words_from_a_mail_server_can_always_be_kept(database: Database, now: datetime) -> None:
    owe_many(database, ["U-AAAAAA"], now)
    with database.transaction() as session:
        (number,) = claim_due(session, "w", BOTH, limit=9, now=now)
        give_up(session, number, "550 \0\ud83d 😀 <script>" * 100, now=now)
    with database.transaction() as session:
        assert session.get(Notification, number).given_up is not None

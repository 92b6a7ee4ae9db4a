"""Invitations to Telegram: once, for seven days, for one person; and withdrawn at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from office.base.database import Database
from office.base.errors import Conflict, NotAllowed, NotFound
from office.base.staff import Invitation, Staff
from office.outbox.telegram import ReceivedUpdate, TelegramUpdate, keep_reply, note_bot, staff_of, take_in, unfinished
from office.people.accounts import withdraw_staff
from office.people.invitations import accept, invite, link, withdraw


@pytest.fixture
def ann(database: Database, now: datetime) -> int:
    """A member of staff."""
    return add(database, "Ann Example", now)


def add(database: Database, name: str, now: datetime) -> int:
    with database.transaction() as session:
        person = Staff(name=name, email=f"{name.split()[0].lower()}@example.org", role="staff", made=now)
        session.add(person)
        session.flush()
        return int(person.id)


def code_for(database: Database, staff: int, now: datetime) -> str:
    with database.transaction() as session:
        return invite(session, session.get(Staff, staff), by=None, now=now)


def enter(database: Database, code: str, account: int, now: datetime) -> int:
    with database.transaction() as session:
        return int(accept(session, code, account, now=now).id)


@pytest.mark.both_databases
def test_an_invitation_binds_the_account_and_only_its_hash_is_kept(database: Database, ann: int, now: datetime):
    code = code_for(database, ann, now)
    assert enter(database, code, 7, now) == ann
    with database.transaction() as session:
        assert session.get(Staff, ann).telegram == 7
        assert code not in str(session.execute(Invitation.__table__.select()).all())
        assert session.execute(Invitation.__table__.select()).one().used == now


def test_the_same_account_may_come_again_and_no_other(database: Database, ann: int, now: datetime):
    code = code_for(database, ann, now)
    enter(database, code, 7, now)
    assert enter(database, code, 7, now) == ann
    with pytest.raises(Conflict):
        enter(database, code, 8, now)


@pytest.mark.parametrize("days", [7, 8, 400])
def test_after_seven_days_it_no_longer_holds(database: Database, ann: int, now: datetime, days: int):
    code = code_for(database, ann, now)
    with pytest.raises(NotFound):
        enter(database, code, 7, now + timedelta(days=days))
    assert enter(database, code, 7, now + timedelta(days=7) - timedelta(seconds=1)) == ann


@pytest.mark.both_databases
@pytest.mark.parametrize("code", ["", "x", "\0", "ü" * 10_000, "' OR 1=1 --", "\ud800"])
def test_a_code_nobody_was_given_is_refused(database: Database, ann: int, now: datetime, code: str):
    with pytest.raises(NotFound):
        enter(database, code, 7, now)


def test_a_new_invitation_ends_the_one_before(database: Database, ann: int, now: datetime):
    first, second = code_for(database, ann, now), code_for(database, ann, now)
    with pytest.raises(NotFound):
        enter(database, first, 7, now)
    assert enter(database, second, 7, now) == ann


def test_an_account_of_another_person_is_refused_and_the_invitation_holds_on(database: Database, ann: int, now: datetime):
    ben = add(database, "Ben Example", now)
    enter(database, code_for(database, ben, now), 7, now)
    code = code_for(database, ann, now)
    with pytest.raises(Conflict):
        enter(database, code, 7, now)
    assert enter(database, code, 8, now) == ann


@pytest.mark.both_databases
def test_of_two_who_come_at_once_one_is_let_in(database: Database, ann: int, now: datetime):
    code = code_for(database, ann, now)

    def attempt(account: int) -> bool:
        try:
            return enter(database, code, account, now) == ann
        except Conflict:
            return False

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(attempt, range(10, 14))) == 1


@pytest.mark.both_databases
@pytest.mark.parametrize("take_away", [withdraw, withdraw_staff], ids=["Telegram's access", "the account"])
def test_access_is_withdrawn_at_once_with_open_invitations_and_what_waits(database: Database, ann: int, now: datetime, take_away: Callable):
    enter(database, code_for(database, ann, now), 7, now)
    code = code_for(database, ann, now)
    with database.transaction() as session:
        waiting, replying, other = take_in(
            session, 1, [ReceivedUpdate(number, account, {}) for number, account in ((1, 7), (2, 7), (3, 8))], now=now
        ).values()
        keep_reply(session, replying, "asked", [{"plain": "secret"}])
        take_away(session, session.get(Staff, ann), by=None, now=now)
        assert session.get(Staff, ann).telegram is None and not staff_of(session, [7])
    with database.transaction() as session:
        assert [row.id for row in unfinished(session, 1)] == [other]
        assert session.get(TelegramUpdate, replying).reply is None
        assert not keep_reply(session, waiting, "asked", [{"plain": "secret"}])
    with pytest.raises(NotFound):
        enter(database, code, 7, now)


def test_who_is_withdrawn_is_neither_invited_nor_let_in(database: Database, ann: int, now: datetime):
    code = code_for(database, ann, now)
    with database.transaction() as session:
        session.get(Staff, ann).withdrawn = now
    with pytest.raises(NotAllowed):
        code_for(database, ann, now)
    with pytest.raises(NotFound):
        enter(database, code, 7, now)


@pytest.mark.both_databases
def test_the_link_names_the_bot_once_it_is_known(database: Database, now: datetime):
    with database.transaction() as session:
        assert link(session, "abc") is None
        note_bot(session, 1, "usher_bot", "", now=now)
        assert link(session, "abc") == "https://t.me/usher_bot?start=abc"

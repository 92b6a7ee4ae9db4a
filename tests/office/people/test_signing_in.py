"""Signing in: throttled but never for ever, ended by time, by sign-out, by withdrawal."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from office.base.audit import AuditEntry
from office.base.database import Database
from office.base.errors import NotFound
from office.base.staff import FailedSignIn, SignIn, Staff
from office.people.accounts import add_staff, withdraw_staff
from office.people.signing_in import (
    FREE_OF_ADDRESS,
    FREE_OF_EMAIL,
    LONGEST_SIGN_IN,
    LONGEST_WAIT,
    attempt_was_right,
    begin_attempt,
    begin_sign_in,
    end_sign_in,
    refuse_attempt,
    sign_ins_of,
    sign_out,
    sign_out_everywhere,
    who_is,
)  # fmt: skip

HOURS = 12
EMAIL, ADDRESS = "pat@example.org", "192.0.2.7"


@pytest.fixture
def pat(database: Database, now: datetime) -> Staff:
    with database.transaction() as session:
        add_staff(session, name="Alex Admin", email="alex@example.org", role="admin", by=None, now=now)
        return add_staff(session, name="Pat Assistant", email=EMAIL, role="pa", by=None, now=now)


def attempt(database: Database, now: datetime, email: str = EMAIL, address: str = ADDRESS, known: str = "") -> int:
    with database.transaction() as session:
        return begin_attempt(session, email, address, now=now, known=known)


def sign_in(database: Database, staff: Staff, now: datetime, device: str = "Firefox on Windows") -> str:
    with database.transaction() as session:
        return begin_sign_in(session, staff, device=device, hours=HOURS, now=now)


def is_in(database: Database, token: str, now: datetime) -> bool:
    with database.transaction() as session:
        return who_is(session, token, hours=HOURS, now=now) is not None


@pytest.mark.both_databases
def test_after_five_wrong_attempts_waits_grow_and_end(database: Database, now: datetime) -> None:
    assert [attempt(database, now) for _ in range(FREE_OF_EMAIL)] == [0] * FREE_OF_EMAIL
    waits = []
    for _ in range(12):
        wait = attempt(database, now)
        assert wait > 0
        assert attempt(database, now) == wait  # trying while one must wait does not make it longer
        waits.append(wait)
        now += timedelta(seconds=wait)
        assert attempt(database, now) == 0
    assert waits == sorted(waits) and waits[-1] <= LONGEST_WAIT.total_seconds() + 1


def test_waits_are_of_one_account_and_capitals_make_no_other(database: Database, now: datetime) -> None:
    for _ in range(FREE_OF_EMAIL):
        attempt(database, now)
    assert attempt(database, now) > 0
    assert attempt(database, now, email="alex@example.org") == 0


def test_one_network_address_may_not_try_one_account_after_the_other(database: Database, now: datetime) -> None:
    waits = [attempt(database, now, email=f"person{n}@example.org") for n in range(FREE_OF_ADDRESS + 1)]
    assert waits[:-1] == [0] * FREE_OF_ADDRESS and waits[-1] > 0
    assert attempt(database, now, email="alex@example.org", address="192.0.2.8") == 0


def test_a_stranger_who_guesses_does_not_keep_the_person_out_of_a_known_browser(database: Database, now: datetime) -> None:
    for _ in range(FREE_OF_EMAIL + 1):
        attempt(database, now, address="198.51.100.1")
    assert attempt(database, now) > 0
    assert attempt(database, now, known="her browser") == 0


def test_a_right_password_clears_the_account(database: Database, now: datetime) -> None:
    for _ in range(FREE_OF_EMAIL):
        attempt(database, now)
    with database.transaction() as session:
        attempt_was_right(session, EMAIL, ADDRESS)
    assert attempt(database, now) == 0


@pytest.mark.both_databases
def test_attempts_are_forgotten_after_half_a_day_and_tell_no_address(database: Database, now: datetime) -> None:
    for _ in range(FREE_OF_EMAIL):
        attempt(database, now)
    assert attempt(database, now + timedelta(hours=13)) == 0
    with database.transaction() as session:
        kept = session.execute(select(FailedSignIn.of)).scalars().all()
    assert len(kept) == 2 and all(len(of) == 64 for of in kept)


def test_a_sign_in_ends_after_hours_without_use_and_after_thirty_days_at_most(database: Database, now: datetime, pat: Staff) -> None:
    token = sign_in(database, pat, now)
    assert is_in(database, token, now + timedelta(hours=11))
    assert is_in(database, token, now + timedelta(hours=22))
    assert not is_in(database, token, now + timedelta(hours=35))
    token, later = sign_in(database, pat, now), now
    while later < now + LONGEST_SIGN_IN:
        assert is_in(database, token, later)
        later += timedelta(hours=11)
    assert not is_in(database, token, later)


def test_only_a_hash_of_the_token_is_kept(database: Database, now: datetime, pat: Staff) -> None:
    token = sign_in(database, pat, now)
    with database.transaction() as session:
        assert session.execute(select(SignIn.token)).scalar_one() != token


@pytest.mark.both_databases
@pytest.mark.parametrize("token", ["", "x", "x" * 10_000, "\0", "\ud83d", "' OR 1=1"])
def test_a_made_up_token_is_nobodys(database: Database, now: datetime, pat: Staff, token: str) -> None:
    assert not is_in(database, token, now)


@pytest.mark.both_databases
def test_signing_out_ends_this_one_and_everywhere_all(database: Database, now: datetime, pat: Staff) -> None:
    here, there, phone = (sign_in(database, pat, now) for _ in range(3))
    with database.transaction() as session:
        sign_out(session, here, now=now)
        sign_out(session, here, now=now)
    assert [is_in(database, token, now) for token in (here, there, phone)] == [False, True, True]
    with database.transaction() as session:
        assert sign_out_everywhere(session, pat, by=pat, now=now, but=phone) == 1
    assert [is_in(database, token, now) for token in (there, phone)] == [False, True]


def test_somebody_withdrawn_is_out_at_once(database: Database, now: datetime, pat: Staff) -> None:
    token = sign_in(database, pat, now)
    with database.transaction() as session:
        withdraw_staff(session, session.get(Staff, pat.id), by=None, now=now)
    assert not is_in(database, token, now)


def test_one_ends_only_ones_own_sign_ins(database: Database, now: datetime, pat: Staff) -> None:
    sign_in(database, pat, now)
    with database.transaction() as session:
        alex = session.execute(select(Staff).where(Staff.role == "admin")).scalar_one()
        (hers,) = sign_ins_of(session, pat, hours=HOURS, now=now)
        with pytest.raises(NotFound):
            end_sign_in(session, alex, hers.token, now=now)
        end_sign_in(session, pat, hers.token, now=now)
        assert sign_ins_of(session, pat, hours=HOURS, now=now) == []


@pytest.mark.both_databases
def test_what_happened_stands_in_the_audit_log_without_addresses(database: Database, now: datetime, pat: Staff) -> None:
    with database.transaction() as session:
        refuse_attempt(session, pat, now=now)
        refuse_attempt(session, None, now=now)
    sign_out_token = sign_in(database, pat, now)
    with database.transaction() as session:
        sign_out(session, sign_out_token, now=now)
        noted = session.execute(select(AuditEntry).where(AuditEntry.action != "add").order_by(AuditEntry.id)).scalars().all()
        assert [entry.action for entry in noted] == ["refused", "refused", "sign in", "sign out"]
        assert EMAIL not in str([(entry.about, entry.detail) for entry in noted])

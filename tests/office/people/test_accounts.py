"""People: added, changed, withdrawn; one admin always remains, also when two act at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select

from office.base.database import Database
from office.base.errors import BadInput, Conflict, NotFound, OfficeError
from office.base.staff import PasswordLink, Staff
from office.people import invitations
from office.people.accounts import (
    LINK_VALID,
    add_staff,
    all_staff,
    change_person,
    make_password_link,
    set_password,
    staff_by_email,
    staff_of,
    use_password_link,
    who_has_link,
    withdraw_staff,
)  # fmt: skip
from office.people.passwords import is_password

GOOD = "three brown teapots"


def add(database: Database, now: datetime, email: str = "pat@example.org", role: str = "pa", name: str = "Pat Assistant") -> int:
    with database.transaction() as session:
        return int(add_staff(session, name=name, email=email, role=role, by=None, now=now).id)


def do(database: Database, number: int, verb: Callable[..., object], *arguments: object, **named: object) -> None:
    with database.transaction() as session:
        verb(session, staff_of(session, number), *arguments, **named)


def at_once(*acts: Callable[[], object]) -> list[Exception]:
    """Do all in threads that begin together; give what was refused."""
    barrier, refused = Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        barrier.wait()
        try:
            act()
        except OfficeError as error:
            refused.append(error)

    with ThreadPoolExecutor(len(acts)) as threads:
        list(threads.map(run, acts))
    return refused


def admins(database: Database) -> int:
    with database.transaction() as session:
        query = select(func.count()).select_from(Staff).where(Staff.role == "admin", Staff.withdrawn.is_(None))
        return int(session.execute(query).scalar_one())


@pytest.mark.both_databases
def test_addresses_are_kept_in_lower_case_and_names_tidied(database: Database, now: datetime) -> None:
    add(database, now, email=" Pat@Example.ORG ", name="  Pat\n Assistant\0")
    with database.transaction() as session:
        assert staff_by_email(session, "PAT@example.org ").name == "Pat Assistant"


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("field", "value"),
    [("name", " "), ("name", "x" * 201), ("email", ""), ("email", "pat"), ("email", "pat@"), ("email", "x" * 10_000 + "@example.org"),
     ("email", "pat\0@example.org"), ("role", "owner"), ("role", "")],
)  # fmt: skip
def test_what_cannot_be_taken_is_refused_by_its_field(database: Database, now: datetime, field: str, value: str) -> None:
    details = {"name": "Pat", "email": "pat@example.org", "role": "pa", field: value}
    with database.transaction() as session, pytest.raises(BadInput) as refused:
        add_staff(session, **details, by=None, now=now)
    assert refused.value.field == field


@pytest.mark.both_databases
@pytest.mark.parametrize("name", ["O’Brien-Łoś", "Ng", "<script>alert(1)</script>", "=1+1", "🫖"])
def test_names_of_all_kinds_are_kept_as_they_are(database: Database, now: datetime, name: str) -> None:
    add(database, now, name=name)
    with database.transaction() as session:
        assert [person.name for person in all_staff(session)] == [name]


@pytest.mark.both_databases
def test_one_address_has_one_account_also_when_two_add_it_at_once(database: Database, now: datetime) -> None:
    refused = at_once(*[lambda: add(database, now)] * 4)
    assert [type(error) for error in refused] == [Conflict] * 3
    with database.transaction() as session:
        assert len(all_staff(session)) == 1


def test_somebody_withdrawn_comes_back_without_a_password(database: Database, now: datetime) -> None:
    add(database, now, email="alex@example.org", role="admin")
    number = add(database, now)
    do(database, number, set_password, GOOD, by=None, now=now)
    do(database, number, withdraw_staff, by=None, now=now)
    assert add(database, now, role="staff") == number
    with database.transaction() as session:
        staff = staff_of(session, number)
        assert (staff.role, staff.password, staff.withdrawn) == ("staff", None, None)


def test_the_last_admin_can_be_neither_withdrawn_nor_demoted(database: Database, now: datetime) -> None:
    number = add(database, now, role="admin")
    add(database, now, email="other@example.org")
    with pytest.raises(Conflict):
        do(database, number, withdraw_staff, by=None, now=now)
    with pytest.raises(Conflict):
        do(database, number, change_person, name="Alex", role="pa", by=None, now=now)
    do(database, number, change_person, name="Alexandra", role="admin", by=None, now=now)
    assert admins(database) == 1


@pytest.mark.both_databases
@pytest.mark.parametrize("way", ["withdraw", "demote", "both"])
def test_two_admins_who_go_at_once_leave_one(database: Database, now: datetime, way: str) -> None:
    one, other = (add(database, now, email=f"{name}@example.org", role="admin") for name in ("one", "other"))
    withdraw = lambda number: lambda: do(database, number, withdraw_staff, by=None, now=now)  # noqa: E731
    demote = lambda number: lambda: do(database, number, change_person, name="A", role="pa", by=None, now=now)  # noqa: E731
    first, second = {"withdraw": (withdraw, withdraw), "demote": (demote, demote), "both": (withdraw, demote)}[way]
    refused = at_once(first(one), second(other))
    assert [type(error) for error in refused] == [Conflict]
    assert admins(database) == 1


@pytest.mark.both_databases
def test_withdrawing_ends_telegram_and_links_too(database: Database, now: datetime) -> None:
    add(database, now, email="alex@example.org", role="admin")
    number = add(database, now)
    with database.transaction() as session:
        staff = staff_of(session, number)
        staff.telegram = 4711
        link, invitation = make_password_link(session, staff, by=None, now=now), invitations.invite(session, staff, by=None, now=now)
    do(database, number, withdraw_staff, by=None, now=now)
    do(database, number, withdraw_staff, by=None, now=now)  # a second click changes nothing
    with database.transaction() as session:
        assert staff_of(session, number).telegram is None
        with pytest.raises(NotFound):
            use_password_link(session, link, GOOD, now=now)
        with pytest.raises(NotFound):
            invitations.accept(session, invitation, 4712, now=now)


def test_a_link_sets_a_password_once_within_a_week(database: Database, now: datetime) -> None:
    number = add(database, now)
    with database.transaction() as session:
        old = make_password_link(session, staff_of(session, number), by=None, now=now)
        code = make_password_link(session, staff_of(session, number), by=None, now=now)
        assert code not in [link.code for link in session.execute(select(PasswordLink)).scalars()]
    with database.transaction() as session:
        with pytest.raises(NotFound):
            who_has_link(session, old, now=now)
        with pytest.raises(NotFound):
            who_has_link(session, code, now=now + LINK_VALID)
        with pytest.raises(BadInput):
            use_password_link(session, code, "short", now=now)
        use_password_link(session, code, GOOD, now=now + LINK_VALID - timedelta(minutes=1))
        with pytest.raises(NotFound):
            use_password_link(session, code, GOOD, now=now)
        assert is_password(GOOD, staff_of(session, number).password)


@pytest.mark.both_databases
def test_a_link_used_twice_at_once_sets_one_password(database: Database, now: datetime) -> None:
    number = add(database, now)
    with database.transaction() as session:
        code = make_password_link(session, staff_of(session, number), by=None, now=now)

    def use(password: str) -> None:
        with database.transaction() as session:
            use_password_link(session, code, password, now=now)

    assert [type(error) for error in at_once(lambda: use(GOOD), lambda: use("four brown teapots"))] == [NotFound]


def test_nobody_withdrawn_gets_a_link_or_a_role(database: Database, now: datetime) -> None:
    number = add(database, now)
    do(database, number, withdraw_staff, by=None, now=now)
    with pytest.raises(Conflict):
        do(database, number, make_password_link, by=None, now=now)
    with pytest.raises(Conflict):
        do(database, number, change_person, name="Pat", role="admin", by=None, now=now)


@pytest.mark.both_databases
def test_nobody_has_a_number_that_was_not_given(database: Database) -> None:
    with database.transaction() as session, pytest.raises(NotFound):
        staff_of(session, 99)

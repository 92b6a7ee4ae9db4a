"""Staff at the command line: add the first admin, list, set a password, withdraw. `python -m bot staff add --email … --name … --role admin`."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Callable
from datetime import datetime, timezone

from sqlalchemy.orm import Session

from office.base.database import Database
from office.base.errors import BadInput, Conflict, NotFound, OfficeError
from office.base.staff import ROLES, Staff
from office.people.accounts import (
    add_staff,
    all_staff,
    check_new_email,
    check_role,
    checked_name,
    has_staff,
    make_password_link,
    set_password,
    staff_by_email,
    withdraw_staff,
)
from office.people.passwords import check_new_password
from settings import Settings

TRIES = 3


def run_staff(words: list[str], settings: Settings) -> None:
    """Do what the words say; exits with one sentence where that does not work."""
    chosen = _parser().parse_args(words)
    database = Database(settings.database_url)
    command = {"add": _add, "list": _list, "password": _password, "withdraw": _withdraw}[chosen.command]
    try:
        database.migrate()
        print(command(database, chosen, settings))
    except (OfficeError, EOFError) as error:
        sys.exit(f"Nothing was changed: {error or 'nothing was entered.'}")
    finally:
        database.engine.dispose()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot staff", description="The people who may sign in to the inbox.")
    commands = parser.add_subparsers(dest="command", required=True)
    add = commands.add_parser("add", help="add somebody; asks for what is not given, and for the password twice")
    add.add_argument("--email")
    add.add_argument("--name")
    add.add_argument("--role", choices=ROLES)
    commands.add_parser("list", help="who may sign in")
    password = commands.add_parser("password", help="set somebody's password; signs them out everywhere")
    for command in (add, password):
        command.add_argument("--link", action="store_true", help="print a one-time link to set the password, valid for 7 days")
    withdraw = commands.add_parser("withdraw", help="withdraw somebody at once, Telegram included")
    for command in (password, withdraw):
        command.add_argument("--email", required=True)
    return parser


# What is typed is read before a transaction begins: nobody else waits for a person who thinks.


def _add(database: Database, chosen: argparse.Namespace, settings: Settings) -> str:
    with database.transaction() as session:
        usual = "pa" if has_staff(session) else "admin"
    email = _answer(chosen.email, "E-mail address", "--email", lambda email: _check_new(database, email))
    name = _answer(chosen.name, "Name", "--name", checked_name)
    role = _answer(chosen.role, f"Role: {', '.join(ROLES)} [{usual}]", "--role", check_role, usual)
    password = "" if chosen.link else _read_password(name, email)
    with database.transaction() as session:
        staff = add_staff(session, name=name, email=email, role=role, by=None, now=_now())
        return f"{staff.name} ({staff.role}) is added. {_give(session, staff, password, settings)}"


def _list(database: Database, _chosen: argparse.Namespace, _settings: Settings) -> str:
    with database.transaction() as session:
        lines = [f"{one.role:6} {one.email:32} {one.name:24} {_state(one)}".rstrip() for one in all_staff(session)]
    return "\n".join(lines) or "Nobody yet. The first is added with: make staff"


def _state(person: Staff) -> str:
    return "withdrawn" if person.withdrawn else "" if person.password else "no password yet"


def _password(database: Database, chosen: argparse.Namespace, settings: Settings) -> str:
    with database.transaction() as session:
        staff = _found(session, chosen.email)
    password = "" if chosen.link else _read_password(staff.name, staff.email)
    with database.transaction() as session:
        staff = _found(session, chosen.email)
        return f"{staff.name}: {_give(session, staff, password, settings)}"


def _withdraw(database: Database, chosen: argparse.Namespace, _settings: Settings) -> str:
    with database.transaction() as session:
        staff = _found(session, chosen.email)
        withdraw_staff(session, staff, by=None, now=_now())
        return f"{staff.name} is withdrawn and signed out everywhere."


def _found(session: Session, email: str) -> Staff:
    staff = staff_by_email(session, email)
    if staff is None or staff.withdrawn is not None:
        raise NotFound(f"nobody with the e-mail address {email} has an account.")
    return staff


def _give(session: Session, staff: Staff, password: str, settings: Settings) -> str:
    """Set the password, or make a link to set one where there is none; say what to do next."""
    if password:
        set_password(session, staff, password, by=None, now=_now())
        return f"Sign in at {settings.inbox_address}"
    code = make_password_link(session, staff, by=None, now=_now())
    return f"Pass this link on; it works once, within 7 days:\n{settings.inbox_address}/set-password/{code}"


def _read_password(name: str, email: str) -> str:
    """Return a password: the first line of what is piped in, or asked for twice and not shown. Raises BadInput, Conflict."""
    for left in reversed(range(TRIES)):
        try:
            password = _typed() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
            check_new_password(password, name=name, email=email)
            break
        except (BadInput, Conflict) as error:
            if not (left and sys.stdin.isatty()):
                raise
            print(error)
    return password


def _typed() -> str:
    password = getpass.getpass("Password (at least 12 characters): ")
    if getpass.getpass("The same again: ") != password:
        raise Conflict("The two passwords are not the same.")
    return password


def _check_new(database: Database, email: str) -> None:
    with database.transaction() as session:
        check_new_email(session, email)


def _answer(given: str | None, what: str, option: str, check: Callable[[str], object], usual: str = "") -> str:
    """Return what was given or is typed, checked; on a terminal it is asked for again until it can be taken. Raises OfficeError."""
    for left in reversed(range(TRIES)):
        answer = given or _ask(what, option, usual)
        try:
            check(answer)
            return answer
        except (BadInput, Conflict) as error:
            if given or not left or not sys.stdin.isatty():
                raise
            print(error)
    raise AssertionError("the last try returns or raises")


def _ask(what: str, option: str, usual: str) -> str:
    if sys.stdin.isatty():
        return input(f"{what}: ").strip() or usual
    if not usual:
        raise BadInput(option, f"{option} is missing.")
    return usual


def _now() -> datetime:
    return datetime.now(timezone.utc)

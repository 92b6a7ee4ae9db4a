"""`make doctor`: looks at everything Usher needs and says what is wrong, a line each."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from bot.starting.checking import check_encoder, check_examples, check_facts
from bot.starting.facts import address
from bot.starting.looking import is_taken, look_at_folder, look_at_ports, runner_of, wanted_ports
from bot.starting.model import look_at_reading, why_train
from bot.starting.refusal import CannotStart
from bot.starting.run import answers_as_usher
from settings import ROOT, Settings, SettingsError


class Note(str):
    """What is well as it stands, and what somebody who runs Usher for real should know all the same."""


def examine() -> bool:
    """Print a line for each thing looked at; give whether all of it is well."""
    try:
        settings = Settings.read()
    except SettingsError as error:
        print(f"wrong  settings: {error}")
        return False
    looks: list[tuple[str, Callable[[], str]]] = [
        ("Python", _python),
        ("packages", _packages),
        ("settings", lambda: "every value can be used"),
        ("folder for data", lambda: _folder(settings.var)),
        ("ports", lambda: say_whose_ports(settings)),
        ("encoder", check_encoder),
        ("facts", _facts),
        ("training data", _examples),
        ("model", _model),
        ("database", lambda: _database(settings)),
        ("contradictions", lambda: _contradictions(settings)),
        ("e-mail", lambda: look_at_mail(settings)),
        ("notifications", lambda: look_at_notifications(settings)),
    ]
    seen = [_look(name, look) for name, look in looks]
    return all(seen)


def _look(name: str, look: Callable[[], str]) -> bool:
    try:
        found = look()
        print(f"{'note' if isinstance(found, Note) else 'well'}   {name}: {found}", flush=True)
    except CannotStart as error:
        print(f"wrong  {name}: {error}", flush=True)
        return False
    return True


def _python() -> str:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] != (3, 10):
        raise CannotStart(f"this is Python {version}; Rasa needs 3.10. `make setup` finds it.")
    return version


def _packages() -> str:
    noted, wanted = Path(sys.prefix) / "requirements.lock", ROOT / "requirements.lock"
    if not noted.is_file() or noted.read_bytes() != wanted.read_bytes():
        raise CannotStart("they are not those of requirements.lock; `make setup` installs them.")
    return "those of requirements.lock"


def _folder(folder: Path) -> str:
    look_at_folder(folder, "set USHER_VAR to one that can be written")
    return str(folder)


def say_whose_ports(settings: Settings) -> str:
    """Return whose the ports are. Beside a running Usher they are its own, which is as it should be."""
    runner, wanted = runner_of(settings.var), wanted_ports(settings)
    own = {setting for setting, host, port in wanted if is_taken(host, port) and answers_as_usher(setting, host, port)}
    look_at_ports(settings, but=own)
    numbers = ", ".join(str(port) for setting, _, port in wanted if setting in own)
    if runner:
        return f"{numbers or 'none yet'} in use by Usher itself, which is running (process {runner})"
    if own:
        return Note(f"at {numbers} an Usher answers that no `make run` started with this folder for data; two cannot have the same ports")
    return ", ".join(str(port) for _, _, port in wanted) + " are free"


def _facts() -> str:
    files = check_facts()
    return f"{sum(len(file.facts) for file in files)} in {len(files)} files"


def _examples() -> str:
    look_at_reading()
    check_examples()
    return "every file can be read"


def _model() -> str:
    reason = why_train()
    return f"the next start trains it, since {reason}" if reason else "up to date"


def _database(settings: Settings) -> str:
    from sqlalchemy import text
    from sqlalchemy.exc import SQLAlchemyError

    from office.base.database import Database
    from office.base.errors import DatabaseAway

    try:
        with Database(settings.database_url).transaction() as session:
            connection = session.connection()
            damage = connection.execute(text("PRAGMA quick_check(1)")).scalar() if connection.dialect.name == "sqlite" else "ok"
    except DatabaseAway as error:
        raise CannotStart(f"{address(settings)} does not answer: {' '.join(str(error).split())}") from None
    except SQLAlchemyError as error:
        raise CannotStart(f"{address(settings)} cannot be used: {' '.join(str(getattr(error, 'orig', error)).split())}") from None
    if damage != "ok":
        raise CannotStart(f"{address(settings)} is damaged ({damage}); bring back the latest copy of it.")
    return address(settings)


def _contradictions(settings: Settings) -> str:
    """Name the pairs of facts that cannot both be true, as the last load found them."""
    from sqlalchemy import inspect, select
    from sqlalchemy.exc import SQLAlchemyError

    from office.base.database import Database
    from office.base.errors import DatabaseAway
    from office.facts.model import Contradiction

    try:
        with Database(settings.database_url).transaction() as session:
            if not inspect(session.connection()).has_table(Contradiction.__tablename__):
                return "no facts are loaded yet"
            pairs = session.execute(select(Contradiction)).scalars().all()
            found = [f"{pair.first} and {pair.second}" for pair in pairs]
    except (DatabaseAway, SQLAlchemyError):
        raise CannotStart("unknown while the database cannot be read") from None
    if found:
        raise CannotStart("; ".join(found) + ". One of each pair has to go or to be dated.")
    return "none"


def look_at_mail(settings: Settings) -> str:
    """Return how e-mails go out and to whom. Raises CannotStart where they cannot arrive."""
    if not settings.mail_server:
        return Note(
            f"no mail server is set (USHER_MAIL_SERVER); e-mails stay in {settings.var / 'mail' / 'new'}, where nobody is told of them"
        )
    import asyncio
    from urllib.parse import urlsplit

    from bot.worker.delivery import Undelivered
    from bot.worker.mail import LOOPBACK, try_server

    host = urlsplit(settings.mail_server).hostname or ""
    if "." not in settings.mail_domain and host not in LOOPBACK:
        raise CannotStart(
            f"USHER_MAIL_FROM is {settings.mail_from}; outside this machine no server takes that sender. Give one of your own domain."
        )
    try:
        asyncio.run(try_server(settings.mail_server))
    except Undelivered as error:
        raise CannotStart(f"{error} (USHER_MAIL_SERVER, {host}).") from None
    if "." not in settings.mail_domain:
        return Note(f"they go out from {settings.mail_from}, which only a mail server on this machine takes; set USHER_MAIL_FROM")
    to = _without_pa(settings)
    return Note(to) if to else f"{host} takes them, from {settings.mail_from}"


def _without_pa(settings: Settings) -> str:
    """Return a sentence where no real person would be notified of a lead."""
    from sqlalchemy import inspect, select
    from sqlalchemy.exc import SQLAlchemyError

    from office.base.database import Database
    from office.base.errors import DatabaseAway
    from office.base.staff import Staff, roles_that

    try:
        with Database(settings.database_url).transaction() as session:
            if inspect(session.connection()).has_table(Staff.__tablename__):
                query = select(Staff.id).where(Staff.role.in_(roles_that("be told first")), Staff.withdrawn.is_(None)).limit(1)
                if session.execute(query).scalar() is not None:
                    return ""
    except (DatabaseAway, SQLAlchemyError):
        return ""
    if "." in settings.mail_to.rpartition("@")[2]:
        return ""
    return (
        f"nobody with the role PA has an account, so that leads go to {settings.mail_to}, which no mail server delivers; set USHER_MAIL_TO"
    )


def look_at_notifications(settings: Settings) -> str:
    """Return how many wait, and whether somebody sends them. Raises CannotStart where some were or will be lost."""
    from datetime import datetime, timezone

    from sqlalchemy import inspect
    from sqlalchemy.exc import SQLAlchemyError

    from office.base.database import Database
    from office.base.errors import DatabaseAway
    from office.base.heartbeats import Heartbeat, state_of
    from office.outbox.queue import waiting_count
    from office.reports.sent import failed, waiting

    now = datetime.now(timezone.utc)
    try:
        with Database(settings.database_url).transaction() as session:
            if not inspect(session.connection()).has_table(Heartbeat.__tablename__):
                return "none yet"
            lost, count = len(failed(session, now=now)), waiting_count(session)
            reasons = [entry.notification.error for entry in waiting(session) if entry.notification.error]
            runs = state_of(session, "worker", now=now) == "ok"
    except (DatabaseAway, SQLAlchemyError):
        raise CannotStart("unknown while the database cannot be read") from None
    if lost:
        raise CannotStart(f"{lost} could not be sent in the last week; the inbox says why, under Notifications.")
    if count and not runs:
        raise CannotStart(f"{count} to be sent, and the worker is not running; `make run` starts it.")
    if reasons:
        raise CannotStart(f"{count} to be sent, {len(reasons)} of them tried in vain so far: {reasons[0]}")
    return f"{count} to be sent; the worker is {'running' if runs else 'not running'}"

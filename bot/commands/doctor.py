"""`make doctor`: looks at everything Usher needs and says what is wrong, a line each."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from bot.starting.checking import check_encoder, check_examples, check_facts
from bot.starting.facts import address
from bot.starting.looking import look_at_folder, look_at_ports
from bot.starting.model import look_at_reading, why_train
from bot.starting.refusal import CannotStart
from settings import ROOT, Settings, SettingsError


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
        ("ports", lambda: _ports(settings)),
        ("encoder", check_encoder),
        ("facts", _facts),
        ("training data", _examples),
        ("model", _model),
        ("database", lambda: _database(settings)),
        ("contradictions", lambda: _contradictions(settings)),
        ("notifications", lambda: look_at_notifications(settings)),
    ]
    seen = [_look(name, look) for name, look in looks]
    return all(seen)


def _look(name: str, look: Callable[[], str]) -> bool:
    try:
        print(f"well   {name}: {look()}", flush=True)
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


def _ports(settings: Settings) -> str:
    look_at_ports(settings)
    return f"{settings.website_port} and {settings.rasa_port} are free"


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
    from office.base.database import Database
    from office.base.errors import DatabaseAway

    try:
        with Database(settings.database_url).transaction() as session:
            session.connection()
    except DatabaseAway as error:
        raise CannotStart(f"{address(settings)} does not answer: {' '.join(str(error).split())}") from None
    return address(settings)


def _contradictions(settings: Settings) -> str:
    """Name the pairs of facts that cannot both be true, as the last load found them."""
    from sqlalchemy import inspect, select

    from office.base.database import Database
    from office.base.errors import DatabaseAway
    from office.facts.model import Contradiction

    try:
        with Database(settings.database_url).transaction() as session:
            if not inspect(session.connection()).has_table(Contradiction.__tablename__):
                return "no facts are loaded yet"
            pairs = session.execute(select(Contradiction)).scalars().all()
            found = [f"{pair.first} and {pair.second}" for pair in pairs]
    except DatabaseAway:
        raise CannotStart("unknown while the database is away") from None
    if found:
        raise CannotStart("; ".join(found) + ". One of each pair has to go or to be dated.")
    return "none"


def look_at_notifications(settings: Settings) -> str:
    """Say how many wait, and whether somebody sends them. Raises CannotStart where some were or will be lost."""
    from datetime import datetime, timezone

    from sqlalchemy import inspect

    from office.base.database import Database
    from office.base.errors import DatabaseAway
    from office.base.heartbeats import Heartbeat, state_of
    from office.outbox.queue import waiting_count
    from office.reports.sent import failed

    now = datetime.now(timezone.utc)
    try:
        with Database(settings.database_url).transaction() as session:
            if not inspect(session.connection()).has_table(Heartbeat.__tablename__):
                return "none yet"
            lost, waiting = len(failed(session, now=now)), waiting_count(session)
            runs = state_of(session, "worker", now=now) == "ok"
    except DatabaseAway:
        raise CannotStart("unknown while the database is away") from None
    if lost:
        raise CannotStart(f"{lost} could not be sent in the last week; the inbox says why, under Notifications.")
    if waiting and not runs:
        raise CannotStart(f"{waiting} to be sent, and the worker is not running; `make run` starts it.")
    return f"{waiting} to be sent; the worker is {'running' if runs else 'not running'}"

"""The one way to the database: an engine, a transaction, the tables' common base, migrations."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Iterator

from alembic import command
from alembic.config import Config
from sqlalchemy import DateTime, create_engine, event, text
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.orm import Session, declarative_base, sessionmaker
from sqlalchemy.types import TypeDecorator

from office.errors import DatabaseAway

Table: Any = declarative_base()
BUSY_TIMEOUT_MS = 5000
MIGRATION_LOCK = 7205191  # any number that only our migrations ask PostgreSQL for


class Moment(TypeDecorator):  # type: ignore[type-arg]
    """A point in time: UTC in the database, aware in Python, on SQLite as on PostgreSQL."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        return value.astimezone(timezone.utc) if value else None

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        return value.replace(tzinfo=timezone.utc) if value and value.tzinfo is None else value


def open_engine(url: str) -> Engine:
    """Give an engine for the URL: SQLite in WAL mode with a busy timeout, or PostgreSQL. Opens no connection yet.

    Raises DatabaseAway for a URL that names no database, or a SQLite folder that cannot be made.
    """
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() != "sqlite":
            return create_engine(url, future=True, pool_pre_ping=True, pool_size=5, connect_args={"connect_timeout": 3})
        if parsed.database and parsed.database != ":memory:":
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(url, future=True, connect_args={"check_same_thread": False})
    except (ArgumentError, OSError, ModuleNotFoundError) as error:
        raise DatabaseAway(f"the database {_without_password(url)} cannot be opened: {error}") from error
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _without_password(url: str) -> str:
    try:
        return str(make_url(url).render_as_string(hide_password=True))
    except ArgumentError:
        return "(not a database address)"


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", f"busy_timeout={BUSY_TIMEOUT_MS}", "synchronous=NORMAL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


class Database:
    """The database of one process; `with database.transaction() as session:` is our unit of work."""

    def __init__(self, url: str) -> None:
        self.engine = open_engine(url)
        self._sessions = sessionmaker(self.engine, future=True, expire_on_commit=False)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Give a session that commits at the end of the block and rolls back on any error.

        Raises DatabaseAway where the database does not answer.
        """
        try:
            with self._sessions.begin() as session:
                yield session
        except OperationalError as error:
            raise DatabaseAway(str(error.orig)) from error
        except DBAPIError as error:
            if error.connection_invalidated:
                raise DatabaseAway(str(error.orig)) from error
            raise

    def migrate(self) -> None:
        """Bring the tables to this version of Usher. Safe when two processes start at once: one waits for the other."""
        try:
            with self.engine.connect() as connection:
                _take_turn(connection)
                config = Config()
                config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
                connection.commit()
        except OperationalError as error:
            raise DatabaseAway(str(error.orig)) from error


def _take_turn(connection: Connection) -> None:
    """Hold all other migrating processes back until this transaction ends."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
    else:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

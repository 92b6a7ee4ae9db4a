"""The one way to the database: an engine, a transaction, the tables' common base, migrations."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Iterator

from sqlalchemy import DateTime, String, Text, bindparam, create_engine, event, text
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoFreeConnection
from sqlalchemy.orm import Session, declarative_base, sessionmaker
from sqlalchemy.pool import QueuePool
from sqlalchemy.types import TypeDecorator

from office.base.errors import DatabaseAway

if TYPE_CHECKING:

    class Table:
        """What all our tables are. Written out for the type checks: what declarative_base() gives is Any, and would let each misspelt column pass."""

        __table__: ClassVar[Any]
        metadata: ClassVar[Any]
        registry: ClassVar[Any]

        def __init__(self, **columns: Any) -> None: ...

else:
    Table = declarative_base()

BUSY_TIMEOUT_MS = 5000
MIGRATION_LOCK = 7205191  # any number that only our migrations ask PostgreSQL for
NUMBERING_LOCK = 7205192  # likewise, for what is numbered within a conversation
LARGEST_NUMBER = 2**31 - 1  # of an integer column


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


class Words(TypeDecorator):  # type: ignore[type-arg]
    """Text that a visitor sent: whatever is in it, both databases can keep it."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        # no end-of-text sign, which PostgreSQL refuses; no half of an emoji, which is no UTF-8
        return value.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8") if value is not None else None


class Name(Words):
    """A short text of the same kind; `Name(200)` is a VARCHAR(200)."""

    impl = String
    cache_ok = True


def open_engine(url: str) -> Engine:
    """Return an engine for the URL: SQLite in WAL mode with a busy timeout, or PostgreSQL. Opens no connection yet.

    Raises DatabaseAway for a URL that names no database, or a SQLite folder that cannot be made.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:  # their text repeats the address, password and all
        raise DatabaseAway("the database's address cannot be understood; it looks like postgresql://user:password@host/name") from error
    try:
        if parsed.get_backend_name() != "sqlite":
            return create_engine(
                url, future=True, hide_parameters=True, pool_pre_ping=True, pool_size=5, connect_args={"connect_timeout": 3}
            )
        if parsed.database and parsed.database != ":memory:":
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        # SQLAlchemy 1.4 opens a SQLite file anew for each transaction unless told otherwise: 24 ms against 1
        engine = create_engine(url, future=True, hide_parameters=True, poolclass=QueuePool, connect_args={"check_same_thread": False})
    except (ArgumentError, OSError, ModuleNotFoundError) as error:
        shown = parsed.render_as_string(hide_password=True)
        raise DatabaseAway(f"the database {shown} cannot be opened: {error}") from error
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    # secure_delete: what is erased is overwritten with zeros, so that no word of it stays in the file
    for pragma in ("journal_mode=WAL", f"busy_timeout={BUSY_TIMEOUT_MS}", "synchronous=NORMAL", "foreign_keys=ON", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


class Database:
    """The database of one process; `with database.transaction() as session:` is our unit of work."""

    def __init__(self, url: str) -> None:
        self.engine = open_engine(url)
        self._sessions = sessionmaker(self.engine, future=True, expire_on_commit=False)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Return a session that commits at the end of the block and rolls back on any error.

        Raises DatabaseAway where the database does not answer.
        """
        try:
            with self._sessions.begin() as session:
                yield session
        except OperationalError as error:
            raise DatabaseAway(str(error.orig)) from error
        except NoFreeConnection as error:
            raise DatabaseAway("all connections are taken") from error
        except DBAPIError as error:
            if error.connection_invalidated:
                raise DatabaseAway(str(error.orig)) from error
            raise

    def migrate(self) -> None:
        """Bring the tables to this version of Usher. Safe when two processes start at once: one waits for the other."""
        from alembic import command  # only who starts Usher migrates, and the import takes a second
        from alembic.config import Config

        try:
            with self.engine.connect() as connection:
                _take_turn(connection)
                config = Config()
                config.set_main_option("script_location", str(Path(__file__).parents[1] / "migrations"))
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
                connection.commit()
        except DatabaseError as error:  # SQLite's "file is not a database" among them
            raise DatabaseAway(str(error.orig)) from error


def is_postgresql(session: Session) -> bool:
    """Return whether the database is PostgreSQL; if not it is SQLite."""
    return bool(session.connection().dialect.name == "postgresql")


def take_turn(session: Session, conversation: str) -> None:
    """Hold back all others who would number something in this conversation, until this transaction ends."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        lock = text("SELECT pg_advisory_xact_lock(:kind, hashtext(:name))").bindparams(bindparam("name", type_=Name()))
        connection.execute(lock, {"kind": NUMBERING_LOCK, "name": conversation})
    elif not connection.connection.in_transaction:  # sqlite3 begins by itself only at the first write, which is too late
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def load_alone(session: Session) -> None:
    """Hold back all others who would load facts, until this transaction ends."""
    _take_turn(session.connection())


def _take_turn(connection: Connection) -> None:
    """Hold all other migrating or loading processes back until this transaction ends."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
    else:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

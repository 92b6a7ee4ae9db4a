"""Migrated databases, one for each test: SQLite, and PostgreSQL too where `both_databases` marks a test or a module.

`both_databases` belongs wherever the two may differ: statements by dialect, locks and races, what a failed statement does to its
transaction, order and case of words, JSON, lengths, signs that one of them refuses, migrations. All else is run once, on SQLite.
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import Integer, create_engine, insert, inspect, select, text
from sqlalchemy.engine import make_url

from office.base.database import Database, Table

BOTH, POSTGRESQL = "both_databases", "postgresql"
ROWS = 1000  # of one INSERT


def is_missing(what: str) -> None:
    """Skip aloud on a laptop; in CI nothing may be missing."""
    if os.environ.get("CI"):
        pytest.fail(what)
    pytest.skip(what)


def postgres_server() -> str:
    """Return the address of a PostgreSQL server whose user may make databases, or nothing."""
    return os.environ.get("USHER_TEST_POSTGRES_URL", "")


def choose_databases(metafunc: pytest.Metafunc) -> None:
    """Run a test on the databases it is marked for."""
    if "database_kind" not in metafunc.fixturenames:
        return
    if metafunc.definition.get_closest_marker(POSTGRESQL):  # even within a module of both
        metafunc.parametrize("database_kind", [POSTGRESQL], indirect=True, scope="module")
    elif metafunc.definition.get_closest_marker(BOTH):
        metafunc.parametrize("database_kind", ["sqlite", POSTGRESQL], indirect=True, scope="module")


@contextmanager
def postgres_database() -> Iterator[str]:
    """Give the address of an empty PostgreSQL database, dropped at the end."""
    server = postgres_server()
    if not server:
        is_missing("no PostgreSQL: set USHER_TEST_POSTGRES_URL (.ci/run starts one)")
        return
    name = f"usher_{uuid.uuid4().hex[:12]}"
    maker = create_engine(server, future=True, isolation_level="AUTOCOMMIT")
    with maker.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        with maker.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        maker.dispose()


def copy_to_postgres(source: Path, url: str) -> None:
    """Copy a loaded SQLite database into an empty one of PostgreSQL."""
    target = Database(url)
    target.migrate()
    with create_engine(f"sqlite:///{source}", future=True).connect() as one, target.engine.begin() as other:
        for table in Table.metadata.sorted_tables:
            other.execute(table.delete())
            rows = [dict(row) for row in one.execute(select(table)).mappings()]
            for start in range(0, len(rows), ROWS):
                other.execute(insert(table), rows[start : start + ROWS])
            if "id" in table.c and isinstance(table.c.id.type, Integer):
                counter = {"table": f'"{table.name}"', "id": max((row["id"] for row in rows), default=1)}
                other.execute(text("SELECT setval(pg_get_serial_sequence(:table, 'id'), :id)"), counter)
    target.engine.dispose()


def migrate(url: str) -> str:
    """Make all tables, and return the address."""
    database = Database(url)
    database.migrate()
    database.engine.dispose()
    return url


def empty(database: Database) -> None:
    """Delete all rows and count from 1 again; tens of milliseconds, where TRUNCATE takes hundreds."""
    ours = [table.name for table in reversed(Table.metadata.sorted_tables)]
    with database.engine.begin() as connection:
        others = set(inspect(connection).get_table_names()) - {"alembic_version", *ours}  # such as Rasa's tracker
        connection.execute(text("; ".join([f'DELETE FROM "{name}"' for name in ours] + [f'DROP TABLE "{name}"' for name in others])))
        used = "SELECT setval(format('%I', sequencename)::regclass, start_value, false) FROM pg_sequences WHERE last_value IS NOT NULL"
        connection.execute(text(used))


@cache
def reopened(url: str) -> Database:
    """Return the database at an address, the same object each time: it remembers the SQL that it has compiled, a third of a test's time."""
    return Database(url)


def renewed(folder: Path, source: Path) -> Path:
    """Empty a folder that a test before has left, put a copy of a database in it, and return its path."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return Path(shutil.copy(source, folder / "usher.db"))


@pytest.fixture(scope="module")
def database_kind(request: pytest.FixtureRequest) -> str:
    """`sqlite` or `postgresql`."""
    return getattr(request, "param", "sqlite")


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied: migrating takes longer than most of the tests."""
    file = tmp_path_factory.mktemp("migrated") / "usher.db"
    migrate(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def migrated_server() -> Iterator[str]:
    """The address of a migrated PostgreSQL database, emptied before each test: making one takes longer than most of the tests."""
    with postgres_database() as url:
        yield migrate(url)


@pytest.fixture(scope="module")
def database_url(database_kind: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an empty database, one of each kind for each module of tests."""
    if database_kind == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('database') / 'usher.db'}"
        return
    with postgres_database() as url:
        yield url


@pytest.fixture
def empty_url(database_kind: str, tmp_path: Path) -> Iterator[str]:
    """The address of a database without tables."""
    if database_kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'usher.db'}"
        return
    with postgres_database() as url:
        yield url


@pytest.fixture(scope="session")
def database_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the SQLite database of one test after the other lies."""
    return tmp_path_factory.mktemp("database") / "current"


@pytest.fixture
def database(request: pytest.FixtureRequest, database_kind: str, database_folder: Path) -> Iterator[Database]:
    """A migrated database, empty."""
    if database_kind == "sqlite":
        opened = reopened(f"sqlite:///{renewed(database_folder, request.getfixturevalue('migrated_file'))}")
    else:
        opened = reopened(request.getfixturevalue("migrated_server"))
        empty(opened)
    yield opened
    opened.engine.dispose()

"""A migrated database of its own for each test, on SQLite and, where there is a server, on PostgreSQL."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from office.base.database import Database, Table
from tests.conftest import postgres_database
from tests.office.fact_folder import CountingEncoder, FactFolder


def _migrate(url: str) -> str:
    database = Database(url)
    database.migrate()
    database.engine.dispose()
    return url


def _empty(database: Database) -> None:
    """Delete all rows and count from 1 again; tens of milliseconds, where TRUNCATE takes hundreds."""
    ours = [table.name for table in reversed(Table.metadata.sorted_tables)]
    with database.engine.begin() as connection:
        others = set(inspect(connection).get_table_names()) - {"alembic_version", *ours}  # such as Rasa's tracker
        connection.execute(text("; ".join([f'DELETE FROM "{name}"' for name in ours] + [f'DROP TABLE "{name}"' for name in others])))
        used = "SELECT setval(format('%I', sequencename)::regclass, start_value, false) FROM pg_sequences WHERE last_value IS NOT NULL"
        connection.execute(text(used))


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied: migrating takes longer than most of the tests."""
    file = tmp_path_factory.mktemp("migrated") / "usher.db"
    _migrate(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def migrated_server() -> Iterator[str]:
    """The address of a migrated PostgreSQL database, emptied before each test: making one takes longer than most of the tests."""
    with postgres_database() as url:
        yield _migrate(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'usher.db'}"
    else:
        with postgres_database() as url:
            yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A migrated database, empty."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_file"), tmp_path / "usher.db")
        opened = Database(f"sqlite:///{tmp_path / 'usher.db'}")
        yield opened
        opened.engine.dispose()
    else:
        opened = Database(request.getfixturevalue("migrated_server"))
        _empty(opened)
        yield opened
        opened.engine.dispose()


@pytest.fixture
def folder(tmp_path: Path) -> FactFolder:
    return FactFolder(tmp_path / "data")


@pytest.fixture
def encoder() -> CountingEncoder:
    return CountingEncoder()


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 9, 1, 12, 0, tzinfo=timezone.utc)

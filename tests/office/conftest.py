"""A migrated database of its own for each test, on SQLite and, where there is a server, on PostgreSQL."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from office.database import Database
from tests.conftest import postgres_database
from tests.office.fact_folder import CountingEncoder, FactFolder


def _migrate(url: str) -> str:
    database = Database(url)
    database.migrate()
    database.engine.dispose()
    return url


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied: migrating takes longer than most of the tests."""
    file = tmp_path_factory.mktemp("migrated") / "usher.db"
    _migrate(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def migrated_name() -> Iterator[str]:
    """The name of a migrated PostgreSQL database, to be copied."""
    with postgres_database() as url:
        yield str(make_url(_migrate(url)).database)


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
        with postgres_database(request.getfixturevalue("migrated_name")) as url:
            opened = Database(url)
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

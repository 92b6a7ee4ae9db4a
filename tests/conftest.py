"""What all tests share: databases of both kinds, and a real Usher that runs."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

os.environ.setdefault("SQLALCHEMY_WARN_20", "1")  # read at SQLAlchemy's import: it then says what 2.0 will no longer take

import pytest
from sqlalchemy import Integer, create_engine, insert, select, text
from sqlalchemy.engine import make_url

from settings import ROOT
from tests.living import Usher, clean_environment, copy_database, living

FACTS = ROOT / "var" / "tests" / "usher.db"  # kept from one run to the next, since vectors take a minute
ROWS = 1000


def is_missing(what: str) -> None:
    """Skip aloud on a laptop; in CI nothing may be missing."""
    if os.environ.get("CI"):
        pytest.fail(what)
    pytest.skip(what)


@contextmanager
def postgres_database() -> Iterator[str]:
    """Give the address of an empty PostgreSQL database, dropped at the end."""
    server = os.environ.get("USHER_TEST_POSTGRES_URL")
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


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an empty database, one of each kind for each module of tests."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('database') / 'usher.db'}"
        return
    with postgres_database() as url:
        yield url


@pytest.fixture(scope="session")
def loaded_database() -> Path:
    """A SQLite database with all facts and their vectors; tests copy it."""
    environment = {**clean_environment(), "USHER_VAR": str(FACTS.parent), "PYTHONWARNINGS": "ignore"}
    FACTS.parent.mkdir(parents=True, exist_ok=True)
    with FACTS.with_suffix(".lock").open("w") as lock:  # tests run side by side in several processes
        fcntl.flock(lock, fcntl.LOCK_EX)
        subprocess.run([sys.executable, "-m", "bot.starting.facts"], cwd=ROOT, env=environment, check=True)
    return FACTS


@pytest.fixture(scope="session")
def running(loaded_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Usher]:
    """A real Usher on SQLite: `running.website`, `running.rasa`. At the end no process of it may be left."""
    var = tmp_path_factory.mktemp("running")
    copy_database(loaded_database, var / "usher.db")
    with living(var) as usher:
        yield usher


@pytest.fixture(scope="module")
def running_on_postgresql(loaded_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Usher]:
    """The same on PostgreSQL: facts, enquiries and Rasa's tracker."""
    with postgres_database() as url:
        copy_to_postgres(loaded_database, url)
        with living(tmp_path_factory.mktemp("postgres"), USHER_DATABASE_URL=url) as usher:
            yield usher


def copy_to_postgres(source: Path, url: str) -> None:
    """Copy a loaded SQLite database into an empty one of PostgreSQL."""
    from office.base.database import Database, Table

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

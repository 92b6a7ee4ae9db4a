"""What all tests share: databases, made-up facts, a fixed moment, and a real Usher that runs."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import certifi
import hypothesis
import pytest
from argon2 import PasswordHasher

from bot.process.rasa_memory import RasaMemory
from office.people import passwords
from office.personal.memory import use_memory
from settings import ROOT
from tests.clock import NOW
from tests.databases import (
    POSTGRESQL,
    choose_databases,
    database,
    database_folder,
    database_kind,
    database_url,
    empty_url,
    is_missing,
    migrated_file,
    migrated_server,
    postgres_server,
)
from tests.living import Usher
from tests.office.fact_folder import CountingEncoder, FactFolder
from tests.searching import WHOLE
from tests.shared import KINDS, Keeper, loaded_facts, shared_usher, want

__all__ = ["database", "database_folder", "database_kind", "database_url", "empty_url", "migrated_file", "migrated_server"]
TESTS = Path(__file__).parent
EXAMPLE_FACTS, EXAMPLE_NAMES = "schoolsworks.yml", re.compile(r"s[ck]h?ools? ?works|clpt|central learning", re.I)
REAL = passwords.hasher
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
SLOW_FIXTURES = {"browser", "loaded_database", "process", "shared", *KINDS}  # a browser, a running Usher, a process of its own
SLOW_FOLDERS = {"bot", "browser", "conversations", "faults"}  # servers and processes
hypothesis.settings.load_profile(WHOLE)
KEEPER, FOLDER = pytest.StashKey[Keeper](), pytest.StashKey[Path]()


def pytest_configure(config: pytest.Config) -> None:
    """Keep the shared Ushers in the process that began the run; a worker is told where. Say, as each process does, who keeps the memory."""
    use_memory(RasaMemory())
    if hasattr(config, "workerinput"):
        config.stash[FOLDER] = Path(config.workerinput["shared"])
    else:
        config.stash[KEEPER] = Keeper()
        config.stash[FOLDER] = config.stash[KEEPER].folder


@pytest.hookimpl(optionalhook=True)  # without xdist nobody asks
def pytest_configure_node(node: Any) -> None:
    node.workerinput["shared"] = str(node.config.stash[FOLDER])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Return how many workers `-n auto` takes: one more than there are cores, since many tests wait for a process or a browser."""
    return min((os.cpu_count() or 1) + 1, 4)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    choose_databases(metafunc)


@pytest.hookimpl(tryfirst=True)  # before `-m` selects
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Group what shares a server, put those that wait for a whole Usher behind the other slow ones, and mark what `make quick` leaves out."""
    places = {path: path.relative_to(TESTS) for path in {item.path for item in items}}
    waiting = set()
    for item in items:
        skip_without_example(item)
        used, place = uses(item), places[item.path]
        group = next((kind for kind in KINDS if kind in used and place.parts[0] == "conversations"), str(place))
        group = "nlp" if "nlp" in used else group  # which takes seconds to build
        item.add_marker(pytest.mark.xdist_group(group))
        if used & {*SLOW_FIXTURES, POSTGRESQL} or place.parts[0] in SLOW_FOLDERS:
            item.add_marker(pytest.mark.slow)
        if used & {*KINDS, "readers", "adopted"}:  # what an Usher learns at its start need not be learned beside it
            waiting.add(place)
    first = ("bot", "browser", "faults")  # what takes longest
    items.sort(key=lambda item: 1 if places[item.path] in waiting else 0 if places[item.path].parts[0] in first else 2)


def skip_without_example(item: pytest.Item) -> None:
    """Skip aloud, after `make adopt`, what is about the example's facts: the whole test, or with `named` the cases that name its trusts."""
    about = item.get_closest_marker("example")
    if about is None or (ROOT / "data" / "facts" / EXAMPLE_FACTS).exists():
        return
    if not about.kwargs.get("named") or EXAMPLE_NAMES.search(item.name):
        item.add_marker(pytest.mark.skip(reason="it is about the example's facts, which `make adopt` took out"))


def uses(item: pytest.Item) -> set[str]:
    """Return the names of an item's fixtures and the parameters that stand for some."""
    parameters = item.callspec.params.values() if hasattr(item, "callspec") else ()
    return {*getattr(item, "fixturenames", ()), *(value for value in parameters if isinstance(value, str))}


def pytest_collection_finish(session: pytest.Session) -> None:
    """Ask for the Ushers that will be needed: one takes half a minute to start."""
    if not session.config.option.collectonly:
        needed = {name for item in session.items for name in uses(item)}
        for kind in needed & set(KINDS):
            if kind == "running" or postgres_server():
                want(session.config.stash[FOLDER], kind)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Stop the shared Ushers: one that does not end as it should fails the run."""
    keeper = session.config.stash.get(KEEPER, None)
    faults = keeper.end() if keeper else []
    if faults:
        print("\n".join(["", "A shared Usher:", *faults]), file=sys.stderr)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Iterator[None]:
    """Hash in a millisecond."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "hasher", CHEAP)
        yield


@pytest.fixture(scope="session", autouse=True)
def one_certificate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let each HTTP client read one certificate, not the 140 of the world, which takes longer than most of the tests: all is plain HTTP."""
    end = "-----END CERTIFICATE-----\n"
    file = tmp_path_factory.mktemp("certificates") / "one.pem"
    file.write_text(Path(certifi.where()).read_text(encoding="utf-8").partition(end)[0] + end, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(certifi, "where", lambda: str(file))
        yield


class Hasty:
    """asyncio, for a server that looks twenty times as often whether it shall end: else each test with a server waits 0.2 seconds."""

    def __getattr__(self, name: str) -> Any:
        return getattr(asyncio, name)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / 20)


@pytest.fixture(scope="session", autouse=True)
def hasty_servers() -> Iterator[None]:
    """Let the servers that tests start in their own process end at once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("uvicorn.server.asyncio", Hasty())
        yield


@pytest.fixture
def real_hasher(monkeypatch: pytest.MonkeyPatch) -> PasswordHasher:
    """The hasher that people's passwords meet, in its place for one test."""
    monkeypatch.setattr(passwords, "hasher", REAL)
    return REAL


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def folder(tmp_path: Path) -> FactFolder:
    return FactFolder(tmp_path / "data")


@pytest.fixture
def encoder() -> CountingEncoder:
    return CountingEncoder()


@pytest.fixture(scope="session")
def loaded_database() -> Path:
    """A SQLite database with all facts and their vectors; tests copy it."""
    return loaded_facts()


@pytest.fixture(scope="session")
def running(request: pytest.FixtureRequest) -> Usher:
    """A real Usher on SQLite, the same one for all tests: `running.website`, `running.rasa`."""
    return shared_usher(request.config.stash[FOLDER], "running")


@pytest.fixture(scope="session")
def running_on_postgresql(request: pytest.FixtureRequest) -> Usher:
    """The same on PostgreSQL: facts, enquiries and Rasa's tracker."""
    if not postgres_server():
        is_missing("no PostgreSQL: set USHER_TEST_POSTGRES_URL (.ci/run starts one)")
    return shared_usher(request.config.stash[FOLDER], "running_on_postgresql")

"""An inbox with an empty database of its own for each test; `sign_in(role)` gives the browser of somebody with that role."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from language.acts.learned import act_reader, danger_reader, wish_reader
from office.base.database import Database
from office.facts.model import Trust
from settings import Settings
from tests.databases import renewed

from .inbox import Inbox, open_inbox


@pytest.fixture(scope="session")
def readers() -> None:
    """What reads acts and danger, learned before a page waits for it: a fresh checkout takes half a minute."""
    act_reader()
    danger_reader()
    wish_reader()


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with all tables and one trust, to be copied: migrating takes longer than most of the tests."""
    file = tmp_path_factory.mktemp("inbox") / "usher.db"
    database = Database(f"sqlite:///{file}")
    database.migrate()
    with database.transaction() as session:
        session.add(Trust(id="anytown", name="Anytown Academy Trust", short="Anytown", aliases=[]))
    database.engine.dispose()
    return file


@pytest.fixture(scope="session")
def inbox_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the inbox of one test after the other keeps what it keeps."""
    return tmp_path_factory.mktemp("var") / "current"


@pytest.fixture
def settings(inbox_folder: Path, empty_file: Path) -> Settings:
    """The settings of one test: a folder with nothing but its database."""
    return Settings.read({"USHER_VAR": str(renewed(inbox_folder, empty_file).parent), "USHER_HOME_TRUST": "anytown"})


@pytest.fixture
def inbox(settings: Settings) -> Iterator[Inbox]:
    """A running inbox in which nobody has an account yet."""
    with open_inbox(settings) as inbox:
        yield inbox


@pytest.fixture
def sign_in(inbox: Inbox) -> Callable[..., httpx.Client]:
    """Gives the browser of somebody with a role (staff, pa, admin), signed in; it follows no redirect by itself."""
    return inbox.sign_in

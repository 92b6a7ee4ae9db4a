"""A website of Anytown Academy Trust, with an empty database of its own for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import pytest

from office.answering.replies import Contact, keep_contact
from office.base.database import Database
from office.facts.files import read_topics
from office.facts.model import Document, Trust
from settings import Settings
from tests.bot.fake_rasa import FakeRasa

from .site import Site, open_site

ROBIN = Contact("Robin Example", "PA", "01632 960123", "robin@anytown.example", "Anytown")


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with all tables and one trust."""
    file = tmp_path_factory.mktemp("empty") / "usher.db"
    database = Database(f"sqlite:///{file}")
    database.migrate()
    with database.transaction() as session:
        session.add(Trust(id="anytown", name="Anytown Academy Trust", short="Anytown", aliases=[]))
        session.flush()
        session.add(Document(id="anytown.page", trust="anytown", title="Joining us", as_of="2024", dated="spring 2024"))
    database.engine.dispose()
    return file


@pytest.fixture(scope="session", autouse=True)
def topics_read_once() -> Iterator[None]:
    """Each website reads topics.yml, which takes a while; here all read it once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.website.app.read_topics", lru_cache(read_topics))
        yield


@pytest.fixture
def settings(tmp_path: Path, empty_database: Path, rasa: FakeRasa) -> Settings:
    """The settings of one test: a folder of its own, the fake Rasa, no limits."""
    shutil.copy(empty_database, tmp_path / "usher.db")
    keep_contact(ROBIN, tmp_path / "contact.json")
    return replace(
        Settings.read({"USHER_VAR": str(tmp_path), "USHER_HOME_TRUST": "anytown", "USHER_RASA_PORT": str(rasa.port)}),
        limit_conversation_per_minute=0,
        limit_address_per_minute=0,
    )


@pytest.fixture
def site(settings: Settings) -> Iterator[Site]:
    with open_site(settings) as site:
        yield site

"""A worker's surroundings: a database of its own, a mail server and a Bot API server on this machine."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from office.base.database import Database
from settings import Settings

from .desk import Desk
from .fake_bot_api import TOKEN, BotApi, bot_api
from .mail_server import MailServer, mail_server


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied."""
    file = tmp_path_factory.mktemp("worker") / "usher.db"
    database = Database(f"sqlite:///{file}")
    database.migrate()
    database.engine.dispose()
    return file


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


@pytest.fixture
def api() -> Iterator[BotApi]:
    with bot_api() as api:
        yield api


@pytest.fixture
def desk(tmp_path: Path, empty_file: Path, server: MailServer, api: BotApi) -> Iterator[Desk]:
    """A database with its settings: the mail server and the Bot API server are the tests' own."""
    shutil.copy(empty_file, tmp_path / "usher.db")
    settings = replace(
        Settings.read(
            {"USHER_VAR": str(tmp_path), "USHER_MAIL_FROM": "Usher <usher@anytown.example>", "USHER_MAIL_TO": "office@anytown.example"}
        ),
        mail_server=server.url,
        telegram_token=TOKEN,
        telegram_api=api.url,
    )
    database = Database(settings.database_url)
    yield Desk(settings, database)
    database.engine.dispose()

"""The real process `python -m bot.telegram` against a fake Bot API and a fake Rasa, with people plainly made up."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.starting.children import die_with
from office.answering.replies import Contact, keep_contact
from office.base.database import Database
from office.base.staff import Staff
from office.facts.model import Trust
from settings import ROOT
from tests.bot.fake_rasa import FakeRasa
from tests.living import clean_environment

from .fake_bot_api import TOKEN, FakeBotApi

ROBIN = Contact("Robin Example", "PA", "01632 960123", "robin@anytown.example", "Anytown")
ANN, BEN, PAT = 1001, 1002, 1003  # Telegram accounts: two of the staff, and the PA
STRANGER = 5005
GROUP = -100200300
NOW = datetime(2026, 9, 1, 12, 0, tzinfo=timezone.utc)


@pytest.fixture(scope="session")
def staffed_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with all tables, one trust, and three members of staff."""
    file = tmp_path_factory.mktemp("staffed") / "usher.db"
    database = Database(f"sqlite:///{file}")
    database.migrate()
    with database.transaction() as session:
        session.add(Trust(id="anytown", name="Anytown Academy Trust", short="Anytown", aliases=[]))
        for name, account, role in (("Ann Example", ANN, "staff"), ("Ben Example", BEN, "staff"), ("Pat Example", PAT, "pa")):
            session.add(Staff(name=name, email=f"{name.split()[0].lower()}@anytown.example", role=role, made=NOW, telegram=account))
    database.engine.dispose()
    return file


@dataclass
class Process:
    """One `python -m bot.telegram`, started and stopped as often as a test wants."""

    settings: dict[str, str]
    api: FakeBotApi
    database: Database
    log: Path
    process: subprocess.Popen[bytes] | None = None
    begun: int = 0

    def start(self, *, wait: bool = True) -> Process:
        tests = os.getpid()
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot.telegram"], cwd=ROOT, env={**clean_environment(), **self.settings},
                stdout=out, stderr=subprocess.STDOUT, preexec_fn=lambda: die_with(tests),
            )  # fmt: skip
        self.begun += 1
        if wait:
            self.api.wait(lambda: self.words().count("answering in Telegram as") >= self.begun, "the start", 90)
        return self

    def kill(self) -> None:
        """As the power going off."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(10)

    def stop(self) -> int:
        assert self.process is not None
        if self.process.poll() is None:
            self.process.terminate()
        return self.process.wait(15)

    def words(self) -> str:
        """What it logged."""
        return self.log.read_text() if self.log.exists() else ""

    def rows(self, query: str) -> list[Any]:
        with self.database.engine.connect() as connection:
            return list(connection.exec_driver_sql(query))

    def staff(self, account: int) -> Staff:
        with self.database.transaction() as session:
            return session.execute(select(Staff).where(Staff.telegram == account)).scalar_one()

    def settled(self) -> None:
        """Return once nothing waits any more."""
        self.api.wait(lambda: not self.rows("SELECT 1 FROM telegram_update WHERE state IN ('waiting', 'replying')"), "the end of all turns")


@contextmanager
def prepared(folder: Path, staffed: Path, rasa: FakeRasa, api: FakeBotApi) -> Iterator[Process]:
    """Give the process, not started yet. At its end the log is looked through for the token."""
    shutil.copy(staffed, folder / "usher.db")
    keep_contact(ROBIN, folder / "contact.json")
    settings = {
        "USHER_VAR": str(folder), "USHER_HOME_TRUST": "anytown", "USHER_RASA_PORT": str(rasa.port), "USHER_TELEGRAM_TOKEN": TOKEN,
        "USHER_TELEGRAM_API": api.url, "USHER_WEBSITE_URL": "https://chat.anytown.example", "USHER_INBOX_URL": "https://inbox.anytown.example",
    }  # fmt: skip
    process = Process(settings, api, Database(f"sqlite:///{folder / 'usher.db'}"), folder / "telegram.log")
    yield process
    if process.process is not None and process.process.poll() is None:
        process.kill()
    process.database.engine.dispose()
    assert TOKEN.partition(":")[2] not in process.words()


@pytest.fixture
def process(tmp_path: Path, staffed_database: Path, rasa: FakeRasa) -> Iterator[Process]:
    """A process of the test's own, not started yet."""
    api = FakeBotApi()
    with prepared(tmp_path, staffed_database, rasa, api) as process:
        yield process
    api.stop()


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, staffed_database: Path) -> Iterator[tuple[Process, FakeRasa]]:
    """One running process for all tests that need nothing of their own, since each start takes seconds."""
    rasa, api = FakeRasa(), FakeBotApi()
    with prepared(tmp_path_factory.mktemp("telegram"), staffed_database, rasa, api) as process:
        yield process.start(), rasa
    api.stop()
    rasa.stop()


@pytest.fixture
def bot(shared: tuple[Process, FakeRasa]) -> Process:
    """The running process, with nothing said yet."""
    process, rasa = shared
    process.settled()
    with process.database.engine.begin() as connection:
        for table in (
            "message",
            "telegram_message",
            "telegram_update",
            "notification",
            "lead_note",
            "lead",
            "gap_question",
            "gap",
            "feedback",
            "audit_entry",
        ):
            connection.exec_driver_sql(f"DELETE FROM {table}")
        for name, account, role in (("ann", ANN, "staff"), ("ben", BEN, "staff"), ("pat", PAT, "pa")):
            connection.exec_driver_sql(
                f"UPDATE staff SET telegram = {account}, telegram_blocked = NULL, role = '{role}' WHERE email = '{name}@anytown.example'"
            )
    with process.api.changed:
        process.api.calls.clear()
    rasa.heard.clear()
    return process


@pytest.fixture
def api(bot: Process) -> FakeBotApi:
    return bot.api


@pytest.fixture
def heard(shared: tuple[Process, FakeRasa]) -> FakeRasa:
    """The fake Rasa that the shared process asks."""
    return shared[1]

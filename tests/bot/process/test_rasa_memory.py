"""The assistant's memory is erased with a conversation by every process that erases, in Rasa's table as Rasa makes it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.inbox.app import build_app as build_inbox
from bot.process.rasa_memory import EVENTS, RasaMemory
from bot.rasa_client import Assistant
from bot.website.app import build_app as build_website
from bot.worker.loop import Worker
from office.base.database import Database
from office.personal import memory
from office.personal.erasure import erase_conversations
from settings import Settings
from tests.clock import NOW

pytestmark = pytest.mark.both_databases


@pytest.fixture
def nobody_keeps_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_memory", None)


def test_rasa_s_own_table_is_what_we_take_it_for(database: Database):
    pytest.importorskip("rasa")
    from bot.dialogue.spare import spare_imports

    spare_imports()
    from rasa.core.tracker_store import SQLTrackerStore

    theirs, kept = SQLTrackerStore.SQLEvent.__table__, RasaMemory()
    look = "Rasa's tracker store was changed: look at bot/process/rasa_memory.py, where its events are shown and erased"
    assert theirs.name == EVENTS.name and {column.name for column in EVENTS.columns} <= {column.name for column in theirs.columns}, look
    with database.transaction() as session:
        theirs.create(session.connection())
        for name, at in (("a", NOW), ("a", NOW + timedelta(minutes=2)), ("b", NOW)):
            session.execute(theirs.insert(), {"sender_id": name, "type_name": "user", "timestamp": at.timestamp(), "data": "{}"})
        assert [event["timestamp"] for event in kept.shown(session, "a")] == [NOW.timestamp(), NOW.timestamp() + 120]
        assert kept.forget(session, "a", until=NOW) == 1 and kept.forget(session, "a") == 1 and kept.shown(session, "a") == []
        kept.forget_before(session, NOW)
        assert len(kept.shown(session, "b")) == 1
        kept.forget_before(session, NOW + timedelta(seconds=1))
        assert kept.shown(session, "b") == []


def test_before_rasa_s_first_start_there_is_nothing_to_show_or_erase(database: Database):
    with database.transaction() as session:
        RasaMemory().forget_before(session, NOW)
        assert RasaMemory().shown(session, "a") == [] and RasaMemory().forget(session, "a") == 0


@pytest.mark.usefixtures("nobody_keeps_it")
def test_nothing_is_erased_where_nobody_keeps_the_memory(database: Database):
    with database.transaction() as session, pytest.raises(LookupError):
        erase_conversations(session, ["a"], now=NOW)


@pytest.mark.usefixtures("nobody_keeps_it")
@pytest.mark.parametrize("process", ["website", "inbox", "worker"])
def test_each_process_that_erases_says_who_keeps_it(database: Database, tmp_path: Path, process: str):
    settings = Settings.read({"USHER_VAR": str(tmp_path)})
    start = {"website": lambda: build_website(settings, database, Assistant("http://127.0.0.1:1", 1)),
             "inbox": lambda: build_inbox(settings, database), "worker": lambda: Worker(settings, database)}  # fmt: skip
    start[process]()
    assert isinstance(memory.assistant_memory(), RasaMemory)

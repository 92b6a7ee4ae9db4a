"""Erasing while Rasa is in the middle of a turn: its own tracker store writes the conversation again, and it is erased again."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import text

from office.base.database import Database
from office.personal.erasure import erase_person, finish_erasures
from office.personal.person_file import file_of_conversation
from tests.office.made_up import alex

pytestmark = pytest.mark.both_databases

pytest.importorskip("rasa")


def test_what_rasa_had_in_memory_does_not_come_back(database_url: str) -> None:
    from bot.dialogue.spare import spare_imports

    spare_imports()
    from rasa.shared.core.domain import Domain
    from rasa.shared.core.events import ActionExecuted, UserUttered
    from rasa.shared.core.trackers import DialogueStateTracker

    from bot.dialogue.tracker import RecentTrackerStore

    database = Database(database_url)
    database.migrate()
    store = RecentTrackerStore(domain=Domain.empty(), database_url=database_url)

    def events() -> int:
        with database.transaction() as session:
            return int(session.execute(text("SELECT count(*) FROM events WHERE sender_id = 'talk.signature'")).scalar_one())

    async def turn_with_erasure_in_it() -> None:
        tracker = DialogueStateTracker.from_events("talk.signature", [UserUttered("may we visit?"), ActionExecuted("action_answer")])
        await store.save(tracker)
        held = await store.retrieve("talk.signature")
        assert held is not None and events() == 2
        now = datetime.now(timezone.utc)
        with database.transaction() as session:
            erase_person(session, file_of_conversation(session, "talk.signature"), typed="talk.sig", by=alex(session, now), now=now)
        assert events() == 0
        held.update(UserUttered("and when?", timestamp=time.time()))
        await store.save(held)
        assert events() == 3, "Rasa writes all it had read: this is what has to be erased again"
        with database.transaction() as session:
            finish_erasures(session, now=now + timedelta(seconds=10))
        assert events() == 0

    asyncio.run(turn_with_erasure_in_it())
    store.engine.dispose()
    database.engine.dispose()

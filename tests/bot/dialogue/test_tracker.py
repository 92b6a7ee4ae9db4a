"""Rasa keeps nobody's words: its store holds intents, the form's step and our own slot, and a talk goes on from these."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import text

pytest.importorskip("rasa")


def test_no_word_of_either_side_is_written_and_the_talk_goes_on_after_a_restart(tmp_path: Path) -> None:
    from bot.dialogue.spare import spare_imports

    spare_imports()
    from rasa.shared.core.domain import Domain
    from rasa.shared.core.events import ActionExecuted, ActiveLoop, BotUttered, SlotSet, UserUttered
    from rasa.shared.core.slots import AnySlot
    from rasa.shared.core.trackers import DialogueStateTracker

    from bot.dialogue.tracker import RecentTrackerStore

    store = RecentTrackerStore(domain=Domain.empty(), database_url=f"sqlite:///{tmp_path / 'usher.db'}")
    intent = {"name": "ask_cost", "confidence": 0.9}
    read = {"intent": intent, "text": "hw much for Tabitha?", "questions": [{"text": "how much for Tabitha?"}], "text_tokens": [[0, 2]]}
    said = {
        "buttons": [{"title": "Tabitha", "payload": "Tabitha"}],
        "custom": {"outcome": "form", "form": "name", "check": "Tabitha", "enquiry": 7},
    }
    events = [
        UserUttered("hw much for Tabitha?", intent, [{"entity": "role", "value": "Tabitha"}], read, metadata={"channel": "website", "x": "Tabitha"}),
        ActionExecuted("action_answer"),
        SlotSet("asked_before", {"trust": "clpt"}),
        BotUttered("On your question “how much for Tabitha?”", said),
        ActiveLoop("lead_form"),
    ]  # fmt: skip

    async def save_and_read() -> DialogueStateTracker:
        await store.save(DialogueStateTracker.from_events("talk", events, slots=[AnySlot("asked_before", mappings=[])]))
        held = await store.retrieve("talk")
        assert held is not None
        return held

    held = asyncio.run(save_and_read())
    with store.engine.connect() as connection:
        rows = connection.execute(text("SELECT data FROM events")).scalars().all()
    store.engine.dispose()
    assert len(rows) == 5 and not [row for row in rows if "tabitha" in row.lower() or "how much" in row.lower()]
    heard, told = [event for event in held.events if isinstance(event, (UserUttered, BotUttered))]
    assert (heard.intent, heard.metadata["channel"]) == (intent, "website")
    assert held.active_loop_name == "lead_form" and held.current_state()["latest_message"]["intent"] == intent
    assert [event.value for event in held.events if isinstance(event, SlotSet)] == [{"trust": "clpt"}]
    assert told.data == {"custom": {"outcome": "form", "form": "name", "enquiry": 7}}
    assert events[0].text == "hw much for Tabitha?", "the turn that is under way still has its words"

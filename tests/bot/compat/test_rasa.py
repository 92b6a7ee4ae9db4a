"""What `bot/compat/rasa.py` needs of Rasa."""

from __future__ import annotations

import inspect

import pytest

pytest.importorskip("rasa")


def test_rasa_still_has_the_private_parts_we_use() -> None:
    from bot.dialogue.spare import spare_imports

    spare_imports()
    from rasa.core.actions.action import RemoteAction
    from rasa.core.channels.rest import RestInput
    from rasa.core.tracker_store import SQLTrackerStore

    look = "Rasa was changed: see bot/compat/rasa.py, read in 3.6.21, and compare"
    receive = inspect.getsource(RestInput.blueprint)
    for call in ("await self._extract_sender(request)", "self._extract_message(request)", "self._extract_input_channel(request)"):
        assert call in receive, f"{look} RestInput in rasa/core/channels/rest.py"
    store = f"{look} SQLTrackerStore in rasa/core/tracker_store.py"
    assert list(inspect.signature(SQLTrackerStore._event_query).parameters) == [
        "self",
        "session",
        "sender_id",
        "fetch_events_from_all_sessions",
    ], store
    assert "self._additional_events(session, tracker)" in inspect.getsource(SQLTrackerStore.save), store
    assert "self._validate_action_result(response)" in inspect.getsource(RemoteAction.run), (
        f"{look} RemoteAction in rasa/core/actions/action.py"
    )

"""From Rasa's tracker to the office's words."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from rasa_sdk import Tracker

from office.answering.message import HeardMessage
from office.choosing.choose import Memory

MEMORY_SLOT = "asked_before"
FORM = "lead_form"
_REMEMBERED = {field.name for field in fields(Memory)}  # a conversation may be older than this version


def heard_message(tracker: Tracker) -> HeardMessage:
    """Return the latest message as it was read."""
    message = tracker.latest_message
    metadata = message.get("metadata") or {}
    return HeardMessage.parsed(
        tracker.sender_id, message, withheld=bool(metadata.get("withheld")), in_form=tracker.active_loop_name == FORM and _is_under_way(tracker),
        source=str(metadata.get("source") or ""),
        channel=str(metadata.get("channel") or tracker.get_latest_input_channel() or "rest"),
        # what the website says the visitor saw; Rasa may have said more, which was lost on its way
        form_asked=metadata["form_asked"] if "form_asked" in metadata else _form_asked(tracker.events),
    )  # fmt: skip


def memory_of(tracker: Tracker) -> Memory:
    """Return what is remembered of the conversation so far."""
    kept = tracker.get_slot(MEMORY_SLOT) or {}
    known: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in kept.items() if name in _REMEMBERED
    }
    return Memory(**known)


def _is_under_way(tracker: Tracker) -> bool:
    return tracker.get_slot("requested_slot") is not None


def _form_asked(events: list[dict[str, Any]]) -> str:
    """Return what the lead form asked in the latest reply that the visitor was given; "" where that was none of the form's."""
    said: dict[str, Any] = next((event for event in reversed(events) if event.get("event") == "bot"), {})
    return str(((said.get("data") or {}).get("custom") or {}).get("form") or "")

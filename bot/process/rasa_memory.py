"""Rasa's table of events, as far as it is shown to people and erased: the one place outside Rasa that knows it.

Read for Rasa 3.6.21 (`rasa.core.tracker_store.SQLTrackerStore.SQLEvent`); a test holds it against the Rasa that is installed.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Float, String, Text, column, delete, inspect, select, table
from sqlalchemy.orm import Session

EVENTS = table("events", column("sender_id", String), column("type_name", String), column("timestamp", Float), column("data", Text))


class RasaMemory:
    """What the assistant remembers of conversations, kept by Rasa's tracker store in the same database."""

    def shown(self, session: Session, conversation: str) -> list[dict[str, Any]]:
        """Return the events of a conversation, oldest first."""
        if not _is_there(session):
            return []
        query = select(EVENTS.c.type_name, EVENTS.c.timestamp, EVENTS.c.data).where(EVENTS.c.sender_id == conversation)
        return [dict(row) for row in session.execute(query.order_by(EVENTS.c.timestamp)).mappings()]

    def forget(self, session: Session, conversation: str, *, until: datetime | None = None) -> int:
        """Erase the events of a conversation, all of them or those up to `until`; return how many."""
        which = [EVENTS.c.sender_id == conversation, *([] if until is None else [EVENTS.c.timestamp <= until.timestamp()])]
        return int(session.execute(delete(EVENTS).where(*which)).rowcount) if _is_there(session) else 0

    def forget_before(self, session: Session, moment: datetime) -> None:
        """Erase all events older than a moment."""
        if _is_there(session):
            session.execute(delete(EVENTS).where(EVENTS.c.timestamp < moment.timestamp()))


def _is_there(session: Session) -> bool:
    """Return whether Rasa has made its table, which it does at its own first start."""
    return bool(inspect(session.connection()).has_table(EVENTS.name))

"""Rasa's SQL tracker store, reading only the latest events: a long conversation stays as quick as a short one."""

from __future__ import annotations

from typing import Any, Optional, Text

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from sqlalchemy.orm import Query, Session

from office.database import open_engine

LATEST_EVENTS = 100  # about twelve turns; what an answer remembers is set anew in a slot at every turn


class RecentTrackerStore(SQLTrackerStore):
    """Keeps every event, and reads back the latest hundred of a conversation."""

    def __init__(
        self, domain: Optional[Domain] = None, host: Optional[Text] = None, event_broker: Optional[EventBroker] = None,
        database_url: Text = "", **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(domain=domain, host=database_url, event_broker=event_broker)
        self.engine.dispose()
        self.engine: Any = open_engine(database_url)  # ours: bounded waits, no visitor's words in its errors, SQLite in WAL mode
        self.sessionmaker = sa.orm.session.sessionmaker(bind=self.engine)

    def _event_query(self, session: Session, sender_id: Text, fetch_events_from_all_sessions: bool) -> Query:
        events = session.query(self.SQLEvent).filter(self.SQLEvent.sender_id == sender_id)
        if fetch_events_from_all_sessions:
            return events.order_by(self.SQLEvent.id)
        latest = events.order_by(self.SQLEvent.id.desc()).limit(LATEST_EVENTS).subquery()
        recent = sa.orm.aliased(self.SQLEvent, latest)
        return session.query(recent).order_by(recent.id)

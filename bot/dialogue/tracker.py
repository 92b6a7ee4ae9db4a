"""Rasa's SQL tracker store, reading only the latest events and keeping no personal detail of those who speak."""

from __future__ import annotations

import copy
from typing import Any, Iterator, List, Optional, Text

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.orm import Query, Session

from office.base.database import open_engine
from office.enquiries.masking import masked

LATEST_EVENTS = 100  # about twelve turns; what an answer remembers is set anew in a slot at every turn
FORM = "lead_form"
NOT_KEPT = "(not kept)"


class RecentTrackerStore(SQLTrackerStore):
    """Keeps every event, and reads back the latest hundred of a conversation: a long one stays as quick as a short one."""

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

    def _additional_events(self, session: Session, tracker: DialogueStateTracker) -> Iterator[Event]:
        return iter(without_details(list(super()._additional_events(session, tracker))))


def without_details(events: List[Event]) -> List[Event]:
    """Give the events of a turn as they may be kept: no words of the form in which somebody leaves their details, and
    elsewhere no address and no number. What a conversation needs of its past are intents and a slot of our own."""
    in_form = any(isinstance(event, ActionExecuted) and event.action_name == FORM for event in events)
    return [_without_words(event, in_form) if isinstance(event, (UserUttered, BotUttered)) else event for event in events]


def _without_words(event: UserUttered | BotUttered, in_form: bool) -> Event:
    text = NOT_KEPT if in_form else masked(event.text or "")
    if text == (event.text or "") and not in_form:
        return event
    kept = copy.copy(event)
    kept.text = text
    if isinstance(kept, UserUttered):
        kept.entities = []
        kept.parse_data = {**(kept.parse_data or {}), "text": text, "entities": [], "questions": [], "text_tokens": []}
    return kept

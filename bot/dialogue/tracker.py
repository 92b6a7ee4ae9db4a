"""Rasa's SQL tracker store, reading only the latest events and keeping nobody's words."""

from __future__ import annotations

import copy
from collections import OrderedDict
from typing import Any, Iterable, Iterator, Optional, Text

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.orm import Query, Session

from bot.compat.rasa import OpenTrackerStore
from office.base.database import open_engine
from office.enquiries.log import EVALUATION_CHANNEL

LATEST_EVENTS = 100  # about twelve turns; what an answer remembers is set anew in a slot at every turn
MOST_PASSING = 20  # conversations of the evaluation, which holds one after the other
NOT_KEPT = "(not kept)"
KEPT_METADATA, KEPT_CUSTOM = ("withheld", "channel", "form_asked"), ("outcome", "form", "enquiry")


class RecentTrackerStore(OpenTrackerStore):
    """Keeps every event, and reads back the latest hundred of a conversation: a long one stays as quick as a short one."""

    def __init__(
        self, domain: Optional[Domain] = None, host: Optional[Text] = None, event_broker: Optional[EventBroker] = None,
        database_url: Text = "", **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(domain=domain, host=database_url, event_broker=event_broker)
        self.engine.dispose()
        self.engine: Any = open_engine(database_url)  # ours: bounded waits, no visitor's words in its errors, SQLite in WAL mode
        self._passing: OrderedDict[str, DialogueStateTracker] = OrderedDict()  # of the evaluation, which is kept nowhere else
        self.sessionmaker = sa.orm.session.sessionmaker(bind=self.engine)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep the turn's events; those of the evaluation in memory only, and only while it may go on with the conversation."""
        if tracker.get_latest_input_channel() != EVALUATION_CHANNEL:
            await super().save(tracker)
            return
        self._passing[tracker.sender_id] = tracker
        if len(self._passing) > MOST_PASSING:
            self._passing.popitem(last=False)

    async def retrieve(self, sender_id: Text) -> Optional[DialogueStateTracker]:
        """Return what is known of a conversation, or None."""
        return self._passing.get(sender_id) or await super().retrieve(sender_id)

    def events_read(self, every: Query, session: Session) -> Query:
        """Return the query for the latest events, oldest first."""
        latest = every.order_by(self.SQLEvent.id.desc()).limit(LATEST_EVENTS).subquery()
        recent = sa.orm.aliased(self.SQLEvent, latest)
        return session.query(recent).order_by(recent.id)

    def events_kept(self, events: Iterable[Event]) -> Iterator[Event]:
        """Return new events without anybody's words."""
        return (without_words(event) for event in events)


def without_words(event: Event) -> Event:
    """Return an event as it may be kept. What a conversation needs of its past are intents, the form's step and a slot of our own;
    what was said stands in our own tables, once, where it can be masked, found and erased."""
    if isinstance(event, UserUttered):
        return _heard(event)
    return _said(event) if isinstance(event, BotUttered) else event


def _heard(event: UserUttered) -> UserUttered:
    kept = copy.copy(event)
    kept.text, kept.entities = NOT_KEPT, []
    kept.parse_data = {"text": NOT_KEPT, "intent": event.intent, "entities": []}
    kept.metadata = {name: value for name, value in (event.metadata or {}).items() if name in KEPT_METADATA}
    return kept


def _said(event: BotUttered) -> BotUttered:
    kept = copy.copy(event)
    custom = (event.data or {}).get("custom") or {}
    kept.text, kept.data = NOT_KEPT, {"custom": {name: custom[name] for name in KEPT_CUSTOM if name in custom}}
    return kept

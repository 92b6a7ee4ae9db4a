"""Private parts of Rasa that we use or replace, as read in 3.6.21, the last open-source release."""

from __future__ import annotations

from typing import Any, Callable, Iterable, Iterator

from rasa.core.actions.action import RemoteAction
from rasa.core.channels.rest import RestInput
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker
from sanic.request import Request
from sqlalchemy.orm import Query, Session


class OpenRestInput(RestInput):
    """Rasa's REST channel, where a channel of ours reads the body of a request."""

    def sender_of(self, request: Request) -> str:
        """Return the conversation's id. Raises InvalidUsage."""
        raise NotImplementedError

    def message_of(self, request: Request) -> str:
        """Return the message. Raises InvalidUsage."""
        raise NotImplementedError

    def channel_of(self, request: Request) -> str:
        """Return the name of the channel a message came by."""
        raise NotImplementedError

    async def _extract_sender(self, req: Request) -> str | None:
        return self.sender_of(req)

    def _extract_message(self, req: Request) -> str | None:
        return self.message_of(req)

    def _extract_input_channel(self, req: Request) -> str:
        return self.channel_of(req)


class OpenTrackerStore(SQLTrackerStore):
    """Rasa's SQL tracker store, where a store of ours says which events are read, and how each is kept."""

    def events_read(self, every: Query, session: Session) -> Query:
        """Return the query for the events to read, of one for all events of a conversation in no order."""
        raise NotImplementedError

    def events_kept(self, events: Iterable[Event]) -> Iterator[Event]:
        """Return new events as they are written down."""
        raise NotImplementedError

    def _event_query(self, session: Session, sender_id: str, fetch_events_from_all_sessions: bool) -> Query:
        every = session.query(self.SQLEvent).filter(self.SQLEvent.sender_id == sender_id)
        return every.order_by(self.SQLEvent.id) if fetch_events_from_all_sessions else self.events_read(every, session)

    def _additional_events(self, session: Session, tracker: DialogueStateTracker) -> Iterator[Event]:
        return self.events_kept(super()._additional_events(session, tracker))


def check_results_with(check: Callable[[dict[str, Any]], None]) -> None:
    """Let Rasa check what actions return by this function, which raises for what it does not take; its own compiles a schema at each call."""

    def validate(_self: RemoteAction, result: dict[str, Any]) -> bool:
        check(result)
        return True

    RemoteAction._validate_action_result = validate  # type: ignore[method-assign]

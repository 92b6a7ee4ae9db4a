"""What Rasa calls: read the tracker, call the office, say it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.deciding import MEMORY_SLOT, Decided, Heard, Turn, answer_message, chat_message
from actions.leads import LeadTurn, sent_already
from actions.office_door import office_door
from actions.wording import frame
from office.base.errors import DatabaseAway

log = logging.getLogger(__name__)
FORM, REQUESTED, FORM_SLOT = "lead_form", "requested_slot", "lead_next"  # a form whose requested slot is set to nothing ends


class ActionAnswer(Action):
    """Answer from the facts, or say honestly that no fact answers."""

    def name(self) -> str:
        """Give the name domain.yml knows this action by."""
        return "action_answer"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Answer each question of the latest message, log the enquiry, remember what the next question may lean on."""
        return await _say(dispatcher, tracker, lambda turn: sent_already(turn) or answer_message(turn))


class ActionChat(Action):
    """Give a short word to small talk."""

    def name(self) -> str:
        """Give the name domain.yml knows this action by."""
        return "action_chat"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Say the frame of the intent, and log it like any other enquiry."""
        return await _say(dispatcher, tracker, lambda turn: sent_already(turn) or chat_message(turn))


class ValidateLeadForm(Action):
    """Take one message of the form in which somebody leaves their details, or one question asked in the middle of it."""

    def name(self) -> str:
        """Give the name by which Rasa's form calls this at each of its turns."""
        return "validate_lead_form"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Say what comes next; the form ends where its requested slot is left empty."""
        lead = LeadTurn(opening=tracker.get_slot(REQUESTED) is None)
        events = await _say(dispatcher, tracker, lead.take, away="unavailable" if lead.opening else "lead_away")
        # something has to be set at each turn, or Rasa takes it that the form could not use the message
        events = events or [SlotSet(MEMORY_SLOT, tracker.get_slot(MEMORY_SLOT))]
        if lead.ended:
            return [*events, SlotSet(REQUESTED, None)]
        # said anew at each turn: only the latest events are read back, and a long form would be forgotten to be one
        return [*events, ActiveLoop(FORM), SlotSet(REQUESTED, FORM_SLOT)]


async def _say(
    dispatcher: CollectingDispatcher, tracker: Tracker, decide: Callable[[Turn], Decided], away: str = "unavailable"
) -> list[EventType]:
    try:
        messages, memory = await asyncio.to_thread(_in_transaction, Heard(tracker), decide)
    except DatabaseAway:
        log.exception("the database is away")
        messages, memory = _unavailable(away), {}
    except Exception:  # whatever else it is: the visitor gets a sentence, the log the cause
        log.exception("an action failed")
        messages, memory = _unavailable("fault"), {}
    for message in messages:
        dispatcher.utter_message(text=message["text"], buttons=message.get("buttons"), json_message=message["custom"])
    return [SlotSet(MEMORY_SLOT, memory)] if memory else []


def _in_transaction(heard: Heard, decide: Callable[[Turn], Decided]) -> Decided:
    door = office_door()
    with door.database.transaction() as session:
        return decide(Turn(session, door, heard))


def _unavailable(name: str) -> list[dict[str, Any]]:
    text = frame(name, contact=office_door().contact_for_bad_hours().text)
    return [{"text": text, "custom": {"outcome": "unavailable", "questions": [], "next": []}}]

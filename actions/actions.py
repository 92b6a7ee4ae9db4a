"""What Rasa calls: read the tracker, call the office, say it."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import asdict
from datetime import datetime, timezone
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict
from sqlalchemy.orm import Session

from actions.heard import FORM, MEMORY_SLOT, heard_message, memory_of
from actions.office_access import office_access
from office.answering.decide import decide
from office.answering.frames import frame
from office.answering.lead_form import failed_form
from office.answering.message import HeardMessage, Knowledge
from office.answering.turn import Decision
from office.base.errors import DatabaseAway
from office.choosing.choose import Memory
from office.enquiries.log import EVALUATION_CHANNEL
from office.leads.form import Draft, keep_draft, read_draft

log = logging.getLogger(__name__)
REQUESTED, FORM_SLOT = "requested_slot", "lead_next"  # a form whose requested slot is set to nothing ends

MOST_EVALUATED = 20  # conversations; the evaluation holds one after the other
_evaluated_drafts: dict[str, Draft] = {}

FORM_GOES_ON: tuple[EventType, ...] = (ActiveLoop(FORM), SlotSet(REQUESTED, FORM_SLOT))


class ActionAnswer(Action):
    """Answer from the facts, or say honestly that no fact answers."""

    def name(self) -> str:
        """Return the name domain.yml knows this action by."""
        return "action_answer"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Return what the office decides on the latest message, and remember what the next one may lean on."""
        decision = await _decide(heard_message(tracker), memory_of(tracker))
        _say(dispatcher, decision, "unavailable")
        if isinstance(decision, Decision) and decision.form_open:
            # an offer was taken up, or a form that Rasa had lost goes on: it waits for the next message, not for this one again
            return [*_remembering(decision), *FORM_GOES_ON, FollowupAction("action_listen")]
        return _remembering(decision)


class ActionChat(ActionAnswer):
    """Answer small talk with a short sentence."""

    def name(self) -> str:
        """Return the name domain.yml knows this action by."""
        return "action_chat"


class ValidateLeadForm(Action):
    """Begin the form in which somebody leaves their details, or take one message of it."""

    def name(self) -> str:
        """Return the name by which Rasa's form calls this at each of its turns."""
        return "validate_lead_form"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Return what comes next; the form ends where its requested slot is left empty."""
        heard = heard_message(tracker)
        decision = await _decide(heard, memory_of(tracker))
        _say(dispatcher, decision, "lead_away" if heard.in_form else "unavailable", failed_form(heard) if heard.in_form else None)
        # something has to be set at each turn, or Rasa takes it that the form could not use the message
        events = _remembering(decision) or [SlotSet(MEMORY_SLOT, tracker.get_slot(MEMORY_SLOT))]
        # a turn that failed leaves the form as it was: nothing of it was committed
        if decision.form_open if isinstance(decision, Decision) else heard.in_form:
            # said anew at each turn: only the latest events are read back, and a long form would be forgotten to be one
            return [*events, *FORM_GOES_ON]
        return [*events, SlotSet(REQUESTED, None)]


async def _decide(heard: HeardMessage, memory: Memory) -> Decision | DatabaseAway | None:
    """Return the decision once it is committed; what stood in the way where it is not."""
    try:
        return await asyncio.to_thread(_in_transaction, heard, memory)
    except DatabaseAway as away:
        log.exception("the database is away")
        return away
    except Exception:  # whatever else it is: the visitor gets a sentence, the log the cause
        log.exception("an action failed")
        return None


def _in_transaction(heard: HeardMessage, memory: Memory) -> Decision:
    office, now = office_access(), datetime.now(timezone.utc)
    with office.database.transaction() as session:
        knows = office.knowledge(session, heard.channel, now)
        if heard.channel == EVALUATION_CHANNEL:
            return _evaluated(heard, memory, session, knows, now)
        return decide(heard, memory, session, knows=knows, now=now)


def _evaluated(heard: HeardMessage, memory: Memory, session: Session, knows: Knowledge, now: datetime) -> Decision:
    """Return what any visitor would get, and take back all that was written. What the form was told lives in memory until its
    next turn: `only_try` alone would leave the form where it began."""
    if (draft := _evaluated_drafts.pop(heard.conversation, None)) is not None:
        keep_draft(session, heard.conversation, draft, now=now)
    decision = decide(heard, memory, session, knows=knows, now=now)
    if (draft := read_draft(session, heard.conversation)) is not None:
        _evaluated_drafts[heard.conversation] = draft
        if len(_evaluated_drafts) > MOST_EVALUATED:
            del _evaluated_drafts[next(iter(_evaluated_drafts))]
    session.rollback()
    return decision


def _say(dispatcher: CollectingDispatcher, decision: Decision | DatabaseAway | None, away: str, form: dict[str, Any] | None = None) -> None:
    """Send it; `form` is what goes with the apology where the form stays open, whatever it was that failed."""
    messages = (
        decision.messages if isinstance(decision, Decision) else _unavailable("fault" if decision is None and not form else away, form)
    )
    for message in messages:
        dispatcher.utter_message(text=message["text"], buttons=message.get("buttons"), json_message=message["custom"])


def _remembering(decision: Decision | DatabaseAway | None) -> list[EventType]:
    return [SlotSet(MEMORY_SLOT, asdict(decision.memory))] if isinstance(decision, Decision) else []


def _unavailable(name: str, form: dict[str, Any] | None) -> list[dict[str, Any]]:
    text = frame(name, contact=office_access().fallback_contact().text)
    custom = {"outcome": "unavailable", "questions": [], "next": []}
    return [
        {"text": text, "buttons": form["buttons"], "custom": {**custom, "form": form["asked"]}}
        if form
        else {"text": text, "custom": custom}
    ]

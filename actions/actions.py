"""What Rasa calls: read the tracker, call the office, say it."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import asdict, fields, replace
from datetime import datetime, timezone
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.asked import asked_from
from actions.office_door import OfficeDoor, office_door, today
from actions.say import reply_messages
from actions.wording import frame
from language.reading import SMALL_TALK
from office.answers import Answer, Memory, answer, in_company, more_of, remember, say_once
from office.enquiries import log_enquiry
from office.errors import DatabaseAway
from office.index import Index
from office.judgement import fitted
from office.replies import contact_of, worst

log = logging.getLogger(__name__)
_REMEMBERED = {field.name for field in fields(Memory)}  # a conversation may be older than this version
MEMORY_SLOT = "asked_before"
CLEARLY = 0.85  # below this, a longer message that sounds like small talk is first put to the facts
HANDED_OVER = ("complaint", "human_handoff")


class ActionAnswer(Action):
    """Answer from the facts, or say honestly that no fact answers."""

    def name(self) -> str:
        """Give the name domain.yml knows this action by."""
        return "action_answer"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Answer each question of the latest message, log the enquiry, remember what the next question may lean on."""
        return await _say(dispatcher, tracker, _answer_and_log)


class ActionChat(Action):
    """Give a short word to small talk, and pass on who asks for a person."""

    def name(self) -> str:
        """Give the name domain.yml knows this action by."""
        return "action_chat"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Say the frame of the intent, and log it like any other enquiry."""
        return await _say(dispatcher, tracker, _chat_and_log)


async def _say(dispatcher: CollectingDispatcher, tracker: Tracker, decide: Any) -> list[EventType]:
    try:
        messages, memory = await asyncio.to_thread(decide, office_door(), _Heard(tracker))
    except DatabaseAway:
        log.exception("the database is away")
        messages, memory = _unavailable("unavailable"), None
    except Exception:  # whatever else it is: the visitor gets a sentence, the log the cause
        log.exception("an action failed")
        messages, memory = _unavailable("fault"), None
    for message in messages:
        dispatcher.utter_message(text=message["text"], buttons=message.get("buttons"), json_message=message["custom"])
    return [SlotSet(MEMORY_SLOT, memory)] if memory is not None else []


def _unavailable(name: str) -> list[dict[str, Any]]:
    text = frame(name, contact=office_door().contact_for_bad_hours().text)
    return [{"text": text, "custom": {"outcome": "unavailable", "questions": [], "next": []}}]


class _Heard:
    """The latest message and what is remembered, out of the tracker."""

    def __init__(self, tracker: Tracker) -> None:
        message = tracker.latest_message
        self.conversation = tracker.sender_id
        self.text = message.get("text") or ""
        self.intent = (message.get("intent") or {}).get("name") or "nlu_fallback"
        self.questions = message.get("questions") or []
        self.doubtful = float((message.get("intent") or {}).get("confidence") or 0.0) < CLEARLY and len(self.text.split()) > 3
        self.wordless = not self.questions or not any(c.isalnum() for c in self.text)
        self.foreign = bool(message.get("foreign"))
        metadata = message.get("metadata") or {}
        self.withheld = bool(metadata.get("withheld"))
        self.channel = str(metadata.get("channel") or tracker.get_latest_input_channel() or "rest")
        kept = tracker.get_slot(MEMORY_SLOT) or {}
        known: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in kept.items() if name in _REMEMBERED
        }
        self.memory = Memory(**known)


Decided = tuple[list[dict[str, Any]], dict[str, Any]]


def _answer_and_log(door: OfficeDoor, heard: _Heard) -> Decided:
    with door.database.transaction() as session:
        index = door.keeper.current(session, today())
        contact = contact_of(index, door.home)
        if heard.foreign or heard.wordless:
            return _word(session, door, heard, "english_only" if heard.foreign else "empty", "declined", contact.text)
        if heard.intent == "something_else":
            return _word(session, door, heard, "something_else", "chitchat", contact.text)
        answers, memory = _decide(heard, index, door.home)
        if not answers:
            return _word(session, door, heard, "nothing_more", "not_known", contact.text)
        messages = reply_messages(answers, index, contact, door.home, withheld=heard.withheld)
        _log(session, heard, answers)
        return messages, asdict(memory)


def _decide(heard: _Heard, index: Index, home: str) -> tuple[list[Answer], Memory]:
    memory = heard.memory
    if heard.intent == "more":
        further = more_of(memory, index)
        return ([further], remember(memory, further)) if further else ([], memory)
    asked = [q for q in heard.questions if len(heard.questions) == 1 or q["intents"][0][0] not in SMALL_TALK or q["intents"][0][1] <= 0.5]
    answers: list[Answer] = []
    for question in asked:
        one = answer(asked_from(question, memory), memory, index, fitted(), home)
        if len(asked) > 1:
            one = in_company(one, len(asked))
        answers.append(one)
        memory = remember(memory, one)
    if heard.withheld:
        memory = replace(memory, text="")
    return say_once(answers), memory


def _chat_and_log(door: OfficeDoor, heard: _Heard) -> Decided:
    with door.database.transaction() as session:
        index = door.keeper.current(session, today())
        contact = contact_of(index, door.home)
        if heard.foreign or heard.wordless:
            return _word(session, door, heard, "english_only" if heard.foreign else "empty", "declined", contact.text)
        if heard.doubtful:  # "I'd love to talk to a teacher at one of your schools" sounds like asking for a person
            answers, memory = _decide(heard, index, door.home)
            if answers and all(one.outcome == "answered" for one in answers):
                _log(session, heard, answers)
                return reply_messages(answers, index, contact, door.home, withheld=heard.withheld), asdict(memory)
        name = heard.intent if heard.intent in SMALL_TALK else "help"
        outcome = "handover" if name in HANDED_OVER else "chitchat"
        return _word(session, door, heard, name, outcome, contact.text, index)


def _word(session: Any, door: OfficeDoor, heard: _Heard, name: str, outcome: str, contact: str, index: Index | None = None) -> Decided:
    index = index or door.keeper.current(session, today())
    text = frame("sensitive" if heard.withheld else name, contact=contact[:1].upper() + contact[1:], trust=index.trusts[door.home].name)
    following = ["membership", "cost", "benefits"] if outcome == "chitchat" else []
    question: dict[str, Any] = {
        "text": heard.text, "trust": door.home, "topics": [], "outcome": outcome, "facts": [], "confidence": 1.0,
    }  # fmt: skip
    log_enquiry(
        session, conversation=heard.conversation, channel=heard.channel, text=heard.text, withheld=heard.withheld,
        outcome=outcome, questions=[question], now=datetime.now(timezone.utc),
    )  # fmt: skip
    custom = {
        "outcome": outcome, "next": following,
        "questions": [{"topic": None, "trust": door.home, "outcome": outcome, "facts": [], "sources": []}],
    }  # fmt: skip
    buttons = [{"title": index.topics[topic].button, "payload": index.topics[topic].button} for topic in following]
    return [{"text": text, "buttons": buttons, "custom": custom}], asdict(replace(heard.memory, clarified=False))


def _log(session: Any, heard: _Heard, answers: list[Answer]) -> None:
    questions = [
        {
            "text": one.text, "trust": one.trust, "topics": one.topics, "outcome": one.outcome,
            "facts": [fact.id for fact in [*one.facts, *one.near]], "confidence": round(one.confidence, 4),
        }
        for one in answers
    ]  # fmt: skip
    log_enquiry(
        session, conversation=heard.conversation, channel=heard.channel, text=heard.text, withheld=heard.withheld,
        outcome=worst([one.outcome for one in answers]), questions=questions, now=datetime.now(timezone.utc),
    )  # fmt: skip

"""One message heard, answered and logged: what every action does in one transaction, before anything is said."""

from __future__ import annotations

import re
from dataclasses import asdict, fields, replace
from datetime import datetime, timezone
from typing import Any

from rasa_sdk import Tracker
from sqlalchemy.orm import Session

from actions.asked import asked_from
from actions.office_door import OfficeDoor, today
from actions.places import with_places
from actions.say import reply_messages
from actions.wording import frame
from language.reading.questions import SMALL_TALK
from office.answering.replies import Contact, contact_of, worst
from office.choosing.choose import Answer, Memory, answer, in_company, more_of, remember, say_once
from office.choosing.index import Index
from office.choosing.judgement import fitted
from office.enquiries.log import log_enquiry
from office.enquiries.masking import NAME, masked

_REMEMBERED = {field.name for field in fields(Memory)}  # a conversation may be older than this version
MEMORY_SLOT = "asked_before"
CLEARLY = 0.85  # below this, a longer message that sounds like small talk is first put to the facts
STAFF_CHANNEL, GROUP_CHANNEL = "telegram", "telegram_group"
HANDED_OVER = ("complaint", "human_handoff")

Decided = tuple[list[dict[str, Any]], dict[str, Any]]


class Heard:
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
        # what the door says the visitor saw; Rasa may have said more, which was lost on its way
        self.form_asked = metadata["form_asked"] if "form_asked" in metadata else _form_asked(tracker.events)
        kept = tracker.get_slot(MEMORY_SLOT) or {}
        known: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in kept.items() if name in _REMEMBERED
        }
        self.memory = Memory(**known)

    def conceal(self, name: str) -> None:
        """Leave a name out of what will be logged: who asks something in the form may cancel it, and then nothing of them is kept."""
        parts = [re.escape(part) for part in name.split() if len(part) > 2]
        if parts:
            pattern = re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)(?:\s(?:{'|'.join(parts)})(?!\w))*", re.I)
            self.text = pattern.sub(NAME, self.text)
            self.questions = [
                {**question, **{key: pattern.sub(NAME, question[key]) for key in ("text", "own", "bare") if key in question}}
                for question in self.questions
            ]


def _form_asked(events: list[dict[str, Any]]) -> str:
    """Give what the lead form asked in the latest reply that the visitor was given; "" where that was none of the form's."""
    said: dict[str, Any] = next((event for event in reversed(events) if event.get("event") == "bot"), {})
    return str(((said.get("data") or {}).get("custom") or {}).get("form") or "")


class Turn:
    """What a decision works with: the session of its transaction, the message, the facts as they are now."""

    def __init__(self, session: Session, door: OfficeDoor, heard: Heard) -> None:
        self.session, self.door, self.heard = session, door, heard
        self.now = datetime.now(timezone.utc)
        self.index: Index = door.keeper.current(session, today(), staff=heard.channel == STAFF_CHANNEL)
        self.contact: Contact = contact_of(self.index, door.home)

    @property
    def trust(self) -> str:
        """The home trust's name."""
        return self.index.trusts[self.door.home].name

    def unreadable(self) -> Decided | None:
        """Give the word for a message that holds nothing to read, or None."""
        if self.heard.foreign:
            return self.word("english_only", "declined")
        return self.word("empty", "declined") if self.heard.wordless else None

    def answer(self) -> Decided:
        """Answer each question of the message."""
        if self.heard.intent == "something_else":
            return self.word("something_else", "chitchat")
        answers, memory = self.decide()
        if not answers:
            return self.word("nothing_more", "not_known")
        return self.given(answers, memory)

    def given(self, answers: list[Answer], memory: Memory) -> Decided:
        """Log what was decided and give its messages."""
        heard = self.heard
        offers = heard.channel not in (STAFF_CHANNEL, GROUP_CHANNEL)
        messages = reply_messages(answers, self.index, self.contact, self.door.home, withheld=heard.withheld, offers=offers)
        questions = [
            {
                "text": masked(one.own), "trust": one.trust, "topics": one.topics, "outcome": one.outcome,
                "facts": [fact.id for fact in [*one.facts, *one.near]], "confidence": round(one.confidence, 4),
            }
            for one in answers
        ]  # fmt: skip
        messages[-1]["custom"]["enquiry"] = self._log(worst([one.outcome for one in answers]), questions)
        return messages, asdict(replace(memory, text=masked(memory.text)))

    def word(self, name: str, outcome: str) -> Decided:
        """Log a message that is no question to the facts, and give the frame that answers it."""
        contact = self.contact.text
        text = frame("sensitive" if self.heard.withheld else name, contact=contact[:1].upper() + contact[1:], trust=self.trust)
        return self.noted(text, outcome)

    def noted(self, text: str, outcome: str) -> Decided:
        """Log a message that is no question to the facts, and say this."""
        heard, home = self.heard, self.door.home
        following = ["membership", "cost", "benefits"] if outcome == "chitchat" else []
        question: dict[str, Any] = {
            "text": masked(heard.text), "trust": home, "topics": [], "outcome": outcome, "facts": [], "confidence": 1.0,
        }  # fmt: skip
        custom = {
            "outcome": outcome, "next": following, "enquiry": self._log(outcome, [question]),
            "questions": [{"topic": None, "trust": home, "outcome": outcome, "facts": [], "sources": []}],
        }  # fmt: skip
        buttons = [{"title": self.index.topics[topic].button, "payload": self.index.topics[topic].button} for topic in following]
        return [{"text": text, "buttons": buttons, "custom": custom}], asdict(replace(heard.memory, clarified=False))

    def decide(self) -> tuple[list[Answer], Memory]:
        """Give the office's answer to each question, and what the next message may lean on."""
        heard, index, home = self.heard, self.index, self.door.home
        memory = heard.memory
        if heard.intent == "more":
            further = more_of(memory, index)
            return ([further], remember(memory, further)) if further else ([], memory)
        few = len(heard.questions) == 1
        asked = [q for q in heard.questions if few or q["intents"][0][0] not in SMALL_TALK or q["intents"][0][1] <= 0.5]
        answers: list[Answer] = []
        for question in asked:
            one = with_places(answer(asked_from(question, memory), memory, index, fitted(), home), self.session, home)
            answers.append(in_company(one, len(asked)) if len(asked) > 1 else one)
            memory = remember(memory, answers[-1])
        if heard.withheld:
            memory = replace(memory, text="")
        return say_once(answers), memory

    def _log(self, outcome: str, questions: list[dict[str, Any]]) -> int:
        heard = self.heard
        enquiry = log_enquiry(
            self.session, conversation=heard.conversation, channel=heard.channel, text=masked(heard.text), withheld=heard.withheld,
            outcome=outcome, questions=questions, now=self.now,
        )  # fmt: skip
        return int(enquiry.sequence)


def answer_message(turn: Turn) -> Decided:
    """Answer from the facts, or say honestly that no fact answers."""
    return turn.unreadable() or turn.answer()


def chat_message(turn: Turn) -> Decided:
    """Give a short word to small talk; a longer message that only sounds like it is put to the facts first."""
    if unreadable := turn.unreadable():
        return unreadable
    if turn.heard.doubtful and (found := answered_after_all(turn)):
        return found
    name = turn.heard.intent if turn.heard.intent in SMALL_TALK else "help"
    return turn.word(name, "handover" if name in HANDED_OVER else "chitchat")


def answered_after_all(turn: Turn) -> Decided | None:
    """Give an answer where facts have one: "I'd love to talk to a teacher at one of your schools" sounds like asking for a person."""
    answers, memory = turn.decide()
    return turn.given(answers, memory) if answers and all(one.outcome == "answered" for one in answers) else None

"""One message on its way to a reply: what it is decided with, and how a short word to it is given and logged."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from office.answering.frames import frame
from office.answering.message import HeardMessage, Knowledge
from office.choosing.choose import Answer, Memory
from office.enquiries.log import log_enquiry
from office.enquiries.masking import masked

FIRST_TOPICS = ("membership", "cost", "benefits")  # offered after small talk


@dataclass(frozen=True)
class Decision:
    """What was decided: messages as Rasa's REST channel gives them, the last with the payload; what to remember; the form's state."""

    messages: list[dict[str, Any]]
    memory: Memory
    answers: list[Answer] = field(default_factory=list)
    form_open: bool = False

    @property
    def outcome(self) -> str:
        """The outcome of the whole message."""
        return str(self.messages[-1]["custom"]["outcome"])

    @property
    def text(self) -> str:
        """All that is said, in one text."""
        return "\n\n".join(message["text"] for message in self.messages)


@dataclass(frozen=True)
class AnsweringTurn:
    """What one decision works with: the session of its transaction, what is known, the message, what is remembered."""

    session: Session
    knows: Knowledge
    message: HeardMessage
    memory: Memory
    now: datetime
    only_try: bool = False

    def masked(self, text: str) -> str:
        """Return a text as it may be written down before anybody agrees to be kept; what the facts publish stays."""
        return masked(text, self.knows.index.published)

    def unreadable(self) -> Decision | None:
        """Return the word for a message that holds nothing to read, or None."""
        if self.message.foreign:
            return self.word("english_only", "declined")
        return self.word("empty", "declined") if self.message.wordless else None

    def word(self, name: str, outcome: str) -> Decision:
        """Log a message that is no question to the facts, and return the frame that answers it."""
        contact = self.knows.contact.text
        text = frame("sensitive" if self.message.withheld else name, contact=contact[:1].upper() + contact[1:], trust=self.knows.trust)
        return self.noted(text, outcome)

    def noted(self, text: str, outcome: str) -> Decision:
        """Log a message that is no question to the facts, and return this sentence."""
        home, topics = self.knows.home, self.knows.index.topics
        following = [topic for topic in FIRST_TOPICS if topic in topics] if outcome == "chitchat" else []
        question: dict[str, Any] = {
            "text": self.masked(self.message.text), "trust": home, "topics": [], "outcome": outcome, "facts": [], "confidence": 1.0,
        }  # fmt: skip
        custom = {
            "outcome": outcome, "next": following, **self.log(outcome, [question]),
            "questions": [{"topic": None, "trust": home, "outcome": outcome, "facts": [], "sources": []}],
        }  # fmt: skip
        buttons = [{"title": topics[topic].button, "payload": topics[topic].button} for topic in following]
        return Decision([{"text": text, "buttons": buttons, "custom": custom}], replace(self.memory, clarified=False, offered=False))

    def log(self, outcome: str, questions: list[dict[str, Any]]) -> dict[str, int]:
        """Log the enquiry and return the payload's word of it; nothing of either where it is only tried."""
        if self.only_try:
            return {}
        heard = self.message
        enquiry = log_enquiry(
            self.session, conversation=heard.conversation, channel=heard.channel, text=self.masked(heard.text), withheld=heard.withheld,
            outcome=outcome, questions=questions, now=self.now,
        )  # fmt: skip
        return {"enquiry": int(enquiry.sequence)}

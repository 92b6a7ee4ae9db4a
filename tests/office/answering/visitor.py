"""Somebody who talks with the office itself: each message goes through `decide` in a transaction of its own, as an action has it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from language.acts.learned import acts_of, danger_in, wish_of
from office.answering.decide import decide
from office.answering.lead_form import failed_form
from office.answering.message import HeardMessage, Knowledge, Promises
from office.answering.turn import Decision
from office.base.database import Database
from office.base.staff import Staff
from office.choosing.choose import Memory
from office.choosing.index import Index
from office.facts.files import Topic
from office.facts.model import Trust

OPENING, YES, SKIP, SEND = "can someone ring me?", "yes", "skip", "yes, send it"
HOME = "oakdale"


def knowledge_of(database: Database, now: datetime, **promises: Any) -> Knowledge:
    """Return what an office knows that has a trust and no facts."""
    with database.transaction() as session:
        if session.get(Trust, HOME) is None:
            session.add(Trust(id=HOME, name="Oakdale Academy Trust", short="Oakdale", aliases=[]))
    topics: dict[str, Topic] = {}
    with database.transaction() as session:
        index = Index(session, topics, now.date())
    return Knowledge(
        index, HOME, lambda _: np.zeros(384, dtype=np.float32), Promises(2, 730, "/privacy", **promises), acts_of, wish_of, danger_in
    )


@dataclass
class OfficeVisitor:
    """One conversation. What Rasa and the door remember of it is here: whether the form is open, and what it asked last."""

    database: Database
    knows: Knowledge
    now: datetime
    channel: str = "website"
    source: str = ""
    conversation: str = field(default_factory=lambda: uuid.uuid4().hex)
    in_form: bool = False
    asked: str = ""
    heard: list[str] = field(default_factory=list)
    last: dict[str, Any] = field(default_factory=dict)  # the latest payload

    def say(self, text: str, fails: Exception | None = None) -> str:
        """Say something and return what is answered; where the turn fails, nothing of it is kept and the form stays as it was."""
        message = HeardMessage(
            self.conversation, text, "human_handoff" if not self.in_form and self._wants(text) else "chitchat", 1.0, ({"text": text},),
            channel=self.channel, in_form=self.in_form, source=self.source, form_asked=self.asked,
        )  # fmt: skip
        try:
            with self._turn(fails) as session:
                decision = decide(message, Memory(), session, knows=self.knows, now=self.now)
        except Exception as failed:
            if failed is not fails:
                raise
            form = failed_form(message) if self.in_form else None
            self.asked = form["asked"] if form else ""
            return "(failed)"
        return self._take(decision)

    def leave_details(self, *answers: str, opening: str = OPENING) -> str:
        """Go through the form up to the summary; return it."""
        for text in (opening, YES, *answers):
            said = self.say(text)
        assert self.asked == "confirm", said
        return said

    def sends(self, *answers: str, opening: str = OPENING) -> str:
        """Go through the form and send it; return the reference."""
        self.leave_details(*answers, opening=opening)
        self.say(SEND)
        return str(self.last["reference"])

    def _take(self, decision: Decision) -> str:
        self.last = decision.messages[-1]["custom"]
        self.in_form, self.asked = decision.form_open, str(self.last.get("form") or "")
        self.heard.append(decision.text)
        return decision.text

    @staticmethod
    def _wants(text: str) -> bool:
        return any(word in text for word in ("ring me", "call back", "like a call", "contact me", "get in touch", "visit"))

    @contextmanager
    def _turn(self, fails: Exception | None) -> Iterator[Session]:
        """A transaction whose commit fails, as on a locked database, a broken constraint or a killed process."""
        with self.database.transaction() as session:
            yield session
            if fails is not None:
                session.flush()
                raise fails


def pat(session: Session, now: datetime) -> Staff:
    """Return somebody who works leads."""
    person = Staff(name="Pat Example", email=f"{uuid.uuid4().hex[:8]}@oakdale.example", role="pa", made=now)
    session.add(person)
    session.flush()
    return person

"""Replies: what every channel says and passes on, the payload other programs read, and whom to contact."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from office.choosing.choose import Answer
from office.choosing.index import Index, KnownFact

HELP = "help"  # somebody in danger: it stands above all others, and no words of the message are kept
OUTCOMES = (
    "answered", "general", "nearest", "chitchat", "form", "clarify", "handover", "not_known", "declined", "unavailable", HELP,
)  # fmt: skip  # best first


@dataclass
class Reply:
    """What was said: messages as Rasa's REST channel gives them, the last with the payload."""

    messages: list[dict[str, Any]] = field(default_factory=list)

    @property
    def custom(self) -> dict[str, Any] | None:
        """The payload of the last message that has one."""
        return next((m["custom"] for m in reversed(self.messages) if "custom" in m), None)

    @property
    def is_help(self) -> bool:
        """Whether it answers somebody in danger, of whose message no words are kept."""
        return (self.custom or {}).get("outcome") == HELP


def worst(outcomes: list[str]) -> str:
    """Return the outcome of an enquiry: the worst of its questions'."""
    return max(outcomes, key=OUTCOMES.index) if outcomes else "not_known"


def payload(answers: list[Answer], following: list[str]) -> dict[str, Any]:
    """Return the payload of a reply: its outcome, each question with its facts and sources, the topics offered next."""
    questions = [_question(one) for answer in answers for one in (answer.compared or [answer])]
    return {"outcome": worst([answer.outcome for answer in answers]), "questions": questions, "next": following}


def _question(answer: Answer) -> dict[str, Any]:
    return {
        "topic": answer.topic,
        "trust": answer.trust,
        "outcome": answer.outcome,
        "facts": [fact.id for fact in answer.facts],
        "sources": sources(answer.facts),
    }


def sources(facts: list[KnownFact]) -> list[dict[str, str]]:
    """Return the sources of the facts, each once."""
    found = [{"title": f.source_title, "section": f.source_section, "as_of": f.as_of} for f in facts]
    return [source for place, source in enumerate(found) if source not in found[:place]]


@dataclass(frozen=True)
class Contact:
    """Whom a visitor of a trust can ring or write to, as the facts have it."""

    person: str = ""
    role: str = ""
    phone: str = ""
    email: str = ""
    trust: str = ""

    @property
    def text(self) -> str:
        """Return the contact as it stands in a sentence."""
        who = f"{self.person} ({self.role})" if self.person and self.role else self.person or self.trust or "the trust's office"
        ways = " or ".join(way for way in (self.phone, self.email) if way)
        return f"{who} on {ways}" if ways else who


def contact_of(index: Index, trust: str) -> Contact:
    """Return the contact of a trust, out of its contact fact's typed values."""
    known = index.trusts.get(trust)
    fact = index.facts.get(known.contact_fact or "") if known else None
    values = {value["kind"]: str(value["value"]) for value in reversed(fact.values)} if fact else {}
    return Contact(
        values.get("person", ""), values.get("role", ""), values.get("phone", ""), values.get("email", ""),
        known.short if known else "",
    )  # fmt: skip


def keep_contact(contact: Contact, file: Path) -> None:
    """Write the contact beside the database, for the hour in which the database is away."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(contact.__dict__))


def kept_contact(file: Path) -> Contact:
    """Return the contact that was written last, or an empty one."""
    try:
        return Contact(**json.loads(file.read_text()))
    except (OSError, ValueError, TypeError):
        return Contact()

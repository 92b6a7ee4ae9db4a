"""What the assistant would answer, without asking it: the dialogue's own reading and decision, for the inbox's preview."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.rasa_client import Assistant, AssistantError
from language.acts.learned import acts_of, danger_in, wish_of
from language.encoder.vectors import encoder_version, sentence_vector, sentence_vectors
from office.answering.asked import asked_from
from office.answering.decide import decide_alone
from office.answering.help import IN_DANGER_FROM
from office.answering.message import HeardMessage, Knowledge, Promises, as_received
from office.base.database import Database
from office.choosing.choose import Answer, Memory
from office.choosing.index import Index, IndexKeeper
from office.choosing.judgement import fitted
from office.choosing.why import Why, why
from office.facts.files import Topic, read_topics
from office.facts.model import Trust
from settings import LOOPBACK, ROOT, Settings

AT_ONCE = 2  # texts the assistant reads at a time: visitors come first
PREVIEW, WEBSITE_CHANNEL = "preview", "website"  # the conversation and the channel a text is tried in
KEPT = 4000
encode, encoder = sentence_vectors, encoder_version
_KEEPERS: WeakKeyDictionary[Database, IndexKeeper] = WeakKeyDictionary()
_READ: dict[tuple[int, str], dict[str, Any]] = {}


@lru_cache(maxsize=1)
def topics() -> dict[str, Topic]:
    """Return the topics of data/facts/topics.yml."""
    return read_topics(ROOT / "data" / "facts" / "topics.yml")


def present_index(database: Database, session: Session, today: date, *, staff: bool = False) -> Index:
    """Return the index as the dialogue has it at this moment."""
    keeper = _KEEPERS.setdefault(database, IndexKeeper(topics()))
    return keeper.current(session, today, staff=staff)


@dataclass(frozen=True)
class Reading:
    """How a text was read. `by_model` is False where the assistant was away and the nearest wordings had to stand in for it."""

    message: HeardMessage
    by_model: bool


def read(texts: Sequence[str], settings: Settings, index: Index, session: Session) -> list[Reading]:
    """Return each text as the running assistant's model reads it at the beginning of a conversation."""
    port = settings.rasa_port
    received = [as_received(text, in_danger=danger_in(text) >= IN_DANGER_FROM) for text in texts]
    missing = [text for text, _ in dict.fromkeys(received) if (port, text) not in _READ]
    if missing:
        if len(_READ) > KEPT:
            _READ.clear()
        _READ.update({(port, text): parsed for text, parsed in asyncio.run(_parse(missing, settings)).items()})
    names = session.execute(select(Trust.id, Trust.name, Trust.short, Trust.aliases)).all()
    readings = []
    for text, withheld in received:
        parsed = _READ.get((port, text))
        message = HeardMessage.parsed(PREVIEW, parsed or _read_alone(text, index, names), withheld=withheld, channel=WEBSITE_CHANNEL)
        readings.append(Reading(message, parsed is not None))
    return readings


async def _parse(texts: list[str], settings: Settings) -> dict[str, dict[str, Any]]:
    """Ask the model, a few at a time; what it does not read is left out."""
    assistant = Assistant(f"http://{LOOPBACK}:{settings.rasa_port}", settings.turn_timeout_seconds)
    found: dict[str, dict[str, Any]] = {}
    try:
        for start in range(0, len(texts), AT_ONCE):
            some = texts[start : start + AT_ONCE]
            found.update(zip(some, await asyncio.gather(*(assistant.parse(text) for text in some))))
    except AssistantError:
        pass  # away: the rest is read by the nearest wordings
    return found


def _read_alone(text: str, index: Index, names: Sequence[Any]) -> dict[str, Any]:
    weights = index.topic_weights(index.similarities(sentence_vector(text)))
    likely = sorted(weights.items(), key=lambda pair: -pair[1])[:8]
    said = f" {text.lower()} "
    trusts = [row.id for row in names if any(name.lower() in said for name in (row.name, row.short, *row.aliases) if name)]
    intents = [[f"ask/{topic}", weight] for topic, weight in likely]
    question = {"text": text, "bare": text, "entities": {"trust": trusts} if trusts else {}, "intents": intents}
    return {"text": text, "questions": [question]}


@dataclass(frozen=True)
class Preview:
    """What would be said to one text, and why each of its answers."""

    text: str
    outcome: str
    says: str
    facts: list[str]
    reasons: list[tuple[Answer, Why]]
    by_model: bool

    @property
    def said(self) -> tuple[str, tuple[str, ...]]:
        """By what two previews are compared."""
        return self.outcome, tuple(self.facts)


def preview(reading: Reading, index: Index, home: str, session: Session, settings: Settings, now: datetime) -> Preview:
    """Return what the assistant says to a text at the beginning of a conversation, by the one decision; nothing is kept."""
    message = reading.message
    knows = Knowledge(index, home, sentence_vector, Promises.by(settings), acts_of, wish_of, danger_in)
    decision = decide_alone(message, session, knows=knows, now=now)
    asked = {question["text"]: question for question in message.questions}
    reasons = [
        (one, why(asked_from(asked[one.text], Memory(), sentence_vector), index, fitted(), home))
        for one in decision.answers if one.text in asked
    ]  # fmt: skip
    facts = [fact.id for one in decision.answers for fact in one.facts]
    return Preview(message.text, decision.outcome, decision.text, facts, reasons, reading.by_model)

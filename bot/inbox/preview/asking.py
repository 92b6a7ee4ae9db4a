"""What the assistant would answer, without asking it: the dialogue's own reading and decision, for the inbox's preview."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.asked import asked_from
from actions.say import reply_messages
from bot.rasa_client import Assistant, AssistantError
from language.encoder.vectors import encoder_version, sentence_vector, sentence_vectors
from language.reading.questions import SMALL_TALK
from office.answering.replies import contact_of, worst
from office.base.database import Database
from office.choosing.choose import Answer, Memory, answer, in_company, say_once
from office.choosing.index import Index, IndexKeeper
from office.choosing.judgement import fitted
from office.choosing.ranking import Asked
from office.choosing.why import Why, why
from office.facts.files import Topic, read_topics
from office.facts.model import Trust
from settings import LOOPBACK, ROOT, Settings

AT_ONCE = 2  # texts the assistant reads at a time: visitors come first
SURE_SMALL_TALK = 0.5
KEPT = 4000
encode, encoder = sentence_vectors, encoder_version
_KEEPERS: WeakKeyDictionary[Database, IndexKeeper] = WeakKeyDictionary()
_READ: dict[tuple[int, str], list[dict[str, Any]]] = {}


@lru_cache(maxsize=1)
def topics() -> dict[str, Topic]:
    """Give the topics of data/facts/topics.yml."""
    return read_topics(ROOT / "data" / "facts" / "topics.yml")


def present_index(database: Database, session: Session, today: date, *, staff: bool = False) -> Index:
    """Give the index as the dialogue has it at this moment."""
    keeper = _KEEPERS.setdefault(database, IndexKeeper(topics()))
    return keeper.current(session, today, staff=staff)


@dataclass(frozen=True)
class Reading:
    """What a text asks. `by_model` is False where the assistant was away and the nearest wordings had to stand in for it."""

    text: str
    asked: list[Asked]
    by_model: bool


def read(texts: Sequence[str], settings: Settings, index: Index, session: Session) -> list[Reading]:
    """Give what each text asks, as the running assistant's model reads it at the beginning of a conversation."""
    port = settings.rasa_port
    missing = [text for text in dict.fromkeys(texts) if (port, text) not in _READ]
    if missing:
        if len(_READ) > KEPT:
            _READ.clear()
        _READ.update({(port, text): questions for text, questions in asyncio.run(_parse(missing, settings)).items()})
    names = session.execute(select(Trust.id, Trust.name, Trust.short, Trust.aliases)).all()
    readings = []
    for text in texts:
        questions = _READ.get((port, text))
        readings.append(
            Reading(text, [asked_from(q, Memory()) for q in questions or [_read_alone(text, index, names)]], questions is not None)
        )
    return readings


async def _parse(texts: list[str], settings: Settings) -> dict[str, list[dict[str, Any]]]:
    """Ask the model, a few at a time; what it does not read is left out."""
    assistant = Assistant(f"http://{LOOPBACK}:{settings.rasa_port}", settings.turn_timeout_seconds)
    found: dict[str, list[dict[str, Any]]] = {}
    try:
        for start in range(0, len(texts), AT_ONCE):
            some = texts[start : start + AT_ONCE]
            for text, parsed in zip(some, await asyncio.gather(*(assistant.parse(text) for text in some))):
                questions = [q for q in parsed["questions"] if q.get("text")]
                serious = [q for q in questions if q["intents"][0][0] not in SMALL_TALK or q["intents"][0][1] <= SURE_SMALL_TALK]
                found[text] = serious or questions
    except AssistantError:
        pass  # away: the rest is read by the nearest wordings
    return found


def _read_alone(text: str, index: Index, names: Sequence[Any]) -> dict[str, Any]:
    weights = index.topic_weights(index.similarities(sentence_vector(text)))
    likely = sorted(weights.items(), key=lambda pair: -pair[1])[:8]
    said = f" {text.lower()} "
    trusts = [row.id for row in names if any(name.lower() in said for name in (row.name, row.short, *row.aliases) if name)]
    intents = [[f"ask/{topic}", weight] for topic, weight in likely]
    return {"text": text, "bare": text, "entities": {"trust": trusts} if trusts else {}, "intents": intents}


@dataclass(frozen=True)
class Preview:
    """What would be said to one text, and why."""

    text: str
    outcome: str
    says: str
    facts: list[str]
    answers: list[Answer]
    reasons: list[Why]
    by_model: bool

    @property
    def said(self) -> tuple[str, tuple[str, ...]]:
        """By what two previews are compared."""
        return self.outcome, tuple(self.facts)


def decide(reading: Reading, index: Index, home: str) -> Preview:
    """Give what the assistant answers to a text at the beginning of a conversation."""
    answers = [answer(asked, Memory(), index, fitted(), home) for asked in reading.asked]
    if len(answers) > 1:
        answers = say_once([in_company(one, len(answers)) for one in answers])
    says = reply_messages(answers, index, contact_of(index, home), home)[0]["text"]
    reasons = [why(asked, index, fitted(), home) for asked in reading.asked]
    facts = [fact.id for one in answers for fact in one.facts]
    return Preview(reading.text, worst([one.outcome for one in answers]), says, facts, answers, reasons, reading.by_model)

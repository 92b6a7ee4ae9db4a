"""The assistant's own reading and deciding without its servers: for fitting, and for a quick look."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import spacy

import language.pipeline
from language.acts.learned import acts_of, danger_in, wish_of
from language.encoder.vectors import encoder_version, sentence_vector, sentence_vectors
from language.reading.questions import ReadQuestion, parse_message, read_message
from language.reading.topics import TopicReader
from office.answering.asked import asked_from
from office.answering.decide import decide
from office.answering.message import HeardMessage, Knowledge, Promises
from office.answering.turn import Decision
from office.base.database import Database
from office.choosing.choose import Memory
from office.choosing.index import Index
from office.choosing.ranking import AskedQuestion
from office.facts.files import read_topics
from office.facts.loading import load_facts
from settings import Settings

ROOT = Path(__file__).parent.parent
WORK = ROOT / "var" / "evaluation"


@dataclass
class Offline:
    """A reader and an index, ready to decide."""

    nlp: spacy.language.Language
    topics: TopicReader
    index: Index
    database: Database

    @classmethod
    def open(cls) -> Offline:
        """Read the repository's facts and training examples; what takes long is kept under var/evaluation."""
        WORK.mkdir(parents=True, exist_ok=True)
        language.pipeline.build(ROOT / "data/facts", WORK / "usher_en")
        database = Database(f"sqlite:///{WORK / 'facts.db'}")
        database.migrate()
        with database.transaction() as session:
            load_facts(session, ROOT / "data/facts", ROOT / "data/nlu", sentence_vectors, encoder_version(), now=datetime.now(timezone.utc))
        known = read_topics(ROOT / "data/facts/topics.yml")
        with database.transaction() as session:
            index = Index(session, known, datetime.now(timezone.utc).date())
        return cls(spacy.load(WORK / "usher_en"), _topics(), index, database)

    def read(self, text: str) -> list[ReadQuestion]:
        """Return the questions of a message."""
        return read_message(self.nlp(text), self.nlp, self.topics)

    def ask(self, question: ReadQuestion, memory: Memory) -> AskedQuestion:
        """Return a question as the office wants it."""
        return asked_from(question.as_json(), memory, sentence_vector)

    def hear(self, conversation: str, text: str, **more: Any) -> HeardMessage:
        """Return a message as Rasa would parse it; `more` are fields that only the channel knows."""
        return HeardMessage.parsed(conversation, {"text": text, **parse_message(self.nlp(text), self.nlp, self.topics).as_json()}, **more)

    def knowledge(self, home: str) -> Knowledge:
        """Return what is known where a message is answered."""
        return Knowledge(self.index, home, sentence_vector, Promises.by(Settings.read()), acts_of, wish_of, danger_in)

    def decide(self, text: str, memory: Memory, home: str) -> Decision:
        """Return what the assistant would say to a message; nothing is kept."""
        heard, knows, now = self.hear("evaluation", text), self.knowledge(home), datetime.now(timezone.utc)
        with self.database.transaction() as session:
            return decide(heard, memory, session, knows=knows, now=now, only_try=True)


def examples() -> tuple[list[str], list[str]]:
    """Return every training example of data/nlu, and the intent of each."""
    texts: list[str] = []
    intents: list[str] = []
    for path in sorted((ROOT / "data/nlu").glob("*.yml")):
        for block in re.split(r"^- intent: ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
            lines = re.findall(r"^ +- (.+)$", block, flags=re.MULTILINE)
            texts += [line.strip() for line in lines]
            intents += [block.split("\n", 1)[0].strip()] * len(lines)
    return texts, intents


def _topics() -> TopicReader:
    texts, intents = examples()
    mark = hashlib.sha256(("\n".join(texts + intents) + encoder_version()).encode()).hexdigest()[:16]
    kept = WORK / f"topics-{mark}.npz"
    if not kept.exists():
        TopicReader.learn(sentence_vectors(texts), intents).save(kept)
    return TopicReader.load(kept)

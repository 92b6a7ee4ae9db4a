"""The index: every current fact, and every wording people ask in, held in memory and read anew when the facts change."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from office.factfiles import Topic
from office.facts import Document, Fact, Subject, Trust, Wording, is_current, revision_number, unpack

_WORD = re.compile(r"[a-z0-9£]+")
STOP_WORDS = frozenset(
    """a about all also am an and any are as at be been but by can could do does did for from get had has have how i if in into is it
    its just let like me more my no not of on one or our out please s so some t tell than that the their them then there these they
    this to up us was we were what when where which who why will with would you your yours ok hi hello really actually thing things
    know want wants need say says give school schools trust""".split()
)


def content_words(text: str) -> list[str]:
    """Give the words of a text that carry meaning here, plurals folded."""
    words = _WORD.findall(text.lower().replace("'s", "").replace("'", ""))
    return [_fold(word) for word in words if word not in STOP_WORDS]


def _fold(word: str) -> str:
    for ending in ("ings", "ing", "ies", "ers", "er", "es", "ed", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


@dataclass(frozen=True)
class KnownFact:
    """A fact as the answerer sees it: detached from the database."""

    id: str
    trust: str
    topic: str
    subject: str
    position: int
    says: str
    values: tuple[dict[str, Any], ...]
    source_title: str
    source_section: str
    as_of: str
    dated: str
    audience: str
    first_wording: str
    words: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True)
class KnownTrust:
    """A trust as the answerer sees it."""

    id: str
    name: str
    short: str
    contact_fact: str | None


class Index:
    """Facts, subjects, topics and the matrix of their wordings' vectors, shape (wordings, 384)."""

    def __init__(self, session: Session, topics: dict[str, Topic], today: date) -> None:
        self.revision = revision_number(session)
        self.day = today
        self.topics = topics
        self.trusts = {
            row.id: KnownTrust(row.id, row.name, row.short, row.contact_fact)
            for row in session.execute(select(Trust)).scalars()
        }
        subjects = {row.id: row for row in session.execute(select(Subject)).scalars()}
        self.subject_topic = {key: row.topic for key, row in subjects.items()}
        self.subject_title = {key: row.title for key, row in subjects.items()}
        wordings = session.execute(select(Wording.kind, Wording.owner, Wording.text, Wording.vector).order_by(Wording.id)).all()
        self._read_facts(session, today, wordings)
        kept = [w for w in wordings if w.kind == "topic" or w.owner in (self.facts if w.kind == "fact" else self.by_subject)]
        self.vectors = unpack([w.vector for w in kept]) if kept else np.zeros((0, 384), np.float32)
        self.owners: list[tuple[str, str]] = list(dict.fromkeys((w.kind, w.owner) for w in kept))
        place = {owner: number for number, owner in enumerate(self.owners)}
        self.owner_of = np.array([place[(w.kind, w.owner)] for w in kept], dtype=np.int64)
        self._weigh_words()

    def _read_facts(self, session: Session, today: date, wordings: Any) -> None:
        documents = {row.id: row for row in session.execute(select(Document)).scalars()}
        asked: dict[str, list[str]] = defaultdict(list)
        for wording in wordings:
            if wording.kind == "fact":
                asked[wording.owner].append(wording.text)
        self.facts: dict[str, KnownFact] = {}
        self.by_subject: dict[str, list[KnownFact]] = defaultdict(list)
        for row in session.execute(select(Fact).order_by(Fact.trust, Fact.position)).scalars():
            if not is_current(row, today):
                continue
            document = documents.get(row.document)
            texts = asked[row.id] or [row.says]
            fact = KnownFact(
                id=row.id, trust=row.trust, topic=row.topic, subject=row.subject, position=row.position, says=row.says,
                values=tuple(row.values), audience=row.audience, as_of=row.as_of, first_wording=texts[0],
                source_title=document.title if document else row.person or "", source_section=row.section or "",
                dated=document.dated if document else row.as_of,
                words=frozenset(word for text in [*texts, row.says] for word in content_words(text)),
            )  # fmt: skip
            self.facts[fact.id] = fact
            self.by_subject[fact.subject].append(fact)

    def _weigh_words(self) -> None:
        seen = Counter(word for fact in self.facts.values() for word in fact.words)
        self._rarity = {word: math.log(1 + len(self.facts) / count) for word, count in seen.items()}
        self._rarest = math.log(1 + len(self.facts)) if self.facts else 1.0

    def rarity(self, word: str) -> float:
        """Give how telling a word is: its inverse document frequency over the facts."""
        return self._rarity.get(word, self._rarest)

    def similarities(self, vector: np.ndarray) -> np.ndarray:
        """Give each owner's similarity to a unit vector, shape (owners,): the nearest wording, helped by the next two."""
        if not len(self.vectors):
            return np.zeros(0, np.float32)
        each = self.vectors @ vector
        best = np.full((len(self.owners), 3), -1.0, dtype=np.float32)
        order = np.argsort(-each)
        filled = np.zeros(len(self.owners), dtype=np.int64)
        for number in order[:400]:
            owner = self.owner_of[number]
            if filled[owner] < 3:
                best[owner, filled[owner]] = each[number]
                filled[owner] += 1
        for column in (1, 2):
            missing = best[:, column] < 0
            best[missing, column] = best[missing, column - 1] - 0.15
        return np.asarray(0.8 * best[:, 0] + 0.12 * best[:, 1] + 0.08 * best[:, 2])


class IndexKeeper:
    """Gives the present index; builds it anew only after a change of the facts, or a new day."""

    def __init__(self, topics: dict[str, Topic]) -> None:
        self._topics = topics
        self._index: Index | None = None

    def current(self, session: Session, today: date) -> Index:
        """Give the index of the facts as they are now. One short query where nothing changed."""
        index = self._index
        if index is None or index.revision != revision_number(session) or index.day != today:
            index = self._index = Index(session, self._topics, today)
        return index

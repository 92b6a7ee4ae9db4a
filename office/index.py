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

ALONE = 0.15  # how far off the wordings are taken to be that an owner of one or two does not have
SHARPNESS = 0.06  # of topic weights: smaller gives the nearest topic more
_WORD = re.compile(r"[a-z0-9£]+")
STOP_WORDS = frozenset(
    """a about all also am an and any are as at be been but by can could do does did for from get had has have how i if in into is it
    its just let like me more my no not of on one or our out please s so some t tell than that the their them then there these they
    this to up us was we were what when where which who why will with would you your yours ok hi hello really actually thing things
    know want wants need say says give other others else many much school schools trust""".split()
)


def content_words(text: str) -> list[str]:
    """Give the words of a text that carry meaning here, plurals folded."""
    words = _WORD.findall(text.lower().replace("'s", "").replace("'", ""))
    return [_fold(word) for word in words if word not in STOP_WORDS]


def _fold(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        word = word[:-3] + "y"
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

    def __init__(self, session: Session, topics: dict[str, Topic], today: date, *, staff: bool = False) -> None:
        self.revision = revision_number(session)
        self.day = today
        self.topics = topics
        self.trusts = {
            row.id: KnownTrust(row.id, row.name, row.short, row.contact_fact) for row in session.execute(select(Trust)).scalars()
        }
        subjects = {row.id: row for row in session.execute(select(Subject)).scalars()}
        self.subject_topic = {key: row.topic for key, row in subjects.items()}
        self.subject_title = {key: row.title for key, row in subjects.items()}
        wordings = session.execute(select(Wording.kind, Wording.owner, Wording.text, Wording.vector).order_by(Wording.id)).all()
        self._read_facts(session, today, wordings, staff)
        kept = [w for w in wordings if w.kind == "topic" or w.owner in (self.facts if w.kind == "fact" else self.by_subject)]
        self.vectors = unpack([w.vector for w in kept]) if kept else np.zeros((0, 384), np.float32)
        self.owners: list[tuple[str, str]] = list(dict.fromkeys((w.kind, w.owner) for w in kept))
        place = {owner: number for number, owner in enumerate(self.owners)}
        self.owner_of = np.array([place[(w.kind, w.owner)] for w in kept], dtype=np.int64)
        self._wordings_of = np.bincount(self.owner_of, minlength=len(self.owners))
        self._places = self._wordings_by_owner()
        self._weigh_words()

    def _read_facts(self, session: Session, today: date, wordings: Any, staff: bool) -> None:
        documents = {row.id: row for row in session.execute(select(Document)).scalars()}
        asked: dict[str, list[str]] = defaultdict(list)
        for wording in wordings:
            if wording.kind == "fact":
                asked[wording.owner].append(wording.text)
        self.facts: dict[str, KnownFact] = {}
        self.by_subject: dict[str, list[KnownFact]] = defaultdict(list)
        for row in session.execute(select(Fact).order_by(Fact.trust, Fact.position)).scalars():
            if not is_current(row, today) or (row.audience == "staff" and not staff):
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

    def _wordings_by_owner(self) -> np.ndarray:
        """Give the rows of each owner's wordings, shape (owners, most wordings of one), filled up with a row behind the last."""
        places = np.full((len(self.owners), max(3, int(self._wordings_of.max(initial=0)))), len(self.owner_of), dtype=np.int64)
        filled = np.zeros(len(self.owners), dtype=np.int64)
        for row, owner in enumerate(self.owner_of):
            places[owner, filled[owner]] = row
            filled[owner] += 1
        return places

    def _weigh_words(self) -> None:
        seen = Counter(word for fact in self.facts.values() for word in fact.words)
        self._rarity = {word: math.log(1 + len(self.facts) / count) for word, count in seen.items()}
        self._rarest = math.log(1 + len(self.facts)) if self.facts else 1.0

    def rarity(self, word: str) -> float:
        """Give how telling a word is: its inverse document frequency over the facts."""
        return self._rarity.get(word, self._rarest)

    def uses(self, word: str) -> bool:
        """Say whether any fact, or a wording of one, has a word."""
        return word in self._rarity

    def similarities(self, vector: np.ndarray) -> np.ndarray:
        """Give each owner's similarity to a unit vector, shape (owners,): the nearest wording, helped by the next two."""
        if not len(self.vectors):
            return np.zeros(0, np.float32)
        each = self.vectors @ vector
        nearest = -np.partition(-np.append(each, np.float32(-1.0))[self._places], 2, axis=1)[:, :3]
        first = nearest[:, 0]
        second = np.where(self._wordings_of > 1, nearest[:, 1], first - ALONE)
        third = np.where(self._wordings_of > 2, nearest[:, 2], second - ALONE)
        return np.asarray(0.8 * first + 0.12 * second + 0.08 * third)

    def topic_weights(self, similar: np.ndarray) -> dict[str, float]:
        """Give each topic a share of 1 by its nearest wording, be it the topic's own, a subject's or a fact's."""
        nearest: dict[str, float] = {}
        for place, (kind, owner) in enumerate(self.owners):
            topic = self.facts[owner].topic if kind == "fact" else self.subject_topic[owner] if kind == "subject" else owner
            nearest[topic] = max(nearest.get(topic, -1.0), float(similar[place]))
        raised = {topic: math.exp(similarity / SHARPNESS) for topic, similarity in nearest.items()}
        total = sum(raised.values())
        return {topic: weight / total for topic, weight in raised.items()}


class IndexKeeper:
    """Gives the present index; builds it anew only after a change of the facts, or a new day.

    The public's and staff's are two: what is not in the public's index, no answer to a visitor can hold.
    """

    def __init__(self, topics: dict[str, Topic]) -> None:
        self._topics = topics
        self._indexes: dict[bool, Index] = {}

    def current(self, session: Session, today: date, *, staff: bool = False) -> Index:
        """Give the index of the facts as they are now. One short query where nothing changed."""
        index = self._indexes.get(staff)
        if index is None or index.revision != revision_number(session) or index.day != today:
            index = self._indexes[staff] = Index(session, self._topics, today, staff=staff)
        return index

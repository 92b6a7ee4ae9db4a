"""The index: every current fact, and every wording people ask in, held in memory and read anew when the facts change."""

from __future__ import annotations

import copy
import math
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from office.base.staff import Staff
from office.base.workdays import london_day
from office.enquiries.anonymous import published
from office.facts.files import Topic
from office.facts.model import Document, Fact, FactVersion, Subject, Trust, Wording, is_current, revision_number, unpack

ALONE = 0.15  # how far off the wordings are taken to be that an owner of one or two does not have
TOLD = 0.8  # the cosine to a wording of staff's fact from which a wording of its topic is answered by it too (`python -m evaluation.gaps`)
SHARPNESS = 0.06  # of topic weights: smaller gives the nearest topic more
_WORD = re.compile(r"[a-z0-9£]+")
STOP_WORDS = frozenset(
    """a about all also am an and any are as at be been but by can could do does did for from get had has have how i if in into is it
    its just let like me more my no not of on one or our out please s so some t tell than that the their them then there these they
    this to up us was we were what when where which who why will with would you your yours ok hi hello really actually thing things
    know want wants need say says give other others else many much school schools trust""".split()
)


def content_words(text: str) -> list[str]:
    """Return the words of a text that carry meaning here, plurals folded."""
    words = _WORD.findall(text.lower().replace("'s", "").replace("'", ""))
    return [_fold(word) for word in words if word not in STOP_WORDS]


def _fold(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        word = word[:-3] + "y"
    for ending in ("ings", "ing", "ies", "ers", "er", "es", "ed", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def in_words(as_of: str) -> str:
    """Return the day of a member of staff's answer as a sentence has it: 25 November 2026."""
    try:
        day = date.fromisoformat(as_of)
    except ValueError:
        return as_of
    return f"{day.day} {day:%B %Y}"


def reworded_facts(session: Session) -> dict[str, str]:
    """Return those facts of documents that staff have made say something else, each with its document's date, and who did so and when."""
    query = (
        select(Fact, FactVersion.was, FactVersion.at, Document.dated, func.coalesce(Staff.name, Fact.edited_by).label("who"))
        .join(FactVersion, FactVersion.fact == Fact.id)
        .join(Document, Fact.document == Document.id)
        .outerjoin(Staff, FactVersion.staff == Staff.id)
        .where(Fact.edited_at.is_not(None))
        .order_by(FactVersion.id)
    )
    first: dict[str, dict[str, Any]] = defaultdict(dict)
    said: dict[str, str] = {}
    for row in session.execute(query):
        if words := {column: row.was[column] for column in ("says", "values") if column in row.was}:
            first[row.Fact.id] = {**words, **first[row.Fact.id]}
            said[row.Fact.id] = reworded(row.dated, row.who, london_day(row.at))
        if all(getattr(row.Fact, column) == was for column, was in first[row.Fact.id].items()):
            said.pop(row.Fact.id, None)
    return said


def reworded(dated: str, who: str, day: date) -> str:
    """Return a document's date with who changed the words that stood there, and when."""
    return f"{dated}; changed by {who}, {in_words(day.isoformat())}"


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
    by_staff: bool = False  # somebody at the trust answered it; no document does


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
        self.published = published(value for fact in self.facts.values() for value in fact.values)  # what no mask hides
        kept = [w for w in wordings if w.kind == "topic" or w.owner in (self.facts if w.kind == "fact" else self.by_subject)]
        vectors = unpack([w.vector for w in kept]) if kept else np.zeros((0, 384), np.float32)
        self._arrange([(w.kind, w.owner) for w in kept], [w.text for w in kept], vectors)

    def _arrange(self, owner_of_each: list[tuple[str, str]], texts: list[str], vectors: np.ndarray) -> None:
        self._all = owner_of_each, texts, vectors
        kept = self._not_answered_meanwhile(owner_of_each, vectors)
        owner_of_each = [owner_of_each[row] for row in kept]
        self.vectors, self.texts = vectors[kept], [texts[row] for row in kept]
        self.owners: list[tuple[str, str]] = list(dict.fromkeys(owner_of_each))
        place = {owner: number for number, owner in enumerate(self.owners)}
        self.owner_of = np.array([place[owner] for owner in owner_of_each], dtype=np.int64)
        self._wordings_of = np.bincount(self.owner_of, minlength=len(self.owners))
        self._places = self._wordings_by_owner()
        self._rows = {owner: self._places[number, : self._wordings_of[number]] for number, owner in enumerate(self.owners)}
        self._weigh_words()

    def _not_answered_meanwhile(self, owner_of_each: list[tuple[str, str]], vectors: np.ndarray) -> list[int]:
        """Return the rows to keep: a wording of a topic no document answers tells nothing once somebody at a trust has answered the like."""
        told: dict[str, list[int]] = defaultdict(list)
        for row, (kind, owner) in enumerate(owner_of_each):
            if kind == "fact" and self.facts[owner].by_staff:
                told[self.facts[owner].topic].append(row)
        self.told_topics = frozenset(told)
        kept = []
        for row, (kind, owner) in enumerate(owner_of_each):
            if kind == "topic" and owner in told and float((vectors[told[owner]] @ vectors[row]).max()) >= TOLD:
                continue
            kept.append(row)
        return kept

    def with_draft(self, fact: KnownFact, title: str, texts: list[str], vectors: np.ndarray) -> Index:
        """Return an index in which a fact that is only being thought of is there too, or stands as it would be after an edit.

        `texts` are the wordings it would have, `vectors` theirs, shape (len(texts), 384); `title` is its subject's, where that is new.
        """
        drafted = self.without(fact.id)
        words = frozenset(word for text in [*texts, fact.says] for word in content_words(text))
        fact = replace(fact, words=words, first_wording=(texts or [fact.says])[0])
        drafted.facts[fact.id] = fact
        members = [*drafted.by_subject[fact.subject], fact]
        drafted.by_subject[fact.subject] = sorted(members, key=lambda one: one.position)
        drafted.subject_topic = {fact.subject: fact.topic, **drafted.subject_topic}
        drafted.subject_title = {fact.subject: title, **drafted.subject_title}
        owners, known, matrix = drafted._all
        drafted._arrange([*owners, *([("fact", fact.id)] * len(texts))], [*known, *texts], np.concatenate([matrix, vectors]))
        return drafted

    def without(self, fact: str) -> Index:
        """Return an index without one fact, as it would be if that were retired."""
        drafted = copy.copy(self)
        drafted.facts = {key: known for key, known in self.facts.items() if key != fact}
        drafted.by_subject = defaultdict(list)
        for key, members in self.by_subject.items():
            if left := [known for known in members if known.id != fact]:
                drafted.by_subject[key] = left
        owners, texts, vectors = self._all
        kept = [r for r, (kind, owner) in enumerate(owners) if owner != fact and (kind != "subject" or owner in drafted.by_subject)]
        drafted._arrange([owners[row] for row in kept], [texts[row] for row in kept], vectors[kept])
        return drafted

    def _read_facts(self, session: Session, today: date, wordings: Any, staff: bool) -> None:
        documents = {row.id: row for row in session.execute(select(Document)).scalars()}
        asked: dict[str, list[str]] = defaultdict(list)
        for wording in wordings:
            if wording.kind == "fact":
                asked[wording.owner].append(wording.text)
        reworded = reworded_facts(session)
        self.facts: dict[str, KnownFact] = {}
        self.by_subject: dict[str, list[KnownFact]] = defaultdict(list)
        for row in session.execute(select(Fact).order_by(Fact.trust, Fact.position)).scalars():
            if not is_current(row, today) or (row.audience == "staff" and not staff):
                continue
            document = documents.get(row.document) if row.document else None
            texts = asked[row.id] or [row.says]
            fact = KnownFact(
                id=row.id, trust=row.trust, topic=row.topic, subject=row.subject, position=row.position, says=row.says,
                values=tuple(row.values), audience=row.audience, as_of=row.as_of, first_wording=texts[0],
                source_title=document.title if document else row.person or "", source_section=row.section or "",
                dated=reworded.get(row.id) or (document.dated if document else in_words(row.as_of)), by_staff=row.document is None,
                words=frozenset(word for text in [*texts, row.says] for word in content_words(text)),
            )  # fmt: skip
            self.facts[fact.id] = fact
            self.by_subject[fact.subject].append(fact)

    def _wordings_by_owner(self) -> np.ndarray:
        """Return the rows of each owner's wordings, shape (owners, most wordings of one), filled up with a row behind the last."""
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
        """Return how telling a word is: its inverse document frequency over the facts."""
        return self._rarity.get(word, self._rarest)

    def uses(self, word: str) -> bool:
        """Return whether any fact, or a wording of one, has a word."""
        return word in self._rarity

    def similarities(self, vector: np.ndarray) -> np.ndarray:
        """Return each owner's similarity to a unit vector, shape (owners,): the nearest wording, helped by the next two."""
        if not len(self.vectors):
            return np.zeros(0, np.float32)
        each = self.vectors @ vector
        nearest = -np.partition(-np.append(each, np.float32(-1.0))[self._places], 2, axis=1)[:, :3]
        first = nearest[:, 0]
        second = np.where(self._wordings_of > 1, nearest[:, 1], first - ALONE)
        third = np.where(self._wordings_of > 2, nearest[:, 2], second - ALONE)
        return np.asarray(0.8 * first + 0.12 * second + 0.08 * third)

    def nearest_wording(self, kind: str, owner: str, vector: np.ndarray) -> tuple[float, str]:
        """Return the wording of a fact, subject or topic that is nearest to a unit vector, and its cosine; -1 where it has none."""
        rows = self._rows.get((kind, owner))
        if rows is None:
            return -1.0, ""
        near = self.vectors[rows] @ vector
        return float(near.max()), self.texts[rows[int(near.argmax())]]

    def topic_weights(self, similar: np.ndarray) -> dict[str, float]:
        """Return for each topic a share of 1 by its nearest wording, be it the topic's own, a subject's or a fact's."""
        nearest: dict[str, float] = {}
        for place, (kind, owner) in enumerate(self.owners):
            topic = self.facts[owner].topic if kind == "fact" else self.subject_topic[owner] if kind == "subject" else owner
            nearest[topic] = max(nearest.get(topic, -1.0), float(similar[place]))
        raised = {topic: math.exp(similarity / SHARPNESS) for topic, similarity in nearest.items()}
        total = sum(raised.values())
        return {topic: weight / total for topic, weight in raised.items()}


class IndexKeeper:
    """Holds the present index; builds it anew only after a change of the facts, or a new day.

    The public's and staff's are two: what is not in the public's index, no answer to a visitor can hold.
    """

    def __init__(self, topics: dict[str, Topic]) -> None:
        self._topics = topics
        self._indexes: dict[bool, Index] = {}

    def current(self, session: Session, today: date, *, staff: bool = False) -> Index:
        """Return the index of the facts as they are now. One short query where nothing changed."""
        index = self._indexes.get(staff)
        if index is None or index.revision != revision_number(session) or index.day != today:
            index = self._indexes[staff] = Index(session, self._topics, today, staff=staff)
        return index

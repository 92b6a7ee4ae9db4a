"""What staff should look at among the facts: contradictions, repetitions, newer words in a file, dates gone by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from office.base.audit import audit
from office.base.errors import Conflict, NotFound
from office.base.staff import Staff, require
from office.facts.model import Contradiction, Fact, SettledPair, Wording, is_current, unpack

THE_SAME = "the same"
ALIKE = 0.9  # the cosine of two sentences from which one may repeat the other; see tests/office/facts/test_editing.py


@dataclass(frozen=True)
class FlaggedPair:
    """Two facts that do not go together, and what of: a value, or THE_SAME where one repeats the other."""

    first: Fact
    second: Fact
    of: str
    near: float = 0.0


@dataclass(frozen=True)
class FactFlags:
    """All that is to be looked at."""

    contradictions: list[FlaggedPair]
    repeated: list[FlaggedPair]
    file_offers: list[Fact]
    expired: list[Fact]
    review_due: list[Fact]

    @property
    def count(self) -> int:
        """How many there are in all."""
        return sum(len(found) for found in (self.contradictions, self.repeated, self.file_offers, self.expired, self.review_due))


def flags(session: Session, *, today: date) -> FactFlags:
    """Return what staff should look at today."""
    facts = {fact.id: fact for fact in session.execute(select(Fact).where(Fact.retired.is_(False)).order_by(Fact.id)).scalars()}
    settled = {(row.first, row.second, row.of) for row in session.execute(select(SettledPair)).scalars()}
    contradictions = [
        FlaggedPair(facts[row.first], facts[row.second], row.of)
        for row in session.execute(select(Contradiction).order_by(Contradiction.id)).scalars()
        if row.first in facts and row.second in facts and (row.first, row.second, row.of) not in settled
    ]
    expired = [fact for fact in facts.values() if fact.valid_until is not None and fact.valid_until < today]
    gone = {fact.id for fact in expired}
    due = [fact for fact in facts.values() if fact.review is not None and fact.review <= today and fact.id not in gone]
    return FactFlags(
        contradictions, repeated(session, list(facts.values()), settled, today), [fact for fact in facts.values() if fact.file_offers],
        expired, sorted(due, key=lambda fact: fact.review or today),
    )  # fmt: skip


def repeated(session: Session, facts: list[Fact], settled: set[tuple[str, str, str]], today: date) -> list[FlaggedPair]:
    """Return pairs of current facts of one trust of which one may repeat the other, and one of which is staff's own or edited.

    Two facts of a file are not compared: who wrote them had them side by side.
    """
    current = {fact.id: fact for fact in facts if is_current(fact, today)}
    said = and_(Wording.kind == "fact", Wording.owner == Fact.id, Wording.text == Fact.says)
    rows = session.execute(select(Fact.id, Wording.vector).join(Wording, said).order_by(Fact.id)).all()
    rows = [row for row in rows if row.id in current]
    touched = [place for place, row in enumerate(rows) if current[row.id].document is None or current[row.id].edited_at is not None]
    if not touched:
        return []
    vectors = unpack([row.vector for row in rows])
    near = vectors[touched] @ vectors.T
    found: dict[tuple[str, str], FlaggedPair] = {}
    for line, column in np.argwhere(near >= ALIKE):
        one, other = sorted((rows[touched[line]].id, rows[column].id))
        first, second = current[one], current[other]
        if one != other and first.trust == second.trust and (one, other, THE_SAME) not in settled:
            found[one, other] = FlaggedPair(first, second, THE_SAME, float(near[line, column]))
    return sorted(found.values(), key=lambda pair: -pair.near)


def like(session: Session, trust: str, vector: np.ndarray, *, leave_out: str = "") -> list[tuple[Fact, float]]:
    """Return the facts of a trust that a new sentence may repeat, by its unit vector; the nearest first."""
    said = and_(Wording.kind == "fact", Wording.owner == Fact.id, Wording.text == Fact.says)
    query = select(Fact, Wording.vector).join(Wording, said).where(Fact.trust == trust, Fact.retired.is_(False), Fact.id != leave_out)
    rows = session.execute(query).all()
    if not rows:
        return []
    near = unpack([row.vector for row in rows]) @ vector
    found = [(row.Fact, float(cosine)) for row, cosine in zip(rows, near) if cosine >= ALIKE]
    return sorted(found, key=lambda pair: -pair[1])[:3]


def settle(session: Session, first: str, second: str, of: str, *, by: Staff, now: datetime) -> SettledPair:
    """Keep both of two flagged facts. Raises NotFound for a pair that is not flagged, Conflict where that is done."""
    require(by, "work facts")
    first, second = sorted((first, second)) if of == THE_SAME else (first, second)
    known = select(SettledPair).where(SettledPair.first == first, SettledPair.second == second, SettledPair.of == of[:200])
    if session.execute(known).scalar() is not None:
        raise Conflict("Somebody has settled this pair already.")
    if of != THE_SAME:
        flagged = select(Contradiction.id).where(Contradiction.first == first, Contradiction.second == second, Contradiction.of == of)
        if session.execute(flagged).scalar() is None:
            raise NotFound("these two do not contradict each other")
    elif {first, second} != set(session.execute(select(Fact.id).where(or_(Fact.id == first, Fact.id == second))).scalars()):
        raise NotFound("there are no two such facts")
    pair = SettledPair(first=first, second=second, of=of, staff=by.id, at=now)
    session.add(pair)
    audit(session, "change", f"fact {first}", by=by, now=now, stands_beside=second)
    session.flush()
    return pair


def unsettle(session: Session, number: int, *, by: Staff, now: datetime) -> None:
    """Flag a settled pair again; nothing where that is done."""
    require(by, "work facts")
    pair = session.get(SettledPair, number)
    if pair is not None:
        audit(session, "change", f"fact {pair.first}", by=by, now=now, flagged_again_beside=pair.second)
        session.delete(pair)
        session.flush()

"""Facts: what may be said about a trust, each with its source. The tables, and the verbs that change them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Iterable

import numpy as np
from sqlalchemy import JSON, Boolean, Column, Date, ForeignKey, Integer, LargeBinary, String, UniqueConstraint, select, update
from sqlalchemy.orm import Mapped, Session

from office.base.database import Moment, Table
from office.base.staff import Staff  # noqa: F401  its table is referred to


class Trust(Table):
    """An organisation whose documents we hold."""

    __tablename__ = "trust"
    id: Mapped[str] = Column(String(60), primary_key=True)
    name: Mapped[str] = Column(String(200), nullable=False)
    short: Mapped[str] = Column(String(100), nullable=False)
    aliases: Mapped[list[Any]] = Column(JSON, nullable=False, default=list)
    contact_fact: Mapped[str | None] = Column(String(120))


class Document(Table):
    """A document facts come from."""

    __tablename__ = "document"
    id: Mapped[str] = Column(String(120), primary_key=True)  # <trust>.<key>
    trust: Mapped[str] = Column(ForeignKey("trust.id"), nullable=False)
    title: Mapped[str] = Column(String(300), nullable=False)
    as_of: Mapped[str] = Column(String(20), nullable=False)
    dated: Mapped[str] = Column(String(100), nullable=False)


class Subject(Table):
    """Facts of one trust that belong together in one reply; its first fact is the head."""

    __tablename__ = "subject"
    id: Mapped[str] = Column(String(120), primary_key=True)  # <trust>.<subject>
    trust: Mapped[str] = Column(ForeignKey("trust.id"), nullable=False)
    title: Mapped[str] = Column(String(200), nullable=False)
    topic: Mapped[str] = Column(String(60), nullable=False)


class Fact(Table):
    """One statement about one trust, with its typed values and the document, or the member of staff, it comes from."""

    __tablename__ = "fact"
    id: Mapped[str] = Column(String(120), primary_key=True)
    trust: Mapped[str] = Column(ForeignKey("trust.id"), nullable=False, index=True)
    topic: Mapped[str] = Column(String(60), nullable=False, index=True)
    subject: Mapped[str] = Column(ForeignKey("subject.id"), nullable=False)
    position: Mapped[int] = Column(Integer, nullable=False)
    says: Mapped[str] = Column(String(500), nullable=False)
    values: Mapped[list[Any]] = Column(JSON, nullable=False, default=list)
    document: Mapped[str | None] = Column(ForeignKey("document.id"))
    section: Mapped[str | None] = Column(String(200))
    person: Mapped[str | None] = Column(String(200))
    as_of: Mapped[str] = Column(String(20), nullable=False)
    valid_from: Mapped[date | None] = Column(Date)
    valid_until: Mapped[date | None] = Column(Date)
    review: Mapped[date | None] = Column(Date)
    audience: Mapped[str] = Column(String(10), nullable=False, default="public")
    retired: Mapped[bool] = Column(Boolean, nullable=False, default=False)
    file_digest: Mapped[str | None] = Column(String(64))  # of the file's words when they were last taken over; None once it left its file
    file_offers: Mapped[Any] = Column(JSON)  # the file's newer words, where staff's edit stands
    edited_by: Mapped[str | None] = Column(String(200))
    edited_at: Mapped[datetime | None] = Column(Moment)
    owner: Mapped[int | None] = Column(Integer)  # the staff's id of who sees to it that it stays right


class FactVersion(Table):
    """What a fact was before a change, and who changed it."""

    __tablename__ = "fact_version"
    id: Mapped[int] = Column(Integer, primary_key=True)
    fact: Mapped[str] = Column(ForeignKey("fact.id", ondelete="CASCADE"), nullable=False, index=True)
    staff: Mapped[int | None] = Column(ForeignKey("staff.id", ondelete="SET NULL"))
    at: Mapped[datetime] = Column(Moment, nullable=False)
    was: Mapped[Any] = Column(JSON, nullable=False)  # the columns that changed, as they were; empty where the fact was added


class Wording(Table):
    """A way people ask for a fact, a subject or a topic, with its sentence vector (float16, 384)."""

    __tablename__ = "wording"
    __table_args__ = (UniqueConstraint("kind", "owner", "text"),)
    id: Mapped[int] = Column(Integer, primary_key=True)
    kind: Mapped[str] = Column(String(10), nullable=False)  # fact, subject or topic
    owner: Mapped[str] = Column(String(120), nullable=False, index=True)
    text: Mapped[str] = Column(String(1000), nullable=False)
    vector: Mapped[bytes] = Column(LargeBinary, nullable=False)
    encoder: Mapped[str] = Column(String(20), nullable=False)


class Contradiction(Table):
    """Two current facts that pin down different values of one thing; staff decide which is right."""

    __tablename__ = "contradiction"
    __table_args__ = (UniqueConstraint("first", "second", "of"),)
    id: Mapped[int] = Column(Integer, primary_key=True)
    first: Mapped[str] = Column(ForeignKey("fact.id"), nullable=False)
    second: Mapped[str] = Column(ForeignKey("fact.id"), nullable=False)
    of: Mapped[str] = Column(String(200), nullable=False)
    found: Mapped[datetime] = Column(Moment, nullable=False)


class SettledPair(Table):
    """Two facts that were flagged as contradicting or repeating each other, and that staff keep both."""

    __tablename__ = "settled_pair"
    __table_args__ = (UniqueConstraint("first", "second", "of"),)
    id: Mapped[int] = Column(Integer, primary_key=True)
    first: Mapped[str] = Column(ForeignKey("fact.id", ondelete="CASCADE"), nullable=False)
    second: Mapped[str] = Column(ForeignKey("fact.id", ondelete="CASCADE"), nullable=False)
    of: Mapped[str] = Column(String(200), nullable=False)  # as in Contradiction, or "the same" for near-duplicates
    staff: Mapped[int | None] = Column(ForeignKey("staff.id", ondelete="SET NULL"))
    at: Mapped[datetime] = Column(Moment, nullable=False)


class Revision(Table):
    """One row, whose number grows with every change of what may be said; each process compares it before it answers."""

    __tablename__ = "revision"
    id: Mapped[int] = Column(Integer, primary_key=True)
    number: Mapped[int] = Column(Integer, nullable=False)
    loaded_digest: Mapped[str | None] = Column(String(64))  # of the files, and the encoder, that were loaded last


def revision_number(session: Session) -> int:
    """Return the number of the present state of the facts; 0 before the first load."""
    return session.execute(select(Revision.number)).scalar() or 0


def note_change(session: Session) -> None:
    """Let every process read the facts anew before its next answer."""
    if not session.execute(update(Revision).values(number=Revision.number + 1)).rowcount:
        session.add(Revision(id=1, number=1))


def keep_wordings(session: Session, kind: str, owner: str, texts: Iterable[str], vectors: np.ndarray, encoder: str) -> None:
    """Keep wordings with their vectors, shape (number of texts, 384)."""
    session.add_all(
        Wording(kind=kind, owner=owner, text=text, vector=pack(vector), encoder=encoder) for text, vector in zip(texts, vectors)
    )


def pack(vector: np.ndarray) -> bytes:
    """Return a vector as the database keeps it: float16, which moves a cosine by less than 0.001."""
    return np.asarray(vector, dtype=np.float16).tobytes()


def unpack(blobs: list[bytes]) -> np.ndarray:
    """Return the vectors of the blobs, float32, shape (len(blobs), 384)."""
    return np.frombuffer(b"".join(blobs), dtype=np.float16).reshape(len(blobs), -1).astype(np.float32)


def is_current(fact: Any, today: date) -> bool:
    """Return whether a fact may be stated as true today."""
    return (
        not fact.retired
        and (fact.valid_from is None or fact.valid_from <= today)
        and (fact.valid_until is None or today <= fact.valid_until)
    )


def _plain(value: Any) -> Any:
    """Return a value so that £499 and £499.00, or a number with spaces and without, are the same."""
    return float(value) if isinstance(value, (int, float)) else "".join(str(value).lower().split())


def _meet(one: Fact, other: Fact) -> bool:
    """Return whether there is a day on which both facts hold."""
    begins = max(one.valid_from or date.min, other.valid_from or date.min)
    return bool(begins <= min(one.valid_until or date.max, other.valid_until or date.max))


EXCLUSIVE_KINDS = ("amount", "duration", "capacity", "share", "phone", "email")


def note_contradictions(session: Session, *, now: datetime) -> list[Contradiction]:
    """Flag pairs of facts of one trust that at one time give one thing two values; forget flags that no longer hold."""
    seen: dict[tuple[str, str, str], list[tuple[Fact, Any]]] = {}
    found: dict[tuple[str, str, str], None] = {}
    for fact in session.execute(select(Fact).where(Fact.retired.is_(False)).order_by(Fact.id)).scalars():
        for value in fact.values:
            of = str(value.get("of", "")).lower()
            if value["kind"] not in EXCLUSIVE_KINDS or not of:
                continue
            said = _plain(value["value"])
            others = seen.setdefault((fact.trust, value["kind"], of), [])
            for other, said_there in others:
                if said != said_there and other is not fact and _meet(other, fact):
                    found[(other.id, fact.id, f"{value['kind']} of {of}")] = None
            others.append((fact, said))
    kept = []
    for flag in session.execute(select(Contradiction)).scalars():
        key3 = (flag.first, flag.second, flag.of)
        if key3 in found:
            kept.append(flag)
            del found[key3]
        else:
            session.delete(flag)
    new = [Contradiction(first=a, second=b, of=of, found=now) for a, b, of in found]
    session.add_all(new)
    return kept + new

"""Gaps: questions nobody could answer, grouped by meaning, until staff close them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, LargeBinary, String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session

from office.base.audit import audit
from office.base.database import Moment, Name, Table, Words
from office.base.errors import NotFound
from office.base.staff import Staff, require
from office.enquiries.log import Enquiry, Question

STATES = ("open", "answered", "not_ours")
STATE_TITLES = {"open": "Open", "answered": "Answered", "not_ours": "Not ours"}
WHY_TITLES = {"not_known": "no fact answers it", "clarify": "the question asked back did not help", "thumbs_down": "thumbs down"}
HALVES_IN = 30.0  # days after which a question counts half as much
EPOCH = datetime(2020, 1, 1, tzinfo=timezone.utc)
LONGEST_REASON = 500


class Gap(Table):
    """Questions of one meaning that no fact answers; how often and how lately they came is stored with them for the list."""

    __tablename__ = "gap"
    __table_args__ = (Index("ix_gap_list", "state", "heat"), Index("ix_gap_trust", "trust", "state", "heat"))
    id: Mapped[int] = Column(Integer, primary_key=True)
    text: Mapped[str] = Column(Words, nullable=False)  # the first of its questions, personal details removed
    trust: Mapped[str | None] = Column(String(60))
    state: Mapped[str] = Column(String(20), nullable=False, default="open")
    asked: Mapped[int] = Column(Integer, nullable=False, default=0)
    latest: Mapped[datetime] = Column(Moment, nullable=False)
    heat: Mapped[float] = Column(Float, nullable=False, default=0.0)  # see `warmed`
    centre: Mapped[bytes] = Column(LargeBinary, nullable=False)  # mean of its questions' vectors, unit length, float16
    fact: Mapped[str | None] = Column(
        ForeignKey("fact.id", ondelete="SET NULL")
    )  # what answers it; where it is open again, what did not help
    reason: Mapped[str | None] = Column(Name(LONGEST_REASON))  # why it is not ours
    closed_by: Mapped[int | None] = Column(ForeignKey("staff.id", ondelete="SET NULL"))
    closed: Mapped[datetime | None] = Column(Moment)


class GapQuestion(Table):
    """One question that belongs to a gap."""

    __tablename__ = "gap_question"
    __table_args__ = (UniqueConstraint("question"),)
    id: Mapped[int] = Column(Integer, primary_key=True)
    gap: Mapped[int] = Column(ForeignKey("gap.id", ondelete="CASCADE"), nullable=False, index=True)
    question: Mapped[int] = Column(ForeignKey("question.id", ondelete="CASCADE"), nullable=False)
    why: Mapped[str] = Column(String(20), nullable=False)  # not_known, clarify or thumbs_down


class GroupingProgress(Table):
    """How far the grouping has come: one row. Enquiries received well before that moment have been looked at."""

    __tablename__ = "grouped"
    id: Mapped[int] = Column(Integer, primary_key=True)
    until: Mapped[datetime] = Column(Moment, nullable=False)


class SeenThumb(Table):
    """A thumbs-down that has been looked at; it may come long after its answer, so no moment tells which are new."""

    __tablename__ = "seen_thumb"
    message: Mapped[int] = Column(ForeignKey("message.id", ondelete="CASCADE"), primary_key=True)


class RegressionQuestion(Table):
    """A question out of a reviewed conversation, with the facts that answer it; `make learn` brings it to evaluation/questions."""

    __tablename__ = "regression_question"
    __table_args__ = (UniqueConstraint("key"),)
    id: Mapped[int] = Column(Integer, primary_key=True)
    key: Mapped[str] = Column(String(64), nullable=False)  # hash of all its turns: the same words in the same talk are kept once
    text: Mapped[str] = Column(Name(1000), nullable=False)  # personal details removed
    before: Mapped[str] = Column(Words, nullable=False, default="")  # the visitor's turns it leans on, one a line, personal details removed
    trust: Mapped[str | None] = Column(String(60))
    outcome: Mapped[str] = Column(String(20), nullable=False)
    facts: Mapped[str] = Column(Name(1000), nullable=False, default="")  # ids, separated by spaces
    by: Mapped[int | None] = Column(ForeignKey("staff.id", ondelete="SET NULL"))
    at: Mapped[datetime] = Column(Moment, nullable=False)


def half_lives(moment: datetime) -> float:
    """Return a moment as the number of half-lives since EPOCH."""
    return (moment - EPOCH) / timedelta(days=HALVES_IN)


@dataclass(frozen=True)
class RankedGap:
    """A gap in the list. `weight` is the number of its questions, each counting half as much with every 30 days of age."""

    gap: Gap
    weight: float


def ranked_gaps(
    session: Session, *, limit: int, now: datetime, state: str = "open", trust: str | None = None, offset: int = 0
) -> list[RankedGap]:
    """Return the gaps by how often and how recently they were asked: the sum over their questions of 1/2 to the age in 30 days.

    `heat` is that sum's logarithm to base 2 as seen from EPOCH, so the order holds at any hour and stands in an index.
    """
    query = select(Gap).where(Gap.state == state)
    if trust is not None:
        query = query.where(Gap.trust == trust)
    gaps = session.execute(query.order_by(Gap.heat.desc(), Gap.id).limit(limit).offset(offset)).scalars()
    return [RankedGap(gap, 2 ** min(60.0, gap.heat - half_lives(now))) for gap in gaps]


def count_gaps(session: Session, *, trust: str | None = None) -> dict[str, int]:
    """Return the number of gaps in each state."""
    query = select(Gap.state, func.count()).group_by(Gap.state)
    if trust is not None:
        query = query.where(Gap.trust == trust)
    return {**dict.fromkeys(STATES, 0), **{row[0]: row[1] for row in session.execute(query)}}


@dataclass(frozen=True)
class AskedHere:
    """One question of a gap, with its conversation."""

    id: int
    text: str
    why: str
    conversation: str
    channel: str
    received: datetime
    confidence: float


def questions_of(session: Session, gap: Gap, *, limit: int = 50, offset: int = 0) -> list[AskedHere]:
    """Return a gap's questions that are still kept, newest first."""
    query = (
        select(Question.id, Question.text, GapQuestion.why, Enquiry.conversation, Enquiry.channel, Enquiry.received, Question.confidence)
        .join(GapQuestion, GapQuestion.question == Question.id)
        .join(Enquiry, Question.enquiry == Enquiry.id)
        .where(GapQuestion.gap == gap.id)
        .order_by(GapQuestion.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return [AskedHere(*row) for row in session.execute(query)]


def topics_of(session: Session, gap: Gap) -> list[str]:
    """Return the topics the assistant took a gap's questions for, the most frequent first."""
    query = select(Question.topics).join(GapQuestion, GapQuestion.question == Question.id).where(GapQuestion.gap == gap.id)
    counted: dict[str, int] = {}
    for topics in session.execute(query.order_by(GapQuestion.id.desc()).limit(200)).scalars():
        for topic in topics:
            counted[topic] = counted.get(topic, 0) + 1
    return sorted(counted, key=lambda topic: (-counted[topic], topic))


def get_gap(session: Session, number: int) -> Gap:
    """Return a gap. Raises NotFound."""
    gap = session.get(Gap, number)
    if gap is None:
        raise NotFound("there is no such gap")
    return gap


def note_gap_view(session: Session, gap: Gap, *, by: Staff, now: datetime, how: str = "") -> None:
    """Note that somebody looked at what visitors asked; `how` says where, but for the gap's own page."""
    require(by, "read facts")
    audit(session, "view", f"gap {gap.id}", by=by, now=now, **({"how": how} if how else {}))

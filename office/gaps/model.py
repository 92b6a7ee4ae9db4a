"""Gaps: questions nobody could answer, grouped by meaning, until staff close them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, LargeBinary, String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session

from office.base.audit import audit
from office.base.database import Moment, Name, Table, Words, take_turn
from office.base.errors import BadInput, Conflict, NotFound
from office.base.staff import Staff, require
from office.choosing.index import content_words
from office.enquiries.anonymous import without_details
from office.enquiries.log import Enquiry, Question
from office.facts.editing import Encode, add_fact, retire
from office.facts.files import Topic
from office.facts.model import Fact
from office.facts.typed import FactWords

STATES = ("open", "answered", "not_ours")
STATE_TITLES = {"open": "Open", "answered": "Answered", "not_ours": "Not ours"}
WHY_TITLES = {"not_known": "no fact answers it", "clarify": "asked back in vain", "thumbs_down": "thumbs down"}
HALVES_IN = 30.0  # days after which a question counts half as much
_LEANS = re.compile(r"^(and|but|so|or|then|what about|how about|also)\b|\b(it|that|they|them|those|these|this|her|his|him|he|she)\b", re.I)
EPOCH = datetime(2020, 1, 1, tzinfo=timezone.utc)
LONGEST_REASON = 500


class Gap(Table):
    """Questions of one meaning that no fact answers; how often and how lately they came stands beside them for the list."""

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


class Grouped(Table):
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
    """One question of a gap, with the conversation it stands in."""

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


def set_aside(session: Session, gap: Gap, reason: str, *, by: Staff, now: datetime) -> Gap:
    """Close a gap as not ours to answer. Raises BadInput without a reason, Conflict where somebody has closed it meanwhile."""
    require(by, "work facts")
    reason = " ".join(reason.replace("\0", "").split())
    if not 0 < len(reason) <= LONGEST_REASON:
        raise BadInput("reason", f"Please say in up to {LONGEST_REASON} characters why it is not ours.")
    must_be_open(session, gap)
    gap.state, gap.reason, gap.closed_by, gap.closed = "not_ours", reason, by.id, now
    audit(session, "change", f"gap {gap.id}", by=by, now=now, state="not ours")
    session.flush()
    return gap


def answer_gap(
    session: Session, gap: Gap, words: FactWords, topics: dict[str, Topic], *, trust: str, by: Staff, encode: Encode, encoder: str,
    now: datetime,
) -> Fact:  # fmt: skip
    """Make a fact of what a member of staff answers to a gap and close the gap with it; the next visitor gets it.

    Where `words` names no wordings, the gap's own are taken. Raises BadInput, Conflict, NotFound.
    """
    require(by, "work facts")
    must_be_open(session, gap)
    if not words.wordings:
        words = replace(words, wordings=tuple(proposed_wordings(session, gap)))
    fact = add_fact(session, trust, words, topics, by=by, encode=encode, encoder=encoder, now=now, gap=gap.id)
    gap.state, gap.fact, gap.reason, gap.closed_by, gap.closed = "answered", fact.id, None, by.id, now
    session.flush()
    return fact


def proposed_wordings(session: Session, gap: Gap, *, most: int = 30) -> list[str]:
    """Return the different ways a gap's question was put, personal details removed, those that lean on the talk before left out."""
    texts = [without_details(asked.text) for asked in questions_of(session, gap, limit=300)] or [gap.text]
    distinct = {" ".join(re.findall(r"\w+", text.lower())): text for text in reversed(texts)}
    alone = [text for text in distinct.values() if not _LEANS.search(text) and content_words(text)]
    return (alone or [gap.text])[:most]


def undo_answer(session: Session, gap: Gap, *, by: Staff, now: datetime) -> Gap:
    """Take an answer back: the fact that was made for it is retired, and the gap is open again; the log has an entry for each."""
    require(by, "work facts")
    fact = session.get(Fact, gap.fact) if gap.fact else None
    if fact is not None and not fact.retired:
        retire(session, fact, by=by, now=now)
    return reopen(session, gap, by=by, now=now)


def reopen(session: Session, gap: Gap, *, by: Staff, now: datetime) -> Gap:
    """Put a gap back into the list; a fact that was to answer it stays named beside it. One that is open stays as it is."""
    require(by, "work facts")
    if gap.state == "open":
        return gap
    audit(session, "change", f"gap {gap.id}", by=by, now=now, state=f"{STATE_TITLES[gap.state].lower()} → open")
    gap.state, gap.reason, gap.closed_by, gap.closed = "open", None, None, None
    session.flush()
    return gap


def must_be_open(session: Session, gap: Gap) -> None:
    """Hold a gap back for whoever closes it. Raises Conflict where somebody has closed it meanwhile; the text says who and how."""
    take_turn(session, f"gap {gap.id}")
    session.refresh(gap)
    if gap.state == "open":
        return
    who = session.execute(select(Staff.name).where(Staff.id == gap.closed_by)).scalar() or "somebody"
    how = f"said that it is not ours: {gap.reason}" if gap.state == "not_ours" else "has answered it"
    raise Conflict(f"This question is closed already: {who} {how}")

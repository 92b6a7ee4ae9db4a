"""Enquiries: every message somebody sent, and each question in it with what the office made of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Float, ForeignKey, Integer, String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, relationship

from office.base.database import Moment, Name, Table, Words, take_turn

LONGEST_CHANNEL = 30
EVALUATION_CHANNEL = "evaluation"  # what is asked by it leaves nothing behind: no enquiry, no gap, no lead, no memory


class Enquiry(Table):
    """One message somebody sent."""

    __tablename__ = "enquiry"
    __table_args__ = (UniqueConstraint("conversation", "sequence"),)
    id: Mapped[int] = Column(Integer, primary_key=True)
    conversation: Mapped[str] = Column(Name(200), nullable=False, index=True)
    sequence: Mapped[int] = Column(Integer, nullable=False)
    channel: Mapped[str] = Column(Name(LONGEST_CHANNEL), nullable=False)
    text: Mapped[str] = Column(Words, nullable=False)
    withheld: Mapped[bool] = Column(Boolean, nullable=False, default=False)  # its words were about a pupil or somebody's health
    outcome: Mapped[str] = Column(String(20), nullable=False, index=True)
    received: Mapped[datetime] = Column(Moment, nullable=False, index=True)
    questions: Mapped[list[Question]] = relationship("Question", order_by="Question.position", cascade="all, delete-orphan")


class Question(Table):
    """One thing asked in an enquiry."""

    __tablename__ = "question"
    __table_args__ = (UniqueConstraint("enquiry", "position"),)
    id: Mapped[int] = Column(Integer, primary_key=True)
    enquiry: Mapped[int] = Column(ForeignKey("enquiry.id", ondelete="CASCADE"), nullable=False)
    position: Mapped[int] = Column(Integer, nullable=False)
    text: Mapped[str] = Column(Words, nullable=False)
    trust: Mapped[str | None] = Column(String(60))
    topics: Mapped[list[Any]] = Column(JSON, nullable=False, default=list)
    outcome: Mapped[str] = Column(String(20), nullable=False, index=True)
    facts: Mapped[list[Any]] = Column(JSON, nullable=False, default=list)
    confidence: Mapped[float] = Column(Float, nullable=False)


WITHHELD = "(not kept: the message seemed to hold a pupil's or health details)"


def log_enquiry(
    session: Session,
    *,
    conversation: str,
    channel: str,
    text: str,
    withheld: bool,
    outcome: str,
    questions: list[dict[str, Any]],
    now: datetime,
) -> Enquiry:
    """Keep an enquiry and its questions, numbered within the conversation; words about a pupil's or anyone's health are not kept."""
    take_turn(session, conversation)
    latest = session.execute(select(func.max(Enquiry.sequence)).where(Enquiry.conversation == conversation)).scalar()
    enquiry = Enquiry(
        conversation=conversation,
        sequence=(latest or 0) + 1,
        channel=channel[:LONGEST_CHANNEL],
        text=WITHHELD if withheld else text,
        withheld=withheld,
        outcome=outcome,
        received=now,
        questions=[
            Question(position=position, **{**question, "text": WITHHELD if withheld else question["text"]})
            for position, question in enumerate(questions, start=1)
        ],
    )
    session.add(enquiry)
    session.flush()
    return enquiry

"""Feedback: what staff think of the assistant, kept until it is old and sent to those who work leads."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Integer
from sqlalchemy.orm import Mapped, Session

from office.base.audit import audit
from office.base.database import Moment, Table, Words
from office.base.errors import BadInput
from office.base.limits import LONGEST_FEEDBACK
from office.base.staff import Staff, require
from office.outbox.queue import owe


class Feedback(Table):
    """What a member of staff thinks of the assistant, sent with /feedback."""

    __tablename__ = "feedback"
    id: Mapped[int] = Column(Integer, primary_key=True)
    staff: Mapped[int | None] = Column(ForeignKey("staff.id", ondelete="SET NULL"))
    text: Mapped[str] = Column(Words, nullable=False)
    at: Mapped[datetime] = Column(Moment, nullable=False)


def give_feedback(session: Session, text: str, *, by: Staff, now: datetime) -> Feedback:
    """Keep feedback and return it; those who work leads are sent it. Raises BadInput where there are no words in it."""
    require(by, "read facts")
    if not any(c.isalnum() for c in text):
        raise BadInput("feedback", "Write what was good or wrong.")
    feedback = Feedback(staff=by.id, text=text[:LONGEST_FEEDBACK], at=now)
    session.add(feedback)
    session.flush()
    owe(session, "feedback", f"feedback {feedback.id}", now=now)
    audit(session, "add", f"feedback {feedback.id}", by=by, now=now)
    return feedback

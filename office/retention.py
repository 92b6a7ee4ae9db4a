"""Forgetting on time: what is older than the privacy notice allows."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, inspect, select, text
from sqlalchemy.orm import Session

from office.enquiries import Enquiry, Question
from office.transcripts import Message


def forget_old(session: Session, *, before: datetime) -> int:
    """Erase enquiries, transcripts and Rasa's events from before a moment; give the number of enquiries erased."""
    of_old = Question.enquiry.in_(select(Enquiry.id).where(Enquiry.received < before))
    session.execute(delete(Question).where(of_old).execution_options(synchronize_session=False))
    erased = session.execute(delete(Enquiry).where(Enquiry.received < before).execution_options(synchronize_session=False))
    session.execute(delete(Message).where(Message.said < before).execution_options(synchronize_session=False))
    if inspect(session.connection()).has_table("events"):
        session.execute(text("DELETE FROM events WHERE timestamp < :before"), {"before": before.timestamp()})
    return int(erased.rowcount)

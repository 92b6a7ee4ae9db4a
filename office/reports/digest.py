"""The digest of Monday morning: the week that was, and what waits. Reads only; names no person, only schools and references."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from office.base.workdays import LONDON, london_day
from office.enquiries.log import Enquiry, Question
from office.gaps.model import Gap
from office.leads.model import Lead
from office.leads.urgency import OPEN
from office.outbox.queue import Notification
from office.reports.reminders import monday_of

SHOWN_LEADS = 10
SHOWN_GAPS = 5


@dataclass(frozen=True)
class DigestLead:
    """A lead as a line, without the name of a person."""

    reference: str
    school: str
    status: str
    wish: str
    urgent_at: datetime
    next_action: str


@dataclass(frozen=True)
class Digest:
    """The PA's message on Monday. The numbers are of the week before, Monday to Sunday in London."""

    week: str
    since: date
    until: date
    open_leads: int
    overdue_leads: int
    urgent: tuple[DigestLead, ...]
    gaps: tuple[tuple[str, int], ...]  # a question, and how often it was asked
    new_leads: int
    enquiries: int
    questions: int
    answered: int
    given_up: int  # notifications that could not be sent


def digest_of(session: Session, week: str, *, now: datetime) -> Digest:
    """Return the digest of a week “2026-W48” as things stand now. Raises ValueError for what is no week."""
    monday = monday_of(week)
    begin, end = (datetime.combine(day, time(0), LONDON) for day in (monday - timedelta(days=7), monday))
    is_open = Lead.standing.in_(OPEN)
    query = select(Lead.reference, Lead.school, Lead.status, Lead.wish, Lead.urgent_at, Lead.next_action).where(is_open)
    urgent = session.execute(query.order_by(Lead.urgent_at, Lead.id).limit(SHOWN_LEADS)).all()
    gaps = session.execute(
        select(Gap.text, Gap.asked).where(Gap.state == "open").order_by(Gap.asked.desc(), Gap.latest.desc()).limit(SHOWN_GAPS)
    ).all()
    asked = select(func.count()).select_from(Question).join(Enquiry, Question.enquiry == Enquiry.id)
    asked = asked.where(Enquiry.received >= begin, Enquiry.received < end, Question.outcome.in_(("answered", "clarify", "not_known")))

    def count(table: type, *conditions: object) -> int:
        return int(session.execute(select(func.count()).select_from(table).where(*conditions)).scalar_one())

    return Digest(
        week=week,
        since=london_day(begin),
        until=london_day(end - timedelta(hours=1)),
        open_leads=count(Lead, is_open),
        overdue_leads=count(Lead, is_open, Lead.urgent_at <= now),
        urgent=tuple(DigestLead(*row) for row in urgent),
        gaps=tuple((text, number) for text, number in gaps),
        new_leads=count(Lead, Lead.received >= begin, Lead.received < end),
        enquiries=count(Enquiry, Enquiry.received >= begin, Enquiry.received < end),
        questions=int(session.execute(asked).scalar_one()),
        answered=int(session.execute(asked.where(Question.outcome == "answered")).scalar_one()),
        given_up=count(Notification, Notification.given_up >= begin, Notification.error.is_not(None)),
    )

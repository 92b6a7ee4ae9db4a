"""Reminders: what becomes due by the clock alone. Overdue leads and the digest of Monday morning are owed here."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from office.base.workdays import LONDON, london_day
from office.enquiries.log import Enquiry
from office.leads.model import Lead
from office.leads.urgency import OPEN
from office.outbox.queue import Notification, owe

LOOKS_BACK = timedelta(
    days=28
)  # what has been overdue for longer stands in the list and the digest; a worker that comes back floods nobody
DIGEST_AT = time(8, 0)


def overdue_days(lead: Any, *, now: datetime) -> list[date]:
    """Return the days by which something was to be done about a lead and was not: its next action, asking again, a promised reply."""
    today = london_day(now)
    days = {lead.due, lead.revisit if lead.status == "not_now" else None}
    late = {day for day in days if day is not None and day < today}
    if lead.owed and lead.promised < now:
        late.add(london_day(lead.promised))
    return sorted(late)


def owe_overdue(session: Session, *, now: datetime, limit: int = 100) -> int:
    """Owe a message about each lead that is overdue, the most urgent first; return how many leads, at most `limit`.

    Once for a lead and a day: to do it twice, or in two workers at once, changes nothing.
    """
    since = london_day(now - LOOKS_BACK)
    lately = or_(Lead.due >= since, Lead.revisit >= since, Lead.promised >= now - LOOKS_BACK)
    query = select(Lead.reference, Lead.status, Lead.due, Lead.revisit, Lead.owed, Lead.promised)
    query = query.where(Lead.standing.in_(OPEN), Lead.urgent_at <= now, lately).order_by(Lead.urgent_at, Lead.id)
    told = set(session.execute(select(Notification.about).where(Notification.kind == "overdue_lead")).scalars())
    found = 0
    for lead in session.execute(query).all():
        abouts = [f"{lead.reference}/{day}" for day in overdue_days(lead, now=now) if day >= since]
        new = [about for about in abouts if about not in told]
        for about in new:
            owe(session, "overdue_lead", about, now=now)
        found += bool(new)
        if found == limit:
            break
    return found


def week_of(now: datetime) -> str:
    """Return the week whose digest was last due: “2026-W48” from Monday 08:00 in London on."""
    here = now.astimezone(LONDON)
    monday = here.date() - timedelta(days=here.weekday())
    if here < datetime.combine(monday, DIGEST_AT, LONDON):
        monday -= timedelta(days=7)
    year, week, _ = monday.isocalendar()
    return f"{year}-W{week:02}"


def monday_of(week: str) -> date:
    """Return the Monday of a week “2026-W48”. Raises ValueError for anything else."""
    year, _, number = week.partition("-W")
    return date.fromisocalendar(int(year), int(number), 1)


def digest_moment(week: str) -> datetime:
    """Return when the digest of a week is due."""
    return datetime.combine(monday_of(week), DIGEST_AT, LONDON)


def owe_digest(session: Session, *, now: datetime) -> bool:
    """Owe the digest of this week, unless it is owed already; return whether it was owed now.

    Also later in the week, where no worker ran on Monday. A week before which nothing had ever come in owes none. To do it
    twice, or in two workers at once, changes nothing.
    """
    week = week_of(now)
    if session.execute(select(Notification.id).where(Notification.kind == "digest", Notification.about == week).limit(1)).scalar():
        return False
    due = digest_moment(week)
    anything = (select(Lead.id).where(Lead.received < due), select(Enquiry.id).where(Enquiry.received < due))
    if all(session.execute(query.limit(1)).scalar() is None for query in anything):
        return False
    owe(session, "digest", week, now=now)
    return True

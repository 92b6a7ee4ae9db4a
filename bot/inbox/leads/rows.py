"""Leads as a list shows them: a row has all its words ready, so that the template only loops."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.inbox.wording import age, counted
from office.base.staff import Staff
from office.base.titles import STATUS_TITLES, WISH_TITLES, channel_title
from office.base.workdays import london_day
from office.leads.lists import GROUPS, possible_duplicates
from office.leads.model import Lead
from office.leads.urgency import OPEN, end_of

SHOWN_WORDS = 220  # characters of a question in a list


@dataclass(frozen=True)
class LeadRow:
    """One row of the list."""

    lead: Lead
    asked: str
    unanswered: list[str]
    channel: str
    age: str
    status: str
    wish: str
    owner: str
    idle: str
    reply_late: bool
    due_late: bool
    due: date | None  # the next action's, or the day to come back
    action: str
    duplicate: str  # "person", "school" or ""
    can_step: bool  # nobody has been in touch yet


def lead_rows(session: Session, found: list[tuple[str, Lead]], *, now: datetime) -> list[tuple[str, list[LeadRow]]]:
    """Return the rows of a page by group of urgency: (title, rows)."""
    leads = [lead for _, lead in found]
    duplicates = possible_duplicates(session, leads)
    names = staff_names(session, {lead.owner for lead in leads if lead.owner})
    groups: dict[str, list[LeadRow]] = {}
    for group, lead in found:
        groups.setdefault(group, []).append(_row(lead, names, duplicates.get(lead.id, ""), now))
    return [(GROUPS[group], rows) for group, rows in groups.items()]


def staff_names(session: Session, numbers: set[int]) -> dict[int, str]:
    """Return names by staff number."""
    return dict(session.execute(select(Staff.id, Staff.name).where(Staff.id.in_(numbers))).all()) if numbers else {}


def idle_days(lead: Lead, now: datetime) -> int:
    """Return for how many days, on London's calendar, nothing was done with a lead."""
    return max(0, (london_day(now) - london_day(lead.changed)).days)


def _row(lead: Lead, names: dict[int, str], duplicate: str, now: datetime) -> LeadRow:
    back = lead.revisit if lead.status == "not_now" else None
    is_open, due, days = lead.standing in OPEN, lead.due or back, idle_days(lead, now)
    return LeadRow(
        lead=lead, asked=_short(lead.first_question or lead.message), unanswered=[_short(text) for text in lead.unanswered],
        channel=channel_title(lead.channel), age=age(lead.received, now), status=STATUS_TITLES[lead.status], wish=WISH_TITLES[lead.wish],
        owner=names.get(lead.owner or 0, ""), idle=f"idle {counted(days, 'day')}" if days and is_open else "",
        reply_late=is_open and lead.owed and lead.promised <= now, due_late=is_open and due is not None and end_of(due) <= now, due=due,
        action=lead.next_action or ("Come back to it" if back else ""),
        duplicate=duplicate, can_step=lead.status == "new",
    )  # fmt: skip


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= SHOWN_WORDS else text[: SHOWN_WORDS - 1].rstrip() + "…"

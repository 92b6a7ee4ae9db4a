"""Where a lead's status changes, with all that a status brings along: a reason, a day, a visit's hour, a place."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from office.base.dates import not_past
from office.base.errors import BadInput
from office.base.staff import Staff, require
from office.base.workdays import london_day
from office.leads.changes import keep_change
from office.leads.model import STATUSES, Lead, LeadChange
from office.leads.places import give_place, place_of_lead
from office.leads.typed import one_line
from office.leads.urgency import ENDED_STATUSES

LONGEST_REASON = 500
UNCONTACTED = ("not_now", "closed")  # such a status ends the reply that is owed, though nobody need have been in touch


def change_status(
    session: Session,
    lead: Lead,
    status: str,
    *,
    by: Staff,
    now: datetime,
    reason: str = "",
    revisit: date | None = None,
    visit: datetime | None = None,
    term: str | None = None,
    batch: str | None = None,
) -> LeadChange | None:
    """Bring a lead to a status; the same status again may bring a new day, hour or reason, and otherwise gives None.

    "not_now" needs the day to come back to it, "closed" a reason, "associate" a term, in which the school gets a place; "visit" may
    have its hour. What has ended has no next action. Raises BadInput, NoPlace, NotFound for an unknown term, and Conflict where the person has another open lead.
    """
    require(by, "work leads")
    if status not in STATUSES:
        raise BadInput("status", "There is no such status.")
    values: dict[str, Any] = {"status": status, "owed": False, "reason": "", "revisit": None}
    if status == "new":
        values["owed"] = lead.owed
    elif status not in UNCONTACTED and lead.contacted is None:
        values["contacted"] = now
    if status == "not_now":
        values["revisit"] = _revisit_day(revisit, now)
    if status in ENDED_STATUSES:
        values |= {"next_action": "", "due": None}
    if status == "closed":
        values["reason"] = _closing_reason(reason)
    if status == "visit" and visit is not None:
        values["visit"] = _visit_time(visit, now)
    also: dict[str, Any] = {}
    if status == "associate":
        values["term"], also = _give_place(session, lead, term, by, now)
    return keep_change(session, lead, values, by=by, now=now, batch=batch, also=also)


def call_off_visit(session: Session, lead: Lead, *, by: Staff, now: datetime) -> LeadChange | None:
    """Take the booked hour of a visit off a lead; its status stays. Gives None where none is booked."""
    return keep_change(session, lead, {"visit": None}, by=by, now=now)


def called_off(session: Session, lead: Lead) -> datetime | None:
    """Return the hour of the visit that was booked last, where it is off again: its calendar entry has to go."""
    if lead.visit is not None:
        return None
    changes = select(LeadChange).where(LeadChange.lead == lead.id).order_by(LeadChange.id.desc())
    last = next((change for change in session.execute(changes).scalars() if "visit" in change.fields), None)
    return datetime.fromisoformat(last.fields["visit"][0]) if last is not None and last.fields["visit"][0] else None


def _revisit_day(revisit: date | None, now: datetime) -> date:
    if revisit is None:
        raise BadInput("revisit", "Choose the day to come back to this lead.")
    return not_past(revisit, "revisit", now=now)


def _closing_reason(reason: str) -> str:
    text = one_line(reason, "reason", LONGEST_REASON)
    if not any(c.isalnum() for c in text):
        raise BadInput("reason", "Write why it is closed.")
    return text


def _visit_time(visit: datetime, now: datetime) -> datetime:
    not_past(london_day(visit), "visit", now=now)
    if visit < now:
        raise BadInput("visit", "That hour is past: choose a later one.")
    return visit


def _give_place(session: Session, lead: Lead, term: str | None, by: Staff, now: datetime) -> tuple[str, dict[str, Any]]:
    """Give the lead's school its place; return the term, and what the change remembers of it, so that undo takes the place back."""
    term = term or lead.term
    if not term:
        raise BadInput("term", "Choose the term of the membership.")
    held = place_of_lead(session, lead, term)
    give_place(session, term, lead, by=by, now=now)
    return term, {} if held else {"place": [None, term]}

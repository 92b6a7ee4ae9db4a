"""One change for all leads that a filter shows: counted first, made as one batch, undone as one."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256

from sqlalchemy.orm import Session

from office.base.errors import BadInput, Conflict
from office.base.staff import Staff, require
from office.leads.changes import leads_for_change
from office.leads.lists import LeadFilter, all_leads
from office.leads.model import Lead
from office.leads.status import change_status
from office.leads.working import mark_read, mark_unread, plan_action, take_over

MOST = 1000  # leads changed at once
BULK_STATUSES = (
    "contacted",
    "conversation",
    "visit",
    "deciding",
    "due_diligence",
    "joined",
    "not_now",
    "closed",
)  # a place is given one by one
NOBODY = "none"


@dataclass(frozen=True)
class BulkChange:
    """What is to be changed; what is empty is left as it is. `owner` is a staff id or "none", `read` is "read" or "unread"."""

    status: str = ""
    reason: str = ""
    revisit: date | None = None
    owner: str = ""
    next_action: str = ""
    due: date | None = None
    read: str = ""


@dataclass
class BulkResult:
    """What a bulk change did: its batch, how many leads it changed, and why others were left as they are."""

    batch: str
    changed: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)  # reference, sentence


def leads_shown(session: Session, wanted: LeadFilter, *, now: datetime) -> list[Lead]:
    """Return all leads of a filter. Raises BadInput where there are more than can be changed at once."""
    leads = all_leads(session, wanted, now=now, limit=MOST + 1)
    if len(leads) > MOST:
        raise BadInput("filter", f"More than {MOST:,} leads are shown. Narrow the filter: so many cannot be changed at once.")
    return leads


def mark_of(leads: list[Lead]) -> str:
    """Return a mark of exactly these leads as they are now: whoever confirms confirms what they were shown."""
    return sha256(" ".join(f"{lead.id}:{lead.version}" for lead in sorted(leads, key=lambda lead: lead.id)).encode()).hexdigest()[:32]


def change_all(session: Session, wanted: LeadFilter, change: BulkChange, mark: str, *, by: Staff, now: datetime) -> BulkResult:
    """Change all leads of a filter alike. Raises Conflict where they are not those of the mark any more, BadInput for what no lead takes."""
    require(by, "work leads")
    if change == BulkChange():
        raise BadInput("status", "Choose what is to be changed.")
    if change.status and change.status not in BULK_STATUSES:
        raise BadInput("status", "That status cannot be given to many leads at once.")
    shown = leads_shown(session, wanted, now=now)
    leads = leads_for_change(session, [lead.id for lead in shown])
    if mark_of(list(leads.values())) != mark:
        raise Conflict("Meanwhile the filter shows other leads, or some of them were changed. Look at the new list, and confirm again.")
    result = BulkResult(batch=secrets.token_hex(16))
    for lead in leads.values():
        try:
            changed = _change_one(session, lead, change, result.batch, by, now)
        except Conflict as refusal:
            result.refused.append((lead.reference, str(refusal)))
        else:
            result.changed += changed
    return result


def _change_one(session: Session, lead: Lead, change: BulkChange, batch: str, by: Staff, now: datetime) -> bool:
    done = []
    if change.status:
        done.append(change_status(session, lead, change.status, by=by, now=now, reason=change.reason, revisit=change.revisit, batch=batch))
    if change.owner:
        done.append(take_over(session, lead, None if change.owner == NOBODY else int(change.owner), by=by, now=now, batch=batch))
    if change.next_action or change.due:
        done.append(plan_action(session, lead, change.next_action, change.due, by=by, now=now, batch=batch))
    if change.read:
        mark = mark_read if change.read == "read" else mark_unread
        done.append(mark(session, lead, by=by, now=now, batch=batch))
    return any(done)

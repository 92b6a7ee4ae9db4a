"""What is done next with a lead and by whom: the next action, the owner, and whether it still counts as unread."""

from __future__ import annotations

from starlette.responses import Response

from bot.inbox.leads.changing import change_lead
from bot.inbox.leads.page import lead_in
from bot.inbox.web import StaffRequest
from office.base.dates import read_day
from office.base.errors import BadInput
from office.leads.model import Lead, LeadChange
from office.leads.working import mark_read, mark_unread, plan_action, take_over


def plan(request: StaffRequest) -> Response:
    """Plan what is done next, or clear it."""

    def do(lead: Lead) -> LeadChange | None:
        if request.form.get("clear"):
            return plan_action(request.session, lead, "", None, by=request.staff, now=request.now)
        due = read_day(request.typed("due"), "due")
        return plan_action(request.session, lead, request.typed("next_action"), due, by=request.staff, now=request.now)

    return change_lead(request, do, lambda lead: "The next action is saved." if lead.next_action else "The next action is cleared.")


def own(request: StaffRequest) -> Response:
    """Give the lead to somebody, or to nobody."""

    def do(lead: Lead) -> LeadChange | None:
        owner = request.typed("owner")
        if owner and not (owner.isascii() and owner.isdigit() and len(owner) < 10):
            raise BadInput("owner", "Choose somebody who works leads.")
        return take_over(request.session, lead, int(owner) if owner else None, by=request.staff, now=request.now)

    return change_lead(request, do, lambda lead: "The lead has another owner." if lead.owner else "The lead has no owner.")


def unread(request: StaffRequest) -> Response:
    """Mark the lead as unread, or read."""
    lead = lead_in(request, for_change=True)
    mark = mark_read if request.form.get("read") else mark_unread
    mark(request.session, lead, by=request.staff, now=request.now)
    return request.go("/leads", f"{lead.reference} is marked as {'read' if request.form.get('read') else 'unread'}.")

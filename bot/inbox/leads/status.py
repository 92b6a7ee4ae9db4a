"""The status of a lead, with what each status needs."""

from __future__ import annotations

from starlette.responses import Response

from bot.inbox.leads.changing import change_lead, version_in
from bot.inbox.leads.page import STEPS, lead_in
from bot.inbox.leads.visits import visit_time
from bot.inbox.web import StaffRequest
from office.base.dates import read_day
from office.base.titles import STATUS_TITLES
from office.leads.changes import changes_since
from office.leads.model import Lead, LeadChange
from office.leads.status import change_status


def set_status(request: StaffRequest) -> Response:
    """Bring the lead to another status, with what that status needs."""
    lead, status = lead_in(request), str(request.form.get("status", ""))
    if status in STEPS and lead.status == status and changes_since(request.session, lead, version_in(request)):
        return request.go(f"/leads/{lead.reference}", f"The status is {STATUS_TITLES[status]} already; nothing was changed.")

    def do(lead: Lead) -> LeadChange | None:
        return change_status(
            request.session, lead, status, by=request.staff, now=request.now, reason=request.typed("reason"),
            revisit=read_day(request.typed("revisit"), "revisit"), visit=visit_time(request) if status == "visit" else None,
            term=request.typed("term")[:20] or None,
        )  # fmt: skip

    return change_lead(request, do, lambda lead: f"Status changed to {STATUS_TITLES[lead.status]}.")

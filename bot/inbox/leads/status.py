"""The status of a lead, with what each status needs."""

from __future__ import annotations

from starlette.responses import Response

from bot.inbox.leads.changing import change_lead, version_in
from bot.inbox.leads.page import STEPS, lead_in
from bot.inbox.leads.visits import visit_time
from bot.inbox.web import Visit
from office.base.dates import read_day
from office.base.titles import STATUS_TITLES
from office.leads.changes import changes_since
from office.leads.model import Lead, LeadChange
from office.leads.status import change_status


def set_status(visit: Visit) -> Response:
    """Bring the lead to another status, with what that status needs."""
    lead, status = lead_in(visit), str(visit.form.get("status", ""))
    if status in STEPS and lead.status == status and changes_since(visit.session, lead, version_in(visit)):
        return visit.go(f"/leads/{lead.reference}", f"The status is {STATUS_TITLES[status]} already; nothing was changed.")

    def do(lead: Lead) -> LeadChange | None:
        return change_status(
            visit.session, lead, status, by=visit.staff, now=visit.now, reason=visit.typed("reason"),
            revisit=read_day(visit.typed("revisit"), "revisit"), visit=visit_time(visit) if status == "visit" else None,
            term=visit.typed("term")[:20] or None,
        )  # fmt: skip

    return change_lead(visit, do, lambda lead: f"Status changed to {STATUS_TITLES[lead.status]}.")

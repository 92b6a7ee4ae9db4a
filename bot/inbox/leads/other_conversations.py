"""What another conversation says of a lead, unconfirmed: taken over, or left beside it."""

from __future__ import annotations

from starlette.responses import Response

from bot.inbox.leads.changing import change_lead
from bot.inbox.leads.page import lead_in, render_lead
from bot.inbox.web import Visit
from office.base.errors import Conflict
from office.leads.model import Lead, LeadChange
from office.leads.unconfirmed import leave_beside, take_details


def see_to_beside(visit: Visit) -> Response:
    """Take the details that another conversation gave, or leave the lead's own as they are."""
    number = visit.number("link")

    def do(lead: Lead) -> LeadChange | None:
        return take_details(visit.session, lead, number, by=visit.staff, now=visit.now)

    if visit.form.get("take"):
        try:
            return change_lead(visit, do, lambda lead: "The lead has these details now.")
        except Conflict as error:
            return render_lead(visit, lead_in(visit), 409, problems={"beside": str(error)})
    lead = lead_in(visit, for_change=True)
    leave_beside(visit.session, lead, number, by=visit.staff, now=visit.now)
    return visit.go(f"/leads/{lead.reference}", "The lead stays as it is.")

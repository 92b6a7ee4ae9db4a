"""What another conversation says of a lead, unconfirmed: taken over, or left beside it."""

from __future__ import annotations

from starlette.responses import Response

from bot.inbox.leads.changing import change_lead
from bot.inbox.leads.page import lead_in, render_lead
from bot.inbox.web import StaffRequest
from office.base.errors import Conflict
from office.leads.model import Lead, LeadChange
from office.leads.unconfirmed import dismiss_unconfirmed, take_details


def settle_unconfirmed(request: StaffRequest) -> Response:
    """Take the details that another conversation gave, or leave the lead's own as they are."""
    number = request.number("link")

    def do(lead: Lead) -> LeadChange | None:
        return take_details(request.session, lead, number, by=request.staff, now=request.now)

    if request.form.get("take"):
        try:
            return change_lead(request, do, lambda lead: "The lead has these details now.")
        except Conflict as error:
            return render_lead(request, lead_in(request), 409, problems={"beside": str(error)})
    lead = lead_in(request, for_change=True)
    dismiss_unconfirmed(request.session, lead, number, by=request.staff, now=request.now)
    return request.go(f"/leads/{lead.reference}", "The lead is unchanged.")

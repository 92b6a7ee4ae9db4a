"""A booked visit: its day and hour as the form has them, its calendar file, and calling it off."""

from __future__ import annotations

from datetime import datetime

from starlette.responses import Response

from bot.inbox.leads.changing import change_lead
from bot.inbox.leads.page import lead_in
from bot.inbox.web import StaffRequest
from office.base.dates import london_moment, read_day, read_time
from office.base.errors import BadInput, NotFound
from office.leads.status import call_off_visit, called_off
from office.leads.visits import visit_calendar
from office.leads.working import note_view


def visit_time(request: StaffRequest) -> datetime | None:
    """Return when a visit is to be, None where neither day nor hour was typed. Raises BadInput."""
    day, at = read_day(request.typed("visit_day"), "visit_day"), read_time(request.typed("visit_time"), "visit_time")
    if day is None and at is None:
        return None
    if day is None:
        raise BadInput("visit_day", "Choose the day of the visit.")
    if at is None:
        raise BadInput("visit_time", "Choose the hour of the visit.")
    return london_moment(day, at, "visit_time")


def call_off(request: StaffRequest) -> Response:
    """Call the booked visit off."""
    return change_lead(
        request,
        lambda lead: call_off_visit(request.session, lead, by=request.staff, now=request.now),
        lambda lead: "The visit is called off. The calendar file now takes it out of your calendar.",
    )


def calendar(request: StaffRequest) -> Response:
    """A booked visit as a calendar file; of one that was called off, the file that takes it out of the calendar."""
    lead = lead_in(request)
    off = called_off(request.session, lead)
    if lead.visit is None and off is None:
        raise NotFound("no visit is booked")
    note_view(request.session, lead, by=request.staff, now=request.now, how="calendar")
    file = visit_calendar(lead, address=f"{request.settings.inbox_address}/leads/{lead.reference}", now=request.now, off=off)
    headers = {"Content-Disposition": f'attachment; filename="visit-{lead.reference}.ics"'}
    return Response(file, media_type="text/calendar; charset=utf-8", headers=headers)

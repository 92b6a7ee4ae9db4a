"""Switches: an admin takes a channel off, with a reason, and puts it on again."""

from __future__ import annotations

from sqlalchemy import select
from starlette.responses import Response
from starlette.routing import Route

from bot.inbox.web import StaffRequest, page
from office.base.errors import NotFound
from office.base.staff import Staff
from office.base.switches import CHANNELS, SwitchState, turn

TITLES = {"website": "The chat on the website", "telegram": "Telegram"}
LONGEST_REASON = 500


def show(request: StaffRequest, status: int = 200, **more: object) -> Response:
    """Each channel, and since when and why it is off."""
    states = select(SwitchState, Staff.name).outerjoin(Staff, SwitchState.by == Staff.id)
    known = {switch.channel: (switch, name) for switch, name in request.session.execute(states)}
    channels = [(channel, TITLES[channel], *known.get(channel, (None, None))) for channel in CHANNELS]
    return request.render("switches/show.html", status, channels=channels, **more)


def switch(request: StaffRequest) -> Response:
    """Switch a channel off or on."""
    channel, off = str(request.http.path_params["channel"]), request.text("off") == "yes"
    if channel not in CHANNELS:
        raise NotFound("no such channel")
    field = f"reason-{channel}"
    reason = request.text(field)
    if off and not reason:
        return show(request, 422, problems={field: "Please say why, for those who ask later."})
    if len(reason) > LONGEST_REASON:
        problems = {field: f"Please give a reason of at most {LONGEST_REASON} characters."}
        return show(request, 422, form=request.form, problems=problems)
    turn(request.session, channel, off=off, reason=reason, by=request.staff, now=request.now)
    said = "is off: people see the contact details instead" if off else "is on again"
    return request.go("/switches", f"{TITLES[channel]} {said}.")


ROUTES = [
    Route("/switches", page(show, needs="switch channels")),
    Route("/switches/{channel}", page(switch, needs="switch channels"), methods=["POST"]),
]

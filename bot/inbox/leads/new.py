"""Somebody who rang or came by, taken down as a lead."""

from __future__ import annotations

import secrets
from typing import Any

from starlette.responses import Response

from bot.inbox.web import StaffRequest
from office.base.errors import BadInput
from office.base.titles import BY_HAND, WISH_TITLES
from office.leads.places import places_ahead, term_title
from office.leads.typed import DETAILS
from office.leads.working import add_lead


def new(request: StaffRequest, status: int = 200, **more: Any) -> Response:
    """The form to take down somebody who rang or came by."""
    terms = [(term.id, term_title(term.id).capitalize()) for term, _, _ in places_ahead(request.session, request.today)]
    shown = {"nonce": secrets.token_hex(8), "channels": list(BY_HAND.items()), "wishes": wish_choices(), "terms": terms, **more}
    return request.render("leads/new.html", status, **shown)


def add(request: StaffRequest) -> Response:
    """Keep who was taken down."""
    written = {name: request.typed(name) for name in DETAILS}
    nonce = request.typed("nonce")[:40] or secrets.token_hex(8)
    try:
        lead = add_lead(
            request.session, written, channel=request.typed("channel"), agreed=bool(request.form.get("agreed")),
            form=f"{request.staff.id}-{nonce}", reply_within=request.settings.reply_within_days, by=request.staff, now=request.now,
        )  # fmt: skip
    except BadInput as error:
        return new(request, 400, problems={error.field: error.reason}, form=request.form, nonce=nonce)
    said = f"{lead.name} has an open lead already, which is marked as asked again." if lead.asked_again else f"{lead.name} is added."
    return request.go(f"/leads/{lead.reference}", said)


def wish_choices() -> list[tuple[str, str]]:
    """Return what somebody may wish for, as a form offers it: (value, title)."""
    return [(wish, title.capitalize()) for wish, title in WISH_TITLES.items()]

"""Somebody who rang or came by, taken down as a lead."""

from __future__ import annotations

import secrets
from typing import Any

from starlette.responses import Response

from bot.inbox.web import Visit
from office.base.errors import BadInput
from office.base.titles import BY_HAND, WISH_TITLES
from office.leads.places import places_ahead, term_title
from office.leads.typed import DETAILS
from office.leads.working import add_lead


def new(visit: Visit, status: int = 200, **more: Any) -> Response:
    """The form to take down somebody who rang or came by."""
    terms = [(term.id, term_title(term.id).capitalize()) for term, _, _ in places_ahead(visit.session, visit.today)]
    shown = {"nonce": secrets.token_hex(8), "channels": list(BY_HAND.items()), "wishes": wish_choices(), "terms": terms, **more}
    return visit.render("leads/new.html", status, **shown)


def add(visit: Visit) -> Response:
    """Keep who was taken down."""
    written = {name: visit.typed(name) for name in DETAILS}
    nonce = visit.typed("nonce")[:40] or secrets.token_hex(8)
    try:
        lead = add_lead(
            visit.session, written, channel=visit.typed("channel"), agreed=bool(visit.form.get("agreed")),
            form=f"{visit.staff.id}-{nonce}", reply_within=visit.settings.reply_within_days, by=visit.staff, now=visit.now,
        )  # fmt: skip
    except BadInput as error:
        return new(visit, 400, problems={error.field: error.reason}, form=visit.form, nonce=nonce)
    said = f"{lead.name} has an open lead already, which is marked as asked again." if lead.asked_again else f"{lead.name} is added."
    return visit.go(f"/leads/{lead.reference}", said)


def wish_choices() -> list[tuple[str, str]]:
    """Return what somebody may wish for, as a form offers it: (value, title)."""
    return [(wish, title.capitalize()) for wish, title in WISH_TITLES.items()]

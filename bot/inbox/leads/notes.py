"""Notes of a lead."""

from __future__ import annotations

import secrets

from starlette.responses import Response

from bot.inbox.leads.page import lead_in, render_lead
from bot.inbox.web import StaffRequest
from office.base.errors import BadInput, Conflict
from office.leads.changes import history
from office.leads.working import add_note


def note(request: StaffRequest) -> Response:
    """Write a note. The form's own number makes a form that is sent twice one note."""
    lead = lead_in(request)
    try:
        nonce = request.typed("nonce")[:40] or secrets.token_hex(8)
        kept = add_note(
            request.session, lead, request.typed("note"), by=request.staff, now=request.now, update=f"page:{request.staff.id}:{nonce}"
        )
    except BadInput as error:
        return render_lead(request, lead, 400, problems={error.field: error.reason}, form=request.form)
    except Conflict as error:
        return render_lead(request, lead, 409, problems={"note": str(error)}, form=request.form)
    change = next((change for change, _ in history(request.session, lead) if change.fields.get("note") == [None, kept.id]), None)
    return request.go(f"/leads/{lead.reference}", "The note is saved.", f"/leads/{lead.reference}/undo/{change.id}" if change else "")

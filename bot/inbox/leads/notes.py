"""Notes of a lead."""

from __future__ import annotations

import secrets

from starlette.responses import Response

from bot.inbox.leads.page import lead_in, render_lead
from bot.inbox.web import Visit
from office.base.errors import BadInput, Conflict
from office.leads.changes import history
from office.leads.working import add_note


def note(visit: Visit) -> Response:
    """Write a note. The form's own number makes a form that is sent twice one note."""
    lead = lead_in(visit)
    try:
        nonce = visit.typed("nonce")[:40] or secrets.token_hex(8)
        kept = add_note(visit.session, lead, visit.typed("note"), by=visit.staff, now=visit.now, update=f"page:{visit.staff.id}:{nonce}")
    except BadInput as error:
        return render_lead(visit, lead, 400, problems={error.field: error.reason}, form=visit.form)
    except Conflict as error:
        return render_lead(visit, lead, 409, problems={"note": str(error)}, form=visit.form)
    change = next((change for change, _ in history(visit.session, lead) if change.fields.get("note") == [None, kept.id]), None)
    return visit.go(f"/leads/{lead.reference}", "The note is kept.", f"/leads/{lead.reference}/undo/{change.id}" if change else "")

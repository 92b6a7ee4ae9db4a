"""The details of a lead, to correct: where somebody else changed them meanwhile, both are shown."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from bot.inbox.leads.change_words import TITLES, value_in_words
from bot.inbox.leads.changing import render_conflict, version_in
from bot.inbox.leads.new import wish_choices
from bot.inbox.leads.page import lead_in
from bot.inbox.web import StaffRequest
from office.base.errors import BadInput, Conflict
from office.leads.changes import changes_since, plain
from office.leads.model import Lead, LeadChange
from office.leads.places import places_ahead, term_title
from office.leads.typed import DETAILS
from office.leads.working import edit_details, note_view


def edit(request: StaffRequest) -> Response:
    """The form to correct what is known of the lead, filled in."""
    lead = lead_in(request)
    note_view(request.session, lead, by=request.staff, now=request.now, how="edit")
    return _edit(request, lead, form={name: getattr(lead, name) or "" for name in DETAILS}, version=lead.version)


def save(request: StaffRequest) -> Response:
    """Keep the corrected details; where somebody else changed the lead meanwhile, show both and keep neither."""
    lead, version = lead_in(request, for_change=True), version_in(request)
    written = {name: request.typed(name) for name in DETAILS}
    overtaken = changes_since(request.session, lead, version)
    if overtaken:
        return _overtaken_edit(request, lead, overtaken, written)
    try:
        change = edit_details(request.session, lead, written, by=request.staff, now=request.now)
    except BadInput as error:
        return _edit(request, lead, 400, problems={error.field: error.reason}, form=request.form, version=version)
    except Conflict as error:
        return _edit(request, lead, 409, problems={"name": str(error)}, form=request.form, version=version)
    if change is None:
        return request.go(f"/leads/{lead.reference}", "Nothing was changed.")
    return request.go(f"/leads/{lead.reference}", "The details are saved.", f"/leads/{lead.reference}/undo/{change.id}")


def _edit(request: StaffRequest, lead: Lead, status: int = 200, **more: Any) -> Response:
    return request.render("leads/edit.html", status, lead=lead, **_choices(request, lead), **more)


def _choices(request: StaffRequest, lead: Lead) -> dict[str, Any]:
    terms = {term.id: term_title(term.id).capitalize() for term, _, _ in places_ahead(request.session, request.today)}
    if lead.term:
        terms.setdefault(lead.term, term_title(lead.term).capitalize())
    return {"wishes": wish_choices(), "terms": list(terms.items())}


def _overtaken_edit(request: StaffRequest, lead: Lead, overtaken: list[tuple[LeadChange, str]], written: dict[str, str]) -> Response:
    """Beside each field: what it was when the form was opened, what it is now, what was written. Untouched fields take what is new."""
    opened = {name: getattr(lead, name) for name in DETAILS}
    for change, _ in reversed(overtaken):
        opened |= {name: was for name, (was, _) in change.fields.items() if name in DETAILS}
    fields, form = [], {}
    for name in DETAILS:
        was, now, mine = (value_in_words(name, value, {}) for value in (opened[name], plain(getattr(lead, name)), written[name]))
        is_mine = mine.split() != was.split()
        form[name] = written[name] if is_mine else getattr(lead, name) or ""
        if is_mine or was != now:
            fields.append((TITLES[name], was, now, mine if is_mine else ""))
    more = {"fields": fields, "form": form, "version": lead.version, "kept": [], "mine": [], **_choices(request, lead)}
    return render_conflict(request, lead, overtaken, **more)

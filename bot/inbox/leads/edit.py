"""The details of a lead, to correct: where somebody else changed them meanwhile, both are shown."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from bot.inbox.leads.change_words import TITLES, value_in_words
from bot.inbox.leads.changing import render_conflict, version_in
from bot.inbox.leads.new import wish_choices
from bot.inbox.leads.page import lead_in
from bot.inbox.web import Visit
from office.base.errors import BadInput, Conflict
from office.leads.changes import changes_since, plain
from office.leads.model import Lead, LeadChange
from office.leads.places import places_ahead, term_title
from office.leads.typed import DETAILS
from office.leads.working import edit_details, note_view


def edit(visit: Visit) -> Response:
    """The form to correct what is known of the lead, filled in."""
    lead = lead_in(visit)
    note_view(visit.session, lead, by=visit.staff, now=visit.now, how="edit")
    return _edit(visit, lead, form={name: getattr(lead, name) or "" for name in DETAILS}, version=lead.version)


def save(visit: Visit) -> Response:
    """Keep the corrected details; where somebody else changed the lead meanwhile, show both and keep neither."""
    lead, version = lead_in(visit, for_change=True), version_in(visit)
    written = {name: visit.typed(name) for name in DETAILS}
    overtaken = changes_since(visit.session, lead, version)
    if overtaken:
        return _overtaken_edit(visit, lead, overtaken, written)
    try:
        change = edit_details(visit.session, lead, written, by=visit.staff, now=visit.now)
    except BadInput as error:
        return _edit(visit, lead, 400, problems={error.field: error.reason}, form=visit.form, version=version)
    except Conflict as error:
        return _edit(visit, lead, 409, problems={"name": str(error)}, form=visit.form, version=version)
    if change is None:
        return visit.go(f"/leads/{lead.reference}", "Nothing was changed.")
    return visit.go(f"/leads/{lead.reference}", "The details are kept.", f"/leads/{lead.reference}/undo/{change.id}")


def _edit(visit: Visit, lead: Lead, status: int = 200, **more: Any) -> Response:
    return visit.render("leads/edit.html", status, lead=lead, **_choices(visit, lead), **more)


def _choices(visit: Visit, lead: Lead) -> dict[str, Any]:
    terms = {term.id: term_title(term.id).capitalize() for term, _, _ in places_ahead(visit.session, visit.today)}
    if lead.term:
        terms.setdefault(lead.term, term_title(lead.term).capitalize())
    return {"wishes": wish_choices(), "terms": list(terms.items())}


def _overtaken_edit(visit: Visit, lead: Lead, overtaken: list[tuple[LeadChange, str]], written: dict[str, str]) -> Response:
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
    more = {"fields": fields, "form": form, "version": lead.version, "kept": [], "mine": [], **_choices(visit, lead)}
    return render_conflict(visit, lead, overtaken, **more)

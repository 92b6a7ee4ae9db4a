"""Possible duplicates of a lead, side by side: the PA merges two and chooses which is kept, or separates them again."""

from __future__ import annotations

from starlette.responses import Response

from bot.inbox.web import Visit
from office.base.errors import BadInput, NotFound
from office.base.titles import STATUS_TITLES, WISH_TITLES
from office.leads.changes import lead_of
from office.leads.duplicates import Suggestion, compare, join, joined_into, part, suggested_duplicates, why_not_kept
from office.leads.model import Lead
from office.leads.working import note_view, notes_of


def show_duplicates(visit: Visit) -> Response:
    """A lead beside each one that may be the same person, or beside one whose reference was given."""
    lead = lead_of(visit.session, visit.request.path_params["reference"])
    wanted, problems = visit.request.query_params.get("other", "").strip(), {}
    try:
        suggestions = [_chosen(visit, lead, wanted)] if wanted else suggested_duplicates(visit.session, lead)
    except BadInput as error:
        suggestions, problems = suggested_duplicates(visit.session, lead), {"other": error.reason}
    for shown in (lead, *(suggestion.lead for suggestion in suggestions)):
        note_view(visit.session, shown, by=visit.staff, now=visit.now, how="duplicates", glance=True)
    return visit.render(
        "duplicates/show.html",
        400 if problems else 200,
        lead=lead, suggestions=suggestions, joined=joined_into(visit.session, lead), problems=problems, form={"other": wanted[:20]},
        survivor=visit.session.get(Lead, lead.survivor) if lead.survivor else None,
        notes={one.id: len(notes_of(visit.session, one)) for one in (lead, *(suggestion.lead for suggestion in suggestions))},
        statuses=STATUS_TITLES, wishes=WISH_TITLES, wanted=wanted, why_not_kept=why_not_kept,
    )  # fmt: skip


def join_leads(visit: Visit) -> Response:
    """Merge two leads; the form says which of them is kept."""
    lead = lead_of(visit.session, visit.request.path_params["reference"])
    other = lead_of(visit.session, str(visit.form.get("other", "")))
    survives = str(visit.form.get("survivor", "")).upper()
    if survives not in (lead.reference, other.reference):
        raise BadInput("survivor", "Choose which of the two leads is kept.")
    survivor, duplicate = (lead, other) if survives == lead.reference else (other, lead)
    join(visit.session, survivor, duplicate, by=visit.staff, now=visit.now)
    undo = f"/leads/{duplicate.reference}/part"
    return visit.go(f"/leads/{survivor.reference}/duplicates", f"{duplicate.reference} was merged into {survivor.reference}.", undo)


def part_leads(visit: Visit) -> Response:
    """Separate two that were merged."""
    duplicate = lead_of(visit.session, visit.request.path_params["reference"])
    survivor = part(visit.session, duplicate, by=visit.staff, now=visit.now)
    said = f"{duplicate.reference} and {survivor.reference} are two leads again."
    return visit.go(f"/leads/{survivor.reference}/duplicates", said)


def _chosen(visit: Visit, lead: Lead, reference: str) -> Suggestion:
    try:
        other = lead_of(visit.session, reference)
    except NotFound:
        raise BadInput("other", "There is no lead of that reference.") from None
    if other.id == lead.id:
        raise BadInput("other", "That is this lead itself.")
    return compare(lead, other)

"""Possible duplicates of a lead, side by side: the PA merges two and chooses which is kept, or separates them again."""

from __future__ import annotations

from starlette.responses import Response

from bot.inbox.web import StaffRequest
from office.base.errors import BadInput, NotFound
from office.base.titles import STATUS_TITLES, WISH_TITLES
from office.leads.changes import lead_of
from office.leads.duplicates import Suggestion, compare, join, joined_into, part, suggested_duplicates, why_not_kept
from office.leads.model import Lead
from office.leads.working import note_view, notes_of


def show_duplicates(request: StaffRequest) -> Response:
    """A lead beside each one that may be the same person, or beside one whose reference was given."""
    lead = lead_of(request.session, request.http.path_params["reference"])
    wanted, problems = request.http.query_params.get("other", "").strip(), {}
    try:
        suggestions = [_chosen(request, lead, wanted)] if wanted else suggested_duplicates(request.session, lead)
    except BadInput as error:
        suggestions, problems = suggested_duplicates(request.session, lead), {"other": error.reason}
    for shown in (lead, *(suggestion.lead for suggestion in suggestions)):
        note_view(request.session, shown, by=request.staff, now=request.now, how="duplicates", glance=True)
    return request.render(
        "duplicates/show.html",
        400 if problems else 200,
        lead=lead, suggestions=suggestions, joined=joined_into(request.session, lead), problems=problems, form={"other": wanted[:20]},
        survivor=request.session.get(Lead, lead.survivor) if lead.survivor else None,
        notes={one.id: len(notes_of(request.session, one)) for one in (lead, *(suggestion.lead for suggestion in suggestions))},
        statuses=STATUS_TITLES, wishes=WISH_TITLES, wanted=wanted, why_not_kept=why_not_kept,
    )  # fmt: skip


def join_leads(request: StaffRequest) -> Response:
    """Merge two leads; the form says which of them is kept."""
    lead = lead_of(request.session, request.http.path_params["reference"])
    other = lead_of(request.session, str(request.form.get("other", "")))
    survives = str(request.form.get("survivor", "")).upper()
    if survives not in (lead.reference, other.reference):
        raise BadInput("survivor", "Choose which of the two leads is kept.")
    survivor, duplicate = (lead, other) if survives == lead.reference else (other, lead)
    join(request.session, survivor, duplicate, by=request.staff, now=request.now)
    undo = f"/leads/{duplicate.reference}/part"
    return request.go(f"/leads/{survivor.reference}/duplicates", f"{duplicate.reference} was merged into {survivor.reference}.", undo)


def part_leads(request: StaffRequest) -> Response:
    """Separate two that were merged."""
    duplicate = lead_of(request.session, request.http.path_params["reference"])
    survivor = part(request.session, duplicate, by=request.staff, now=request.now)
    said = f"{duplicate.reference} and {survivor.reference} are two leads again."
    return request.go(f"/leads/{survivor.reference}/duplicates", said)


def _chosen(request: StaffRequest, lead: Lead, reference: str) -> Suggestion:
    try:
        other = lead_of(request.session, reference)
    except NotFound:
        raise BadInput("other", "There is no lead of that reference.") from None
    if other.id == lead.id:
        raise BadInput("other", "That is this lead itself.")
    return compare(lead, other)

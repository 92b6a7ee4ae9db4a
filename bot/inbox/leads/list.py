"""The list of leads: those that are open, with filters that live in the address."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from bot.inbox.leads.rows import lead_rows
from bot.inbox.web import StaffRequest
from bot.inbox.wording import counted
from office.base.errors import BadInput
from office.base.titles import STATUS_TITLES, WISH_TITLES, channel_title
from office.leads.lists import (
    COUNTED_TO,
    NOBODY,
    VIEWS,
    LeadFilter,
    count_leads,
    count_views,
    known_channels,
    list_leads,
)
from office.leads.places import all_terms, term_title
from office.leads.saved_views import views_of
from office.leads.working import owners

SAMPLES = [("yes", "Only sample leads"), ("no", "No sample leads")]
LONGEST_BACK = 600  # of the address to go back to, which travels in a cookie


def list_page(request: StaffRequest, status: int = 200, **more: Any) -> Response:
    """The leads of a filter in order of urgency."""
    query = request.http.query_params
    try:
        wanted = LeadFilter.read(query)
    except BadInput as error:
        return _nothing(request, {error.field: error.reason})
    found = list_leads(request.session, wanted, now=request.now, after=query.get("after", ""))
    total = count_leads(request.session, wanted, now=request.now) if found.found is None else found.found
    shown = {
        "groups": lead_rows(request.session, found.rows, now=request.now), "total": _total(total), "is_empty": not total,
        "following": wanted.query() + f"&after={found.following}" if found.following else "", "begun": bool(query.get("after")),
        "can_bulk": 0 < total <= COUNTED_TO,
    }  # fmt: skip
    return request.render("leads/list.html", status, **{**_frame(request, wanted), **shown, "form": query, **more})


def _nothing(request: StaffRequest, problems: dict[str, str]) -> Response:
    """An invalid filter shows an empty list, rather than every lead; there is nothing in it to export or to save."""
    view = request.http.query_params.get("view", "")
    frame = _frame(request, LeadFilter(view=view if view in VIEWS else "open"))
    return request.render(
        "leads/list.html", 400, **frame, groups=[], total="No leads", is_empty=True, following="", begun=False, can_bulk=False,
        form=request.http.query_params, problems=problems,
    )  # fmt: skip


def _frame(request: StaffRequest, wanted: LeadFilter) -> dict[str, Any]:
    """Return what a page of the list needs besides its rows."""
    counts = count_views(request.session, now=request.now)
    views = [(view, title, counts[view], wanted.query(view=view)) for view, title in VIEWS.items()]
    return {
        "wanted": wanted, "views": views, "counted_to": COUNTED_TO, "saved": views_of(request.session, request.staff.id),
        "statuses": list(STATUS_TITLES.items()), "wishes": [(wish, title.capitalize()) for wish, title in WISH_TITLES.items()],
        "channels": [(channel, channel_title(channel)) for channel in known_channels(request.session)],
        "terms": [(term.id, term_title(term.id).capitalize()) for term in all_terms(request.session)],
        "owners": [(NOBODY, "Nobody"), *((str(one.id), one.name) for one in owners(request.session))],
        "samples": SAMPLES, "here": back_to(request), "query": wanted.query(),
    }  # fmt: skip


def back_to(request: StaffRequest) -> str:
    """Return the address of this list, to come back to after a change."""
    query = request.http.url.query
    return f"/leads?{query}" if query and len(query) <= LONGEST_BACK else "/leads"


def _total(total: int) -> str:
    return f"More than {COUNTED_TO:,} leads" if total > COUNTED_TO else counted(total, "lead")

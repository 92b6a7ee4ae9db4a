"""The list of leads: those that are open, filters that live in the address, saved views, and one change for all that is shown."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from starlette.responses import Response
from starlette.routing import Route

from bot.inbox.leads.rows import lead_rows
from bot.inbox.web import Visit, local_path, page
from bot.inbox.wording import counted
from office.base.dates import read_day
from office.base.errors import BadInput, Conflict
from office.base.titles import STATUS_TITLES, WISH_TITLES, channel_title
from office.leads.bulk import BULK_STATUSES, BulkChange, change_all, leads_shown, mark_of
from office.leads.changes import undo
from office.leads.lists import COUNTED_TO, NOBODY, VIEWS, LeadFilter, count_leads, count_views, known_channels, list_leads
from office.leads.model import STATUSES
from office.leads.places import all_terms, term_title
from office.leads.saved_views import delete_view, rename_view, save_view, views_of
from office.leads.working import owners

SAMPLES = [("yes", "Only sample leads"), ("no", "No sample leads")]
LONGEST_BACK = 600  # of the address to go back to, which travels in a cookie


def list_page(visit: Visit, status: int = 200, **more: Any) -> Response:
    """The leads of a filter in order of urgency."""
    query = visit.request.query_params
    try:
        wanted = LeadFilter.read(query)
    except BadInput as error:
        return _nothing(visit, {error.field: error.reason})
    found = list_leads(visit.session, wanted, now=visit.now, after=query.get("after", ""))
    total = count_leads(visit.session, wanted, now=visit.now) if found.found is None else found.found
    shown = {
        "groups": lead_rows(visit.session, found.rows, now=visit.now), "total": _total(total), "is_empty": not total,
        "following": wanted.query() + f"&after={found.following}" if found.following else "", "begun": bool(query.get("after")),
        "can_bulk": 0 < total <= COUNTED_TO,
    }  # fmt: skip
    return visit.render("leads/list.html", status, **{**_frame(visit, wanted), **shown, "form": query, **more})


def _nothing(visit: Visit, problems: dict[str, str]) -> Response:
    """A filter that is none shows nobody, rather than everybody; there is nothing to export of it, or to save."""
    view = visit.request.query_params.get("view", "")
    frame = _frame(visit, LeadFilter(view=view if view in VIEWS else "open"))
    return visit.render(
        "leads/list.html", 400, **frame, groups=[], total="No leads", is_empty=True, following="", begun=False, can_bulk=False,
        form=visit.request.query_params, problems=problems,
    )  # fmt: skip


def _frame(visit: Visit, wanted: LeadFilter) -> dict[str, Any]:
    """What stands round the rows."""
    counts = count_views(visit.session, now=visit.now)
    views = [(view, title, counts[view], wanted.query(view=view)) for view, title in VIEWS.items()]
    return {
        "wanted": wanted, "views": views, "counted_to": COUNTED_TO, "saved": views_of(visit.session, visit.staff.id),
        "statuses": list(STATUS_TITLES.items()), "wishes": [(wish, title.capitalize()) for wish, title in WISH_TITLES.items()],
        "channels": [(channel, channel_title(channel)) for channel in known_channels(visit.session)],
        "terms": [(term.id, term_title(term.id).capitalize()) for term in all_terms(visit.session)],
        "owners": [(NOBODY, "Nobody"), *((str(one.id), one.name) for one in owners(visit.session))],
        "samples": SAMPLES, "here": back_to(visit), "query": wanted.query(),
    }  # fmt: skip


def back_to(visit: Visit) -> str:
    """Return the address of this list, to come back to after a change."""
    query = visit.request.url.query
    return f"/leads?{query}" if query and len(query) <= LONGEST_BACK else "/leads"


def _total(total: int) -> str:
    return f"More than {COUNTED_TO:,} leads" if total > COUNTED_TO else counted(total, "lead")


def keep_view(visit: Visit) -> Response:
    """Save the filter of the address under a name."""
    wanted = LeadFilter.read(visit.request.query_params)
    try:
        view = save_view(visit.session, visit.staff.id, str(visit.form.get("name", "")), wanted)
    except BadInput as error:
        return list_page(
            visit, 400, problems={"name": error.reason}, form={**visit.request.query_params, "name": visit.form.get("name", "")}
        )
    return visit.go(f"/leads?{view.query}", f"The view “{view.name}” is saved.")


def views_page(visit: Visit, status: int = 200, **more: Any) -> Response:
    """One's saved views, to rename and delete."""
    return visit.render("leads/views.html", status, **{"saved": views_of(visit.session, visit.staff.id), "wrong": 0, **more})


def rename(visit: Visit) -> Response:
    """Return a saved view another name."""
    number = visit.number("view")
    try:
        view = rename_view(visit.session, visit.staff.id, number, str(visit.form.get("name", "")))
    except BadInput as error:
        return views_page(visit, 400, problems={f"name-{number}": error.reason}, form={f"name-{number}": visit.form.get("name", "")})
    return visit.go("/leads/views", f"The view is called “{view.name}” now.")


def remove_view(visit: Visit) -> Response:
    """Delete a saved view."""
    delete_view(visit.session, visit.staff.id, visit.number("view"))
    return visit.go("/leads/views", "The view is deleted. No lead was touched.")


def bulk_page(visit: Visit, status: int = 200, **more: Any) -> Response:
    """How many leads the filter shows, and what can be changed of all of them."""
    wanted = LeadFilter.read(visit.request.query_params)
    leads = leads_shown(visit.session, wanted, now=visit.now)
    shown = {
        "wanted": wanted, "query": wanted.query(), "number": len(leads), "mark": mark_of(leads), "first": leads[:10],
        "statuses": [(status, STATUS_TITLES[status]) for status in STATUSES if status in BULK_STATUSES],
        "owners": [(NOBODY, "Nobody"), *((str(one.id), one.name) for one in owners(visit.session))],
        "reads": [("read", "Mark as read"), ("unread", "Mark as unread")], "form": visit.form, "view": VIEWS[wanted.view],
    }  # fmt: skip
    return visit.render("leads/bulk.html", status, **{**shown, **more})


def bulk(visit: Visit) -> Response:
    """Change all leads of the filter, if they are still those that were shown."""
    wanted, said = LeadFilter.read(visit.request.query_params), visit.form
    text = {name: str(said.get(name, "")).strip() for name in ("status", "reason", "owner", "next_action", "read", "mark")}
    try:
        if text["owner"] not in ("", NOBODY) and not (text["owner"].isascii() and text["owner"].isdigit() and len(text["owner"]) < 10):
            raise BadInput("owner", "Choose somebody who works leads.")
        change = BulkChange(
            status=text["status"], reason=text["reason"], revisit=read_day(str(said.get("revisit", "")), "revisit"), owner=text["owner"],
            next_action=text["next_action"], due=read_day(str(said.get("due", "")), "due"), read=text["read"],
        )  # fmt: skip
        result = change_all(visit.session, wanted, change, text["mark"], by=visit.staff, now=visit.now)
    except BadInput as error:
        return bulk_page(visit, 400, problems={error.field: error.reason})
    except Conflict as error:
        return bulk_page(visit, 409, problems={"status": str(error)})
    left = f" {counted(len(result.refused), 'lead')} stayed as before: {result.refused[0][1]}" if result.refused else ""
    path = f"/leads?{wanted.query()}"
    undo_path = f"/leads/undo/{result.batch}?next={quote(path)}" if result.changed else ""
    return visit.go(path, f"{counted(result.changed, 'lead')} changed.{left}", undo_path)


def undo_batch(visit: Visit) -> Response:
    """Take back a bulk change, all of it or nothing."""
    changes = undo(visit.session, str(visit.request.path_params["batch"]), by=visit.staff, now=visit.now)
    number = len({change.lead for change in changes})
    return visit.go(local_path(visit.request.query_params.get("next", "/leads")), f"{counted(number, 'lead')} as before.")


ROUTES = [
    Route("/leads", page(list_page, needs="read leads")),
    Route("/leads/views", page(views_page, needs="read leads")),
    Route("/leads/views", page(keep_view, needs="read leads"), methods=["POST"]),
    Route("/leads/views/{view}/rename", page(rename, needs="read leads"), methods=["POST"]),
    Route("/leads/views/{view}/delete", page(remove_view, needs="read leads"), methods=["POST"]),
    Route("/leads/bulk", page(bulk_page, needs="work leads")),
    Route("/leads/bulk", page(bulk, needs="work leads"), methods=["POST"]),
    Route("/leads/undo/{batch}", page(undo_batch, needs="work leads"), methods=["POST"]),
]

"""One change for all leads that a filter shows, and its undo."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from starlette.responses import Response

from bot.inbox.web import StaffRequest, local_path
from bot.inbox.wording import counted
from office.base.dates import read_day
from office.base.errors import BadInput, Conflict
from office.base.titles import STATUS_TITLES
from office.leads.bulk import BULK_STATUSES, BulkChange, change_all, leads_shown, mark_of
from office.leads.changes import undo
from office.leads.lists import NOBODY, VIEWS, LeadFilter
from office.leads.model import STATUSES
from office.leads.working import owners


def bulk_page(request: StaffRequest, status: int = 200, **more: Any) -> Response:
    """How many leads the filter shows, and what can be changed of all of them."""
    wanted = LeadFilter.read(request.http.query_params)
    leads = leads_shown(request.session, wanted, now=request.now)
    shown = {
        "wanted": wanted, "query": wanted.query(), "number": len(leads), "mark": mark_of(leads), "first": leads[:10],
        "statuses": [(status, STATUS_TITLES[status]) for status in STATUSES if status in BULK_STATUSES],
        "owners": [(NOBODY, "Nobody"), *((str(one.id), one.name) for one in owners(request.session))],
        "reads": [("read", "Mark as read"), ("unread", "Mark as unread")], "form": request.form, "view": VIEWS[wanted.view],
    }  # fmt: skip
    return request.render("leads/bulk.html", status, **{**shown, **more})


def bulk(request: StaffRequest) -> Response:
    """Change all leads of the filter, if they are still those that were shown."""
    wanted, said = LeadFilter.read(request.http.query_params), request.form
    text = {name: str(said.get(name, "")).strip() for name in ("status", "reason", "owner", "next_action", "read", "mark")}
    try:
        if text["owner"] not in ("", NOBODY) and not (text["owner"].isascii() and text["owner"].isdigit() and len(text["owner"]) < 10):
            raise BadInput("owner", "Choose somebody who works leads.")
        change = BulkChange(
            status=text["status"], reason=text["reason"], revisit=read_day(str(said.get("revisit", "")), "revisit"), owner=text["owner"],
            next_action=text["next_action"], due=read_day(str(said.get("due", "")), "due"), read=text["read"],
        )  # fmt: skip
        result = change_all(request.session, wanted, change, text["mark"], by=request.staff, now=request.now)
    except BadInput as error:
        return bulk_page(request, 400, problems={error.field: error.reason})
    except Conflict as error:
        return bulk_page(request, 409, problems={"status": str(error)})
    left = f" {counted(len(result.refused), 'lead')} not changed: {result.refused[0][1]}" if result.refused else ""
    path = f"/leads?{wanted.query()}"
    undo_path = f"/leads/undo/{result.batch}?next={quote(path)}" if result.changed else ""
    return request.go(path, f"{counted(result.changed, 'lead')} changed.{left}", undo_path)


def undo_batch(request: StaffRequest) -> Response:
    """Take back a bulk change, all of it or nothing."""
    changes = undo(request.session, str(request.http.path_params["batch"]), by=request.staff, now=request.now)
    number = len({change.lead for change in changes})
    return request.go(local_path(request.http.query_params.get("next", "/leads")), f"{counted(number, 'lead')} changed back.")

"""Saved views: filters of one's own, under a name."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from bot.inbox.leads.list import list_page
from bot.inbox.web import Visit
from office.base.errors import BadInput
from office.leads.lists import LeadFilter
from office.leads.saved_views import delete_view, rename_view, save_view, views_of


def keep_view(visit: Visit) -> Response:
    """Save the filter of the address under a name."""
    wanted = LeadFilter.read(visit.request.query_params)
    try:
        view = save_view(visit.session, visit.typed("name"), wanted, by=visit.staff, now=visit.now)
    except BadInput as error:
        return list_page(
            visit, 400, problems={"name": error.reason}, form={**visit.request.query_params, "name": visit.form.get("name", "")}
        )
    return visit.go(f"/leads?{view.query}", f"The view “{view.name}” is saved.")


def views_page(visit: Visit, status: int = 200, **more: Any) -> Response:
    """One's saved views, to rename and delete."""
    return visit.render("leads/views.html", status, **{"saved": views_of(visit.session, visit.staff.id), "wrong": 0, **more})


def rename(visit: Visit) -> Response:
    """Give a saved view another name."""
    number = visit.number("view")
    try:
        view = rename_view(visit.session, number, visit.typed("name"), by=visit.staff, now=visit.now)
    except BadInput as error:
        return views_page(visit, 400, problems={f"name-{number}": error.reason}, form={f"name-{number}": visit.form.get("name", "")})
    return visit.go("/leads/views", f"The view is called “{view.name}” now.")


def remove_view(visit: Visit) -> Response:
    """Delete a saved view."""
    delete_view(visit.session, visit.number("view"), by=visit.staff, now=visit.now)
    return visit.go("/leads/views", "The view is deleted. No lead was touched.")

"""Saved views: filters of one's own, under a name."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from bot.inbox.leads.list import list_page
from bot.inbox.web import StaffRequest
from office.base.errors import BadInput
from office.leads.lists import LeadFilter
from office.leads.saved_views import delete_view, rename_view, save_view, views_of


def keep_view(request: StaffRequest) -> Response:
    """Save the filter of the address under a name."""
    wanted = LeadFilter.read(request.http.query_params)
    try:
        view = save_view(request.session, request.typed("name"), wanted, by=request.staff, now=request.now)
    except BadInput as error:
        return list_page(
            request, 400, problems={"name": error.reason}, form={**request.http.query_params, "name": request.form.get("name", "")}
        )
    return request.go(f"/leads?{view.query}", f"The view “{view.name}” is saved.")


def views_page(request: StaffRequest, status: int = 200, **more: Any) -> Response:
    """One's saved views, to rename and delete."""
    return request.render("leads/views.html", status, **{"saved": views_of(request.session, request.staff.id), "wrong": 0, **more})


def rename(request: StaffRequest) -> Response:
    """Give a saved view another name."""
    number = request.number("view")
    try:
        view = rename_view(request.session, number, request.typed("name"), by=request.staff, now=request.now)
    except BadInput as error:
        return views_page(request, 400, problems={f"name-{number}": error.reason}, form={f"name-{number}": request.form.get("name", "")})
    return request.go("/leads/views", f"The view is called “{view.name}” now.")


def remove_view(request: StaffRequest) -> Response:
    """Delete a saved view."""
    delete_view(request.session, request.number("view"), by=request.staff, now=request.now)
    return request.go("/leads/views", "The view is deleted. No lead was touched.")

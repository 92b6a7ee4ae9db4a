"""Saved views: filters of the list of leads that somebody gave a name."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from office.base.audit import audit
from office.base.database import take_turn
from office.base.errors import BadInput, NotFound
from office.base.staff import Staff, require
from office.leads.lists import LeadFilter
from office.leads.model import SavedView
from office.leads.typed import one_line

LONGEST_NAME = 60
MOST_VIEWS = 40


def views_of(session: Session, staff: int) -> list[SavedView]:
    """Return somebody's saved views by name."""
    return list(session.execute(select(SavedView).where(SavedView.staff == staff).order_by(func.lower(SavedView.name))).scalars())


def save_view(session: Session, name: str, wanted: LeadFilter, *, by: Staff, now: datetime) -> SavedView:
    """Keep a filter under a name; the same name again takes the new filter. Raises BadInput.

    A filter may hold a name that was searched for, so it is in the audit log like all that is kept of people.
    """
    require(by, "read leads")
    name = _checked(name)
    take_turn(session, f"views {by.id}")
    views = views_of(session, by.id)
    known = next((view for view in views if view.name == name), None)
    if known is None and len(views) >= MOST_VIEWS:
        raise BadInput("name", f"There are {MOST_VIEWS} saved views: delete one first.")
    view = known or SavedView(staff=by.id, name=name)
    view.query = wanted.query()
    session.add(view)
    session.flush()
    audit(session, "change" if known else "add", f"saved view {view.id}", by=by, now=now)
    return view


def rename_view(session: Session, number: int, name: str, *, by: Staff, now: datetime) -> SavedView:
    """Give a saved view another name and return it. Raises BadInput, also where another view has it, and NotFound for somebody else's."""
    require(by, "read leads")
    name = _checked(name)
    take_turn(session, f"views {by.id}")
    views = {view.id: view for view in views_of(session, by.id)}
    if number not in views:
        raise NotFound("no such view")
    if any(view.name == name for view in views.values() if view.id != number):
        raise BadInput("name", "Another of your views has this name.")
    views[number].name = name
    session.flush()
    audit(session, "change", f"saved view {number}", by=by, now=now)
    return views[number]


def delete_view(session: Session, number: int, *, by: Staff, now: datetime) -> None:
    """Delete a saved view of one's own; one that is gone already, or somebody else's, stays as it is."""
    require(by, "read leads")
    if session.execute(delete(SavedView).where(SavedView.id == number, SavedView.staff == by.id)).rowcount:
        audit(session, "erase", f"saved view {number}", by=by, now=now)


def _checked(name: str) -> str:
    name = one_line(name, "name", LONGEST_NAME)
    if not any(c.isalnum() for c in name):
        raise BadInput("name", "Give the view a name.")
    return name

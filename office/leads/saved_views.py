"""Saved views: filters of the list of leads that somebody gave a name."""

from __future__ import annotations

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from office.base.database import take_turn
from office.base.errors import BadInput, NotFound
from office.leads.lists import LeadFilter
from office.leads.model import SavedView
from office.leads.typed import one_line

LONGEST_NAME = 60
MOST_VIEWS = 40


def views_of(session: Session, staff: int) -> list[SavedView]:
    """Give somebody's saved views by name."""
    return list(session.execute(select(SavedView).where(SavedView.staff == staff).order_by(func.lower(SavedView.name))).scalars())


def save_view(session: Session, staff: int, name: str, wanted: LeadFilter) -> SavedView:
    """Keep a filter under a name; the same name again takes the new filter. Raises BadInput."""
    name = _checked(name)
    take_turn(session, f"views {staff}")
    views = views_of(session, staff)
    view = next((view for view in views if view.name == name), None)
    if view is None:
        if len(views) >= MOST_VIEWS:
            raise BadInput("name", f"There are {MOST_VIEWS} saved views: delete one first.")
        view = SavedView(staff=staff, name=name)
        session.add(view)
    view.query = wanted.query()
    session.flush()
    return view


def rename_view(session: Session, staff: int, number: int, name: str) -> SavedView:
    """Return a saved view another name. Raises BadInput, also where another view has it, and NotFound for somebody else's."""
    name = _checked(name)
    take_turn(session, f"views {staff}")
    views = {view.id: view for view in views_of(session, staff)}
    if number not in views:
        raise NotFound("no such view")
    if any(view.name == name for view in views.values() if view.id != number):
        raise BadInput("name", "Another of your views has this name.")
    views[number].name = name
    session.flush()
    return views[number]


def delete_view(session: Session, staff: int, number: int) -> None:
    """Delete a saved view of somebody; what is gone already is left so."""
    session.execute(delete(SavedView).where(SavedView.id == number, SavedView.staff == staff))


def _checked(name: str) -> str:
    name = one_line(name, "name", LONGEST_NAME)
    if not any(c.isalnum() for c in name):
        raise BadInput("name", "Give the view a name.")
    return name

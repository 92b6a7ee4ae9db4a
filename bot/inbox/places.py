"""Places: terms, how many schools each takes, and who holds a place."""

from __future__ import annotations

from datetime import date
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from bot.inbox.web import Visit, page
from office.base.audit import AuditEntry
from office.base.dates import read_day
from office.base.errors import BadInput, NoPlace, NotFound
from office.leads.changes import lead_of
from office.leads.model import Lead
from office.leads.places import (
    MOST_PLACES,
    SEASONS,
    USUAL_PLACES,
    Term,
    add_term,
    all_terms,
    change_term,
    give_place,
    history_of_places,
    place_by_id,
    places_of_term,
    suggested_terms,
    take_back,
    term_title,
    the_term,
)
from office.people.accounts import all_staff


def show_places(visit: Visit, status: int = 200, **more: Any) -> Response:
    """The terms with their places, and what was done to them."""
    terms = [(term, places_of_term(visit.session, term.id)) for term in all_terms(visit.session)]
    suggested = suggested_terms(visit.session, visit.today)
    names = {person.id: person.name for person in all_staff(visit.session)}
    shown = {
        "ahead": [(term, given) for term, given in reversed(terms) if term.ends >= visit.today],
        "past": [(term, given) for term, given in terms if term.ends < visit.today],
        "suggested": suggested, "seasons": [(season, season.capitalize()) for season in SEASONS], "most": MOST_PLACES,
        "history": [(entry, names.get(entry.staff or 0, "the system"), _said(entry)) for entry in history_of_places(visit.session)],
        "names": names, "form": _as_form(visit, suggested), "title_of": term_title, "wrong_term": "",
    }  # fmt: skip
    return visit.render("places/list.html", status, **{**shown, **more})


def record_term(visit: Visit) -> Response:
    """Record a term."""
    try:
        year, season = _number(visit, "year", 2000, 2200), str(visit.form.get("season", ""))
        begins, ends = _day(visit, "begins"), _day(visit, "ends")
        term = add_term(visit.session, year, season, begins, ends, _number(visit, "places", 0, MOST_PLACES), by=visit.staff, now=visit.now)
    except BadInput as error:
        return show_places(visit, 400, problems={error.field: error.reason}, form=visit.form)
    return visit.go("/places", f"The {term_title(term.id)} is recorded.")


def edit_term(visit: Visit) -> Response:
    """The form to change a term, filled in."""
    return _edit(visit, the_term(visit.session, visit.request.path_params["term"]))


def save_term(visit: Visit) -> Response:
    """Change a term's dates and its number of places."""
    term = the_term(visit.session, visit.request.path_params["term"])
    try:
        places = _number(visit, "places", 0, MOST_PLACES)
        change_term(visit.session, term.id, _day(visit, "begins"), _day(visit, "ends"), places, by=visit.staff, now=visit.now)
    except BadInput as error:
        return _edit(visit, term, 400, problems={error.field: error.reason}, form=visit.form)
    return visit.go("/places", f"The {term_title(term.id)} is changed.")


def give(visit: Visit) -> Response:
    """Give a place: to a lead by its reference, or to a school by its name."""
    term = the_term(visit.session, visit.request.path_params["term"])
    try:
        place = give_place(visit.session, term.id, _receiver(visit), by=visit.staff, now=visit.now)
    except NoPlace as error:
        return visit.go("/places", f"{error} Nothing was given.")
    except BadInput as error:
        return show_places(visit, 400, problems={error.field: error.reason}, wrong_term=term.id, given_to=visit.form.get("to", ""))
    undo = f"/places/{place.id}/take-back" if place.given == visit.now else ""
    return visit.go("/places", f"{place.school} has place {place.number} of the {term_title(term.id)}.", undo)


def take(visit: Visit) -> Response:
    """Take a place back; a second click finds it gone, which is what was wished."""
    number = visit.number("place")
    try:
        place = place_by_id(visit.session, number)
    except NotFound:
        return visit.go("/places", "That place was taken back already.")
    take_back(visit.session, place, by=visit.staff, now=visit.now)
    return visit.go("/places", f"{place.school} no longer has a place in the {term_title(place.term)}.")


def _edit(visit: Visit, term: Term, status: int = 200, **more: Any) -> Response:
    given = len(places_of_term(visit.session, term.id))
    form = {"begins": term.begins.isoformat(), "ends": term.ends.isoformat(), "places": term.places}
    return visit.render(
        "places/term.html",
        status,
        **{"term": term, "title": term_title(term.id), "given": given, "form": form, "most": MOST_PLACES, **more},
    )


def _receiver(visit: Visit) -> Lead | str:
    """A reference such as U-7K3F9A means its lead, anything else is the name of a school."""
    wanted = str(visit.form.get("to", "")).strip()
    if not wanted.upper().startswith("U-") or " " in wanted:
        return wanted
    try:
        return lead_of(visit.session, wanted)
    except NotFound:
        raise BadInput("to", "There is no lead of that reference.") from None


def _as_form(visit: Visit, suggested: list[Any]) -> dict[str, Any]:
    """The form to record a term, filled in with the next one that nobody has recorded."""
    if not suggested:
        return {"places": USUAL_PLACES}
    term = next((term for term in suggested if term.begins > visit.today), suggested[0])
    year, _, season = term.id.partition("-")
    return {"year": year, "season": season, "begins": term.begins.isoformat(), "ends": term.ends.isoformat(), "places": term.places}


def _number(visit: Visit, name: str, least: int, most: int) -> int:
    text = str(visit.form.get(name, "")).strip()
    if not (text.isascii() and text.isdigit() and len(text) < 6 and least <= int(text) <= most):
        raise BadInput(name, f"Write a whole number from {least} to {most}.")
    return int(text)


def _day(visit: Visit, name: str) -> date:
    day = read_day(str(visit.form.get(name, ""))[:40], name)
    if day is None:
        raise BadInput(name, "Say on which day the term begins." if name == "begins" else "Say on which day the term ends.")
    return day


def _said(entry: AuditEntry) -> str:
    """An entry of the audit log in words."""
    kind, _, term_id = entry.about.partition(" ")
    title, detail = term_title(term_id), entry.detail
    whom = detail.get("lead") or detail.get("school") or "a school"
    if kind == "place" and entry.action == "add":
        return f"gave place {detail.get('number')} of the {title} to {whom}"
    if kind == "place":
        return f"took place {detail.get('taken_back')} of the {title} back from {whom}"
    if entry.action == "add":
        return f"recorded the {title}, {detail.get('places')} places"
    changes = ", ".join(f"{name} {was} → {new}" for name, (was, new) in detail.items())
    return f"changed the {title}: {changes}"


ROUTES = [
    Route("/places", page(show_places, needs="read leads")),
    Route("/places/terms", page(record_term, needs="work leads"), methods=["POST"]),
    Route("/places/terms/{term}", page(edit_term, needs="work leads"), methods=["GET"]),
    Route("/places/terms/{term}", page(save_term, needs="work leads"), methods=["POST"]),
    Route("/places/terms/{term}/give", page(give, needs="work leads"), methods=["POST"]),
    Route("/places/{place}/take-back", page(take, needs="work leads"), methods=["POST"]),
]

"""Places: terms, how many schools each takes, and who holds a place."""

from __future__ import annotations

from datetime import date
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from bot.inbox.web import StaffRequest, page
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


def show_places(request: StaffRequest, status: int = 200, **more: Any) -> Response:
    """The terms with their places, and what was done to them."""
    terms = [(term, places_of_term(request.session, term.id)) for term in all_terms(request.session)]
    suggested = suggested_terms(request.session, request.today)
    names = {person.id: person.name for person in all_staff(request.session)}
    shown = {
        "ahead": [(term, given) for term, given in reversed(terms) if term.ends >= request.today],
        "past": [(term, given) for term, given in terms if term.ends < request.today],
        "suggested": suggested, "seasons": [(season, season.capitalize()) for season in SEASONS], "most": MOST_PLACES,
        "history": [(entry, names.get(entry.staff or 0, "the system"), _said(entry)) for entry in history_of_places(request.session)],
        "names": names, "form": _as_form(request, suggested), "title_of": term_title, "wrong_term": "",
    }  # fmt: skip
    return request.render("places/list.html", status, **{**shown, **more})


def record_term(request: StaffRequest) -> Response:
    """Record a term."""
    try:
        year, season = _number(request, "year", 2000, 2200), str(request.form.get("season", ""))
        begins, ends = _day(request, "begins"), _day(request, "ends")
        term = add_term(
            request.session, year, season, begins, ends, _number(request, "places", 0, MOST_PLACES), by=request.staff, now=request.now
        )
    except BadInput as error:
        return show_places(request, 400, problems={error.field: error.reason}, form=request.form)
    return request.go("/places", f"The {term_title(term.id)} is recorded.")


def edit_term(request: StaffRequest) -> Response:
    """The form to change a term, filled in."""
    return _edit(request, the_term(request.session, request.http.path_params["term"]))


def save_term(request: StaffRequest) -> Response:
    """Change a term's dates and its number of places."""
    term = the_term(request.session, request.http.path_params["term"])
    try:
        places = _number(request, "places", 0, MOST_PLACES)
        change_term(request.session, term.id, _day(request, "begins"), _day(request, "ends"), places, by=request.staff, now=request.now)
    except BadInput as error:
        return _edit(request, term, 400, problems={error.field: error.reason}, form=request.form)
    return request.go("/places", f"The {term_title(term.id)} is changed.")


def give(request: StaffRequest) -> Response:
    """Give a place: to a lead by its reference, or to a school by its name."""
    term = the_term(request.session, request.http.path_params["term"])
    try:
        place = give_place(request.session, term.id, _receiver(request), by=request.staff, now=request.now)
    except NoPlace as error:
        return request.go("/places", f"{error} Nothing was given.")
    except BadInput as error:
        return show_places(request, 400, problems={error.field: error.reason}, wrong_term=term.id, given_to=request.form.get("to", ""))
    undo = f"/places/{place.id}/take-back" if place.given == request.now else ""
    return request.go("/places", f"{place.school} has place {place.number} of the {term_title(term.id)}.", undo)


def take(request: StaffRequest) -> Response:
    """Take a place back; a second click finds it gone, which is what was wished."""
    number = request.number("place")
    try:
        place = place_by_id(request.session, number)
    except NotFound:
        return request.go("/places", "That place was taken back already.")
    take_back(request.session, place, by=request.staff, now=request.now)
    return request.go("/places", f"{place.school} no longer has a place in the {term_title(place.term)}.")


def _edit(request: StaffRequest, term: Term, status: int = 200, **more: Any) -> Response:
    given = len(places_of_term(request.session, term.id))
    form = {"begins": term.begins.isoformat(), "ends": term.ends.isoformat(), "places": term.places}
    return request.render(
        "places/term.html",
        status,
        **{"term": term, "title": term_title(term.id), "given": given, "form": form, "most": MOST_PLACES, **more},
    )


def _receiver(request: StaffRequest) -> Lead | str:
    """A reference such as U-7K3F9A means its lead, anything else is the name of a school."""
    wanted = str(request.form.get("to", "")).strip()
    if not wanted.upper().startswith("U-") or " " in wanted:
        return wanted
    try:
        return lead_of(request.session, wanted)
    except NotFound:
        raise BadInput("to", "There is no lead of that reference.") from None


def _as_form(request: StaffRequest, suggested: list[Any]) -> dict[str, Any]:
    """The form to record a term, filled in with the next one that nobody has recorded."""
    if not suggested:
        return {"places": USUAL_PLACES}
    term = next((term for term in suggested if term.begins > request.today), suggested[0])
    year, _, season = term.id.partition("-")
    return {"year": year, "season": season, "begins": term.begins.isoformat(), "ends": term.ends.isoformat(), "places": term.places}


def _number(request: StaffRequest, name: str, least: int, most: int) -> int:
    text = str(request.form.get(name, "")).strip()
    if not (text.isascii() and text.isdigit() and len(text) < 6 and least <= int(text) <= most):
        raise BadInput(name, f"Write a whole number from {least} to {most}.")
    return int(text)


def _day(request: StaffRequest, name: str) -> date:
    day = read_day(str(request.form.get(name, ""))[:40], name)
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

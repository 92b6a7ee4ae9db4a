"""The audit log: an admin reads who looked at, exported, changed or erased what, and when."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from starlette.responses import Response
from starlette.routing import Route

from bot.inbox.web import StaffRequest, page
from office.base.audit import ACTIONS, AuditFilter, read_audit
from office.base.database import LARGEST_NUMBER
from office.base.dates import read_day
from office.base.errors import BadInput
from office.base.workdays import LONDON
from office.people.accounts import all_staff

ON_A_PAGE = 50
PAGES = {"lead": "leads", "gap": "gaps", "fact": "facts"}
FIELDS = ("person", "action", "about", "from", "to")


def show(request: StaffRequest) -> Response:
    """Fifty entries, the latest first, of what the filter in the address asks for."""
    asked = {name: request.http.query_params.get(name, "").strip()[:200] for name in FIELDS}
    problems: dict[str, str] = {}
    since, until = (_day(asked, name, problems) for name in ("from", "to"))
    wanted = AuditFilter(
        staff=_number(asked["person"]),
        action=asked["action"] if asked["action"] in ACTIONS else None,
        about=asked["about"] or None,
        since=_midnight(since),
        until=_midnight(until + timedelta(days=1)) if until else None,
    )
    before = _number(request.http.query_params.get("before", ""))
    entries = read_audit(request.session, wanted, before=before, limit=ON_A_PAGE + 1, by=request.staff, now=request.now)
    people = {person.id: person.name for person in all_staff(request.session)}
    shown = entries[:ON_A_PAGE]
    given = {name: value for name, value in asked.items() if value}
    return request.render(
        "audit/show.html",
        422 if problems else 200,
        entries=[
            (entry, people.get(entry.staff or 0, "the system"), *_about(entry.about, people), _in_words(entry.detail)) for entry in shown
        ],
        older=f"/audit?{urlencode({**given, 'before': shown[-1].id})}" if len(entries) > ON_A_PAGE else "",
        newest=f"/audit?{urlencode(given)}" if before else "",
        form=asked,
        people=list(people.items()),
        actions=[(action, action.capitalize()) for action in ACTIONS],
        problems=problems,
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and int(text[:10]) <= LARGEST_NUMBER and len(text) <= 10 else None


def _day(asked: dict[str, str], name: str, problems: dict[str, str]) -> date | None:
    try:
        return read_day(asked[name], name)
    except BadInput as error:
        problems[name] = error.reason
        return None


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), LONDON) if day else None


def _about(about: str, people: dict[int, str]) -> tuple[str, str]:
    """Return what an entry is about as people call it, and the page where it is to be seen, or nothing."""
    kind, _, name = about.partition(" ")
    if kind == "staff" and name.isdigit():
        return people.get(int(name), about), f"/people/{name}"
    return about, f"/{PAGES[kind]}/{quote(name)}" if name and kind in PAGES else ""


def _in_words(detail: dict[str, Any]) -> str:
    """Return an entry's details as a person reads them: “role: staff → pa, ended: 2”."""
    return ", ".join(f"{name.replace('_', ' ')}: {_value(value)}" for name, value in detail.items() if value not in ("", None))


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return (" → " if len(value) == 2 else ", ").join(map(str, value))
    return str(value)


ROUTES = [Route("/audit", page(show, needs="read the audit log"))]

"""The form in which staff write a fact: the same for an answer to a gap, for a new fact and for an edit."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

from sqlalchemy import select

from bot.inbox.preview.asking import topics
from bot.inbox.web import StaffRequest
from office.base.dates import read_day
from office.base.errors import BadInput
from office.facts.files import KINDS
from office.facts.model import Fact, Trust
from office.facts.typed import FactWords
from office.people.accounts import all_staff

EMPTY_ROWS = 2  # for values, below those that are filled in
KIND_TITLES = [(kind, kind.replace("_", " ")) for kind in sorted(KINDS)]
AUDIENCE_TITLES = [("public", "Everybody"), ("staff", "Staff only")]
FIELDS = ("trust", "topic", "says", "audience", "section", "wordings", "valid_from", "valid_until", "review", "owner")


def words_from(request: StaffRequest) -> FactWords:
    """Return what the form says. Raises BadInput for an impossible date or an unknown owner; the rest `office.facts.editing` checks."""
    return FactWords(
        topic=request.text("topic"), says=str(request.form.get("says", "")), audience=request.text("audience") or "public",
        values=tuple(_values(request)), wordings=tuple(str(request.form.get("wordings", "")).splitlines()), section=request.text("section"),
        valid_from=_day(request, "valid_from"), valid_until=_day(request, "valid_until"), review=_day(request, "review"), owner=_owner(request),
    )  # fmt: skip


def _values(request: StaffRequest) -> list[dict[str, Any]]:
    columns = [[str(one) for one in request.form.getlist(f"value_{name}")] for name in ("kind", "value", "of", "unit")]
    rows = [{"kind": kind, "value": value, "of": of, "unit": unit} for kind, value, of, unit in zip(*columns)]
    return [row for row in rows if any(text.strip() for text in row.values())]


def _day(request: StaffRequest, name: str) -> date | None:
    day = read_day(request.text(name), name)
    if day is not None and day.year < 2000:
        raise BadInput(name, "Please give a day of this century, like 25/11/2026.")
    return day


def _owner(request: StaffRequest) -> int | None:
    text = request.text("owner")
    if not text:
        return None
    known = {str(person.id): int(person.id) for person in all_staff(request.session)}
    if text not in known:
        raise BadInput("owner", "Please choose somebody of the list.")
    return known[text]


def shown(request: StaffRequest) -> dict[str, Any]:
    """Return the form as it was sent, to be shown again."""
    form: dict[str, Any] = {name: str(request.form.get(name, "")) for name in FIELDS}
    return {**form, "values": _values(request)}


def filled(fact: Fact, wordings: list[str]) -> dict[str, Any]:
    """Return the form filled in with a fact as it stands."""
    days = {name: getattr(fact, name).isoformat() if getattr(fact, name) else "" for name in ("valid_from", "valid_until", "review")}
    return {
        "trust": fact.trust, "topic": fact.topic, "says": fact.says, "audience": fact.audience, "section": fact.section or "",
        "wordings": "\n".join(wordings), "values": list(fact.values), "owner": fact.owner or "", **days,
    }  # fmt: skip


def choices(request: StaffRequest, form: dict[str, Any]) -> dict[str, Any]:
    """Return what the form's fields offer to choose from."""
    people = [(person.id, person.name) for person in all_staff(request.session) if not person.withdrawn]
    known = sorted(((topic.id, topic.title) for topic in topics().values()), key=lambda pair: pair[1].lower())
    return {
        "topics": known, "trusts": trust_titles(request), "kinds": KIND_TITLES, "audiences": AUDIENCE_TITLES, "people": people,
        "rows": [*form.get("values", []), *([{}] * EMPTY_ROWS)], "topic_titles": dict(known),
    }  # fmt: skip


def trust_titles(request: StaffRequest) -> list[tuple[str, str]]:
    """Return the trusts, home first."""
    rows = request.session.execute(select(Trust.id, Trust.short).order_by(Trust.id)).all()
    return sorted(((row.id, row.short) for row in rows), key=lambda pair: (pair[0] != request.settings.home_trust, pair[1]))


def mark(words: FactWords, trust: str) -> str:
    """Return a short mark of what was previewed, so that nothing else is published by mistake."""
    return hashlib.sha256(repr((words, trust)).encode()).hexdigest()[:16]

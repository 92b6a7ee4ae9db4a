"""A lead's changes in words: what was changed, from what to what, by whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.inbox.wording import day, moment
from office.base.titles import STATUS_TITLES, WISH_TITLES
from office.leads.model import LeadChange
from office.leads.places import term_title

TITLES = {
    "status": "Status", "reason": "Reason", "revisit": "Come back on", "visit": "Visit", "term": "Term", "contacted": "First in touch",
    "promised": "Reply promised by", "next_action": "Next action", "due": "Due", "owner": "Owner", "name": "Name",
    "role": "Role", "school": "School", "email": "E-mail", "phone": "Phone", "wish": "Wish", "message": "Message",
}  # fmt: skip
BESIDE = {
    "unconfirmed": ("Another conversation spoke of this person, unconfirmed", ""),
    "note": ("Note written", "Note taken back"), "place": ("Place given", "Place taken back"),
    "survivor": ("Merged into another lead", "Separated from the other lead"),
    "joined": ("Another lead merged into this one", "Separated from a lead"), "places": ("Its place taken over", ""),
}  # fmt: skip
WITHOUT_VALUES = {
    "owed": ("A reply is due", "No reply is due any more"), "unread": ("Marked as unread", "Marked as read"),
    "asked_again": ("Asked again", "Asked again"),
}  # fmt: skip
DAYS, MOMENTS = ("revisit", "due"), ("visit", "contacted", "promised")
NOTHING = "nothing"


@dataclass(frozen=True)
class ChangedField:
    """One field of a change. `was` and `now` are empty where the title says it all."""

    field: str
    title: str
    was: str = ""
    now: str = ""


@dataclass(frozen=True)
class DescribedChange:
    """A change as the history shows it."""

    id: int
    who: str
    at: datetime
    steps: list[ChangedField]
    can_undo: bool
    undone: bool


def described(change: LeadChange, who: str, names: dict[int, str], can_undo: bool = False) -> DescribedChange:
    """Return a change in words; `names` are those of staff, by number."""
    fields = change.fields
    steps = [_step(name, fields[name][0], fields[name][1], names) for name in (*BESIDE, *TITLES, *WITHOUT_VALUES) if name in fields]
    said_by = who or ("the visitor" if change.staff is None else "somebody")
    return DescribedChange(change.id, said_by, change.at, steps, can_undo, bool(change.undone))


def owners_in(changes: list[LeadChange]) -> set[int]:
    """Return the numbers of staff that changes of the owner name."""
    return {number for change in changes for number in change.fields.get("owner", []) if number is not None}


def value_in_words(name: str, value: Any, names: dict[int, str]) -> str:
    """Return the value of a field as people read it."""
    if value is None or value == "":
        return NOTHING
    if name in DAYS:
        return day(date.fromisoformat(value))
    if name in MOMENTS:
        return moment(datetime.fromisoformat(value))
    if name == "term":
        return term_title(value)
    titles: dict[str, dict[Any, str]] = {"status": STATUS_TITLES, "wish": WISH_TITLES, "owner": names}
    return titles.get(name, {}).get(value, "somebody who left" if name == "owner" else str(value))


def _step(name: str, was: Any, now: Any, names: dict[int, str]) -> ChangedField:
    if name in BESIDE:
        given, taken = BESIDE[name]
        term = f" ({term_title(str(now or was))})" if name == "place" else ""
        return ChangedField(name, (given if now is not None else taken) + term)
    if name in WITHOUT_VALUES:
        return ChangedField(name, WITHOUT_VALUES[name][0 if now else 1])
    return ChangedField(name, TITLES[name], value_in_words(name, was, names), value_in_words(name, now, names))

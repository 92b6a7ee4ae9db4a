"""How times, roles and counts read on a page: London's clock, in plain words. The templates' filters."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from office.base.workdays import LONDON

OUTCOME_TONES = {"answered": "good", "general": "warn", "nearest": "warn", "clarify": "warn", "not_known": "bad", "unavailable": "bad"}
ROLE_TITLES = {"staff": "Staff (reads)", "pa": "PA (works leads and facts)", "admin": "Admin (people, privacy, switches)"}


def moment(at: datetime | None) -> str:
    """Return a moment as it is in London: “Tue 3 Nov 2026, 14:05”; nothing for none."""
    return at.astimezone(LONDON).strftime("%a %-d %b %Y, %H:%M") if at else ""


def day(at: date | datetime | None) -> str:
    """Return a day, of a moment London's: “Tue 3 Nov 2026”; nothing for none."""
    if isinstance(at, datetime):
        at = at.astimezone(LONDON).date()
    return at.strftime("%a %-d %b %Y") if at else ""


def machine(at: date | datetime | None) -> str:
    """Return a day or a moment as a <time> element wants it in its `datetime`."""
    if isinstance(at, datetime):
        return at.astimezone(LONDON).isoformat(timespec="seconds")
    return at.isoformat() if at else ""


def age(since: datetime, now: datetime) -> str:
    """Return how long ago a moment was, in its largest unit: “3 hours”."""
    passed = max(now - since, timedelta())
    for seconds, unit in ((86400, "day"), (3600, "hour"), (60, "minute")):
        number = int(passed.total_seconds() // seconds)
        if number:
            return counted(number, unit)
    return "less than a minute"


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun: “1 lead”, “1,200 leads”."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def role_title(role: str) -> str:
    """Return a role as people read it."""
    return ROLE_TITLES.get(role, role)


def dialled(phone: str) -> str:
    """Return the address that rings a number as it is kept: “tel:+442079460000;ext=12”."""
    number, _, extension = phone.partition(" ext. ")
    return f"tel:{re.sub(r'[^+0-9]', '', number)}" + (f";ext={extension}" if extension.isdigit() else "")


def outcome_tone(outcome: str) -> str:
    """Return the colour of an outcome's tag: how well the question was met."""
    return OUTCOME_TONES.get(outcome, "")


FILTERS = {
    "outcome_tone": outcome_tone,
    "dialled": dialled,
    "moment": moment,
    "day": day,
    "machine": machine,
    "age": age,
    "counted": counted,
    "role_title": role_title,
}

"""Quiet hours: the hours, by London's clock, in which somebody wants no message on their phone."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta

from office.base.errors import BadInput
from office.base.workdays import LONDON

_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")


def read_quiet(begins: str, ends: str) -> str | None:
    """Return quiet hours as they are kept, "22:00-07:00"; None where both are empty. Raises BadInput."""
    begins, ends = begins.strip(), ends.strip()
    if not begins and not ends:
        return None
    if not _HOURS.fullmatch(f"{begins}-{ends}") or begins == ends:
        raise BadInput("quiet", "Give two different times like 22:00 and 07:00, or leave both empty.")
    return f"{begins}-{ends}"


def quiet_until(hours: str | None, now: datetime) -> datetime | None:
    """Return when quiet hours end that it is in now; None where it is in none. On the days of the clock change too."""
    found = _HOURS.fullmatch(hours or "")
    if found is None:
        return None
    begin, end = time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))
    here = now.astimezone(LONDON)
    clock = here.time()
    within = begin <= clock < end if begin < end else clock >= begin or clock < end
    if not within:
        return None
    day = here.date() + timedelta(days=1 if clock >= end else 0)
    return max(datetime.combine(day, end, LONDON), now)

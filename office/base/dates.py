"""Days and hours that people write down, on London's clock: one reader for every field and every channel."""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime, time, timezone

from office.base.errors import BadInput
from office.base.workdays import LONDON, london_day

FURTHEST_YEARS = 10  # whoever plans for later has mistyped the year
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTH = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
WRITTEN_DAY = (  # 2027-03-28, 28/03/2027, 28.3.27, 28 March 2027, 28th of Mar; the last two may leave out the year
    r"(?P<iso>\d{4}-\d{1,2}-\d{1,2})"
    r"|(?P<slashed>\d{1,2}[/.]\d{1,2}(?:[/.](?:\d{4}|\d{2}))?)"
    rf"|(?:(?P<dom>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<month>{_MONTH})\.?,?(?: (?P<year>\d{{4}}))?)"
)
_WHOLE = re.compile(WRITTEN_DAY, re.I | re.ASCII)


def read_day(text: str, field: str) -> date | None:
    """Return the day that was written as 2027-03-28, 28/03/2027 or 28 March 2027; None for nothing.

    Raises BadInput for what is no date or names no year, and for a day that the calendar does not have.
    """
    text = " ".join(text.split())
    if not text:
        return None
    match = _WHOLE.fullmatch(text)
    year, month, day = day_parts(match) if match else (None, 0, 0)
    if year is None:
        raise BadInput(field, "Write the date as day/month/year, for example 28/03/2027.")
    if not (1 <= month <= 12 and 1 <= day <= 31 and 1900 <= year <= 2200):
        raise BadInput(field, "There is no such date.")
    if day > calendar.monthrange(year, month)[1]:
        why = f": {year} is not a leap year" if (month, day) == (2, 29) else ""
        raise BadInput(field, f"There is no {day} {MONTHS[month - 1]} {year}{why}.")
    return date(year, month, day)


def day_parts(match: re.Match[str]) -> tuple[int | None, int, int]:
    """Return year, month and day of a match of WRITTEN_DAY; the year is None where none was written."""
    if match["iso"]:
        year, month, day = (int(part) for part in match["iso"].split("-"))
        return year, month, day
    if match["slashed"]:
        parts = [int(part) for part in re.split(r"[/.]", match["slashed"])]
        written = parts[2] if len(parts) == 3 else None
        return written + 2000 if written is not None and written < 100 else written, parts[1], parts[0]
    month = [name[:3].lower() for name in MONTHS].index(match["month"][:3].lower()) + 1
    return int(match["year"]) if match["year"] else None, month, int(match["dom"])


def day_name(day: date) -> str:
    """Return a day as it stands in a sentence: “28 March 2027”."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def read_time(text: str, field: str) -> time | None:
    """Return the time that was written as 9:30, 09.30 or 0930; None for nothing. Raises BadInput."""
    text = text.strip()
    if not text:
        return None
    parts = re.fullmatch(r"(\d{1,2})[:.]?(\d{2})(?::\d{2}(?:\.\d+)?)?", text, re.ASCII)
    if parts is None or int(parts[1]) > 23 or int(parts[2]) > 59:
        raise BadInput(field, "Write the time as hours:minutes, for example 14:30.")
    return time(int(parts[1]), int(parts[2]))


def london_moment(day: date, at: time, field: str) -> datetime:
    """Return the moment at which London's clocks show that; of an hour that comes twice, the first.

    Raises BadInput for an hour that the clocks leave out in spring.
    """
    moment = datetime.combine(day, at, LONDON).astimezone(timezone.utc)
    if moment.astimezone(LONDON).time() != at:
        raise BadInput(field, f"On {day_name(day)} the clocks go forward and there is no {at:%H:%M}.")
    return moment


def not_past(day: date, field: str, *, now: datetime) -> date:
    """Return a day that is today or to come. Raises BadInput for one that is past, or ten years away."""
    today = london_day(now)
    if day < today:
        raise BadInput(field, f"{day_name(day)} is past: choose today or a later day.")
    if day.year > today.year + FURTHEST_YEARS:
        raise BadInput(field, f"{day.year} is too far away: choose a day within {FURTHEST_YEARS} years.")
    return day

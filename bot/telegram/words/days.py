"""A day out of a few words: “today”, “Friday”, “in 3 days”, “27 Nov”, “27/11/2026”."""

from __future__ import annotations

import re
from datetime import date, timedelta

from office.base.dates import WEEKDAYS, WRITTEN_DAY, day_parts
from office.base.numbers import NUMBERS

_DAY = (
    r"(?:(?P<word>today|tomorrow)"
    r"|in (?P<count>\d{1,3}|an?|one|two|three) (?P<unit>days?|weeks?)"
    r"|(?:next )?(?P<weekday>mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)"
    r"|(?P<nextweek>next week)"
    rf"|{WRITTEN_DAY})"
)
_AT_END = re.compile(rf"(?:^|[\s,;:–-]+)(?:(?:by|on|until|before|for)\s+)?{_DAY}[\s.!]*$", re.I)


def read_plan(text: str, today: date) -> tuple[str, date | None]:
    """Return what is to be done and by when: the day stands at the end. None where there is none, or it is no day of the calendar.

    A weekday is the next one after today, a date without a year the next such date.
    """
    match = _AT_END.search(text.strip())
    if match is None:
        return text.strip(), None
    try:
        day = _day(match, today)
    except ValueError:
        return text.strip(), None
    return text.strip()[: match.start()].strip(" ,;:–-"), day


def _day(match: re.Match[str], today: date) -> date:
    found = {name: value.lower() for name, value in match.groupdict().items() if value}
    if "word" in found:
        return today + timedelta(days=found["word"] == "tomorrow")
    if "count" in found:
        count = 1 if found["count"] in ("a", "an") else NUMBERS.get(found["count"]) or int(found["count"])
        return today + timedelta(days=count * (7 if found["unit"].startswith("week") else 1))
    if "nextweek" in found:
        return today + timedelta(days=7 - today.weekday())
    if "weekday" in found:
        wanted = next(place for place, name in enumerate(WEEKDAYS) if name.lower().startswith(found["weekday"][:3]))
        return today + timedelta(days=(wanted - today.weekday() - 1) % 7 + 1)
    year, month, day = day_parts(match)
    return _dated(day, month, year, today)


def _dated(day: int, month: int, year: int | None, today: date) -> date:
    if year is not None:
        return date(year, month, day)
    for candidate in range(today.year, today.year + 9):  # 29 February comes within eight years
        try:
            found = date(candidate, month, day)
        except ValueError:
            continue
        if found >= today:
            return found
    raise ValueError("no such day")

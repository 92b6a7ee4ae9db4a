"""A day out of a few words: “today”, “Friday”, “in 3 days”, “27 Nov”, “27/11/2026”."""

from __future__ import annotations

import re
from datetime import date, timedelta

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
_DAY = (
    r"(?:(?P<word>today|tomorrow)"
    r"|in (?P<count>\d{1,3}|an?|one|two|three) (?P<unit>days?|weeks?)"
    r"|(?:next )?(?P<weekday>mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)"
    r"|(?P<nextweek>next week)"
    r"|(?P<iso>\d{4}-\d{1,2}-\d{1,2})"
    r"|(?P<slashed>\d{1,2}[/.]\d{1,2}(?:[/.](?:\d{4}|\d{2}))?)"
    rf"|(?:(?P<dom>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {_MONTH}(?: (?P<year>\d{{4}}))?))"
)
_AT_END = re.compile(rf"(?:^|[\s,;:–-]+)(?:(?:by|on|until|before|for)\s+)?{_DAY}[\s.!]*$", re.I)
COUNTS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3}


def read_plan(text: str, today: date) -> tuple[str, date | None]:
    """Give what is to be done and by when: the day stands at the end. None where there is none, or it is no day of the calendar.

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
        count = COUNTS.get(found["count"]) or int(found["count"])
        return today + timedelta(days=count * (7 if found["unit"].startswith("week") else 1))
    if "nextweek" in found:
        return today + timedelta(days=7 - today.weekday())
    if "weekday" in found:
        wanted = next(place for place, name in enumerate(WEEKDAYS) if name.startswith(found["weekday"][:3]))
        return today + timedelta(days=(wanted - today.weekday() - 1) % 7 + 1)
    if "iso" in found:
        year, month, day = (int(part) for part in found["iso"].split("-"))
        return date(year, month, day)
    if "slashed" in found:
        parts = [int(part) for part in re.split(r"[/.]", found["slashed"])]
        return _dated(parts[0], parts[1], parts[2] % 100 + 2000 if len(parts) == 3 else None, today)
    return _dated(int(found["dom"]), MONTHS.index(found["month"][:3]) + 1, int(found["year"]) if "year" in found else None, today)


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

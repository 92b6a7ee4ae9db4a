"""Days and hours that people write down, on London's clock; and a booked visit as a calendar file."""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime, time, timedelta, timezone

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard

from office.base.errors import BadInput
from office.base.workdays import LONDON, london_day
from office.leads.model import Lead

FURTHEST_YEARS = 10  # whoever plans for later has mistyped the year
VISIT_LASTS = timedelta(hours=1)
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")


def read_day(text: str, field: str) -> date | None:
    """Give the day that was written as 2027-03-28 or 28/03/2027; None for nothing. Raises BadInput, 29 February included."""
    text = text.strip()
    if not text:
        return None
    parts = re.fullmatch(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})|(?P<d2>\d{1,2})[/.](?P<m2>\d{1,2})[/.](?P<y2>\d{4})", text, re.ASCII)
    if parts is None:
        raise BadInput(field, "Write the date as day/month/year, for example 28/03/2027.")
    year, month, day = (int(parts[name] or parts[f"{name}2"]) for name in "ymd")
    if not (1 <= month <= 12 and 1 <= day <= 31 and 1900 <= year <= 2200):
        raise BadInput(field, "There is no such date.")
    if day > calendar.monthrange(year, month)[1]:
        why = f": {year} is not a leap year" if (month, day) == (2, 29) else ""
        raise BadInput(field, f"There is no {day} {MONTHS[month - 1]} {year}{why}.")
    return date(year, month, day)


def read_time(text: str, field: str) -> time | None:
    """Give the time that was written as 9:30, 09.30 or 0930; None for nothing. Raises BadInput."""
    text = text.strip()
    if not text:
        return None
    parts = re.fullmatch(r"(\d{1,2})[:.]?(\d{2})(?::\d{2}(?:\.\d+)?)?", text, re.ASCII)
    if parts is None or int(parts[1]) > 23 or int(parts[2]) > 59:
        raise BadInput(field, "Write the time as hours:minutes, for example 14:30.")
    return time(int(parts[1]), int(parts[2]))


def london_moment(day: date, at: time, field: str) -> datetime:
    """Give the moment at which London's clocks show that; of an hour that comes twice, the first.

    Raises BadInput for an hour that the clocks leave out in spring.
    """
    moment = datetime.combine(day, at, LONDON).astimezone(timezone.utc)
    if moment.astimezone(LONDON).time() != at:
        raise BadInput(field, f"On {day.day} {MONTHS[day.month - 1]} {day.year} the clocks go forward and there is no {at:%H:%M}.")
    return moment


def not_past(day: date, field: str, *, now: datetime) -> date:
    """Give a day that is today or to come. Raises BadInput for one that is past, or ten years away."""
    today = london_day(now)
    if day < today:
        raise BadInput(field, f"{day.day} {MONTHS[day.month - 1]} {day.year} is past: choose today or a later day.")
    if day.year > today.year + FURTHEST_YEARS:
        raise BadInput(field, f"{day.year} is too far away: choose a day within {FURTHEST_YEARS} years.")
    return day


def clock_name(moment: datetime) -> str:
    """Give the name of London's clock at a moment: GMT or BST."""
    return moment.astimezone(LONDON).tzname() or ""


def visit_calendar(lead: Lead, *, address: str, now: datetime, off: datetime | None = None) -> bytes:
    """Give a booked visit as a calendar file (RFC 5545), or the file that takes one that is `off` out of the calendar again.

    `address` is the lead's page. Raises BadInput where there is neither.
    """
    begins = lead.visit or off
    if begins is None:
        raise BadInput("visit", "No visit is booked for this lead.")
    event = Event()
    event.add("uid", f"visit-{lead.reference}@usher")
    event.add("sequence", lead.version)  # a file made after a change takes the place of an older one
    event.add("dtstamp", now)
    event.add("last-modified", lead.changed)
    event.add("dtstart", _in_file(begins))
    event.add("dtend", _in_file(begins + VISIT_LASTS))
    event.add("status", "CONFIRMED" if lead.visit else "CANCELLED")
    event.add("summary", f"Visit: {lead.name}, {lead.school}")
    reached = " · ".join(part for part in (lead.email, lead.phone) if part)
    event.add("description", f"{lead.name}{', ' + lead.role if lead.role else ''}\n{lead.school}\n{reached}\n{lead.reference}: {address}")
    event.add("url", address)
    file = Calendar()
    file.add("prodid", "-//Usher//inbox//EN")
    file.add("version", "2.0")
    file.add("method", "PUBLISH" if lead.visit else "CANCEL")
    file.add_component(_clock_of_london())
    file.add_component(event)
    return bytes(file.to_ical())


def _in_file(moment: datetime) -> datetime:
    """Give a moment on London's clock; in UTC where the clock shows that hour for the second time, which a file cannot say otherwise."""
    here = moment.astimezone(LONDON)
    return moment.astimezone(timezone.utc) if here.fold else here


def _clock_of_london() -> Timezone:
    """Give the rule by which London's clocks change (since 1996). The library's own list of dates ends in 2038."""
    clock = Timezone()
    clock.add("tzid", LONDON.key)
    changes = (
        (TimezoneDaylight(), "BST", datetime.fromisoformat("1996-03-31T01:00"), 3, 0, 1),
        (TimezoneStandard(), "GMT", datetime.fromisoformat("1996-10-27T02:00"), 10, 1, 0),
    )
    for change, name, first, month, before, after in changes:
        change.add("dtstart", first)
        change.add("tzname", name)
        change.add("tzoffsetfrom", timedelta(hours=before))
        change.add("tzoffsetto", timedelta(hours=after))
        change.add("rrule", {"freq": "yearly", "bymonth": month, "byday": "-1su"})
        clock.add_component(change)
    return clock

"""A booked visit as a calendar file."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard

from office.base.errors import BadInput
from office.base.workdays import LONDON
from office.leads.model import Lead

VISIT_LASTS = timedelta(hours=1)


def clock_name(moment: datetime) -> str:
    """Return the name of London's clock at a moment: GMT or BST."""
    return moment.astimezone(LONDON).tzname() or ""


def visit_calendar(lead: Lead, *, address: str, now: datetime, off: datetime | None = None) -> bytes:
    """Return a booked visit as a calendar file (RFC 5545), or the file that takes one that is `off` out of the calendar again.

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
    """Return a moment on London's clock; in UTC where the clock shows that hour for the second time, which a file cannot say otherwise."""
    here = moment.astimezone(LONDON)
    return moment.astimezone(timezone.utc) if here.fold else here


def _clock_of_london() -> Timezone:
    """Return the rule by which London's clocks change (since 1996). The library's own list of dates ends in 2038."""
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

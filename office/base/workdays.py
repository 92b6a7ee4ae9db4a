"""Working days in England, and London's clock: by when a reply is promised."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

LONDON = ZoneInfo("Europe/London")
CLOSES = time(17, 0)  # what arrives later counts as the next working day's


@lru_cache(maxsize=16)
def _bank_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def is_working_day(day: date) -> bool:
    """Return whether a trust's office works on that day: no weekend, no bank holiday of England (the `holidays` package's dates)."""
    return day.weekday() < 5 and day not in _bank_holidays(day.year)


def good_friday(year: int) -> date:
    """Return the Friday before Easter."""
    days = holidays.country_holidays("GB", subdiv="ENG", years=year).items()
    return next(day for day, name in days if name == "Good Friday")


def add_working_days(day: date, days: int) -> date:
    """Return the working day that many working days after `day`."""
    while days > 0 or not is_working_day(day):
        day += timedelta(days=1)
        days -= is_working_day(day)
    return day


def london_day(moment: datetime) -> date:
    """Return the day it was in London at a moment."""
    return moment.astimezone(LONDON).date()


def promised_by(received: datetime, working_days: int) -> datetime:
    """Return the moment by which an enquiry received then is answered: the close of the working day that is promised."""
    here = received.astimezone(LONDON)
    day = here.date() if is_working_day(here.date()) and here.time() < CLOSES else add_working_days(here.date(), 1)
    return datetime.combine(add_working_days(day, working_days), CLOSES, LONDON)

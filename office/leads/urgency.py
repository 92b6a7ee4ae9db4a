"""How urgent a lead is, kept with it at each change: so the list of work is one short read along an index, however many there are."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone

from office.base.workdays import LONDON

DATED, UNPLANNED, ENDED, MERGED = "dated", "unplanned", "ended", "merged"
STANDINGS = (DATED, UNPLANNED, ENDED, MERGED)
OPEN = (DATED, UNPLANNED)
NEVER = datetime(9999, 1, 1, tzinfo=timezone.utc)  # sorts behind every real moment, on both databases alike
ENDED_STATUSES = ("joined", "closed")


def standing_of(status: str, survivor: int | None, due: date | None, revisit: date | None) -> str:
    """Return the standing of a lead: it went into another one, has ended, has a day on which somebody acts, or has none."""
    if survivor is not None:
        return MERGED
    if status in ENDED_STATUSES:
        return ENDED
    return DATED if due is not None or (status == "not_now" and revisit is not None) else UNPLANNED


def urgent_at(status: str, survivor: int | None, due: date | None, revisit: date | None, owed: bool, promised: datetime | None) -> datetime:
    """Return the moment after which a lead is overdue: the end of the day its next action is due, or the promise of a reply that is owed."""
    if standing_of(status, survivor, due, revisit) not in OPEN:
        return NEVER
    moments = [end_of(day) for day in (due, revisit if status == "not_now" else None) if day is not None]
    if owed and promised is not None:
        moments.append(promised)
    return min(moments, default=NEVER)


def end_of(day: date) -> datetime:
    """Return the moment at which a day ends in London."""
    return datetime.combine(day + timedelta(days=1), time(0), LONDON).astimezone(timezone.utc)

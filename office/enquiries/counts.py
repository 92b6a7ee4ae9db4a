"""Counts of enquiries by day, kept as they come in, so that the overview never reads a million rows, nor loses those forgotten."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from typing import Any

from sqlalchemy import Column, Date, Integer, String, func, select
from sqlalchemy.orm import Mapped, Session

from office.base.database import Name, Table, is_postgresql, take_turn
from office.base.upsert import add_counts
from office.base.workdays import LONDON
from office.enquiries.log import LONGEST_CHANNEL, Enquiry, Question

SETTLED_AFTER = timedelta(minutes=10)  # no transaction stays open so long: an older enquiry's number is not overtaken any more
BATCH = 250_000  # enquiries counted in one statement
NO_TOPIC = ""


class EnquiryCount(Table):
    """How many enquiries came on one day in London, by channel and outcome."""

    __tablename__ = "enquiry_count"
    day: Mapped[date] = Column(Date, primary_key=True)
    channel: Mapped[str] = Column(Name(LONGEST_CHANNEL), primary_key=True)
    outcome: Mapped[str] = Column(String(20), primary_key=True)
    n: Mapped[int] = Column(Integer, nullable=False)


class HourCount(Table):
    """How many enquiries came in one hour, by London's day and clock; apart from the outcomes, since both together are ten times as many rows."""

    __tablename__ = "hour_count"
    day: Mapped[date] = Column(Date, primary_key=True)
    hour: Mapped[int] = Column(Integer, primary_key=True, autoincrement=False)
    n: Mapped[int] = Column(Integer, nullable=False)


class TopicCount(Table):
    """How many questions of a topic came on one day in London, by outcome."""

    __tablename__ = "topic_count"
    day: Mapped[date] = Column(Date, primary_key=True)
    topic: Mapped[str] = Column(String(60), primary_key=True)  # "" where no topic was recognised
    outcome: Mapped[str] = Column(String(20), primary_key=True)
    n: Mapped[int] = Column(Integer, nullable=False)


class CountProgress(Table):
    """One row: the number of the last enquiry that was counted."""

    __tablename__ = "counted"
    id: Mapped[int] = Column(Integer, primary_key=True)
    enquiry: Mapped[int] = Column(Integer, nullable=False)


HourKey = tuple[date, int, str, str]  # day, hour, channel, outcome
TopicKey = tuple[date, str, str]  # day, topic, outcome


def count_new(session: Session, *, now: datetime) -> int:
    """Bring the counts up to date; return how many enquiries were added to them.

    Twice, or in two processes at once, does no harm: each enquiry is counted by its number, once. What came in the last
    ten minutes waits: it is read directly (`uncounted`).
    """
    latest, settled = counted_up_to(session), _settled(session, now)
    if settled <= latest:
        return 0
    take_turn(session, "counts")
    counted = session.execute(select(CountProgress).execution_options(populate_existing=True)).scalars().first()
    if counted is None:
        counted = CountProgress(id=1, enquiry=0)
        session.add(counted)
    added = 0
    while counted.enquiry < settled:
        until = min(counted.enquiry + BATCH, settled)
        some = Enquiry.id.between(counted.enquiry + 1, until)
        hours, topics = _hours(session, some), _topics(session, some)
        _add(session, hours, topics)
        counted.enquiry = until
        added += sum(hours.values())
    session.flush()
    return added


def count_before_forgetting(session: Session, which: Any) -> None:
    """Add those enquiries to the counts which a condition chooses and which are not counted yet: they are about to be erased."""
    take_turn(session, "counts")
    some = which & (Enquiry.id > counted_up_to(session))
    _add(session, _hours(session, some), _topics(session, some))


def uncounted(session: Session) -> tuple[Counter[HourKey], Counter[TopicKey]]:
    """Return the counts of the enquiries that came in since the counts were brought up to date."""
    some = Enquiry.id > counted_up_to(session)
    return _hours(session, some), _topics(session, some)


def counted_up_to(session: Session) -> int:
    """Return the number of the last enquiry that was counted; 0 before the first."""
    return session.execute(select(CountProgress.enquiry)).scalar() or 0


def _settled(session: Session, now: datetime) -> int:
    """Return the number up to which every enquiry can be seen, or is gone."""
    unsettled = session.execute(select(func.min(Enquiry.id)).where(Enquiry.received >= now - SETTLED_AFTER)).scalar()
    if unsettled is not None:
        return int(unsettled) - 1
    return session.execute(select(func.max(Enquiry.id))).scalar() or 0


def _hours(session: Session, some: Any) -> Counter[HourKey]:
    hour = _utc_hour(session)
    query = select(hour, Enquiry.channel, Enquiry.outcome, func.count()).where(some).group_by("hour", Enquiry.channel, Enquiry.outcome)
    counts: Counter[HourKey] = Counter()
    for utc, channel, outcome, n in session.execute(query):
        here = _in_london(utc)
        counts[here.date(), here.hour, channel, outcome] += n
    return counts


def _topics(session: Session, some: Any) -> Counter[TopicKey]:
    hour, topic = _utc_hour(session), func.coalesce(Question.topics[0].as_string(), NO_TOPIC).label("topic")
    query = select(hour, topic, Question.outcome, func.count()).join(Enquiry, Question.enquiry == Enquiry.id).where(some)
    counts: Counter[TopicKey] = Counter()
    for utc, name, outcome, n in session.execute(query.group_by("hour", "topic", Question.outcome)):
        counts[_in_london(utc).date(), name[:60], outcome] += n
    return counts


def _utc_hour(session: Session) -> Any:
    """The hour of an enquiry as text. London is whole hours from UTC, so nothing is lost by grouping before converting."""
    if is_postgresql(session):
        return func.to_char(func.timezone("UTC", Enquiry.received), "YYYY-MM-DD HH24").label("hour")
    return func.strftime("%Y-%m-%d %H", Enquiry.received).label("hour")


@lru_cache(maxsize=10_000)
def _in_london(hour: str) -> datetime:
    return datetime.strptime(hour, "%Y-%m-%d %H").replace(tzinfo=timezone.utc).astimezone(LONDON)


def _add(session: Session, hours: Counter[HourKey], topics: Counter[TopicKey]) -> None:
    by_day: Counter[tuple[date, str, str]] = Counter()
    by_hour: Counter[tuple[date, int]] = Counter()
    for (day, hour, channel, outcome), n in hours.items():
        by_day[day, channel, outcome] += n
        by_hour[day, hour] += n
    _add_rows(session, EnquiryCount, ("day", "channel", "outcome"), by_day)
    _add_rows(session, HourCount, ("day", "hour"), by_hour)
    _add_rows(session, TopicCount, ("day", "topic", "outcome"), topics)


def _add_rows(session: Session, table: Any, key: tuple[str, ...], counts: Mapping[Any, int]) -> None:
    add_counts(session, table, key, [{**dict(zip(key, values)), "n": n} for values, n in counts.items()])

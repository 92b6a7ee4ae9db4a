"""The overview: what came in, what was answered and what became of it, between two days. Read from the counts, not from enquiries."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Integer, case, func, select
from sqlalchemy.orm import Session

from office.answering.replies import OUTCOMES
from office.base.database import is_postgresql
from office.base.workdays import is_working_day, london_day
from office.enquiries.counts import EnquiryCount, HourCount, HourKey, TopicCount, uncounted
from office.gaps.model import Gap
from office.leads.model import Lead
from office.leads.urgency import MERGED, end_of

JUDGED = ("answered", "clarify", "not_known")  # enquiries that ask something of a trust: of these, the share answered
PRESETS = {"7": "7 days", "30": "30 days", "90": "90 days", "365": "a year"}  # days, today among them
USUAL_PRESET = "90"
MOST_TOPICS = 12
MOST_GAPS = 10


@dataclass(frozen=True)
class ReportSpan:
    """The days an overview is about, both included, London's."""

    since: date
    until: date

    @classmethod
    def of_days(cls, days: int, today: date) -> ReportSpan:
        """Return that many days up to today."""
        return cls(today - timedelta(days=days - 1), today)

    @property
    def begins(self) -> datetime:
        """The moment the first day begins."""
        return end_of(self.since - timedelta(days=1))

    @property
    def ends(self) -> datetime:
        """The moment the last day ends."""
        return end_of(self.until)

    def holds(self, day: date) -> bool:
        """Return whether a day is among them."""
        return self.since <= day <= self.until


@dataclass(frozen=True)
class ReportWeek:
    """The enquiries of one week; `begins` is its Monday."""

    begins: date
    outcomes: Counter[str]

    @property
    def total(self) -> int:
        """All enquiries of the week."""
        return sum(self.outcomes.values())


@dataclass(frozen=True)
class EnquiryFigures:
    """What the counts of enquiries tell of a span."""

    weeks: list[ReportWeek]
    outcomes: Counter[str]
    channels: Counter[str]
    hours: Counter[tuple[int, int]]  # (weekday, 0 is Monday; London's hour)

    @property
    def total(self) -> int:
        """All enquiries of the span."""
        return sum(self.outcomes.values())

    @property
    def share_answered(self) -> float | None:
        """The part of the questions about a trust that was answered, 0 to 1; None where there was none."""
        judged = sum(self.outcomes[outcome] for outcome in JUDGED)
        return self.outcomes["answered"] / judged if judged else None


@dataclass
class LeadFigures:
    """What became of the leads that came in a span."""

    statuses: Counter[str]
    channels: Counter[str]
    contacted: int
    in_time: int  # of those contacted, by the moment that was promised
    overdue: int  # new still, though the moment that was promised is past

    @property
    def total(self) -> int:
        """All leads of the span."""
        return sum(self.statuses.values())

    @property
    def due(self) -> int:
        """Those of which one can say whether somebody was in touch in time."""
        return self.contacted + self.overdue


@dataclass(frozen=True)
class FirstContact:
    """How long it took until somebody got in touch with a lead, of those contacted the one in the middle."""

    working_days: int  # from the day it came; 0 is the same day
    hours: float


def enquiries_of(session: Session, span: ReportSpan) -> EnquiryFigures:
    """Return the enquiries of a span: by week, outcome, channel, weekday and hour."""
    fresh, _ = uncounted(session)
    weeks: dict[date, Counter[str]] = {monday: Counter() for monday in _mondays(span)}
    outcomes: Counter[str] = Counter()
    channels: Counter[str] = Counter()
    for monday, channel, outcome, n in _by_week(session, span, fresh):
        weeks[monday][outcome] += n
        outcomes[outcome] += n
        channels[channel] += n
    return EnquiryFigures(
        [ReportWeek(monday, weeks[monday]) for monday in sorted(weeks)], outcomes, channels, _by_hour(session, span, fresh)
    )


def topics_of(session: Session, span: ReportSpan) -> list[tuple[str, Counter[str]]]:
    """Return the topics of a span's questions with their outcomes, those asked most first; "" where none was recognised."""
    _, fresh = uncounted(session)
    query = select(TopicCount.topic, TopicCount.outcome, func.sum(TopicCount.n)).where(TopicCount.day.between(span.since, span.until))
    topics: dict[str, Counter[str]] = {}
    for topic, outcome, n in session.execute(query.group_by(TopicCount.topic, TopicCount.outcome)):
        topics.setdefault(topic, Counter())[outcome] += int(n)
    for (day, topic, outcome), n in fresh.items():
        if span.holds(day):
            topics.setdefault(topic, Counter())[outcome] += n
    asked = {topic: counts for topic, counts in topics.items() if any(counts[outcome] for outcome in JUDGED)}
    return sorted(asked.items(), key=lambda item: (-sum(item[1].values()), item[0]))[:MOST_TOPICS]


def leads_of(session: Session, span: ReportSpan, *, now: datetime) -> LeadFigures:
    """Return the leads that came in a span, duplicates that were merged counted once."""
    found = LeadFigures(Counter(), Counter(), 0, 0, 0)
    overdue = (Lead.status == "new") & Lead.contacted.is_(None) & (Lead.promised <= now)
    counts = (func.count(), func.count(Lead.contacted), _count_if(Lead.contacted <= Lead.promised), _count_if(overdue))
    rows = session.execute(select(Lead.status, Lead.channel, *counts).where(*_came(span)).group_by(Lead.status, Lead.channel))
    for status, channel, n, contacted, in_time, late in rows:
        found.statuses[status] += n
        found.channels[channel] += n
        found.contacted += contacted
        found.in_time += in_time
        found.overdue += late
    return found


def first_contact_of(session: Session, span: ReportSpan, leads: LeadFigures) -> FirstContact | None:
    """Return how soon somebody got in touch with the leads of a span; None where nobody did yet."""
    if not leads.contacted:
        return None
    query = select(Lead.received, Lead.contacted).where(*_came(span), Lead.contacted.is_not(None)).order_by(_seconds(session))
    row = session.execute(query.offset((leads.contacted - 1) // 2).limit(1)).first()
    if row is None:
        return None
    return FirstContact(working_days_between(*row), round((row.contacted - row.received) / timedelta(hours=1), 1))


def top_gaps(session: Session, span: ReportSpan) -> list[Gap]:
    """Return the open gaps that were asked in a span or since, those asked most and latest first."""
    query = select(Gap).where(Gap.state == "open", Gap.latest >= span.begins).order_by(Gap.heat.desc(), Gap.id)
    return list(session.execute(query.limit(MOST_GAPS)).scalars())


def working_days_between(received: datetime, contacted: datetime) -> int:
    """Return how many working days after the day it came a lead was contacted; 0 is the same day, or a weekend between."""
    day, last, days = london_day(received), london_day(contacted), 0
    while day < last:
        day += timedelta(days=1)
        days += is_working_day(day)
    return days


def all_outcomes(outcomes: Counter[str]) -> list[str]:
    """Return the outcomes that occur, in the order of the glossary, unknown ones last."""
    return [outcome for outcome in OUTCOMES if outcomes[outcome]] + sorted(name for name in outcomes if name not in OUTCOMES)


def _by_week(session: Session, span: ReportSpan, fresh: Counter[HourKey]) -> list[tuple[date, str, str, int]]:
    it, week = EnquiryCount, _week(session).label("week")
    query = select(week, it.channel, it.outcome, func.sum(it.n)).where(it.day.between(span.since, span.until))
    rows = session.execute(query.group_by("week", it.channel, it.outcome))
    counted = [(date.fromisoformat(monday), channel, outcome, int(n)) for monday, channel, outcome, n in rows]
    return counted + [(_monday(day), channel, outcome, n) for (day, _, channel, outcome), n in fresh.items() if span.holds(day)]


def _by_hour(session: Session, span: ReportSpan, fresh: Counter[HourKey]) -> Counter[tuple[int, int]]:
    it, weekday = HourCount, _weekday(session).label("weekday")
    query = select(weekday, it.hour, func.sum(it.n)).where(it.day.between(span.since, span.until)).group_by("weekday", it.hour)
    hours = Counter({(int(weekday), hour): int(n) for weekday, hour, n in session.execute(query)})
    for (day, hour, _, _), n in fresh.items():
        if span.holds(day):
            hours[day.weekday(), hour] += n
    return hours


def _week(session: Session) -> Any:
    """The Monday of a count's day, as text."""
    if is_postgresql(session):
        return func.to_char(func.date_trunc("week", EnquiryCount.day), "YYYY-MM-DD")
    return func.date(EnquiryCount.day, "weekday 0", "-6 days")


def _weekday(session: Session) -> Any:
    """The weekday of a count's day: 0 is Monday."""
    if is_postgresql(session):
        return func.date_part("isodow", HourCount.day) - 1
    return (func.strftime("%w", HourCount.day, type_=Integer) + 6) % 7


def _came(span: ReportSpan) -> tuple[Any, ...]:
    return (Lead.received >= span.begins, Lead.received < span.ends, Lead.standing != MERGED)


def _seconds(session: Session) -> Any:
    if is_postgresql(session):
        return Lead.contacted - Lead.received
    return func.julianday(Lead.contacted) - func.julianday(Lead.received)


def _count_if(condition: Any) -> Any:
    return func.count(case((condition, 1)))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _mondays(span: ReportSpan) -> list[date]:
    first, last = _monday(span.since), _monday(span.until)
    return [first + timedelta(weeks=week) for week in range((last - first).days // 7 + 1)]

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta, timezone
from threading import Barrier

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from office.base.database import Database
from office.enquiries.counts import EnquiryCount, HourCount, TopicCount, count_new, counted_up_to, uncounted
from office.enquiries.log import Enquiry, log_enquiry
from office.leads.model import Lead, LeadDetails, log_lead
from office.personal.erasure import forget_enquiries_where
from office.reports.overview import ReportSpan, all_outcomes, enquiries_of, first_contact_of, leads_of, topics_of, working_days_between

pytestmark = pytest.mark.both_databases

DAY = timedelta(days=1)


def ask(
    session: Session, at: datetime, outcome: str = "answered", topic: str | None = "cost", channel: str = "website", times: int = 1
) -> None:
    for _ in range(times):
        number = len(session.execute(select(Enquiry.id)).all())
        question = {"text": "?", "trust": None, "topics": [topic] if topic else [], "outcome": outcome, "facts": [], "confidence": 1.0}
        log_enquiry(
            session, conversation=f"c-{number}", channel=channel, text="?", withheld=False, outcome=outcome, questions=[question], now=at
        )


def numbers(session: Session, now: datetime) -> tuple[int, Counter[str]]:
    found = enquiries_of(session, ReportSpan.of_days(365, now.date()))
    return found.total, +found.outcomes


def test_counts_and_what_is_not_counted_yet_make_the_whole(database: Database, now: datetime) -> None:
    with database.transaction() as session:
        ask(session, now - DAY, times=3)
        ask(session, now - DAY, "not_known", topic=None)
        ask(session, now, "clarify", times=2)  # a moment ago: not settled yet
        whole = (6, Counter(answered=3, clarify=2, not_known=1))
        assert numbers(session, now) == whole
        assert count_new(session, now=now) == 4
        assert numbers(session, now) == whole
        assert count_new(session, now=now) == 0
        assert count_new(session, now=now + timedelta(minutes=11)) == 2
        assert numbers(session, now) == whole
        assert not uncounted(session)[0]


def test_two_processes_that_count_at_once_count_each_enquiry_once(database: Database, now: datetime) -> None:
    with database.transaction() as session:
        ask(session, now - DAY, times=30)
    together = Barrier(3)

    def count(_: int) -> int:
        together.wait()
        with database.transaction() as session:
            return count_new(session, now=now)

    with ThreadPoolExecutor(3) as processes:
        assert sum(processes.map(count, range(3))) == 30
    with database.transaction() as session:
        assert numbers(session, now)[0] == 30
        assert counted_up_to(session) == 30


def test_an_enquiry_that_commits_late_is_not_passed_over(database: Database, now: datetime) -> None:
    with database.transaction() as session:
        ask(session, now - timedelta(minutes=1))  # its number is taken, and it could have been still under way
        ask(session, now - DAY, times=2)  # an import of older ones, with higher numbers
        assert count_new(session, now=now) == 0
        assert count_new(session, now=now + timedelta(minutes=20)) == 3


def test_forgotten_enquiries_leave_their_numbers_and_no_words(database: Database, now: datetime) -> None:
    with database.transaction() as session:
        ask(session, now - 40 * DAY, times=2)
        ask(session, now - DAY, "not_known", topic="minibus")
        forget_enquiries_where(session, Enquiry.received < now - 30 * DAY)  # these were never counted before
    with database.transaction() as session:
        assert len(session.execute(select(Enquiry)).all()) == 1
        assert numbers(session, now) == (3, Counter(answered=2, not_known=1))
        forget_enquiries_where(session, Enquiry.conversation == "c-2")
        count_new(session, now=now)
        assert numbers(session, now) == (3, Counter(answered=2, not_known=1))
        assert [topic for topic, _ in topics_of(session, ReportSpan.of_days(365, now.date()))] == ["cost", "minibus"]
        columns = {column.name for table in (EnquiryCount, HourCount, TopicCount) for column in table.__table__.columns}
        assert columns == {"day", "hour", "channel", "topic", "outcome", "n"}


def test_hours_and_days_are_londons_in_summer_and_when_the_clocks_change(database: Database) -> None:
    summer, spring = datetime(2026, 7, 5, 23, 30, tzinfo=timezone.utc), datetime(2026, 3, 29, 1, 30, tzinfo=timezone.utc)
    twice = [datetime(2026, 10, 25, hour, 30, tzinfo=timezone.utc) for hour in (0, 1)]  # 01:30 in London, twice
    with database.transaction() as session:
        for moment in (summer, spring, *twice):
            ask(session, moment)
        count_new(session, now=datetime(2026, 12, 1, tzinfo=timezone.utc))
        found = enquiries_of(session, ReportSpan(date(2026, 1, 1), date(2026, 12, 31)))
        assert found.hours == Counter({(0, 0): 1, (6, 2): 1, (6, 1): 2})
        assert {week.begins: week.total for week in found.weeks if week.total} == {
            date(2026, 7, 6): 1, date(2026, 3, 23): 1, date(2026, 10, 19): 2}  # fmt: skip


def test_only_the_days_asked_for_are_told_and_empty_weeks_are_there(database: Database, now: datetime) -> None:
    with database.transaction() as session:
        for days in (0, 3, 9, 30):
            ask(session, now - days * DAY, channel="telegram" if days else "website")
        for _ in range(2):
            found = enquiries_of(session, ReportSpan(now.date() - 20 * DAY, now.date() - DAY))
            assert (found.total, found.channels["telegram"]) == (2, 2)
            assert [week.begins.weekday() for week in found.weeks] == [0, 0, 0, 0]
            count_new(session, now=now + DAY)


@pytest.mark.parametrize(
    ("outcomes", "share"),
    [({}, None), ({"chitchat": 5}, None), ({"answered": 3, "not_known": 1, "chitchat": 9, "declined": 2}, 0.75), ({"clarify": 2}, 0.0)],
)
def test_share_answered_is_of_questions_about_a_trust(
    database: Database, now: datetime, outcomes: dict[str, int], share: float | None
) -> None:
    with database.transaction() as session:
        for outcome, times in outcomes.items():
            ask(session, now, outcome, times=times)
        found = enquiries_of(session, ReportSpan.of_days(7, now.date()))
        assert found.share_answered == share
        assert all_outcomes(Counter({"later": 1, **outcomes}))[-1] == "later"


def test_topics_come_by_how_often_they_were_asked_and_small_talk_is_none(database: Database, now: datetime) -> None:
    with database.transaction() as session:
        ask(session, now, topic="pensions", times=2)
        ask(session, now, "not_known", topic="minibus", times=3)
        ask(session, now, "chitchat", topic=None, times=9)
        ask(session, now, "clarify", topic=None)
        found = topics_of(session, ReportSpan.of_days(7, now.date()))
        assert [(topic, sum(counts.values())) for topic, counts in found] == [("minibus", 3), ("pensions", 2), ("", 10)] or found[0][
            0
        ] == ""


def test_leads_are_counted_by_status_and_source_with_the_time_to_first_contact(database: Database) -> None:
    friday = datetime(2026, 9, 4, 15, 0, tzinfo=timezone.utc)
    contacts = [timedelta(hours=1), timedelta(days=3), timedelta(days=20), None]
    with database.transaction() as session:
        for number, contact in enumerate(contacts):
            details = LeadDetails(
                f"c-{number}", "telegram" if number == 3 else "website", f"Sample Head {number}", "Sample School", "visit", friday,
                email=f"head{number}@example.org",
            )  # fmt: skip
            lead = log_lead(session, details, reply_within=2, now=friday)
            if contact is not None:
                lead.contacted, lead.status = friday + contact, "contacted"
        session.flush()
        duplicate = log_lead(
            session, LeadDetails("c-9", "website", "Sample Head 9", "Sample School", "visit", friday, phone="+44 7700 900123"),
            reply_within=2, now=friday,
        )  # fmt: skip
        duplicate.survivor = session.execute(select(Lead.id).order_by(Lead.id).limit(1)).scalar_one()
        session.flush()
        found = leads_of(session, ReportSpan.of_days(7, date(2026, 9, 5)), now=friday + timedelta(days=20))
        assert found.statuses == Counter(contacted=3, new=1)
        assert found.channels == Counter(website=3, telegram=1)
        assert (found.contacted, found.in_time, found.overdue, found.due) == (3, 2, 1, 4)
        assert leads_of(session, ReportSpan.of_days(7, date(2026, 9, 5)), now=friday).overdue == 0
        first = first_contact_of(session, ReportSpan.of_days(7, date(2026, 9, 5)), found)
        assert (first.working_days, first.hours) == (1, 72.0)  # Friday to Monday
        quiet = ReportSpan.of_days(7, date(2026, 8, 1))
        assert first_contact_of(session, quiet, leads_of(session, quiet, now=friday)) is None


def test_working_days_leave_out_weekends_and_bank_holidays() -> None:
    christmas_eve = datetime(2026, 12, 24, 10, 0, tzinfo=timezone.utc)
    assert working_days_between(christmas_eve, christmas_eve + timedelta(hours=3)) == 0
    assert working_days_between(christmas_eve, datetime(2026, 12, 29, 9, 0, tzinfo=timezone.utc)) == 1

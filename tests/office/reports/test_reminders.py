"""What becomes due by the clock alone: overdue leads, Monday's digest, quiet hours."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta, timezone

import pytest
from sqlalchemy import select

from office.base.database import Database
from office.base.errors import BadInput
from office.base.workdays import LONDON
from office.leads.model import Lead, LeadDetails, log_lead
from office.outbox.queue import Notification
from office.outbox.quiet_hours import quiet_until, read_quiet
from office.reports.digest import digest_of
from office.reports.reminders import monday_of, overdue_days, owe_digest, owe_overdue, week_of

pytestmark = pytest.mark.both_databases


def lead_of(database: Database, now: datetime, conversation: str = "c", **columns: object) -> str:
    details = LeadDetails(conversation, "website", f"Robin {conversation}", "Anytown Primary", "visit", now, email="robin@example.org")
    with database.transaction() as session:
        lead = log_lead(session, details, reply_within=2, now=now)
        for column, value in columns.items():
            setattr(lead, column, value)
        return str(lead.reference)


def told(database: Database, kind: str) -> list[str]:
    with database.transaction() as session:
        return list(session.execute(select(Notification.about).where(Notification.kind == kind).order_by(Notification.about)).scalars())


def test_a_promised_reply_that_is_past_is_told_of_once(database: Database, now: datetime) -> None:
    reference = lead_of(database, now)  # Tuesday 1 September: promised by Thursday, 17:00
    with database.transaction() as session:
        promised = session.execute(select(Lead.promised)).scalar_one()
        assert owe_overdue(session, now=promised) == 0
        assert owe_overdue(session, now=promised + timedelta(seconds=1)) == 1
        assert owe_overdue(session, now=promised + timedelta(days=1)) == 0
    assert told(database, "overdue_lead") == [f"{reference}/2026-09-03"]


def test_each_new_day_that_was_missed_is_told_of_once(database: Database, now: datetime) -> None:
    reference = lead_of(database, now, owed=False, due=date(2026, 9, 7))
    days = (datetime(2026, 9, day, 12, tzinfo=timezone.utc) for day in (7, 8, 9))
    with database.transaction() as session:
        assert [owe_overdue(session, now=day) for day in days] == [0, 1, 0]
        session.execute(select(Lead)).scalar_one().due = date(2026, 9, 10)
        session.flush()
        assert owe_overdue(session, now=datetime(2026, 9, 11, 12, tzinfo=timezone.utc)) == 1
    assert told(database, "overdue_lead") == [f"{reference}/2026-09-07", f"{reference}/2026-09-10"]


def test_who_has_ended_or_went_into_another_lead_is_not_overdue(database: Database, now: datetime) -> None:
    lead_of(database, now, "closed", status="closed", due=date(2026, 9, 2))
    lead_of(database, now, "joined", status="joined", due=date(2026, 9, 2))
    with database.transaction() as session:
        assert owe_overdue(session, now=now + timedelta(days=9)) == 0


def test_leads_that_are_not_now_are_overdue_once_their_day_has_come(database: Database, now: datetime) -> None:
    lead_of(database, now, status="not_now", owed=False, revisit=date(2026, 9, 20))
    with database.transaction() as session:
        lead = session.execute(select(Lead)).scalar_one()
        assert overdue_days(lead, now=datetime(2026, 9, 20, 12, tzinfo=timezone.utc)) == []
        assert overdue_days(lead, now=datetime(2026, 9, 21, 12, tzinfo=timezone.utc)) == [date(2026, 9, 20)]


def test_two_workers_at_once_owe_one_reminder_and_one_digest(database: Database, now: datetime) -> None:
    reference = lead_of(database, now)
    monday = datetime(2026, 9, 7, 7, 0, tzinfo=timezone.utc)  # 08:00 in London

    def work(_: int) -> None:
        with database.transaction() as session:
            owe_overdue(session, now=monday)
            owe_digest(session, now=monday)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(12)))
    assert told(database, "overdue_lead") == [f"{reference}/2026-09-03"]
    assert told(database, "digest") == ["2026-W37"]


def test_the_digest_is_owed_from_monday_eight_oclock_in_london_on_summer_and_winter(database: Database, now: datetime) -> None:
    lead_of(database, now - timedelta(days=30))
    moments = (
        (datetime(2026, 9, 7, 6, 59, tzinfo=timezone.utc), "2026-W36"), (datetime(2026, 9, 7, 7, 0, tzinfo=timezone.utc), "2026-W37"),
        (datetime(2026, 10, 26, 7, 59, tzinfo=timezone.utc), "2026-W43"), (datetime(2026, 10, 26, 8, 0, tzinfo=timezone.utc), "2026-W44"),
        (datetime(2027, 1, 3, 12, 0, tzinfo=timezone.utc), "2026-W53"), (datetime(2027, 1, 4, 9, 0, tzinfo=timezone.utc), "2027-W01"),
    )  # fmt: skip
    for moment, week in moments:
        assert week_of(moment) == week
    with database.transaction() as session:
        assert owe_digest(session, now=moments[0][0]) and not owe_digest(session, now=moments[0][0])
        assert owe_digest(session, now=datetime(2026, 9, 10, 15, tzinfo=timezone.utc))  # the worker was down on Monday
    assert told(database, "digest") == ["2026-W36", "2026-W37"]
    assert monday_of("2026-W53") == date(2026, 12, 28)


def test_a_week_before_which_nothing_came_in_owes_no_digest(database: Database, now: datetime) -> None:
    with database.transaction() as session:
        assert not owe_digest(session, now=now)
    lead_of(database, now)
    with database.transaction() as session:
        assert not owe_digest(session, now=now)


def test_the_digest_counts_the_week_before_and_names_no_person(database: Database, now: datetime) -> None:
    reference = lead_of(database, now, next_action="ring the head", due=date(2026, 9, 4))
    with database.transaction() as session:
        digest = digest_of(session, "2026-W37", now=datetime(2026, 9, 7, 7, tzinfo=timezone.utc))
    assert (digest.since, digest.until) == (date(2026, 8, 31), date(2026, 9, 6))
    assert (digest.open_leads, digest.overdue_leads, digest.new_leads) == (1, 1, 1)
    assert digest.urgent[0].reference == reference and "Robin" not in repr(digest)


@pytest.mark.parametrize(
    ("hours", "at", "until"),
    [
        ("22:00-07:00", "2026-11-25T21:59", None), ("22:00-07:00", "2026-11-25T22:00", "2026-11-26T07:00"),
        ("22:00-07:00", "2026-11-26T06:59", "2026-11-26T07:00"), ("22:00-07:00", "2026-11-26T07:00", None),
        ("12:00-13:00", "2026-11-25T12:30", "2026-11-25T13:00"), ("22:00-07:00", "2026-03-28T23:00", "2026-03-29T07:00"),
        ("22:00-01:30", "2026-10-25T00:30", "2026-10-25T01:30"), (None, "2026-11-25T03:00", None), ("nonsense", "2026-11-25T03:00", None),
    ],
)  # fmt: skip
def test_quiet_hours_end_by_londons_clock(hours: str | None, at: str, until: str | None) -> None:
    moment = datetime.fromisoformat(at).replace(tzinfo=LONDON)
    expected = datetime.fromisoformat(until).replace(tzinfo=LONDON) if until else None
    assert quiet_until(hours, moment.astimezone(timezone.utc)) == expected


def test_quiet_hours_are_read_or_refused() -> None:
    assert read_quiet(" 22:00 ", "07:00") == "22:00-07:00"
    assert read_quiet("", "") is None
    for begins, ends in (("22:00", ""), ("24:00", "07:00"), ("7", "8"), ("07:00", "07:00"), ("x" * 10_000, "")):
        with pytest.raises(BadInput):
            read_quiet(begins, ends)

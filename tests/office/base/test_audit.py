"""The audit log, read by page and by filter."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from office.base.audit import AuditFilter, audit, read_audit
from office.base.database import Database
from office.base.errors import NotAllowed
from tests.office.made_up import alex, ann

EARLIER = datetime(2026, 8, 1, tzinfo=timezone.utc)  # when the log is read, so that this stands behind what it says

pytestmark = pytest.mark.both_databases


@pytest.fixture
def noted(database: Database, now: datetime) -> Database:
    with database.transaction() as session:
        for number in range(7):
            action, about = ("view", "lead U-7K3F9Q") if number % 2 else ("export", "leads")
            audit(session, action, about, by=None, now=now + timedelta(hours=number // 2), number=number)
    return database


def numbers(database: Database, *, before: int | None = None, limit: int = 50, **wanted: object) -> list[int]:
    with database.transaction() as session:
        entries = read_audit(session, AuditFilter(**wanted), before=before, limit=limit, by=alex(session, EARLIER), now=EARLIER)
        return [entry.detail["number"] for entry in entries if entry.about != "audit log"]


def test_the_latest_come_first_and_pages_neither_repeat_nor_leave_out(noted: Database, now: datetime) -> None:
    seen: list[int] = []
    before = None
    while True:
        with noted.transaction() as session:
            page = read_audit(session, AuditFilter(since=now), before=before, limit=2, by=alex(session, EARLIER), now=EARLIER)
        if not page:
            break
        seen += [entry.detail["number"] for entry in page]
        before = page[-1].id
    assert seen == [6, 5, 4, 3, 2, 1, 0]


def test_it_is_filtered_by_action_subject_and_time(noted: Database, now: datetime) -> None:
    assert numbers(noted, action="view") == [5, 3, 1]
    assert numbers(noted, about="U-7K3F9Q") == numbers(noted, about="lead U-7K3F9Q") == [5, 3, 1]
    assert numbers(noted, since=now + timedelta(hours=1), until=now + timedelta(hours=2)) == [3, 2]
    assert numbers(noted, staff=99) == numbers(noted, about="' OR 1=1 --\0") == []


def test_a_page_after_an_entry_that_is_gone_begins_anew(noted: Database) -> None:
    assert numbers(noted, before=999_999, limit=1) == [6]


def test_reading_the_log_is_noted_in_it_with_the_filter_and_is_an_admins(noted: Database, now: datetime) -> None:
    numbers(noted, action="view", since=now)
    with noted.transaction() as session:
        read = read_audit(session, AuditFilter(about="audit log"), before=None, limit=9, by=alex(session, now), now=now)
        assert [(entry.action, entry.staff, entry.detail) for entry in read] == [
            ("view", alex(session, now).id, {"filter": "action, since"})
        ]
        with pytest.raises(NotAllowed):
            read_audit(session, AuditFilter(), before=None, limit=9, by=ann(session, now), now=now)


def test_an_unknown_action_is_a_mistake_of_ours(database: Database, now: datetime) -> None:
    with database.transaction() as session, pytest.raises(ValueError):
        audit(session, "peek", "lead U-7K3F9Q", by=None, now=now)

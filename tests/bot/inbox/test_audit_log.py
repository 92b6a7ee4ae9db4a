"""The audit log, as an admin reads it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

import httpx
import pytest

from office.base.audit import audit
from office.base.staff import Staff

from .inbox import Inbox, words_of

SignIn = Callable[..., httpx.Client]
SUMMER = datetime(2026, 6, 30, 23, 30, tzinfo=timezone.utc)  # already 1 July in London


@pytest.fixture
def admin(inbox: Inbox, sign_in: SignIn) -> httpx.Client:
    """The browser of an admin, with 120 entries of last summer in the log."""
    browser = sign_in("admin")
    with inbox.database.transaction() as session:
        alex = session.get(Staff, 1)
        for number in range(120):
            at = SUMMER + timedelta(minutes=number)
            audit(session, "view", f"lead U-{number:06}", by=alex if number % 2 else None, now=at, how="page", fields=["name", "role"])
    return browser


def numbers(page: httpx.Response) -> list[int]:
    return [int(number) for number in re.findall(r"lead U-(\d{6})", page.text)]


def test_pages_follow_each_other_to_the_end(admin: httpx.Client) -> None:
    page, seen = admin.get("/audit?action=view"), []
    while True:
        seen += numbers(page)
        older = re.search(r'href="([^"]*)" rel="next"', page.text)
        if not older:
            break
        page = admin.get(older[1].replace("&amp;", "&"))
    assert seen == list(range(119, -1, -1))


def test_times_are_londons_and_the_system_is_named(admin: httpx.Client) -> None:
    page = words_of(admin.get("/audit?about=U-000000"))
    assert "Wed 1 Jul 2026, 00:30" in page and "the system" in page and "fields: name → role" in page


def test_days_are_londons(admin: httpx.Client) -> None:
    assert numbers(admin.get("/audit?from=2026-07-01&to=2026-07-01&action=view&person=1"))[0] == 119
    assert numbers(admin.get("/audit?from=2026-06-30&to=2026-06-30")) == []


@pytest.mark.parametrize(
    ("day", "reason"),
    [("2026-02-29", "2026 is not a leap year"), ("yesterday", "day/month/year"), ("0001-01-01", "There is no such date"),
     ("9999-12-31", "There is no such date"), ("x" * 10_000, "day/month/year")],
)  # fmt: skip
def test_a_day_that_is_none_is_said_so(admin: httpx.Client, day: str, reason: str) -> None:
    page = admin.get("/audit", params={"from": day})
    assert page.status_code == 422 and reason in words_of(page)


def test_a_day_may_be_written_as_on_every_other_page(admin: httpx.Client) -> None:
    assert numbers(admin.get("/audit?from=01/07/2026&to=1/7/2026&action=view&person=1"))[0] == 119


@pytest.mark.parametrize("query", ["person=x", "person=99999999999999", "action=peek", "before=x", "before=99999999", "about=%00"])
def test_strange_filters_break_nothing(admin: httpx.Client, query: str) -> None:
    assert admin.get(f"/audit?{query}").status_code == 200

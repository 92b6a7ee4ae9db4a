"""The page of notifications: what waits, what failed, the test button, and my own choice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest

from office.base.heartbeats import beat
from office.base.staff import Staff
from office.leads.model import LeadDetails, log_lead
from office.outbox.queue import Notification, claim_due, give_up, mark_sent
from tests.clock import NOW

from .inbox import Inbox, post, words_of

SignIn = Callable[..., httpx.Client]


def owe_lead(inbox: Inbox, name: str = "Robin Example") -> str:
    """A lead of a school, and the notification it owes; its reference."""
    details = LeadDetails(
        conversation=f"of {name}",
        channel="website",
        name=name,
        school="Anytown Primary",
        wish="visit",
        consented=NOW,
        email="r@example.org",
    )
    with inbox.database.transaction() as session:
        return str(log_lead(session, details, reply_within=2, now=NOW).reference)


def test_it_says_that_the_worker_is_not_running_and_no_more_once_it_is(inbox: Inbox, sign_in: SignIn) -> None:
    pa = sign_in("pa")
    assert "The worker is not running." in words_of(pa.get("/notifications"))
    with inbox.database.transaction() as session:
        beat(session, "worker", now=NOW)
    assert "The worker is not running." not in words_of(pa.get("/notifications"))
    inbox.pass_time(timedelta(minutes=5))
    assert "it was last seen" in words_of(pa.get("/notifications"))


def test_what_waits_what_was_sent_and_what_failed_stand_there_with_why(inbox: Inbox, sign_in: SignIn) -> None:
    pa = sign_in("pa")
    references = [owe_lead(inbox, name) for name in ("Robin One", "Robin Two", "Robin Three")]
    with inbox.database.transaction() as session:
        first, second, _ = claim_due(session, "w", ["email"], limit=3, now=NOW)
        mark_sent(session, first, now=NOW)
        give_up(session, second, "the mail server refused the address: 550 no such user", now=NOW)
        session.get(Staff, 1).email_failing = "550 no such user"
    page = pa.get("/notifications")
    assert page.status_code == 200
    assert all(reference in page.text for reference in references)
    said = words_of(page)
    assert "550 no such user" in said and "Pat Assistant by e-mail" in said and "being sent" in said
    assert "Robin" not in said


def test_a_failed_one_is_tried_again_at_a_click_and_by_staff_who_only_read_it_is_not(inbox: Inbox, sign_in: SignIn) -> None:
    pa, reader = sign_in("pa"), sign_in("staff")
    owe_lead(inbox)
    with inbox.database.transaction() as session:
        (number,) = claim_due(session, "w", ["email"], limit=3, now=NOW)
        give_up(session, number, "550", now=NOW)
    assert post(reader, f"/notifications/{number}/retry").status_code == 403
    assert "Try now" not in words_of(reader.get("/notifications"))
    assert post(pa, f"/notifications/{number}/retry").status_code == 303
    with inbox.database.transaction() as session:
        notification = session.get(Notification, number)
        assert notification.given_up is None and notification.attempts == 0
    for unknown in (number + 1, 0, "x", 10**30):
        assert post(pa, f"/notifications/{unknown}/retry").status_code == 404
    assert pa.post(f"/notifications/{number}/retry", data={"csrf": "forged"}).status_code == 403


def test_the_test_button_owes_me_one_test_by_each_channel_however_often_it_is_pressed(inbox: Inbox, sign_in: SignIn) -> None:
    reader = sign_in("staff")
    with inbox.database.transaction() as session:
        session.get(Staff, 1).telegram = 70000001
    for _ in range(3):
        assert post(reader, "/notifications/test").status_code == 303
    assert sorted(inbox.rows("SELECT DISTINCT channel, staff FROM notification WHERE kind = 'test'")) == [("email", 1), ("telegram", 1)]
    assert len(inbox.rows("SELECT id FROM notification")) in (2, 4)  # 4 where a minute ended in between


def test_my_own_choice_and_quiet_hours_are_kept(inbox: Inbox, sign_in: SignIn) -> None:
    pa = sign_in("pa")
    saved = post(pa, "/notifications/mine", email="yes", begins="22:00", ends="07:00")
    assert saved.status_code == 303
    assert inbox.rows("SELECT telegram_quiet FROM staff") == [("22:00-07:00",)]
    page = pa.get("/notifications").text
    assert 'value="22:00"' in page and 'value="07:00"' in page
    assert post(pa, "/notifications/mine", email="yes", begins="", ends="").status_code == 303
    assert inbox.rows("SELECT telegram_quiet FROM staff") == [(None,)]


@pytest.mark.parametrize(
    ("begins", "ends"), [("25:00", "07:00"), ("22:00", ""), ("07:00", "07:00"), ("x" * 10_000, "<script>"), ("\0", "😀")]
)
def test_hours_that_are_none_are_refused_with_a_sentence(inbox: Inbox, sign_in: SignIn, begins: str, ends: str) -> None:
    pa = sign_in("pa")
    page = post(pa, "/notifications/mine", email="yes", begins=begins, ends=ends)
    assert page.status_code == 422
    assert "22:00 and 07:00" in words_of(page)
    assert inbox.rows("SELECT telegram_quiet FROM staff") == [(None,)]


def test_nobody_can_switch_off_the_last_way_to_reach_them(inbox: Inbox, sign_in: SignIn) -> None:
    pa = sign_in("pa")
    page = post(pa, "/notifications/mine", telegram="yes")
    assert page.status_code == 422
    assert "Keep at least one way" in words_of(page)


def test_who_is_not_signed_in_sees_nothing(inbox: Inbox) -> None:
    assert inbox.browser().get("/notifications").status_code == 303

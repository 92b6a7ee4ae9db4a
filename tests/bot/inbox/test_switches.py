"""Switches, as an admin turns them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from .inbox import Inbox, post, words_of

SignIn = Callable[..., httpx.Client]


def is_off(inbox: Inbox, channel: str = "website") -> bool:
    return inbox.rows(f"SELECT off FROM switch WHERE channel = '{channel}'") == [(1,)]


def test_a_channel_goes_off_with_a_reason_and_on_again(inbox: Inbox, sign_in: SignIn) -> None:
    admin = sign_in("admin")
    post(admin, "/switches/website", off="yes", **{"reason-website": "The facts are <b>being</b> looked through"})
    page = admin.get("/switches")
    assert "The chat on the website off" in words_of(page) and "by Alex Admin" in words_of(page)
    assert "&lt;b&gt;being&lt;/b&gt;" in page.text and is_off(inbox) and not is_off(inbox, "telegram")
    post(admin, "/switches/website", off="no")
    assert not is_off(inbox)
    assert inbox.rows("SELECT about FROM audit_entry WHERE action = 'switch'") == [("channel website",)] * 2


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501, "x" * 10_000])
def test_a_reason_is_asked_for_and_has_a_length(inbox: Inbox, sign_in: SignIn, reason: str) -> None:
    page = post(sign_in("admin"), "/switches/telegram", off="yes", **{"reason-telegram": reason})
    assert page.status_code == 422 and 'id="wrong-reason-telegram"' in page.text
    assert not is_off(inbox, "telegram")


def test_a_channel_there_is_not_is_not_found(sign_in: SignIn) -> None:
    assert post(sign_in("admin"), "/switches/fax", off="yes").status_code == 404


def test_others_turn_no_switch(inbox: Inbox, sign_in: SignIn) -> None:
    assert post(sign_in("pa"), "/switches/website", off="yes", **{"reason-website": "x"}).status_code == 403
    assert not is_off(inbox)


def test_many_who_switch_at_once_break_nothing(inbox: Inbox, sign_in: SignIn) -> None:
    admin = sign_in("admin")
    with ThreadPoolExecutor(6) as threads:
        done = threads.map(lambda _: post(admin, "/switches/website", off="yes", **{"reason-website": "x"}), range(6))
        assert {response.status_code for response in done} == {303}
    assert is_off(inbox)

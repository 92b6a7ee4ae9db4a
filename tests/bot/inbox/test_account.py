"""One's own account."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from .inbox import PASSWORD, Inbox, give_password, post, words_of

SignIn = Callable[..., httpx.Client]
NEW = "four green saucepans"


def change(browser: httpx.Client, old: str = PASSWORD, new: str = NEW, again: str = NEW) -> httpx.Response:
    return post(browser, "/account/password", old=old, password=new, again=again)


def test_it_says_who_one_is_and_where_one_is_signed_in(inbox: Inbox, sign_in: SignIn) -> None:
    inbox.add("staff")
    phone = inbox.browser(headers={"User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Mobile Safari/604.1"})
    give_password(phone, "staff@example.org", PASSWORD)
    page = words_of(sign_in("staff").get("/account"))
    assert (
        "Sam Staff" in page
        and "staff@example.org" in page
        and "Staff (reads)" in page
        and "Safari on iPhone" in page
        and "This browser" in page
    )


def test_a_new_password_signs_out_the_other_browsers_and_works(inbox: Inbox, sign_in: SignIn) -> None:
    here, there = sign_in("pa"), sign_in("pa")
    assert change(here).status_code == 303
    assert "Your password is changed" in words_of(here.get("/account"))
    assert there.get("/account").status_code == 303
    assert give_password(inbox.browser(), "pa@example.org", PASSWORD).status_code == 401
    assert give_password(inbox.browser(), "pa@example.org", NEW).status_code == 303


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [({"old": "wrong"}, "old"), ({"again": NEW + "x"}, "again"), ({"new": "short", "again": "short"}, "password"),
     ({"new": "Pat Assistant", "again": "Pat Assistant"}, "password"), ({"new": "x" * 201, "again": "x" * 201}, "password")],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_its_field(inbox: Inbox, sign_in: SignIn, fields: dict[str, str], wrong: str) -> None:
    page = change(sign_in("pa"), **fields)
    assert page.status_code == 422 and f'id="wrong-{wrong}"' in page.text and NEW not in page.text
    assert give_password(inbox.browser(), "pa@example.org", PASSWORD).status_code == 303


def test_who_finds_an_open_browser_cannot_guess_the_password(sign_in: SignIn) -> None:
    browser = sign_in("pa")
    assert [change(browser, old="wrong").status_code for _ in range(6)] == [422] * 5 + [429]


def test_one_of_ones_browsers_is_signed_out_and_nobody_elses(inbox: Inbox, sign_in: SignIn) -> None:
    here, there, admin = sign_in("pa"), sign_in("pa"), sign_in("admin")
    own = inbox.rows("SELECT token FROM sign_in WHERE staff = 1 ORDER BY begun")
    assert post(admin, f"/account/sign-ins/{own[1][0]}/end").status_code == 404
    assert post(here, f"/account/sign-ins/{own[1][0]}/end").status_code == 303
    assert (here.get("/account").status_code, there.get("/account").status_code) == (200, 303)

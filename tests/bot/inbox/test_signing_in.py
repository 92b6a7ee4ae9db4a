"""Signing in and out as a person does it, and as somebody does who should not."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from argon2 import PasswordHasher

from settings import Settings

from .inbox import PASSWORD, Inbox, csrf_in, give_password, open_inbox, post, words_of

SignIn = Callable[..., httpx.Client]


def is_in(browser: httpx.Client) -> bool:
    return browser.get("/account").status_code == 200


def actions(inbox: Inbox) -> list[str]:
    return [row[0] for row in inbox.rows("SELECT action FROM audit_entry ORDER BY id")]


def test_without_any_account_the_page_says_how_to_make_the_first(inbox: Inbox) -> None:
    assert "make staff" in words_of(inbox.browser().get("/sign-in"))
    inbox.add("admin")
    assert "make staff" not in words_of(inbox.browser().get("/sign-in"))


def test_somebody_signs_in_and_comes_to_the_page_they_wanted(inbox: Inbox) -> None:
    inbox.add("pa")
    browser = inbox.browser()
    asked = browser.get("/account?x=1&y=%C3%A9")
    assert (asked.status_code, asked.headers["location"]) == (303, "/sign-in?next=/account%3Fx%3D1%26y%3D%25C3%25A9")
    page = browser.get(asked.headers["location"])
    assert 'name="next" value="/account?x=1&amp;y=%C3%A9"' in page.text
    arrived = give_password(browser, "pa@example.org", PASSWORD, next="/account?x=1&y=%C3%A9")
    assert arrived.headers["location"] == "/account?x=1&y=%C3%A9"
    assert is_in(browser)
    assert browser.get("/sign-in?next=/account").headers["location"] == "/account"


def test_nobody_is_led_to_another_website(inbox: Inbox) -> None:
    inbox.add("pa")
    for path in (
        "https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)", "/\t/evil.example", "evil",
        "/%0d%0aSet-Cookie:x=y\r\nX: y", "http:///evil.example", "////evil.example", "http://[",
    ):  # fmt: skip
        assert give_password(inbox.browser(), "pa@example.org", PASSWORD, next=path).headers["location"] == "/", path


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(inbox: Inbox) -> None:
    inbox.add("pa")
    wrong = give_password(inbox.browser(), "pa@example.org", "three brown teapotS")
    unknown = give_password(inbox.browser(), "nobody@example.org", PASSWORD)
    assert (wrong.status_code, unknown.status_code) == (401, 401)
    assert words_of(wrong) == words_of(unknown) and "do not belong together" in words_of(wrong)
    assert actions(inbox) == ["refused", "refused"]


def test_an_address_may_have_capitals_and_spaces_and_stays_in_the_form(inbox: Inbox) -> None:
    inbox.add("pa")
    assert 'value="pa@example.org"' in give_password(inbox.browser(), " PA@Example.org", "wrong").text
    assert give_password(inbox.browser(), " PA@Example.org ", PASSWORD).status_code == 303


@pytest.mark.parametrize("password", [" " + PASSWORD, PASSWORD + " ", "", "x" * 10_000, "\0"])
def test_a_password_is_taken_exactly_as_it_is(inbox: Inbox, password: str) -> None:
    inbox.add("pa")
    assert give_password(inbox.browser(), "pa@example.org", password).status_code == 401


@pytest.mark.parametrize("email", ["", "x" * 10_000, "<script>", "\0", "' OR 1=1 --", "🫖"])
def test_strange_addresses_are_nobodys(inbox: Inbox, email: str) -> None:
    response = give_password(inbox.browser(), email, PASSWORD)
    assert response.status_code == 401 and "<script>" not in response.text


def test_after_several_wrong_passwords_one_waits_a_little_and_no_more(inbox: Inbox) -> None:
    inbox.add("pa")
    for _ in range(5):
        assert give_password(inbox.browser(), "pa@example.org", "wrong").status_code == 401
    waits = give_password(inbox.browser(), "pa@example.org", PASSWORD)
    assert waits.status_code == 429 and "Please wait" in words_of(waits) and "admin can give you a link" in words_of(waits)
    inbox.pass_time(timedelta(seconds=int(waits.headers["retry-after"])))
    assert give_password(inbox.browser(), "pa@example.org", PASSWORD).status_code == 303


def test_a_strangers_guesses_do_not_keep_a_person_out_of_their_own_browser(inbox: Inbox, sign_in: SignIn) -> None:
    own = sign_in("pa")
    post(own, "/sign-out")
    for _ in range(6):
        stranger = give_password(inbox.browser(), "pa@example.org", "wrong")
    assert stranger.status_code == 429
    assert give_password(own, "pa@example.org", PASSWORD).status_code == 303


def test_many_wrong_passwords_at_once_are_counted_each(inbox: Inbox) -> None:
    inbox.add("pa")
    browsers = [inbox.browser() for _ in range(16)]
    with ThreadPoolExecutor(16) as threads:
        statuses = [response.status_code for response in threads.map(lambda one: give_password(one, "pa@example.org", "wrong"), browsers)]
    assert sorted(statuses) == [401] * 5 + [429] * 11


def test_behind_a_trusted_proxy_the_visitors_own_address_counts(settings: Settings) -> None:
    with open_inbox(replace(settings, trust_proxy=True)) as inbox:
        for number in range(30):
            browser = inbox.browser(headers={"X-Forwarded-For": "203.0.113.9"})
            assert give_password(browser, f"p{number}@example.org", "wrong").status_code == 401
        assert give_password(inbox.browser(headers={"X-Forwarded-For": "203.0.113.9"}), "p@example.org", "wrong").status_code == 429
        assert give_password(inbox.browser(headers={"X-Forwarded-For": "203.0.113.10"}), "p@example.org", "wrong").status_code == 401


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(inbox: Inbox) -> None:
    inbox.add("pa")
    for cookie in give_password(inbox.browser(), "pa@example.org", PASSWORD).headers.get_list("set-cookie"):
        assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Path=/" in cookie and "Secure" not in cookie


def test_over_https_cookies_are_secure_and_of_this_host_only(settings: Settings) -> None:
    with open_inbox(replace(settings, inbox_url="https://inbox.example.org")) as inbox:
        inbox.add("pa")
        browser = inbox.browser()
        page = browser.get("/sign-in")
        (before,) = page.headers.get_list("set-cookie")
        cookie = before.partition(";")[0]
        assert cookie.startswith("__Host-") and "Secure" in before
        data = {"email": "pa@example.org", "password": PASSWORD, "csrf": csrf_in(page)}
        arrived = inbox.browser().post("/sign-in", data=data, headers={"Cookie": cookie, "Origin": "https://inbox.example.org"})
        assert arrived.status_code == 303
        assert all(one.startswith("__Host-") and "Secure" in one for one in arrived.headers.get_list("set-cookie"))


def test_each_sign_in_has_a_token_of_its_own_and_ends_the_one_before(inbox: Inbox, sign_in: SignIn) -> None:
    browser = sign_in("pa")
    first = browser.cookies["usher_inbox"]
    post(browser, "/sign-out")
    assert give_password(browser, "pa@example.org", PASSWORD).status_code == 303
    assert browser.cookies["usher_inbox"] != first
    thief = inbox.browser(cookies={"usher_inbox": first})
    assert not is_in(thief)


def test_a_sign_in_ends_after_hours_without_use(inbox: Inbox, sign_in: SignIn) -> None:
    browser = sign_in("pa")
    inbox.pass_time(timedelta(hours=11))
    assert is_in(browser)
    inbox.pass_time(timedelta(hours=11))
    assert is_in(browser)
    inbox.pass_time(timedelta(hours=13))
    assert not is_in(browser)


def test_signing_out_ends_it_here_and_everywhere_all(inbox: Inbox, sign_in: SignIn) -> None:
    here, there, third = sign_in("pa"), sign_in("pa"), sign_in("pa")
    assert post(here, "/sign-out").headers["location"] == "/sign-in"
    assert (is_in(here), is_in(there)) == (False, True)
    post(there, "/sign-out-everywhere")
    assert (is_in(there), is_in(third)) == (False, False)
    assert actions(inbox)[-2:] == ["sign out", "sign out"]


def test_signing_out_needs_a_form_of_ours(sign_in: SignIn) -> None:
    browser = sign_in("pa")
    assert browser.post("/sign-out").status_code == 403
    assert browser.get("/sign-out").status_code == 405
    assert is_in(browser)


def test_a_sign_in_form_of_another_page_is_refused(inbox: Inbox) -> None:
    inbox.add("pa")
    browser = inbox.browser()
    browser.get("/sign-in")
    data = {"email": "pa@example.org", "password": PASSWORD}
    forged = browser.post("/sign-in", data=data)
    assert forged.status_code == 403 and "try again" in words_of(forged)
    other = csrf_in(inbox.browser().get("/sign-in"))
    assert browser.post("/sign-in", data={**data, "csrf": other}).status_code == 403


def test_a_password_kept_with_weaker_parameters_is_kept_anew_at_the_next_sign_in(inbox: Inbox) -> None:
    number = inbox.add("pa")
    weak = PasswordHasher(time_cost=1, memory_cost=1024).hash(PASSWORD)
    with inbox.database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE staff SET password = ? WHERE id = ?", (weak, number))
    assert give_password(inbox.browser(), "pa@example.org", PASSWORD).status_code == 303
    assert inbox.rows("SELECT password FROM staff")[0][0] != weak


def test_password_managers_are_told_what_is_what(inbox: Inbox) -> None:
    page = inbox.browser().get("/sign-in").text
    assert 'autocomplete="username"' in page and 'autocomplete="current-password"' in page and "onpaste" not in page


@pytest.fixture
def link(inbox: Inbox, sign_in: SignIn) -> str:
    """A one-time link for somebody new."""
    page = post(sign_in("admin"), "/people", name="Kim Example", email="kim@example.org", role="staff")
    return page.text.partition(":8001")[2].partition("<")[0]


def test_somebody_new_sets_a_password_by_their_link_once(inbox: Inbox, link: str) -> None:
    browser = inbox.browser()
    page = browser.get(link)
    assert "Welcome, Kim Example" in words_of(page) and 'autocomplete="new-password"' in page.text
    differ = browser.post(link, data={"csrf": csrf_in(page), "password": PASSWORD, "again": PASSWORD + "s"})
    assert differ.status_code == 422 and "not the same" in words_of(differ)
    short = browser.post(link, data={"csrf": csrf_in(page), "password": "short", "again": "short"})
    assert short.status_code == 422 and "at least 12" in words_of(short)
    assert browser.post(link, data={"password": PASSWORD, "again": PASSWORD}).status_code == 422
    assert browser.post(link, data={"csrf": csrf_in(page), "password": PASSWORD, "again": PASSWORD}).status_code == 303
    again = browser.get(link)
    assert again.status_code == 404 and "used already" in words_of(again)
    assert give_password(browser, "kim@example.org", PASSWORD).status_code == 303


def test_a_link_ends_after_a_week_and_a_made_up_one_is_none(inbox: Inbox, link: str) -> None:
    assert inbox.browser().get("/set-password/abc").status_code == 404
    inbox.pass_time(timedelta(days=7, minutes=1))
    assert inbox.browser().get(link).status_code == 404

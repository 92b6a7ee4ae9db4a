"""The inbox's frame in a real Chromium: axe finds nothing on any page or state, all works by keyboard, on a phone, and without JavaScript."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.bot.inbox.inbox import PASSWORD, Inbox, post

Open = Callable[..., Page]
Check = Callable[[Page], None]
LOOKS = [(1280, "light"), (360, "dark")]
PAGES = ("/account", "/people", "/people/1", "/people/2", "/switches", "/audit", "/accessibility", "/nothing")
SHOTS = os.environ.get("USHER_SHOTS")  # a folder for pictures of what was looked at


def keep_picture(page: Page, name: str) -> None:
    if SHOTS:
        width = (page.viewport_size or {})["width"]
        scheme = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'")
        page.screenshot(path=Path(SHOTS) / f"{name}-{width}-{scheme}.png", full_page=True)


def sign_in(page: Page, email: str = "pa@example.org", password: str = PASSWORD) -> None:
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


@pytest.fixture
def admins_inbox(inbox: Inbox) -> Inbox:
    """An inbox with an admin and somebody with a long name who has no password, the website switched off."""
    admin = inbox.sign_in("admin")
    post(admin, "/people", name="Kim Example-Longname O’Brien", email="kim.example-longname.obrien@school.example.org", role="pa")
    post(admin, "/switches/website", off="yes", **{"reason-website": "The facts are being looked through after a mistake on the fee"})
    return inbox


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_axe_finds_nothing_on_the_pages(admins_inbox: Inbox, open_page: Open, check_page: Check, width: int, scheme: str) -> None:
    page = open_page("admin", width=width, scheme=scheme)
    for path in PAGES:
        page.goto(path)
        keep_picture(page, path.strip("/").replace("/", "-"))
        check_page(page)


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_axe_finds_nothing_on_their_states(admins_inbox: Inbox, open_page: Open, check_page: Check, width: int, scheme: str) -> None:
    page = open_page("admin", "/people", width=width, scheme=scheme)

    def look(name: str) -> None:
        keep_picture(page, name)
        check_page(page)

    page.get_by_text("More", exact=True).click()
    look("menu")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    look("keys")
    page.keyboard.press("Escape")
    page.get_by_label("Name").fill("Another")
    page.get_by_label("E-mail address").fill("admin@example.org")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("alert")).to_be_focused()
    look("people-wrong")
    page.goto("/people/2")
    page.get_by_role("button", name="Make a link to set a password").click()
    look("secret")
    page.goto("/switches")
    page.get_by_role("button", name="Switch on").click()
    expect(page.get_by_role("status")).to_contain_text("is on again")
    look("flash")
    page.goto("/audit?about=nothing")
    look("audit-empty")


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_axe_finds_nothing_where_nobody_is_signed_in(inbox: Inbox, open_page: Open, check_page: Check, width: int, scheme: str) -> None:
    page = open_page(path="/sign-in", width=width, scheme=scheme)
    keep_picture(page, "sign-in-empty")
    check_page(page)
    sign_in(page, password="wrong")
    expect(page.get_by_role("alert")).to_contain_text("do not belong together")
    keep_picture(page, "sign-in-wrong")
    check_page(page)
    code = post(inbox.sign_in("admin"), "/people", name="Kim", email="kim@example.org", role="pa").text.partition("/set-password/")[2]
    page.goto(f"/set-password/{code.partition('<')[0]}")
    keep_picture(page, "set-password")
    check_page(page)


def test_somebody_signs_in_by_keyboard_alone(inbox: Inbox, open_page: Open) -> None:
    inbox.add("pa")
    page = open_page(path="/account")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("pa@example.org")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account")


def test_a_password_can_be_pasted(inbox: Inbox, open_page: Open) -> None:
    inbox.add("pa")
    page = open_page(path="/sign-in")
    page.get_by_label("E-mail address").fill(PASSWORD)
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+x")
    page.get_by_label("Password").focus()
    page.keyboard.press("Control+v")
    expect(page.get_by_label("Password")).to_have_value(PASSWORD)


def test_single_keys_work_are_listed_and_can_be_switched_off(open_page: Open) -> None:
    page = open_page("pa", "/account")
    page.keyboard.press("Shift+F")
    page.wait_for_url("**/facts")
    page.goto("/account")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog).to_contain_text("Go to Leads")
    dialog.get_by_label("Single keys work").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+F")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert page.url.endswith("/account")


def test_a_key_typed_into_a_field_is_a_letter(open_page: Open) -> None:
    page = open_page("pa", "/account")
    page.get_by_label("Present password").press_sequentially("F?z")
    expect(page.get_by_label("Present password")).to_have_value("F?z")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_all_of_it_works_without_javascript(inbox: Inbox, open_page: Open) -> None:
    inbox.add("admin")
    page = open_page(path="/people", width=360, java_script_enabled=False)
    sign_in(page, "admin@example.org")
    expect(page.get_by_role("heading", level=1)).to_have_text("People")
    page.get_by_label("Name").fill("Kim Example")
    page.get_by_label("E-mail address").fill("kim@example.org")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator("#secret")).to_contain_text("/set-password/")
    page.get_by_text("More", exact=True).click()
    page.get_by_role("link", name="Switches").click()
    page.get_by_label("Why").first.fill("a holiday")
    page.get_by_role("button", name="Switch off The chat").click()
    expect(page.get_by_role("status")).to_contain_text("is off")
    page.get_by_text("More", exact=True).click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_a_double_click_sends_a_form_once(inbox: Inbox, open_page: Open) -> None:
    page = open_page("admin", "/people")
    page.get_by_label("Name").fill("Kim Example")
    page.get_by_label("E-mail address").fill("kim@example.org")
    page.get_by_role("button", name="Add", exact=True).dblclick()
    expect(page.locator("#secret")).to_contain_text("/set-password/")
    assert inbox.rows("SELECT count(*) FROM password_link") == [(1,)]


def test_after_a_confirmation_somebody_is_withdrawn_and_without_it_not(inbox: Inbox, open_page: Open) -> None:
    inbox.add("pa")
    page = open_page("admin", "/people/1")
    answers = iter([False, True])
    page.on("dialog", lambda dialog: dialog.accept() if next(answers) else dialog.dismiss())
    button = page.get_by_role("button", name="Withdraw Pat Assistant")
    button.click()
    assert page.url.endswith("/people/1")
    button.click()
    expect(page.get_by_role("status")).to_contain_text("Pat Assistant is withdrawn")


def test_paper_shows_the_page_and_not_the_menu(open_page: Open) -> None:
    page = open_page("admin", "/people", scheme="dark")
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("header.top")).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"

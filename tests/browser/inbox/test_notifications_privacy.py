"""Notifications and privacy in a real Chromium: axe finds nothing in any state, and erasing works by keyboard and without JavaScript."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from office.base.heartbeats import beat
from office.base.staff import Staff
from office.enquiries.transcripts import write_message
from office.leads.model import LeadDetails, log_lead
from office.outbox.queue import claim_due, give_up, mark_failed, mark_sent
from tests.bot.inbox.inbox import Inbox
from tests.clock import NOW

Open = Callable[..., Page]
Check = Callable[[Page], None]
LOOKS = [(1280, "light"), (360, "dark")]
SHOTS = os.environ.get("USHER_SHOTS")  # a folder for pictures of what was looked at


@pytest.fixture
def filled(inbox: Inbox) -> str:
    """An outbox in every state, and a person with a conversation; the reference of their lead."""
    inbox.add("admin")
    references = []
    with inbox.database.transaction() as session:
        session.get(Staff, 1).telegram, session.get(Staff, 1).telegram_quiet = 70001, "22:00-07:00"
        session.get(Staff, 1).telegram_blocked = NOW
        session.get(Staff, 1).email_failing = "the mail server refused the address: 550 5.1.1 no such user " + "x" * 100
        for number in range(4):
            name = f"Robin Example-Longname {number}"
            write_message(session, f"talk{number}.signature", "visitor", "What does it cost, and may we visit? " * 5, now=NOW)
            details = LeadDetails(f"talk{number}.signature", "website", name, "St Anytown’s Church of England Primary School", "visit", NOW,
                                  email=f"robin.example.longname{number}@anytown-primary.example.org", phone="+44 7700 900123")  # fmt: skip
            references.append(str(log_lead(session, details, reply_within=2, now=NOW).reference))
        first, second, third, fourth = claim_due(session, "w", ["email", "telegram"], limit=4, now=NOW)
        mark_sent(session, first, now=NOW)
        give_up(session, second, "the mail server refused the address: 550 5.1.1 <somebody@example.org>: no such user", now=NOW)
        mark_failed(session, third, "the mail server cannot be reached (ConnectionRefusedError)", now=NOW)
        assert fourth
        write_message(session, "alone.signature", "visitor", "the talk of nobody in particular", now=NOW)
    return references[0]


def keep_picture(page: Page, name: str) -> None:
    if SHOTS:
        width = (page.viewport_size or {})["width"]
        page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_axe_finds_nothing_in_any_state(filled: str, inbox: Inbox, open_page: Open, check_page: Check, width: int, scheme: str) -> None:
    page = open_page("admin", "/notifications", width=width, scheme=scheme)

    def look(name: str) -> None:
        keep_picture(page, name)
        check_page(page)

    expect(page.get_by_role("alert")).to_contain_text("The worker is not running")
    look("notifications")
    with inbox.database.transaction() as session:
        beat(session, "worker", now=NOW)
    page.get_by_role("button", name="Send a test").click()
    expect(page.get_by_role("status")).to_contain_text("A test is on its way")
    look("notifications-tested")
    page.get_by_label("E-mail", exact=True).uncheck()
    page.get_by_label("Telegram", exact=True).uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#problems")).to_contain_text("Keep at least one way")
    look("notifications-wrong")
    page.goto("/privacy")
    look("privacy")
    page.goto("/privacy?q=robin")
    look("privacy-found")
    page.goto("/privacy?q=nobody+in+particular")
    look("privacy-conversation-found")
    page.goto("/privacy?q=nothing+at+all")
    look("privacy-nothing")
    page.goto(f"/privacy/leads/{filled}")
    look("privacy-person")
    page.get_by_label("to confirm").fill("wrong")
    page.get_by_role("button", name="Erase").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was erased")
    look("privacy-person-wrong")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_person_is_found_given_out_and_erased(filled: str, inbox: Inbox, open_page: Open, check_page: Check, javascript: bool) -> None:
    page = open_page("admin", "/privacy", java_script_enabled=javascript)
    page.get_by_label("words they wrote").fill("example-longname 0")
    page.keyboard.press("Enter")
    page.get_by_role("link", name=filled).click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the file").click()
    assert download.value.suggested_filename == f"usher-{filled}.json"
    assert "robin.example.longname0" in Path(download.value.path()).read_text()
    page.get_by_label("to confirm").fill(filled)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Erased: ")
    if javascript:
        check_page(page)
    page.goto(f"/privacy?q={filled}")
    expect(page.get_by_text("Nothing is held with these words")).to_be_visible()
    assert len(inbox.rows("SELECT id FROM lead")) == 3

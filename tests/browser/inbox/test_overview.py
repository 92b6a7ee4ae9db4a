from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from office.base.staff import Staff
from office.enquiries.log import log_enquiry
from office.leads.model import LeadDetails, log_lead
from office.leads.places import add_term, give_place, usual_term
from tests.bot.inbox.inbox import Inbox
from tests.clock import NOW

SIZES = [(1280, "light"), (360, "dark")]
SHOTS = os.environ.get("USHER_SHOTS")  # a folder, to look at what the tests saw


@pytest.fixture
def busy(inbox: Inbox) -> Inbox:
    """An inbox with ten weeks of enquiries, leads of two schools, and a term with one place given."""
    number = inbox.add("pa")
    with inbox.database.transaction() as session:
        staff = session.get(Staff, number)
        outcomes = ("answered", "answered", "clarify", "not_known", "chitchat", "answered", "declined")
        topics = ("cost", "membership", "governance_structure", "pensions", "how_to_join")
        for number in range(120):
            outcome, at = outcomes[number % 7], NOW - timedelta(hours=number * 14)
            question = {"text": "?", "trust": None, "topics": [topics[number % 5]], "outcome": outcome, "facts": [], "confidence": 1.0}
            log_enquiry(
                session,
                conversation=f"c-{number}",
                channel="website",
                text="?",
                withheld=False,
                outcome=outcome,
                questions=[question],
                now=at,
            )
        for number, phone in enumerate(("+44 7700 900123", "+44 7700 900123", None)):
            details = LeadDetails(
                f"c-{number}", "website", f"Sample Head {number}", f"Sample Primary School {number // 2}", "visit", NOW,
                email=f"head{number}@example.org", phone=phone, message="Please ring after school." * (number + 1),
            )  # fmt: skip
            log_lead(session, details, reply_within=2, now=NOW - timedelta(days=3 - number))
        year = NOW.year + 1
        term = usual_term(year, "spring")
        add_term(session, year, "spring", term.begins, term.ends, 2, by=staff, now=NOW)
        give_place(session, term.id, "Sample Primary School of a Very Long Name in the Parish of Nowhere", by=staff, now=NOW)
    return inbox


def look(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_the_overview_can_be_read_by_everybody(
    busy: Inbox, open_page: Callable[..., Page], check_page: Callable[[Page], None], width: int, scheme: str
) -> None:
    page = open_page("pa", "/overview", width=width, scheme=scheme)
    for image in page.get_by_role("img").all():
        image.scroll_into_view_if_needed()
        expect(image).to_have_js_property("complete", True)
        assert image.evaluate("image => image.naturalWidth") > 0
    check_page(page)
    look(page, f"overview-{width}-{scheme}")
    for table in page.locator("main details").all():
        table.locator("summary").click()
    page.evaluate("scrollTo(0, 0)")  # away from under the menu
    check_page(page)
    look(page, f"overview-open-{width}-{scheme}")


@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_places_and_duplicates_can_be_read_by_everybody(
    busy: Inbox, open_page: Callable[..., Page], check_page: Callable[[Page], None], width: int, scheme: str
) -> None:
    reference = busy.rows("SELECT reference FROM lead ORDER BY id")[0].reference
    page = open_page("pa", "/places", width=width, scheme=scheme)
    check_page(page)
    look(page, f"places-{width}-{scheme}")
    page.locator("details.card summary").last.click()
    page.evaluate("scrollTo(0, 0)")
    check_page(page)
    term = busy.rows("SELECT id FROM term")[0].id
    for path, name in ((f"/places/terms/{term}", "term"), (f"/leads/{reference}/duplicates", "duplicates")):
        page.goto(path)
        check_page(page)
        look(page, f"{name}-{width}-{scheme}")


def test_a_range_is_chosen_by_keyboard(busy: Inbox, open_page: Callable[..., Page]) -> None:
    page = open_page("staff", "/overview")
    page.get_by_role("link", name="7 days").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{busy.url}/overview?days=7")
    expect(page.get_by_role("link", name="7 days")).to_have_attribute("aria-current", "true")

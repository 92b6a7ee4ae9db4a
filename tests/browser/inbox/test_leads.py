"""The PA at her leads in a real Chromium: by mouse, by keyboard, on a phone, in the dark, without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from office.base.staff import Staff
from office.leads.changes import lead_of
from office.leads.places import Term
from office.leads.status import change_status
from office.leads.working import add_note, plan_action
from tests.bot.inbox.inbox import Inbox, post
from tests.bot.inbox.test_leads import add, talk, version_in

OpenPage = Callable[..., Page]


@pytest.fixture
def day(inbox: Inbox) -> str:
    """A day with leads of every kind; the reference of the first."""
    now = inbox.now()
    talk(inbox)
    first = add(inbox, wish="membership", message="After the holidays, please.\nThe office opens at eight.")
    others = [
        add(inbox, f"c{n}", now - timedelta(days=9 * (n % 2)), name=name, school=school, email=f"p{n}@school.example", wish="call_back")
        for n, (name, school) in enumerate(
            (("Siân ap Gwyn-O’Neill", "St Mary’s-on-the-Hill Church of England Primary School and Nursery"), ("Ng", "Elm"), ("Ben Sample", "Oak Primary"),
             ("Averylongnamewithoutanyspaceinitatallthatcouldbebroken", "A" * 120), ("Cat Sample", "Ash"))
        )
    ]  # fmt: skip
    number = inbox.add("pa")
    with inbox.database.transaction() as session:
        pa = session.get(Staff, number)
        session.add(Term(id="2090-spring", begins=date(2090, 1, 4), ends=date(2090, 3, 31), places=1))
        session.flush()
        mary, elm, *_, ash = (lead_of(session, reference) for reference in others)
        change_status(session, mary, "contacted", by=pa, now=now)
        plan_action(session, mary, "Ring again about the visit", now.date(), by=pa, now=now)
        add_note(session, mary, "On leave until Monday", by=pa, now=now)
        change_status(session, elm, "not_now", by=pa, now=now, revisit=now.date() + timedelta(days=40))
        change_status(session, ash, "closed", by=pa, now=now, reason="no answer")
    add(inbox, "again", name="Ng", school="Elm", email="p1@school.example")
    return first


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_every_page_is_good_for_everybody(
    day: str, inbox: Inbox, open_page: OpenPage, check_page: Callable[[Page], None], width: int, scheme: str
) -> None:
    page = open_page("pa", width=width, scheme=scheme)
    for path in ("/leads", "/leads?view=all", "/leads?q=nobody", "/leads?since=2027-02-29", "/leads/new", "/leads/views", "/leads/bulk?view=unread", f"/leads/{day}",
                 f"/leads/{day}/edit", f"/leads/{day}/print", "/leads?q=elm"):  # fmt: skip
        page.goto(path)
        check_page(page)
    page.goto(f"/leads/{day}")
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    check_page(page)


def test_pages_after_a_refusal_and_after_somebody_elses_change_are_good_too(
    day: str, inbox: Inbox, open_page: OpenPage, check_page: Callable[[Page], None]
) -> None:
    page, other = open_page("pa", f"/leads/{day}", width=360), inbox.sign_in("admin")
    edit = open_page("pa", f"/leads/{day}/edit", width=360)
    post(other, f"/leads/{day}/edit", version=version_in(other.get(f"/leads/{day}")), name="Zoë O’Brien", role="Executive head", school="Oak", email="z@oak.example", wish="visit")  # fmt: skip
    page.get_by_text("Close", exact=True).first.click()
    page.get_by_label("Reason").fill("moved away")
    page.get_by_role("button", name="Close").click()
    expect(page.get_by_role("heading", name="was changed meanwhile")).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="Do it all the same").click()
    expect(page.get_by_role("status")).to_contain_text("Closed")
    check_page(page)
    edit.get_by_label("School").fill("Oak Tree")
    edit.get_by_role("button", name="Save").click()
    expect(edit.get_by_role("table")).to_contain_text("Oak Tree")
    check_page(edit)
    edit.get_by_label("Name", exact=True).fill("")
    edit.evaluate("document.querySelectorAll('form').forEach(form => form.noValidate = true)")
    edit.get_by_role("button", name="Save these").click()
    expect(edit.get_by_role("alert")).to_contain_text("Please enter the name")
    check_page(edit)


def test_a_lead_is_worked_by_keys_alone(day: str, inbox: Inbox, open_page: OpenPage) -> None:
    page = open_page("pa", "/leads?view=unread&q=zoe")
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="Oak Primary", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Oak Primary", level=1)).to_be_visible()
    page.keyboard.press("c")
    expect(page.get_by_role("status")).to_contain_text("Status changed to Contacted")
    page.keyboard.press("z")
    expect(page.get_by_role("status")).to_contain_text("as before")
    assert ("new",) in inbox.rows(f"SELECT status FROM lead WHERE reference = '{day}'")
    page.keyboard.press("s")
    page.keyboard.type("c is a letter here")
    expect(page.get_by_label("New note")).to_have_value("c is a letter here")


def test_all_works_without_javascript(day: str, inbox: Inbox, open_page: OpenPage) -> None:
    page = open_page("pa", "/leads?q=zoe", java_script_enabled=False)
    page.get_by_role("button", name="Contacted").click()
    expect(page.get_by_role("status")).to_contain_text("Status changed to Contacted")
    expect(page).to_have_url(f"{inbox.url}/leads?q=zoe")
    page.get_by_role("link", name="Oak Primary", exact=True).click()
    page.get_by_label("What").fill("Send the brochure")
    due = inbox.now().date() + timedelta(days=30)
    page.get_by_role("textbox", name="By").fill(due.isoformat())
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.get_by_role("definition").filter(has_text=f"Send the brochure, by {due:%a %-d %b %Y}")).to_be_visible()
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(page.get_by_role("definition").filter(has_text="none planned")).to_be_visible()


def test_a_filter_is_kept_in_the_address_saved_and_found_again(day: str, inbox: Inbox, open_page: OpenPage) -> None:
    page = open_page("pa", "/leads")
    page.get_by_label("Names, schools, messages").fill("elm")
    page.get_by_label("Status").select_option("not_now")
    page.get_by_role("button", name="Show").first.click()
    page.wait_for_url("**/leads?*status=not_now*")
    page.get_by_label("Save this filter as").fill("Elms to come back to")
    page.get_by_role("button", name="Save").click()
    page.goto("/leads")
    page.get_by_role("link", name="Elms to come back to").click()
    expect(page.locator("tr.lead")).to_have_count(1)


def test_all_that_is_shown_is_changed_and_undone(day: str, inbox: Inbox, open_page: OpenPage) -> None:
    page = open_page("pa", "/leads?q=sample")
    shown = page.locator("tr.lead").count()
    page.get_by_role("link", name="Change all shown").click()
    page.get_by_label("Status").select_option("conversation")
    page.get_by_role("button", name="Change").click()
    expect(page.get_by_role("status")).to_contain_text("changed.")
    expect(page.locator("tr.lead").get_by_text("In conversation")).to_have_count(shown)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("tr.lead").get_by_text("In conversation")).to_have_count(0)

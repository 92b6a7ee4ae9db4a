"""Gaps, facts, preview and conversations in a real Chromium: answered from end to end, and looked at by axe at both widths."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.bot.inbox.inbox import Inbox
from tests.bot.inbox.test_facts import FEE, fee, staff_fact
from tests.bot.inbox.test_gaps import ANSWER, QUESTION, ask, outcome_of

__all__ = ["fee"]
SIZES = [(1280, "light"), (360, "dark")]
pytestmark = pytest.mark.usefixtures("readers")
SHOTS = os.environ.get("USHER_SHOTS")  # a folder, to look at what the tests saw


def shoot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


def test_a_gap_is_answered_in_the_browser_and_undone(inbox: Inbox, open_page: Callable[..., Page], fee: str) -> None:
    ask(inbox)
    page = open_page("pa", "/gaps")
    page.get_by_role("link", name=QUESTION).click()
    expect(page.get_by_label("Topic")).to_have_value("tupe")
    page.get_by_label("What the assistant says").fill(ANSWER)
    page.get_by_role("button", name="See what would change").click()
    expect(page.get_by_role("heading", name="What would change")).to_be_visible()
    expect(page.get_by_role("table", name="These questions")).to_contain_text("Source: Pat Assistant, Anytown")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Published: the assistant gives this answer from now on.")).to_be_visible()
    assert outcome_of(inbox, QUESTION) == "answered"
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("The gap is open again.")).to_be_visible()
    assert outcome_of(inbox, QUESTION) == "not_known"


def test_it_all_works_without_javascript(inbox: Inbox, open_page: Callable[..., Page], fee: str) -> None:
    ask(inbox)
    page = open_page("pa", "/gaps/1", java_script_enabled=False)
    page.get_by_label("Why").fill("each school decides")
    page.get_by_role("button", name="Set aside").click()
    expect(page.get_by_text("Set aside as not ours.")).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_every_page_and_state_is_in_order(
    inbox: Inbox, open_page: Callable[..., Page], check_page: Callable[[Page], None], fee: str, width: int, scheme: str
) -> None:
    ask(inbox)
    ask(inbox, "Would " + "verylongwordwithoutspaces" * 12 + " be taken over?", conversation="talk-2")
    staff_fact(inbox, says="Anytown closes early on that day.", valid_until=date(2026, 1, 1))
    staff_fact(inbox, says="Membership is £300 at Anytown.", values=({"kind": "amount", "of": "associate membership", "value": 300},))
    page = open_page("pa", "", width=width, scheme=scheme)
    for name, path in (
        ("gaps", "/gaps"), ("gap", "/gaps/1"), ("gap-long", "/gaps/2"), ("gaps-none", "/gaps?state=answered"), ("conversation", "/conversations/talk-1"),
        ("facts", "/facts"), ("facts-none", "/facts?q=aeroplane"), ("flags", "/facts/flags"), ("fact", f"/facts/{FEE}"), ("new", "/facts/new"),
        ("preview", "/preview"), ("reviewed-none", "/reviewed"),
    ):  # fmt: skip
        page.goto(path)
        check_page(page)
        shoot(page, f"{name}-{width}-{scheme}")
    page.goto("/gaps/1")
    page.get_by_label("What the assistant says").fill(ANSWER)
    page.get_by_role("button", name="See what would change").click()
    expect(page.get_by_role("heading", name="What would change")).to_be_visible()
    check_page(page)
    shoot(page, f"trial-{width}-{scheme}")
    page.goto("/gaps/1")
    page.get_by_label("What the assistant says").fill("One. Two. Three.")
    page.get_by_role("button", name="See what would change").click()
    expect(page.get_by_role("alert")).to_be_visible()
    check_page(page)
    shoot(page, f"wrong-{width}-{scheme}")
    page.goto("/preview")
    page.get_by_label("Question").fill("How much is associate membership?")
    page.get_by_role("button", name="Try it").click()
    expect(page.get_by_role("heading", name="It would say")).to_be_visible()
    check_page(page)
    shoot(page, f"tried-{width}-{scheme}")
    page.goto("/conversations/talk-1")
    page.get_by_role("button", name="Keep as a test question").click()
    check_page(page)
    page.goto("/reviewed")
    check_page(page)
    shoot(page, f"reviewed-{width}-{scheme}")
    page.goto(f"/facts/{FEE}")
    page.get_by_label("What the assistant says").fill("Membership is £260 at Anytown.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    check_page(page)
    shoot(page, f"edited-{width}-{scheme}")

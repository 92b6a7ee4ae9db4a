"""A shared computer: what rested is covered until the visitor says how to go on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from .fake_api import FakeUsher
from .visitor import Visitor, forbid_storage

ANEW, STAY = "Begin anew", "I'm still here, show it"


def covered(visitor: Visitor) -> Locator:
    """The offer, once it is there and nothing of the conversation is."""
    expect(visitor.rested).to_be_visible()
    expect(visitor.field).to_be_hidden()
    expect(visitor.panel.locator(".messages > li")).to_have_count(0)
    expect(visitor.button("Start again")).to_be_hidden()
    expect(visitor.panel).not_to_contain_text("£499")
    return visitor.rested


def come_back(visitor: Visitor, minutes: int = 61) -> None:
    """After a question and a rest, the page is opened anew."""
    visitor.opens().asks("How much does it cost?")
    visitor.rests(minutes)
    visitor.page.reload()


def test_what_rested_is_not_even_fetched_before_somebody_says_they_are_still_here(visitor: Visitor, usher: FakeUsher) -> None:
    visitor.opens().asks("How much does it cost?")
    visitor.field.fill("and for our school")
    visitor.rests(61)
    visitor.page.evaluate(
        "() => { const key = Object.keys(sessionStorage).find((key) => key.endsWith(':draft'));"
        " sessionStorage.setItem(key, JSON.stringify({...JSON.parse(sessionStorage.getItem(key)), at: Date.now() - 61 * 60_000})); }"
    )
    usher.calls.clear()
    visitor.page.reload()
    covered(visitor)
    assert usher.calls == ["GET /api/start"]
    assert visitor.page.evaluate("Object.keys(sessionStorage)") == ["usher-chat:open"]  # the draft is gone
    visitor.button(STAY).dblclick()
    expect(visitor.replies).to_have_count(1)
    expect(visitor.replies.last).to_contain_text("£499")
    expect(visitor.field).to_be_focused()
    expect(visitor.field).to_have_value("")
    visitor.page.reload()
    expect(visitor.replies).to_have_count(1)
    expect(visitor.asks("How long does it last?")).to_contain_text("one term")
    assert len(usher.conversations) == 1


def test_who_begins_anew_sees_and_continues_nothing(visitor: Visitor, usher: FakeUsher) -> None:
    come_back(visitor)
    covered(visitor)
    visitor.button(ANEW).dblclick()
    expect(visitor.field).to_be_focused()
    expect(visitor.rested).to_be_hidden()
    expect(visitor.messages).to_have_count(0)
    assert visitor.storage()["local"] == 0
    visitor.asks("How long does it last?")
    expect(visitor.messages).to_have_count(1)
    assert [post["conversation"] for post in usher.posts] == [None, None]
    assert [len(messages) for messages in usher.conversations.values()] == [2, 2]  # nobody's words are erased by whoever sits there


@pytest.mark.parametrize(
    ("setting", "minutes", "asks"), [(60, 59, False), (60, 61, True), (5, 6, True), (300, 61, False), (0, 10_000, False)]
)
def test_a_setting_says_how_long_a_rest_is(visitor: Visitor, usher: FakeUsher, setting: int, minutes: int, asks: bool) -> None:
    usher.rest_minutes = setting
    come_back(visitor, minutes)
    if asks:
        covered(visitor)
    else:
        expect(visitor.replies.last).to_contain_text("£499")
        expect(visitor.rested).to_be_hidden()


def test_an_open_page_covers_itself_and_its_draft(page: Page, usher: FakeUsher) -> None:
    page.clock.install()
    visitor = Visitor(page).opens()
    visitor.asks("How much does it cost?")
    visitor.field.fill("Our budget is")
    page.clock.fast_forward("59:00")
    expect(visitor.replies).to_have_count(1)
    visitor.field.press_sequentially(" small")  # who types is here
    page.clock.fast_forward("59:00")
    expect(visitor.field).to_have_value("Our budget is small")
    page.clock.fast_forward("02:00")
    covered(visitor)
    expect(visitor.button(ANEW)).to_be_focused()
    expect(visitor.status).to_have_text("This conversation rested for a while. Begin anew?")
    assert page.evaluate("Object.keys(sessionStorage)") == ["usher-chat:open"]
    visitor.button(STAY).click()
    expect(visitor.replies).to_have_count(1)
    expect(visitor.field).to_have_value("")
    page.clock.fast_forward("01:01:00")
    covered(visitor)


def test_focus_elsewhere_on_the_page_is_left_alone(page: Page) -> None:
    page.clock.install()
    visitor = Visitor(page).opens()
    visitor.asks("How much does it cost?")
    link = page.get_by_role("link", name="Privacy").first
    link.focus()
    page.clock.fast_forward("01:01:00")
    covered(visitor)
    expect(link).to_be_focused()


def test_a_closed_panel_opens_covered(page: Page) -> None:
    page.clock.install()
    visitor = Visitor(page).opens()
    visitor.asks("How much does it cost?")
    visitor.button("Close chat").click()
    page.clock.fast_forward("01:01:00")
    visitor.launcher.click()
    covered(visitor)
    expect(visitor.button(ANEW)).to_be_focused()
    page.keyboard.press("Escape")
    expect(visitor.launcher).to_be_focused()
    page.keyboard.press("Enter")
    covered(visitor)


def test_two_tabs_rest_and_go_on_together(visitor: Visitor, usher: FakeUsher) -> None:
    come_back(visitor)
    covered(visitor)
    other = Visitor(visitor.page.context.new_page())
    other.page.goto("/privacy")
    other.launcher.click()
    covered(other)
    visitor.button(STAY).click()
    for tab in (visitor, other):
        expect(tab.replies).to_have_count(1)
    visitor.rests(61)
    for tab in (visitor, other):
        tab.page.reload()
        covered(tab)
    other.button(ANEW).click()
    expect(visitor.rested).to_be_hidden()
    expect(visitor.messages).to_have_count(0)
    other.asks("How long does it last?")
    expect(visitor.messages).to_have_text(["You: How long does it last?"])
    assert len(usher.conversations) == 2


def test_a_tab_in_use_keeps_the_others_open(page: Page) -> None:
    page.context.clock.install()
    visitor, other = Visitor(page), Visitor(page.context.new_page())
    other.page.goto("/privacy")
    for tab in (visitor, other):
        tab.opens()
    visitor.asks("How much does it cost?")
    expect(other.replies).to_have_count(1)
    page.context.clock.fast_forward("40:00")
    visitor.asks("How long does it last?")
    page.context.clock.fast_forward("40:00")
    expect(other.replies).to_have_count(2)
    expect(other.rested).to_be_hidden()


def test_it_is_asked_where_storage_is_forbidden_too(page: Page, usher: FakeUsher) -> None:
    page.clock.install()
    forbid_storage(page)
    visitor = Visitor(page).opens()
    visitor.asks("How much does it cost?")
    page.clock.fast_forward("01:01:00")
    covered(visitor)
    visitor.button(STAY).click()
    expect(visitor.replies).to_have_count(1)
    page.clock.fast_forward("01:01:00")
    visitor.button(ANEW).click()
    visitor.asks("How long does it last?")
    assert [post["conversation"] for post in usher.posts] == [None, None]


def test_a_full_storage_does_not_cover_for_ever(page: Page) -> None:
    page.add_init_script("Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };")
    page.goto("/")
    page.evaluate(
        "() => Object.defineProperty(localStorage, 'getItem', {value: (key) => (key.endsWith(':at') ? '1' : 'c1.signed-by-the-server')})"
    )
    visitor = Visitor(page)
    visitor.launcher.click()
    expect(visitor.rested).to_be_visible()
    visitor.button(STAY).click()
    expect(visitor.rested).to_be_hidden()
    expect(visitor.field).to_be_focused()


def test_what_is_written_before_the_rest_is_found_out_goes_where_the_visitor_says(visitor: Visitor, usher: FakeUsher) -> None:
    come_back(visitor)
    covered(visitor)
    held: list[Callable[[], None]] = []
    visitor.page.route("**/api/start", lambda route: held.append(route.continue_))
    visitor.page.reload()
    visitor.types("How long does it last?")
    assert len(usher.posts) == 1
    held.pop()()
    covered(visitor)
    assert len(usher.posts) == 1
    visitor.button(ANEW).click()
    expect(visitor.replies.last).to_contain_text("one term")
    assert [post["conversation"] for post in usher.posts] == [None, None]


def test_a_server_that_is_away_uncovers_nothing(visitor: Visitor, usher: FakeUsher) -> None:
    visitor.opens().asks("How much does it cost?")
    visitor.rests(61)
    usher.down = True
    visitor.page.reload()
    covered(visitor)
    expect(visitor.notice).to_contain_text("cannot be reached")
    usher.down = False
    expect(visitor.notice).to_be_hidden()
    covered(visitor)


def test_on_a_phone_the_offer_comes_first_too(new_context: Callable[..., BrowserContext]) -> None:
    page = new_context(360, 640, has_touch=True, is_mobile=True).new_page()
    page.goto("/")
    visitor = Visitor(page)
    come_back(visitor)
    visitor.launcher.click()
    covered(visitor)
    expect(visitor.button(ANEW)).to_be_focused()
    visitor.button(STAY).tap()
    expect(visitor.replies).to_have_count(1)

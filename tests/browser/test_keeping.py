"""The conversation survives reloads, other tabs, lost connections and a server that is away."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from .fake_api import CONTACT, FakeUsher
from .visitor import Visitor, forbid_storage


def test_a_reload_and_another_page_keep_the_conversation(visitor: Visitor) -> None:
    visitor.opens().asks("How much does it cost?")
    visitor.page.reload()
    expect(visitor.replies).to_have_count(1)
    visitor.page.goto("/privacy")
    expect(visitor.replies.last).to_contain_text("£499")
    expect(visitor.page.locator("body")).to_be_focused()
    expect(visitor.asks("How long does it last?")).to_contain_text("one term")


def test_no_address_holds_the_id_of_the_conversation(visitor: Visitor, usher: FakeUsher) -> None:
    addresses: list[str] = []
    visitor.page.context.on("request", lambda request: addresses.append(request.url))
    reply = visitor.opens().asks("How much does it cost?")
    reply.get_by_role("button", name="Yes, helpful").click()
    visitor.page.reload()
    expect(visitor.replies.last.get_by_role("button", name="Yes, helpful")).to_have_attribute("aria-pressed", "true")
    visitor.button("Start again").click()
    visitor.button("Erase and start again").click()
    expect(visitor.messages).to_have_count(0)
    for call in ("GET /api/conversation", "DELETE /api/conversation", "POST /api/conversation/feedback"):
        assert call in usher.calls
    assert len(addresses) > 5 and not [address for address in addresses if "signed-by-the-server" in address]


def test_a_closed_panel_stays_closed_and_finds_the_conversation_again(visitor: Visitor) -> None:
    visitor.opens().asks("How much does it cost?")
    visitor.button("Close chat").click()
    visitor.page.reload()
    expect(visitor.launcher).to_be_visible()
    expect(visitor.panel).to_be_hidden()
    visitor.opens()
    expect(visitor.replies.last).to_contain_text("£499")


def test_the_button_pressed_before_a_reload_is_still_marked(visitor: Visitor) -> None:
    first = visitor.opens().asks("this is unclear")
    first.get_by_role("button", name="The fee").click()
    expect(visitor.replies).to_have_count(2)
    visitor.page.reload()
    expect(visitor.replies.first.get_by_role("button", name="You chose: The fee")).to_be_disabled()


def test_two_tabs_show_one_conversation(visitor: Visitor, usher: FakeUsher) -> None:
    other = Visitor(visitor.page.context.new_page())
    other.page.goto("/privacy")
    other.opens()
    visitor.opens().asks("How much does it cost?")
    expect(other.replies.last).to_contain_text("£499")
    other.asks("How long does it last?")
    expect(visitor.replies.last).to_contain_text("one term")
    expect(visitor.messages).to_have_count(2)
    visitor.button("Start again").click()
    visitor.button("Erase and start again").click()
    expect(other.messages).to_have_count(0)
    assert usher.conversations == {}


def test_two_tabs_that_speak_first_at_once_share_one_conversation(visitor: Visitor, usher: FakeUsher) -> None:
    other = Visitor(visitor.page.context.new_page())
    other.page.goto("/")
    other.opens()
    visitor.opens()
    usher.hold.clear()
    visitor.types("How much does it cost?")
    other.types("How long does it last?")
    usher.hold.set()
    for tab in (visitor, other):
        expect(tab.replies).to_have_count(2)
        expect(tab.messages).to_have_count(2)
    assert len(usher.conversations) == 1


def test_a_reply_lost_on_the_way_is_fetched_and_the_message_not_sent_again(visitor: Visitor, usher: FakeUsher) -> None:
    visitor.opens().asks("How long does it last?")
    usher.mishaps.append("drop_after")
    visitor.types("How much does it cost?")
    expect(visitor.replies.last).to_contain_text("£499")
    expect(visitor.status).to_contain_text("£499")
    expect(visitor.messages).to_have_count(2)
    expect(visitor.panel.locator(".typing")).to_have_count(0)
    assert usher.said() == ["How long does it last?", "How much does it cost?"]


def test_a_message_that_the_browser_sent_again_by_itself_is_heard_once(visitor: Visitor, usher: FakeUsher) -> None:
    usher.keep_alive = True
    visitor.opens().asks("How long does it last?")
    usher.mishaps.append("drop_after")
    expect(visitor.asks("How much does it cost?")).to_contain_text("£499")
    expect(visitor.messages).to_have_count(2)
    assert usher.said() == ["How long does it last?", "How much does it cost?"]


def test_a_reply_that_comes_after_the_connection_broke_is_waited_for(visitor: Visitor, usher: FakeUsher) -> None:
    visitor.opens().asks("How long does it last?")
    usher.hold.clear()
    usher.mishaps.append("no_reply_yet")
    with visitor.page.expect_response("**/api/conversation?after=2"):
        visitor.types("How much does it cost?")
    expect(visitor.panel.locator(".typing")).to_be_visible()
    usher.hold.set()
    expect(visitor.replies.last).to_contain_text("£499")
    expect(visitor.panel.locator(".typing")).to_have_count(0)
    assert len(usher.said()) == 2


@pytest.mark.parametrize("before", [(), ("How long does it last?",)], ids=["the first message", "a later one"])
def test_a_reload_before_the_reply_shows_that_it_is_written_and_then_the_reply(
    visitor: Visitor, usher: FakeUsher, before: tuple[str, ...]
) -> None:
    visitor.opens()
    for text in before:
        visitor.asks(text)
    usher.hold.clear()
    with visitor.page.expect_request("**/api/chat"):
        visitor.types("How much does it cost?")
    expect(visitor.typing).to_be_visible()
    for page in ("/", "/privacy"):
        visitor.page.goto(page)
        expect(visitor.messages.last).to_contain_text("How much does it cost?")
        expect(visitor.typing).to_be_visible()
    usher.hold.set()
    expect(visitor.replies.last).to_contain_text("£499")
    expect(visitor.status).to_contain_text("£499")
    expect(visitor.typing).to_have_count(0)
    expect(visitor.messages).to_have_count(len(before) + 1)
    assert usher.said() == [*before, "How much does it cost?"]
    visitor.page.reload()
    expect(visitor.replies).to_have_count(len(before) + 1)
    expect(visitor.messages).to_have_count(len(before) + 1)
    assert usher.said() == [*before, "How much does it cost?"]


def test_a_reload_shows_what_was_typed_once_though_the_server_masks_it(visitor: Visitor, usher: FakeUsher) -> None:
    said = "I'm Pat Lowe, ring 01632 960123. How much does it cost?"
    usher.masked[said] = "I'm [name], ring [phone]. How much does it cost?"
    visitor.opens().asks("How long does it last?")
    usher.hold.clear()
    with visitor.page.expect_request("**/api/chat"):
        visitor.types(said)
    expect(visitor.typing).to_be_visible()
    visitor.page.reload()
    expect(visitor.messages).to_have_text(["You: How long does it last?", f"You: {said}"])
    expect(visitor.typing).to_be_visible()
    usher.hold.set()
    expect(visitor.replies).to_have_count(2)
    expect(visitor.messages).to_have_text(["You: How long does it last?", f"You: {said}"])
    assert len(usher.said()) == 2


def test_the_same_words_twice_are_both_sent_though_the_page_is_left(visitor: Visitor, usher: FakeUsher) -> None:
    visitor.opens().asks("yes")
    usher.mishaps.append("drop_before")
    visitor.types("yes")
    expect(visitor.messages.last).to_contain_text("Not sent.")
    visitor.page.reload()
    expect(visitor.messages).to_have_count(2)
    expect(visitor.messages.last).to_contain_text("Not sent.")
    visitor.messages.last.get_by_role("button", name="Try again").dblclick()
    expect(visitor.replies).to_have_count(2)
    assert usher.said() == ["yes", "yes"]


def test_a_page_opened_while_a_reply_is_written_waits_for_it_too(visitor: Visitor, usher: FakeUsher) -> None:
    visitor.opens().asks("How long does it last?")
    usher.hold.clear()
    visitor.types("How much does it cost?")
    expect(visitor.typing).to_be_visible()
    other = Visitor(visitor.page.context.new_page())
    other.page.goto("/privacy")
    other.opens()
    expect(other.typing).to_be_visible()
    expect(other.messages.last).to_contain_text("How much does it cost?")
    usher.hold.set()
    for tab in (visitor, other):
        expect(tab.replies.last).to_contain_text("£499")
        expect(tab.typing).to_have_count(0)
        expect(tab.messages).to_have_count(2)
    assert len(usher.said()) == 2


def test_an_answer_that_never_comes_is_not_waited_for_for_ever(visitor: Visitor, usher: FakeUsher) -> None:
    visitor.opens().asks("How long does it last?")
    usher.hear(next(iter(usher.conversations)), "How much does it cost?")
    visitor.page.clock.install()
    visitor.page.reload()
    expect(visitor.typing).to_be_visible()
    looks = usher.calls.count("GET /api/conversation")
    while not visitor.messages.last.get_by_text("No answer came. Please ask again.").is_visible():
        visitor.page.clock.run_for(1_000)
        assert usher.calls.count("GET /api/conversation") < looks + 12
    expect(visitor.typing).to_have_count(0)
    expect(visitor.messages.last.get_by_role("button")).to_have_count(0)  # its words may be masked there
    visitor.page.clock.resume()
    expect(visitor.asks("How much does it cost?")).to_contain_text("£499")


def test_a_message_that_the_server_took_back_is_said_to_have_no_answer(visitor: Visitor, usher: FakeUsher) -> None:
    visitor.opens().asks("How long does it last?")
    conversation = next(iter(usher.conversations))
    usher.hear(conversation, "How much does it cost?")
    visitor.page.reload()
    expect(visitor.typing).to_be_visible()
    usher.conversations[conversation].pop()
    expect(visitor.messages.last).to_contain_text("No answer came. Please ask again.")
    expect(visitor.typing).to_have_count(0)
    expect(visitor.asks("How much does it cost?")).to_contain_text("£499")


def test_a_draft_stays_in_its_tab_until_it_is_sent(visitor: Visitor, usher: FakeUsher) -> None:
    visitor.opens().asks("How long does it last?")
    visitor.field.fill("We are a small\nprimary")
    visitor.page.reload()
    expect(visitor.field).to_have_value("We are a small\nprimary")
    visitor.page.goto("/privacy")
    expect(visitor.field).to_have_value("We are a small\nprimary")
    visitor.button("Close chat").click()
    visitor.opens()
    expect(visitor.field).to_have_value("We are a small\nprimary")
    other = Visitor(visitor.page.context.new_page())
    other.page.goto("/")
    other.opens()
    expect(other.replies).to_have_count(1)
    expect(other.field).to_have_value("")
    visitor.field.press("Enter")
    expect(visitor.replies).to_have_count(2)
    visitor.page.reload()
    expect(visitor.replies).to_have_count(2)
    expect(visitor.field).to_have_value("")
    assert usher.said()[-1] == "We are a small\nprimary"
    assert visitor.page.evaluate("Object.keys(sessionStorage)") == ["usher-chat:open"]


def test_a_draft_that_is_deleted_or_broken_is_no_draft(visitor: Visitor) -> None:
    visitor.opens().field.fill("We are")
    visitor.field.fill(" ")
    assert visitor.page.evaluate("Object.keys(sessionStorage)") == ["usher-chat:open"]
    key = f"usher-chat:{visitor.page.url}api/chat"
    for broken in ("{", "1", '{"text": 1}', '{"text": "old", "at": 1}', '{"text": "undated"}'):
        visitor.page.evaluate("([key, kept]) => sessionStorage.setItem(key, kept)", [f"{key}:draft", broken])
        visitor.page.evaluate("([key, kept]) => sessionStorage.setItem(key, kept)", [f"{key}:unsent", broken])
        visitor.page.reload()
        expect(visitor.button("How do we join?")).to_be_visible()
        expect(visitor.field).to_have_value("")


def test_a_message_that_never_arrived_can_be_tried_again(visitor: Visitor, usher: FakeUsher) -> None:
    visitor.opens().asks("How long does it last?")
    usher.mishaps.append("drop_before")
    visitor.types("How much does it cost?")
    expect(visitor.messages.last).to_contain_text("Not sent.")
    assert len(usher.said()) == 1
    visitor.messages.last.get_by_role("button", name="Try again").dblclick()
    expect(visitor.replies.last).to_contain_text("£499")
    expect(visitor.messages).to_have_count(2)
    expect(visitor.panel).not_to_contain_text("Not sent")
    assert usher.said() == ["How long does it last?", "How much does it cost?"]


def test_what_was_said_while_the_connection_was_lost_is_fetched(visitor: Visitor, usher: FakeUsher) -> None:
    visitor.opens().asks("How long does it last?")
    visitor.page.context.set_offline(True)
    expect(visitor.notice).to_contain_text("offline")
    conversation = next(iter(usher.conversations))
    usher.hear(conversation, "How much does it cost?")
    usher.answer(conversation, "How much does it cost?")
    visitor.page.context.set_offline(False)
    expect(visitor.replies.last).to_contain_text("£499")
    expect(visitor.notice).to_be_hidden()


def test_a_message_sent_offline_waits_for_the_visitor(visitor: Visitor, usher: FakeUsher) -> None:
    visitor.opens().asks("How long does it last?")
    visitor.page.context.set_offline(True)
    visitor.types("How much does it cost?")
    expect(visitor.messages.last).to_contain_text("Not sent.")
    visitor.page.context.set_offline(False)
    expect(visitor.notice).to_be_hidden()
    visitor.messages.last.get_by_role("button", name="Try again").click()
    expect(visitor.replies.last).to_contain_text("£499")
    assert len(usher.said()) == 2


def test_a_server_that_is_away_leaves_the_contact_details(visitor: Visitor, usher: FakeUsher) -> None:
    usher.down = True
    visitor.opens()
    expect(visitor.notice).to_contain_text("cannot be reached")
    expect(visitor.notice.get_by_role("link", name=CONTACT["phone"])).to_be_visible()
    expect(visitor.notice.get_by_role("link", name=CONTACT["email"])).to_be_visible()
    expect(visitor.status).to_contain_text(CONTACT["phone"])
    usher.down = False
    expect(visitor.button("How much does it cost?")).to_be_visible()
    expect(visitor.notice).to_be_hidden()


def test_a_503_shows_the_contact_and_keeps_the_message(visitor: Visitor, usher: FakeUsher) -> None:
    visitor.opens()
    usher.mishaps.append("away")
    visitor.types("How much does it cost?")
    expect(visitor.notice).to_contain_text(CONTACT["phone"])
    expect(visitor.messages.last).to_contain_text("No answer came.")
    visitor.messages.last.get_by_role("button", name="Try again").click()
    expect(visitor.replies.last).to_contain_text("£499")
    expect(visitor.notice).to_be_hidden()


def test_too_many_messages_are_said_to_be_too_many(visitor: Visitor, usher: FakeUsher) -> None:
    visitor.opens()
    usher.mishaps.append("flood")
    visitor.types("How much does it cost?")
    expect(visitor.messages.last).to_contain_text("too many messages")


def test_a_conversation_the_server_lost_starts_anew_quietly(visitor: Visitor, usher: FakeUsher) -> None:
    visitor.opens().asks("this is unclear").get_by_role("button", name="The fee")
    usher.conversations.clear()
    visitor.replies.last.get_by_role("button", name="The fee").click()
    expect(visitor.replies).to_have_count(2)
    assert usher.said() == ["The fee"]
    usher.conversations.clear()
    visitor.page.reload()
    expect(visitor.button("How much does it cost?")).to_be_visible()
    expect(visitor.notice).to_be_hidden()
    visitor.asks("How long does it last?")
    assert usher.said() == ["How long does it last?"]


def test_it_works_where_storage_is_forbidden(page: Page, usher: FakeUsher) -> None:
    forbid_storage(page)
    visitor = Visitor(page).opens()
    visitor.asks("How much does it cost?")
    visitor.button("Close chat").click()
    visitor.opens()
    visitor.asks("How long does it last?")
    assert len(usher.conversations) == 1
    assert [post["conversation"] for post in usher.posts] == [None, "c1.signed-by-the-server"]

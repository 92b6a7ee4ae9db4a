"""The conversation survives reloads, other tabs, lost connections and a server that is away."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from .fake_api import CONTACT, FakeUsher
from .visitor import Visitor


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
    page.add_init_script(
        "for (const name of ['localStorage', 'sessionStorage'])"
        " Object.defineProperty(window, name, {get() { throw new DOMException('no', 'SecurityError'); }});"
    )
    page.reload()
    visitor = Visitor(page).opens()
    visitor.asks("How much does it cost?")
    visitor.button("Close chat").click()
    visitor.opens()
    visitor.asks("How long does it last?")
    assert len(usher.conversations) == 1
    assert [post["conversation"] for post in usher.posts] == [None, "c1.signed-by-the-server"]

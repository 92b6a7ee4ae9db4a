"""Opening, asking, choosing, starting again."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from .fake_api import SOURCE_LINE, START, FakeUsher
from .visitor import Visitor


def test_nothing_is_stored_or_asked_before_the_visitor_opens_it(visitor: Visitor, usher: FakeUsher) -> None:
    expect(visitor.launcher).to_be_visible()
    visitor.page.wait_for_load_state("networkidle")
    assert usher.calls == []
    assert visitor.storage() == {"local": 0, "session": 0, "cookies": 0, "databases": 0}


def test_one_tag_without_attributes_is_enough(page: Page) -> None:
    page.goto("/bare")
    visitor = Visitor(page).opens()
    expect(visitor.asks("How much does it cost?")).to_contain_text("£499")


def test_it_says_what_it_is_and_links_the_privacy_notice(visitor: Visitor) -> None:
    visitor.opens()
    expect(visitor.panel).to_have_accessible_name("Anytown Academy Trust")
    expect(visitor.panel).to_contain_text("Automated assistant")
    expect(visitor.panel).to_contain_text(START["covers"])
    expect(visitor.panel.get_by_role("link", name="Privacy notice")).to_have_attribute("href", "/privacy")


def test_opening_moves_focus_to_the_field_and_escape_returns_it(visitor: Visitor) -> None:
    visitor.launcher.focus()
    visitor.page.keyboard.press("Enter")
    expect(visitor.field).to_be_focused()
    visitor.page.keyboard.press("Escape")
    expect(visitor.panel).to_be_hidden()
    expect(visitor.launcher).to_be_focused()


def test_close_button_returns_focus_too(visitor: Visitor) -> None:
    visitor.opens().button("Close chat").click()
    expect(visitor.panel).to_be_hidden()
    expect(visitor.launcher).to_be_focused()


def test_a_question_gets_its_reply_with_a_quiet_source_line(visitor: Visitor) -> None:
    reply = visitor.opens().asks("How much does it cost?")
    expect(reply).to_contain_text("£499")
    source = reply.locator(".source")
    expect(source).to_have_text(SOURCE_LINE)
    assert source.evaluate("it => parseFloat(getComputedStyle(it).fontSize) < parseFloat(getComputedStyle(it.parentElement).fontSize)")
    expect(visitor.field).to_be_focused()
    expect(visitor.field).to_have_value("")


def test_lines_with_dashes_become_a_list(visitor: Visitor) -> None:
    reply = visitor.opens().asks("what business support is there?")
    expect(reply.locator(".points").get_by_role("listitem")).to_have_text(
        ["Finance and payroll", "HR advice", "ICT and data protection", "Premises and insurance"]
    )


def test_phone_and_mail_become_links(visitor: Visitor) -> None:
    reply = visitor.opens().asks("Do we keep our uniform?")
    expect(reply.get_by_role("link", name="01632 960123")).to_have_attribute("href", "tel:01632960123")
    expect(reply.get_by_role("link", name="robin@anytown.example")).to_have_attribute("href", "mailto:robin@anytown.example")


def test_script_text_stays_text(visitor: Visitor, usher: FakeUsher) -> None:
    wicked = '<img src=x onerror=alert(1)><script>alert(2)</script> javascript:alert(3) https://x.example/"onclick=alert(4)'
    visitor.page.on("dialog", lambda dialog: (_ for _ in ()).throw(AssertionError(dialog.message)))
    visitor.opens().asks(wicked)
    expect(visitor.messages.last).to_contain_text(wicked)
    conversation = next(iter(usher.conversations))
    usher.hear(conversation, "and now the assistant")
    usher.answer(conversation, wicked)
    usher.conversations[conversation][-1].update(text=f"- {wicked}\n{wicked}", buttons=[{"id": "x", "title": wicked}])
    visitor.page.reload()
    expect(visitor.replies).to_have_count(2)
    expect(visitor.replies.last).to_contain_text(wicked)
    assert visitor.panel.locator("img, script").count() == 0
    hrefs = visitor.replies.last.locator("a").evaluate_all("links => links.map((link) => link.href)")
    assert set(hrefs) == {"https://x.example/"}


def test_first_questions_are_sent_as_typed_text(visitor: Visitor, usher: FakeUsher) -> None:
    visitor.opens().button("How much does it cost?").dblclick()
    expect(visitor.replies).to_have_count(1)
    assert usher.posts == [{"conversation": None, "message": "How much does it cost?"}]
    expect(visitor.panel.locator(".opening").get_by_role("button", name="You chose: How much does it cost?")).to_be_disabled()
    expect(visitor.panel.locator(".opening").get_by_role("button", name="How do we join?")).to_be_enabled()


def test_a_button_works_once_and_stays_readable(visitor: Visitor, usher: FakeUsher) -> None:
    first = visitor.opens().asks("this is unclear")
    first.get_by_role("button", name="The fee").focus()
    visitor.page.keyboard.press("Enter")
    visitor.page.keyboard.press("Enter")
    expect(visitor.replies).to_have_count(2)
    chosen = first.get_by_role("button", name="You chose: The fee")
    expect(chosen).to_be_disabled()
    expect(chosen).to_be_focused()
    expect(first.get_by_role("button", name="Something else")).to_be_disabled()
    first.get_by_role("button", name="Something else").click(force=True)
    visitor.asks("how much?")
    assert [post.get("choice") for post in usher.posts] == [None, "2-0", None]
    assert usher.said() == ["this is unclear", "The fee", "how much?"]


def test_enter_twice_sends_once_and_shift_enter_makes_a_line(visitor: Visitor, usher: FakeUsher) -> None:
    visitor.opens().field.press_sequentially("one")
    visitor.page.keyboard.press("Shift+Enter")
    visitor.page.keyboard.type("two")
    visitor.page.keyboard.press("Enter")
    visitor.page.keyboard.press("Enter")
    expect(visitor.replies).to_have_count(1)
    assert usher.said() == ["one\ntwo"]


def test_enter_that_ends_a_composition_does_not_send(visitor: Visitor, usher: FakeUsher) -> None:
    visitor.opens().field.fill("にほん")
    for guard in ("{isComposing: true}", "{keyCode: 229}"):
        visitor.field.evaluate(
            f"it => it.dispatchEvent(new KeyboardEvent('keydown', {{key: 'Enter', bubbles: true, cancelable: true, ...{guard}}}))"
        )
    expect(visitor.field).to_have_value("にほん")
    expect(visitor.messages).to_have_count(0)
    visitor.field.press("Enter")
    expect(visitor.replies).to_have_count(1)  # its words would reach the next test's server otherwise


def test_a_second_message_waits_its_turn(visitor: Visitor, usher: FakeUsher) -> None:
    visitor.opens()
    usher.hold.clear()
    visitor.types("How much does it cost?")
    expect(visitor.panel.locator(".typing")).to_be_visible()
    expect(visitor.field).to_be_enabled()
    visitor.types("How long does it last?")
    expect(visitor.messages).to_have_count(2)
    assert "How long does it last?" not in usher.said()
    usher.hold.set()
    expect(visitor.replies).to_have_count(2)
    expect(visitor.panel.locator(".typing")).to_have_count(0)
    assert usher.said() == ["How much does it cost?", "How long does it last?"]
    order = visitor.panel.locator(".messages > li").evaluate_all("items => items.map((item) => item.className)")
    assert order == ["visitor", "assistant", "visitor", "assistant"]


def test_long_text_is_counted_near_the_limit(visitor: Visitor) -> None:
    counter = visitor.opens().panel.locator("#left")
    visitor.field.fill("a" * 1_700)
    expect(counter).to_be_hidden()
    visitor.field.fill("a" * 1_999)
    expect(counter).to_have_text("1 character left")
    visitor.field.press_sequentially("bc")
    expect(counter).to_have_text("0 characters left")
    assert len(visitor.field.input_value()) == 2_000


def test_only_the_new_reply_is_announced(visitor: Visitor) -> None:
    visitor.opens()
    assert visitor.panel.locator("[aria-live]:not([aria-live=off]), [role=alert], [role=status]").count() == 1
    expect(visitor.status).to_have_text("")
    visitor.asks("How much does it cost?")
    expect(visitor.status).to_contain_text("£499")
    visitor.asks("How long does it last?")
    expect(visitor.status).to_contain_text("one term")
    expect(visitor.status).not_to_contain_text("£499")
    visitor.page.reload()
    expect(visitor.replies).to_have_count(2)
    expect(visitor.status).to_have_text("")


def test_focus_stays_where_it_is_when_a_reply_comes(visitor: Visitor, usher: FakeUsher) -> None:
    visitor.opens()
    usher.hold.clear()
    visitor.types("How much does it cost?")
    visitor.button("Close chat").focus()
    usher.hold.set()
    expect(visitor.replies).to_have_count(1)
    expect(visitor.button("Close chat")).to_be_focused()


def test_shift_tab_in_the_field_leads_to_the_first_choice_and_tab_back(visitor: Visitor, usher: FakeUsher) -> None:
    visitor.opens()
    expect(visitor.button("How do we join?")).to_be_visible()
    visitor.page.keyboard.press("Shift+Tab")
    expect(visitor.button("How much does it cost?")).to_be_focused()
    visitor.asks("this is unclear")
    visitor.asks("How much does it cost?")
    reply = visitor.asks("this is unclear")
    expect(visitor.status).to_contain_text("3 choices, right before the field: Shift+Tab.")
    expect(visitor.field).to_be_focused()
    visitor.page.keyboard.press("Shift+Tab")
    for title in ("The fee", "The charge for services", "Something else"):
        expect(reply.get_by_role("button", name=title)).to_be_focused()
        visitor.page.keyboard.press("Tab")
    expect(visitor.field).to_be_focused()
    visitor.page.keyboard.press("Shift+Tab")
    visitor.page.keyboard.press("Tab")
    visitor.page.keyboard.press("Enter")
    expect(visitor.replies).to_have_count(4)
    assert usher.said()[-1] == "The charge for services"


def test_the_tab_key_passes_choices_that_are_over(visitor: Visitor) -> None:
    visitor.opens()
    for _ in range(3):
        visitor.asks("this is unclear")
    visitor.panel.locator(".log").focus()
    stops = []
    for _ in range(9):
        visitor.page.keyboard.press("Tab")
        stops.append(visitor.page.evaluate("document.activeElement.shadowRoot.activeElement.textContent.trim()"))
    assert stops[:7] == [*START["questions"], "The fee", "The charge for services", "Something else", ""]


def test_two_questions_of_one_reply_keep_the_choices_of_each(visitor: Visitor, usher: FakeUsher) -> None:
    visitor.opens().asks("How long does it last?")
    conversation = next(iter(usher.conversations))
    usher.hear(conversation, "does the forum provide lunch?")
    usher.steps.extend(
        [{"text": "Which forum?", "buttons": ["Heads", "Chairs"]}, {"text": "What is your name?", "form": "name", "buttons": ["Cancel"]}]
    )
    for _ in range(2):
        usher.answer(conversation, "")
    visitor.page.reload()
    for title in ("Heads", "Chairs", "Cancel"):
        expect(visitor.button(title)).to_be_enabled()
    expect(visitor.field).to_have_attribute("placeholder", "Your name")
    visitor.field.focus()
    visitor.page.keyboard.press("Shift+Tab")
    expect(visitor.button("Heads")).to_be_focused()


STEPS = {
    "consent": "Yes or no", "school": "Your school's name", "name": "Your name", "role": "Your role at the school",
    "contact": "E-mail or phone number", "wish": "What you would like", "term": "Which term", "message": "Your message",
    "confirm": "Yes to send it, or what to change", "change": "What to change",
}  # fmt: skip


def test_the_field_says_what_each_step_of_the_form_asks_for(visitor: Visitor, usher: FakeUsher) -> None:
    visitor.opens()
    expect(visitor.field).to_have_attribute("placeholder", "Type your question")
    expect(visitor.field).to_have_accessible_name("Your question")
    for step, words in STEPS.items():
        usher.steps.append({"form": step})
        visitor.asks(f"what follows on {step}")
        expect(visitor.field).to_have_attribute("placeholder", words)
        expect(visitor.field).to_have_accessible_name(words)
        expect(visitor.status).to_contain_text(f"The field asks for: {words}.")
    visitor.page.reload()
    expect(visitor.field).to_have_attribute("placeholder", "What to change")
    usher.steps.append({"ended": "sent"})
    visitor.asks("yes, send it")
    expect(visitor.field).to_have_attribute("placeholder", "Type your question")
    expect(visitor.field).to_have_accessible_name("Your question")
    expect(visitor.status).not_to_contain_text("asks for")


def test_the_field_asks_for_no_more_than_the_reply_does(visitor: Visitor, usher: FakeUsher) -> None:
    visitor.opens()
    for payload, words in (
        ({"form": "school", "check": "Chestnut Lane"}, "Yes, or how it should be"),
        ({"form": "school"}, "Your school's name"),
        ({"form": "school", "outcome": "help"}, "Type your question"),  # somebody in danger is asked for nothing
        ({"form": "a step of another day"}, "Type your question"),
        ({"form": "constructor"}, "Type your question"),
    ):
        usher.steps.append(payload)
        visitor.asks(f"after {words}")
        expect(visitor.field).to_have_attribute("placeholder", words)
    usher.steps.append({"form": "name"})
    visitor.asks("once more")
    visitor.button("Start again").click()
    visitor.button("Erase and start again").click()
    expect(visitor.field).to_have_attribute("placeholder", "Type your question")


def test_thumbs_are_kept(visitor: Visitor, usher: FakeUsher) -> None:
    reply = visitor.opens().asks("How much does it cost?")
    good, bad = reply.get_by_role("button", name="Yes, helpful"), reply.get_by_role("button", name="No, not helpful")
    expect(good).to_have_attribute("aria-pressed", "false")
    good.click()
    expect(good).to_have_attribute("aria-pressed", "true")
    bad.click()
    expect(good).to_have_attribute("aria-pressed", "false")
    expect(bad).to_have_attribute("aria-pressed", "true")
    visitor.page.reload()
    expect(visitor.replies.last.get_by_role("button", name="No, not helpful")).to_have_attribute("aria-pressed", "true")


def test_a_clarifying_question_has_no_thumbs(visitor: Visitor) -> None:
    reply = visitor.opens().asks("this is unclear")
    expect(reply.get_by_role("button", name="Yes, helpful")).to_have_count(0)


def test_starting_again_asks_first_and_erases(visitor: Visitor, usher: FakeUsher) -> None:
    visitor.opens().asks("How much does it cost?")
    visitor.button("Start again").click()
    expect(visitor.button("Keep it")).to_be_focused()
    visitor.page.keyboard.press("Escape")
    expect(visitor.button("Start again")).to_be_focused()
    expect(visitor.replies).to_have_count(1)
    visitor.field.fill("my draft")
    visitor.button("Start again").click()
    visitor.button("Erase and start again").click()
    expect(visitor.messages).to_have_count(0)
    expect(visitor.field).to_be_focused()
    expect(visitor.field).to_have_value("")
    assert usher.conversations == {}
    assert visitor.storage()["local"] == 0
    expect(visitor.asks("How long does it last?")).to_contain_text("one term")


def test_an_erasure_that_failed_is_not_claimed(visitor: Visitor, usher: FakeUsher) -> None:
    visitor.opens().asks("How much does it cost?")
    visitor.button("Start again").click()
    usher.down = True
    visitor.button("Erase and start again").click()
    expect(visitor.panel).to_contain_text("could not be erased")
    expect(visitor.replies).to_have_count(1)
    usher.down = False
    visitor.button("Erase and start again").click()
    expect(visitor.messages).to_have_count(0)
    assert usher.conversations == {}


def test_on_a_phone_the_panel_is_modal_and_ends_above_the_keyboard(new_context: Callable[..., BrowserContext]) -> None:
    page = new_context(360, 640, has_touch=True, is_mobile=True).new_page()
    page.goto("/")
    visitor = Visitor(page).opens()
    expect(visitor.field).to_be_focused()
    assert visitor.panel.evaluate("it => it.matches(':modal')")
    page.evaluate(  # what a keyboard does: the visual viewport shrinks
        "() => { Object.defineProperty(visualViewport, 'height', {value: 330}); visualViewport.dispatchEvent(new Event('resize')); }"
    )
    box = visitor.field.bounding_box()
    assert box and box["y"] + box["height"] <= 330
    page.keyboard.press("Escape")
    expect(visitor.launcher).to_be_focused()

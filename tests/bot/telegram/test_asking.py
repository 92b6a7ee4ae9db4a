"""Staff ask: plain messages, buttons, groups, and everything that is no text."""

from __future__ import annotations

from datetime import datetime, timezone

from office.base.staff import Staff
from office.people.invitations import invite
from tests.bot.fake_rasa import FakeRasa

from .conftest import ANN, BEN, GROUP, PAT, STRANGER, Process
from .fake_bot_api import FakeBotApi


def new_person(bot: Process, name: str = "Cass Example", role: str = "staff") -> tuple[int, str]:
    """Somebody without an account, and the code they were sent."""
    now = datetime.now(timezone.utc)
    with bot.database.transaction() as session:
        person = Staff(name=name, email=f"{name.split()[0].lower()}@anytown.example", role=role, made=now)
        session.add(person)
        session.flush()
        return person.id, invite(session, person, by=None, now=now)


def test_an_invitation_lets_somebody_in_and_their_question_behind_it_is_answered(bot: Process, api: FakeBotApi, heard: FakeRasa):
    _, code = new_person(bot)
    heard.hold.clear()
    api.say(2001, f"/start {code}")
    api.say(2001, "how much is it?")
    api.wait(lambda: api.of("sendChatAction", 2001), "the sign that it types")
    heard.hold.set()
    welcome, answer = api.wait_sent(2001, 2)
    assert welcome.text.startswith("Welcome, Cass Example.")
    assert answer.text == "You said: how much is it?"
    assert heard.heard[0]["sender"] == "telegram-2001" and heard.heard[0]["input_channel"] == "telegram"


def test_a_pressed_button_asks_once_however_often_it_is_pressed(bot: Process, api: FakeBotApi, heard: FakeRasa):
    api.say(ANN, "how much is it?")
    (answer,) = api.wait_sent(ANN, 1)
    assert list(answer.buttons) == ["How long?", "Who?"]
    api.press(ANN, answer, "How long?")
    api.press(ANN, answer, "How long?")
    api.press(ANN, answer, "Who?")
    api.wait(lambda: len(api.of("answerCallbackQuery")) == 3)
    api.wait_sent(ANN, 2)
    bot.settled()
    assert heard.texts == ["how much is it?", "SECRET how long does it last"]
    assert len(api.sent(ANN)) == 2
    (edit,) = api.of("editMessageText", ANN)
    assert edit.text.endswith("▸ <b>How long?</b>") and not edit.buttons
    order = [call.method for call in api.calls if call.method in ("answerCallbackQuery", "editMessageText")]
    assert order[0] == "answerCallbackQuery"
    kept = bot.rows("SELECT author, text FROM message WHERE conversation = 'telegram-1001' ORDER BY number")
    assert [tuple(row) for row in kept] == [
        ("visitor", "how much is it?"), ("assistant", "You said: how much is it?"),
        ("visitor", "How long?"), ("assistant", "You said: SECRET how long does it last"),
    ]  # fmt: skip


def test_messages_of_one_person_are_answered_in_order_and_others_do_not_wait(bot: Process, api: FakeBotApi, heard: FakeRasa):
    for number in range(8):
        api.say(ANN, f"question {number}")
        api.say(BEN, f"question {number}")
    for account in (ANN, BEN):
        texts = [call.text for call in api.wait_sent(account, 8)]
        assert texts == [f"You said: question {number}" for number in range(8)]


def test_a_stranger_is_told_a_few_times_where_to_ask_and_nothing_is_kept(bot: Process, api: FakeBotApi, heard: FakeRasa):
    for text in ("hello", "how much is it?", "/help", "/start", "my phone is 07700 900123"):
        last = api.say(STRANGER, text)
    api.wait_confirmed(last)
    api.say(ANN, "hello")
    api.wait_sent(ANN, 1)
    api.wait_sent(STRANGER, 3)
    bot.settled()
    assert len(api.sent(STRANGER)) == 3 and all("https://chat.anytown.example" in text for text in api.texts(STRANGER))
    assert heard.texts == ["hello"]
    assert not bot.rows("SELECT 1 FROM message WHERE conversation LIKE '%5005%'")
    assert [row.account for row in bot.rows("SELECT account FROM telegram_update")] == [ANN]


def test_whoever_is_withdrawn_is_refused_with_the_next_message(bot: Process, api: FakeBotApi, heard: FakeRasa):
    from office.people.invitations import withdraw

    api.say(ANN, "one")
    api.wait_sent(ANN, 1)
    with bot.database.transaction() as session:
        withdraw(session, session.get(Staff, bot.staff(ANN).id), by=None, now=datetime.now(timezone.utc))
    api.say(ANN, "two")
    assert "for staff of the trust" in api.wait_sent(ANN, 2)[1].text
    assert heard.texts == ["one"]
    api.wait(lambda: api.of("deleteMyCommands"))


def test_in_groups_only_what_speaks_to_the_bot_is_answered_publicly(bot: Process, api: FakeBotApi, heard: FakeRasa):
    api.say(ANN, "what a day", chat=GROUP)
    api.say(ANN, "/help", chat=GROUP)
    asked = api.say(ANN, "@Usher_Test_Bot how much is it?", chat=GROUP)
    (answer,) = api.wait_sent(GROUP, 1)
    assert heard.heard == [
        {
            "sender": f"telegram-{GROUP}-{ANN}",
            "message": "how much is it?",
            "input_channel": "telegram_group",
            "metadata": {"channel": "telegram_group"},
        }
    ]
    assert answer.data["reply_parameters"]["message_id"] == asked["message"]["message_id"]
    said = next(m for m in api.messages.values() if m["_call"] is answer)
    api.say(BEN, "and how long?", chat=GROUP, reply_to_message={k: v for k, v in said.items() if not k.startswith("_")})
    api.wait_sent(GROUP, 2)
    assert heard.heard[1]["sender"] == f"telegram-{GROUP}-{BEN}"
    api.press(BEN, answer, "How long?")  # asked for by Ann
    api.wait(lambda: any(call.text == "These buttons are for the person who asked." for call in api.of("answerCallbackQuery")))
    api.press(ANN, answer, "How long?")
    api.wait_sent(GROUP, 3)
    assert heard.texts[2] == "SECRET how long does it last"
    bot.settled()
    assert not bot.rows("SELECT 1 FROM message WHERE text LIKE '%how%'")


def test_leads_are_never_told_in_a_group(bot: Process, api: FakeBotApi, heard: FakeRasa):
    for text in ("/leads@usher_test_bot", "/lead@usher_test_bot U-7K3F9Q", "/gaps@usher_test_bot", "/today@usher_test_bot"):
        api.say(PAT, text, chat=GROUP)
    assert {call.text for call in api.wait_sent(GROUP, 4)} == {"I tell that in our private chat only, never in a group."}
    assert not heard.heard


def test_what_is_no_text_gets_one_kind_sentence(bot: Process, api: FakeBotApi, heard: FakeRasa):
    photo = [{"file_id": "1", "file_unique_id": "1", "width": 1, "height": 1}]
    voice = {"file_id": "1", "file_unique_id": "1", "duration": 1}
    sticker = {"file_id": "1", "file_unique_id": "1", "width": 1, "height": 1, "is_animated": False, "is_video": False, "type": "regular"}
    origin = {"type": "hidden_user", "sender_user_name": "X", "date": 1}
    api.say(ANN, "", photo=photo)
    api.say(ANN, "", voice=voice)
    api.say(ANN, "", sticker=sticker)
    api.say(ANN, "", location={"latitude": 1, "longitude": 1})
    api.say(ANN, "", document={"file_id": "1", "file_unique_id": "1"})
    api.say(ANN, "somebody else's words", forward_origin=origin)
    for _ in range(3):
        api.say(ANN, "", photo=photo, media_group_id="77")
    api.say(ANN, "", photo=photo, caption="how much is it?")
    texts = [call.text for call in api.wait_sent(ANN, 9)]
    bot.settled()
    assert len(api.sent(ANN)) == 9
    assert [text.split(".")[0] for text in texts[:7]] == [
        "I cannot see pictures", "I cannot listen to voice messages", "A nice sticker, but I read words only", "I cannot use a location",
        "I cannot open files", "I leave forwarded messages unread, since others wrote them", "I cannot see pictures",
    ]  # fmt: skip
    assert texts[7:] == ["I cannot see what you sent, so I go by the words under it.", "You said: how much is it?"]
    assert heard.texts == ["how much is it?"]


def test_an_edited_message_is_answered_politely_once(bot: Process, api: FakeBotApi, heard: FakeRasa):
    first = api.say(ANN, "how mush is it?")
    api.wait_sent(ANN, 1)
    api.edit(first, "how much is it?")
    api.edit(first, "how much is it??")
    last = api.say(ANN, "bye")
    api.wait_confirmed(last)
    api.wait_sent(ANN, 3)
    bot.settled()
    assert [text[:24] for text in api.texts(ANN)] == ["You said: how mush is it", "I saw that you edited a ", "You said: bye"]
    assert heard.texts == ["how mush is it?", "bye"]


def test_bad_input_is_survived(bot: Process, api: FakeBotApi, heard: FakeRasa):
    for text in ("x" * 4096, "\0\0", "<b>&amp;</i> <script>alert(1)</script>", "👩‍👩‍👧" * 300, "/nosuch", "=HYPERLINK(1)", "\ud83d"):
        api.say(ANN, text)
    api.update(message={"message_id": 1})
    api.update(poll={"id": "1"})
    api.update(callback_query={"id": "1", "from": {"id": ANN, "is_bot": False, "first_name": "N"}, "chat_instance": "1", "data": "9.9"})
    texts = [call.text for call in api.wait_sent(ANN, 8)]
    assert texts[0].startswith("This is too long for me.")
    assert "You said: &lt;b&gt;&amp;amp;&lt;/i&gt; &lt;script&gt;alert(1)&lt;/script&gt;" in texts
    assert "I do not know this command. /help lists those I know." in texts
    assert "You said: =HYPERLINK(1)" in texts
    assert texts[-1] == "I no longer know this button. Please type your question."


def test_each_role_sees_its_commands(bot: Process, api: FakeBotApi):
    api.say(ANN, "/help")
    api.say(PAT, "/help")
    ann, pat = api.wait_sent(ANN, 1)[0].text, api.wait_sent(PAT, 1)[0].text
    assert "/leads" in pat and "/leads" not in ann and "/topics" in ann
    api.say(ANN, "/leads")
    assert api.wait_sent(ANN, 2)[1].text.startswith("Your role does not include this.")
    api.say(ANN, "/contact")
    assert "01632 960123" in api.wait_sent(ANN, 3)[2].text


def test_topics_are_pressed_and_paged(bot: Process, api: FakeBotApi, heard: FakeRasa):
    api.say(ANN, "/topics")
    (shown,) = api.wait_sent(ANN, 1)
    assert "What does it cost?" in shown.buttons
    api.press(ANN, shown, "More ›")
    (page,) = api.wait(lambda: api.of("editMessageText", ANN))
    assert "‹ Back" in page.buttons
    api.press(ANN, shown, "What does it cost?")
    api.wait_sent(ANN, 2)
    assert heard.texts == ["What does it cost?"]

"""The PA works in Telegram: leads, notes, next actions, gaps that become facts, quiet hours, feedback."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import select, update

from bot.telegram.handlers.commands import FOR_ALL, FOR_THE_PA, commands_of
from bot.telegram.updates.turn import Person
from bot.telegram.words import wording
from language.encoder.vectors import sentence_vector
from office.base.audit import AuditEntry
from office.base.staff import Staff
from office.base.workdays import london_day
from office.facts.model import pack
from office.gaps.model import Gap, half_lives
from office.leads.model import LeadDetails, log_lead
from office.outbox.telegram import remember_message
from tests.bot.fake_rasa import FakeRasa
from tests.living import wait_until

from .conftest import ANN, GROUP, PAT, Process
from .fake_bot_api import Call, FakeBotApi


def make_lead(bot: Process, name: str = "Zoë O’Brien-Example", school: str = "Sample Primary <School>", ago: int = 0) -> str:
    """A lead out of a conversation on the website; its reference."""
    now = datetime.now(timezone.utc) - timedelta(days=ago)
    details = LeadDetails(
        "w-1", "website", name, school, "call_back", now, role="Head", phone="+44 7700 900123", message="After three, please."
    )
    with bot.database.transaction() as session:
        return str(log_lead(session, details, reply_within=2, now=now).reference)


def make_gap(bot: Process, text: str = "do you have a swimming pool?") -> int:
    now = datetime.now(timezone.utc)
    with bot.database.transaction() as session:
        gap = Gap(text=text, trust="anytown", asked=2, latest=now, heat=half_lives(now), centre=pack(sentence_vector(text)))
        session.add(gap)
        session.flush()
        return int(gap.id)


def reply_to(api: FakeBotApi, call: Call, text: str, account: int = PAT) -> dict:
    """Somebody replies to a message of the bot."""
    message = next(m for m in api.messages.values() if m["_call"] is call)
    return api.say(account, text, reply_to_message={key: value for key, value in message.items() if not key.startswith("_")})


def notes(bot: Process) -> list[str]:
    return [row.text for row in bot.rows("SELECT text FROM lead_note ORDER BY id")]


def test_leads_come_by_urgency_with_buttons_that_may_be_pressed_twice(bot: Process, api: FakeBotApi):
    new, late = make_lead(bot), make_lead(bot, "Lee Example", "Late School", ago=20)
    api.say(PAT, "/leads")
    head, first, second = api.wait_sent(PAT, 3)
    assert head.text == "Open leads, the most urgent first:"
    assert late in first.text and new in second.text
    assert "Sample Primary &lt;School&gt;" in second.text and "+44 7700 900123" in second.text
    assert list(second.buttons) == ["Contacted", "Next action", "Note", "Open in the inbox"]
    assert second.buttons["Open in the inbox"] == f"https://inbox.anytown.example/leads/{new}"
    api.press(PAT, second, "Contacted")
    api.press(PAT, second, "Contacted")
    api.wait(lambda: len(api.of("answerCallbackQuery")) == 2)
    bot.settled()
    (edit,) = api.of("editMessageText", PAT)
    assert "▸ <b>Contacted: Pat Example, " in edit.text and next(iter(edit.buttons)) == "Undo"
    assert len(api.sent(PAT)) == 3
    assert [row.status for row in bot.rows(f"SELECT status FROM lead WHERE reference = '{new}'")] == ["contacted"]
    message = next(m for m in api.messages.values() if m["_call"] is second)
    api.press_data(PAT, edit.buttons["Undo"], message)
    api.press_data(PAT, edit.buttons["Undo"], message)
    api.wait(lambda: len(api.of("editMessageText", PAT)) == 2)
    bot.settled()
    assert [row.status for row in bot.rows(f"SELECT status FROM lead WHERE reference = '{new}'")] == ["new"]
    assert len(api.sent(PAT)) == 3


def test_a_reply_to_a_lead_is_one_note_however_often_it_is_delivered(bot: Process, api: FakeBotApi, heard: FakeRasa):
    reference = make_lead(bot)
    api.say(PAT, f"/lead {reference.lower().removeprefix('u-')}")
    (shown,) = api.wait_sent(PAT, 1)
    assert "After three, please." in shown.text
    update = reply_to(api, shown, "Rang; she is in a meeting till 3. 👍")
    api.wait_sent(PAT, 2)
    api.redeliver(update)
    last = api.say(PAT, "/help")
    api.wait_confirmed(last)
    bot.settled()
    assert notes(bot) == ["Rang; she is in a meeting till 3. 👍"]
    assert api.texts(PAT)[1] == f"Noted for {reference}." and not heard.heard
    reply_to(api, shown, "x" * 4050)
    assert "4,000" in api.wait_sent(PAT, 4)[3].text or "4000" in api.texts(PAT)[3]
    assert len(notes(bot)) == 1


def test_a_note_may_answer_the_worker_s_notification(bot: Process, api: FakeBotApi):
    reference = make_lead(bot)
    with bot.database.transaction() as session:
        remember_message(session, PAT, 77, f"lead {reference}", now=datetime.now(timezone.utc))
    api.say(PAT, "Left a message.", reply_to_message={**api.message(PAT), "message_id": 77, "text": "New lead"})
    api.wait_sent(PAT, 1)
    assert notes(bot) == ["Left a message."]


def test_the_next_action_is_planned_by_a_reply(bot: Process, api: FakeBotApi):
    reference = make_lead(bot)
    api.say(PAT, "/leads")
    shown = api.wait_sent(PAT, 2)[1]
    api.press(PAT, shown, "Next action")
    api.press(PAT, shown, "Next action")
    api.press(PAT, shown, "Note")
    asked, note = api.wait_sent(PAT, 4)[2:]
    assert asked.data["reply_markup"]["force_reply"] and reference in asked.text and "note" in note.text
    reply_to(api, asked, "Ring the head")
    again = api.wait_sent(PAT, 5)[4]
    assert "By when?" in again.text
    reply_to(api, again, "Ring the head, tomorrow")
    planned = api.wait_sent(PAT, 6)[5]
    tomorrow = london_day(datetime.now(timezone.utc)) + timedelta(days=1)
    assert planned.text.startswith(f"{reference}: “Ring the head”, by ")
    assert [tuple(row) for row in bot.rows("SELECT next_action, due FROM lead")] == [("Ring the head", tomorrow.isoformat())]
    reply_to(api, note, "She prefers e-mail.")
    api.wait_sent(PAT, 7)
    bot.settled()
    assert notes(bot) == ["She prefers e-mail."] and len(api.sent(PAT)) == 7


def test_today_and_unknown_leads(bot: Process, api: FakeBotApi):
    late = make_lead(bot, ago=20)
    for text in ("/today", "/lead", "/lead U-999999", "/lead " + "x" * 4000):
        api.say(PAT, text)
    today, which, unknown, long = (call.text for call in api.wait_sent(PAT, 4))
    assert late in today and "(overdue)" in today and "1 new lead." in today
    assert which.startswith("Which one?") and unknown == "I know no lead U-999999." and long.startswith("I know no lead xxx")


def test_staff_and_groups_cannot_press_or_reply_their_way_to_a_lead(bot: Process, api: FakeBotApi, heard: FakeRasa):
    reference = make_lead(bot)
    api.say(PAT, "/leads")
    shown = api.wait_sent(PAT, 2)[1]
    message = next(m for m in api.messages.values() if m["_call"] is shown)
    api.press_data(ANN, f"lead:{reference}:contacted", {**message, "chat": {"id": ANN, "type": "private", "first_name": "N"}})
    assert "Your role does not include this" in api.wait_sent(ANN, 1)[0].text
    in_group = {key: value for key, value in message.items() if not key.startswith("_")} | {
        "chat": {"id": GROUP, "type": "supergroup", "title": "G"}
    }
    api.press_data(PAT, f"lead:{reference}:contacted", in_group)
    assert "private chat only" in api.wait_sent(GROUP, 1)[0].text
    api.say(PAT, "a note?", chat=GROUP, reply_to_message=in_group)
    api.wait_sent(GROUP, 2)
    bot.settled()
    assert not notes(bot) and heard.texts == ["a note?"]
    assert [row.status for row in bot.rows("SELECT status FROM lead")] == ["new"]
    assert all("Sample Primary" not in text for text in api.texts(GROUP) + api.texts(ANN))


def test_a_role_that_nobody_gave_permissions_gets_nothing(bot: Process, api: FakeBotApi, heard: FakeRasa):
    reference, gap = make_lead(bot), make_gap(bot)
    with bot.database.transaction() as session:
        session.execute(update(Staff).where(Staff.telegram == ANN).values(role="auditor"))
        remember_message(session, ANN, "70", f"gap {gap}", now=datetime.now(timezone.utc))
    said = ["how much is it?", "/start", "/nothing", f"/lead {reference}", "/feedback it is all wrong", "/mute 22:00-07:00"]
    said += [f"/{name}" for name in {**FOR_ALL, **FOR_THE_PA} if name not in ("lead", "feedback", "mute")]
    for text in said:
        api.say(ANN, text)
    shown = {**api.message(ANN), "message_id": 70, "text": f"{reference}: a lead"}
    api.say(ANN, "Yes, in summer.", reply_to_message=shown)
    for data in (f"lead:{reference}:contacted", f"answer:{gap}:public", "topic:cost", "topic:0", "r1"):
        api.press_data(ANN, data, shown)
    answers = api.wait_sent(ANN, len(said) + 6)
    bot.settled()
    assert {answer.text for answer in answers} == {wording.NOT_YOUR_ROLE}
    assert (
        heard.texts == []
        and [row.status for row in bot.rows("SELECT status FROM lead")] == ["new"]
        and bot.rows("SELECT 1 FROM feedback UNION SELECT 1 FROM audit_entry UNION SELECT 1 FROM message") == []
    )
    assert commands_of(Person(1, "Ann Example", "auditor", ANN)) == {}


@pytest.mark.parametrize(("button", "audience"), [("Everybody", "public"), ("Staff only", "staff")])
def test_a_gap_answered_as_a_reply_is_a_fact_once_it_is_confirmed(bot: Process, api: FakeBotApi, button: str, audience: str):
    number = make_gap(bot)
    api.say(PAT, "/gaps")
    shown = api.wait_sent(PAT, 2)[1]
    assert "do you have a swimming pool?" in shown.text and "2 times" in shown.text
    reply_to(api, shown, f"Anytown has a heated pool for {audience} use.")
    confirm = api.wait_sent(PAT, 3)[2]
    assert "Who may hear it?" in confirm.text and not bot.rows(
        "SELECT 1 FROM fact WHERE says LIKE '%heated pool%'" + f" AND audience='{audience}'"
    )
    api.press(PAT, confirm, button)
    api.press(PAT, confirm, button)
    assert "It is known from now on" in api.wait_sent(PAT, 4, seconds=40)[3].text
    bot.settled()
    facts = bot.rows(f"SELECT person, audience, id FROM fact WHERE says = 'Anytown has a heated pool for {audience} use.'")
    assert [tuple(row)[:2] for row in facts] == [("Pat Example", audience)]
    with bot.database.transaction() as session:
        noted = session.execute(select(AuditEntry).order_by(AuditEntry.id)).scalars().all()
        assert [(entry.action, entry.about, entry.detail) for entry in noted] == [
            ("view", f"gap {number}", {"how": "telegram list"}),
            ("add", f"fact {facts[0].id}", {"gap": number}),  # as tests/bot/inbox/test_gaps.py expects of the inbox
        ]
        assert {entry.staff for entry in noted} == {bot.staff(PAT).id}
    assert [row.state for row in bot.rows(f"SELECT state FROM gap WHERE id = {number}")] == ["answered"]
    assert len(api.sent(PAT)) == 4
    reply_to(api, shown, "Another answer.")
    assert api.wait_sent(PAT, 5)[4].text == "This gap is closed already."


def test_an_answer_that_is_not_confirmed_or_too_long_is_no_fact(bot: Process, api: FakeBotApi):
    make_gap(bot, "is there a choir?")
    api.say(PAT, "/gaps")
    shown = api.wait_sent(PAT, 2)[1]
    reply_to(api, shown, "x" * 501)
    assert "500" in api.wait_sent(PAT, 3)[2].text
    reply_to(api, shown, "There is a choir.")
    confirm = api.wait_sent(PAT, 4)[3]
    api.press(PAT, confirm, "Do not publish")
    assert api.wait_sent(PAT, 5)[4].text.startswith("Nothing was published.")
    assert not bot.rows("SELECT 1 FROM fact WHERE says LIKE '%choir%'")


def test_quiet_hours_are_set_shown_and_ended(bot: Process, api: FakeBotApi):
    for text in ("/mute", "/mute 22:00-07:00", "/mute", "/mute 25:99-3", "/mute off"):
        api.say(PAT, text)
        api.wait_sent(PAT, len(api.sent(PAT)) + 1)
    texts = api.texts(PAT)
    assert "at any hour" in texts[0] and "from 22:00 to 07:00" in texts[1] and "quiet from 22:00 to 07:00" in texts[2]
    assert texts[3].startswith("Now:") and texts[4] == "Notifications come at any hour."
    assert bot.staff(PAT).telegram_quiet is None


def test_feedback_is_kept_and_owed_to_the_pa(bot: Process, api: FakeBotApi):
    api.say(ANN, "/feedback")
    api.say(ANN, "/feedback The answer on pensions was old.")
    assert api.wait_sent(ANN, 2)[1].text.startswith("Thank you.")
    wait_until(lambda: bot.rows("SELECT 1 FROM notification WHERE kind = 'feedback'"), "the notification")
    assert [row.text for row in bot.rows("SELECT text FROM feedback")] == ["The answer on pensions was old."]

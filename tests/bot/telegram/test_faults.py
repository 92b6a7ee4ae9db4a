"""Everything that may go wrong between Telegram, the bot, Rasa and the database: nothing is lost, nothing is said twice."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timezone

import httpx
import pytest

from office.base.staff import Staff
from office.base.switches import turn
from tests.bot.fake_rasa import FakeRasa
from tests.living import free_ports, wait_until

from .conftest import ANN, BEN, PAT, Process
from .fake_bot_api import TOKEN, FakeBotApi, refusal, too_many

PEOPLE = (ANN, BEN, PAT)


def test_a_redelivered_update_is_answered_once(bot: Process, api: FakeBotApi, heard: FakeRasa):
    update = api.say(ANN, "how much is it?")
    api.wait_sent(ANN, 1)
    bot.settled()
    api.redeliver(update)
    last = api.say(ANN, "and how long?")
    api.wait_sent(ANN, 2)
    api.wait_confirmed(last)
    bot.stop()
    api.redeliver(update)
    bot.start()
    api.wait_confirmed(update)
    bot.settled()
    assert heard.texts == ["how much is it?", "and how long?"]
    assert len(api.sent(ANN)) == 2


def test_a_killed_process_loses_nothing_of_what_it_had_taken_in(bot: Process, api: FakeBotApi, heard: FakeRasa):
    heard.hold.clear()
    for number in range(10):
        for account in PEOPLE:
            last = api.say(account, f"question {number}")
    api.wait_confirmed(last)
    api.wait(lambda: heard.heard, "the first question")
    bot.kill()
    heard.hold.set()
    bot.start()
    for account in PEOPLE:
        texts = [call.text for call in api.wait_sent(account, 10)]
        assert texts == [f"You said: question {number}" for number in range(10)]
    bot.settled()
    assert {account: len(api.sent(account)) for account in PEOPLE} == dict.fromkeys(PEOPLE, 10)


@pytest.mark.parametrize("arriving", [1, 5, 10])
def test_killed_as_a_reply_arrives_it_says_nothing_twice(bot: Process, api: FakeBotApi, arriving: int):
    for number in range(10):
        api.say(ANN, f"question {number}")
    api.wait_sent(ANN, arriving)
    bot.kill()
    bot.start()
    api.wait_sent(ANN, 10)
    bot.settled()
    assert api.texts(ANN) == [f"You said: question {number}" for number in range(10)]


def test_stopped_in_the_middle_it_goes_on_at_the_next_start_and_apologises_for_what_waited(bot: Process, api: FakeBotApi):
    for number in range(30):
        for account in PEOPLE:
            api.say(account, f"question {number}")
    api.wait_sent(ANN, 2)
    assert bot.stop() == 0
    for account in PEOPLE:
        api.say(account, "how much is it?", ago=3600)
    bot.start()
    late = "Sorry for the long wait: I was away when you wrote.\n\nYou said: how much is it?"
    for account in PEOPLE:
        api.wait_sent(account, 31)
        assert api.texts(account) == [*(f"You said: question {number}" for number in range(30)), late]
    menus = {
        str((c.data.get("scope") or {}).get("chat_id")): {one["command"] for one in c.data["commands"]} for c in api.of("setMyCommands")
    }
    assert "leads" in menus[str(PAT)] and "leads" not in menus[str(ANN)] and "topics" in menus[str(ANN)]


def test_who_is_told_to_wait_waits_alone_and_gets_the_reply(bot: Process, api: FakeBotApi):
    api.chat_faults[ANN].extend([too_many(2), too_many(1)])
    api.say(ANN, "one")
    api.wait(lambda: any(c.method == "sendMessage" and not c.granted for c in api.calls))
    for number in range(5):
        api.say(BEN, f"question {number}")
    api.wait_sent(BEN, 5)
    assert not api.sent(ANN), "somebody else waited with them"
    bot.kill()  # what was refused surely did not arrive
    bot.start()
    assert api.wait_sent(ANN, 1)[0].text == "You said: one"


def test_a_reply_is_sent_again_until_telegram_takes_it(bot: Process, api: FakeBotApi, heard: FakeRasa):
    for account, fault in zip(PEOPLE, (refusal(500, "Internal Server Error"), refusal(502, "Bad Gateway"), "drop")):
        api.chat_faults[account].extend([fault, fault])
        api.say(account, "one")
        api.say(account, "two")
    for account in PEOPLE:
        assert [call.text for call in api.wait_sent(account, 2)] == ["You said: one", "You said: two"]
    assert sorted(heard.texts) == ["one"] * 3 + ["two"] * 3


def test_a_wrong_token_no_way_to_telegram_and_two_who_poll_are_each_said_once(process: Process, rasa: FakeRasa):
    api = process.api
    api.token = "1:another"
    process.start(wait=False)
    api.wait(lambda: "Telegram refuses USHER_TELEGRAM_TOKEN. Everything else runs" in process.words(), seconds=90)
    api.down, api.token = True, TOKEN
    api.wait(lambda: "Telegram cannot be reached" in process.words())
    api.down = False
    api.wait(lambda: "answering in Telegram as" in process.words())
    conflict = refusal(409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running")
    with api.changed:
        api.faults["getUpdates"].extend([conflict, conflict, refusal(500, "Oops"), conflict])
    for number, text in enumerate(("one", "two"), start=1):
        api.say(ANN, text)
        api.wait_sent(ANN, number)
    words = process.words()
    assert words.count("Telegram refuses") == 1
    assert words.count("another process asks Telegram for this bot's messages too") == 2  # it was a 500 in between


def test_what_waited_for_the_start_waits_for_the_assistant_s_too(process: Process):
    (port,) = free_ports(1)
    process.settings["USHER_RASA_PORT"] = str(port)
    process.api.say(ANN, "one")
    process.api.say(BEN, "/help")
    process.start()
    process.api.wait_sent(BEN, 1)
    process.api.wait(lambda: process.api.of("sendChatAction", ANN), "the sign that it types")
    rasa = FakeRasa(port)
    assert process.api.wait_sent(ANN, 1)[0].text == "You said: one"
    rasa.stop()


def test_without_a_token_the_process_says_how_to_switch_it_on_and_stays(process: Process):
    process.settings["USHER_TELEGRAM_TOKEN"] = ""
    process.start(wait=False)
    process.api.wait(lambda: "set USHER_TELEGRAM_TOKEN" in process.words(), seconds=90)
    assert process.stop() == 0 and process.words().count("\n") == 1


def test_rasa_away_is_said_with_the_contact(bot: Process, api: FakeBotApi, heard: FakeRasa):
    heard.mishaps.extend(["drop", "error"])
    for text in ("one", "two"):
        api.say(ANN, text)
    first, second = (call.text for call in api.wait_sent(ANN, 2))
    assert "The assistant is away just now" in first and "01632 960123" in first
    assert "Something went wrong on our side" in second


def test_the_database_away_is_said_with_the_contact(bot: Process, api: FakeBotApi):
    with bot.database.engine.connect() as connection:
        connection.exec_driver_sql("BEGIN EXCLUSIVE")
        update = api.say(ANN, "one")
        (told,) = api.wait_sent(ANN, 1)
        assert "I cannot reach my records just now" in told.text and "01632 960123" in told.text
        connection.rollback()
    api.wait_confirmed(update)
    api.say(ANN, "two")
    assert api.wait_sent(ANN, 2)[1].text == "You said: two"
    bot.settled()
    assert len(api.sent(ANN)) == 2


def test_html_that_telegram_refuses_is_sent_as_plain_text(bot: Process, api: FakeBotApi):
    api.faults["sendMessage"].append(refusal(400, "Bad Request: can't parse entities: Can't find end tag"))
    api.say(ANN, "1 < 2 & 3")
    (sent,) = api.wait_sent(ANN, 1)
    assert sent.text == "You said: 1 < 2 & 3" and "parse_mode" not in sent.data and sent.buttons


def test_a_blocked_bot_is_noticed_and_so_is_its_return(bot: Process, api: FakeBotApi, heard: FakeRasa):
    api.faults["sendMessage"].append(refusal(403, "Forbidden: bot was blocked by the user"))
    api.say(ANN, "one")
    wait_until(lambda: bot.staff(ANN).telegram_blocked, "the note")
    member = {"user": {"id": 7654321, "is_bot": True, "first_name": "Usher"}}
    change = {"chat": {"id": ANN, "type": "private"}, "from": {"id": ANN, "is_bot": False, "first_name": "N"}, "date": 1}
    api.update(
        my_chat_member={
            **change,
            "old_chat_member": {**member, "status": "kicked", "until_date": 0},
            "new_chat_member": {**member, "status": "member"},
        }
    )
    wait_until(lambda: not bot.staff(ANN).telegram_blocked, "the return")
    api.say(ANN, "two")
    assert api.wait_sent(ANN, 1)[0].text == "You said: two"
    bot.settled()
    api.faults["sendMessage"].append(refusal(403, "Forbidden: bot was blocked by the user"))
    api.say(ANN, "three")
    wait_until(lambda: bot.staff(ANN).telegram_blocked, "the second note")
    api.say(ANN, "four")  # who writes has let the bot in again, should Telegram not say so
    assert api.wait_sent(ANN, 2)[1].text == "You said: four"
    assert not bot.staff(ANN).telegram_blocked


def test_switched_off_the_contact_is_given_instead(bot: Process, api: FakeBotApi, heard: FakeRasa):
    admin = Staff(id=1, role="admin")
    with bot.database.transaction() as session:
        turn(session, "telegram", off=True, reason="test", by=admin, now=datetime.now(timezone.utc))
    api.say(ANN, "one")
    assert "switched off" in api.wait_sent(ANN, 1)[0].text and not heard.heard
    with bot.database.transaction() as session:
        turn(session, "telegram", off=False, reason="", by=admin, now=datetime.now(timezone.utc))
    api.say(ANN, "two")
    assert api.wait_sent(ANN, 2)[1].text == "You said: two"


def test_a_second_process_on_the_machine_waits_until_the_first_has_ended(bot: Process, api: FakeBotApi):
    first = bot.process
    bot.start(wait=False)
    api.wait(lambda: "another process on this machine answers in Telegram already" in bot.words(), seconds=90)
    api.say(ANN, "one")
    api.wait_sent(ANN, 1)
    assert first is not None
    first.kill()
    first.wait(10)
    api.wait(lambda: bot.words().count("answering in Telegram as") == bot.begun)
    api.say(ANN, "two")
    api.wait_sent(ANN, 2)
    assert Counter(api.texts(ANN)) == {"You said: one": 1, "You said: two": 1}


def test_as_a_webhook_only_who_knows_the_secret_is_heard(process: Process, rasa: FakeRasa):
    api, (port,) = process.api, free_ports(1)
    process.settings |= {
        "USHER_TELEGRAM_WEBHOOK": "https://bot.anytown.example/telegram", "USHER_TELEGRAM_WEBHOOK_PORT": str(port),
        "USHER_TELEGRAM_WEBHOOK_SECRET": "a-long_secret", "USHER_TURN_TIMEOUT_SECONDS": "2",
    }  # fmt: skip
    process.start()
    api.wait(lambda: api.webhook.get("url") == "https://bot.anytown.example/telegram")
    assert api.webhook["secret_token"] == "a-long_secret" and not api.webhook.get("drop_pending_updates")
    update = api.say(ANN, "how much is it?")
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as telegram:
        secret = {"X-Telegram-Bot-Api-Secret-Token": "a-long_secret"}
        assert telegram.get("/health").status_code == 200 and telegram.get("/telegram").status_code == 405
        assert telegram.post("/telegram", json=update).status_code == 403
        assert telegram.post("/telegram", json=update, headers={**secret, "X-Telegram-Bot-Api-Secret-Token": "wrong"}).status_code == 403
        assert telegram.post("/telegram", content=b"no json", headers=secret).status_code == 400
        assert telegram.post("/telegram", json=update, headers=secret).status_code == 200
        assert telegram.post("/telegram", json=update, headers=secret).status_code == 200
        assert api.wait_sent(ANN, 1)[0].text == "You said: how much is it?"
        rasa.hold.clear()
        assert telegram.post("/telegram", json=api.say(BEN, "how long?"), headers=secret).status_code == 200
        assert "took too long" in api.wait_sent(BEN, 1)[0].text
        rasa.hold.set()
    process.settled()
    assert rasa.texts == ["how much is it?", "how long?"]
    assert process.stop() == 0
    assert "a-long_secret" not in process.words()

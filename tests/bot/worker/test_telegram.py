"""Telegram: one message to each person, and what happens where it is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from office.outbox.telegram import message_of

from .desk import Desk
from .fake_bot_api import BotApi

HOUR = timedelta(hours=1)


def test_a_lead_reaches_the_pa_with_buttons_and_a_reply_to_it_can_be_understood(desk: Desk, api: BotApi) -> None:
    desk.hire(telegram=70011)
    reference = desk.lead("Robin <b>Example</b> & Co", message="<script>alert(1)</script>")
    desk.work_until(desk.all_settled)
    (sent,) = api.sent
    assert int(sent["chat_id"]) == 70011 and sent["parse_mode"] == "HTML"
    assert "Robin &lt;b&gt;Example&lt;/b&gt; &amp; Co" in sent["text"] and "<script>" not in sent["text"]
    rows = (
        json.loads(sent["reply_markup"])["inline_keyboard"]
        if isinstance(sent["reply_markup"], str)
        else sent["reply_markup"]["inline_keyboard"]
    )
    data = [button.get("callback_data") or button.get("url") for row in rows for button in row]
    assert data == [
        f"lead:{reference}:contacted",
        f"lead:{reference}:next",
        f"lead:{reference}:note",
        f"http://127.0.0.1:8001/leads/{reference}",
    ]
    assert all(len(one.encode()) <= 64 for one in data)
    with desk.database.transaction() as session:
        assert message_of(session, 70011, 1).about == f"lead {reference}"


def test_who_has_blocked_the_bot_is_noticed_and_not_written_to_again_until_it_works(desk: Desk, api: BotApi) -> None:
    for refusal in ("blocked", "gone"):
        pa = desk.hire(f"{refusal}@anytown.example", telegram=70020 + len(refusal))
        api.refuse[70020 + len(refusal)] = refusal
        desk.lead(f"Robin {refusal}")
        desk.work_until(desk.all_settled)
        row = next(row for row in desk.outbox() if row.staff == pa and row.channel == "telegram")
        assert row.given_up is not None and row.attempts == 1
        assert desk.person(pa).telegram_blocked is not None
    api.refuse.clear()
    desk.lead("Robin later")
    desk.work_until(desk.all_settled)
    assert desk.person(pa).telegram_blocked is None


def test_a_flood_limit_holds_up_that_person_only(desk: Desk, api: BotApi) -> None:
    slow, quick = desk.hire("slow@anytown.example", telegram=70031), desk.hire("quick@anytown.example", telegram=70032)
    api.refuse[70031] = "flood"
    desk.lead("Robin One")
    desk.work_until(lambda: any(row.error for row in desk.outbox()) and len(api.sent) == 1)
    desk.lead("Robin Two")
    desk.work_until(lambda: len(api.sent) == 2)
    waiting = [row for row in desk.outbox() if row.staff == slow and row.channel == "telegram"]
    assert all(row.attempts == 0 and row.given_up is None for row in waiting if row.error)
    assert min(row.due for row in waiting if row.error) > datetime.now(timezone.utc) + timedelta(seconds=60)
    assert {int(sent["chat_id"]) for sent in api.sent} == {70032} and quick


@pytest.mark.parametrize("refusal", ["broken", "token"])
def test_a_fault_of_telegram_or_of_the_token_is_tried_again_and_the_token_is_shown_nowhere(
    desk: Desk, api: BotApi, refusal: str, caplog: pytest.LogCaptureFixture
) -> None:
    pa = desk.hire(telegram=70041)
    api.refuse[70041] = refusal
    desk.lead()
    desk.work_until(lambda: any(row.error for row in desk.outbox()))
    row = next(row for row in desk.outbox() if row.channel == "telegram")
    assert row.given_up is None and row.due > datetime.now(timezone.utc) + timedelta(seconds=50)
    assert desk.person(pa).telegram_blocked is None
    assert desk.settings.telegram_token not in caplog.text + str(row.error)


def test_markup_telegram_does_not_take_is_sent_as_plain_text(desk: Desk, api: BotApi) -> None:
    desk.hire(telegram=70051)
    api.refuse[70051] = "markup"
    desk.lead("Robin & Co")
    desk.work_until(desk.all_settled)
    assert "Robin & Co" in api.sent[0]["text"]


def test_nobody_listens_there(desk: Desk) -> None:
    desk.hire(telegram=70061)
    desk.lead()
    desk.work_until(lambda: any(row.error for row in desk.outbox()), replace(desk.settings, telegram_api="http://127.0.0.1:9"))
    assert [row.sent is not None for row in desk.outbox() if row.channel == "email"] == [True]


def test_without_a_token_telegram_waits_and_email_goes(desk: Desk, api: BotApi) -> None:
    desk.hire(telegram=70071)
    desk.lead()
    desk.work_until(lambda: any(row.sent for row in desk.outbox()), replace(desk.settings, telegram_token=""))
    (row,) = (row for row in desk.outbox() if row.channel == "telegram")
    assert row.attempts == 0 and row.sent is None and row.error is None
    desk.work_until(desk.all_settled)
    assert len(api.sent) == 1


def test_in_quiet_hours_it_waits_for_their_end_and_a_test_does_not(desk: Desk, api: BotApi) -> None:
    from office.reports.sent import owe_test

    pa = desk.hire(telegram=70081, telegram_quiet="00:00-23:59")
    desk.lead()
    with desk.database.transaction() as session:
        owe_test(session, desk.person(pa), now=datetime.now(timezone.utc))
    noon = datetime.now(timezone.utc).replace(hour=12)
    desk.work_until(
        lambda: len(api.sent) == 1 and sum(bool(row.sent) for row in desk.outbox()) == 3,
        clock=lambda: max(noon, datetime.now(timezone.utc)),
    )
    assert "Test from Usher" in api.sent[0]["text"]
    (row,) = (row for row in desk.outbox() if row.channel == "telegram" and row.kind == "new_lead")
    assert row.attempts == 0 and row.due.minute == 59


def test_a_very_long_lead_fits_into_one_message(desk: Desk, api: BotApi) -> None:
    desk.hire(telegram=70091)
    desk.lead("😀" * 200, school="<&>" * 60, role="x " * 90, message="😀<b>&" * 2000)
    desk.work_until(desk.all_settled)
    assert len(api.sent) == 1 and len(api.sent[0]["text"].encode("utf-16-le")) // 2 < 8192

"""Whole conversations: a fake Bot API, and behind the bot the real Rasa with the real facts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path

import pytest
from sqlalchemy import select

from office.base.staff import Staff
from office.leads.model import Lead
from office.people.invitations import invite
from tests.living import Usher

from .conftest import Process
from .fake_bot_api import TOKEN, FakeBotApi

from office.base.database import Database  # isort: skip

DEE, PIP = 3001, 3002  # a member of staff, and the PA


@pytest.fixture(scope="module")
def bot(running: Usher, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """The bot beside a whole running Usher, on its database."""
    api, database = FakeBotApi(), Database(f"sqlite:///{running.var / 'usher.db'}")
    now = datetime.now(timezone.utc)
    with database.transaction() as session:
        for name, account, role in (("Dee Example", None, "staff"), ("Pip Example", PIP, "pa")):
            session.add(Staff(name=name, email=f"{name[:3].lower()}@telegram.example", role=role, made=now, telegram=account))
    settings = {**running.settings, "USHER_TELEGRAM_TOKEN": TOKEN, "USHER_TELEGRAM_API": api.url}
    log: Path = tmp_path_factory.mktemp("end-to-end") / "telegram.log"
    process = Process(settings, api, database, log)
    yield process.start()
    process.kill()
    with database.transaction() as session:
        for person in session.execute(select(Staff).where(Staff.email.like("%telegram.example"))).scalars():
            session.delete(person)
    database.engine.dispose()
    api.stop()
    assert TOKEN.partition(":")[2] not in process.words()


def say(bot: Process, text: str, account: int = DEE) -> str:
    """Say something and give the last message of the reply."""
    count = len(bot.api.sent(account))
    bot.api.say(account, text)
    bot.api.wait_sent(account, count + 1, seconds=60)
    bot.settled()
    return bot.api.texts(account)[-1]


@pytest.mark.example
def test_invited_they_ask_compare_and_go_on_as_on_the_website(bot: Process):
    with bot.database.transaction() as session:
        person = session.execute(select(Staff).where(Staff.email == "dee@telegram.example")).scalar_one()
        code = invite(session, person, by=None, now=datetime.now(timezone.utc))
    assert say(bot, f"/start {code}").startswith("Welcome, Dee Example.")
    assert "£499" in say(bot, "how much does it cost?")
    assert "term" in say(bot, "and how long does it last?")
    compared = say(bot, "what about CLPT, what does membership cost there?")
    assert compared
    answer = bot.api.sent(DEE)[1]
    assert answer.buttons
    count = len(bot.api.sent(DEE))
    bot.api.press(DEE, answer, next(iter(answer.buttons)))
    bot.api.press(DEE, answer, next(iter(answer.buttons)))
    bot.api.wait_sent(DEE, count + 1, seconds=60)
    bot.settled()
    assert len(bot.api.sent(DEE)) == count + 1


def test_a_lead_is_made_in_the_chat_and_reaches_the_pa(bot: Process):
    say(bot, "can someone ring me back please?", PIP)
    for text in ("yes", "Sample Primary School", "Kit Example", "head", "07700 900123", "a call back", "no message", "yes"):
        if bot.rows("SELECT 1 FROM lead WHERE conversation = 'telegram-3002'"):
            break
        say(bot, text, PIP)
    with bot.database.transaction() as session:
        lead = session.execute(select(Lead).where(Lead.conversation == f"telegram-{PIP}")).scalar_one()
        assert (lead.channel, lead.school) == ("telegram", "Sample Primary School")
        reference = lead.reference
    assert reference in bot.api.texts(PIP)[-1]
    assert reference in say(bot, f"/lead {reference}", PIP)

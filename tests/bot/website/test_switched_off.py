"""Staff switch the chat off: visitors see whom to ask, nobody is asked, and on again all is as before."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from office.base.switches import turn
from tests.bot.fake_rasa import FakeRasa
from tests.bot.website.test_away import bring_database_back, lose_database
from tests.office.made_up import alex

from .conftest import ROBIN
from .site import Site


def switch(site: Site, *, off: bool) -> None:
    now = datetime.now(timezone.utc)
    with site.database.transaction() as session:
        turn(session, "website", off=off, reason="the facts are being looked through", by=alex(session, now), now=now)


@pytest.fixture(autouse=True)
def always_fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """The switch is looked up at each message, so that no test waits."""
    monkeypatch.setattr("bot.website.switch.FRESH_FOR", 0.0)


def test_while_it_is_off_visitors_are_told_whom_to_ask_and_nobody_is_asked(site: Site, rasa: FakeRasa) -> None:
    switch(site, off=True)
    (message,) = site.say("how much is it?")["messages"]
    assert "switched off" in message["text"] and ROBIN.text in message["text"]
    assert message["custom"]["outcome"] == "unavailable" and message["buttons"] == []
    assert rasa.texts == [] and site.rows("SELECT * FROM enquiry") == []


def test_the_reason_is_not_shown_to_visitors(site: Site) -> None:
    switch(site, off=True)
    assert "looked through" not in str(site.say("hello"))


def test_a_conversation_goes_on_when_it_is_on_again(site: Site, rasa: FakeRasa) -> None:
    conversation = site.say("one")["conversation"]
    switch(site, off=True)
    site.say("two", conversation)
    switch(site, off=False)
    site.say("three", conversation)
    assert rasa.texts == ["one", "three"]
    assert [text for author, text in site.transcript(conversation) if author == "visitor"] == ["one", "two", "three"]


def test_whoever_opens_the_chat_while_it_is_off_sees_whom_to_ask(site: Site) -> None:
    on = site.client.get("/api/start").json()
    switch(site, off=True)
    off = site.client.get("/api/start").json()
    assert "switched off" in off["greeting"] and ROBIN.text in off["covers"] and off["questions"] == []
    switch(site, off=False)
    assert site.client.get("/api/start").json() == on and on["questions"]


def test_it_stays_off_while_the_database_is_away(site: Site, rasa: FakeRasa) -> None:
    switch(site, off=True)
    conversation = site.say("one")["conversation"]
    with site.database.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE switch RENAME TO switch_away")
    lose_database(site)
    assert "switched off" in site.say("two", conversation)["messages"][0]["text"]
    bring_database_back(site)
    assert rasa.texts == []

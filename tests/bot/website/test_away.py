"""The assistant or the database is away, slow or broken: each is said differently, and nothing is claimed that is not."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy.orm import Session

from office.base.heartbeats import beat
from office.enquiries.log import log_enquiry
from settings import Settings
from tests.bot.fake_rasa import FakeRasa, Mishap

from .conftest import ROBIN
from .site import KEY, Site, code, open_site


def lose_database(site: Site) -> None:
    for table in ("message", "trust", "revision"):
        with site.database.engine.begin() as connection:
            connection.exec_driver_sql(f"ALTER TABLE {table} RENAME TO {table}_away")


def bring_database_back(site: Site) -> None:
    for table in ("message", "trust", "revision"):
        with site.database.engine.begin() as connection:
            connection.exec_driver_sql(f"ALTER TABLE {table}_away RENAME TO {table}")


def test_away_slow_and_broken_are_three_sentences_with_a_contact(settings: Settings, rasa: FakeRasa) -> None:
    with open_site(replace(settings, turn_timeout_seconds=1)) as site:
        rasa.mishaps.extend(["drop", "nothing"])
        away, broken = site.post({"message": "hello"}), site.post({"message": "hello"})
        rasa.hold.clear()
        slow = site.post({"message": "hello"})
    assert [code(response) for response in (away, broken, slow)] == [(503, "assistant_away"), (503, "fault"), (503, "assistant_slow")]
    assert len({response.json()["error"]["message"] for response in (away, broken, slow)}) == 3
    assert {response.json()["contact"]["text"] for response in (away, broken, slow)} == {f"Please ask {ROBIN.text}."}


def test_an_assistant_that_does_not_listen_is_away(site: Site, rasa: FakeRasa) -> None:
    rasa.stop()
    assert code(site.post({"message": "hello"})) == (503, "assistant_away")


@pytest.mark.parametrize("mishap", ["nothing", "error", "drop", "no payload", "not json"])
def test_a_message_without_an_answer_is_not_shown_twice_when_tried_again(site: Site, rasa: FakeRasa, mishap: Mishap) -> None:
    conversation = site.say("one")["conversation"]
    rasa.mishaps.append(mishap)
    assert site.post({"conversation": conversation, "message": "two"}, KEY).status_code == 503
    assert len(site.transcript(conversation)) == 2
    assert site.post({"conversation": conversation, "message": "two"}, KEY).status_code == 200
    assert [text for _, text in site.transcript(conversation)] == ["one", "You said: one", "two", "You said: two"]


def test_what_was_logged_and_never_answered_is_no_answered_enquiry(site: Site, rasa: FakeRasa) -> None:
    conversation = site.say("one")["conversation"]
    with site.database.transaction() as session:
        _log(session, conversation, datetime(2026, 1, 1, tzinfo=timezone.utc))  # long ago
    rasa.mishaps.append("drop")
    with site.database.transaction() as session:
        _log(session, conversation, datetime.now(timezone.utc) + timedelta(seconds=5))  # and then the assistant fell silent
    assert site.post({"conversation": conversation, "message": "two"}).status_code == 503
    assert [row.outcome for row in site.rows("SELECT outcome FROM enquiry ORDER BY id")] == ["answered", "unavailable"]


def _log(session: Session, conversation: str, now: datetime) -> None:
    log_enquiry(
        session, conversation=conversation, channel="website", text="two", withheld=False, outcome="answered", questions=[], now=now
    )


def test_a_button_can_be_pressed_again_after_a_fault(site: Site, rasa: FakeRasa) -> None:
    conversation = site.say("one")["conversation"]
    rasa.mishaps.append("error")
    assert site.post({"conversation": conversation, "choice": "2.1"}).status_code == 503
    assert site.post({"conversation": conversation, "choice": "2.1"}).status_code == 200


def test_without_the_database_the_assistant_still_answers_and_nothing_is_numbered(site: Site) -> None:
    known = site.say("one")["conversation"]
    lose_database(site)
    for conversation in (None, known):
        (message,) = site.post({"conversation": conversation, "message": "hello"}).json()["messages"]
        assert message["text"] == "You said: hello" and message["buttons"] == [] and "n" not in message
        assert message["custom"]["outcome"] == "answered"
    bring_database_back(site)
    assert len(site.transcript(known)) == 2
    assert site.say("two", known)["messages"][0]["n"] == 4


def test_without_the_database_what_needs_it_says_so_with_the_contact(site: Site) -> None:
    conversation = site.say("one")["conversation"]
    lose_database(site)
    asked = (
        site.read(conversation),
        site.forget(conversation),
        site.rate(conversation, {"n": 2, "thumb": "up"}),
        site.post({"conversation": conversation, "choice": "2.1"}),
    )
    for response in asked:
        assert code(response) == (503, "database_away")
        assert ROBIN.phone in response.json()["contact"]["text"]


def test_a_reply_that_cannot_be_kept_is_given_all_the_same(site: Site, rasa: FakeRasa) -> None:
    rasa.hold.clear()
    turn = site.meanwhile({"message": "hello"})
    rasa.arrived.acquire()
    lose_database(site)
    rasa.hold.set()
    (message,) = turn.result().json()["messages"]
    assert message["text"] == "You said: hello" and "n" not in message


def test_without_the_database_the_pages_stand(site: Site) -> None:
    lose_database(site)
    for path in ("/", "/privacy"):
        response = site.client.get(path)
        assert response.status_code == 200
        assert "Anytown" in response.text and ROBIN.phone in response.text
    assert site.client.get("/api/start").json()["name"] == "Anytown"


def test_health_names_the_part_that_is_away(site: Site, rasa: FakeRasa) -> None:
    well = {"website": "ok", "assistant": "ok", "database": "ok", "inbox": "off", "worker": "off"}
    assert site.client.get("/health").json() == {"status": "ok", "parts": well}
    rasa.has_model = False
    unwell = site.client.get("/health")
    assert (unwell.status_code, unwell.json()["parts"]) == (503, {**well, "assistant": "away"})
    rasa.has_model = True
    for age, state, status in ((timedelta(seconds=100), "ok", 200), (timedelta(seconds=130), "away", 503)):
        for name in ("inbox", "worker"):
            with site.database.transaction() as session:
                beat(session, name, now=datetime.now(timezone.utc) - age)
            answer = site.client.get("/health")
            assert (answer.status_code, answer.json()["parts"][name]) == (status, state)
            with site.database.transaction() as session:
                beat(session, name, now=datetime.now(timezone.utc))
    lose_database(site)
    unwell = site.client.get("/health")
    assert (unwell.status_code, unwell.json()["parts"]) == (503, {"website": "ok", "assistant": "ok", "database": "away"})


def test_without_any_kept_contact_a_sentence_still_stands(site: Site, rasa: FakeRasa) -> None:
    (site.var / "contact.json").unlink()
    rasa.mishaps.append("nothing")
    assert site.post({"message": "hello"}).json()["contact"]["text"] == "Please ask the trust's office."
    assert site.client.get("/").status_code == 200


def test_a_database_that_hangs_is_away(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    conversation = site.say("one")["conversation"]
    answers = threading.Event()
    monkeypatch.setattr("bot.process.transactions.WITHIN", 0.05)
    monkeypatch.setattr("bot.website.records.latest_number", lambda *_: answers.wait(20))
    monkeypatch.setattr("bot.website.records.messages_after", lambda *_: answers.wait(20))
    assert "n" not in site.say("two", conversation)["messages"][0]
    assert code(site.read(conversation)) == (503, "database_away")
    answers.set()


def test_a_broken_database_is_away_too(site: Site) -> None:
    conversation = site.say("one")["conversation"]
    site.database.engine.dispose()
    for file in site.var.glob("usher.db*"):
        file.write_bytes(b"this is no database" * 100)
    assert code(site.read(conversation)) == (503, "database_away")
    assert "n" not in site.say("hello", conversation)["messages"][0]
    assert site.client.get("/health").json()["parts"]["database"] == "away"

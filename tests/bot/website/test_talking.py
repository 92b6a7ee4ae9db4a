"""Turns: said, chosen, read again, rated, erased; two at once; lost on the way."""

from __future__ import annotations

import re
from datetime import datetime, timezone

import httpx
import pytest

from office.enquiries.log import WITHHELD, log_enquiry
from tests.bot.fake_rasa import FakeRasa, custom

from .site import KEY, Site, code, keeps_contract


def test_a_question_gets_its_reply_with_buttons_and_payload(site: Site, rasa: FakeRasa) -> None:
    reply = site.say("what does it cost?")
    source = rasa.heard[0]["metadata"].pop("source")  # what tells messages of one address from others, and no address
    assert re.fullmatch(r"[0-9a-f]{64}", source)
    assert rasa.heard == [
        {
            "sender": reply["conversation"], "message": "what does it cost?", "input_channel": "website",
            "metadata": {"channel": "website", "form_asked": ""},
        }
    ]  # fmt: skip
    buttons = [{"id": "2.1", "title": "How long?"}, {"id": "2.2", "title": "Who?"}]
    assert reply["messages"] == [{"n": 2, "text": "You said: what does it cost?", "buttons": buttons, "custom": custom()}]


def test_a_conversation_goes_on_and_can_be_read_again(site: Site) -> None:
    conversation = site.say("one")["conversation"]
    assert site.say("two", conversation)["conversation"] == conversation
    assert site.transcript(conversation) == [
        ("visitor", "one"), ("assistant", "You said: one"), ("visitor", "two"), ("assistant", "You said: two"),
    ]  # fmt: skip
    later = site.read(conversation, after=3).json()
    assert [message["n"] for message in later["messages"]] == [4] and later["last"] == 4
    nothing = site.read(conversation, after=4).json()
    assert nothing["messages"] == [] and nothing["last"] == 4


def test_a_message_and_its_reply_name_the_enquiry_they_belong_to(site: Site, rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch) -> None:
    conversation = site.say("hello")["conversation"]
    with site.database.transaction() as session:
        for said in ("not this one", "what does it cost?"):
            enquiry = log_enquiry(
                session, conversation=conversation, channel="website", text=said, withheld=False, outcome="answered", questions=[],
                now=datetime.now(timezone.utc),
            )  # fmt: skip
        number, sequence = enquiry.id, enquiry.sequence
    replies = [{"text": "One moment."}, {"text": "£1"}, {"custom": {**custom(), "enquiry": sequence}}]
    monkeypatch.setattr(rasa, "reply_to", lambda _text: replies)
    site.say("what does it cost?", conversation)
    assert [row.enquiry for row in site.rows("SELECT enquiry FROM message ORDER BY number")] == [None, None, number, None, number]


def test_conversations_begin_apart(site: Site) -> None:
    assert site.say("one")["conversation"] != site.say("one")["conversation"]


def test_a_button_asks_its_payload_and_shows_its_title(site: Site, rasa: FakeRasa) -> None:
    reply = site.say("what does it cost?")
    response = site.post({"conversation": reply["conversation"], "choice": "2.1"})
    assert response.status_code == 200
    assert rasa.texts[-1] == "SECRET how long does it last"
    assert site.transcript(reply["conversation"])[2] == ("visitor", "How long?")


def test_a_payload_never_leaves(site: Site, rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rasa, "reply_to", lambda _text: FakeRasa.reply_to(rasa, "hello"))
    reply = site.post({"message": "hello"})
    chosen = site.post({"conversation": reply.json()["conversation"], "choice": "2.2"})
    told = site.read(reply.json()["conversation"])
    assert rasa.texts[-1].startswith("SECRET")
    for response in (reply, chosen, told):
        assert "SECRET" not in response.text and "payload" not in response.text


def test_a_button_pressed_twice_is_answered_twice(site: Site) -> None:
    conversation = site.say("what does it cost?")["conversation"]
    presses = [site.meanwhile({"conversation": conversation, "choice": "2.1"}) for _ in range(2)]
    assert [press.result().status_code for press in presses] == [200, 200]
    assert len(site.transcript(conversation)) == 6


def test_a_button_of_another_conversation_is_unknown(site: Site) -> None:
    site.say("what does it cost?")
    other = site.say("x")["conversation"]
    for choice in ("1.1", "2.3", "4.1"):
        assert code(site.post({"conversation": other, "choice": choice})) == (404, "unknown_choice")


def test_two_messages_at_once_are_answered_one_after_the_other(site: Site, rasa: FakeRasa) -> None:
    conversation = site.say("zero")["conversation"]
    rasa.arrived.acquire()
    rasa.hold.clear()
    first = site.meanwhile({"conversation": conversation, "message": "one"})
    rasa.arrived.acquire()
    second = site.meanwhile({"conversation": conversation, "message": "two"})
    assert not rasa.arrived.acquire(timeout=0.2)  # the second waits
    rasa.hold.set()
    assert first.result().json()["messages"][0]["n"] == 4
    assert second.result().json()["messages"][0]["n"] == 6
    assert [text for _, text in site.transcript(conversation)][2:] == ["one", "You said: one", "two", "You said: two"]


def test_a_message_stands_in_the_transcript_while_the_answer_is_awaited(site: Site, rasa: FakeRasa) -> None:
    conversation = site.say("zero")["conversation"]
    rasa.arrived.acquire()
    rasa.hold.clear()
    turn = site.meanwhile({"conversation": conversation, "message": "one"})
    rasa.arrived.acquire()
    assert site.transcript(conversation)[2:] == [("visitor", "one")]
    rasa.hold.set()
    turn.result()


def test_a_turn_whose_visitor_left_is_finished_and_recorded(site: Site, rasa: FakeRasa) -> None:
    conversation = site.say("zero")["conversation"]
    rasa.arrived.acquire()
    rasa.hold.clear()
    with pytest.raises(httpx.ReadTimeout):
        site.client.post("/api/chat", json={"conversation": conversation, "message": "one"}, timeout=httpx.Timeout(10, read=0.2))
    rasa.arrived.acquire()
    rasa.hold.set()
    site.say("two", conversation)  # waits for the turn before it
    assert [text for _, text in site.transcript(conversation)] == [
        "zero", "You said: zero", "one", "You said: one", "two", "You said: two",
    ]  # fmt: skip


def test_words_about_a_pupil_are_not_kept(site: Site, rasa: FakeRasa) -> None:
    said = "our pupil Tim has epilepsy, can he join?"
    reply = site.say(said)
    assert rasa.texts == [said]
    assert site.transcript(reply["conversation"])[0] == ("visitor", WITHHELD)


def test_thumbs_are_kept(site: Site) -> None:
    conversation = site.say("what does it cost?")["conversation"]
    for thumb in ("up", "down"):
        assert site.rate(conversation, {"n": 2, "thumb": thumb}).status_code == 204
        assert [message["feedback"] for message in site.read(conversation).json()["messages"]] == [None, thumb]
    assert code(site.rate(conversation, {"n": 1, "thumb": "up"})) == (404, "unknown_message")
    assert code(site.rate(conversation, {"n": 9, "thumb": "up"})) == (404, "unknown_message")


def test_a_program_may_put_the_conversation_into_the_path(site: Site) -> None:
    conversation = site.say("what does it cost?")["conversation"]
    path = f"/api/chat/{conversation}"
    told = keeps_contract(site.client.get(path, params={"after": 1}), "/api/chat/{conversation}")
    assert told.json() == site.read(conversation, after=1).json() and told.json()["messages"][0]["n"] == 2
    rated = site.client.post(f"{path}/feedback", json={"n": 2, "thumb": "up"})
    assert keeps_contract(rated, "/api/chat/{conversation}/feedback").status_code == 204
    assert site.read(conversation).json()["messages"][1]["feedback"] == "up"
    assert keeps_contract(site.client.delete(path), "/api/chat/{conversation}").status_code == 204
    assert code(site.read(conversation)) == code(site.client.get(path)) == (404, "unknown_conversation")


@pytest.mark.parametrize(("method", "path"), [("GET", ""), ("DELETE", ""), ("POST", "/feedback")])
def test_who_names_no_conversation_is_told_where_it_belongs(site: Site, method: str, path: str) -> None:
    body = {"n": 2, "thumb": "up"} if method == "POST" else None
    response = keeps_contract(site.client.request(method, f"/api/conversation{path}", json=body), f"/api/conversation{path}")
    assert code(response) == (400, "bad_request")
    assert "Usher-Conversation" in response.json()["error"]["message"]


def test_nothing_that_is_logged_names_a_conversation(
    site: Site, rasa: FakeRasa, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level("DEBUG")
    conversation = site.say("one")["conversation"]
    rasa.mishaps.append("error")
    assert site.post({"conversation": conversation, "message": "two"}).status_code == 503
    monkeypatch.setattr("bot.website.records.messages_after", None)
    assert site.read(conversation).status_code == 503
    assert "a request broke" in caplog.text and "could not be met" in caplog.text
    logged = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith(("bot", "uvicorn", "office")))
    assert logged and conversation not in logged and conversation.partition(".")[0] not in logged


def test_erasing_leaves_nothing_and_can_be_repeated(site: Site) -> None:
    kept = site.say("keep this")["conversation"]
    gone = site.say("erase this")["conversation"]
    with site.database.transaction() as session:
        session.connection().exec_driver_sql("CREATE TABLE events (id INTEGER PRIMARY KEY, sender_id TEXT, data TEXT)")
        for conversation in (kept, gone):
            question = {"text": "erase", "trust": "anytown", "topics": [], "outcome": "answered", "facts": [], "confidence": 1.0}
            log_enquiry(
                session, conversation=conversation, channel="website", text="erase this", withheld=False, outcome="answered",
                questions=[question], now=datetime.now(timezone.utc),
            )  # fmt: skip
            session.connection().exec_driver_sql("INSERT INTO events (sender_id, data) VALUES (?, 'erase')", (conversation,))
    assert [site.forget(gone).status_code for _ in range(2)] == [204, 204]
    for table, column in (("message", "conversation"), ("enquiry", "conversation"), ("events", "sender_id")):
        assert {row[0] for row in site.rows(f"SELECT {column} FROM {table}")} == {kept}
    assert len(site.rows("SELECT * FROM question")) == 1
    assert code(site.read(gone)) == (404, "unknown_conversation")
    assert code(site.post({"conversation": gone, "message": "again"})) == (404, "unknown_conversation")
    assert code(site.post({"conversation": gone, "choice": "2.1"})) == (404, "unknown_conversation")


def test_erasing_waits_for_the_turn_under_way(site: Site, rasa: FakeRasa) -> None:
    conversation = site.say("zero")["conversation"]
    rasa.arrived.acquire()
    rasa.hold.clear()
    turn = site.meanwhile({"conversation": conversation, "message": "one"})
    rasa.arrived.acquire()
    erased = site.meanwhile_forget(conversation)
    rasa.hold.set()
    assert turn.result().status_code == 200
    assert erased.result().status_code == 204
    assert site.rows("SELECT * FROM message") == []


def test_the_same_message_under_the_same_key_is_heard_once(site: Site, rasa: FakeRasa) -> None:
    first, second = (site.post({"conversation": None, "message": "what does it cost?"}, KEY) for _ in range(2))
    assert first.json() == second.json()
    assert len(rasa.heard) == 1
    assert site.post({"message": "and how long?"}, KEY).json()["conversation"] != first.json()["conversation"]


def test_a_duplicate_waits_for_the_turn_under_way(site: Site, rasa: FakeRasa) -> None:
    rasa.hold.clear()
    turns = [site.meanwhile({"message": "what does it cost?"}, KEY) for _ in range(3)]
    rasa.arrived.acquire()
    rasa.hold.set()
    replies = [turn.result().json() for turn in turns]
    assert replies[0] == replies[1] == replies[2]
    assert len(rasa.heard) == 1


def test_a_failed_turn_is_tried_anew_under_its_key(site: Site, rasa: FakeRasa) -> None:
    rasa.mishaps.append("error")
    assert site.post({"message": "what does it cost?"}, KEY).status_code == 503
    assert site.post({"message": "what does it cost?"}, KEY).status_code == 200


def test_an_erased_reply_is_not_given_again_by_its_key(site: Site, rasa: FakeRasa) -> None:
    erased = site.post({"message": "what does it cost?"}, KEY).json()["conversation"]
    site.forget(erased)
    assert site.post({"message": "what does it cost?"}, KEY).json()["conversation"] != erased


def test_a_key_gives_nothing_of_a_conversation_to_somebody_elsewhere(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.website.chat.address_of", lambda request, trust_proxy: request.headers.get("x-at", "10.0.0.1"))
    opening = {"conversation": None, "message": "can someone ring me?"}
    mine = site.post(opening, KEY).json()
    assert site.post(opening, KEY).json() == mine  # it is the same message, sent again
    site.client.headers["x-at"] = "10.0.0.2"
    theirs = site.post(opening, KEY).json()
    assert theirs["conversation"] != mine["conversation"]
    assert len(site.transcript(mine["conversation"])) == len(site.transcript(theirs["conversation"])) == 2
    again = {"conversation": mine["conversation"], "message": "one"}
    assert site.post(again, KEY).json() == site.post(again, KEY).json()  # who holds the conversation may have moved to another network

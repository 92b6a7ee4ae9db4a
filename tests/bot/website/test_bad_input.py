"""Whatever arrives: a clear 4xx or a polite reply, never a fault of ours, and nothing heard that was refused."""

from __future__ import annotations

import json
import socket
from typing import Any

import httpx
import pytest

from bot.website.identity import Identity
from tests.bot.fake_rasa import FakeRasa

from .site import KEY, Site, code


@pytest.mark.parametrize("message", ["", "   \n\t", "\u200b\ufeff", "\x00\x01\x1b"], ids=ascii)
def test_an_empty_message_is_refused_kindly(site: Site, rasa: FakeRasa, message: str) -> None:
    assert code(site.post({"message": message})) == (400, "empty_message")
    assert rasa.heard == [] and site.rows("SELECT * FROM message") == []


def test_a_message_may_have_2000_characters(site: Site, rasa: FakeRasa) -> None:
    assert site.post({"message": "  " + "ü" * 2000 + "  "}).status_code == 200
    assert code(site.post({"message": "ü" * 2001})) == (413, "too_long")
    assert code(site.post({"message": "x" * 10_000})) == (413, "too_long")
    assert rasa.texts == ["ü" * 2000]


def test_a_body_that_is_too_large_is_refused(site: Site, rasa: FakeRasa) -> None:
    for size in (65 * 1024, 3 * 1024 * 1024):
        assert code(site.post({"message": "x" * size})) == (413, "too_large")
    pieces = iter([b'{"message": "'] + [b"x" * 10_000] * 10 + [b'"}'])
    assert code(site.client.post("/api/chat", content=pieces)) == (413, "too_large")
    assert rasa.heard == []


@pytest.mark.parametrize(
    "text",
    [
        "😀👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿", "كم تكلفة العضوية؟", "会費はいくらですか", "<script>alert(1)</script><img src=x onerror=alert(2)>",
        "'; DROP TABLE message; --", "/ask_cost{\"trust\": \"x\"}", "/restart", "{{7*7}} ${7*7} %s %n {contact}", "../../etc/passwd",
    ],
)  # fmt: skip
def test_strange_text_is_text(site: Site, rasa: FakeRasa, text: str) -> None:
    reply = site.say(text)
    assert rasa.texts == [text]
    assert site.transcript(reply["conversation"])[0] == ("visitor", text)


def test_control_and_invisible_characters_are_left_out(site: Site, rasa: FakeRasa) -> None:
    content = json.dumps({"message": "how\x00 much\x1b[31m\u202e is\u200b it\ud800?\r\nand\thow long?"})
    assert site.client.post("/api/chat", content=content).status_code == 200
    assert rasa.texts == ["how  much [31m is it\ufffd?\nand\thow long?"]


@pytest.mark.parametrize(
    "body",
    [
        b"", b"hello", b"{", b'"text"', b"[]", b"null", b"7", b"\xff\xfe\x00", b'{"message": "\xff"}', b"[" * 60_000, b'{"a":' * 9_000,
        b"1" * 60_000, b"NaN", b"message=hello",
    ],
    ids=lambda body: ascii(body[:12]),
)  # fmt: skip
def test_what_is_no_json_object_is_refused(site: Site, rasa: FakeRasa, body: bytes) -> None:
    assert code(site.client.post("/api/chat", content=body)) == (400, "bad_json")
    assert rasa.heard == []


@pytest.mark.parametrize(
    "body",
    [
        {}, {"conversation": None}, {"message": 7}, {"message": ["x"]}, {"message": {"text": "x"}}, {"message": True}, {"message": None},
        {"message": "x", "conversation": 7}, {"message": "x", "conversation": ["x"]}, {"message": "x", "choice": "2.1"},
        {"message": "", "choice": "2.1"}, {"choice": 2.1, "conversation": "x"}, {"conversation": "x", "choice": {}},
    ],
    ids=json.dumps,
)  # fmt: skip
def test_missing_and_wrong_fields_are_refused(site: Site, rasa: FakeRasa, body: Any) -> None:
    assert code(site.post(body)) == (400, "bad_request")
    assert rasa.heard == []


def test_json_under_another_content_type_is_understood(site: Site) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "nonsense"):
        response = site.client.post("/api/chat", content=b'{"message": "hello", "extra": 1}', headers={"Content-Type": kind})
        assert response.status_code == 200


FORGED = ["x", "", "null", "x.y", "..", "a" * 5000, "ü", "\x00", "' OR 1=1 --"]
FORGED_AND_ISSUED = [
    *(pytest.param(text, id=ascii(text[:20])) for text in FORGED),
    pytest.param(Identity("another secret").issue(), id="issued"),
]


@pytest.mark.parametrize("forged", FORGED_AND_ISSUED)
def test_a_forged_conversation_is_unknown(site: Site, rasa: FakeRasa, forged: str) -> None:
    for body in ({"message": "hello"}, {"choice": "2.1"}):
        assert code(site.post({"conversation": forged, **body})) == (404, "unknown_conversation")
    assert rasa.heard == []


def test_a_forged_conversation_cannot_be_read_rated_or_erased(site: Site) -> None:
    mine = site.say("hello")["conversation"]
    token, _, signature = mine.partition(".")
    others = [f"{signature[:-1]}{letter}" for letter in "abcdefghABCDEFGH" if letter != signature[-1]]
    forgeries = [f"{token}.{other}" for other in others] + [mine[:-1], f"x{token}.{signature}", f"{mine}=", f"{token}.x.{signature}"]
    for forged in (*forgeries, token, "x.y", Identity("another secret").issue(), "%00", "%F0%9F"):
        assert code(site.read(forged)) == code(site.forget(forged)) == (404, "unknown_conversation")
        assert code(site.client.get(f"/api/chat/{forged}")) == (404, "unknown_conversation")
        assert code(site.client.delete(f"/api/chat/{forged}")) == (404, "unknown_conversation")
        feedback = site.client.post(f"/api/chat/{forged}/feedback", json={"n": 2, "thumb": "up"})
        assert code(feedback) == (404, "unknown_conversation")
    assert len(site.transcript(mine)) == 2


@pytest.mark.parametrize("choice", ["", "x", "1", "1.1.1", "²", "²" + ".1", "-1.1", "9" * 30, "2.1 ", "2.9999", "x" * 5000])
def test_an_unknown_choice_is_refused(site: Site, choice: str) -> None:
    conversation = site.say("hello")["conversation"]
    assert code(site.post({"conversation": conversation, "choice": choice})) == (404, "unknown_choice")
    assert code(site.post({"conversation": None, "choice": choice})) == (404, "unknown_choice")


@pytest.mark.parametrize("after", ["x", "-1", "1.5", "9" * 30, "²", ""])
def test_a_wrong_number_to_read_after_is_refused(site: Site, after: str) -> None:
    assert code(site.read(site.say("hello")["conversation"], after)) == (400, "bad_request")


@pytest.mark.parametrize(
    "body",
    [{}, {"n": 2}, {"n": "2", "thumb": "up"}, {"n": True, "thumb": "up"}, {"n": 2, "thumb": "sideways"}, {"n": 10**30, "thumb": "up"}],
)
def test_wrong_feedback_is_refused(site: Site, body: Any) -> None:
    assert code(site.rate(site.say("hello")["conversation"], body)) == (400, "bad_request")


def test_a_wrong_key_is_refused(site: Site) -> None:
    assert code(site.post({"message": "hello"}, "x" * 5000)) == (400, "bad_request")
    assert site.post({"message": "hello"}, "01234567-89ab-cdef-0123-456789abcdef").status_code == 200
    assert site.post({"message": "hello"}, KEY.upper()).status_code == 200


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/api/chat"), ("PUT", "/api/chat/x"), ("OPTIONS", "/api/chat"), ("POST", "/api/start")]
)
def test_a_wrong_method_is_said_in_json(site: Site, method: str, path: str) -> None:
    response = site.client.request(method, path)
    assert code(response) == (405, "method_not_allowed")
    assert response.headers["Allow"]


def test_an_unknown_address_is_said_in_json_to_programs_and_as_a_page_to_people(site: Site) -> None:
    for path in ("/api", "/api/nothing", "/api/chat/x/y"):
        assert code(site.client.get(path)) == (404, "not_found")
    for path in ("/nothing", "/static/nothing.js", "/static/../app.py", "/static/%00", "/static/" + "x" * 5000):
        response = site.client.get(path)
        assert response.status_code == 404
        assert "Page not found" in response.text and "01632 960123" in response.text


def test_a_visitor_who_leaves_while_writing_disturbs_nobody(site: Site) -> None:
    with socket.create_connection((site.client.base_url.host, site.client.base_url.port or 80)) as half:
        half.sendall(b'POST /api/chat HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n{"message": "how mu')
    assert site.say("hello")["messages"]


def test_a_request_that_is_no_http_is_refused(site: Site) -> None:
    with socket.create_connection((site.client.base_url.host, site.client.base_url.port or 80)) as raw:
        raw.sendall(b"\x16\x03\x01 nonsense\r\n\r\n")
        assert raw.recv(100).startswith(b"HTTP/1.1 400")


def test_what_breaks_inside_is_a_sentence_and_not_a_traceback(
    site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError(" ".join(["the visitor's", "own", "words"]))

    monkeypatch.setattr("bot.website.turns.Turns.take", broken)
    monkeypatch.setattr("bot.website.front.FrontPages.start", broken)
    for response in (site.post({"message": "hello"}), site.client.get("/api/start")):
        assert code(response) == (503, "fault")
        assert "01632 960123" in response.json()["contact"]["text"]
        assert "Content-Security-Policy" in response.headers
        assert "KeyError" not in response.text
    assert "KeyError" in caplog.text and "own words" not in caplog.text


def test_one_bad_request_does_not_end_a_connection(site: Site) -> None:
    with httpx.Client(base_url=site.client.base_url, trust_env=False) as client:
        assert client.post("/api/chat", json={"message": "x" * 100_000}).status_code == 413
        assert client.post("/api/chat", json={"message": "hello"}).status_code == 200

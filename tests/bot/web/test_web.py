"""What website, inbox and webhook share: bodies within bounds, safe headers, and a sentence where something breaks."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from bot.web.bodies import BodyTooLarge, BodyTooSlow, read_body
from bot.web.headers import COMMON, SafeHeaders
from bot.web.last_resort import LastResort
from bot.web.static import StaticFolder


def request_of(*chunks: bytes) -> Request:
    """Return a request whose body arrives in these pieces; one that never ends where the last is empty."""
    waiting = [*chunks]

    async def receive() -> dict:
        if waiting and not waiting[0]:
            await asyncio.Event().wait()
        return {"type": "http.request", "body": waiting.pop(0), "more_body": bool(waiting)}

    return Request({"type": "http", "method": "POST", "headers": []}, receive)


async def test_a_body_is_read_up_to_its_limit_and_no_further():
    assert await read_body(request_of(b"abc", b"de"), largest=5, within=5) == b"abcde"
    with pytest.raises(BodyTooLarge):
        await read_body(request_of(b"abc", b"def"), largest=5, within=5)


async def test_a_body_that_does_not_arrive_is_not_waited_for():
    with pytest.raises(BodyTooSlow):
        await read_body(request_of(b"abc", b""), largest=5, within=0.01)


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    (tmp_path / "a.js").write_text("let a = 1;")

    async def breaks(request: Request) -> Response:
        raise ValueError(request.query_params["name"])

    async def kept(_: Request) -> Response:
        return PlainTextResponse("kept", headers={"Cache-Control": "max-age=9"})

    async def sorry(_: Request) -> Response:
        return PlainTextResponse("sorry", 500)

    app = Starlette(
        routes=[Route("/breaks", breaks), Route("/kept", kept), Mount("/static", StaticFolder(tmp_path))],
        middleware=[Middleware(SafeHeaders, headers={"Referrer-Policy": "same-origin"}), Middleware(LastResort, apology=sorry)],
    )
    return TestClient(app)


def test_what_breaks_is_a_sentence_to_the_person_and_the_log_gets_where_but_not_the_words(client, caplog):
    with caplog.at_level(logging.ERROR):
        response = client.get("/breaks?name=Jo+Field")
    assert (response.status_code, response.text) == (500, "sorry")
    assert "ValueError" in caplog.text and "in breaks" in caplog.text and "Jo Field" not in caplog.text


def test_every_response_has_the_safe_headers_unless_it_says_otherwise(client):
    for path in ("/breaks?name=Jo", "/static/a.js", "/nowhere"):
        headers = client.get(path).headers
        assert headers["Referrer-Policy"] == "same-origin" and headers["X-Content-Type-Options"] == COMMON["X-Content-Type-Options"]
    assert client.get("/nowhere").headers["Cache-Control"] == "no-store"
    assert client.get("/kept").headers["Cache-Control"] == "max-age=9"


def test_a_script_is_a_script_whatever_the_machine_s_tables_say(client):
    response = client.get("/static/a.js")
    assert (
        response.headers["Content-Type"] == "text/javascript; charset=utf-8" and response.headers["Cache-Control"] == "public, max-age=60"
    )

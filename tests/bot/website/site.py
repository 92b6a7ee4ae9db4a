"""The real website over real HTTP, in a thread, and a visitor's calls to it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from jsonschema import Draft202012Validator
from starlette.applications import Starlette

from bot.rasa_client import Assistant
from bot.web.serving import server_of
from bot.website.app import build_app
from bot.website.openapi import OPENAPI
from office.base.database import Database
from settings import Settings

KEY = "0123456789abcdef0123456789abcdef"


class Site:
    """A running website. `database` is its database, `client` somebody's browser."""

    def __init__(self, app: Starlette, client: httpx.Client, database: Database, var: Path) -> None:
        self.app, self.client, self.database, self.var = app, client, database, var
        self._others = ThreadPoolExecutor()

    def post(self, body: Any, key: str | None = None, **more: Any) -> httpx.Response:
        """One turn; the response is held against the API's own description."""
        headers = {"Idempotency-Key": key} if key else {}
        return keeps_contract(self.client.post("/api/chat", json=body, headers=headers, **more), "/api/chat")

    def meanwhile(self, body: Any, key: str | None = None) -> Future[httpx.Response]:
        """One turn, in another thread."""
        return self._others.submit(self.post, body, key)

    def meanwhile_forget(self, conversation: str) -> Future[httpx.Response]:
        """An erasure, in another thread."""
        return self._others.submit(self.forget, conversation)

    def say(self, text: str, conversation: str | None = None) -> dict[str, Any]:
        """One turn that succeeds."""
        response = self.post({"conversation": conversation, "message": text})
        assert response.status_code == 200, response.text
        reply: dict[str, Any] = response.json()
        return reply

    def read(self, conversation: str, after: int | str = 0) -> httpx.Response:
        return self._of(conversation, "GET", params={"after": after})

    def transcript(self, conversation: str) -> list[tuple[str, str]]:
        """Who said what."""
        return [(message["from"], message["text"]) for message in self.read(conversation).json()["messages"]]

    def rate(self, conversation: str, body: Any) -> httpx.Response:
        return self._of(conversation, "POST", "/feedback", json=body)

    def forget(self, conversation: str) -> httpx.Response:
        return self._of(conversation, "DELETE")

    def _of(self, conversation: str, method: str, behind: str = "", **more: Any) -> httpx.Response:
        """One call about a conversation, as the widget makes it."""
        path = f"/api/conversation{behind}"
        return keeps_contract(self.client.request(method, path, headers={"Usher-Conversation": conversation}, **more), path)

    def rows(self, query: str) -> list[Any]:
        """What stands in the database."""
        with self.database.engine.connect() as connection:
            return list(connection.exec_driver_sql(query))


def code(response: httpx.Response) -> tuple[int, str]:
    """The status of a refusal, and its code."""
    return response.status_code, response.json()["error"]["code"]


def keeps_contract(response: httpx.Response, path: str) -> httpx.Response:
    """The response, if the API's description has it so."""
    described = OPENAPI["paths"][path][response.request.method.lower()]["responses"]
    assert str(response.status_code) in described, f"{response.status_code} is not described: {response.text}"
    content = described[str(response.status_code)].get("content")
    if content:
        schema = {**content["application/json"]["schema"], "components": OPENAPI["components"]}
        Draft202012Validator(schema).validate(response.json())
    else:
        assert response.content == b""
    return response


@contextmanager
def open_site(settings: Settings) -> Iterator[Site]:
    """Serves the website on a free port for as long as the block lasts. Connections wait in the socket until it is up."""
    database = Database(settings.database_url)
    app = build_app(settings, database, Assistant(f"http://127.0.0.1:{settings.rasa_port}", settings.turn_timeout_seconds))
    door = socket.create_server(("127.0.0.1", 0))
    server = server_of(app)
    thread = threading.Thread(target=server.run, args=([door],), daemon=True)
    thread.start()
    with httpx.Client(base_url=f"http://127.0.0.1:{door.getsockname()[1]}", timeout=30, trust_env=False) as client:
        yield Site(app, client, database, settings.var)
    server.should_exit = True
    thread.join(10)
    assert not thread.is_alive()
    database.engine.dispose()

"""A Bot API server for tests, as far as the worker speaks to it: sendMessage in Telegram's own JSON, and its refusals."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

TOKEN = "70001:TEST-token_only"
REFUSALS: dict[str, tuple[int, dict[str, Any]]] = {
    "blocked": (403, {"description": "Forbidden: bot was blocked by the user"}),
    "gone": (400, {"description": "Bad Request: chat not found"}),
    "flood": (429, {"description": "Too Many Requests: retry after 90", "parameters": {"retry_after": 90}}),
    "broken": (500, {"description": "Internal Server Error"}),
    "token": (401, {"description": "Unauthorized"}),
    "markup": (400, {"description": "Bad Request: can't parse entities: unsupported start tag"}),
}


class BotApi:
    """`refuse` says for each chat what it gets instead of its message; `sent` holds what arrived."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.refuse: dict[int, str] = {}
        self.url = ""
        self._number = 0
        self._lock = threading.Lock()

    def answer(self, path: str, values: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        with self._lock:
            self.calls.append((path, values))
            chat = int(values.get("chat_id", 0))
            refusal = self.refuse.get(chat)
            if path != f"/bot{TOKEN}/sendMessage":
                return 404, {"ok": False, "error_code": 404, "description": "Not Found"}
            if refusal == "markup" and "parse_mode" not in values:
                refusal = None
            if refusal:
                status, body = REFUSALS[refusal]
                return status, {"ok": False, "error_code": status, **body}
            self._number += 1
            self.sent.append(values)
            message = {"message_id": self._number, "date": 1795000000, "chat": {"id": chat, "type": "private"}, "text": values["text"]}
            return 200, {"ok": True, "result": message}


@contextmanager
def bot_api() -> Iterator[BotApi]:
    """Gives a running Bot API server, in a thread."""
    api = BotApi()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if "json" in self.headers.get("Content-Type", ""):
                values = json.loads(body)
            else:
                values = {key: found[0] for key, found in parse_qs(body.decode()).items()}
            status, answer = api.answer(self.path, values)
            content = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    api.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield api
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)

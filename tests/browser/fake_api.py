"""A small website that speaks the chat API exactly, answers by script, and fails on demand.

The same message under the same key is heard once, even while its answer is awaited. The widget's tests run against it, so that "the connection was lost after the message arrived" is one line.
Open http://127.0.0.1:8099 after `python -m tests.browser.fake_api` to look at the widget by hand.
"""

from __future__ import annotations

import json
import mimetypes
import re
import socket
import threading
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

from jinja2 import Environment, FileSystemLoader

WEBSITE = Path(__file__).parents[2] / "bot" / "website"
CSP = (
    "default-src 'self'; connect-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; "
    "base-uri 'none'; frame-ancestors 'self'; object-src 'none'"
)
TRUST = {"name": "Anytown Academy Trust", "short": "Anytown"}
CONTACT = {
    "text": "Robin Example, PA to the trust, on 01632 960123 or robin@anytown.example",
    "person": "Robin Example, PA to the trust",
    "phone": "01632 960123",
    "email": "robin@anytown.example",
}
START = {
    "greeting": "Hello. I am an automated assistant, not a person.",
    "covers": "I answer questions about joining our trust from its published documents: cost, how long it lasts, governance, support.",
    "questions": ["How much does it cost?", "How long does it last?", "How do we join?"],
    "contact": f"Please ask {CONTACT['text']}.",
    "privacy": "/privacy",
    "name": TRUST["name"],
    "rest_minutes": 60,
}
SOURCE = {"title": "Joining us", "section": "Membership", "as_of": "2017-02-03"}
SOURCE_LINE = "Source: Joining us, “Membership”, as of 3 February 2017."

Mishap = Literal["drop_before", "drop_after", "no_reply_yet", "away", "flood"]
Message = dict[str, Any]


def reply_to(text: str) -> tuple[str, str, list[str]]:
    """The made-up assistant: text, outcome and titles of the next buttons for a question."""
    asked = text.lower()
    if "cost" in asked or "how much" in asked:
        return (
            f"Associate membership costs £499 a term, as published.\n{SOURCE_LINE}",
            "answered",
            ["How long does it last?", "Who can join?"],
        )
    if "support" in asked:
        lines = "\n".join(f"- {line}" for line in ("Finance and payroll", "HR advice", "ICT and data protection", "Premises and insurance"))
        return f"Central services cover four things:\n{lines}\n{SOURCE_LINE}", "answered", ["How much does it cost?"]
    if "unclear" in asked:
        return "Do you mean the fee, or the charge for services?", "clarify", ["The fee", "The charge for services", "Something else"]
    if "uniform" in asked:
        return (
            f"The documents do not say whether a school keeps its uniform. Please ask {CONTACT['text']}.",
            "not_known",
            ["Pass my question on"],
        )
    return f"It lasts one term.\n{SOURCE_LINE}", "answered", []


class FakeUsher:
    """The server: `mishaps` befall the next posts, one each; `down` drops every call; `hold` keeps replies waiting until set."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.hold = threading.Event()
        self.reset()
        handler = type("Handler", (_Handler,), {"usher": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def reset(self) -> None:
        """Forgets every conversation and every mishap."""
        self.conversations: dict[str, list[Message]] = {}
        self.calls: list[str] = []
        self.posts: list[dict[str, Any]] = []
        self.mishaps: deque[Mishap] = deque()
        self.kept: dict[str, dict[str, Any]] = {}  # replies by Idempotency-Key
        self.turns: dict[str, threading.Event] = {}  # those under way, and over, by the same
        self.masked: dict[str, str] = {}  # what is kept of a visitor's words instead of them
        self.steps: deque[dict[str, Any]] = deque()  # what the next replies' payloads say besides, and their buttons
        self.rest_minutes = 60
        self.keep_alive = False  # True: Chromium sends a POST again by itself when its reused connection breaks
        self.down = False
        self.next_id = 0
        self.hold.set()

    def stop(self) -> None:
        self.hold.set()
        self.server.shutdown()
        self.server.server_close()

    def said(self) -> list[str]:
        """Every visitor's message that the server keeps, over all conversations."""
        return [message["text"] for messages in self.conversations.values() for message in messages if message["from"] == "visitor"]

    def new_conversation(self) -> str:
        with self.lock:
            self.next_id += 1
            conversation = f"c{self.next_id}.signed-by-the-server"
            self.conversations[conversation] = []
            return conversation

    def hear(self, conversation: str, text: str) -> None:
        """Keeps a visitor's message."""
        messages = self.conversations[conversation]
        messages.append({"n": len(messages) + 1, "from": "visitor", "text": self.masked.get(text, text), "buttons": [], "feedback": None})

    def answer(self, conversation: str, text: str) -> list[Message]:
        """Keeps the assistant's reply to `text` and gives it as the API does."""
        said, outcome, titles = reply_to(text)
        step = self.steps.popleft() if self.steps else {}
        titles = step.pop("buttons", titles)
        said = step.pop("text", said)
        messages = self.conversations[conversation]
        n = len(messages) + 1
        question = {"topic": "cost", "trust": "anytown", "outcome": outcome, "facts": ["anytown.cost.fee"], "sources": [SOURCE]}
        message: Message = {
            "n": n,
            "from": "assistant",
            "text": said,
            "buttons": [{"id": f"{n}-{number}", "title": title} for number, title in enumerate(titles)],
            "custom": {"outcome": outcome, "questions": [question], "next": [], **step},
            "feedback": None,
        }
        messages.append(message)
        return [{key: message[key] for key in ("n", "text", "buttons", "custom")}]

    def title_of(self, conversation: str, choice: str) -> str | None:
        """The title of a button that was offered in this conversation."""
        offered = (button for message in self.conversations[conversation] for button in message["buttons"])
        return next((button["title"] for button in offered if button["id"] == choice), None)


class _Handler(BaseHTTPRequestHandler):
    usher: FakeUsher
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        """Keeps the tests' output readable."""

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path.startswith("/api/"):
            self._api("GET", path)
        elif path.startswith("/static/"):
            self._file(WEBSITE / "static" / path.removeprefix("/static/"))
        else:
            self._page({"/": "home.html", "/privacy": "privacy.html", "/bare": "bare"}.get(path, "error.html"))

    def do_POST(self) -> None:
        self._api("POST", urlsplit(self.path).path)

    def do_DELETE(self) -> None:
        self._api("DELETE", urlsplit(self.path).path)

    def _page(self, name: str) -> None:
        if name == "bare":  # the smallest page: one tag, no attributes
            html = (
                '<!doctype html><html lang="en"><title>Bare</title><h1>Bare</h1><script type="module" src="/static/usher-chat.js"></script>'
            )
        else:
            pages = Environment(loader=FileSystemLoader(WEBSITE / "templates"), autoescape=True)
            html = pages.get_template(name).render(
                trust=TRUST,
                contact=CONTACT,
                covers=START["covers"],
                facts_as_of="2016 and 2017",
                keep={"enquiries": 365, "leads": 730, "tracker": 90, "logs": 30, "audit": 1095},
                rest=START["rest_minutes"],
                telegram=False,
                title="Page not found",
                message="There is no page here.",
            )
        self._send(404 if name == "error.html" else 200, html.encode(), "text/html; charset=utf-8")

    def _file(self, path: Path) -> None:
        if path.is_file():
            self._send(200, path.read_bytes(), mimetypes.guess_type(path.name)[0] or "application/octet-stream")
        else:
            self._send(404, b"", "text/plain")

    def _api(self, method: str, path: str) -> None:
        usher = self.usher
        usher.calls.append(f"{method} {path}")
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")
        if usher.down:
            return self._drop()
        if path == "/api/start":
            return self._json(200, {**START, "rest_minutes": usher.rest_minutes})
        if path == "/api/chat" and method == "POST":
            return self._turn(body)
        known = re.fullmatch(r"/api/conversation(/feedback)?", path)
        conversation = self.headers.get("Usher-Conversation", "") if known else ""
        if conversation not in usher.conversations:
            return self._json(404, {"error": {"code": "unknown_conversation", "message": "There is no such conversation."}})
        messages = usher.conversations[conversation]
        if method == "DELETE":
            del usher.conversations[conversation]
            return self._json(204)
        if known and known[1]:
            messages[body["n"] - 1]["feedback"] = body["thumb"]
            return self._json(204)
        after = int(parse_qs(urlsplit(self.path).query).get("after", ["0"])[0])
        self._json(200, {"conversation": conversation, "messages": messages[after:], "last": len(messages)})

    def _turn(self, body: dict[str, Any]) -> None:
        usher = self.usher
        usher.posts.append(body)
        mishap = usher.mishaps.popleft() if usher.mishaps else None
        if mishap == "drop_before":
            return self._drop()
        if mishap == "flood":
            return self._json(429, {"error": {"code": "too_many", "message": "Too many messages."}})
        if mishap == "away":
            return self._json(503, {"error": {"code": "away", "message": "The assistant is away."}, "contact": {"text": START["contact"]}})
        key = self.headers["Idempotency-Key"]
        if key in usher.turns:
            usher.turns[key].wait(20)
        if key in usher.kept:
            return self._json(200, usher.kept[key])
        conversation = body.get("conversation") or usher.new_conversation()
        if conversation not in usher.conversations:
            return self._json(404, {"error": {"code": "unknown_conversation", "message": "There is no such conversation."}})
        text = body.get("message") or usher.title_of(conversation, body["choice"])
        if text is None:
            return self._json(404, {"error": {"code": "unknown_choice", "message": "That button is not known."}})
        turn = usher.turns[key] = threading.Event()
        usher.hear(conversation, text)
        if mishap == "no_reply_yet":
            self._drop()
        usher.hold.wait(20)
        usher.kept[key] = {"conversation": conversation, "messages": usher.answer(conversation, text)}
        turn.set()
        if mishap == "no_reply_yet":
            return None
        return self._drop() if mishap == "drop_after" else self._json(200, usher.kept[key])

    def _json(self, status: int, content: object = None) -> None:
        self._send(status, b"" if content is None else json.dumps(content).encode(), "application/json")

    def _send(self, status: int, content: bytes, kind: str) -> None:
        try:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Content-Security-Policy", CSP)
            self.send_header("Cache-Control", "no-store")
            if not self.usher.keep_alive:
                self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(content)
        except ConnectionError:
            self.close_connection = True  # the browser left meanwhile

    def _drop(self) -> None:
        """Cuts the connection without a word."""
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)


if __name__ == "__main__":
    site = FakeUsher()
    print(f"Open {site.url}; Ctrl-C stops it.")
    threading.Event().wait()

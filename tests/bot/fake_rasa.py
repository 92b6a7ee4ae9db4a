"""A server that speaks Rasa's REST channel, answers by script, and fails on demand."""

from __future__ import annotations

import json
import socket
import threading
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

Mishap = Literal["nothing", "error", "drop", "no payload", "not json", "no texts", "no list"]
BODIES: dict[str, tuple[int, bytes]] = {
    "nothing": (200, b"[]"),
    "error": (500, b'{"status": "failure"}'),
    "no payload": (200, b'[{"text": "half a reply"}]'),
    "not json": (200, b"<html>oops"),
    "no texts": (200, b'[{"custom": {"outcome": "answered"}}]'),
    "no list": (200, b"7"),
}


def custom(outcome: str = "answered") -> dict[str, Any]:
    source = {"title": "Joining us", "section": "Membership", "as_of": "2017-02-03"}
    question = {"topic": "cost", "trust": "anytown", "outcome": outcome, "facts": ["anytown.cost.fee"], "sources": [source]}
    return {"outcome": outcome, "questions": [question], "next": ["membership_duration"]}


class FakeRasa:
    """`heard` holds every body that arrived; `mishaps` befall the next ones; `hold` keeps replies back until set."""

    def __init__(self, port: int = 0) -> None:
        self.heard: list[dict[str, Any]] = []
        self.arrived = threading.Semaphore(0)
        self.mishaps: deque[Mishap] = deque()
        self.hold = threading.Event()
        self.hold.set()
        self.has_model = True
        self.server = ThreadingHTTPServer(("127.0.0.1", port), type("Handler", (_Handler,), {"rasa": self}))
        self.server.daemon_threads = True
        self.port = self.server.server_port
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @property
    def texts(self) -> list[str]:
        """What the assistant was asked, in order."""
        return [body["message"] for body in self.heard]

    def reply_to(self, text: str) -> list[dict[str, Any]]:
        """The made-up reply, as Rasa gives it: the text with its buttons, then the payload as a message of its own."""
        buttons = [{"title": "How long?", "payload": "SECRET how long does it last"}, {"title": "Who?", "payload": "SECRET who can join"}]
        return [{"recipient_id": "x", "text": f"You said: {text}", "buttons": buttons}, {"recipient_id": "x", "custom": custom()}]

    def stop(self) -> None:
        self.hold.set()
        self.server.shutdown()
        self.server.server_close()


class _Handler(BaseHTTPRequestHandler):
    rasa: FakeRasa

    def log_message(self, format: str, *args: object) -> None:
        """Keeps the tests' output readable."""

    def do_GET(self) -> None:
        if self.rasa.has_model:
            self._send(200, b'{"model_file": "usher.tar.gz", "model_id": "1", "num_active_training_jobs": 0}')
        else:
            self._send(409, b'{"status": "failure"}')

    def do_POST(self) -> None:
        rasa = self.rasa
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        rasa.heard.append(body)
        mishap = rasa.mishaps.popleft() if rasa.mishaps else None
        rasa.arrived.release()
        rasa.hold.wait(20)
        if mishap == "drop":
            self.connection.shutdown(socket.SHUT_RDWR)
        elif mishap:
            self._send(*BODIES[mishap])
        else:
            self._send(200, json.dumps(rasa.reply_to(body["message"])).encode())

    def _send(self, status: int, content: bytes) -> None:
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
        except ConnectionError:
            pass  # the other side has stopped waiting

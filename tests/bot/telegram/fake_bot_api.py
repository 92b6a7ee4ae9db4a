"""A Bot API server on this machine: Telegram's real JSON over real HTTP, people who write to the bot, and faults on demand."""

from __future__ import annotations

import json
import re
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

TOKEN = "7654321:AAbb-fake_token_of_the_tests"
BOT = {"id": 7654321, "is_bot": True, "first_name": "Usher", "username": "usher_test_bot"}
ME = {**BOT, "can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False}
PATIENCE = 20.0  # seconds a test waits for what should come
TAG = re.compile(r"<(/?)([a-z]+)[^>]*>")
ALLOWED_TAGS = {"b", "i", "u", "s", "a", "code", "pre", "blockquote", "tg-spoiler"}


@dataclass(frozen=True)
class Call:
    """One request of the bot: the method, what was sent with it, when it came (time.monotonic), and whether it was granted."""

    method: str
    data: dict[str, Any]
    at: float
    granted: bool

    @property
    def text(self) -> str:
        return str(self.data.get("text", ""))

    @property
    def buttons(self) -> dict[str, str]:
        """Title and data (or address) of each inline button."""
        rows = (self.data.get("reply_markup") or {}).get("inline_keyboard", [])
        return {button["text"]: button.get("callback_data") or button.get("url") for row in rows for button in row}


class FakeBotApi:
    """`calls` holds every request. `faults[method]` befall its next ones: (status, body), "drop", "hang" or "lost"."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.calls: list[Call] = []
        self.faults: dict[str, deque[Any]] = defaultdict(deque)
        self.chat_faults: dict[int, deque[Any]] = defaultdict(deque)
        self.pending: list[dict[str, Any]] = []
        self.messages: dict[tuple[int, int], dict[str, Any]] = {}
        self.webhook: dict[str, Any] = {}
        self.token = TOKEN
        self.offset = 0
        self.down = False
        self.delivered: dict[int, float] = {}  # update id → when it was handed over last
        self._numbers = iter(range(100, 10**9))
        self._updates = iter(range(9000, 10**9))
        self.ended = False
        self.server = _Quiet(("127.0.0.1", 0), type("Handler", (_Handler,), {"api": self}))
        self.port = self.server.server_port
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def stop(self) -> None:
        with self.changed:
            self.ended = True
            self.changed.notify_all()
        self.server.shutdown()
        self.server.server_close()

    # People

    def update(self, **content: Any) -> dict[str, Any]:
        """Make an update and hand it to whoever asks next."""
        with self.changed:
            update = {"update_id": next(self._updates), **content}
            self.pending.append(update)
            self.changed.notify_all()
        return update

    def say(self, account: int, text: str, *, chat: int | None = None, ago: float = 0, **more: Any) -> dict[str, Any]:
        """Somebody writes; `chat` is a group's, and their own otherwise."""
        words = {"text": text, "entities": entities_of(text)} if text else {}
        return self.update(message={**self.message(account, chat, ago), **words, **more})

    def edit(self, update: dict[str, Any], text: str) -> dict[str, Any]:
        """Somebody edits what they wrote."""
        return self.update(edited_message={**update["message"], "text": text, "edit_date": int(time.time())})

    def press(self, account: int, call: Call, title: str) -> dict[str, Any]:
        """Somebody presses a button of a message the bot sent."""
        message = next(m for m in self.messages.values() if m["_call"] is call)
        return self.press_data(account, call.buttons[title], message)

    def press_data(self, account: int, data: str, message: dict[str, Any]) -> dict[str, Any]:
        shown = {key: value for key, value in message.items() if not key.startswith("_")}
        query = {"id": str(next(self._numbers)), "from": user(account), "chat_instance": "1", "data": data, "message": shown}
        return self.update(callback_query=query)

    def redeliver(self, update: dict[str, Any]) -> None:
        """Hand an update over once more."""
        with self.changed:
            self.pending.insert(0, update)
            self.offset = 0
            self.changed.notify_all()

    def message(self, account: int, chat: int | None = None, ago: float = 0) -> dict[str, Any]:
        place = (
            {"id": account, "type": "private", "first_name": f"N{account}"}
            if chat is None
            else {"id": chat, "type": "supergroup", "title": "G"}
        )
        return {"message_id": next(self._numbers), "date": int(time.time() - ago), "chat": place, "from": user(account)}

    # What the bot did

    def of(self, method: str, chat: int | None = None) -> list[Call]:
        """The requests of a method that were granted, those to one chat if one is named."""
        with self.changed:
            return [c for c in self.calls if c.method == method and c.granted and (chat is None or c.data.get("chat_id") == chat)]

    def sent(self, chat: int) -> list[Call]:
        return self.of("sendMessage", chat)

    def texts(self, chat: int) -> list[str]:
        return [call.text for call in self.sent(chat)]

    def wait(self, done: Callable[[], Any], what: str = "", seconds: float = PATIENCE) -> Any:
        """Give what `done` gives, as soon as it is something."""
        deadline = time.monotonic() + seconds
        with self.changed:
            while not (found := done()):
                left = deadline - time.monotonic()
                assert left > 0, f"waited in vain: {what}; last calls: {[(c.method, c.text[:60]) for c in self.calls[-5:]]}"
                self.changed.wait(min(left, 0.5))
        return found

    def wait_sent(self, chat: int, count: int, seconds: float = PATIENCE) -> list[Call]:
        """Give the messages in a chat once there are so many."""
        self.wait(lambda: len(self.sent(chat)) >= count, f"{count} messages in {chat}, {len(self.sent(chat))} came", seconds)
        return self.sent(chat)

    def wait_confirmed(self, update: dict[str, Any]) -> None:
        """Return once the bot has confirmed an update."""
        self.wait(lambda: self.offset > update["update_id"], "confirmation")

    # Answers

    def answer(self, method: str, data: dict[str, Any]) -> tuple[int, dict[str, Any]] | str:
        if self.down:
            return "drop"
        fault = self._fault(method, data)
        if fault is not None and fault != "lost":
            self._note(method, data, granted=False)
            if fault == "hang":
                self.wait(lambda: self.ended or self.down, "the end", 3600)
                return "drop"
            return fault
        result = getattr(self, f"_{method}", lambda _: True)(data)
        if isinstance(result, tuple):
            self._note(method, data, granted=False)
            return result
        if method != "sendMessage":
            self._note(method, data, granted=True)
        return "drop" if fault == "lost" else (200, {"ok": True, "result": result})

    def _fault(self, method: str, data: dict[str, Any]) -> Any:
        with self.changed:
            if self.faults[method]:
                return self.faults[method].popleft()
            chat = data.get("chat_id")
            if method == "sendMessage" and chat is not None and self.chat_faults[chat]:
                return self.chat_faults[chat].popleft()
        return None

    def _note(self, method: str, data: dict[str, Any], *, granted: bool) -> Call:
        call = Call(method, data, time.monotonic(), granted)
        if method != "getUpdates":
            with self.changed:
                self.calls.append(call)
                self.changed.notify_all()
        return call

    def _getMe(self, _: dict[str, Any]) -> Any:
        return ME

    def _getUpdates(self, data: dict[str, Any]) -> Any:
        if self.webhook.get("url"):
            return refusal(
                409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
            )
        deadline = time.monotonic() + float(data.get("timeout", 0))
        with self.changed:
            offset = data.get("offset")
            if offset is not None:
                self.offset = max(self.offset, offset)
                self.pending = [update for update in self.pending if update["update_id"] >= offset]
                self.changed.notify_all()
            while not self.pending and not self.ended and not self.down and (left := deadline - time.monotonic()) > 0:
                self.changed.wait(min(left, 0.5))
            now = time.monotonic()
            self.delivered.update({update["update_id"]: now for update in self.pending[:100]})
            return list(self.pending[:100])

    def _sendMessage(self, data: dict[str, Any]) -> Any:
        text = str(data.get("text", ""))
        if data.get("parse_mode") == "HTML" and (wrong := wrong_html(text)):
            return refusal(400, f"Bad Request: can't parse entities: {wrong}")
        plain = re.sub(r"<[^>]+>", "", text) if data.get("parse_mode") else text
        if not plain.strip():
            return refusal(400, "Bad Request: message text is empty")
        if len(plain.encode("utf-16-le")) // 2 > 4096 + 5 * plain.count("&"):
            return refusal(400, "Bad Request: message is too long")
        for row in (data.get("reply_markup") or {}).get("inline_keyboard", []):
            for button in row:
                if not 0 < len(button.get("callback_data", "x").encode()) <= 64:
                    return refusal(400, "Bad Request: BUTTON_DATA_INVALID")
        call = self._note("sendMessage", data, granted=True)
        chat = data["chat_id"]
        message = {
            "message_id": next(self._numbers), "date": int(time.time()), "from": BOT, "text": plain,
            "chat": {"id": chat, "type": "private" if chat > 0 else "supergroup", **({"title": "G"} if chat < 0 else {"first_name": "N"})},
        }  # fmt: skip
        if "inline_keyboard" in (data.get("reply_markup") or {}):
            message["reply_markup"] = data["reply_markup"]
        with self.changed:
            self.messages[(chat, message["message_id"])] = {**message, "_call": call}
            self.changed.notify_all()
        return message

    def _editMessageText(self, data: dict[str, Any]) -> Any:
        message = self.messages.get((data["chat_id"], data["message_id"]))
        if message is None:
            return refusal(400, "Bad Request: message to edit not found")
        plain = re.sub(r"<[^>]+>", "", data["text"])
        if (plain, data.get("reply_markup")) == (message["text"], message.get("reply_markup")):
            return refusal(400, "Bad Request: message is not modified")
        message.update(text=plain, reply_markup=data.get("reply_markup") or {"inline_keyboard": []})
        return {key: value for key, value in message.items() if not key.startswith("_")}

    def _setWebhook(self, data: dict[str, Any]) -> Any:
        self.webhook = data
        return True

    def _deleteWebhook(self, data: dict[str, Any]) -> Any:
        self.webhook = {}
        if data.get("drop_pending_updates"):
            self.pending = []
        return True

    def _getWebhookInfo(self, _: dict[str, Any]) -> Any:
        return {"url": self.webhook.get("url", ""), "has_custom_certificate": False, "pending_update_count": len(self.pending)}


def user(account: int) -> dict[str, Any]:
    return {"id": account, "is_bot": False, "first_name": f"N{account}", "language_code": "en"}


def refusal(status: int, description: str, **parameters: Any) -> tuple[int, dict[str, Any]]:
    """Telegram's way to say no."""
    more = {"parameters": parameters} if parameters else {}
    return status, {"ok": False, "error_code": status, "description": description, **more}


def too_many(seconds: int) -> tuple[int, dict[str, Any]]:
    return refusal(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


def entities_of(text: str) -> list[dict[str, Any]]:
    """The commands and mentions in a text, as Telegram marks them."""
    found = [("bot_command", match) for match in re.finditer(r"(?<!\S)/\w+(@\w+)?", text)]
    found += [("mention", match) for match in re.finditer(r"(?<!\w)@\w{4,}", text)]
    return [{"type": kind, "offset": match.start(), "length": len(match[0])} for kind, match in found]


def wrong_html(text: str) -> str:
    """What Telegram's parser would not take, "" where all is well."""
    open_tags: list[str] = []
    for match in TAG.finditer(text):
        if match[2] not in ALLOWED_TAGS:
            return f'Unsupported start tag "{match[2]}"'
        if not match[1]:
            open_tags.append(match[2])
        elif not open_tags or open_tags.pop() != match[2]:
            return "Unexpected end tag"
    rest = TAG.sub("", text)
    if open_tags or "<" in rest or re.search(r"&(?!(lt|gt|amp|quot|#\d+);)", rest):
        return "Can't find end tag, or a bare sign"
    return ""


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A killed bot resets its connections; that is no news."""


class _Handler(BaseHTTPRequestHandler):
    api: FakeBotApi
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: object) -> None:
        """Keeps the tests' output readable."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        _, prefix, method = (*self.path.split("?")[0].split("/"), "", "")[:3]
        if prefix != f"bot{self.api.token}":
            answer: Any = refusal(401, "Unauthorized")
        else:
            answer = self.api.answer(method, read(body, self.headers.get("Content-Type") or ""))
        if answer == "drop":
            self.close_connection = True
            self.connection.close()
            return
        status, content = answer
        sent = json.dumps(content).encode()
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)
        except OSError:
            self.close_connection = True  # the other side has stopped waiting

    do_GET = do_POST


def read(body: bytes, kind: str) -> dict[str, Any]:
    """The parameters of a request, whichever way they were sent."""
    if "json" in kind:
        return dict(json.loads(body or b"{}"))
    return {
        name: value if name in ("text", "callback_query_id", "secret_token", "url") else _plain(value)
        for name, value in parse_qsl(body.decode(), keep_blank_values=True)
    }


def _plain(value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        return value

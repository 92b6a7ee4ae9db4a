"""The one client of Rasa: website, Telegram and inbox ask the assistant through it."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from urllib.parse import urlsplit

import h11

from bot.web.connections import Connection
from office.answering.replies import Reply

READY_WITHIN = 3.0  # seconds


class AssistantError(Exception):
    """The assistant gave no reply; which of the three below says why."""


class AssistantAway(AssistantError):
    """Nobody listens where the assistant should be, or it went away in the middle of the turn."""


class AssistantNotThere(AssistantAway):
    """Nobody listens there, so nothing was asked; it may be asked again."""


class AssistantSilent(AssistantError):
    """The assistant did not answer in time. It may still be at it, and log the enquiry."""


class AssistantFault(AssistantError):
    """The assistant answered with something that cannot be said to a visitor."""


class Assistant:
    """Rasa's server at `url`; a turn may take `timeout` seconds in all, 0 for as long as it wants."""

    def __init__(self, url: str, timeout: float) -> None:
        self._timeout = timeout or None
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "", parts.port or 80
        self._headers = [("Host", parts.netloc), ("Content-Type", "application/json"), ("Connection", "close")]

    async def ask(self, conversation: str, text: str, *, channel: str, form_asked: str | None = None, source: str = "") -> Reply:
        """Return the reply to one message of a conversation. Raises AssistantAway, AssistantSilent, AssistantFault.

        `form_asked` is what the form of the latest reply that reached the visitor asked, "" for none: a turn that was lost on
        its way back may have taken the form further, and the visitor answers what they saw. None where the caller does not know.
        """
        seen = {} if form_asked is None else {"form_asked": form_asked}
        if source:  # a keyed hash of the visitor's address: leads of one address are counted
            seen["source"] = source
        body = {"sender": conversation, "message": text, "input_channel": channel, "metadata": {"channel": channel, **seen}}
        status, content = await self._call("POST", "/webhooks/rest/webhook", self._timeout, body)
        if status != 200:
            raise AssistantFault(f"the assistant answered with status {status}")
        try:
            return Reply(_merged(json.loads(content)))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise AssistantFault(f"the assistant's answer cannot be read ({type(error).__name__})") from None

    async def parse(self, text: str) -> dict[str, Any]:
        """Return how the model reads a text, without asking or remembering anything: its `questions` and `intent`.

        Raises AssistantAway, AssistantSilent, AssistantFault.
        """
        status, content = await self._call("POST", "/model/parse", self._timeout, {"text": text})
        try:
            read = json.loads(content)
            if status != 200 or not isinstance(read["questions"], list):
                raise ValueError
        except (ValueError, TypeError, KeyError):
            raise AssistantFault(f"the assistant could not read a text (status {status})") from None
        return dict(read)

    async def ready(self) -> bool:
        """Return whether the assistant answers and has a model."""
        try:
            status, content = await self._call("GET", "/status", READY_WITHIN)
            return status == 200 and bool(json.loads(content).get("model_file"))
        except (AssistantError, ValueError, AttributeError):
            return False

    async def _call(self, method: str, path: str, timeout: float | None, body: dict[str, Any] | None = None) -> tuple[int, bytes]:
        try:
            return await asyncio.wait_for(self._exchange(method, path, json.dumps(body).encode() if body is not None else b""), timeout)
        except asyncio.TimeoutError as error:
            raise AssistantSilent(f"the assistant did not answer within {timeout} seconds") from error
        except (OSError, EOFError, h11.ProtocolError) as error:
            raise AssistantAway(f"the assistant cannot be reached ({type(error).__name__})") from error

    async def _exchange(self, method: str, path: str, body: bytes) -> tuple[int, bytes]:
        # A connection per call: a kept one that Rasa closes at the wrong moment would lose a turn, since a turn must not be sent twice.
        try:
            connection = await Connection.open(self._host, self._port)
        except OSError as error:
            raise AssistantNotThere(f"nobody listens where the assistant should be ({type(error).__name__})") from error
        try:
            return await connection.exchange(method, path, self._headers, body)
        finally:
            connection.close()


def _merged(parts: Any) -> list[dict[str, Any]]:
    """Return Rasa's messages as ours: it sends a text and the payload said with it as two messages, one after the other.

    Raises ValueError where there is no text, or no payload.
    """
    messages: list[dict[str, Any]] = []
    for part in parts:
        if part.get("text"):
            buttons = [{"title": str(button["title"]), "payload": str(button["payload"])} for button in part.get("buttons") or []]
            messages.append({"text": str(part["text"]), "buttons": buttons})
        if isinstance(part.get("custom"), dict) and messages:
            messages[-1]["custom"] = part["custom"]
    if not any("custom" in message for message in messages):
        raise ValueError("no payload")
    return messages

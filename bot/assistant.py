"""The one client of Rasa: every door asks the assistant through it."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx

from office.replies import Reply

READY_WITHIN = 3.0  # seconds


class AssistantError(Exception):
    """The assistant gave no reply; which of the three below says why."""


class AssistantAway(AssistantError):
    """Nobody listens where the assistant should be, or it went away in the middle of the turn."""


class AssistantSilent(AssistantError):
    """The assistant did not answer in time. It may still be at it, and log the enquiry."""


class AssistantFault(AssistantError):
    """The assistant answered with something that cannot be said to a visitor."""


class Assistant:
    """Rasa's server at `url`; a turn may take `timeout` seconds in all, 0 for as long as it wants."""

    def __init__(self, url: str, timeout: float) -> None:
        self._timeout = timeout or None
        # No proxy of the environment stands before our own loopback. A connection per call: a kept one that Rasa closes
        # at the wrong moment would lose a turn, since a turn must not be sent twice.
        self._client = httpx.AsyncClient(
            base_url=url, timeout=self._timeout, trust_env=False, limits=httpx.Limits(max_connections=None, max_keepalive_connections=0)
        )

    async def ask(self, conversation: str, text: str, *, channel: str) -> Reply:
        """Give the reply to one message of a conversation. Raises AssistantAway, AssistantSilent, AssistantFault."""
        body = {"sender": conversation, "message": text, "input_channel": channel, "metadata": {"channel": channel}}
        response = await self._call("POST", "/webhooks/rest/webhook", self._timeout, body)
        if response.status_code != 200:
            raise AssistantFault(f"the assistant answered with status {response.status_code}")
        try:
            return Reply(_merged(response.json()))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise AssistantFault(f"the assistant's answer cannot be read ({type(error).__name__})") from None

    async def parse(self, text: str) -> dict[str, Any]:
        """Give how the model reads a text, without asking or remembering anything: its `questions` and `intent`.

        Raises AssistantAway, AssistantSilent, AssistantFault.
        """
        response = await self._call("POST", "/model/parse", self._timeout, {"text": text})
        try:
            read = response.json()
            if response.status_code != 200 or not isinstance(read["questions"], list):
                raise ValueError
        except (ValueError, TypeError, KeyError):
            raise AssistantFault(f"the assistant could not read a text (status {response.status_code})") from None
        return dict(read)

    async def ready(self) -> bool:
        """Say whether the assistant answers and has a model."""
        try:
            response = await self._call("GET", "/status", READY_WITHIN)
            return response.status_code == 200 and bool(response.json().get("model_file"))
        except (AssistantError, ValueError, AttributeError):
            return False

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()

    async def _call(self, method: str, path: str, timeout: float | None, body: dict[str, Any] | None = None) -> httpx.Response:
        content = json.dumps(body).encode() if body is not None else None
        headers = {"Content-Type": "application/json"}
        try:
            return await asyncio.wait_for(self._client.request(method, path, content=content, headers=headers), timeout)
        except httpx.ConnectTimeout as error:
            raise AssistantAway("the assistant cannot be reached in time") from error
        except (asyncio.TimeoutError, httpx.TimeoutException) as error:
            raise AssistantSilent(f"the assistant did not answer within {timeout} seconds") from error
        except httpx.TransportError as error:
            raise AssistantAway(f"the assistant cannot be reached ({type(error).__name__})") from error


def _merged(parts: Any) -> list[dict[str, Any]]:
    """Give Rasa's messages as ours: it sends a text and the payload said with it as two messages, one after the other.

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

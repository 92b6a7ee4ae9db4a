"""Visitors who leave their details in the chat and do not give up: they try again as the widget does, until a reply comes."""

from __future__ import annotations

import asyncio
import secrets
import time
from dataclasses import dataclass, field
from typing import Any

import httpx

AGAIN = 0.3  # seconds between two attempts
TURNS = 40  # more than any way through the form takes
PATIENCE = 600.0  # seconds for one answer, a start of everything on a busy machine included
OPENING = "can someone ring me?"


@dataclass
class Visitor:
    """One person with their own name and address. Half of them tell all at once, half one thing after another."""

    number: int
    at_once: bool
    reference: str | None = None
    wrong: list[str] = field(default_factory=list)  # what they were told and should not have been
    tries: int = 0
    conversation: str | None = None
    seen: int = 0  # the number of the latest message they know

    @property
    def name(self) -> str:
        """A name of letters, one for each number."""
        letters, rest = "", self.number
        while rest or not letters:
            letters, rest = chr(ord("a") + rest % 26) + letters, rest // 26
        return f"Robin Q{letters}z"

    @property
    def email(self) -> str:
        """Their address."""
        return f"{self.name.lower().replace(' ', '.')}@school.example"

    @property
    def details(self) -> dict[str, str]:
        """What they tell, by what they are asked."""
        return {
            "school": "Anytown Primary School", "name": self.name, "role": "bursar", "contact": self.email,
            "wish": "A call back", "message": f"Mornings suit us, says number {self.number}.",
        }  # fmt: skip

    async def leave_details(self, client: httpx.AsyncClient) -> None:
        """Talk until the assistant gives a reference."""
        say = OPENING
        if self.at_once:
            say = f"I'm {self.name}, bursar at Anytown Primary School, please call me back: {self.email}"
        for _ in range(TURNS):
            custom, text = await self._hear(client, say)
            if custom.get("reference"):
                self.reference = custom["reference"]
                return
            say = self._next(str(custom.get("form") or ""), text)
        self.wrong.append("no end")

    def _next(self, asked: str, text: str) -> str:
        if asked == "confirm":
            told = [self.name, self.email, "Anytown Primary School", "ursar"]
            if not all(detail in text for detail in told) or f"number {self.number}." not in text:
                self.wrong.append(f"a summary that is not theirs: {text}")
            return "yes, send it"
        if asked in self.details:
            return self.details[asked]
        if "Is that OK" in text or asked == "consent" or "details?" in text:
            return "yes"
        self.wrong.append(f"lost the way: {text}")
        return OPENING

    async def _hear(self, client: httpx.AsyncClient, text: str) -> tuple[dict[str, Any], str]:
        """Say something until there is an answer; give its payload and its text."""
        key, deadline = secrets.token_hex(16), time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            self.tries += 1
            try:
                body = {"conversation": self.conversation, "message": text}
                reply = await client.post("/api/chat", json=body, headers={"Idempotency-Key": key})
                if reply.status_code == 200:
                    said = reply.json()
                    self.conversation = said["conversation"]
                    return self._read(said["messages"])
            except httpx.TransportError:
                pass
            await asyncio.sleep(AGAIN)
            if missed := await self._look(client):
                return missed
        raise AssertionError(f"{self.name} waited {PATIENCE:.0f} s for an answer to: {text}")

    async def _look(self, client: httpx.AsyncClient) -> tuple[dict[str, Any], str] | None:
        """Look whether the answer came while nobody heard it."""
        if self.conversation is None:
            return None
        try:
            known = await client.get(f"/api/chat/{self.conversation}", params={"after": self.seen})
        except httpx.TransportError:
            return None
        answers = [message for message in known.json()["messages"] if message["from"] == "assistant"] if known.status_code == 200 else []
        return self._read(answers) if answers else None

    def _read(self, messages: list[dict[str, Any]]) -> tuple[dict[str, Any], str]:
        self.seen = max([self.seen, *(message["n"] for message in messages if "n" in message)])
        return messages[-1].get("custom") or {}, "\n".join(message["text"] for message in messages)


async def all_leave_details(visitors: list[Visitor], address: str, at_once: int) -> None:
    """Let all of them talk, so many at a time."""
    room = asyncio.Semaphore(at_once)
    async with httpx.AsyncClient(base_url=address, timeout=20, trust_env=False, limits=httpx.Limits(max_keepalive_connections=0)) as client:

        async def one(visitor: Visitor) -> None:
            async with room:
                await visitor.leave_details(client)

        await asyncio.gather(*(one(visitor) for visitor in visitors))

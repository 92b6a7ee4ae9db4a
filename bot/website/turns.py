"""One turn of a conversation: heard, asked, recorded. One at a time in each conversation."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from bot.rasa_client import Assistant, AssistantError
from bot.website.incoming import ChatRequest
from bot.website.records import ConversationRecords
from bot.website.refusals import unknown_choice, unknown_conversation
from bot.website.switch import ChatSwitch
from office.answering.replies import Reply
from office.base.errors import DatabaseAway

log = logging.getLogger(__name__)
CHANNEL = "website"


class Queues:
    """A lock for each conversation that is being spoken in; who comes first is served first."""

    def __init__(self) -> None:
        self._locks: dict[str, asyncio.Lock] = {}
        self._users: Counter[str] = Counter()

    @asynccontextmanager
    async def turn_in(self, conversation: str) -> AsyncIterator[None]:
        """Wait for the conversation's turns before this one, and hold back those behind it."""
        lock = self._locks.setdefault(conversation, asyncio.Lock())
        self._users[conversation] += 1
        try:
            async with lock:
                yield
        finally:
            self._users[conversation] -= 1
            if not self._users[conversation]:
                del self._users[conversation], self._locks[conversation]


class Turns:
    """Takes the turns of all conversations."""

    def __init__(self, records: ConversationRecords, assistant: Assistant, switch: ChatSwitch) -> None:
        self._records, self._assistant, self._switch = records, assistant, switch
        self._queues = Queues()

    async def take(self, conversation: str, said: ChatRequest, source: str = "") -> dict[str, Any]:
        """Return the reply as the API does; `source` is a keyed hash of the visitor's address.

        The visitor's message stands in the transcript from its arrival; if no answer comes it is taken back, since the
        visitor will be asked to send it again. Where the database is away the assistant is asked all the same, and the
        reply has no numbers and no buttons, because nothing of it is kept. While the chat is switched off nobody is asked.
        Raises Refusal, DatabaseAway (a choice cannot be looked up), AssistantError.
        """
        async with self._queues.turn_in(conversation):
            title, asked = await self._read(conversation, said)
            number, form_asked = await self._hear(conversation, title, is_new=said.conversation is None)
            try:
                reply = await self._switch.reply() or await self._assistant.ask(
                    conversation, asked, channel=CHANNEL, form_asked=form_asked, source=source
                )
            except AssistantError:
                await self._take_back(conversation, number)
                raise
            messages = await self._answer(conversation, reply, number)
        return {"conversation": conversation, "messages": messages}

    async def forget(self, conversation: str) -> None:
        """Erase a conversation, once the turn that is under way has ended. Raises DatabaseAway."""
        async with self._queues.turn_in(conversation):
            await self._records.forget(conversation)

    async def _read(self, conversation: str, said: ChatRequest) -> tuple[str, str]:
        """Return what the visitor sees of the message, and what the assistant is asked."""
        if said.choice is None:
            return said.text or "", said.text or ""
        button = await self._records.button(conversation, said.choice)
        if button is None:
            raise unknown_choice() if await self._records.known(conversation) else unknown_conversation()
        return button["title"], button["payload"]

    async def _hear(self, conversation: str, text: str, *, is_new: bool) -> tuple[int | None, str | None]:
        """Keep what was heard; return its number and what the form asked before, None each where the database is away."""
        try:
            number, form_asked = await self._records.hear(conversation, text, is_new=is_new)
        except DatabaseAway as error:
            log.warning("a message could not be kept: %s", error)
            return None, None
        if not number:
            raise unknown_conversation()
        return number, form_asked

    async def _take_back(self, conversation: str, number: int | None) -> None:
        try:
            if number is not None:
                await self._records.take_back(conversation, number)
        except DatabaseAway as error:
            log.warning("a message without an answer stays in the transcript: %s", error)

    async def _answer(self, conversation: str, reply: Reply, number: int | None) -> list[dict[str, Any]]:
        try:
            if number is not None:
                return await self._records.answer(conversation, reply, number=number)
        except DatabaseAway as error:
            log.warning("a reply could not be kept: %s", error)
        return [{**part, "buttons": []} for part in reply.messages]

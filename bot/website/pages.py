"""The pages for people, the words the chat opens with, and the state of the parts."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.rasa_client import Assistant
from bot.website.front import FrontPages
from bot.website.openapi import OPENAPI
from bot.website.records import ConversationRecords
from bot.website.switch import OFF, ChatSwitch


class Pages:
    """The endpoints beside the chat."""

    def __init__(self, front: FrontPages, records: ConversationRecords, assistant: Assistant, switch: ChatSwitch) -> None:
        self._front, self._records, self._assistant, self._switch = front, records, assistant, switch

    async def home(self, _request: Request) -> Response:
        """The example page with the chat."""
        return await self._front.page("home.html")

    async def privacy(self, _request: Request) -> Response:
        """What is kept of a conversation, why, and for how long."""
        return await self._front.page("privacy.html")

    async def start(self, _request: Request) -> Response:
        """Greeting, what is covered, first questions, contact."""
        return JSONResponse(await self._front.start(OFF if await self._switch.is_off() else ""))

    async def health(self, _request: Request) -> Response:
        """200 while every part that was ever started answers; else 503, and which one does not."""
        assistant, others = await asyncio.gather(self._assistant.ready(), self._records.parts())
        parts = {"website": "ok", "assistant": "ok" if assistant else "away", **others}
        well = "away" not in parts.values()
        return JSONResponse({"status": "ok" if well else "away", "parts": parts}, 200 if well else 503)

    async def openapi(self, _request: Request) -> Response:
        """The API's own description."""
        return JSONResponse(OPENAPI)

"""Telegram's limits: a chat that must wait holds up no other."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from telegram.error import RetryAfter

from bot.compat.telegram import OpenRateLimiter, wait_of

log = logging.getLogger(__name__)
RETRIES = 5
ONCE = "once"  # as rate_limit_args: the caller sees to the waiting
A_LITTLE_MORE = 0.1  # seconds, so that the next try is not a moment too early


class PerChatLimiter(OpenRateLimiter):
    """AIORateLimiter whose waiting after a 429 holds up the chat it came for, and no other.

    The one of python-telegram-bot stops every request while one chat waits.
    """

    def __init__(self) -> None:
        super().__init__(RETRIES)
        self._waits: dict[Any, float] = {}

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: Any,
    ) -> Any:
        """Make the request once its chat may be written to. Raises RetryAfter after too many tries.

        With ONCE as `rate_limit_args` it is not tried again.
        """
        chat = data.get("chat_id")
        retries = 0 if rate_limit_args == ONCE else self.retries
        group = chat if isinstance(chat, int) and chat < 0 and endpoint != "sendChatAction" else False
        for tried in range(retries + 1):
            await self._until_allowed(chat)
            try:
                return await self.request_in_group(group, callback, args, kwargs)
            except RetryAfter as error:
                seconds = wait_of(error).total_seconds() + A_LITTLE_MORE
                self._waits[chat] = asyncio.get_running_loop().time() + seconds
                if tried == retries:
                    raise
                log.info("Telegram asks to wait %.0f seconds before one chat is written to again", seconds)
        raise AssertionError("unreachable")

    async def _until_allowed(self, chat: Any) -> None:
        while (until := self._waits.get(chat)) is not None:
            left = until - asyncio.get_running_loop().time()
            if left <= 0:
                self._waits.pop(chat, None)
                return
            await asyncio.sleep(left)

"""Private parts of python-telegram-bot that we use, as read in 22.8."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

from telegram import Bot
from telegram.error import RetryAfter
from telegram.ext import AIORateLimiter


def wait_of(error: RetryAfter) -> timedelta:
    """Return how long Telegram asks to wait. The public `error.retry_after` is whole seconds or a timedelta, by an environment variable."""
    return error._retry_after


async def post(bot: Bot, method: str, data: dict[str, Any], *, read_timeout: float) -> Any:
    """Return what a method of the Bot API answers, as it came.

    The public methods make objects of it, and one update that they cannot read hides all others.
    """
    return await bot._post(method, data, read_timeout=read_timeout)


class OpenRateLimiter(AIORateLimiter):
    """AIORateLimiter that makes single requests for those who see to the waiting themselves."""

    def __init__(self, retries: int) -> None:
        super().__init__(overall_max_rate=0, max_retries=retries)  # in all, Telegram says itself when it is too much
        self.retries = retries

    async def request_in_group(
        self, group: int | bool, callback: Callable[..., Coroutine[Any, Any, Any]], args: Any, kwargs: dict[str, Any]
    ) -> Any:
        """Make a request once the limit of its group, if it has one, leaves room. Raises RetryAfter."""
        return await self._run_request(False, group, False, callback, args, kwargs)

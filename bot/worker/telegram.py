"""Telegram, as the worker uses it: one message to one person."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import httpx
from telegram import Bot
from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.request import HTTPXRequest

from bot.compat.telegram import wait_of
from bot.messages.bot_api import is_gone, keyboard
from bot.messages.texts import TelegramText
from bot.worker.delivery import DeliveryFailed, DeliveryRefused, RecipientBlocked, TooManyMessages

PATIENCE = 10.0  # seconds for connecting, and for the answer
WITHIN = 25.0  # seconds for one message in all; less than what is left of a claim when sending begins


class NoticeSender:
    """Delivers messages by a bot."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def deliver(self, account: int, message: TelegramText) -> int:
        """Deliver one message; return its number in the chat. Raises RecipientBlocked, TooManyMessages, DeliveryRefused and DeliveryFailed."""
        try:
            return await asyncio.wait_for(self._send(account, message), WITHIN)
        except asyncio.TimeoutError:
            raise DeliveryFailed(f"Telegram took more than {WITHIN:.0f} seconds", unsure=True) from None

    async def _send(self, account: int, message: TelegramText) -> int:
        try:
            try:
                sent = await self._bot.send_message(account, message.html, parse_mode=ParseMode.HTML, reply_markup=keyboard(message.rows))
            except BadRequest as error:
                if is_gone(error):
                    raise
                # it does not like the markup or a button's address: the words matter more
                sent = await self._bot.send_message(account, message.plain)
        except RetryAfter as error:
            raise TooManyMessages(wait_of(error)) from None
        except Forbidden:
            raise RecipientBlocked("the person has blocked the bot") from None
        except BadRequest as error:
            if is_gone(error):
                raise RecipientBlocked("Telegram knows no such chat any more") from None
            raise DeliveryRefused("Telegram does not take the message") from None
        except InvalidToken:
            raise DeliveryFailed("Telegram refuses the bot's token") from None  # whose text would show it
        except TimedOut as error:
            unsure = not isinstance(error.__cause__, (httpx.ConnectTimeout, httpx.PoolTimeout))
            raise DeliveryFailed("Telegram did not answer in time", unsure=unsure) from None
        except NetworkError as error:
            raise DeliveryFailed(
                "Telegram cannot be reached, or has a fault", unsure=not isinstance(error.__cause__, httpx.ConnectError)
            ) from None
        except TelegramError as error:
            raise DeliveryFailed(f"Telegram has a fault ({type(error).__name__})") from None
        return int(sent.message_id)


@asynccontextmanager
async def open_bot(token: str, api: str) -> AsyncIterator[NoticeSender | None]:
    """Return the bot of a token at a Bot API server; None without a token. Asks nothing before the first message."""
    if not token:
        yield None
        return
    kept_here = urlsplit(api).hostname in ("localhost", "127.0.0.1", "::1")  # a proxy of the environment knows nothing of this machine
    request = HTTPXRequest(
        connect_timeout=PATIENCE,
        read_timeout=PATIENCE,
        write_timeout=PATIENCE,
        pool_timeout=PATIENCE,
        httpx_kwargs={"trust_env": not kept_here},
    )
    bot = Bot(token, base_url=f"{api}/bot", base_file_url=f"{api}/file/bot", request=request)
    try:
        await request.initialize()
        yield NoticeSender(bot)
    finally:
        await request.shutdown()

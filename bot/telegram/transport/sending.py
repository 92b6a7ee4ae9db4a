"""Bringing replies to people: tried again while it may help, in plain text where Telegram refuses the HTML, never twice."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timezone

from sqlalchemy.orm import Session
from telegram import LinkPreviewOptions, ReplyParameters
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TelegramError
from telegram.ext import ExtBot

from bot.compat.telegram import wait_of
from bot.messages.bot_api import is_gone
from bot.telegram.ledger.journal import Journal
from bot.telegram.ledger.records import BatchedTransactions
from bot.telegram.transport.limiter import A_LITTLE_MORE, ONCE
from bot.telegram.words.formatting import TelegramPart
from office.base.errors import DatabaseAway
from office.outbox.telegram import give_up, note_blocked, note_sent, remember_message

log = logging.getLogger(__name__)
PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)  # seconds between tries while Telegram cannot be reached; the last one again and again
TRIES_FOR = 1800.0  # seconds; whoever waited half an hour has asked somebody else
TYPING_AFTER = 0.03  # seconds; the question itself leaves first
TYPING_EVERY = 4.0  # seconds; Telegram shows it for five
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class Undeliverable(Exception):
    """A message cannot be brought to its chat; trying again would not help."""


class TelegramSender:
    """Sends the parts of replies, and keeps the ledger of what arrived."""

    def __init__(self, bot: ExtBot[str], records: BatchedTransactions, journal: Journal) -> None:
        self._bot, self._records, self.journal = bot, records, journal
        self._typing: set[asyncio.Task[None]] = set()

    async def deliver(self, parts: list[TelegramPart], *, row: int | None, sent: int = 0) -> None:
        """Send the parts of an update's reply that did not arrive yet; `row` is the update's in the ledger, if it has one."""
        try:
            for place in range(sent, len(parts)):
                message = await self._send(parts[place], row, place)
                await self._note(row, message, parts[place], place + 1, len(parts))
        except Undeliverable as error:
            log.warning("a reply could not be brought to its chat: %s", error)
            await self._try_to_note(lambda session: give_up(session, row) if row is not None else None)

    async def _send(self, part: TelegramPart, row: int | None, place: int) -> int:
        plain, tries, begun = False, 0, time.monotonic()
        while True:
            try:
                with self.journal.watching(row, place):
                    return await self._once(part, plain)
            except ChatMigrated as error:
                part, wait = replace(part, chat=error.new_chat_id), 0.0
            except RetryAfter as error:
                wait = wait_of(error).total_seconds() + A_LITTLE_MORE
            except Forbidden as error:
                await self._note_blocked(part.chat)
                raise Undeliverable("the bot is blocked there, or was removed") from error
            except BadRequest as error:
                if plain or is_gone(error):
                    raise Undeliverable(f"Telegram refuses it ({error.message[:80]})") from error
                plain, wait = True, 0.0  # its HTML is not liked, or a button's address: the words matter more
                part = part if _is_about_html(error) else replace(part, rows=[])
            except NetworkError as error:
                wait, tries = PAUSES[min(tries, len(PAUSES) - 1)], tries + 1
                log.warning("a message did not arrive (%s); trying again in %.1f s", type(error).__name__, wait)
            except TelegramError as error:  # a token that was withdrawn among them
                wait = PAUSES[-1]
                log.warning("Telegram refuses (%s); trying again in %.0f s", type(error).__name__, wait)
            if time.monotonic() - begun + wait > TRIES_FOR:
                raise Undeliverable("it was tried for half an hour")
            if wait:
                await asyncio.sleep(wait)

    async def _once(self, part: TelegramPart, plain: bool) -> int:
        message = await self._bot.send_message(
            part.chat,
            part.plain if plain else part.html,
            parse_mode=None if plain else ParseMode.HTML,
            link_preview_options=NO_PREVIEW,
            reply_markup=part.markup,
            reply_parameters=ReplyParameters(part.reply_to, allow_sending_without_reply=True) if part.reply_to else None,
            message_thread_id=part.thread,
            rate_limit_args=ONCE,
        )
        return int(message.message_id)

    async def _note(self, row: int | None, message: int, part: TelegramPart, sent: int, total: int) -> None:
        def note(session: Session) -> None:
            if row is not None:
                note_sent(session, row, sent, total)
            if part.about:
                remember_message(session, part.chat, message, part.about, now=datetime.now(timezone.utc), detail=part.detail)

        await self._try_to_note(note)

    async def _note_blocked(self, account: int) -> None:
        await self._try_to_note(lambda session: note_blocked(session, account, blocked=True, now=datetime.now(timezone.utc)))

    async def _try_to_note(self, work: Callable[[Session], object]) -> None:
        try:
            await self._records.do(work)
        except DatabaseAway as error:
            log.warning("what was sent could not be noted: %s", error)

    @asynccontextmanager
    async def typing(self, chat: int, thread: int | None) -> AsyncIterator[None]:
        """Show that the assistant is at it for as long as the block lasts."""
        over = asyncio.Event()
        shown = asyncio.create_task(self._type(chat, thread, over))
        self._typing.add(shown)
        shown.add_done_callback(self._typing.discard)
        try:
            yield
        finally:
            over.set()  # what is on its way may end: breaking it off would cost the connection

    async def _type(self, chat: int, thread: int | None, over: asyncio.Event) -> None:
        with contextlib.suppress(TelegramError):
            await _at_most(over, TYPING_AFTER)
            while not over.is_set():
                await self._bot.send_chat_action(chat, ChatAction.TYPING, message_thread_id=thread, rate_limit_args=ONCE)
                await _at_most(over, TYPING_EVERY)


async def _at_most(over: asyncio.Event, seconds: float) -> None:
    """Wait for the end, but no longer than so."""
    with contextlib.suppress(asyncio.TimeoutError):
        await asyncio.wait_for(over.wait(), seconds)


def _is_about_html(error: BadRequest) -> bool:
    return "parse" in error.message.lower() or "entit" in error.message.lower()

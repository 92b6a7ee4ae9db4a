"""Long polling: updates are fetched, taken in, and only then confirmed to Telegram by asking for what comes after."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.ext import ExtBot

from bot.compat.telegram import post, wait_of

log = logging.getLogger(__name__)
ALLOWED = ["message", "edited_message", "callback_query", "my_chat_member"]  # the kinds of updates we want
WAITS_FOR = 25  # seconds Telegram may hold a question open
# Of many who ask in one moment the first are with the assistant before the next are taken in (`benchmarks/telegram.py`: p95 of our own
# share of that moment is 35 ms instead of 95). Behind so many it is a flood, and taken in as quickly as can be.
AT_ONCE, PACE, A_FLOOD = 5, 0.01, 100  # updates, seconds before the next so many, updates
PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)  # seconds after the first, second … failure in a row
ALONE_AFTER = 60.0  # seconds without a conflict, after which nobody else asks any more
SAID_OF = {
    Conflict: "another process asks Telegram for this bot's messages too, or a webhook is set: only one may. Trying again.",
    InvalidToken: "Telegram refuses USHER_TELEGRAM_TOKEN. Everything else runs; correct the token and start anew.",
}

Take = Callable[[list[dict[str, Any]]], Awaitable[None]]
NoteState = Callable[[str], Awaitable[None]]


async def poll(bot: ExtBot[str], take: Take, note_state: NoteState, stop: asyncio.Event) -> None:
    """Fetch updates until told to stop. `note_state` hears of each change: why it does not work, or "" once it does again."""
    offset: int | None = None
    failures, state, failed = 0, "", 0.0
    in_a_row = 0  # updates that came in full batches
    while not stop.is_set():
        try:
            limit = AT_ONCE if in_a_row < A_FLOOD else 100
            updates = await _unless(stop, _fetch(bot, offset, limit))
            if updates is None:
                return
            if updates:
                await take(updates)
                offset = max(int(update["update_id"]) for update in updates) + 1
            in_a_row = in_a_row + len(updates) if len(updates) == limit else 0
            pause = PACE if 0 < in_a_row < A_FLOOD else 0.0
            if state == SAID_OF[Conflict] and time.monotonic() - failed < ALONE_AFTER:
                why = state  # the other one is between two questions
            else:
                failures, why = 0, ""
        except TelegramError as error:
            why = sentence_of(error)
            pause = pause_after(error, failures)
            failures, failed = failures + 1, time.monotonic()
        if why != state:
            log.log(logging.WARNING if why else logging.INFO, "%s", why or "Telegram answers again")
            state = why
            await note_state(why)
        if pause:
            await _unless(stop, asyncio.sleep(pause))


async def _fetch(bot: ExtBot[str], offset: int | None, limit: int) -> list[dict[str, Any]]:
    """Return up to `limit` updates from an offset on as they came. Not through Bot.get_updates: one that it cannot read would hide all others."""
    wanted = {"offset": offset, "limit": limit, "timeout": WAITS_FOR, "allowed_updates": ALLOWED}
    data = {name: value for name, value in wanted.items() if value is not None}
    updates = await post(bot, "getUpdates", data, read_timeout=WAITS_FOR + 10)
    return [update for update in updates if isinstance(update, dict) and isinstance(update.get("update_id"), int)]


async def _unless(stop: asyncio.Event, work: Awaitable[Any]) -> Any:
    """Return what the work gives, or None as soon as it is told to stop."""
    task, stopped = asyncio.ensure_future(work), asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({task, stopped}, return_when=asyncio.FIRST_COMPLETED)
        return task.result() if task.done() else None
    finally:
        for one in (task, stopped):
            one.cancel()
        with contextlib.suppress(asyncio.CancelledError, TelegramError):
            await task


def sentence_of(error: TelegramError) -> str:
    """Return why Telegram cannot be asked, without the error's own words, which may hold the token."""
    for kind, sentence in SAID_OF.items():
        if isinstance(error, kind):
            return sentence
    return f"Telegram cannot be reached ({type(error).__name__}). Trying again."


def pause_after(error: TelegramError, failures: int) -> float:
    """Return the seconds to wait after a failure: longer with each in a row, and as long as Telegram asks."""
    if isinstance(error, RetryAfter):
        return wait_of(error).total_seconds()
    if isinstance(error, (NetworkError, Conflict)):
        return PAUSES[min(failures, len(PAUSES) - 1)]
    return PAUSES[-1]

"""One process, one bot: reach Telegram, go on with what was left, then poll or be called until told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timezone

from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.process.memory import keep_what_is_loaded
from bot.rasa_client import Assistant
from bot.telegram.app import STAFF_BOT, build_application
from bot.telegram.handlers.commands import CommandMenus, all_topics
from bot.telegram.ledger.records import BatchedTransactions
from bot.telegram.transport.polling import PAUSES, poll, sentence_of
from bot.telegram.transport.webhook import be_called
from bot.telegram.updates.intake import Intake
from bot.telegram.updates.staff_bot import StaffBot
from office.base.database import Database
from office.base.errors import DatabaseAway
from office.outbox.telegram import note_bot
from settings import LOOPBACK, Settings

log = logging.getLogger("bot.telegram")
STOP_WITHIN = 4.0  # seconds for turns under way
LOOKED_AGAIN_AFTER = 2.0  # seconds


async def run(settings: Settings, stop: asyncio.Event) -> None:
    """Answer in Telegram until told to stop. Raises OSError where the webhook's port cannot be used."""
    async with _alone(settings, stop):
        application = build_application(settings)
        records = BatchedTransactions(Database(settings.database_url))
        assistant = Assistant(f"http://{LOOPBACK}:{settings.rasa_port}", settings.turn_timeout_seconds)
        try:
            _, reached = await asyncio.gather(asyncio.to_thread(all_topics), _reach(application.bot, stop))
            if not reached:
                return
            staff_bot = StaffBot(settings, application.bot, records, assistant)
            application.bot_data[STAFF_BOT] = staff_bot
            await application.initialize()
            keep_what_is_loaded()
            await _serve(staff_bot, Intake(application, staff_bot), stop)
            await staff_bot.close(STOP_WITHIN)
        finally:
            await application.shutdown()
            await application.bot.shutdown()
            records.close()


async def _serve(staff_bot: StaffBot, intake: Intake, stop: asyncio.Event) -> None:
    """Go on with what an earlier process left, then take in what is new."""
    settings, bot = staff_bot.settings, staff_bot.bot
    menus = CommandMenus(bot)
    intake.on_person = menus.notice

    async def note_state(state: str) -> None:
        await _note_state(staff_bot.records, bot, state)

    beside = [asyncio.create_task(work) for work in (menus.keep(), note_state(""))]
    try:
        await _resume(intake, stop)
        if stop.is_set():
            return
        log.info("answering in Telegram as @%s", bot.username)
        if settings.telegram_webhook:
            await be_called(settings, bot, intake.take, note_state, stop)
        else:
            with contextlib.suppress(TelegramError):  # where it fails, asking for updates says why
                await bot.delete_webhook(drop_pending_updates=False)
            await poll(bot, intake.take, note_state, stop)
    finally:
        for task in beside:
            task.cancel()


async def _reach(bot: ExtBot[str], stop: asyncio.Event) -> bool:
    """Ask Telegram who the bot is, again and again until it says; return False where it is told to stop before."""
    failures, said = 0, ""
    while not stop.is_set():
        try:
            await bot.initialize()
            return True
        except TelegramError as error:
            if sentence_of(error) != said:
                said = sentence_of(error)
                log.warning("%s", said)
            failures += 1
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(stop.wait(), PAUSES[min(failures, len(PAUSES)) - 1])
    return False


async def _resume(intake: Intake, stop: asyncio.Event) -> None:
    """Go on with what was left; what comes new waits until the database says what that is."""
    while not stop.is_set():
        try:
            await intake.resume()
            return
        except DatabaseAway as error:
            log.warning("what was left cannot be read yet: %s", error)
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(stop.wait(), LOOKED_AGAIN_AFTER)


async def _note_state(records: BatchedTransactions, bot: ExtBot[str], state: str) -> None:
    with contextlib.suppress(DatabaseAway):
        await records.do(lambda session: note_bot(session, bot.id, bot.username, state, now=datetime.now(timezone.utc)))


@asynccontextmanager
async def _alone(settings: Settings, stop: asyncio.Event) -> AsyncIterator[None]:
    """Wait until no other process of this machine answers for the bot: two would both go on with what was left."""
    settings.var.mkdir(parents=True, exist_ok=True)
    with (settings.var / "telegram.lock").open("w") as lock:
        said = False
        while not stop.is_set():
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if not said:
                    log.warning("another process on this machine answers in Telegram already; waiting until it ends")
                    said = True
                with contextlib.suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(stop.wait(), LOOKED_AGAIN_AFTER / 4)
        yield

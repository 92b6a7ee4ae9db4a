"""What handlers work with: the bot, the database and the assistant; what a handler decides is kept and sent here."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
import traceback
from collections.abc import Callable, Iterable
from dataclasses import replace

from sqlalchemy.orm import Session
from telegram import CallbackQuery
from telegram.constants import ParseMode
from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.messages.bot_api import keyboard
from bot.rasa_client import Assistant
from bot.telegram.ledger.journal import Journal
from bot.telegram.ledger.records import BatchedTransactions
from bot.telegram.transport.limiter import ONCE
from bot.telegram.transport.sending import NO_PREVIEW, TelegramSender
from bot.telegram.updates.queues import PersonQueues
from bot.telegram.updates.turn import TelegramReply, TelegramTurn, apologetic
from bot.telegram.words import wording
from bot.telegram.words.formatting import TelegramPart, as_telegram
from office.base.errors import BadInput, Conflict, DatabaseAway, NoPlace, NotAllowed, NotFound
from office.outbox.telegram import give_up, keep_reply
from settings import Settings

log = logging.getLogger(__name__)
ANSWERED_WITHIN = 5.0  # seconds for a button's small clock; whoever waits longer is served all the same
SETTLED_AGAIN_AFTER = 5.0  # seconds, while the database is away

View = Callable[[TelegramTurn, Session], TelegramReply]


class AlreadyDone(Exception):
    """This update was dealt with before; what was about to be done is taken back."""


class StaffBot:
    """One bot for the staff of one trust."""

    def __init__(self, settings: Settings, bot: ExtBot[str], records: BatchedTransactions, assistant: Assistant) -> None:
        self.settings, self.bot, self.records, self.assistant = settings, bot, records, assistant
        self.sender = TelegramSender(bot, records, Journal(settings.var / "telegram.journal"))
        self.queues = PersonQueues()
        self.turns: dict[int, TelegramTurn] = {}  # those in the hands of a handler, by the update's number
        self.opened = time.monotonic()

    async def settle(self, turn: TelegramTurn, view: View, *, instead: list[TelegramPart] | None = None) -> None:
        """Do what a handler decides and write down its reply in one transaction, then send it.

        What was done before is neither done nor said again. `instead` is said where the database is away.
        """
        try:
            reply = await self._decide(turn, view)
        except AlreadyDone:
            return
        except DatabaseAway as error:
            log.warning("an update could not be dealt with: %s", error)
            parts = instead or as_telegram(wording.NO_RECORDS.format(contact=turn.contact.text))
            await self.sender.deliver(_placed(turn, parts), row=None)
            self.queues.start(self._settle_later(turn.row))
            return
        if reply.edit is not None:
            await self._edit(turn, reply.edit)
        await self.sender.deliver(reply.parts, row=turn.row)

    async def acknowledge(self, turn: TelegramTurn, text: str | None = None) -> None:
        """Stop the small clock on the button that was pressed."""
        query = turn.update.callback_query
        if query is not None:
            await self.answer_query(query, text)

    async def answer_query(self, query: CallbackQuery, text: str | None = None) -> None:
        """Answer a press of a button, in a few words that Telegram shows over the chat or in none. Where it fails, nothing is lost."""
        with contextlib.suppress(TelegramError, asyncio.TimeoutError):
            await asyncio.wait_for(self.bot.answer_callback_query(query.id, text, rate_limit_args=ONCE), ANSWERED_WITHIN)

    async def close(self, within: float) -> None:
        """Let the turns under way end, and break off those that do not. What is broken off is gone on with at the next start."""
        await self.queues.close(within)
        self.sender.journal.close()

    async def _decide(self, turn: TelegramTurn, view: View) -> TelegramReply:
        try:
            return await self.records.do(lambda session: _keep(session, turn, view(turn, session)))
        except (BadInput, Conflict, NoPlace, NotAllowed, NotFound) as error:
            sentence = str(error) if isinstance(error, (BadInput, Conflict)) else wording.FAULT.format(contact=turn.contact.text)
            return await self.records.do(lambda session: _keep(session, turn, turn.says(sentence, "refused")))
        except (AlreadyDone, DatabaseAway):
            raise
        except Exception as error:
            log.error("a handler broke: %s\n%s", type(error).__name__, "".join(traceback.format_tb(error.__traceback__)))
            sentence = wording.FAULT.format(contact=turn.contact.text)
            return await self.records.do(lambda session: _keep(session, turn, turn.says(sentence, "broke")))

    async def _settle_later(self, row: int) -> None:
        """Note that an update is dealt with, as soon as the database answers."""
        while True:
            with contextlib.suppress(DatabaseAway):
                await self.records.do(lambda session: give_up(session, row))
                return
            await asyncio.sleep(SETTLED_AGAIN_AFTER)

    async def _edit(self, turn: TelegramTurn, part: TelegramPart) -> None:
        """Let the message whose button was pressed show what became of it."""
        if turn.message is None:
            return
        with contextlib.suppress(TelegramError):
            await self.bot.edit_message_text(
                part.html, turn.chat, turn.message.message_id, parse_mode=ParseMode.HTML, link_preview_options=NO_PREVIEW, reply_markup=keyboard(part.rows)
            )  # fmt: skip


def _keep(session: Session, turn: TelegramTurn, reply: TelegramReply) -> TelegramReply:
    """Write the reply down and return it as it is sent. Raises AlreadyDone."""
    parts = _placed(turn, apologetic(reply.parts) if turn.is_late else reply.parts)
    if not keep_reply(session, turn.row, reply.did, [part.as_json() for part in parts]):
        raise AlreadyDone(reply.did)
    return replace(reply, parts=parts)


def _placed(turn: TelegramTurn, parts: Iterable[TelegramPart]) -> list[TelegramPart]:
    """Return the parts with the chat they go to; in a group the first answers the message, in its thread."""
    message = turn.message
    if turn.is_private or message is None:
        return [replace(part, chat=turn.chat) for part in parts]
    thread = message.message_thread_id if message.is_topic_message else None
    reply_to = message.message_id if turn.update.callback_query is None else None
    return [replace(part, chat=turn.chat, thread=thread, reply_to=None if place else reply_to) for place, part in enumerate(parts)]

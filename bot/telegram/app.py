"""The bot as one expression: every command and every kind of message in sight, and who sees to it."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from sqlalchemy.orm import Session
from telegram import Message, Update
from telegram.ext import Application, BaseHandler, CallbackContext, CallbackQueryHandler, MessageHandler, TypeHandler, filters

from bot.telegram import asking, commands, gaps, leads, wording
from bot.telegram.door import Door
from bot.telegram.limiter import PerChatLimiter
from bot.telegram.requests import requests_for
from bot.telegram.turn import Said, Turn, command_of
from office.errors import DatabaseAway
from office.telegram import message_of
from settings import Settings

log = logging.getLogger(__name__)
DOOR = "door"

View = Callable[[Turn, Session], Said]
Work = Callable[[Door, Turn], Awaitable[None]]
Handler = Callable[[Update, CallbackContext[Any, Any, Any, Any]], Coroutine[Any, Any, None]]


class Command(filters.MessageFilter):
    """Messages that begin with a command of that name, said to this bot; without a name, with any."""

    def __init__(self, name: str | None = None) -> None:
        super().__init__(name=f"/{name or '…'}")
        self._wanted = name

    def filter(self, message: Message) -> bool:
        """Say whether it is the command."""
        said = command_of(message.text or "", message.get_bot().username)
        return bool(said) if self._wanted is None else said == self._wanted


def handled(work: Work, *, lead_work: bool = False) -> Handler:
    """Give a handler's work as python-telegram-bot calls it. `lead_work` is for those who work leads, in their private chat."""

    async def handle(update: Update, context: CallbackContext[Any, Any, Any, Any]) -> None:
        door: Door = context.application.bot_data[DOOR]
        turn = door.turns[update.update_id]
        refusal = _refusal(turn) if lead_work else ""
        try:
            if refusal:
                await door.acknowledge(turn)
                await door.settle(turn, lambda turn, _: turn.says(refusal, "refused"))
            else:
                await work(door, turn)
        except DatabaseAway:
            await door.settle(turn, lambda turn, _: turn.says(wording.NO_RECORDS.format(contact=turn.contact.text), "database away"))

    return handle


def _refusal(turn: Turn) -> str:
    if not turn.person.works_leads:
        return wording.NOT_YOUR_ROLE
    return "" if turn.is_private else wording.ONLY_IN_PRIVATE


def simply(view: View) -> Work:
    """Give a view, which is one transaction and a reply, as work."""

    async def work(door: Door, turn: Turn) -> None:
        await door.settle(turn, view)

    return work


async def hear(door: Door, turn: Turn) -> None:
    """Words: a note, a plan or an answer where they reply to a lead or a gap; otherwise a question."""
    kind, _, of = (await door.records.do(lambda session: _replied_about(turn, session))).partition(" ")
    if kind in ("lead", "note"):
        await door.settle(turn, lambda turn, session: leads.note(turn, session, of))
    elif kind == "action":
        await door.settle(turn, lambda turn, session: leads.plan(turn, session, of))
    elif kind in ("gap", "answer"):
        await door.settle(turn, lambda turn, session: gaps.propose(turn, session, int(of)))
    else:
        await asking.ask_typed(door, turn)


def _replied_about(turn: Turn, session: Session) -> str:
    """Give what the message that is replied to is about, "" for nothing staff work on. Only the PA's private chat has such messages."""
    replied = turn.message.reply_to_message if turn.message is not None else None
    if replied is None or not turn.is_private or not turn.person.works_leads:
        return ""
    known = message_of(session, turn.chat, replied.message_id)
    if known is not None and known.about:
        return str(known.about)
    if replied.from_user is None or not replied.from_user.is_bot:
        return ""
    named = set(leads.REFERENCE.findall(replied.text or ""))
    return f"lead {named.pop()}" if len(named) == 1 else ""


def handlers() -> list[BaseHandler[Any, Any, Any]]:
    """Give who sees to what; the first that fits does."""
    new = filters.UpdateType.MESSAGE
    said = new & filters.TEXT & ~filters.FORWARDED

    def command(name: str, work: Work, *, lead_work: bool = False) -> MessageHandler[Any, Any]:
        return MessageHandler(said & Command(name), handled(work, lead_work=lead_work))

    return [
        CallbackQueryHandler(handled(leads.press, lead_work=True), pattern=r"^lead:"),
        CallbackQueryHandler(handled(gaps.press, lead_work=True), pattern=r"^answer:"),
        CallbackQueryHandler(handled(commands.press_topic), pattern=r"^topic:"),
        CallbackQueryHandler(handled(asking.press)),
        MessageHandler(filters.UpdateType.EDITED_MESSAGE, handled(simply(asking.edited))),
        command("start", simply(commands.start)),
        command("help", simply(commands.help_with)),
        command("topics", simply(commands.topics)),
        command("ask", asking.ask_command),
        command("contact", simply(commands.contact)),
        command("feedback", simply(commands.feedback)),
        command("mute", simply(commands.mute), lead_work=True),
        command("leads", simply(leads.list_open), lead_work=True),
        command("lead", simply(leads.show), lead_work=True),
        command("today", simply(leads.today), lead_work=True),
        command("gaps", simply(gaps.list_open), lead_work=True),
        MessageHandler(said & Command(), handled(simply(commands.unknown))),
        MessageHandler(said, handled(hear)),
        MessageHandler(new & filters.CAPTION & ~filters.FORWARDED, handled(asking.ask_caption)),
        MessageHandler(new, handled(simply(asking.unreadable))),
        TypeHandler(Update, handled(simply(lambda turn, _: Said("nothing")))),
    ]


async def say_what_broke(update: object, context: CallbackContext[Any, Any, Any, Any]) -> None:
    """The one error handler: the log gets where it broke, and not the error's own words, which may hold somebody's; the person a sentence."""
    error = context.error
    where = "".join(traceback.format_tb(error.__traceback__)) if error is not None else ""
    log.error("a handler broke: %s\n%s", type(error).__name__, where)
    door: Door = context.application.bot_data[DOOR]
    turn = door.turns.get(update.update_id) if isinstance(update, Update) else None
    if turn is not None:
        await door.settle(turn, lambda turn, _: turn.says(wording.FAULT.format(contact=turn.contact.text), "broke"))


def build_application(settings: Settings) -> Application[Any, Any, Any, Any, Any, Any]:
    """Give the application of python-telegram-bot. How updates come (`polling`, `webhook`) and in whose order (`door`) is ours."""
    application = (
        Application.builder()
        .token(settings.telegram_token)
        .base_url(f"{settings.telegram_api}/bot")
        .base_file_url(f"{settings.telegram_api}/file/bot")
        .request(requests_for(settings.telegram_api))
        .get_updates_request(requests_for(settings.telegram_api))
        .rate_limiter(PerChatLimiter())
        .updater(None)
        .build()
    )
    application.add_handlers(handlers())
    application.add_error_handler(say_what_broke)
    return application

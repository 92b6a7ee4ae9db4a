"""The bot as one expression: every command and every kind of message in sight, and who sees to it."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from sqlalchemy.orm import Session
from telegram import Message, Update
from telegram.ext import Application, BaseHandler, CallbackContext, CallbackQueryHandler, MessageHandler, TypeHandler, filters

from bot.telegram.handlers import asking, commands, gaps, leads
from bot.telegram.handlers.commands import ASKING
from bot.telegram.transport.limiter import PerChatLimiter
from bot.telegram.transport.requests import requests_for
from bot.telegram.updates.staff_bot import StaffBot, View
from bot.telegram.updates.turn import TelegramReply, TelegramTurn, command_of
from bot.telegram.words import wording
from office.base.errors import DatabaseAway, NotAllowed
from office.base.staff import may
from office.outbox.telegram import message_of
from settings import Settings

log = logging.getLogger(__name__)
STAFF_BOT = "staff bot"  # its place in the application's `bot_data`
REPLIES_NEED = {"lead": "work leads", "note": "work leads", "action": "work leads", "gap": "work facts", "answer": "work facts"}

Work = Callable[[StaffBot, TelegramTurn], Awaitable[None]]
Handler = Callable[[Update, CallbackContext[Any, Any, Any, Any]], Coroutine[Any, Any, None]]


class Command(filters.MessageFilter):
    """Messages that begin with a command said to this bot."""

    def filter(self, message: Message) -> bool:
        """Return whether there is one."""
        return bool(command_of(message.text or "", message.get_bot().username))


def handled(work: Work, *, needs: str = ASKING) -> Handler:
    """Return a handler's work as python-telegram-bot calls it, for those who have a permission; all but asking in their private chat only."""
    may(None, needs)  # a misspelt permission is found at the start

    async def handle(update: Update, context: CallbackContext[Any, Any, Any, Any]) -> None:
        bot: StaffBot = context.application.bot_data[STAFF_BOT]
        turn = bot.turns[update.update_id]
        refusal = _refusal(turn, needs)
        try:
            if refusal:
                await bot.acknowledge(turn)
                await bot.settle(turn, lambda turn, _: turn.says(refusal, "refused"))
            else:
                await work(bot, turn)
        except NotAllowed:
            await bot.settle(turn, lambda turn, _: turn.says(wording.NOT_YOUR_ROLE, "refused"))
        except DatabaseAway:
            await bot.settle(turn, lambda turn, _: turn.says(wording.NO_RECORDS.format(contact=turn.contact.text), "database away"))

    return handle


def _refusal(turn: TelegramTurn, needs: str) -> str:
    if not may(turn.person, needs):
        return wording.NOT_YOUR_ROLE
    return "" if needs == ASKING or turn.is_private else wording.ONLY_IN_PRIVATE


def simply(view: View) -> Work:
    """Return a view, which is one transaction and a reply, as work."""

    async def work(bot: StaffBot, turn: TelegramTurn) -> None:
        await bot.settle(turn, view)

    return work


async def hear(bot: StaffBot, turn: TelegramTurn) -> None:
    """Words: a note, a plan or an answer where they reply to a lead or a gap; otherwise a question."""
    replied = turn.message.reply_to_message if turn.message is not None else None
    about = await bot.records.do(lambda session: _replied_about(turn, session)) if replied is not None else ""
    kind, _, of = about.partition(" ")
    if kind in ("lead", "note"):
        await bot.settle(turn, lambda turn, session: leads.note(turn, session, of))
    elif kind == "action":
        await bot.settle(turn, lambda turn, session: leads.plan(turn, session, of))
    elif kind in ("gap", "answer"):
        await bot.settle(turn, lambda turn, session: gaps.propose(turn, session, int(of)))
    else:
        await asking.ask_typed(bot, turn)


def _replied_about(turn: TelegramTurn, session: Session) -> str:
    """Return what the message that is replied to is about, "" for nothing this person works on. Only private chats have such messages."""
    replied = turn.message.reply_to_message if turn.message is not None else None
    if replied is None or not turn.is_private:
        return ""
    known = message_of(session, turn.chat, replied.message_id)
    about = str(known.about) if known is not None and known.about else _lead_named_in(replied)
    needs = REPLIES_NEED.get(about.partition(" ")[0])
    return about if needs is None or may(turn.person, needs) else ""


def _lead_named_in(replied: Message) -> str:
    named = set(leads.REFERENCE.findall(replied.text or "")) if replied.from_user is not None and replied.from_user.is_bot else set()
    return f"lead {named.pop()}" if len(named) == 1 else ""


def commanded() -> dict[str, Handler]:
    """Return who sees to which command."""
    for_all: dict[str, Work] = {
        "start": simply(commands.start), "help": simply(commands.help_with), "topics": simply(commands.topics), "ask": asking.ask_command,
        "contact": simply(commands.contact), "feedback": simply(commands.feedback),
    }  # fmt: skip
    for_the_pa = {
        "leads": leads.list_open, "lead": leads.show, "gaps": gaps.list_open, "today": leads.today, "mute": commands.mute,
    }  # fmt: skip
    return {
        **{name: handled(work) for name, work in for_all.items()},
        **{name: handled(simply(view), needs=commands.NEEDS[name]) for name, view in for_the_pa.items()},
    }


def handlers() -> list[BaseHandler[Any, Any, Any]]:
    """Return who sees to what; the first that fits does."""
    new = filters.UpdateType.MESSAGE
    said = new & filters.TEXT & ~filters.FORWARDED
    known, otherwise = commanded(), handled(simply(commands.unknown))

    async def command(update: Update, context: CallbackContext[Any, Any, Any, Any]) -> None:
        name = command_of(update.message.text or "", context.bot.username) if update.message is not None else ""
        await known.get(name, otherwise)(update, context)

    return [
        MessageHandler(said & Command(), command),
        MessageHandler(said, handled(hear)),
        CallbackQueryHandler(handled(leads.press, needs="work leads"), pattern=r"^lead:"),
        CallbackQueryHandler(handled(gaps.press, needs="work facts"), pattern=r"^answer:"),
        CallbackQueryHandler(handled(commands.press_topic), pattern=r"^topic:"),
        CallbackQueryHandler(handled(asking.press)),
        MessageHandler(filters.UpdateType.EDITED_MESSAGE, handled(simply(asking.edited))),
        MessageHandler(new & filters.CAPTION & ~filters.FORWARDED, handled(asking.ask_caption)),
        MessageHandler(new, handled(simply(asking.unreadable))),
        TypeHandler(Update, handled(simply(lambda turn, _: TelegramReply("nothing")))),
    ]


async def say_what_broke(update: object, context: CallbackContext[Any, Any, Any, Any]) -> None:
    """The one error handler: the log gets where it broke, and not the error's own words, which may hold somebody's; the person a sentence."""
    error = context.error
    where = "".join(traceback.format_tb(error.__traceback__)) if error is not None else ""
    log.error("a handler broke: %s\n%s", type(error).__name__, where)
    bot: StaffBot = context.application.bot_data[STAFF_BOT]
    turn = bot.turns.get(update.update_id) if isinstance(update, Update) else None
    if turn is not None:
        await bot.settle(turn, lambda turn, _: turn.says(wording.FAULT.format(contact=turn.contact.text), "broke"))


def build_application(settings: Settings) -> Application[Any, Any, Any, Any, Any, Any]:
    """Return the application of python-telegram-bot. How updates come (`polling`, `webhook`) and in whose order (`updates.intake`) is ours."""
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

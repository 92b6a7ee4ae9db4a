"""Questions: plain messages, /ask, pressed buttons, words under a picture. And what cannot be read at all."""

from __future__ import annotations

import asyncio
import logging
import re
import time
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session
from telegram import Message
from telegram.ext import filters

from bot.messages.bot_api import fits
from bot.messages.texts import Button
from bot.rasa_client import AssistantAway, AssistantError, AssistantNotThere, AssistantSilent
from bot.telegram.updates.staff_bot import StaffBot
from bot.telegram.updates.turn import TelegramReply, TelegramTurn
from bot.telegram.words import wording
from bot.telegram.words.formatting import TelegramPart, as_telegram, with_choice
from office.answering.replies import Reply
from office.base.limits import LONGEST_MESSAGE
from office.enquiries.log import WITHHELD
from office.enquiries.sensitive import is_sensitive
from office.enquiries.transcripts import chosen_button, enquiry_of, write_message
from office.leads.form import as_heard
from office.outbox.telegram import choose, message_of, remember_message

log = logging.getLogger(__name__)
STARTS_WITHIN, ASKED_AGAIN_AFTER = 180.0, 1.0  # seconds
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
KINDS = (
    ("forward", filters.FORWARDED), ("photo", filters.PHOTO), ("video", filters.VIDEO | filters.VIDEO_NOTE | filters.ANIMATION),
    ("voice", filters.VOICE | filters.AUDIO), ("sticker", filters.Sticker.ALL), ("document", filters.Document.ALL),
    ("location", filters.LOCATION | filters.VENUE), ("contact", filters.CONTACT), ("poll", filters.POLL),
)  # fmt: skip


async def ask_typed(bot: StaffBot, turn: TelegramTurn) -> None:
    """A plain message is a question."""
    await ask(bot, turn, turn.text)


async def ask_command(bot: StaffBot, turn: TelegramTurn) -> None:
    """/ask, with the question behind it."""
    if turn.rest:
        await ask(bot, turn, turn.rest)
    else:
        await bot.settle(turn, lambda turn, _: turn.says(wording.ASK_HOW, "ask"))


async def ask_caption(bot: StaffBot, turn: TelegramTurn) -> None:
    """The words under a picture are a question; the picture is not looked at. An album is answered once."""
    if await bot.records.do(lambda session: _is_first(session, turn)):
        await ask(bot, turn, turn.text, before=wording.CAPTION)
    else:
        await bot.settle(turn, lambda turn, _: TelegramReply("album"))


async def ask(bot: StaffBot, turn: TelegramTurn, text: str, *, shown: str = "", before: str = "", edit: TelegramPart | None = None) -> None:
    """Ask the assistant and say its reply. `shown` is what the person sees of it, where that is not the text."""
    asked = _CONTROL.sub(" ", text.replace("\r\n", "\n")).encode("utf-8", "replace").decode().strip()
    if not asked or len(asked) > LONGEST_MESSAGE:
        sentence = wording.TOO_LONG.format(longest=LONGEST_MESSAGE) if asked else wording.UNREADABLE["other"]
        await bot.settle(turn, lambda turn, _: turn.says(sentence, "too long"))
        return
    message = turn.message
    thread = message.message_thread_id if message is not None and message.is_topic_message else None
    try:
        async with bot.sender.typing(turn.chat, thread):
            reply = await _reply(bot, turn, asked)
    except AssistantError as error:
        log.warning("the assistant gave no answer (%s)", type(error).__name__)
        sentence = _why(error).format(contact=turn.contact.text)
        await bot.settle(turn, lambda turn, _: replace(turn.says(sentence, "unanswered"), edit=edit))
        return
    instead = [part for message in reply.messages for part in as_telegram(message["text"])]
    await bot.settle(turn, lambda turn, session: _answered(turn, session, reply, shown or asked, before, edit), instead=instead)


async def _reply(bot: StaffBot, turn: TelegramTurn, asked: str) -> Reply:
    """Return the assistant's reply. While everything starts it is not there yet: what waited for the start waits a little longer."""
    while True:
        try:
            return await bot.assistant.ask(turn.conversation, asked, channel=turn.channel)
        except AssistantNotThere:
            if time.monotonic() - bot.opened > STARTS_WITHIN:
                raise
            await asyncio.sleep(ASKED_AGAIN_AFTER)


def _why(error: AssistantError) -> str:
    if isinstance(error, AssistantAway):
        return wording.AWAY
    return wording.SLOW if isinstance(error, AssistantSilent) else wording.FAULT


def _answered(turn: TelegramTurn, session: Session, reply: Reply, heard: str, before: str, edit: TelegramPart | None) -> TelegramReply:
    """Keep what both said in the transcript, whose buttons get ids there; return the messages. Of groups nobody's words are kept."""
    if turn.is_private:
        enquiry = enquiry_of(session, turn.conversation, reply.custom)
        kept = WITHHELD if reply.is_help or is_sensitive(heard) else as_heard(session, turn.conversation, heard)
        write_message(session, turn.conversation, "visitor", kept, now=turn.now, enquiry=enquiry)
    parts = as_telegram(before) if before else []
    for message in reply.messages:
        parts += as_telegram(message["text"], _rows(turn, session, message))
    return TelegramReply("asked", parts, edit)


def _rows(turn: TelegramTurn, session: Session, message: dict[str, Any]) -> list[list[Button]]:
    """Write the assistant's message down and return its buttons, one in a row.

    In a group only messages with buttons are written down, and of them nothing but the buttons: a press has to be understood.
    """
    buttons, custom = message.get("buttons") or [], message.get("custom")
    if not turn.is_private and not buttons:
        return []
    text = message["text"] if turn.is_private else "(said in a group)"
    written = write_message(
        session, turn.conversation, "assistant", text, now=turn.now, buttons=buttons, custom=custom if turn.is_private else None
    )
    owner = "" if turn.is_private else f"@{turn.person.account}"
    return [[(button["title"], button["id"] + owner)] for button in written.buttons if fits(button["id"] + owner)]


async def press(bot: StaffBot, turn: TelegramTurn) -> None:
    """A button under an answer asks its question: once, however often it is pressed."""
    choice, _, owner = turn.data.partition("@")
    if owner and owner != str(turn.person.account):
        await bot.acknowledge(turn, wording.NOT_YOURS)
        await bot.settle(turn, lambda turn, _: TelegramReply("another's button"))
        return
    await bot.acknowledge(turn)

    def look(session: Session) -> tuple[dict[str, str] | None, bool]:
        button = chosen_button(session, turn.conversation, choice)
        message = turn.update.callback_query.message if turn.update.callback_query else None
        is_first = message is None or choose(session, turn.chat, message.message_id, turn.key, now=turn.now)
        return button, is_first or _is_own(session, turn)

    button, is_first = await bot.records.do(look)
    if not is_first:
        await bot.settle(turn, lambda turn, _: TelegramReply("pressed again"))
    elif button is None:
        await bot.settle(turn, lambda turn, _: replace(turn.says(wording.OLD_BUTTON, "old button"), edit=_chosen(turn, "")))
    else:
        await ask(bot, turn, button["payload"], shown=button["title"], edit=_chosen(turn, button["title"]))


def _is_own(session: Session, turn: TelegramTurn) -> bool:
    """Return whether this very update pressed the button before, and was broken off."""
    known = message_of(session, turn.chat, turn.message.message_id) if turn.message is not None else None
    return known is not None and known.chosen == turn.key


def _chosen(turn: TelegramTurn, title: str) -> TelegramPart | None:
    message = turn.message
    if message is None or not message.text:
        return None
    return with_choice(message.text_html, message.text, title) if title else TelegramPart(message.text, message.text_html)


def unreadable(turn: TelegramTurn, session: Session) -> TelegramReply:
    """What is no text gets one kind sentence; an album one for all its pictures."""
    if turn.message is None or not _is_first(session, turn):
        return TelegramReply("album")
    kind = next((name for name, matches in KINDS if matches.check_update(turn.update)), "other")
    return turn.says(wording.UNREADABLE[kind], kind)


def edited(turn: TelegramTurn, session: Session) -> TelegramReply:
    """An edited message is not answered anew; that is said once for each message."""
    message = turn.update.edited_message
    if message is None or not remember_message(session, turn.chat, f"edit {message.message_id}", "", now=turn.now):
        return TelegramReply("edited again")
    return turn.says(wording.EDITED, "edited")


def _is_first(session: Session, turn: TelegramTurn) -> bool:
    """Return whether this is no album's, or its first picture to be dealt with."""
    message: Message | None = turn.message
    album = message.media_group_id if message is not None else None
    if not album:
        return True
    mark = f"album {album}"[:40]
    if remember_message(session, turn.chat, mark, turn.key, now=turn.now):
        return True
    known = message_of(session, turn.chat, mark)
    return known is not None and known.about == turn.key

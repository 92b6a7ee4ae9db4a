"""Which updates are meant for the bot at all, out of their JSON."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from typing import Any

from telegram import Bot, ChatMember, Message, Update
from telegram.ext import filters

from bot.telegram.updates.turn import command_of

log = logging.getLogger(__name__)
BARRED = (ChatMember.BANNED, ChatMember.LEFT)


@dataclass(frozen=True)
class MeantUpdate:
    """An update that is meant for the bot."""

    update: Update
    content: dict[str, Any]
    account: int
    chat: int

    @property
    def is_private(self) -> bool:
        """Return whether it happened in the person's own chat."""
        return self.chat == self.account

    @property
    def invitation(self) -> str:
        """Return the code after /start, "" without one."""
        message = self.update.message
        words = (message.text or "").split() if message is not None and self.is_private else []
        return words[1] if len(words) == 2 and words[0].split("@")[0].lower() == "/start" else ""

    @property
    def blocks(self) -> bool | None:
        """Return whether the person has just blocked the bot (True) or lets it write again (False); None for any other update."""
        change = self.update.my_chat_member
        return change.new_chat_member.status in BARRED if change is not None and self.is_private else None


def read_update(content: dict[str, Any], bot: Bot) -> MeantUpdate | None:
    """Return an update that somebody meant for the bot, or None: talk of a group, of other bots, of Telegram itself."""
    try:
        update = Update.de_json(content, bot)
        person, chat = update.effective_user, update.effective_chat
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        log.warning("an update could not be read (%s)", type(error).__name__)
        return None
    if person is None or person.is_bot or update.update_id is None:
        return None
    found = MeantUpdate(update, content, person.id, chat.id if chat is not None else person.id)
    if update.callback_query is not None or update.my_chat_member is not None:
        return found
    if update.message is None:
        return found if update.edited_message is not None and found.is_private else None
    if update.message.text is None and filters.StatusUpdate.ALL.check_update(update):  # somebody came, left, was pinned
        return None
    return found if found.is_private or is_addressed(update.message, bot) else None


def is_addressed(message: Message, bot: Bot) -> bool:
    """Return whether a message of a group speaks to the bot: by its name, as a reply to it, or by a command that names it."""
    replied = message.reply_to_message
    if replied is not None and replied.from_user is not None and replied.from_user.id == bot.id:
        return True
    words = message.text or message.caption or ""
    if re.search(rf"@{re.escape(bot.username)}\b", words, re.I):
        return not words.startswith("/") or bool(command_of(words, bot.username))
    entities = [*message.entities, *message.caption_entities]
    return any(entity.user is not None and entity.user.id == bot.id for entity in entities)

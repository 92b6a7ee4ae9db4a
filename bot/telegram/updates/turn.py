"""One update of one person: what was sent, by whom, where, and how its handlers see it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session
from telegram import Message, Update

from bot.messages.texts import LONGEST_TELEGRAM, Button, units
from bot.telegram.words import wording
from bot.telegram.words.formatting import TelegramPart, as_telegram
from office.answering.replies import Contact, kept_contact
from office.base.errors import NotAllowed
from office.base.staff import Staff
from settings import Settings

STALE = timedelta(minutes=10)
COMMAND = re.compile(r"/(\w{1,32})(?:@(\w+))?(?:\s+|$)")


@dataclass(frozen=True)
class Person:
    """The member of staff who wrote."""

    id: int
    name: str
    role: str
    account: int


@dataclass
class TelegramReply:
    """What a handler decides: the messages of its reply, and what was done, for the ledger."""

    did: str
    parts: list[TelegramPart] = field(default_factory=list)
    edit: TelegramPart | None = None  # how the message looks whose button was pressed


@dataclass
class TelegramTurn:
    """One update, as handlers see it."""

    row: int  # in the ledger
    update: Update
    person: Person
    now: datetime
    settings: Settings
    bot_name: str

    def staff(self, session: Session) -> Staff:
        """Return who wrote, as a verb of the office wants them. Raises NotAllowed for somebody who is gone."""
        staff = session.get(Staff, self.person.id)
        if staff is None:
            raise NotAllowed("nobody of that number")
        return staff

    @property
    def message(self) -> Message | None:
        """The message that was sent; for a press of a button, the message that carries it."""
        message = self.update.effective_message
        return message if isinstance(message, Message) else None

    @property
    def chat(self) -> int:
        """The chat it happened in."""
        chat = self.update.effective_chat
        return chat.id if chat is not None else self.person.account

    @property
    def is_private(self) -> bool:
        """Return whether nobody but this person and the bot is in the chat."""
        return self.chat == self.person.account

    @property
    def conversation(self) -> str:
        """The conversation's id: in a group each person has one of their own."""
        return f"telegram-{self.chat}" if self.is_private else f"telegram-{self.chat}-{self.person.account}"

    @property
    def channel(self) -> str:
        """Return the channel as the assistant knows it: only a private chat hears what is meant for staff."""
        return "telegram" if self.is_private else "telegram_group"

    @property
    def text(self) -> str:
        """The words of the message, or under its picture, without a mention of the bot."""
        words = self.message.text or self.message.caption or "" if self.message is not None else ""
        return re.sub(rf"(?<!\w)@{re.escape(self.bot_name)}\b[,:]?", "", words, flags=re.I).strip() if self.bot_name else words.strip()

    @property
    def rest(self) -> str:
        """Return the text after a command."""
        return COMMAND.sub("", self.text, count=1).strip()

    @property
    def key(self) -> str:
        """What tells this update from all others, wherever it is kept."""
        return f"telegram {self.row}"

    @property
    def data(self) -> str:
        """The data of the button that was pressed."""
        query = self.update.callback_query
        return (query.data or "") if query is not None else ""

    @property
    def is_late(self) -> bool:
        """Return whether the person has waited so long that an apology is due."""
        message = self.update.message
        return message is not None and self.now - message.date > STALE

    @property
    def contact(self) -> Contact:
        """Whom to ask instead."""
        return contact_kept(self.settings)

    def says(self, text: str, did: str, rows: list[list[Button]] | None = None, **more: Any) -> TelegramReply:
        """Return a reply of one text; `more` are the last part's other fields."""
        return TelegramReply(did, as_telegram(text, rows or [], **more))


def contact_kept(settings: Settings) -> Contact:
    """Return the contact kept outside the database, for when that is away."""
    return kept_contact(settings.var / "contact.json")


def command_of(text: str, bot_name: str) -> str:
    """Return the command a text begins with, "" for none or another bot's."""
    match = COMMAND.match(text)
    if match is None or (match[2] and match[2].lower() != bot_name.lower()):
        return ""
    return match[1].lower()


def apologetic(parts: list[TelegramPart]) -> list[TelegramPart]:
    """Return a reply that begins with a word on the long wait."""
    if not parts:
        return []
    first, *others = parts
    if units(first.plain) + units(wording.LATE) + 2 > LONGEST_TELEGRAM:
        return [*as_telegram(wording.LATE), *parts]
    return [replace(first, plain=f"{wording.LATE}\n\n{first.plain}", html=f"{wording.LATE}\n\n{first.html}"), *others]

"""The website's way to the database: transcripts read and written."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.process.transactions import Transactions
from office.answering.replies import Reply
from office.base.database import Database
from office.base.errors import DatabaseAway
from office.base.heartbeats import state_of
from office.base.switches import is_off
from office.base.workdays import london_day
from office.enquiries.log import WITHHELD
from office.enquiries.sensitive import is_sensitive
from office.enquiries.transcripts import (
    Message,
    chosen_button,
    enquiry_of,
    forget_words,
    form_asked,
    latest_number,
    messages_after,
    name_enquiry,
    rate_message,
    take_back,
    write_message,
)
from office.facts.model import Document, Fact, Trust, is_current, revision_number
from office.leads.form import as_heard
from office.personal.erasure import erase_conversations

WATCHED = ("inbox", "worker")


class ConversationRecords:
    """What is kept of the website's conversations. Every method raises DatabaseAway where the database does not answer."""

    def __init__(self, database: Database) -> None:
        self._transactions = Transactions(database)

    async def known(self, conversation: str) -> bool:
        """Return whether anything was said in the conversation and is not forgotten."""
        return await self._transactions.do(lambda session: latest_number(session, conversation)) > 0

    async def button(self, conversation: str, choice: str) -> dict[str, str] | None:
        """Return a button that was offered, its payload included."""
        return await self._transactions.do(lambda session: chosen_button(session, conversation, choice))

    async def hear(self, conversation: str, text: str, *, is_new: bool) -> tuple[int, str]:
        """Keep a visitor's message, unless its words are to be withheld. Who has not agreed is not named.

        Gives its number, and what the form asked in the reply before it. The number is 0, and nothing is kept, where a
        conversation is said to go on of which nothing is known.
        """

        def write(session: Session) -> tuple[int, str]:
            if not is_new and not latest_number(session, conversation):
                return 0, ""
            kept = WITHHELD if is_sensitive(text) else as_heard(session, conversation, text)
            asked = "" if is_new else form_asked(session, conversation)
            return int(write_message(session, conversation, "visitor", kept, now=_now()).number), asked

        return await self._transactions.do(write)

    async def take_back(self, conversation: str, number: int) -> None:
        """Leave out a visitor's message that got no answer."""
        await self._transactions.do(lambda session: take_back(session, conversation, number))

    async def answer(self, conversation: str, reply: Reply, *, number: int) -> list[dict[str, Any]]:
        """Keep a reply to the message of that number, and which enquiry it was; return its messages as the browser may see them."""

        def write(session: Session) -> list[dict[str, Any]]:
            name_enquiry(session, conversation, number, enquiry_of(session, conversation, reply.custom))
            if reply.is_help:
                forget_words(session, conversation, number)
            return [shown(write_message(session, conversation, "assistant", now=_now(), **part)) for part in reply.messages]

        return await self._transactions.do(write)

    async def since(self, conversation: str, number: int) -> tuple[list[dict[str, Any]], int]:
        """Return both sides' messages above the number, and the number of the latest; 0 where nothing is known."""

        def read(session: Session) -> tuple[list[dict[str, Any]], int]:
            messages = messages_after(session, conversation, number)
            return [_told(message) for message in messages], latest_number(session, conversation)

        return await self._transactions.do(read)

    async def rate(self, conversation: str, number: int, thumb: str) -> bool:
        """Keep a thumb; return whether there is such an answer."""
        return await self._transactions.do(lambda session: rate_message(session, conversation, number, thumb))

    async def forget(self, conversation: str) -> None:
        """Erase all that the conversation left, and what a turn still writes that ran out of time and goes on."""
        await self._transactions.do(lambda session: erase_conversations(session, [conversation], now=_now()))

    async def names(self, trust: str) -> dict[str, str] | None:
        """Return the name and the short name of a trust, and of when its documents are: "" where it has none, or of several times."""

        def read(session: Session) -> dict[str, str] | None:
            known = session.get(Trust, trust)
            dated = set(session.execute(select(Document.dated).where(Document.trust == trust)).scalars())
            return {"name": known.name, "short": known.short, "dated": dated.pop() if len(dated) == 1 else ""} if known else None

        return await self._transactions.do(read)

    async def topics_of(self, trust: str) -> set[str]:
        """Return the topics on which a trust has facts for everybody."""
        today = london_day(_now())
        query = select(Fact.topic, Fact.retired, Fact.valid_from, Fact.valid_until).where(Fact.trust == trust, Fact.audience == "public")
        return await self._transactions.do(lambda session: {row.topic for row in session.execute(query) if is_current(row, today)})

    async def is_off(self) -> bool:
        """Return whether staff have switched the chat off."""
        return await self._transactions.do(lambda session: is_off(session, "website"))

    async def parts(self) -> dict[str, str]:
        """Return the state of the database, and of the processes that only it knows of: "off" for one that was never started."""

        def look(session: Session) -> dict[str, str]:
            revision_number(session)  # it has our tables
            return {"database": "ok", **{name: state_of(session, name, now=_now()) for name in WATCHED}}

        try:
            return await self._transactions.do(look)
        except DatabaseAway:
            return {"database": "away"}


def shown(message: Message) -> dict[str, Any]:
    """Return a message of the assistant as the browser may see it: no payload of a button leaves."""
    buttons = [{"id": button["id"], "title": button["title"]} for button in message.buttons]
    custom = {"custom": message.custom} if message.custom is not None else {}
    return {"n": message.number, "text": message.text, "buttons": buttons, **custom}


def _told(message: Message) -> dict[str, Any]:
    return {**shown(message), "from": message.author, "feedback": message.thumb}


def _now() -> datetime:
    return datetime.now(timezone.utc)

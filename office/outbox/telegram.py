"""Telegram's ledger: which updates were taken in, what was said to each, and what the bot's messages are about.

An update is written down before Telegram is told that it arrived, and its reply before it is sent. So nothing is lost when the
process is killed, and what Telegram delivers twice is answered once: its number is unique.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Index, Integer, String, UniqueConstraint, bindparam, delete, select, update
from sqlalchemy.orm import Mapped, Session

from office.base.database import Moment, Name, Table, Words, take_turn
from office.base.staff import Staff
from office.base.upsert import insert_missing

WAITING, REPLYING, DONE, GIVEN_UP = "waiting", "replying", "done", "given_up"


class TelegramUpdate(Table):
    """One update of a member of staff. What it said, and what is still to be said, goes as soon as it is dealt with."""

    __tablename__ = "telegram_update"
    __table_args__ = (UniqueConstraint("bot", "number"), Index("ix_telegram_update_state", "state"), {"sqlite_autoincrement": True})
    id: Mapped[int] = Column(Integer, primary_key=True)
    bot: Mapped[int] = Column(BigInteger, nullable=False)
    number: Mapped[int] = Column(BigInteger, nullable=False)  # Telegram's update_id
    account: Mapped[int] = Column(BigInteger, nullable=False)  # whose it is
    content: Mapped[Any] = Column(JSON(none_as_null=True))  # as Telegram gave it
    state: Mapped[str] = Column(String(10), nullable=False, default=WAITING)
    did: Mapped[str] = Column(Name(80), nullable=False, default="")  # "asked", "note U-7K3F9Q": no words of anybody
    reply: Mapped[Any] = Column(JSON(none_as_null=True))  # messages of the reply, in order
    sent: Mapped[int] = Column(Integer, nullable=False, default=0)  # how many of them arrived
    received: Mapped[datetime] = Column(Moment, nullable=False, index=True)


class TelegramMessage(Table):
    """What a message is about: "lead U-7K3F9Q", "gap 12", "answer 12", "album 7"; by it a reply to the message is understood."""

    __tablename__ = "telegram_message"
    __table_args__ = (UniqueConstraint("chat", "message"),)
    id: Mapped[int] = Column(Integer, primary_key=True)
    chat: Mapped[int] = Column(BigInteger, nullable=False)
    message: Mapped[str] = Column(Name(40), nullable=False)  # Telegram's message_id, or "album …", "edit …"
    about: Mapped[str] = Column(Name(80), nullable=False, default="")
    detail: Mapped[str | None] = Column(Words)  # an answer that waits for its confirmation
    chosen: Mapped[str | None] = Column(Name(80))  # the button that was pressed
    at: Mapped[datetime] = Column(Moment, nullable=False, index=True)


class TelegramBotState(Table):
    """The bot: its name, and whether it can be reached. One row for each token's bot; the latest is in use."""

    __tablename__ = "telegram_door"
    bot: Mapped[int] = Column(BigInteger, primary_key=True)
    username: Mapped[str] = Column(String(64), nullable=False)
    state: Mapped[str] = Column(String(300), nullable=False, default="")  # empty while all is well
    at: Mapped[datetime] = Column(Moment, nullable=False)


@dataclass(frozen=True)
class ReceivedUpdate:
    """An update as it came: its number, whose it is, and its JSON."""

    number: int
    account: int
    content: dict[str, Any]


_STAFF = select(Staff).where(Staff.telegram.in_(bindparam("accounts", expanding=True)), Staff.withdrawn.is_(None))


def staff_of(session: Session, accounts: Iterable[int]) -> dict[int, Staff]:
    """Return the members of staff to whom these Telegram accounts are bound, without those who were withdrawn."""
    bound = session.execute(_STAFF, {"accounts": list(set(accounts))}).scalars()
    return {person.telegram: person for person in bound if person.telegram is not None}


# The statements of every turn are made once: fifty people who ask at once wait for each other's.
_UPDATES = TelegramUpdate.__table__
_AMONG = select(_UPDATES.c.id, _UPDATES.c.number).where(
    _UPDATES.c.bot == bindparam("of"), _UPDATES.c.number.in_(bindparam("numbers", expanding=True))
)
_KEEP_REPLY = (
    update(_UPDATES)
    .where(_UPDATES.c.id == bindparam("row"), _UPDATES.c.state == WAITING)
    .values(did=bindparam("did"), reply=bindparam("reply"), content=None, state=bindparam("next"))
)
_NOTE_SENT = update(_UPDATES).where(_UPDATES.c.id == bindparam("row")).values(sent=bindparam("sent"))
_ALL_SENT = update(_UPDATES).where(_UPDATES.c.id == bindparam("row")).values(sent=bindparam("sent"), state=DONE, reply=None)


def take_in(session: Session, bot: int, updates: Iterable[ReceivedUpdate], *, now: datetime) -> dict[int, int]:
    """Write down updates that are new; return the row of each by its number. One that came before is left out."""
    found = {one.number: one for one in updates}
    if not found:
        return {}
    take_turn(session, "telegram")
    connection, among = session.connection(), {"of": bot, "numbers": list(found)}
    for row in connection.execute(_AMONG, among):
        del found[row.number]
    values = [{"bot": bot, "number": one.number, "account": one.account, "content": one.content, "state": WAITING,
               "did": "", "sent": 0, "received": now} for one in found.values()]  # fmt: skip
    if values:
        connection.execute(_UPDATES.insert(), values)
    return {row.number: row.id for row in connection.execute(_AMONG, among) if row.number in found}


def unfinished(session: Session, bot: int) -> list[TelegramUpdate]:
    """Return the updates that were taken in and not dealt with, in the order in which they came."""
    query = select(TelegramUpdate).where(TelegramUpdate.bot == bot, TelegramUpdate.state.in_((WAITING, REPLYING)))
    return list(session.execute(query.order_by(TelegramUpdate.id)).scalars())


def keep_reply(session: Session, row: int, did: str, reply: list[dict[str, Any]]) -> bool:
    """Write down what was done about an update and what is to be said; return whether nobody did before.

    The words of the update go now.
    """
    values = {"row": row, "did": did, "reply": reply or None, "next": REPLYING if reply else DONE}
    return bool(session.connection().execute(_KEEP_REPLY, values).rowcount)


def note_sent(session: Session, row: int, sent: int, total: int) -> None:
    """Note how many messages of a reply arrived; with the last one its words go."""
    session.connection().execute(_ALL_SENT if sent >= total else _NOTE_SENT, {"row": row, "sent": sent})


def give_up(session: Session, row: int) -> None:
    """Note that a reply cannot be brought to the person; its words go."""
    values = {"state": GIVEN_UP, "reply": None, "content": None}
    session.execute(update(TelegramUpdate).where(TelegramUpdate.id == row).values(**values))


def give_up_all(session: Session, account: int) -> None:
    """Leave what an account wrote unanswered, and what was to be said to it unsaid; the words go."""
    values = {"state": GIVEN_UP, "reply": None, "content": None}
    session.execute(
        update(TelegramUpdate)
        .where(TelegramUpdate.account == account, TelegramUpdate.state.in_((WAITING, REPLYING)))
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def remember_message(session: Session, chat: int, message: int | str, about: str, *, now: datetime, detail: str | None = None) -> bool:
    """Keep what a message in a chat is about; return whether it was not known before."""
    values = {"chat": chat, "message": str(message), "about": about, "detail": detail, "at": now}
    return bool(insert_missing(session, TelegramMessage, values))


def message_of(session: Session, chat: int, message: int | str) -> TelegramMessage | None:
    """Return what is known of a message in a chat."""
    query = select(TelegramMessage).where(TelegramMessage.chat == chat, TelegramMessage.message == str(message))
    return session.execute(query).scalar_one_or_none()


def choose(session: Session, chat: int, message: int, button: str, *, now: datetime) -> bool:
    """Note which button of a message was pressed; return whether none was before."""
    remember_message(session, chat, message, "", now=now)
    of = (TelegramMessage.chat == chat, TelegramMessage.message == str(message), TelegramMessage.chosen.is_(None))
    return bool(session.execute(update(TelegramMessage).where(*of).values(chosen=button[:80])).rowcount)


def note_bot(session: Session, bot: int, username: str, state: str, *, now: datetime) -> None:
    """Keep the bot's name and whether it can be reached."""
    row = session.get(TelegramBotState, bot) or TelegramBotState(bot=bot)
    row.username, row.state, row.at = username, state[:300], now
    session.add(row)


def latest_bot(session: Session) -> TelegramBotState | None:
    """Return the bot that was in use last, or None where there was none yet."""
    return session.execute(select(TelegramBotState).order_by(TelegramBotState.at.desc()).limit(1)).scalar_one_or_none()


def note_blocked(session: Session, account: int, *, blocked: bool, now: datetime) -> None:
    """Note that somebody has blocked the bot, or lets it write again."""
    value = now if blocked else None
    session.execute(
        update(Staff).where(Staff.telegram == account, Staff.telegram_blocked.is_(None) == blocked).values(telegram_blocked=value)
    )


def forget_updates(session: Session, *, before: datetime) -> int:
    """Erase updates and messages of before a moment; return the number of updates. Nobody replies to messages that old."""
    session.execute(delete(TelegramMessage).where(TelegramMessage.at < before))
    return int(session.execute(delete(TelegramUpdate).where(TelegramUpdate.received < before)).rowcount)

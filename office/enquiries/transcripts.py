"""Transcripts: what was said in a conversation on the website, in order, with the buttons that were offered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, UniqueConstraint, bindparam, delete, func, select, text, update
from sqlalchemy.orm import Mapped, Session

from office.base.database import LARGEST_NUMBER, Moment, Name, Table, Words, take_turn
from office.enquiries.log import Enquiry


class Message(Table):
    """One message of a conversation; a button's payload stays here and never goes to the browser."""

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("conversation", "number"),
        Index("ix_message_thumbs", "id", postgresql_where=text("thumb IS NOT NULL"), sqlite_where=text("thumb IS NOT NULL")),
    )
    id: Mapped[int] = Column(Integer, primary_key=True)
    conversation: Mapped[str] = Column(Name(200), nullable=False, index=True)
    number: Mapped[int] = Column(Integer, nullable=False)
    author: Mapped[str] = Column(String(10), nullable=False)  # visitor or assistant
    text: Mapped[str] = Column(Words, nullable=False)
    buttons: Mapped[list[Any]] = Column(JSON, nullable=False, default=list)  # [{"id", "title", "payload"}]
    custom: Mapped[Any] = Column(JSON)
    thumb: Mapped[str | None] = Column(String(4))
    said: Mapped[datetime] = Column(Moment, nullable=False)
    # of a visitor's message the enquiry it was logged as, of a reply the one it answers; none of small talk in a form, or of what was erased
    enquiry: Mapped[int | None] = Column(ForeignKey("enquiry.id", ondelete="SET NULL"), index=True)


def write_message(
    session: Session,
    conversation: str,
    author: str,
    text: str,
    *,
    now: datetime,
    buttons: list[dict[str, str]] | None = None,
    custom: dict[str, Any] | None = None,
    enquiry: int | None = None,
) -> Message:
    """Add the next message of a conversation; its buttons get ids that hold within it. A reply's payload says which `enquiry` it answers."""
    take_turn(session, conversation)
    number = latest_number(session, conversation) + 1
    named = [
        {"id": f"{number}.{place}", "title": button["title"], "payload": button["payload"]}
        for place, button in enumerate(buttons or [], start=1)
    ]
    message = Message(conversation=conversation, number=number, author=author, text=text, buttons=named, custom=custom, said=now)
    message.enquiry = enquiry if enquiry is not None else enquiry_of(session, conversation, custom)
    session.add(message)
    session.flush()
    return message


_LATEST = select(func.max(Message.number)).where(Message.conversation == bindparam("conversation"))


def latest_number(session: Session, conversation: str) -> int:
    """Return the number of a conversation's latest message; 0 where nothing was said, or all was forgotten."""
    return session.execute(_LATEST, {"conversation": conversation}).scalar() or 0


def form_asked(session: Session, conversation: str) -> str:
    """Return what the form of the latest reply asked that stands here; "" where that was none of a form's."""
    replies = select(Message.custom).where(Message.conversation == conversation, Message.author == "assistant")
    custom = session.execute(replies.order_by(Message.number.desc()).limit(1)).scalar()
    return str((custom or {}).get("form") or "")


def enquiry_of(session: Session, conversation: str, custom: dict[str, Any] | None) -> int | None:
    """Return the enquiry that a reply answers: its payload gives the number within the conversation. None where it gives none."""
    sequence = (custom or {}).get("enquiry")
    if not isinstance(sequence, int):
        return None
    return session.execute(select(Enquiry.id).where(Enquiry.conversation == conversation, Enquiry.sequence == sequence)).scalar()


def name_enquiry(session: Session, conversation: str, number: int, enquiry: int | None) -> None:
    """Keep as which enquiry a visitor's message was logged."""
    said = update(Message).where(Message.conversation == conversation, Message.number == number, Message.author == "visitor")
    session.execute(said.values(enquiry=enquiry))


def take_back(session: Session, conversation: str, number: int) -> None:
    """Leave out a message that nobody could answer: its author will be asked to say it again.

    Where the assistant had logged it before it fell silent, the enquiry says that no answer arrived.
    """
    which = (Message.conversation == conversation, Message.number == number)
    said = session.execute(select(Message.said).where(*which)).scalar()
    session.execute(delete(Message).where(*which))
    if said is not None:
        answered = select(Message.id).where(Message.enquiry == Enquiry.id).exists()
        lost = update(Enquiry).where(Enquiry.conversation == conversation, Enquiry.received >= said, ~answered)
        session.execute(lost.values(outcome="unavailable").execution_options(synchronize_session=False))


def messages_after(session: Session, conversation: str, number: int) -> list[Message]:
    """Return a conversation's messages with a number above `number`, in order."""
    after = max(0, min(number, LARGEST_NUMBER))
    query = select(Message).where(Message.conversation == conversation, Message.number > after)
    return list(session.execute(query.order_by(Message.number)).scalars())


def chosen_button(session: Session, conversation: str, choice: str) -> dict[str, str] | None:
    """Return the button of that id in that conversation, or None where it was never offered there."""
    number = choice.split(".")[0]
    if not number.isdecimal() or len(number) > 9:
        return None
    query = select(Message).where(Message.conversation == conversation, Message.number == int(number))
    message = session.execute(query).scalar_one_or_none()
    if message is None:
        return None
    return next((button for button in message.buttons if button["id"] == choice), None)


def rate_message(session: Session, conversation: str, number: int, thumb: str) -> bool:
    """Keep a visitor's thumb on an answer; return whether there is such an answer."""
    query = select(Message).where(
        Message.conversation == conversation, Message.number == min(number, LARGEST_NUMBER), Message.author == "assistant"
    )
    message = session.execute(query).scalar_one_or_none()
    if message is not None:
        message.thumb = thumb
    return message is not None


NOT_KEPT = "(not kept)"


def withdraw_messages(session: Session, conversation: str, *, since: datetime) -> None:
    """Take back the words of a form that was cancelled: the visitor's, and the assistant's where they repeat them."""
    query = select(Message).where(Message.conversation == conversation, Message.said >= since)
    for message in session.execute(query).scalars():
        if message.author == "visitor" or (message.custom or {}).get("form"):
            message.text = NOT_KEPT


def forget_words(session: Session, conversation: str, number: int) -> None:
    """Leave the words of one message out: somebody in danger wrote them."""
    session.execute(update(Message).where(Message.conversation == conversation, Message.number == number).values(text=NOT_KEPT))

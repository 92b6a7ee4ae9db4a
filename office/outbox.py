"""The outbox: e-mails and Telegram messages that the system owes somebody, written with the change they tell of."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, Integer, String, UniqueConstraint, select
from sqlalchemy.orm import Session

from office.database import Moment, Table
from office.staff import Staff

KINDS = ("new_lead", "asked_again", "overdue_lead", "digest", "test")


class Notification(Table):
    """One message owed to one person by one channel. Its body is made when it is sent."""

    __tablename__ = "notification"
    __table_args__ = (
        UniqueConstraint("kind", "about", "channel", "recipient"),  # told once, however often it is owed
        Index("ix_notification_waiting", "sent", "given_up", "due"),
    )
    id = Column(Integer, primary_key=True)
    kind = Column(String(20), nullable=False)
    about = Column(String(80), nullable=False, index=True)  # "U-7K3F9", "U-7K3F9/3" (asked again), "2027-W05" (a week's digest)
    channel = Column(String(10), nullable=False)  # email or telegram
    recipient = Column(String(20), nullable=False)  # "staff:3", or "trust": the trust's own address of the settings
    staff = Column(ForeignKey("staff.id", ondelete="CASCADE"))
    made = Column(Moment, nullable=False)
    due = Column(Moment, nullable=False)  # when it is tried next
    attempts = Column(Integer, nullable=False, default=0)
    claimed_until = Column(Moment)  # a worker is at it; one that was killed loses its claim then
    claimed_by = Column(String(80))
    sent = Column(Moment)
    given_up = Column(Moment)
    error = Column(String(300))


def owe(session: Session, kind: str, about: str, *, now: datetime, channels: tuple[str, ...] = ("email", "telegram")) -> None:
    """Owe everybody who works leads a message about something; the trust's own address where nobody does yet.

    What is owed already is left alone. The caller's transaction makes the change and the debt one.
    """
    people = session.execute(select(Staff).where(Staff.role.in_(("pa", "admin")), Staff.withdrawn.is_(None))).scalars().all()
    pas = [person for person in people if person.role == "pa"] or people
    wanted = [("email", f"staff:{person.id}", person.id) for person in pas] or [("email", "trust", None)]
    wanted += [("telegram", f"staff:{person.id}", person.id) for person in pas if person.telegram is not None]
    owed = select(Notification.channel, Notification.recipient).where(Notification.kind == kind, Notification.about == about)
    known = {tuple(row) for row in session.execute(owed)}
    for channel, recipient, staff in wanted:
        if channel in channels and (channel, recipient) not in known:
            session.add(Notification(kind=kind, about=about, channel=channel, recipient=recipient, staff=staff, made=now, due=now))
    session.flush()

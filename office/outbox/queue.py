"""The outbox: e-mails and Telegram messages that the system owes somebody, written with the change they tell of.

Each is delivered at least once, and not twice within the window of a claim. A worker claims a notification for CLAIM and sends
it in less than SEND_WITHIN, then notes it as sent. It can go out a second time in one case only: it was delivered, and nobody
could note so (the worker was killed in between, the database stayed away, or the server went silent after taking it). The
second attempt then comes no sooner than CLAIM after the first, and its e-mail carries the same Message-ID.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, UniqueConstraint, func, or_, select, text, update
from sqlalchemy.orm import Mapped, Session

from office.base.database import Moment, Name, Table, take_turn
from office.base.staff import Staff, may, roles_that
from office.base.upsert import insert_missing

LEAD_KINDS = ("new_lead", "asked_again", "added", "overdue_lead", "withdrawal")
KINDS = (*LEAD_KINDS, "danger", "digest", "feedback", "test")
CHANNELS = ("email", "telegram")
TRUST, SAFEGUARDING = "trust", "safeguarding"  # addresses of the settings
CLAIM = timedelta(seconds=120)
SEND_WITHIN = timedelta(seconds=30)  # whoever has less of a claim left does not begin to send
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=6)
GIVE_UP_AFTER = 16  # attempts, which the waits between them spread over two days
JITTER = 0.2  # so that what failed together is not tried again together
LONGEST_ERROR = 300


WAITING = text("sent IS NULL AND given_up IS NULL")


class Notification(Table):
    """One message owed to one person by one channel. Its body is made when it is sent."""

    __tablename__ = "notification"
    __table_args__ = (
        UniqueConstraint("kind", "about", "channel", "recipient"),  # told once, however often it is owed
        Index("ix_notification_waiting", "due", postgresql_where=WAITING, sqlite_where=WAITING),  # short, however much was sent
    )
    id: Mapped[int] = Column(Integer, primary_key=True)
    kind: Mapped[str] = Column(String(20), nullable=False)
    about: Mapped[str] = Column(
        String(80), nullable=False, index=True
    )  # "U-7K3F9", "U-7K3F9/3" (asked again), "2027-W05" (a week's digest)
    lead: Mapped[str | None] = Column(String(20), index=True)  # the reference of the lead it tells of
    channel: Mapped[str] = Column(String(10), nullable=False)  # email or telegram
    recipient: Mapped[str] = Column(String(20), nullable=False)  # "staff:3", or TRUST or SAFEGUARDING
    staff: Mapped[int | None] = Column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    made: Mapped[datetime] = Column(Moment, nullable=False)
    due: Mapped[datetime] = Column(Moment, nullable=False)  # when it is tried next
    attempts: Mapped[int] = Column(Integer, nullable=False, default=0)
    claimed_until: Mapped[datetime | None] = Column(Moment)  # a worker is at it; one that was killed loses its claim then
    claimed_by: Mapped[str | None] = Column(String(80))
    sent: Mapped[datetime | None] = Column(Moment)
    given_up: Mapped[datetime | None] = Column(Moment)
    error: Mapped[str | None] = Column(Name(LONGEST_ERROR))


class NotificationChoice(Table):
    """By which channels somebody wants to be notified; without a row, by all they have."""

    __tablename__ = "notification_choice"
    staff: Mapped[int] = Column(ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True)
    email: Mapped[bool] = Column(Boolean, nullable=False, default=True)
    telegram: Mapped[bool] = Column(Boolean, nullable=False, default=True)


def owe(
    session: Session,
    kind: str,
    about: str,
    *,
    now: datetime,
    channels: tuple[str, ...] = CHANNELS,
    only: int | None = None,
    without: int | None = None,
) -> None:
    """Owe everybody who works leads a message about something; the trust's own address where nobody does yet.

    `only` narrows it to one member of staff, whatever their role and choice; `without` leaves out who knows it already. What is owed already is left alone, also where
    two owe it at once. The caller's transaction makes the change and the debt one.
    """
    wanted = _recipients(session) if only is None else _ways_to(session.get(Staff, only))
    lead = reference_of(about) if kind in LEAD_KINDS else None
    rows = [
        {"kind": kind, "about": about, "lead": lead, "channel": channel, "recipient": recipient, "staff": staff, "made": now, "due": now}
        for channel, recipient, staff in wanted
        if channel in channels and (without is None or staff != without)
    ]
    insert_missing(session, Notification, *({**row, "attempts": 0} for row in rows))


def owe_word_of_danger(session: Session, channel: str, *, now: datetime) -> None:
    """Owe the safeguarding lead a word that somebody in danger wrote: the minute and the channel, and nothing that leads to a person.

    Several messages of one minute are one e-mail, so that a flood of them is not one of letters.
    """
    about = f"{now:%Y-%m-%dT%H:%M} {channel}"
    row = {"kind": "danger", "about": about, "channel": "email", "recipient": SAFEGUARDING, "made": now, "due": now, "attempts": 0}
    insert_missing(session, Notification, row)


def _recipients(session: Session) -> list[tuple[str, str, int | None]]:
    """Return channel, recipient and staff of everybody who is to be notified of leads."""
    working = select(Staff).where(Staff.role.in_(roles_that("work leads")), Staff.withdrawn.is_(None))
    people = session.execute(working.order_by(Staff.id)).scalars().all()
    choices = {choice.staff: choice for choice in session.execute(select(NotificationChoice)).scalars()}
    wanted = [
        way
        for person in [person for person in people if may(person, "be told first")] or people
        for way in _ways_to(person)
        if person.id not in choices or getattr(choices[person.id], way[0])
    ]
    return wanted or [("email", TRUST, None)]


def _ways_to(person: Staff | None) -> list[tuple[str, str, int | None]]:
    if person is None:
        return []
    ways = CHANNELS if person.telegram is not None else ("email",)
    return [(channel, f"staff:{person.id}", person.id) for channel in ways]


def reference_of(about: str) -> str:
    """Return the reference of the lead a notification tells of."""
    return about.split("/")[0]


def is_waiting(now: datetime) -> tuple[Any, ...]:
    """Return the conditions of a notification that may be tried now: open, due, and nobody at it."""
    free = or_(Notification.claimed_until.is_(None), Notification.claimed_until <= now)
    return Notification.sent.is_(None), Notification.given_up.is_(None), Notification.due <= now, free


def anything_due(session: Session, channels: Iterable[str], *, now: datetime) -> bool:
    """Return whether there is something to send. One read of an index, for a worker that looks often."""
    query = select(Notification.id).where(*is_waiting(now), Notification.channel.in_(tuple(channels))).limit(1)
    return session.execute(query).scalar() is not None


def claim_due(session: Session, worker: str, channels: Iterable[str], *, limit: int, now: datetime, but: Iterable[int] = ()) -> list[int]:
    """Take up to `limit` notifications that are due, for CLAIM from now; give their numbers, those longest due first.

    `but`: numbers that the worker still has in hand, since it could not note yet how they went.

    No two workers take the same: PostgreSQL skips rows that another has locked, SQLite lets one transaction write at a time.
    """
    take_turn_of_outbox(session)
    query = select(Notification).where(*is_waiting(now), Notification.channel.in_(tuple(channels)), Notification.id.not_in(tuple(but)))
    claimed = (
        session.execute(query.order_by(Notification.due, Notification.id).limit(limit).with_for_update(skip_locked=True)).scalars().all()
    )
    for notification in claimed:
        notification.claimed_by, notification.claimed_until = worker, now + CLAIM
        notification.attempts += 1
    return [notification.id for notification in claimed]


def take_turn_of_outbox(session: Session) -> None:
    """On SQLite, hold back other writers from here on, not from the first write. PostgreSQL locks row by row instead."""
    if session.connection().dialect.name == "sqlite":
        take_turn(session, "outbox")


def is_still_claimed(notification: Notification, worker: str, *, now: datetime) -> bool:
    """Return whether this worker may begin to send: the claim is its own, and lasts for longer than any sending."""
    return bool(
        notification.claimed_by == worker
        and notification.sent is None
        and notification.given_up is None
        and notification.claimed_until is not None
        and notification.claimed_until - now >= SEND_WITHIN
    )


def mark_sent(session: Session, number: int, *, now: datetime, lacking: str = "") -> None:
    """Note that a notification is delivered, also where the claim is lost: nobody shall send it again.

    `lacking`: of several addresses of the trust, those that did not get it, which is shown.
    """
    notification = session.get(Notification, number)
    if notification is None:  # its lead was erased meanwhile
        return
    notification.sent, notification.error, notification.given_up = now, lacking[:LONGEST_ERROR] or None, None
    _let_go(notification)


def mark_failed(session: Session, number: int, error: str, *, now: datetime, unsure: bool = False) -> None:
    """Note that a notification could not be sent, and when it is tried next: after a minute at first, six hours at last.

    After sixteen attempts, about two days, it is given up. `unsure`: it may have arrived, so the next waits for at least CLAIM.
    """
    notification = session.get(Notification, number)
    if notification is None or notification.sent is not None:
        return
    notification.error = error[:LONGEST_ERROR]
    notification.due = now + max(wait_after(notification.attempts), CLAIM if unsure else FIRST_WAIT)
    if notification.attempts >= GIVE_UP_AFTER:
        notification.given_up = now
    _let_go(notification)


def wait_after(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts: doubling from a minute to six hours, give or take a fifth."""
    wait = min(FIRST_WAIT * 2 ** min(max(attempts - 1, 0), 12), LONGEST_WAIT)
    return wait * random.uniform(1, 1 + JITTER)


def give_up(session: Session, number: int, error: str, *, now: datetime) -> None:
    """Close a notification that no further attempt can deliver, or that has nothing left to tell."""
    notification = session.get(Notification, number)
    if notification is None or notification.sent is not None:
        return
    notification.error, notification.given_up = error[:LONGEST_ERROR], now
    _let_go(notification)


def postpone(session: Session, number: int, until: datetime, why: str = "") -> None:
    """Put a notification off without counting it as an attempt: quiet hours, a flood limit, a worker that stops."""
    notification = session.get(Notification, number)
    if notification is None or notification.sent is not None:
        return
    notification.due, notification.attempts = max(until, notification.due), max(notification.attempts - 1, 0)
    notification.error = why[:LONGEST_ERROR] or notification.error
    _let_go(notification)


def postpone_recipient(session: Session, channel: str, recipient: str, until: datetime) -> None:
    """Put off everything that waits for one person by one channel; nobody else waits with them."""
    waiting = update(Notification).where(
        Notification.channel == channel, Notification.recipient == recipient, Notification.sent.is_(None),
        Notification.given_up.is_(None), Notification.due < until,
    )  # fmt: skip
    session.execute(waiting.values(due=until).execution_options(synchronize_session=False))


def try_again(session: Session, number: int, *, now: datetime) -> bool:
    """Let a notification that failed be tried at once, as if it were new; return whether there was one to try."""
    notification = session.get(Notification, number)
    if notification is None or notification.sent is not None or (notification.claimed_until or now) > now:
        return False
    notification.given_up, notification.due, notification.attempts = None, now, 0
    return True


def _let_go(notification: Notification) -> None:
    notification.claimed_by = notification.claimed_until = None


def message_id(notification: Notification, domain: str) -> str:
    """Return the Message-ID of a notification's e-mail: the same at every attempt, so that a doubled one can be known for one."""
    return f"<usher.{notification.id}.{notification.made:%Y%m%d%H%M%S%f}@{domain}>"


def waiting_count(session: Session) -> int:
    """Return how many notifications wait to be sent."""
    query = select(func.count()).select_from(Notification).where(Notification.sent.is_(None), Notification.given_up.is_(None))
    return session.execute(query).scalar() or 0

"""What the outbox shows: what waits, what was sent lately, what failed and why, and each person's own choice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from office.base.audit import audit
from office.base.errors import BadInput, NotFound
from office.base.staff import Staff, require
from office.outbox.queue import SAFEGUARDING, TRUST, Notification, NotificationChoice, owe, try_again
from office.outbox.quiet_hours import read_quiet

SHOWN = 50
WITHOUT_ACCOUNT = {TRUST: "the trust’s address", SAFEGUARDING: "the safeguarding lead"}
LATELY = timedelta(days=7)
NOTHING_SENT = "nothing sent"  # how the error of a notification begins that was closed because there was nothing left to tell


@dataclass(frozen=True)
class NotificationEntry:
    """A notification with the name of its recipient."""

    notification: Notification
    recipient: str


def waiting(session: Session) -> list[NotificationEntry]:
    """Return what is still to be sent, the next one first."""
    is_open = Notification.sent.is_(None) & Notification.given_up.is_(None)
    return _entries(session, is_open, Notification.due)


def failed(session: Session, *, now: datetime) -> list[NotificationEntry]:
    """Return what was given up in the last week, the latest first."""
    is_failed = (Notification.given_up >= now - LATELY) & ~Notification.error.startswith(NOTHING_SENT)
    return _entries(session, is_failed, Notification.given_up.desc())


def sent_lately(session: Session, *, now: datetime) -> list[NotificationEntry]:
    """Return what was sent in the last week, or closed since there was nothing left to tell; the latest first."""
    closed = (Notification.given_up >= now - LATELY) & Notification.error.startswith(NOTHING_SENT)
    return _entries(session, or_(Notification.sent >= now - LATELY, closed), Notification.id.desc())


def _entries(session: Session, which: object, order: object) -> list[NotificationEntry]:
    query = select(Notification, Staff.name).outerjoin(Staff, Notification.staff == Staff.id).where(which)
    rows = session.execute(query.order_by(order, Notification.id.desc()).limit(SHOWN))
    return [
        NotificationEntry(notification, name or WITHOUT_ACCOUNT.get(notification.recipient, notification.recipient))
        for notification, name in rows
    ]


def unreachable(session: Session) -> list[Staff]:
    """Return the people whose address the mail server refuses, or who have blocked the bot."""
    is_unreachable = or_(Staff.email_failing.is_not(None), Staff.telegram_blocked.is_not(None))
    return list(session.execute(select(Staff).where(is_unreachable, Staff.withdrawn.is_(None)).order_by(Staff.name)).scalars())


def retry(session: Session, number: int, *, by: Staff, now: datetime) -> Notification:
    """Have a notification tried at once. Raises NotFound where there is none that could be."""
    require(by, "work leads")
    notification = session.get(Notification, number)
    if notification is None or not try_again(session, number, now=now):
        raise NotFound("there is nothing to try again")
    audit(session, "change", f"notification {number}", by=by, now=now, tried="again")
    return notification


def owe_test(session: Session, staff: Staff, *, now: datetime) -> None:
    """Owe one person a test by each channel they have. Pressed twice within a minute it is one test."""
    owe(session, "test", f"{staff.id}/{now:%Y-%m-%dT%H:%M}", now=now, only=staff.id)


def choice_of(session: Session, staff: Staff) -> NotificationChoice:
    """Return by which channels somebody wants to be notified."""
    return session.get(NotificationChoice, staff.id) or NotificationChoice(staff=staff.id, email=True, telegram=True)


def choose(session: Session, staff: Staff, *, email: bool, telegram: bool, begins: str, ends: str, now: datetime) -> None:
    """Save by which channels somebody wants to be notified, and their quiet hours, "22:00" and "07:00". Raises BadInput."""
    require(staff, "keep an account")
    if not email and not (telegram and staff.telegram is not None):
        raise BadInput("email", "Keep at least one way on which you can be reached.")
    quiet = read_quiet(begins, ends)
    choice = choice_of(session, staff)
    choice.email, choice.telegram = email, telegram
    session.add(choice)
    keep_quiet(session, staff, quiet, now=now)


def keep_quiet(session: Session, staff: Staff, hours: str | None, *, now: datetime) -> None:
    """Keep somebody's own quiet hours, "22:00-07:00", or that they have none, from the inbox and from Telegram."""
    require(staff, "keep an account")
    staff.telegram_quiet = hours
    audit(session, "change", f"staff {staff.id}", by=staff, now=now, notifications="own choice")

"""The message of a notification is made when it is sent: to whom, and what it says of things as they are then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.messages.texts import (
    TelegramText,
    check_email,
    check_telegram,
    danger_email,
    digest_email,
    digest_telegram,
    feedback_email,
    feedback_telegram,
    lead_email,
    lead_telegram,
)
from office.base.staff import Staff
from office.leads.model import Lead
from office.outbox.feedback import Feedback
from office.outbox.queue import LEAD_KINDS, SAFEGUARDING, TRUST, Notification, give_up, is_still_claimed, message_id, postpone, reference_of
from office.outbox.quiet_hours import quiet_until
from office.reports.digest import digest_of
from office.reports.reminders import overdue_days
from settings import Settings


@dataclass(frozen=True)
class Email:
    """An e-mail that is ready to go; `id` is its Message-ID, `reply_to` whom an answer to it goes to ("" for its sender)."""

    to: str
    subject: str
    text: str
    id: str
    about: str
    reply_to: str = ""


@dataclass(frozen=True)
class TelegramNotice:
    """A message of Telegram that is ready to go; `about` says what a reply to it is about ("" for nothing)."""

    account: int
    text: TelegramText
    about: str


OutgoingMessage = Email | TelegramNotice


def compose_message(
    session: Session, number: int, worker: str, settings: Settings, domain: str, *, now: datetime
) -> OutgoingMessage | None:
    """Return the message of a notification; None where there is nothing to send, or not now, which is then noted in its row."""
    notification = session.get(Notification, number)
    if notification is None or not is_still_claimed(notification, worker, now=now):
        return None
    staff = session.get(Staff, notification.staff) if notification.staff is not None else None
    to = staff.email if staff is not None else _address_in(settings, notification.recipient)
    if why := _unwanted(notification, staff, to):
        give_up(session, number, why, now=now)
        return None
    until = quiet_until(staff.telegram_quiet, now) if staff is not None and notification.channel == "telegram" else None
    if until is not None and notification.kind != "test":
        postpone(session, number, until)
        return None
    words = _words(session, notification, settings.inbox_address.rstrip("/"), now)
    if isinstance(words, str):
        give_up(session, number, words, now=now)
        return None
    about = reference_of(notification.about) if notification.kind in LEAD_KINDS else ""
    if notification.channel == "telegram" and staff is not None and staff.telegram is not None and words[1] is not None:
        return TelegramNotice(staff.telegram, words[1](), f"lead {about}" if about else "")
    subject, text = words[0]()
    # of a new lead only: later ones hold what staff plan, which an answer would quote
    reply_to = _address_of(session, about) if notification.kind == "new_lead" else ""
    return Email(to, subject, text, message_id(notification, domain), about or notification.kind, reply_to)


def _address_of(session: Session, reference: str) -> str:
    return session.execute(select(Lead.email).where(Lead.reference == reference)).scalar() or ""


def _address_in(settings: Settings, recipient: str) -> str:
    """Return the address that the settings have for somebody without an account; "" for nobody."""
    return {TRUST: settings.mail_to, SAFEGUARDING: settings.safeguarding_to}.get(recipient, "")


def _unwanted(notification: Notification, staff: Staff | None, to: str) -> str:
    """Return why nothing is sent to anybody, "" where something is; `to` is the address."""
    if notification.recipient == SAFEGUARDING and not to:
        return "nothing sent: USHER_SAFEGUARDING_TO names nobody any more"
    if notification.recipient not in (TRUST, SAFEGUARDING) and (staff is None or staff.withdrawn is not None):
        return "nothing sent: the person no longer has access"
    if notification.channel == "telegram" and (staff is None or staff.telegram is None):
        return "nothing sent: no Telegram account is bound any more"
    return ""


Words = tuple[Callable[[], tuple[str, str]], Callable[[], TelegramText] | None]  # None for what goes by e-mail alone


def _words(session: Session, notification: Notification, inbox: str, now: datetime) -> Words | str:
    """Return what is to be said, by e-mail and in Telegram; a text where nothing is sent any more, which says why."""
    kind = notification.kind
    if kind == "test":
        return (lambda: check_email(inbox)), check_telegram
    if kind == "danger":
        minute, _, channel = notification.about.partition(" ")
        at = datetime.fromisoformat(f"{minute}+00:00")
        return (lambda: danger_email(channel, at, inbox)), None
    if kind == "digest":
        digest = digest_of(session, notification.about, now=now)
        return (lambda: digest_email(digest, inbox)), (lambda: digest_telegram(digest, inbox))
    if kind == "feedback":
        feedback = session.get(Feedback, int(notification.about.partition(" ")[2]))
        if feedback is None:
            return "nothing sent: the feedback was erased"
        return (lambda: feedback_email(feedback.text, feedback.at, inbox)), (lambda: feedback_telegram(feedback.text, feedback.at))
    lead = session.execute(select(Lead).where(Lead.reference == reference_of(notification.about))).scalar_one_or_none()
    if lead is None:
        return "nothing sent: the lead was erased"
    if lead.survivor is not None:
        return "nothing sent: the lead went into another one"
    late = date.fromisoformat(notification.about.partition("/")[2]) if kind == "overdue_lead" else None
    if late is not None and late not in overdue_days(lead, now=now):
        return "nothing sent: it was done meanwhile"
    if kind == "withdrawal" and "/" in notification.about:
        kind = "unconfirmed_withdrawal"
    return (lambda: lead_email(lead, inbox, kind=kind, late=late)), (lambda: lead_telegram(lead, inbox, kind=kind, late=late))

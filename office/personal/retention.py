"""Forgetting on time: what is older than the privacy notice allows. In small bites, so that nobody waits for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from office.base.audit import AuditEntry
from office.base.staff import FailedSignIn, Invitation, PasswordLink, SignIn
from office.enquiries.log import Enquiry
from office.enquiries.transcripts import Message
from office.leads.form import drop_draft
from office.leads.limits import DAY
from office.leads.model import Lead, LeadConversation, LeadDraft
from office.outbox.feedback import Feedback
from office.outbox.queue import Notification
from office.outbox.telegram import forget_updates
from office.personal.erasure import erase_leads, forget_enquiries_where
from office.personal.memory import assistant_memory

BITE, BITE_OF_LEADS = 500, 100  # rows; a visitor's turn waits for a bite at most
DRAFTS = timedelta(hours=24)
FAILED_SIGN_INS = timedelta(days=1)


@dataclass(frozen=True)
class Periods:
    """How long each kind of data is kept."""

    enquiries: timedelta  # with their transcripts, and what staff fed back
    leads: timedelta  # since their last change, notes included
    tracker: timedelta  # what the assistant remembers, and what Telegram's messages were about
    audit: timedelta  # and what the outbox has sent


def forget_some(session: Session, periods: Periods, *, now: datetime) -> bool:
    """Erase one bite of what is older than the periods; return whether something may be left to erase.

    Numbers of enquiries and leads stay, without anybody's data. To do it twice, or in two processes, does no harm.
    """
    before = now - periods.enquiries
    enquiries = session.execute(select(Enquiry.id).where(Enquiry.received < before).order_by(Enquiry.received).limit(BITE)).scalars().all()
    if enquiries:
        forget_enquiries_where(session, Enquiry.id.in_(enquiries))
    messages = _bite(session, Message, Message.said < before)
    leads = (
        session.execute(
            select(Lead).where(Lead.survivor.is_(None), Lead.changed < now - periods.leads).order_by(Lead.changed).limit(BITE_OF_LEADS)
        )
        .scalars()
        .all()
    )
    if leads:
        erase_leads(session, leads, how="retention", now=now)
    if len(enquiries) == BITE or messages == BITE or len(leads) == BITE_OF_LEADS:
        return True
    assistant_memory().forget_before(session, now - periods.tracker)
    forget_updates(session, before=now - periods.tracker)
    session.execute(delete(Feedback).where(Feedback.at < before))
    session.execute(delete(AuditEntry).where(AuditEntry.at < now - periods.audit))
    session.execute(delete(Notification).where(Notification.made < now - periods.audit))
    return False


def clear_expired(session: Session, *, now: datetime) -> None:
    """Erase what ran out: sign-ins, failed ones, invitations, forms that were begun and not sent within a day, and by what many leads
    of one address were counted.

    With a form goes what was said in it since the consent: words that only an agreement let us keep.
    """
    left = select(LeadDraft.conversation).where(LeadDraft.changed < now - DRAFTS).with_for_update(skip_locked=True)
    for conversation in session.execute(left).scalars().all():
        drop_draft(session, conversation, erase=True)
    counted = update(LeadConversation).where(LeadConversation.source.is_not(None), LeadConversation.at < now - 2 * DAY)
    session.execute(counted.values(source=None).execution_options(synchronize_session=False))
    for table, condition in (
        (SignIn, SignIn.expires < now),
        (FailedSignIn, FailedSignIn.at < now - FAILED_SIGN_INS),
        (Invitation, Invitation.expires < now),
        (PasswordLink, PasswordLink.expires < now),
    ):
        session.execute(delete(table).where(condition).execution_options(synchronize_session=False))


def _bite(session: Session, table: Any, which: Any) -> int:
    numbers = select(table.id).where(which).limit(BITE)
    return int(session.execute(delete(table).where(table.id.in_(numbers)).execution_options(synchronize_session=False)).rowcount)

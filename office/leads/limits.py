"""How many leads one conversation and one address may send in a day, and which of many at once are marked as perhaps false."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from office.leads.model import STAFF_ASK, Lead, LeadConversation

DAY = timedelta(days=1)
FLOOD = 6  # people of one address, one number or one e-mail address in a day: two offices rarely are so many


def is_over(session: Session, conversation: str, source: str, *, per_conversation: int, per_address: int, now: datetime) -> bool:
    """Return whether this conversation, or this address, has sent as many leads in a day as it may; 0 is no limit."""
    for column, value, most in (
        (LeadConversation.conversation, conversation, per_conversation),
        (LeadConversation.source, source, per_address),
    ):
        sent = select(func.count()).select_from(LeadConversation).where(column == value, LeadConversation.at > now - DAY)
        if most and value and session.execute(sent).scalar_one() >= most:
            return True
    return False


def mark_flood(session: Session, lead: Lead, source: str, *, now: datetime) -> None:
    """Mark the new leads of a day that came from one address, or name one number or e-mail address, once they are many.

    Only marked: staff look at them together, and close them in bulk or get in touch.
    """
    linked = select(LeadConversation.lead).where(LeadConversation.source == source, LeadConversation.at > now - DAY)
    alike = [Lead.id.in_(linked)] if source else []
    alike += [getattr(Lead, key) == getattr(lead, key) for key in ("email_key", "phone_key") if getattr(lead, key)]
    new = (Lead.received > now - DAY, Lead.status == "new", Lead.channel.not_in(STAFF_ASK), Lead.sample.is_(False))
    for same in alike:
        many = session.execute(select(Lead.id).where(same, *new)).scalars().all()
        if len(many) >= FLOOD:
            # no change of theirs: nobody who works one of them meanwhile is held up
            session.execute(update(Lead).where(Lead.id.in_(many)).values(suspect=True).execution_options(synchronize_session="fetch"))

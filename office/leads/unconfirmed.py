"""What other conversations said of a lead: shown with the lead's own details until staff accept or dismiss it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from office.base.audit import audit
from office.base.errors import BadInput, NotFound
from office.base.staff import Staff, require
from office.leads.changes import keep_change
from office.leads.model import Lead, LeadChange, LeadConversation, is_waiting, note_conversations


@dataclass(frozen=True)
class UnconfirmedWord:
    """What one conversation said of a lead, unconfirmed: details as they are, and as it gave them."""

    number: int
    reference: str
    channel: str
    at: datetime
    confirmed: bool  # it made the lead, but gave anew what staff had corrected
    wish: str
    message: str
    details: tuple[tuple[str, str | None, str], ...]  # name, the lead's own, theirs
    asks_erasure: bool


def unconfirmed_words(session: Session, lead: Lead) -> list[UnconfirmedWord]:
    """Return what is unconfirmed of a lead and no staff have dealt with yet, the latest first."""
    query = (
        select(LeadConversation).where(LeadConversation.lead == lead.id).order_by(LeadConversation.at.desc(), LeadConversation.id.desc())
    )
    return [_word(lead, link) for link in session.execute(query).scalars() if is_waiting(link)]


def _word(lead: Lead, link: LeadConversation) -> UnconfirmedWord:
    details = tuple((name, getattr(lead, name), str(value)) for name, value in _new(lead, link).items())
    return UnconfirmedWord(
        link.id, link.reference or lead.reference, link.channel, link.at, link.confirmed, link.wish, link.message, details,
        link.erasure_asked is not None,
    )  # fmt: skip


def _new(lead: Lead, link: LeadConversation) -> dict[str, str]:
    return {name: value for name, value in (link.beside or {}).items() if value != getattr(lead, name)}


def take_details(session: Session, lead: Lead, number: int, *, by: Staff, now: datetime) -> LeadChange | None:
    """Let a lead have the details that a conversation gave beside it. Return None where it has them all.

    Raises NotFound, BadInput where there is nothing to take, and Conflict where its person would have another open lead.
    """
    require(by, "work leads")
    link = _link(session, lead, number)
    if not link.beside:
        raise BadInput("beside", "That conversation gave no other details.")
    change = keep_change(session, lead, _new(lead, link), by=by, now=now)
    if change is None:  # the lead has them all by now
        audit(session, "change", f"lead {lead.reference}", by=by, now=now, left=link.reference or "")
    _settle(session, lead, link, now)
    return change


def dismiss_unconfirmed(session: Session, lead: Lead, number: int, *, by: Staff, now: datetime) -> None:
    """Leave a lead as it is: what a conversation said beside it was looked at. Raises NotFound."""
    require(by, "work leads")
    link = _link(session, lead, number)
    _settle(session, lead, link, now)
    audit(session, "change", f"lead {lead.reference}", by=by, now=now, left=link.reference or "")


def _link(session: Session, lead: Lead, number: int) -> LeadConversation:
    link = session.get(LeadConversation, number)
    if link is None or link.lead != lead.id:
        raise NotFound("no such conversation of this lead")
    return link  # type: ignore[no-any-return]


def _settle(session: Session, lead: Lead, link: LeadConversation, now: datetime) -> None:
    link.settled = now
    session.flush()
    note_conversations(session, lead)
    session.flush()

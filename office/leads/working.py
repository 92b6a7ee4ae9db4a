"""What staff do with a lead. Each verb keeps a change, which can be undone, and an entry of the audit log."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from office.base.audit import audit
from office.base.dates import not_past
from office.base.errors import BadInput
from office.base.staff import Staff, may, require, roles_that
from office.base.titles import BY_HAND
from office.base.workdays import london_day
from office.leads.changes import keep_change, lead_of
from office.leads.model import Lead, LeadChange, LeadConversation, LeadDetails, LeadNote, log_lead
from office.leads.typed import checked_details, many_lines, one_line
from office.outbox.queue import owe

LONGEST_NOTE = 4000
LONGEST_ACTION = 300
WITHDRAWAL = "Erase their details: they asked for it in the chat"  # a next action


def add_lead(
    session: Session, written: Mapping[str, str], *, channel: str, agreed: bool, form: str, reply_within: int, by: Staff, now: datetime
) -> Lead:
    """Take down somebody who rang or came by, as a conversation would: their open lead is the one that asks again.

    `form` is the number of the form: one that is sent twice makes one lead. Raises BadInput, also without their consent.
    """
    require(by, "work leads")
    told = checked_details(written)
    if channel not in BY_HAND:
        raise BadInput("channel", "Choose how they got in touch.")
    if not agreed:
        raise BadInput("agreed", "Ask them first: nobody’s details are kept unless they agree.")
    details = LeadDetails(conversation=f"by-hand-{form}", channel=channel, consented=now, **told)
    lead = log_lead(session, details, reply_within=reply_within, now=now, by=by)
    audit(session, "add", f"lead {lead.reference}", by=by, now=now, channel=channel)
    return lead


def plan_action(
    session: Session, lead: Lead, text: str, due: date | None, *, by: Staff, now: datetime, batch: str | None = None
) -> LeadChange | None:
    """Plan what is done next with a lead, and until when; an empty text without a day clears it. Gives None where nothing changes.

    Raises BadInput for one without the other, and for a day that is past.
    """
    action = one_line(text, "next_action", LONGEST_ACTION)
    if action and due is None:
        raise BadInput("due", "Choose the day by which it is done.")
    if due is not None and not action:
        raise BadInput("next_action", "Write what is to be done by that day.")
    if due is not None and due != lead.due:
        not_past(due, "due", now=now)
    values: dict[str, Any] = {"next_action": action, "due": due}
    if lead.status != "new":
        values["owed"] = False  # of whoever asked again: somebody has seen to it
    return keep_change(session, lead, values, by=by, now=now, batch=batch)


def ask_withdrawal(session: Session, lead: Lead, *, now: datetime, link: LeadConversation | None = None) -> None:
    """Bring before staff that a visitor takes their consent back (UK GDPR Art. 7(3)): unread, due today, and notified once.

    Where the lead was merged into another, it is that one. Staff erase it: a word typed in a chat on a shared computer shall not
    make a lead disappear unseen. The word of a conversation that is unconfirmed (`link`) stands beside the lead, whose plans stay.
    """
    while lead.survivor is not None:
        lead = session.get(Lead, lead.survivor)
    if link is not None and not link.confirmed:
        if link.erasure_asked is None:
            link.erasure_asked, link.settled = now, None
            keep_change(session, lead, {"unread": True, "unconfirmed": True}, by=None, now=now)
            owe(session, "withdrawal", f"{lead.reference}/{link.id}", now=now)
        return
    if lead.next_action == WITHDRAWAL:
        return
    keep_change(session, lead, {"next_action": WITHDRAWAL, "due": london_day(now), "unread": True}, by=None, now=now)
    owe(session, "withdrawal", lead.reference, now=now)


def take_over(session: Session, lead: Lead, owner: int | None, *, by: Staff, now: datetime, batch: str | None = None) -> LeadChange | None:
    """Return a lead to one of those who work leads, or to nobody. Gives None where it is theirs already. Raises BadInput."""
    if owner is not None and owner != lead.owner:
        person = session.get(Staff, owner)
        if not may(person, "work leads"):
            raise BadInput("owner", "Choose somebody who works leads.")
    return keep_change(session, lead, {"owner": owner}, by=by, now=now, batch=batch)


def owners(session: Session) -> list[Staff]:
    """Return those who may own leads, by name."""
    query = select(Staff).where(Staff.role.in_(roles_that("work leads")), Staff.withdrawn.is_(None))
    return list(session.execute(query.order_by(Staff.name, Staff.id)).scalars())


def edit_details(session: Session, lead: Lead, written: Mapping[str, str], *, by: Staff, now: datetime) -> LeadChange | None:
    """Correct what is known of a lead. Gives None where nothing changes.

    Raises BadInput for a field that cannot be taken, and Conflict where they would be a person who has another open lead.
    """
    return keep_change(session, lead, checked_details(written, message_now=lead.message or ""), by=by, now=now)


def mark_read(session: Session, lead: Lead, *, by: Staff, now: datetime, batch: str | None = None) -> LeadChange | None:
    """Mark a lead as read by staff. Gives None where it is already."""
    return keep_change(session, lead, {"unread": False}, by=by, now=now, batch=batch)


def mark_unread(session: Session, lead: Lead, *, by: Staff, now: datetime, batch: str | None = None) -> LeadChange | None:
    """Mark a lead as unread, so that it is looked at once more. Gives None where it is already."""
    return keep_change(session, lead, {"unread": True}, by=by, now=now, batch=batch)


def note_view(session: Session, lead: Lead, *, by: Staff, now: datetime, how: str = "page", glance: bool = False) -> None:
    """Note that somebody looked at a lead. Once one of those who work leads did, and not just at a glance, it is read.

    That is no change: nobody who edits it meanwhile is held up.
    """
    require(by, "read leads")
    audit(session, "view", f"lead {lead.reference}", by=by, now=now, how=how)
    if lead.unread and not glance and may(by, "work leads"):
        session.execute(update(Lead.__table__).where(Lead.__table__.c.id == lead.id).values(unread=False))
        set_committed_value(lead, "unread", False)


def add_note(session: Session, lead: Lead, text: str, *, by: Staff, now: datetime, update: str | None = None) -> LeadNote:
    """Write a note about a lead; no visitor ever sees it. `update` names the Telegram update it came by: that one makes one note.

    Raises BadInput for an empty or too long note, Conflict where the lead went into another one.
    """
    require(by, "work leads")
    note_text = many_lines(text, "note", LONGEST_NOTE)
    if not any(c.isalnum() or unicodedata.category(c) == "So" for c in note_text):  # a thumb up says something
        raise BadInput("note", "Write a note first.")
    lead = lead_of(session, lead.reference, for_change=True)  # holds back the same update that comes at the same moment
    known = session.execute(select(LeadNote).where(LeadNote.update == update)).scalar_one_or_none() if update is not None else None
    if known is not None:
        return known  # type: ignore[no-any-return]
    note = LeadNote(lead=lead.id, staff=by.id, text=note_text, at=now, update=update)
    session.add(note)
    session.flush()
    keep_change(session, lead, {}, by=by, now=now, also={"note": [None, note.id]})
    return note


def notes_of(session: Session, lead: Lead) -> list[tuple[LeadNote, str]]:
    """Return a lead's notes with their writers' names, the latest first."""
    query = select(LeadNote, Staff.name).outerjoin(Staff, Staff.id == LeadNote.staff).where(LeadNote.lead == lead.id)
    return [(note, name or "") for note, name in session.execute(query.order_by(LeadNote.id.desc()))]

"""A person's file: what is held on one person, found by a word, and given out as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, inspect, or_, select
from sqlalchemy.orm import Session

from office.base.audit import AuditEntry, audit
from office.base.errors import NotFound
from office.base.staff import Staff, require
from office.enquiries.log import Enquiry
from office.enquiries.transcripts import Message
from office.leads.model import Lead, LeadChange, LeadConversation, LeadDraft, LeadNote, folded, search_words
from office.outbox.queue import Notification
from office.outbox.telegram import TelegramMessage
from office.personal.memory import assistant_memory

SHORTEST = 3  # characters of what is looked for
MOST_FOUND = 50


@dataclass(frozen=True)
class PersonFile:
    """What belongs to one person: their leads, those that were joined with them included, and their conversations."""

    leads: tuple[Lead, ...]
    conversations: tuple[str, ...]

    @property
    def references(self) -> list[str]:
        """The references of the leads."""
        return [lead.reference for lead in self.leads]

    @property
    def about(self) -> str:
        """What the audit log calls it. A conversation without a lead is not named: its id would outlive what is erased."""
        return f"lead {self.references[0]}" if self.leads else "conversation without a lead"


@dataclass(frozen=True)
class FoundPerson:
    """What a search for a person found: leads, and conversations in which nobody left their details, with when they began."""

    leads: list[Lead]
    conversations: list[tuple[str, datetime]]
    more: bool


def find_person(session: Session, words: str, *, by: Staff, now: datetime) -> FoundPerson:
    """Return what is held on a person, found by reference, name, school, address, number, or any words of theirs in a conversation.

    The audit log keeps that somebody searched, and not for what.
    """
    require(by, "see to privacy")
    found = _found(session, words)
    audit(session, "view", "search for a person", by=by, now=now, leads=len(found.leads))
    return found


def _found(session: Session, words: str) -> FoundPerson:
    wanted = words.replace("\0", " ").encode("utf-8", "replace").decode("utf-8").strip()
    if len(wanted) < SHORTEST:
        return FoundPerson([], [], False)
    pieces = search_words(wanted)[:8]
    leads = select(Lead).where(
        or_(Lead.reference == wanted.upper(), Lead.id.in_(linked_as(wanted.upper())), *([_all_in(Lead.search, pieces)] if pieces else []))
    )
    found = session.execute(leads.order_by(Lead.changed.desc()).limit(MOST_FOUND + 1)).scalars().all()
    linked = select(LeadConversation.conversation)
    talks: dict[str, datetime] = {}
    for table, said, at in ((Message, Message.text, Message.said), (Enquiry, Enquiry.text, Enquiry.received)):
        holds = said.ilike(f"%{_escaped(wanted)}%", escape="!")
        query = select(table.conversation, at).where(holds, table.conversation.not_in(linked)).order_by(at).limit(MOST_FOUND + 1)
        for conversation, moment in session.execute(query):
            talks.setdefault(conversation, moment)
    for draft in session.execute(select(LeadDraft)).scalars():  # of the last day only
        if folded(wanted) in folded(" ".join(str(value) for value in draft.details.values())):
            talks.setdefault(draft.conversation, draft.changed)
    more = len(found) > MOST_FOUND or len(talks) > MOST_FOUND
    return FoundPerson(list(found[:MOST_FOUND]), list(talks.items())[:MOST_FOUND], more)


def _all_in(column: Any, words: list[str]) -> Any:
    return and_(*(column.like(f"%{_escaped(word)}%", escape="!") for word in words))


def _escaped(text: str) -> str:
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")


def file_of_lead(session: Session, reference: str) -> PersonFile:
    """Return the file of a lead's person. Raises NotFound."""
    query = select(Lead).where(or_(Lead.reference == reference, Lead.id.in_(linked_as(reference))))
    lead = session.execute(query).scalar_one_or_none() if reference.isascii() and reference.isprintable() else None
    if lead is None:
        raise NotFound("there is no such lead")
    leads = with_joined(session, [lead])
    return PersonFile(tuple(leads), tuple(conversations_of(session, leads)))


def linked_as(reference: str) -> Any:
    """Return the query for the lead of which another conversation was told this reference."""
    return select(LeadConversation.lead).where(LeadConversation.reference == reference)


def file_of_conversation(session: Session, conversation: str) -> PersonFile:
    """Return the file of a conversation in which nobody left their details. Raises NotFound."""
    held = (
        select(Message.id).where(Message.conversation == conversation),
        select(Enquiry.id).where(Enquiry.conversation == conversation),
        select(LeadDraft.conversation).where(LeadDraft.conversation == conversation),
    )
    if "\0" in conversation or (
        all(session.execute(query.limit(1)).scalar() is None for query in held) and not assistant_memory().shown(session, conversation)
    ):
        raise NotFound("there is no such conversation")
    return PersonFile((), (conversation,))


def with_joined(session: Session, leads: Sequence[Lead]) -> list[Lead]:
    """Return leads with the one they went into and all that went into it."""
    known = {lead.id: lead for lead in leads}
    new = list(known)
    while new:
        near = or_(Lead.survivor.in_(new), Lead.id.in_([lead.survivor for lead in known.values() if lead.survivor is not None]))
        found = session.execute(select(Lead).where(near, Lead.id.not_in(list(known)))).scalars().all()
        known |= {lead.id: lead for lead in found}
        new = [lead.id for lead in found]
    return sorted(known.values(), key=lambda lead: int(lead.id))


def conversations_of(session: Session, leads: Sequence[Lead]) -> list[str]:
    linked = select(LeadConversation.conversation).where(LeadConversation.lead.in_([lead.id for lead in leads]))
    return list(dict.fromkeys([lead.conversation for lead in leads] + list(session.execute(linked).scalars())))


def look_at_person(session: Session, file: PersonFile, *, by: Staff, now: datetime) -> dict[str, Any]:
    """Return all that is held on a person to whoever looks at it, which is noted."""
    require(by, "see to privacy")
    audit(session, "view", file.about, by=by, now=now, part="all that is held")
    return _everything_on(session, file)


def export_person(session: Session, file: PersonFile, *, by: Staff, now: datetime) -> dict[str, Any]:
    """Return all that is held on a person, to be given out; that it was is noted in it and in the audit log."""
    require(by, "see to privacy")
    audit(session, "export", file.about, by=by, now=now, form="json")
    return _everything_on(session, file)


def _everything_on(session: Session, file: PersonFile) -> dict[str, Any]:
    """Return it as JSON takes it: times as ISO 8601 in UTC."""
    ids, references, conversations = [lead.id for lead in file.leads], file.references, list(file.conversations)
    enquiries = session.execute(select(Enquiry).where(Enquiry.conversation.in_(conversations)).order_by(Enquiry.id)).scalars().all()
    in_audit = [f"lead {reference}" for reference in references] + [f"conversation {name}"[:200] for name in conversations]
    return {
        "leads": [_row(lead) for lead in file.leads],
        "notes": _rows(session, LeadNote, LeadNote.lead.in_(ids)),
        "changes": _rows(session, LeadChange, LeadChange.lead.in_(ids)),
        "conversations_of_leads": _rows(session, LeadConversation, LeadConversation.lead.in_(ids)),
        "drafts": _rows(session, LeadDraft, LeadDraft.conversation.in_(conversations)),
        "messages": _rows(session, Message, Message.conversation.in_(conversations)),
        "enquiries": [{**_row(enquiry), "questions": [_row(question) for question in enquiry.questions]} for enquiry in enquiries],
        "assistant_memory": [event for name in conversations for event in assistant_memory().shown(session, name)],
        "notifications": [_row(notification) for notification in notifications_of(session, references)],
        "telegram_messages": _rows(session, TelegramMessage, telegram_about(references)),
        "audit": _rows(session, AuditEntry, AuditEntry.about.in_(in_audit)),
    }


def _rows(session: Session, table: Any, which: Any) -> list[dict[str, Any]]:
    return [_row(row) for row in session.execute(select(table).where(which).order_by(*inspect(table).primary_key)).scalars()]


def _row(row: Any) -> dict[str, Any]:
    hidden = (
        "search",
        "also_searched",
        "email_key",
        "phone_key",
        "school_key",
        "open_person",
        "claimed_by",
        "claimed_until",
    )  # made of the rest
    return {column.key: _plain(getattr(row, column.key)) for column in inspect(row).mapper.column_attrs if column.key not in hidden}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, (date, datetime)) else value


def notifications_of(session: Session, references: list[str]) -> list[Notification]:
    """Return the notifications that tell of these leads."""
    return list(session.execute(select(Notification).where(Notification.lead.in_(references)).order_by(Notification.id)).scalars())


def telegram_about(references: list[str]) -> Any:
    return TelegramMessage.about.in_([f"lead {reference}" for reference in references])

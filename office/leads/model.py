"""Leads: people at schools who want to hear back. The tables, and the one way a conversation makes a lead."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
    and_,
    event,
    false,
    func,
    or_,
    select,
    text,
)  # fmt: skip
from sqlalchemy.orm import Mapped, Session

from office.base.database import Moment, Name, Table, Words
from office.base.errors import ConsentMissing, UnreachableLead
from office.base.staff import Staff
from office.base.upsert import insert_missing
from office.base.workdays import promised_by
from office.enquiries.log import Enquiry, Question
from office.leads.urgency import standing_of, urgent_at
from office.outbox.queue import owe

WISHES = ("call_back", "visit", "observe", "membership", "question")
STATUSES = (
    "new", "contacted", "conversation", "visit", "associate", "deciding", "due_diligence", "joined", "not_now", "closed",
)  # fmt: skip
ENDED = ("joined", "closed")  # who asks again after these is a new lead
REFERENCE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is read as another over the phone
REFERENCE_LENGTH = 6
STAFF_ASK = ("telegram", "telegram_group")  # who asks there is staff, so what they ask for themselves is nobody's lead
SHOWN_UNANSWERED = 5
GIVEN = ("name", "role", "school", "email", "phone", "wish", "term")  # of a lead's details, what one conversation can give anew
LONGEST_SEARCHED = 60  # letters of a word that can be searched for


def _urgency(values: Any) -> dict[str, Any]:
    """Return the columns that say how urgent a lead is, out of those that decide it."""
    owed = values.get("owed") is not False  # None before it is kept: a reply is owed then
    decides = (values.get("status") or "new", values.get("survivor"), values.get("due"), values.get("revisit"))
    return {"standing": standing_of(*decides), "urgent_at": urgent_at(*decides, owed, values.get("promised"))}


class Lead(Table):
    """A person at a school who wants to hear back."""

    __tablename__ = "lead"
    id: Mapped[int] = Column(Integer, primary_key=True)
    reference: Mapped[str] = Column(Name(20), nullable=False, unique=True)
    version: Mapped[int] = Column(Integer, nullable=False)  # grows with each change: who saves an older one is told what changed
    conversation: Mapped[str] = Column(Name(200), nullable=False, index=True)  # the first of them; all stand in lead_conversation
    channel: Mapped[str] = Column(Name(30), nullable=False)
    name: Mapped[str] = Column(Name(200), nullable=False)
    role: Mapped[str] = Column(Name(200), nullable=False, default="")
    school: Mapped[str] = Column(Name(200), nullable=False)
    email: Mapped[str | None] = Column(Name(254))
    phone: Mapped[str | None] = Column(Name(40))  # international form, with an extension: +44 20 7946 0000 ext. 12
    wish: Mapped[str] = Column(String(20), nullable=False)
    term: Mapped[str | None] = Column(Name(20))  # the term a membership is wished, or held, for
    message: Mapped[str] = Column(Words, nullable=False, default="")
    first_question: Mapped[str] = Column(Words, nullable=False, default="")
    unanswered: Mapped[list[Any]] = Column(JSON, nullable=False, default=list)  # what was asked and no fact answers
    consented: Mapped[datetime] = Column(Moment, nullable=False)
    received: Mapped[datetime] = Column(Moment, nullable=False)
    promised: Mapped[datetime] = Column(Moment, nullable=False)  # the reply is promised by then
    contacted: Mapped[datetime | None] = Column(Moment)  # when somebody first got in touch
    changed: Mapped[datetime] = Column(Moment, nullable=False)  # by the visitor or by staff: idle days count from here
    status: Mapped[str] = Column(String(20), nullable=False, default="new")
    reason: Mapped[str] = Column(Name(500), nullable=False, default="")  # why it was closed
    revisit: Mapped[date | None] = Column(Date)  # of "not now"
    visit: Mapped[datetime | None] = Column(Moment)  # of a booked visit
    owner: Mapped[int | None] = Column(ForeignKey("staff.id", ondelete="SET NULL"))
    next_action: Mapped[str] = Column(Name(300), nullable=False, default="")
    due: Mapped[date | None] = Column(Date)  # of the next action
    unread: Mapped[bool] = Column(Boolean, nullable=False, default=True)
    asked_again: Mapped[int] = Column(Integer, nullable=False, default=0)
    survivor: Mapped[int | None] = Column(ForeignKey("lead.id", ondelete="SET NULL"), index=True)  # the lead this duplicate went into
    email_key: Mapped[str | None] = Column(String(64), index=True)  # hashes by which duplicates are suggested
    phone_key: Mapped[str | None] = Column(String(64), index=True)
    school_key: Mapped[str | None] = Column(String(64), index=True)
    open_person: Mapped[str | None] = Column(String(64), unique=True)  # one open lead for one person; None once it has ended
    search: Mapped[str] = Column(Words, nullable=False, default="")  # what the search looks through, folded
    also_searched: Mapped[str] = Column(Words, nullable=False, default="")  # what other conversations about it gave, reference included
    unconfirmed: Mapped[bool] = Column(Boolean, nullable=False, default=False)  # another conversation asked, and staff have not seen to it
    suspect: Mapped[bool] = Column(Boolean, nullable=False, default=False)  # one of many that came from one place at once
    sample: Mapped[bool] = Column(Boolean, nullable=False, default=False)  # made by `make demo`
    owed: Mapped[bool] = Column(
        Boolean, nullable=False, default=True
    )  # the promised reply: nobody has been in touch since they asked (again)
    standing: Mapped[str] = Column(
        String(10), nullable=False, default=lambda context: _urgency(context.get_current_parameters())["standing"]
    )
    urgent_at: Mapped[datetime] = Column(
        Moment, nullable=False, default=lambda context: _urgency(context.get_current_parameters())["urgent_at"]
    )
    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        Index("ix_lead_urgent", "urgent_at", "id"),
        Index("ix_lead_standing", "standing", "urgent_at", "id"),
        Index("ix_lead_unread", "urgent_at", "id", "standing", postgresql_where=text("unread"), sqlite_where=text("unread = 1")),
        # each filter is counted, and listed in order
        *(Index(f"ix_lead_{column}", column, "standing", "urgent_at", "id") for column in ("channel", "term", "wish", "owner")),
        Index("ix_lead_suspect", "urgent_at", "id", postgresql_where=text("suspect"), sqlite_where=text("suspect = 1")),
        Index("ix_lead_ended", "standing", "changed", "id"),
        Index("ix_lead_status", "status", "standing", "urgent_at"),
        Index("ix_lead_overview", "received", "standing", "status", "channel", "contacted", "promised"),  # all it reads
    )


@event.listens_for(Lead, "before_insert")
@event.listens_for(Lead, "before_update")
def _keep_urgency(_mapper: Any, _connection: Any, lead: Lead) -> None:
    decides = {column: getattr(lead, column) for column in ("status", "survivor", "due", "revisit", "owed", "promised")}
    for column, value in _urgency(decides).items():
        setattr(lead, column, value)


class LeadConversation(Table):
    """A conversation in which a lead was made, or asked again.

    Who knows a name and an address has proved nothing: a conversation other than the one that made the lead is unconfirmed, what
    it gave stands beside the lead's own details, and its reference works in it alone.
    """

    __tablename__ = "lead_conversation"
    __table_args__ = (UniqueConstraint("lead", "conversation"),)
    id: Mapped[int] = Column(Integer, primary_key=True)
    lead: Mapped[int] = Column(ForeignKey("lead.id", ondelete="CASCADE"), nullable=False)
    conversation: Mapped[str] = Column(Name(200), nullable=False, index=True)
    channel: Mapped[str] = Column(Name(30), nullable=False)
    wish: Mapped[str] = Column(String(20), nullable=False)
    message: Mapped[str] = Column(Words, nullable=False, default="")
    at: Mapped[datetime] = Column(Moment, nullable=False)
    reference: Mapped[str | None] = Column(Name(20), unique=True, index=True)  # what this conversation was told; None: the lead's own
    confirmed: Mapped[bool] = Column(Boolean, nullable=False, default=True)  # it made the lead, so it may set right what it gave
    given: Mapped[Any] = Column(JSON)  # the details this conversation gave; None in those of earlier versions
    beside: Mapped[Any] = Column(JSON)  # those of them that the lead did not take
    promised: Mapped[datetime | None] = Column(Moment)  # the reply this conversation was promised
    again: Mapped[int] = Column(Integer, nullable=False, default=0)  # how often it asked again once somebody had been in touch
    erasure_asked: Mapped[datetime | None] = Column(Moment)  # it asked, unconfirmed, that the lead is erased
    settled: Mapped[datetime | None] = Column(Moment)  # staff took what stands beside, or left it
    source: Mapped[str | None] = Column(String(64), index=True)  # a keyed hash of the address and the day; None where no channel knows it


class LeadNote(Table):
    """What staff wrote down about a lead. No page and no channel of visitors reads this table."""

    __tablename__ = "lead_note"
    id: Mapped[int] = Column(Integer, primary_key=True)
    lead: Mapped[int] = Column(ForeignKey("lead.id", ondelete="CASCADE"), nullable=False, index=True)
    staff: Mapped[int | None] = Column(ForeignKey("staff.id", ondelete="SET NULL"))
    text: Mapped[str] = Column(Words, nullable=False)
    at: Mapped[datetime] = Column(Moment, nullable=False)
    update: Mapped[str | None] = Column(Name(60), unique=True)  # the Telegram update it came by: one that comes twice makes one note


class LeadChange(Table):
    """One change of a lead: for the history beside it, for undo, and for who saves over somebody else."""

    __tablename__ = "lead_change"
    id: Mapped[int] = Column(Integer, primary_key=True)
    lead: Mapped[int] = Column(ForeignKey("lead.id", ondelete="CASCADE"), nullable=False, index=True)
    staff: Mapped[int | None] = Column(ForeignKey("staff.id", ondelete="SET NULL"))  # None: the visitor, or the system
    at: Mapped[datetime] = Column(Moment, nullable=False)
    version: Mapped[int] = Column(Integer, nullable=False)  # of the lead after the change
    fields: Mapped[Any] = Column(JSON, nullable=False)  # {"status": ["new", "contacted"]}
    batch: Mapped[str | None] = Column(Name(40), index=True)  # changes of one bulk action are undone together
    undone: Mapped[bool] = Column(Boolean, nullable=False, default=False)


class SavedView(Table):
    """A filter of the list of leads that somebody gave a name."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("staff", "name"),)
    id: Mapped[int] = Column(Integer, primary_key=True)
    staff: Mapped[int] = Column(ForeignKey("staff.id", ondelete="CASCADE"), nullable=False)
    name: Mapped[str] = Column(Name(100), nullable=False)
    query: Mapped[str] = Column(Name(2000), nullable=False)


class LeadDraft(Table):
    """What somebody who agreed has told of themselves so far, in a form that is not sent yet. Gone when it is sent or cancelled."""

    __tablename__ = "lead_draft"
    conversation: Mapped[str] = Column(Name(200), primary_key=True)
    details: Mapped[dict[str, Any]] = Column(JSON, nullable=False, default=dict)
    consented: Mapped[datetime] = Column(Moment, nullable=False)
    changed: Mapped[datetime] = Column(Moment, nullable=False, index=True)


@dataclass(frozen=True)
class LeadDetails:
    """What somebody told of themselves and what they wish. One of `email` and `phone` is enough."""

    conversation: str
    channel: str
    name: str
    school: str
    wish: str
    consented: datetime | None
    role: str = ""
    email: str | None = None
    phone: str | None = None
    term: str | None = None
    message: str = ""
    sample: bool = False
    source: str = ""  # a keyed hash of the visitor's address

    @property
    def given(self) -> dict[str, Any]:
        """The details by their name, message aside."""
        return {field: getattr(self, field) for field in GIVEN}


def log_lead(session: Session, details: LeadDetails, *, reply_within: int, now: datetime, by: Staff | None = None) -> Lead:
    """Keep a lead, its link to the conversation and the notifications it owes; return the lead.

    The conversation that made a lead, and staff, set right what they gave. Another one that names the same person becomes a message
    to their open lead, which is marked "asked again": it changes none of its details, and has a reference of its own, which stands
    in its link. `reply_within` counts working days; `by` is who of staff took it down, and need not be told. Raises ConsentMissing
    (UK GDPR Art. 6(1)(a)) and UnreachableLead where there is neither an e-mail address nor a phone number.
    """
    if details.consented is None:
        raise ConsentMissing("nobody may be kept without their consent")
    if not (details.email or details.phone):
        raise UnreachableLead("a lead needs an e-mail address or a phone number")
    person = person_key(details.name, details.email, details.phone)
    lead = _own_lead(session, details, person)
    is_new = lead is None and _insert(session, details, person, reply_within, now)
    lead = lead or session.execute(select(Lead).where(Lead.open_person == person).with_for_update()).scalar_one()
    link = link_of(session, lead, details.conversation)
    # who sends again in one conversation sets right what they sent; once somebody has got back to them, they ask again
    returns = not is_new and not (lead.owed and link is not None)
    fields: dict[str, list[Any]] = {}
    if is_new or by is not None or (link is not None and link.confirmed):
        beside = {} if is_new else _take_over(session, lead, details, fields, by)
        link = _link(session, lead, link, details, beside, returns, reply_within, now)
    else:
        beside = _unlike(lead, details)
        before = (link.beside, link.message) if link is not None else None
        link = _link(session, lead, link, details, beside, returns, reply_within, now, confirmed=False)
        if before != (link.beside, link.message):
            fields["unconfirmed"] = [None, link.reference]
    if fields or returns:
        _note_change(session, lead, fields, returns, reply_within, now)
    lead.first_question, lead.unanswered = _asked(session, lead)
    note_conversations(session, lead)
    if is_new:
        owe(session, "new_lead", lead.reference, now=now, without=by.id if by is not None else None)
    elif returns:
        owe(session, "asked_again", f"{lead.reference}/{lead.asked_again}", now=now, without=by.id if by is not None else None)
    session.flush()
    return lead


def add_to_lead(session: Session, link: LeadConversation, more: Mapping[str, str], *, now: datetime) -> bool:
    """Keep what a conversation adds to the lead it sent, or sets right in it; mark it unread and owe staff a word.

    `more` are details by their name, a message among them. What another conversation made is changed in nothing: it stands beside.
    So does what staff corrected. Return whether anything was new.
    """
    lead = session.get(Lead, link.lead, with_for_update=True)
    details = LeadDetails(
        conversation=link.conversation, channel=link.channel, consented=lead.consented, source=link.source or "",
        **{**dict.fromkeys(GIVEN), "wish": link.wish, **(link.given or {}), "message": "", **more},
    )  # fmt: skip
    fields: dict[str, list[Any]] = {}
    before = (link.given, link.message)
    beside = _take_over(session, lead, details, fields, None) if link.confirmed else _unlike(lead, details)
    _link(session, lead, link, details, beside, False, 0, now, confirmed=link.confirmed)
    if before == (link.given, link.message):
        return False
    _note_change(session, lead, fields or {"unconfirmed": [None, link.reference]}, False, 0, now)
    note_conversations(session, lead)
    shown = lead
    while shown.survivor is not None:  # staff work the lead it went into, which leads to this one
        shown = session.get(Lead, shown.survivor)
        shown.unread, shown.changed = True, now
    session.flush()
    owe(session, "added", f"{shown.reference}/{shown.version}", now=now)
    return True


def _own_lead(session: Session, details: LeadDetails, person: str) -> Lead | None:
    """Return the open lead that this very conversation made for the person it speaks of now; None where there is none.

    An address that was mistyped may be set right, so the name and one thing more decide. The details of somebody whose open lead
    another conversation made belong to that one.
    """
    query = (
        select(Lead, LeadConversation)
        .join(LeadConversation, LeadConversation.lead == Lead.id)
        .where(LeadConversation.conversation == details.conversation, LeadConversation.confirmed, Lead.open_person.is_not(None))
        .order_by(LeadConversation.at.desc(), LeadConversation.id.desc())
    )
    own = session.execute(query.with_for_update(of=Lead)).all()
    same: Lead | None = next((lead for lead, _ in own if lead.open_person == person), None)
    if same is not None or session.execute(select(Lead.id).where(Lead.open_person == person)).scalar() is not None:
        return same
    return next((lead for lead, link in own if _is_same_person(link.given or {}, details)), None)


def _is_same_person(before: dict[str, Any], details: LeadDetails) -> bool:
    if folded(before.get("name") or "") != folded(details.name):
        return False
    now = details.given
    return any(before.get(field) and folded(before[field]) == folded(now.get(field) or "") for field in ("school", "email", "phone"))


def _insert(session: Session, details: LeadDetails, person: str, reply_within: int, now: datetime) -> bool:
    """Insert the lead unless this person has an open one, which the unique key decides; return whether it was inserted."""
    values = dict(
        version=1, conversation=details.conversation, channel=details.channel, name=details.name, role=details.role,
        school=details.school, email=details.email, phone=details.phone, wish=details.wish, term=details.term,
        message=details.message, consented=details.consented, received=now, promised=promised_by(now, reply_within),
        changed=now, status="new", open_person=person, sample=details.sample, **contact_keys(details.email, details.phone, details.school),
    )  # fmt: skip
    while True:
        if insert_missing(session, Lead, {"reference": new_reference(), **values}):
            return True
        if session.execute(select(Lead.id).where(Lead.open_person == person)).scalar() is not None:
            return False  # otherwise it was the reference that is taken


def _take_over(session: Session, lead: Lead, details: LeadDetails, fields: dict[str, list[Any]], by: Staff | None) -> dict[str, Any]:
    """Set right what was given before; what changes is added to `fields`. Return what staff corrected, and is left to them."""
    corrected = corrected_by_staff(session, lead) if by is None else set()
    changed = differences(lead, details.given)
    for field in changed.keys() - corrected:
        fields[field] = [getattr(lead, field), changed[field]]
        setattr(lead, field, changed[field])
    if details.message and details.message not in (lead.message or ""):
        lead.message = f"{lead.message}\n{details.message}".strip()
        fields["message"] = ["", details.message]
    person = person_key(lead.name, lead.email, lead.phone)
    if (
        lead.open_person is not None
        and person != lead.open_person
        and session.execute(select(Lead.id).where(Lead.open_person == person)).scalar() is None
    ):
        lead.open_person = person
    return {field: value for field, value in changed.items() if field in corrected}


def differences(lead: Lead, given: dict[str, Any]) -> dict[str, Any]:
    """Return the details that a lead does not have as they were given."""
    return {field: value for field, value in given.items() if value and value != getattr(lead, field)}


def _is_alike(one: str, other: str | None) -> bool:
    """Return whether two details differ at most in capitals and accents."""
    return folded(one) == folded(other or "")


def _unlike(lead: Lead, details: LeadDetails) -> dict[str, Any]:
    """Return the details that a lead does not have, and that differ in more than capitals and accents."""
    return {field: value for field, value in differences(lead, details.given).items() if not _is_alike(value, getattr(lead, field))}


def corrected_by_staff(session: Session, lead: Lead) -> set[str]:
    """Return the details that staff have set right: no visitor overwrites them."""
    query = select(LeadChange.fields).where(LeadChange.lead == lead.id, LeadChange.staff.is_not(None), LeadChange.undone.is_(False))
    return {field for fields in session.execute(query).scalars() for field in fields if field in GIVEN}


def _note_change(session: Session, lead: Lead, fields: dict[str, list[Any]], returns: bool, reply_within: int, now: datetime) -> None:
    if returns:
        fields["asked_again"] = [lead.asked_again, lead.asked_again + 1]
        lead.asked_again += 1
        if not lead.owed:  # a promise that stands is not put off by who asks again
            lead.owed, lead.promised = True, promised_by(now, reply_within)
        lead.due = None if lead.due is not None and lead.status == "not_now" else lead.due
    lead.unread, lead.changed = True, now
    for key, value in contact_keys(lead.email, lead.phone, lead.school).items():
        setattr(lead, key, value)
    session.flush()
    session.add(LeadChange(lead=lead.id, at=now, version=lead.version, fields=fields))


def link_of(session: Session, lead: Lead, conversation: str) -> LeadConversation | None:
    """Return a lead's link to a conversation, if it has one."""
    query = select(LeadConversation).where(LeadConversation.lead == lead.id, LeadConversation.conversation == conversation)
    return session.execute(query).scalar_one_or_none()


def _link(
    session: Session,
    lead: Lead,
    link: LeadConversation | None,
    details: LeadDetails,
    beside: dict[str, Any],
    returns: bool,
    reply_within: int,
    now: datetime,
    *,
    confirmed: bool = True,
) -> LeadConversation:
    if link is None:
        reference = lead.reference if lead.conversation == details.conversation else _free_reference(session)
        link = LeadConversation(lead=lead.id, conversation=details.conversation, reference=reference, confirmed=confirmed)
        link.promised, link.again, link.message = promised_by(now, reply_within), 0, ""
        session.add(link)
    elif returns:
        link.promised, link.again = promised_by(now, reply_within), (link.again or 0) + 1
    if details.message not in link.message:
        link.message = f"{link.message}\n{details.message}".strip()
    link.channel, link.wish, link.at, link.source = details.channel, details.wish, now, details.source or None
    link.given, link.beside = {**(link.given or {}), **{field: value for field, value in details.given.items() if value}}, beside
    link.settled = None
    session.flush()
    return link


def note_conversations(session: Session, lead: Lead) -> None:
    """Let a lead be found by what its other conversations gave, and say whether staff have one of them to see to."""
    links = session.execute(select(LeadConversation).where(LeadConversation.lead == lead.id).order_by(LeadConversation.id)).scalars().all()
    lead.unconfirmed = any(is_waiting(link) for link in links)
    apart = [link for link in links if link.beside or not link.confirmed]
    lead.also_searched = " ".join(
        " ".join([link.reference or "", *(str(value) for value in (link.given or {}).values()), link.message]) for link in apart
    )
    lead.search = search_text(lead)


def is_waiting(link: LeadConversation) -> bool:
    """Return whether a conversation gave what staff have not seen to: another one's word, or details they had corrected."""
    return link.settled is None and (not link.confirmed or bool(link.beside))


def _asked(session: Session, lead: Lead) -> tuple[str, list[str]]:
    """Return the first question of the person's own conversations in its own words, and those that no fact answers."""
    links = select(LeadConversation).where(LeadConversation.lead == lead.id, LeadConversation.confirmed)
    theirs = [of_this_lead(session, link) for link in session.execute(links).scalars() if link.channel not in STAFF_ASK]
    query = (
        select(Question.text, Question.outcome)
        .join(Enquiry, Question.enquiry == Enquiry.id)
        .where(or_(false(), *theirs), Enquiry.withheld.is_(False))
        .where(Question.outcome.in_(("answered", "clarify", "not_known")))
        .order_by(Enquiry.id, Question.position)
        .limit(200)
    )
    asked = session.execute(query).all()
    unanswered = [text for text, outcome in asked if outcome == "not_known"]
    return (asked[0].text if asked else ""), list(dict.fromkeys(unanswered))[:SHOWN_UNANSWERED]


def of_this_lead(session: Session, link: LeadConversation) -> Any:
    """Return the condition on enquiries of a lead's conversation: not those from before another person was named there."""
    since = before_this_lead(session, link)
    here = Enquiry.conversation == link.conversation
    return here if since is None else and_(here, Enquiry.received > since)


def before_this_lead(session: Session, link: LeadConversation) -> datetime | None:
    """Return when the lead of another person was sent in the same conversation before this one; None where this is the first."""
    earlier = select(func.max(LeadConversation.at)).where(
        LeadConversation.conversation == link.conversation, LeadConversation.lead != link.lead, LeadConversation.id < link.id,
        LeadConversation.at <= link.at,
    )  # fmt: skip
    return session.execute(earlier).scalar()  # type: ignore[no-any-return]


def new_reference() -> str:
    """Return a reference that can be read out over the phone."""
    return "U-" + "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(REFERENCE_LENGTH))


def _free_reference(session: Session) -> str:
    """Return a reference that no lead has: whoever is told it has one that leads to theirs."""
    while True:
        reference = new_reference()
        if session.execute(select(Lead.id).where(Lead.reference == reference)).scalar() is None:
            return reference


def folded(text: str) -> str:
    """Return a text without accents, capitals and runs of spaces, as it is compared and searched."""
    apart = unicodedata.normalize("NFKD", text.replace("’", "'"))
    return " ".join("".join(c for c in apart if not unicodedata.combining(c)).casefold().split())


def person_key(name: str, email: str | None, phone: str | None) -> str:
    """Return the hash by which one person is one open lead: two people may share an office's address, so the name counts."""
    return _hash(f"{folded(name)}|{folded(email) if email else phone}")


def contact_keys(email: str | None, phone: str | None, school: str) -> dict[str, str | None]:
    """Return the hashes by which possible duplicates are found."""
    return {
        "email_key": _hash(folded(email)) if email else None,
        "phone_key": _hash(phone.split(" ext.")[0]) if phone else None,
        "school_key": _hash(folded(school)),
    }


def _hash(text: str) -> str:
    return sha256(text.encode("utf-8", "replace")).hexdigest()


def search_text(lead: Lead) -> str:
    """Return what the search looks through: names, school, address, number, messages, as words of letters and digits."""
    phone = lead.phone or ""
    national = phone.replace("+44 ", "0").split(" ext.")[0]
    numbers = " ".join(re.sub(r"\D", "", number) for number in (phone, national))
    parts = (lead.reference, lead.name, lead.role, lead.school, lead.email or "", phone, numbers, lead.message, lead.first_question)
    return " ".join(dict.fromkeys(search_words(" ".join((*parts, lead.also_searched or "")))))


_AS_TYPED = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)  # Unicode takes these for letters of their own


def search_words(text: str) -> list[str]:
    """Return the words of a text as they are searched: "O'Brien" is o, brien and obrien."""
    words: list[str] = []
    for run in re.findall(r"[^\W_]+(?:['-][^\W_]+)*", folded(text).translate(_AS_TYPED)):
        parts = re.split(r"['-]", run)
        words += parts if len(parts) == 1 else [*parts, "".join(parts)]
    return [word[:LONGEST_SEARCHED] for word in words]

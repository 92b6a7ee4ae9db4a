"""The changes of a lead: kept one by one, shown with it, undone, and shown to whoever would save over somebody else's."""

from __future__ import annotations

from datetime import date, datetime, timezone
from typing import Any

from sqlalchemy import Date, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from office.base.audit import audit
from office.base.database import Moment, take_turn
from office.base.errors import Conflict, NotFound
from office.base.staff import Staff, require
from office.leads.model import Lead, LeadChange, LeadConversation, LeadNote, contact_keys, person_key, search_text
from office.leads.places import place_of_lead, take_back
from office.leads.urgency import ENDED_STATUSES

QUIET = {"note", "unread"}  # nobody's work is overwritten by these
BESIDE = {"note", "place"}  # a change of these is not one of the lead's own columns
OF_PERSON = {"name", "email", "phone", "status"}  # what decides whether this is a person's one open lead


def lead_of(session: Session, reference: str, *, for_change: bool = False) -> Lead:
    """Return a lead by its reference, or by one that another conversation about it was told; `for_change`, whoever else would change it
    waits until this transaction ends. Raises NotFound."""
    wanted = reference[:20].upper()
    link = select(LeadConversation.lead).where(LeadConversation.reference == wanted)
    query = select(Lead).where(or_(Lead.reference == wanted, Lead.id.in_(link)))
    if for_change:
        own = session.execute(select(Lead.reference).where(or_(Lead.reference == wanted, Lead.id.in_(link)))).scalar()
        take_turn(session, f"lead {own or wanted}")
        query = query.with_for_update().execution_options(populate_existing=True)
    lead = session.execute(query).scalar_one_or_none()
    if lead is None:
        raise NotFound("no lead of that reference")
    return lead  # type: ignore[no-any-return]


def keep_change(
    session: Session,
    lead: Lead,
    values: dict[str, Any],
    *,
    by: Staff | None,
    now: datetime,
    batch: str | None = None,
    also: dict[str, Any] | None = None,
) -> LeadChange | None:
    """Return a lead new values and keep what they were; `also` is what changed beside the lead's own columns. Gives None for no change.

    `by` is None where the visitor themselves caused it.
    Raises Conflict where somebody else was faster, where the lead went into another one, or where its person has another open lead.
    """
    require(by, "work leads", or_system=True)
    if lead.survivor is not None:
        survivor = session.get(Lead, lead.survivor)
        raise Conflict(f"This lead was merged into {survivor.reference}: go on with that one.")
    fields = {name: [plain(getattr(lead, name)), plain(value)] for name, value in values.items() if getattr(lead, name) != value}
    fields |= also or {}
    if not fields:
        return None
    if OF_PERSON & set(fields):
        _claim_person(session, lead, values)
    for name, value in values.items():
        setattr(lead, name, value)
    if set(fields) != {"unread"}:
        lead.changed = now
    for key, hashed in contact_keys(lead.email, lead.phone, lead.school).items():
        setattr(lead, key, hashed)
    lead.search = search_text(lead)
    _write(session)
    change = LeadChange(lead=lead.id, staff=by.id if by is not None else None, at=now, version=lead.version, fields=fields, batch=batch)
    session.add(change)
    audit(session, "change", f"lead {lead.reference}", by=by, now=now, fields=sorted(fields))
    session.flush()
    return change


def _claim_person(session: Session, lead: Lead, values: dict[str, Any]) -> None:
    """Make this the one open lead of its person, or nobody's once it has ended."""
    new = {name: values.get(name, getattr(lead, name)) for name in OF_PERSON}
    if new["status"] in ENDED_STATUSES:
        lead.open_person = None
        return
    person = person_key(new["name"], new["email"], new["phone"])
    with session.no_autoflush:
        other = session.execute(select(Lead.reference).where(Lead.open_person == person, Lead.id != lead.id)).scalar()
    if other is not None:
        raise Conflict(f"{new['name']} has another open lead, {other}: go on with that one, or merge the two as duplicates.")
    lead.open_person = person


def _write(session: Session) -> None:
    try:
        session.flush()
    except StaleDataError:
        raise Conflict("Somebody else changed this lead at the same moment. Nothing was overwritten.") from None
    except IntegrityError:
        raise Conflict("This person was given another open lead at the same moment. Nothing was changed.") from None


def undo(session: Session, change_or_batch: LeadChange | str, *, by: Staff, now: datetime) -> list[LeadChange]:
    """Take back a change, or all changes of a batch, by changes of their own; all or none.

    Raises Conflict for what was changed again since, NotFound for a batch nobody made.
    """
    require(by, "work leads")
    if isinstance(change_or_batch, LeadChange):
        wanted = select(LeadChange).where(LeadChange.id == change_or_batch.id)
    else:
        wanted = select(LeadChange).where(LeadChange.batch == change_or_batch[:40])
    take_turn(session, "undo")
    changes = session.execute(wanted.order_by(LeadChange.id.desc()).execution_options(populate_existing=True)).scalars().all()
    if not changes:
        raise NotFound("no such change")
    leads = leads_for_change(session, [change.lead for change in changes])
    for change in changes:
        reason = why_not_undone(session, change, leads[change.lead])
        if reason:
            raise Conflict(reason)
    return [_take_back(session, change, leads[change.lead], by, now) for change in changes]


def change_of(session: Session, number: int) -> LeadChange:
    """Return a change by its number. Raises NotFound."""
    change = session.get(LeadChange, number)
    if change is None:
        raise NotFound("no such change")
    return change  # type: ignore[no-any-return]


def leads_for_change(session: Session, ids: list[int]) -> dict[int, Lead]:
    """Return leads by their id; whoever else would change one of them waits until this transaction ends."""
    take_turn(session, "leads")
    query = select(Lead).where(Lead.id.in_(ids)).order_by(Lead.id).with_for_update().execution_options(populate_existing=True)
    return {lead.id: lead for lead in session.execute(query).scalars()}


def why_not_undone(session: Session, change: LeadChange, lead: Lead) -> str:
    """Return a sentence on why a change cannot be undone, "" where it can, as far as the lead itself tells."""
    if change.undone:
        return f"That change of {lead.reference} was undone already."
    is_taken_back = any(change.fields[name][1] is None for name in BESIDE & set(change.fields))
    if {"survivor", "joined"} & set(change.fields) or change.staff is None or is_taken_back:
        return f"That change of {lead.reference} cannot be undone here."
    place_is_gone = "place" in change.fields and place_of_lead(session, lead, change.fields["place"][1]) is None
    if place_is_gone or any(plain(getattr(lead, name)) != new for name, (_, new) in change.fields.items() if name not in BESIDE):
        return f"{lead.reference} was changed again since, so it was left as it is."
    return ""


def _take_back(session: Session, change: LeadChange, lead: Lead, by: Staff, now: datetime) -> LeadChange:
    also: dict[str, Any] = {}
    if "note" in change.fields:
        note = session.get(LeadNote, change.fields["note"][1])
        if note is not None:
            session.delete(note)
        also["note"] = change.fields["note"][::-1]
    if "place" in change.fields:
        term = change.fields["place"][1]
        place = place_of_lead(session, lead, term)
        if place is not None:
            take_back(session, place, by=by, now=now)
        also["place"] = change.fields["place"][::-1]
    values = {name: _stored(name, old) for name, (old, _) in change.fields.items() if name not in also}
    change.undone = True
    taken_back = keep_change(session, lead, values, by=by, now=now, also=also)
    if taken_back is None:  # a change of nothing is not kept
        raise Conflict(f"{lead.reference} was changed again since, so it was left as it is.")
    return taken_back


def history(session: Session, lead: Lead, limit: int = 200) -> list[tuple[LeadChange, str]]:
    """Return a lead's changes with the names of who made them ("" for the visitor), the latest first."""
    query = select(LeadChange, Staff.name).outerjoin(Staff, Staff.id == LeadChange.staff).where(LeadChange.lead == lead.id)
    return [(change, name or "") for change, name in session.execute(query.order_by(LeadChange.id.desc()).limit(limit))]


def changes_since(session: Session, lead: Lead, version: int) -> list[tuple[LeadChange, str]]:
    """Return what was changed of a lead after somebody read that version of it, the earliest first; notes and reading aside."""
    since = [(change, name) for change, name in history(session, lead) if change.version > version]
    return [(change, name) for change, name in reversed(since) if set(change.fields) - QUIET]


def plain(value: Any) -> Any:
    """Return a column's value as a change keeps it: days and moments as text, in UTC whatever the database's clock is."""
    if isinstance(value, datetime):
        return value.astimezone(timezone.utc).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def _stored(name: str, value: Any) -> Any:
    """Return a change's value as the column takes it."""
    if value is None:
        return None
    kind = Lead.__table__.c[name].type
    if isinstance(kind, Moment):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(kind, Date) else value

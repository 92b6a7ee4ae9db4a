"""Duplicates: leads that may be one person are suggested; the PA merges two, chooses which is kept, and can separate them again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from office.base.audit import audit
from office.base.errors import BadInput, Conflict
from office.base.staff import Staff, require
from office.base.titles import STATUS_TITLES
from office.leads.changes import keep_change, leads_for_change, plain
from office.leads.model import Lead, LeadChange, folded, person_key
from office.leads.places import Place
from office.leads.urgency import ENDED_STATUSES, MERGED

MOST_SUGGESTED = 20
LOOKED_AT = 200  # of one office's leads, the latest
REASONS = {"email": "same e-mail address", "phone": "same phone number", "name": "same name and school"}


@dataclass(frozen=True)
class Suggestion:
    """A lead that may be the same person, and why."""

    lead: Lead
    why: tuple[str, ...]  # of REASONS
    same_name: bool  # otherwise two people of one school may share an address

    @property
    def reason(self) -> str:
        """Why, in words."""
        words = " and ".join(REASONS[reason] for reason in self.why)
        return words if self.same_name else f"{words}, but another name: perhaps two people of one office"


def suggested_duplicates(session: Session, lead: Lead) -> list[Suggestion]:
    """Return the leads that may be the same person, those with the same name first, then the latest."""
    keys = [getattr(Lead, key) == getattr(lead, key) for key in ("email_key", "phone_key", "school_key") if getattr(lead, key)]
    if not keys or lead.survivor is not None:
        return []
    query = select(Lead).where(or_(*keys), Lead.id != lead.id, Lead.standing != MERGED)
    found = session.execute(query.order_by(Lead.received.desc(), Lead.id.desc()).limit(LOOKED_AT)).scalars()
    suggestions = [suggestion for other in found if (suggestion := compare(lead, other)).why]
    return sorted(suggestions, key=lambda suggestion: not suggestion.same_name)[:MOST_SUGGESTED]


def compare(lead: Lead, other: Lead) -> Suggestion:
    """Return in what two leads agree."""
    same_name = folded(lead.name) == folded(other.name)
    agree = {
        "email": lead.email_key is not None and lead.email_key == other.email_key,
        "phone": lead.phone_key is not None and lead.phone_key == other.phone_key,
        "name": same_name and lead.school_key == other.school_key,
    }
    return Suggestion(other, tuple(reason for reason in REASONS if agree[reason]), same_name)


def joined_into(session: Session, lead: Lead) -> list[Lead]:
    """Return the leads that went into this one, the latest first. Their notes, conversations and history stay with them."""
    return list(session.execute(select(Lead).where(Lead.survivor == lead.id).order_by(Lead.id.desc())).scalars())


def join(session: Session, survivor: Lead, duplicate: Lead, *, by: Staff, now: datetime) -> None:
    """Let a duplicate go into the lead that survives, which also owes the reply that the duplicate is owed, and holds its places.

    Nothing of the duplicate is lost: its notes, conversations and history stay with it, behind a link. Raises BadInput for a
    lead and itself, Conflict where one of them was joined already, or the survivor has ended while the other is still open.
    """
    require(by, "work leads")
    if survivor.id == duplicate.id:
        raise BadInput("other", "A lead cannot be merged with itself.")
    leads_for_change(session, [survivor.id, duplicate.id])
    for lead in (survivor, duplicate):
        if lead.survivor is not None:
            raise Conflict(f"{lead.reference} was merged into {session.get(Lead, lead.survivor).reference} already.")
    reason = why_not_kept(survivor, duplicate)
    if reason:
        raise Conflict(reason)
    duplicate.open_person = None  # who asks again is not put to what was set aside
    keep_change(session, duplicate, {"survivor": survivor.id}, by=by, now=now)
    places = list(session.execute(select(Place.id).where(Place.lead == duplicate.id)).scalars())
    session.execute(update(Place).where(Place.id.in_(places)).values(lead=survivor.id))
    also: dict[str, Any] = {"joined": [None, duplicate.reference], **({"places": [None, places]} if places else {})}
    keep_change(session, survivor, _taken_over(survivor, duplicate), by=by, now=now, also=also)


def why_not_kept(survivor: Lead, duplicate: Lead) -> str:
    """Return a sentence on why the one cannot be the lead that is kept, "" where it can."""
    if survivor.status not in ENDED_STATUSES or duplicate.status in ENDED_STATUSES:
        return ""
    ended = f"{survivor.name}, {survivor.school} ({survivor.reference}) has ended as “{STATUS_TITLES[survivor.status]}”"
    return f"{ended}, and {duplicate.name}, {duplicate.school} ({duplicate.reference}) is still open: keep that one, so that nobody is forgotten."


def part(session: Session, duplicate: Lead, *, by: Staff, now: datetime) -> Lead:
    """Undo a joining: both are leads of their own again, as far as nobody changed them since; return the one it had gone into.

    Raises Conflict where it is not joined, or its person has got another open lead meanwhile.
    """
    require(by, "work leads")
    leads_for_change(session, [number for number in (duplicate.id, duplicate.survivor) if number is not None])
    if duplicate.survivor is None:
        raise Conflict(f"{duplicate.reference} is not merged into another lead, or no longer.")
    survivor = session.get(Lead, duplicate.survivor)
    joining, joined = _change(session, duplicate, "survivor", survivor.id), _change(session, survivor, "joined", duplicate.reference)
    _free(session, duplicate, joining, by=by, now=now)
    if survivor.survivor is None:
        was = _unchanged(survivor, joined) if joined else {}
        keep_change(session, survivor, was, by=by, now=now, also={"joined": [duplicate.reference, None]})
    if joined:
        joined.undone = True
        places = joined.fields.get("places", [None, []])[1]
        session.execute(update(Place).where(Place.id.in_(places), Place.lead == survivor.id).values(lead=duplicate.id))
    session.flush()
    return survivor


def _taken_over(survivor: Lead, duplicate: Lead) -> dict[str, Any]:
    """Return what the survivor takes over: the reply that is owed, by the earlier promise, and that somebody should look."""
    if not duplicate.owed or duplicate.status in ENDED_STATUSES:
        return {"unread": survivor.unread or duplicate.unread}
    promised = min(survivor.promised, duplicate.promised) if survivor.owed else duplicate.promised
    return {"owed": True, "promised": promised, "unread": survivor.unread or duplicate.unread}


def _free(session: Session, duplicate: Lead, joining: LeadChange | None, *, by: Staff, now: datetime) -> None:
    person = None
    if duplicate.status not in ENDED_STATUSES:
        person = person_key(duplicate.name, duplicate.email, duplicate.phone)
        other = session.execute(select(Lead.reference).where(Lead.open_person == person, Lead.id != duplicate.id)).scalar()
        if other is not None:
            raise Conflict(f"{duplicate.name} has another open lead meanwhile, {other}, so {duplicate.reference} stays merged.")
    was = duplicate.survivor
    duplicate.survivor, duplicate.open_person, duplicate.changed = None, person, now
    session.flush()
    if joining:
        joining.undone = True
    session.add(LeadChange(lead=duplicate.id, staff=by.id, at=now, version=duplicate.version, fields={"survivor": [was, None]}))
    audit(session, "change", f"lead {duplicate.reference}", by=by, now=now, fields=["survivor"])


def _change(session: Session, lead: Lead, field: str, value: Any) -> LeadChange | None:
    """Return the latest change of a lead that brought a field to a value and was not undone."""
    query = select(LeadChange).where(LeadChange.lead == lead.id, LeadChange.undone.is_(False)).order_by(LeadChange.id.desc())
    return next((change for change in session.execute(query).scalars() if change.fields.get(field, [None, None])[1] == value), None)


def _unchanged(survivor: Lead, joined: LeadChange) -> dict[str, Any]:
    """Return what the survivor had before the joining, of what nobody changed since."""
    fields = {
        name: values
        for name, values in joined.fields.items()
        if name in ("owed", "promised") and plain(getattr(survivor, name)) == values[1]
    }
    return {name: datetime.fromisoformat(was) if name == "promised" else was for name, (was, _) in fields.items()}

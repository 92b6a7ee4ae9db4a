"""The audit log: who looked at, exported, changed or erased personal data, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, ForeignKey, Integer, String, select
from sqlalchemy.orm import Mapped, Session

from office.base.database import Moment, Name, Table
from office.base.staff import Staff, require

ACTIONS = ("view", "export", "add", "change", "erase", "sign in", "sign out", "refused", "switch", "invite", "withdraw")
KINDS = (
    "lead",
    "fact",
    "gap",
    "staff",
    "channel",
    "term",
    "place",
    "conversation",
    "feedback",
    "saved view",
)  # what an entry's `about` begins with


class AuditEntry(Table):
    """One thing that was done. It names what it was done to by reference, and repeats no personal detail."""

    __tablename__ = "audit_entry"
    id: Mapped[int] = Column(Integer, primary_key=True)
    at: Mapped[datetime] = Column(Moment, nullable=False, index=True)
    staff: Mapped[int | None] = Column(ForeignKey("staff.id", ondelete="SET NULL"), index=True)  # None: the system itself
    action: Mapped[str] = Column(String(20), nullable=False)
    about: Mapped[str] = Column(Name(200), nullable=False, index=True)  # "lead U-7K3F9", "fact oakdale.cost.fee", "staff 3"
    detail: Mapped[dict[str, Any]] = Column(JSON, nullable=False, default=dict)


def audit(session: Session, action: str, about: str, *, by: Staff | None, now: datetime, **detail: Any) -> None:
    """Note what was done, in the transaction that does it; `by` is None for the system itself, a visitor and the command line.

    Every verb of the office calls it itself, so that no process can leave it out. Raises ValueError for an action that ACTIONS does not list.
    """
    if action not in ACTIONS:
        raise ValueError(f"no such action: {action}")
    session.add(AuditEntry(at=now, staff=by.id if by is not None else None, action=action, about=about, detail=detail))


@dataclass(frozen=True)
class AuditFilter:
    """What of the audit log is wanted; what is None is not asked for. `about` may leave out the kind: U-7K3F9 for "lead U-7K3F9"."""

    staff: int | None = None
    action: str | None = None
    about: str | None = None
    since: datetime | None = None
    until: datetime | None = None  # this moment itself no longer


def read_audit(session: Session, wanted: AuditFilter, *, before: int | None, limit: int, by: Staff, now: datetime) -> list[AuditEntry]:
    """Return entries, the latest first, `before` the one of that id; at most `limit`. Each page costs the same, however deep.

    That somebody read the log is noted too, behind what they are shown.
    """
    require(by, "read the audit log")
    query = select(AuditEntry).order_by(AuditEntry.at.desc(), AuditEntry.id.desc()).limit(limit)
    if wanted.staff is not None:
        query = query.where(AuditEntry.staff == wanted.staff)
    if wanted.action:
        query = query.where(AuditEntry.action == wanted.action)
    if wanted.about:
        query = query.where(AuditEntry.about.in_([wanted.about, *(f"{kind} {wanted.about}" for kind in KINDS)]))
    if wanted.since is not None:
        query = query.where(AuditEntry.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(AuditEntry.at < wanted.until)
    last = session.get(AuditEntry, before) if before is not None else None
    if last is not None:
        query = query.where((AuditEntry.at < last.at) | ((AuditEntry.at == last.at) & (AuditEntry.id < last.id)))
    entries = list(session.execute(query).scalars())
    audit(session, "view", "audit log", by=by, now=now, filter=", ".join(name for name, value in vars(wanted).items() if value is not None))
    return entries

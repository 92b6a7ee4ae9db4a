"""The audit log: who looked at, exported, changed or erased personal data, and when."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, ForeignKey, Integer, String
from sqlalchemy.orm import Session

from office.database import Moment, Name, Table

ACTIONS = ("view", "export", "add", "change", "erase", "sign in", "sign out", "refused", "switch", "invite", "withdraw")


class AuditEntry(Table):
    """One thing that was done. It names what it was done to by reference, and repeats no personal detail."""

    __tablename__ = "audit_entry"
    id = Column(Integer, primary_key=True)
    at = Column(Moment, nullable=False, index=True)
    staff = Column(ForeignKey("staff.id", ondelete="SET NULL"), index=True)  # None: the system itself
    action = Column(String(20), nullable=False)
    about = Column(Name(200), nullable=False, index=True)  # "lead U-7K3F9", "fact schoolsworks.cost.fee", "staff 3"
    detail = Column(JSON, nullable=False, default=dict)


def audit(session: Session, action: str, about: str, *, by: int | None, now: datetime, **detail: Any) -> None:
    """Note what was done, in the transaction that does it. Raises ValueError for an action that ACTIONS does not list."""
    if action not in ACTIONS:
        raise ValueError(f"no such action: {action}")
    session.add(AuditEntry(at=now, staff=by, action=action, about=about, detail=detail))

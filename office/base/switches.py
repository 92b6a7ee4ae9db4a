"""Switches: whether each channel answers at present. While one is off, visitors see the contact details."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, Column, ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session

from office.base.audit import audit
from office.base.database import Moment, Name, Table, take_turn
from office.base.staff import Staff, require

CHANNELS = ("website", "telegram")


class SwitchState(Table):
    """The state of one channel; a channel without a row is on."""

    __tablename__ = "switch"
    channel: Mapped[str] = Column(String(20), primary_key=True)
    off: Mapped[bool] = Column(Boolean, nullable=False, default=False)
    reason: Mapped[str] = Column(Name(500), nullable=False, default="")
    by: Mapped[int | None] = Column(ForeignKey("staff.id", ondelete="SET NULL"))
    at: Mapped[datetime] = Column(Moment, nullable=False)


def is_off(session: Session, channel: str) -> bool:
    """Return whether a channel is switched off. One read by primary key."""
    return bool(session.execute(select(SwitchState.off).where(SwitchState.channel == channel)).scalar())


def turn(session: Session, channel: str, *, off: bool, reason: str, by: Staff, now: datetime) -> SwitchState:
    """Switch a channel off, or on again, and note it in the audit log. Raises ValueError for another channel or no reason."""
    require(by, "switch channels")
    if channel not in CHANNELS:
        raise ValueError(f"no such channel: {channel}")
    if off and not reason.strip():
        raise ValueError("say why")
    take_turn(session, "switches")
    switch = session.get(SwitchState, channel) or SwitchState(channel=channel)
    switch.off, switch.reason, switch.by, switch.at = off, reason.strip()[:500], by.id, now
    session.add(switch)
    audit(session, "switch", f"channel {channel}", by=by, now=now, off=off, reason=switch.reason)
    return switch

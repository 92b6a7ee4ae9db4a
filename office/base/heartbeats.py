"""Heartbeats: a process says here that it is alive, to those who cannot or need not ask it by its address."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Column, String
from sqlalchemy.orm import Mapped, Session

from office.base.database import Moment, Table

BEATS_EVERY = timedelta(seconds=15)
SILENT_AFTER = timedelta(minutes=2)


class Heartbeat(Table):
    """When a process last said that it is alive."""

    __tablename__ = "heartbeat"
    name: Mapped[str] = Column(String(40), primary_key=True)
    at: Mapped[datetime] = Column(Moment, nullable=False)


def beat(session: Session, name: str, *, now: datetime) -> None:
    """Note that a process is alive. Two of one name beat for each other."""
    session.merge(Heartbeat(name=name, at=now))


def stop_beating(session: Session, name: str, *, now: datetime) -> None:
    """Note that a process ends, so that it counts as silent at once. Another of its name that still lives beats again soon."""
    heartbeat = session.get(Heartbeat, name)
    if heartbeat is not None:
        heartbeat.at = min(heartbeat.at, now - SILENT_AFTER)


def last_beat(session: Session, name: str) -> datetime | None:
    """Return when a process was last alive; None where it never was."""
    heartbeat = session.get(Heartbeat, name)
    return heartbeat.at if heartbeat else None


def state_of(session: Session, name: str, *, now: datetime) -> str:
    """Return "ok" for a process that is alive, "away" for one that is silent, "off" for one that was never started here."""
    return "off" if last_beat(session, name) is None else "ok" if is_alive(session, name, now=now) else "away"


def is_alive(session: Session, name: str, *, now: datetime) -> bool:
    """Return whether a process was alive within the last two minutes."""
    at = last_beat(session, name)
    return at is not None and now - at < SILENT_AFTER

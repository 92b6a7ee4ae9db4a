"""How much waits: the counts beside the inbox's menu. Bounded, so that they cost the same however many there are."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from office.gaps import Gap
from office.leads import Lead

MOST = 100  # above it a page shows "99+"


def unread_counts(session: Session) -> dict[str, int]:
    """Give how many leads are unread and how many gaps are open, each at most MOST."""
    unread = select(Lead.id).where(Lead.unread.is_(True), Lead.survivor.is_(None))
    gaps = select(Gap.id).where(Gap.state == "open")
    return {name: _bounded(session, query) for name, query in (("leads", unread), ("gaps", gaps))}


def _bounded(session: Session, query: select) -> int:
    return int(session.execute(select(func.count()).select_from(query.limit(MOST).subquery())).scalar_one())

"""How much waits: the counts beside the inbox's menu. Bounded, so that they cost the same however many there are."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from office.gaps.model import Gap
from office.leads.model import Lead
from office.leads.urgency import MERGED

MOST = 100  # above it a page shows "99+"


def unread_counts(session: Session) -> dict[str, int]:
    """Return how many leads are unread and how many gaps are open, each at most MOST."""
    waiting = {
        "leads": select(Lead.id).where(Lead.unread, Lead.standing != MERGED),
        "gaps": select(Gap.id).where(Gap.state == "open"),
    }
    counts = [select(func.count()).select_from(some.limit(MOST).subquery()).scalar_subquery().label(name) for name, some in waiting.items()]
    return dict(session.execute(select(*counts)).one()._mapping)

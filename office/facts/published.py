"""What facts publish of people: names, numbers and addresses that anybody may say, and that are masked for nobody."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from office.enquiries.anonymous import published
from office.facts.model import Fact


def published_details(session: Session) -> frozenset[str]:
    """Return the people, numbers and addresses of the facts that visitors are answered with, read once a session."""
    kept: frozenset[str] | None = session.info.get("published")
    if kept is None:
        values = session.execute(select(Fact.values).where(Fact.audience == "public", Fact.retired.is_(False))).scalars()
        kept = session.info["published"] = published(value for one in values for value in one)
    return kept

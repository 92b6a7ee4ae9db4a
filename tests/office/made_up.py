"""Staff for tests, and an edit as they make it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from office.base.staff import Staff
from office.facts.editing import edit_fact
from office.facts.files import Topic
from office.facts.model import Fact
from office.facts.typed import FactWords
from tests.office.fact_folder import TOPICS, CountingEncoder

KNOWN = {row["id"]: Topic(row["id"], row["title"], row["choice"], row["button"], tuple(row["next"])) for row in TOPICS["topics"]}


def ann(session: Session, now: datetime) -> Staff:
    """Ann Example, the PA; the same one each time."""
    return _somebody(session, "Ann Example", "pa", now)


def alex(session: Session, now: datetime) -> Staff:
    """Alex Example, an admin; the same one each time."""
    return _somebody(session, "Alex Example", "admin", now)


def _somebody(session: Session, name: str, role: str, now: datetime) -> Staff:
    email = f"{name.split()[0].lower()}@oakdale.example"
    found = session.execute(select(Staff).where(Staff.email == email)).scalar_one_or_none()
    if found is None:
        found = Staff(name=name, email=email, role=role, made=now)
        session.add(found)
        session.flush()
    return found


def words_of(session: Session, fact: Fact, **changed: Any) -> FactWords:
    """A fact's words as a form shows them, some of them changed."""
    words = FactWords(fact.topic, fact.says, fact.audience, tuple(fact.values), (), fact.section or "", fact.valid_from, fact.valid_until,
                      fact.review, fact.owner)  # fmt: skip
    return replace(words, **changed)


def edit_as_staff(session: Session, fact_id: str, *, now: datetime, seen: str | None = None, **changed: Any) -> Fact:
    """Change a fact as Ann does."""
    fact = session.get(Fact, fact_id)
    words = words_of(session, fact, **changed)
    return edit_fact(session, fact, words, KNOWN, by=ann(session, now), encode=CountingEncoder(), encoder="encoder-1", now=now, seen=seen)

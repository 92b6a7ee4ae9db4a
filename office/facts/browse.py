"""Looking through the facts: by trust, by topic, by words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from office.facts.model import Fact, Wording

LONGEST_SEARCH = 200


@dataclass(frozen=True)
class FactFilter:
    """What is looked for; empty is everything. `state`: current, not_now (by its dates), retired, staff (added by them) or all."""

    trust: str = ""
    topic: str = ""
    words: str = ""
    state: str = "current"


def browse(session: Session, wanted: FactFilter, *, today: date, limit: int, offset: int = 0) -> tuple[list[Fact], int]:
    """Return the facts that are wanted, in the order of their trust's file, and how many there are in all.

    Each word must stand in the sentence, the id, the section, the person's name or one way people ask it.
    """
    query = select(Fact).where(*_conditions(wanted, today))
    for word in wanted.words[:LONGEST_SEARCH].replace("\0", "").split()[:10]:
        like = "%" + word.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        asked = select(Wording.id).where(Wording.kind == "fact", Wording.owner == Fact.id, func.lower(Wording.text).like(like, escape="\\"))
        places = (Fact.says, Fact.id, Fact.section, Fact.person)
        query = query.where(or_(*(func.lower(place).like(like, escape="\\") for place in places), asked.exists()))
    total = session.execute(select(func.count()).select_from(query.subquery())).scalar_one()
    facts = session.execute(query.order_by(Fact.trust, Fact.position, Fact.id).limit(limit).offset(offset)).scalars()
    return list(facts), int(total)


def _conditions(wanted: FactFilter, today: date) -> list[Any]:
    begun = or_(Fact.valid_from.is_(None), Fact.valid_from <= today)
    lasts = or_(Fact.valid_until.is_(None), Fact.valid_until >= today)
    states: dict[str, list[Any]] = {
        "current": [Fact.retired.is_(False), begun, lasts],
        "not_now": [Fact.retired.is_(False), or_(~begun, ~lasts)],
        "retired": [Fact.retired.is_(True)],
        "staff": [and_(Fact.document.is_(None), Fact.retired.is_(False))],
    }
    conditions = list(states.get(wanted.state, []))
    if wanted.trust:
        conditions.append(Fact.trust == wanted.trust[:60].replace("\0", ""))
    if wanted.topic:
        conditions.append(Fact.topic == wanted.topic[:60].replace("\0", ""))
    return conditions

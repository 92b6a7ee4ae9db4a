"""Trying a fact out before it is published: what would be answered now and then, and which known answers would change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.inbox.preview.asking import Preview, Reading, encode, present_index, preview, read, topics
from language.encoder.vectors import sentence_vector
from office.base.database import Database
from office.base.workdays import london_day
from office.choosing.index import Index, KnownFact, in_words, reworded
from office.facts.editing import wordings_of
from office.facts.flags import like
from office.facts.model import Document, Fact
from office.facts.typed import FactWords
from office.gaps.model import RegressionQuestion
from settings import Settings

MOST_QUESTIONS = 12
NEIGHBOURS = 16  # facts nearest to the draft whose own wordings are asked before and after
WORDINGS_EACH = 2
REVIEWED = 24  # regression questions nearest to the draft
DRAFT = "draft"


@dataclass(frozen=True)
class Trial:
    """A draft tried out: each question now and then, the known answers that would change, and facts that say nearly the same."""

    questions: list[tuple[Preview, Preview]]
    changed: list[tuple[Preview, Preview]]
    looked: int
    repeats: list[tuple[Fact, float]]
    stated: bool  # False where its dates, or its audience, keep it from visitors today
    by_model: bool


def try_out(
    words: FactWords, trust: str, questions: Sequence[str], *, database: Database, session: Session, settings: Settings, now: datetime,
    says_who: str, fact: Fact | None = None,
) -> Trial:  # fmt: skip
    """Compare the answers with the present facts and with the draft among them; nothing is written.

    `fact` is the one that is edited, or None for a new one.
    """
    today = london_day(now)
    before = present_index(database, session, today, staff=words.audience == "staff")
    stated = (words.valid_from or today) <= today <= (words.valid_until or today)
    texts = list(dict.fromkeys([*(words.wordings if fact is None or fact.document is None else wordings_of(session, fact)), words.says]))
    vectors = encode(texts)
    if stated:
        after = before.with_draft(_known(words, trust, fact, says_who, today, session), topics()[words.topic].title, texts, vectors)
    else:
        after = before.without(fact.id) if fact is not None else before
    asked = list(dict.fromkeys(questions))[:MOST_QUESTIONS]
    known = [text for text in _neighbours(before, vectors, fact) + _reviewed(session, vectors) if text not in asked]
    known = list(dict.fromkeys(known))
    readings = read([*asked, *known], settings, before, session)
    now_said = [preview(reading, before, trust, session, settings, now) for reading in readings]
    then_said = [preview(reading, after, trust, session, settings, now) for reading in readings]
    pairs = list(zip(now_said, then_said))
    return Trial(
        pairs[: len(asked)], [pair for pair in pairs[len(asked) :] if pair[0].said != pair[1].said], len(known),
        like(session, trust, vectors[-1], leave_out=fact.id if fact is not None else ""), stated, _all_by_model(readings),
    )  # fmt: skip


def _all_by_model(readings: list[Reading]) -> bool:
    return all(reading.by_model for reading in readings)


def _known(words: FactWords, trust: str, fact: Fact | None, says_who: str, today: date, session: Session) -> KnownFact:
    document = session.get(Document, fact.document) if fact is not None and fact.document else None
    said_anew = fact is None or (words.says, list(words.values)) != (fact.says, fact.values)
    as_of = today.isoformat() if fact is None or (said_anew and document is None) else fact.as_of
    if document is None:
        title, dated = says_who if fact is None or said_anew else fact.person or "", in_words(as_of)
    else:
        title, dated = document.title, reworded(document.dated, says_who, today) if said_anew else document.dated
    return KnownFact(
        id=fact.id if fact is not None else DRAFT, trust=trust, topic=words.topic, subject=fact.subject if fact is not None else DRAFT,
        position=fact.position if fact is not None else 1_000_000, says=words.says, values=words.values, source_title=title,
        source_section=(fact.section or "") if fact is not None and document is not None else words.section, as_of=as_of, dated=dated,
        audience=words.audience, first_wording="", by_staff=document is None,
    )  # fmt: skip


def _neighbours(index: Index, vectors: np.ndarray, fact: Fact | None) -> list[str]:
    """Return the first wordings of the facts whose wordings come nearest to the draft's."""
    near = np.max(index.vectors @ vectors.T, axis=1, initial=-1.0) if len(index.vectors) else np.zeros(0)
    found: dict[str, list[str]] = {}
    for row in np.argsort(-near):
        kind, owner = index.owners[index.owner_of[row]]
        if kind == "fact" and owner not in found and owner != (fact.id if fact is not None else DRAFT):
            places = np.flatnonzero(index.owner_of == index.owner_of[row])[:WORDINGS_EACH]
            found[owner] = [index.texts[place] for place in places]
        if len(found) == NEIGHBOURS:
            break
    return [text for texts in found.values() for text in texts]


def _reviewed(session: Session, vectors: np.ndarray) -> list[str]:
    """Return the questions of reviewed conversations that come nearest to the draft, of those that stand by themselves."""
    alone = select(RegressionQuestion.text).where(RegressionQuestion.before == "")
    texts = list(session.execute(alone.order_by(RegressionQuestion.id.desc()).limit(2000)).scalars())
    near = {text: float((vectors @ sentence_vector(text)).max()) for text in texts}
    return sorted(near, key=lambda text: -near[text])[:REVIEWED]

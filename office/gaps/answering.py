"""Where a gap becomes a fact: what staff answer, set aside or take back."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from office.base.audit import audit
from office.base.database import take_turn
from office.base.errors import BadInput, Conflict
from office.base.staff import Staff, require
from office.choosing.index import content_words
from office.enquiries.anonymous import without_details
from office.facts.editing import Encode, add_fact, retire
from office.facts.files import Topic
from office.facts.model import Fact
from office.facts.published import published_details
from office.facts.typed import FactWords
from office.gaps.model import LONGEST_REASON, STATE_TITLES, Gap, questions_of

_LEANS = re.compile(r"^(and|but|so|or|then|what about|how about|also)\b|\b(it|that|they|them|those|these|this|her|his|him|he|she)\b", re.I)


def set_aside(session: Session, gap: Gap, reason: str, *, by: Staff, now: datetime) -> Gap:
    """Close a gap as not ours to answer. Raises BadInput without a reason, Conflict where somebody has closed it meanwhile."""
    require(by, "work facts")
    reason = " ".join(reason.replace("\0", "").split())
    if not 0 < len(reason) <= LONGEST_REASON:
        raise BadInput("reason", f"Please say in up to {LONGEST_REASON} characters why it is not ours.")
    must_be_open(session, gap)
    gap.state, gap.reason, gap.closed_by, gap.closed = "not_ours", reason, by.id, now
    audit(session, "change", f"gap {gap.id}", by=by, now=now, state="not ours")
    session.flush()
    return gap


def answer_gap(
    session: Session, gap: Gap, words: FactWords, topics: dict[str, Topic], *, trust: str, by: Staff, encode: Encode, encoder: str,
    now: datetime,
) -> Fact:  # fmt: skip
    """Make a fact of what a member of staff answers to a gap and close the gap with it; the next visitor gets it.

    Where `words` names no wordings, the gap's own are taken. Raises BadInput, Conflict, NotFound.
    """
    require(by, "work facts")
    must_be_open(session, gap)
    if not words.wordings:
        words = replace(words, wordings=tuple(proposed_wordings(session, gap)))
    fact = add_fact(session, trust, words, topics, by=by, encode=encode, encoder=encoder, now=now, gap=gap.id)
    gap.state, gap.fact, gap.reason, gap.closed_by, gap.closed = "answered", fact.id, None, by.id, now
    session.flush()
    return fact


def proposed_wordings(session: Session, gap: Gap, *, most: int = 30) -> list[str]:
    """Return the different ways a gap's question was put, personal details removed, those that lean on the talk before left out."""
    texts = [without_details(asked.text, published_details(session)) for asked in questions_of(session, gap, limit=300)] or [gap.text]
    distinct = {" ".join(re.findall(r"\w+", text.lower())): text for text in reversed(texts)}
    alone = [text for text in distinct.values() if not _LEANS.search(text) and content_words(text)]
    return (alone or [gap.text])[:most]


def undo_answer(session: Session, gap: Gap, *, by: Staff, now: datetime) -> Gap:
    """Take an answer back: the fact that was made for it is retired, and the gap is open again; the log has an entry for each."""
    require(by, "work facts")
    fact = session.get(Fact, gap.fact) if gap.fact else None
    if fact is not None and not fact.retired:
        retire(session, fact, by=by, now=now)
    return reopen(session, gap, by=by, now=now)


def reopen(session: Session, gap: Gap, *, by: Staff, now: datetime) -> Gap:
    """Put a gap back into the list; a fact that was to answer it stays named beside it. One that is open stays as it is."""
    require(by, "work facts")
    if gap.state == "open":
        return gap
    audit(session, "change", f"gap {gap.id}", by=by, now=now, state=f"{STATE_TITLES[gap.state].lower()} → open")
    gap.state, gap.reason, gap.closed_by, gap.closed = "open", None, None, None
    session.flush()
    return gap


def must_be_open(session: Session, gap: Gap) -> None:
    """Hold a gap back for whoever closes it. Raises Conflict where somebody has closed it meanwhile; the text says who and how."""
    take_turn(session, f"gap {gap.id}")
    session.refresh(gap)
    if gap.state == "open":
        return
    who = session.execute(select(Staff.name).where(Staff.id == gap.closed_by)).scalar() or "somebody"
    how = f"said that it is not ours: {gap.reason}" if gap.state == "not_ours" else "has answered it"
    raise Conflict(f"This question is closed already: {who} {how}")

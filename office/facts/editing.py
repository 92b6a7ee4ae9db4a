"""Facts in the hands of staff: added, edited, retired, brought back, each with who and when, and each step can be undone."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Callable, Iterable

import numpy as np
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from office.base.audit import audit
from office.base.database import take_turn
from office.base.errors import Conflict, NotFound
from office.base.staff import Staff, require
from office.base.workdays import london_day
from office.facts.figures import figures_in, in_step
from office.facts.files import Topic
from office.facts.model import Fact, FactVersion, Subject, Trust, Wording, keep_wordings, note_change, note_contradictions
from office.facts.typed import FactWords, checked

Encode = Callable[[list[str]], np.ndarray]
EDITABLE = ("topic", "says", "values", "section", "valid_from", "valid_until", "review", "audience", "owner", "retired", "person", "as_of")
ASIDE = frozenset({"owner", "review", "wordings"})  # who looks after it, when, and how it is asked say nothing else than the file does
DATES = ("valid_from", "valid_until", "review")
BEHIND_THE_FILES = 1_000_000  # position of staff's facts: behind all of their trust's file
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"


def get_fact(session: Session, fact_id: str) -> Fact:
    """Return a fact. Raises NotFound."""
    fact = session.get(Fact, fact_id) if re.fullmatch(r"[a-z0-9_.]{1,120}", fact_id) else None
    if fact is None:
        raise NotFound("there is no such fact")
    return fact


def mark_of(session: Session, fact: Fact) -> str:
    """Return a short mark of how a fact stands now. Who saves over another mark is told that it was changed meanwhile."""
    now = {column: getattr(fact, column) for column in EDITABLE} | {"wordings": _own_wordings(session, fact)}
    return hashlib.sha256(json.dumps(now, default=str, sort_keys=True).encode()).hexdigest()[:16]


def add_fact(
    session: Session, trust: str, words: FactWords, topics: dict[str, Topic], *, by: Staff, encode: Encode, encoder: str, now: datetime,
    gap: int | None = None,
) -> Fact:  # fmt: skip
    """Keep a fact that a member of staff vouches for, today, with the ways people ask for it; the next visitor gets it.

    Figures that nobody typed are read out of the sentence. `gap` is the number of the gap it answers. Raises BadInput, and NotFound
    for an unknown trust.
    """
    require(by, "work facts")
    words = checked(words, topics)
    words = words if words.values else replace(words, values=figures_in(words.says))
    if session.get(Trust, trust) is None:
        raise NotFound("there is no such trust")
    short = f"{words.topic[:40]}_{''.join(secrets.choice(_LETTERS) for _ in range(6))}"
    subject = Subject(id=f"{trust}.staff_{short}", trust=trust, title=topics[words.topic].title, topic=words.topic)
    session.add(subject)
    session.flush()
    fact = Fact(
        id=f"{trust}.staff.{short}", trust=trust, topic=words.topic, subject=subject.id, position=BEHIND_THE_FILES, says=words.says,
        values=list(words.values), person=by.name, section=words.section or None, as_of=london_day(now).isoformat(),
        valid_from=words.valid_from, valid_until=words.valid_until, review=words.review, audience=words.audience,
        owner=words.owner or by.id,
    )  # fmt: skip
    session.add(fact)
    session.flush()
    session.add(FactVersion(fact=fact.id, staff=by.id, at=now, was={}))
    texts = list(dict.fromkeys([*words.wordings, words.says]))
    keep_wordings(session, "fact", fact.id, texts, encode(texts), encoder)
    _changed(session, now)
    audit(session, "add", f"fact {fact.id}", by=by, now=now, **({} if gap is None else {"gap": gap}))
    return fact


def _noted(session: Session, fact: Fact, what: str, by: Staff, now: datetime) -> None:
    audit(session, "change", f"fact {fact.id}", by=by, now=now, what=what)


def _changed(session: Session, now: datetime) -> None:
    session.flush()
    note_contradictions(session, now=now)
    note_change(session)
    session.flush()


def edit_fact(
    session: Session, fact: Fact, words: FactWords, topics: dict[str, Topic], *, by: Staff, encode: Encode, encoder: str, now: datetime,
    seen: str | None = None,
) -> Fact:  # fmt: skip
    """Change what a fact says; from now on staff's words apply, also over a newer file.

    `seen` is the mark of the fact as it was shown. Raises BadInput, and Conflict where it was changed meanwhile.
    The wordings of a staff fact are replaced by those given, and who changes what it says vouches for it from today;
    a file's own wordings and source stay with their file. Typed figures go with the sentence.
    """
    require(by, "work facts")
    _not_changed_since(session, fact, seen)
    words = checked(words, topics)
    if words.values:
        words = replace(words, values=in_step(fact.says, words.says, words.values))
    elif fact.document is None and not fact.values:
        words = replace(words, values=figures_in(words.says))
    changes: dict[str, Any] = {
        "topic": words.topic if fact.document is None else fact.topic, "says": words.says, "values": list(words.values),
        "section": (words.section or None) if fact.document is None else fact.section, "valid_from": words.valid_from,
        "valid_until": words.valid_until, "review": words.review, "audience": words.audience, "owner": words.owner,
    }  # fmt: skip
    wordings = None
    if fact.document is None:
        wordings = sorted(set(words.wordings) - {words.says})
        if (words.says, list(words.values)) != (fact.says, fact.values):
            changes |= {"person": by.name, "as_of": london_day(now).isoformat()}
    _rewrite(session, fact, changes, wordings, by=by, encode=encode, encoder=encoder, now=now)
    _noted(session, fact, "edited", by, now)
    return fact


def _rewrite(
    session: Session, fact: Fact, changes: dict[str, Any], wordings: list[str] | None, *, by: Staff, encode: Encode, encoder: str,
    now: datetime,
) -> None:  # fmt: skip
    """Change a fact, and how it is found by its sentence and, where they are given, its wordings."""
    before = str(fact.says)
    _change(session, fact, changes, by=by, now=now, wordings=wordings)
    if fact.document is None:
        session.get(Subject, fact.subject).topic = fact.topic  # type: ignore[union-attr]
    if wordings is not None:
        _replace_wordings(session, fact, [*wordings, fact.says], encode, encoder)
    else:
        _replace_sentence(session, fact, before, encode, encoder)
    _changed(session, now)


def _change(session: Session, fact: Fact, changes: dict[str, Any], *, by: Staff, now: datetime, wordings: list[str] | None = None) -> None:
    """Set columns of a fact and keep what they were, its wordings too; nothing where nothing differs."""
    was = {column: _plain(getattr(fact, column)) for column, value in changes.items() if getattr(fact, column) != value}
    columns = list(was)
    if wordings is not None and wordings != (had := _own_wordings(session, fact)):
        was["wordings"] = had
    if not was:
        return
    session.add(FactVersion(fact=fact.id, staff=by.id, at=now, was=was))
    for column in columns:
        setattr(fact, column, changes[column])
    if set(was) - ASIDE:
        fact.edited_by, fact.edited_at = by.name, now
    session.flush()


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _not_changed_since(session: Session, fact: Fact, seen: str | None) -> None:
    take_turn(session, fact.id)
    session.refresh(fact)
    if seen is None or seen == mark_of(session, fact):
        return
    latest = session.execute(
        select(Staff.name, FactVersion.was).join(Staff, FactVersion.staff == Staff.id, isouter=True)
        .where(FactVersion.fact == fact.id).order_by(FactVersion.id.desc()).limit(1)
    ).first()  # fmt: skip
    who = latest.name if latest and latest.name else "Somebody"
    raise Conflict(f"{who} has changed this fact meanwhile, so yours was not saved. It now says: {fact.says}")


def _replace_wordings(session: Session, fact: Fact, texts: Iterable[str], encode: Encode, encoder: str) -> None:
    wanted = list(dict.fromkeys(texts))
    have = {row.text: row for row in session.execute(select(Wording).where(Wording.kind == "fact", Wording.owner == fact.id)).scalars()}
    for text, row in have.items():
        if text not in wanted:
            session.delete(row)
    new = [text for text in wanted if text not in have]
    session.flush()
    if new:
        keep_wordings(session, "fact", fact.id, new, encode(new), encoder)


def _replace_sentence(session: Session, fact: Fact, before: str, encode: Encode, encoder: str) -> None:
    """Let a fact of a file be found by its new sentence, and no more by its old one."""
    if before == fact.says:
        return
    session.execute(delete(Wording).where(Wording.kind == "fact", Wording.owner == fact.id, Wording.text == before))
    known = select(Wording.id).where(Wording.kind == "fact", Wording.owner == fact.id, Wording.text == fact.says)
    if session.execute(known).scalar() is None:
        keep_wordings(session, "fact", fact.id, [fact.says], encode([fact.says]), encoder)


def wordings_of(session: Session, fact: Fact) -> list[str]:
    """Return the ways people ask for a fact, its own sentence left out."""
    query = select(Wording.text).where(Wording.kind == "fact", Wording.owner == fact.id, Wording.text != fact.says)
    return list(session.execute(query.order_by(Wording.id)).scalars())


def _own_wordings(session: Session, fact: Fact) -> list[str]:
    """Return the wordings that staff may change, in order of the alphabet: none of a fact whose file holds them."""
    return sorted(wordings_of(session, fact)) if fact.document is None else []


def retire(session: Session, fact: Fact, *, by: Staff, now: datetime, seen: str | None = None) -> Fact:
    """State a fact no more; it stays here and can be brought back. Raises Conflict."""
    require(by, "work facts")
    _not_changed_since(session, fact, seen)
    _change(session, fact, {"retired": True}, by=by, now=now)
    _changed(session, now)
    _noted(session, fact, "retired", by, now)
    return fact


def restore(session: Session, fact: Fact, *, by: Staff, now: datetime, seen: str | None = None) -> Fact:
    """State a retired fact again. Raises Conflict."""
    require(by, "work facts")
    _not_changed_since(session, fact, seen)
    _change(session, fact, {"retired": False}, by=by, now=now)
    _changed(session, now)
    _noted(session, fact, "restored", by, now)
    return fact


@dataclass(frozen=True)
class FactChange:
    """One line of a fact's history: who changed what, when, from what to what. Nothing changed where it was added."""

    id: int
    who: str
    at: datetime
    fields: dict[str, tuple[Any, Any]]


def history_of(session: Session, fact: Fact) -> list[FactChange]:
    """Return a fact's history, newest first."""
    rows = session.execute(
        select(FactVersion, Staff.name).join(Staff, FactVersion.staff == Staff.id, isouter=True)
        .where(FactVersion.fact == fact.id).order_by(FactVersion.id.desc())
    ).all()  # fmt: skip
    now = {column: _plain(getattr(fact, column)) for column in EDITABLE} | {"wordings": _own_wordings(session, fact)}
    found = []
    for version, name in rows:
        found.append(FactChange(version.id, name or "", version.at, {column: (was, now[column]) for column, was in version.was.items()}))
        now.update(version.was)
    return found


def undo_to(
    session: Session, fact: Fact, version: int, *, by: Staff, encode: Encode, encoder: str, now: datetime, seen: str | None = None
) -> Fact:
    """Make a fact what it was before a change of its history; that is a change of its own. Raises NotFound, Conflict."""
    require(by, "work facts")
    _not_changed_since(session, fact, seen)
    query = select(FactVersion).where(FactVersion.fact == fact.id, FactVersion.id >= version).order_by(FactVersion.id.desc())
    versions = session.execute(query).scalars().all()
    if not versions or versions[-1].id != version or not versions[-1].was:
        raise NotFound("there is no such change")
    back: dict[str, Any] = {}
    for one in versions:
        back.update(one.was)
    wordings = back.pop("wordings", None)
    changes = {column: date.fromisoformat(was) if column in DATES and was else was for column, was in back.items()}
    _rewrite(session, fact, changes, wordings, by=by, encode=encode, encoder=encoder, now=now)
    _noted(session, fact, "undone", by, now)
    return fact


def take_files_words(session: Session, fact: Fact, *, by: Staff, encode: Encode, encoder: str, now: datetime) -> Fact:
    """Give up staff's words for the newer ones its file offers. Raises Conflict where it offers none."""
    require(by, "work facts")
    offers = fact.file_offers
    if offers is None:
        raise Conflict("The file offers no other words for this fact any more.")
    before = str(fact.says)
    _change(session, fact, {"says": offers["says"], "values": offers["values"]}, by=by, now=now)
    fact.file_offers, fact.file_digest = None, offers["digest"]
    fact.edited_by = fact.edited_at = None  # from now on the file's words stand again
    _replace_sentence(session, fact, before, encode, encoder)
    _changed(session, now)
    _noted(session, fact, "words of file kept", by, now)
    return fact


def keep_staffs_words(session: Session, fact: Fact, *, by: Staff, now: datetime) -> Fact:
    """Keep staff's words: the conflict is settled until the file changes again. Raises Conflict where there is none."""
    require(by, "work facts")
    offers = fact.file_offers
    if offers is None:
        raise Conflict("The file offers no other words for this fact any more.")
    fact.file_offers, fact.file_digest = None, offers["digest"]
    _noted(session, fact, "words of staff kept", by, now)
    session.flush()
    return fact

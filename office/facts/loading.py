"""Loading the files of facts into the database: idempotent, all or nothing, and never over staff's own words."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Callable

import numpy as np
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from office.facts.files import TrustFile, digest, read_all, read_examples
from office.facts.model import (
    Contradiction,
    Document,
    Fact,
    Revision,
    Subject,
    Trust,
    Wording,
    keep_wordings,
    note_change,
    note_contradictions,
    pack,
)

Encode = Callable[[list[str]], np.ndarray]
FILE_COLUMNS = ("topic", "says", "values", "section", "valid_from", "valid_until", "audience", "review")


@dataclass(frozen=True)
class LoadingResult:
    """What a load did: numbers of facts, of wordings whose vectors were made, and what staff should look at."""

    unchanged: bool
    facts: int
    encoded: int
    contradictions: int
    staff_wins: int


def load_facts(
    session: Session, facts: Path, nlu: Path, encode: Encode, encoder: str, *, now: datetime, again: bool = False
) -> LoadingResult:
    """Bring the database to what the files say; do nothing where neither they nor the encoder changed.

    `encode` gives unit vectors, shape (n, 384). A fact that staff edited keeps their words; the file's newer ones wait in
    `file_offers`. A fact that left its file is retired, not deleted. Raises BadFactFile before anything is changed.
    """
    wanted = digest([facts, nlu], encoder)
    revision = session.get(Revision, 1)
    if revision is not None and revision.loaded_digest == wanted and not again:
        return _counts(session, unchanged=True, encoded=0)
    topics, files = read_all(facts)
    examples = read_examples(nlu)
    staff_facts = _staff_facts(session)
    for file in files:
        _load_trust(session, file)
    session.flush()
    _retire_missing(session, {fact["id"] for file in files for fact in file.facts} | _in_no_file(session))
    wordings: dict[tuple[str, str], list[str]] = {("topic", topic): examples.get(topic, []) for topic in topics}
    for file in files:
        trust = file.trust["id"]
        wordings.update({("subject", f"{trust}.{key}"): subject["asked_as"] for key, subject in file.subjects.items()})
        for fact in file.facts:
            wordings["fact", fact["id"]] = [*fact["asked_as"], session.get(Fact, fact["id"]).says]
    encoded = _load_wordings(session, wordings, staff_facts, encode, encoder)
    session.flush()
    note_contradictions(session, now=now)
    note_change(session)
    session.flush()
    session.get(Revision, 1).loaded_digest = wanted  # type: ignore[union-attr]
    session.flush()
    return _counts(session, unchanged=False, encoded=encoded)


def _counts(session: Session, *, unchanged: bool, encoded: int) -> LoadingResult:
    facts = session.execute(select(Fact.id, Fact.file_offers).where(Fact.retired.is_(False))).all()
    flags = session.execute(select(Contradiction.id)).all()
    return LoadingResult(unchanged, len(facts), encoded, len(flags), sum(offers is not None for _, offers in facts))


def _staff_facts(session: Session) -> set[str]:
    """Return the ids of facts that staff added: no file answers for them."""
    return set(session.execute(select(Fact.id).where(Fact.document.is_(None))).scalars())


def _in_no_file(session: Session) -> set[str]:
    """Return the ids of staff's facts that no file ever held; one that was exported, and is gone from its file, is retired with it."""
    return set(session.execute(select(Fact.id).where(Fact.document.is_(None), Fact.file_digest.is_(None))).scalars())


def _load_trust(session: Session, file: TrustFile) -> None:
    trust = file.trust["id"]
    session.merge(
        Trust(
            id=trust, name=file.trust["name"], short=file.trust["short"], aliases=file.trust["aliases"],
            contact_fact=file.trust["contact"],
        )
    )  # fmt: skip
    session.flush()
    for key, document in file.documents.items():
        session.merge(Document(id=f"{trust}.{key}", trust=trust, title=document["title"], as_of=document["as_of"], dated=document["dated"]))
    for key, subject in file.subjects.items():
        session.merge(Subject(id=f"{trust}.{key}", trust=trust, title=subject["title"], topic=subject["topic"]))
    session.flush()
    for position, said in enumerate(file.facts):
        _load_fact(session, file, position, said)


def _load_fact(session: Session, file: TrustFile, position: int, said: dict[str, Any]) -> None:
    trust = file.trust["id"]
    words = {column: said[column] for column in FILE_COLUMNS}
    mark = hashlib.sha256(json.dumps(words, default=str, sort_keys=True).encode()).hexdigest()
    fact = session.get(Fact, said["id"])
    if fact is None:
        fact = Fact(id=said["id"], trust=trust, **words)
        session.add(fact)
    elif fact.edited_at is not None and _says_the_same(fact, words, by_person=said["person"] is not None):
        fact.file_offers, fact.edited_by, fact.edited_at = None, None, None  # the file has come to say what staff said
        fact.section = words["section"]
    elif fact.edited_at is not None:
        fact.file_offers = {"says": said["says"], "values": said["values"], "digest": mark} if fact.file_digest != mark else None
        if fact.file_digest is None:  # it had left its file, and is back
            fact.retired = False
    else:
        fact.file_offers = None
        fact.retired = False
        for column, value in words.items():
            setattr(fact, column, value)
    fact.subject, fact.position = f"{trust}.{said['subject']}", position
    if said["person"] is not None:
        fact.document = None
        if fact.edited_at is None:  # who edited it vouches for it until the file says so too
            fact.person, fact.as_of = said["person"], said["as_of"]
    else:
        fact.document, fact.person = f"{trust}.{said['document']}", None
        fact.as_of = file.documents[said["document"]]["as_of"]
    if fact.edited_at is None:
        fact.file_digest = mark


def _says_the_same(fact: Fact, words: dict[str, Any], *, by_person: bool) -> bool:
    """Return whether an entry says what a fact says; in one by a person no section stands, whatever the document's was."""
    apart = {"section"} if by_person and fact.document is not None else set()
    return all(getattr(fact, column) == value for column, value in words.items() if column not in apart)


def _retire_missing(session: Session, kept: set[str]) -> None:
    for fact in session.execute(select(Fact).where(Fact.retired.is_(False))).scalars():
        if fact.id not in kept:
            fact.retired, fact.file_digest = True, None


def _load_wordings(session: Session, wanted: dict[tuple[str, str], list[str]], staff_facts: set[str], encode: Encode, encoder: str) -> int:
    """Keep just the wanted wordings of the files, and make vectors only for the new ones; give their number."""
    known: dict[tuple[str, str, str], Wording] = {
        (row.kind, row.owner, row.text): row for row in session.execute(select(Wording)).scalars()
    }
    fresh = [(kind, owner, text) for (kind, owner), texts in wanted.items() for text in dict.fromkeys(texts)]
    fresh_keys = set(fresh)
    stale = {key for key, row in known.items() if row.encoder != encoder}
    gone = [
        row.id for key, row in known.items() if (key[0] != "fact" or key[1] not in staff_facts) and (key in stale or key not in fresh_keys)
    ]
    for start in range(0, len(gone), 500):
        session.execute(delete(Wording).where(Wording.id.in_(gone[start : start + 500])))
    new = [key for key in fresh if key not in known or key in stale]
    renewed = [key for key in stale if key[0] == "fact" and key[1] in staff_facts]
    vectors = encode([text for _, _, text in new + renewed])
    for (kind, owner, text), vector in zip(new, vectors):
        keep_wordings(session, kind, owner, [text], vector[None], encoder)
    for key, vector in zip(renewed, vectors[len(new) :]):
        known[key].vector, known[key].encoder = pack(vector), encoder
    return len(new) + len(renewed)

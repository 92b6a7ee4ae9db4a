"""What the database has learned, brought back to the files: wordings to train on, questions to measure, facts and edits of staff."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString
from sqlalchemy import select
from sqlalchemy.orm import Session

from office.base.workdays import LONDON
from office.facts.editing import wordings_of
from office.facts.likeness import KnownTexts
from office.facts.model import Fact, Subject, Wording, is_current
from office.gaps.model import RegressionQuestion

LEARNED, REVIEWED = "learned.yml", "reviewed.yml"
NLU_HEAD = """# Ways visitors asked what staff then answered in the inbox. Written by `make learn` from the database; change nothing here by hand.
version: "3.1"

nlu:
"""
REVIEWED_HEAD = """# Questions out of conversations that staff reviewed in the inbox. Written by `make learn` from the database; change nothing here
# by hand. Personal details were removed. None of them is trained on.

"""
EXPORTED = ("says", "values", "valid_from", "valid_until", "audience", "review")
OF_PEOPLE = ("section", "topic", "person", "as_of")  # exported too where no document stands behind a fact
_NOT_TRAINED_ON = re.compile(r"^[/\-#]|[\[\]{}]")  # what Rasa reads as more than words


@dataclass
class Learned:
    """What `learn` wrote: numbers of wordings and questions, and what it left out, each with the reason."""

    wordings: int = 0
    questions: int = 0
    left_out: list[str] = field(default_factory=list)


def learn(
    session: Session, nlu: Path, questions: Path, others: Iterable[tuple[str, str]], *, topics: Collection[str], today: date
) -> Learned:
    """Write `nlu`/learned.yml and `questions`/reviewed.yml anew from the database; the same database gives the same files.

    `others` are all other texts that are measured or tuned on, as (where, text); `topics` are those of topics.yml. No text is ever both learned and measured: a
    reviewed question is not learned, and one that stands in what people wrote for training is not measured.
    """
    learned = Learned()
    trained = [text for path in sorted(nlu.glob("*.yml")) if path.name != LEARNED for text in _examples_of(path)]
    measured = _write_reviewed(
        session, questions / REVIEWED, KnownTexts([*trained, *_file_wordings(session)]), list(others), learned, today
    )
    _write_wordings(session, nlu / LEARNED, topics, trained, KnownTexts(measured), learned, today)
    return learned


def _examples_of(path: Path) -> list[tuple[str, str]]:
    found = []
    for item in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("nlu") or []:
        lines = (line.strip()[2:].strip() for line in item.get("examples", "").splitlines() if line.strip().startswith("- "))
        found += [(item.get("intent", path.name), re.sub(r"\[([^\]]*)\](\([^)]*\)|\{[^}]*\})", r"\1", line)) for line in lines]
    return found


def _file_wordings(session: Session) -> list[tuple[str, str]]:
    """Return the wordings that stand in the files of facts: of subjects, and of facts that a file holds."""
    documented = select(Fact.id).where(Fact.document.is_not(None) | Fact.file_digest.is_not(None))
    query = select(Wording.owner, Wording.text).where((Wording.kind == "subject") | Wording.owner.in_(documented))
    return [(row.owner, row.text) for row in session.execute(query.order_by(Wording.id))]


def _is_told(fact: Fact, today: date) -> bool:
    return fact.audience == "public" and is_current(fact, today)


def _write_reviewed(
    session: Session, file: Path, trained: KnownTexts, others: list[tuple[str, str]], learned: Learned, today: date
) -> list[tuple[str, str]]:
    """Write the reviewed questions; give all texts that are measured."""
    measured = list(others)
    facts = {fact.id: fact for fact in session.execute(select(Fact)).scalars()}
    taken = KnownTexts(others)
    rows = []
    for one in session.execute(select(RegressionQuestion).order_by(RegressionQuestion.id)).scalars():
        given = next((facts[name] for name in one.facts.split() if name in facts and _is_told(facts[name], today)), None)
        if one.outcome == "answered" and given is None:
            learned.left_out.append(f"question {one.id}: no fact that answered it is told to visitors now")
        elif not one.before and taken.same_as(one.text):
            learned.left_out.append(f"question {one.id}: it is measured already")
        elif trained.hold(one.text):
            learned.left_out.append(f"question {one.id}: it stands in what is trained on")
        else:
            rows.append(_question(one, given))
            measured.append((f"reviewed-{one.id:05}", one.text))
    learned.questions = len(rows)
    _write(file, REVIEWED_HEAD + "\n".join(rows) if rows else "")
    return measured


def _question(one: RegressionQuestion, given: Fact | None) -> str:
    """Return a question as evaluation/questions has it: what is answered must say the fact's own sentence."""
    turns = ", ".join(_quoted(turn) for turn in (*one.before.splitlines(), one.text))
    lines = [f"- id: reviewed-{one.id:05}", "  kind: reviewed", f"  turns: [{turns}]", f"  expect: {one.outcome}"]
    if one.outcome == "answered" and given is not None:
        lines += [f"  section: {_quoted(given.id)}", f"  says: [[{_quoted(re.escape(given.says))}]]"]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _write_wordings(
    session: Session,
    file: Path,
    known_topics: Collection[str],
    trained: list[tuple[str, str]],
    measured: KnownTexts,
    learned: Learned,
    today: date,
) -> None:
    """Write the wordings of staff's public facts by topic, those left out that stand elsewhere."""
    known = KnownTexts(trained)
    topics: dict[str, list[str]] = {}
    staffs = select(Fact).where(Fact.document.is_(None), Fact.retired.is_(False), Fact.audience == "public").order_by(Fact.id)
    seen: list[tuple[str, str]] = []
    for fact in session.execute(staffs).scalars():
        if fact.valid_until is not None and fact.valid_until < today:
            continue
        for text in wordings_of(session, fact):
            if fact.topic not in known_topics:
                learned.left_out.append(f"a wording of {fact.id}: topics.yml has no topic {fact.topic}")
            elif _NOT_TRAINED_ON.search(text):
                learned.left_out.append(f"a wording of {fact.id}: it has signs that Rasa reads as more than words")
            elif known.same_as(text) or KnownTexts(seen).same_as(text):
                learned.left_out.append(f"a wording of {fact.id}: it is trained on already")
            elif measured.hold(text):
                learned.left_out.append(f"a wording of {fact.id}: it is measured, so it must not be trained on")
            else:
                seen.append((fact.id, text))
                topics.setdefault(fact.topic, []).append(text)
    learned.wordings = len(seen)
    blocks = [
        f"- intent: ask/{topic}\n  examples: |\n" + "".join(f"    - {text}\n" for text in sorted(texts))
        for topic, texts in sorted(topics.items())
    ]
    _write(file, NLU_HEAD + "\n".join(blocks) if blocks else "")


def _write(file: Path, text: str) -> None:
    """Write a file as a whole, or take it away where nothing is to be in it; untouched where nothing changes."""
    if not text:
        file.unlink(missing_ok=True)
    elif not file.exists() or file.read_text(encoding="utf-8") != text:
        beside = file.with_suffix(".new")
        beside.write_text(text, encoding="utf-8")
        beside.replace(file)


@dataclass
class Exported:
    """What `export_facts` changed in the files, by the facts' ids; `by_hand` are facts of files that staff retired."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    by_hand: list[str] = field(default_factory=list)


def export_facts(session: Session, folder: Path, measured: Iterable[tuple[str, str]]) -> Exported:
    """Bring what staff added and edited back to the trusts' files; comments and order stay. Twice changes nothing more.

    `measured` are the texts of the evaluation: none of them becomes a wording in a file.
    """
    exported, apart = Exported(), KnownTexts(measured)
    facts = {fact.id: fact for fact in session.execute(select(Fact).order_by(Fact.id)).scalars()}
    documents = [(path, _round_trip().load(path.read_text(encoding="utf-8"))) for path in sorted(folder.glob("*.yml"))]
    files = [(path, content) for path, content in documents if "trust" in content]
    taken = {text.lower(): item["id"] for _, content in files for item in content["facts"] for text in item.get("asked_as", [])}
    for path, content in files:
        _take_over_edits(content, facts, exported)
        here = {item["id"] for item in content["facts"]}
        for fact in facts.values():
            if fact.trust == content["trust"]["id"] and fact.document is None and not fact.retired and fact.id not in here:
                _append(session, content, fact, apart, taken)
                exported.added.append(fact.id)
        out = io.StringIO()
        _round_trip().dump(content, out)
        _write(path, out.getvalue())
    return exported


def _round_trip() -> YAML:
    reader: Any = YAML()
    reader.preserve_quotes, reader.width = True, 100_000
    return reader


def _take_over_edits(content: CommentedMap, facts: dict[str, Fact], exported: Exported) -> None:
    items = content["facts"]
    for place in range(len(items) - 1, -1, -1):
        item = items[place]
        fact = facts.get(item["id"])
        if fact is None:
            continue
        if fact.retired and fact.edited_at is not None:
            if "person" in item:
                content["subjects"].pop(item["subject"], None)
                del items[place]
                exported.removed.append(fact.id)
            else:
                exported.by_hand.append(fact.id)
        elif (fact.edited_at is not None or fact.review != item.get("review")) and _update(item, fact):
            exported.changed.append(fact.id)


def _update(item: CommentedMap, fact: Fact) -> bool:
    """Give an entry the fact's words; return whether any differed."""
    before: dict[str, Any] = {key: item.get(key) for key in (*EXPORTED, *OF_PEOPLE)}
    says_other = item["says"] != fact.says or [dict(one) for one in item.get("values", [])] != fact.values
    if says_other and "person" not in item and fact.edited_by and fact.edited_at:  # no document says this: who wrote it vouches for it
        for key in ("document", "section", "covers"):
            _put(item, key, None)
        _put(item, "person", fact.edited_by)
        _put(item, "as_of", DoubleQuotedScalarString(fact.edited_at.astimezone(LONDON).date().isoformat()))
    for key in EXPORTED:
        value = getattr(fact, key)
        if key == "values":
            if [dict(one) for one in item.get("values", [])] != fact.values:
                _put(item, "values", _values(fact.values) if fact.values else None)
        elif key == "audience":
            _put(item, key, value if value != "public" or key in item else None)
        elif item.get(key) != value:
            _put(item, key, value)
    for key in OF_PEOPLE if fact.person else ():
        if item.get(key) != getattr(fact, key):
            _put(item, key, DoubleQuotedScalarString(fact.as_of) if key == "as_of" else getattr(fact, key))
    return before != {key: item.get(key) for key in before}


def _put(item: CommentedMap, key: str, value: Any) -> None:
    if value is not None:
        if key in item:
            item[key] = value
        else:
            item.insert(list(item).index("asked_as") if "asked_as" in item else len(item), key, value)
    elif key in item:
        del item[key]


def _values(values: list[dict[str, Any]]) -> CommentedSeq:
    rows = CommentedSeq()
    for value in values:
        row = CommentedMap((key, value[key]) for key in ("kind", "of", "value", "unit") if key in value)
        row.fa.set_flow_style()
        rows.append(row)
    return rows


def _append(session: Session, content: CommentedMap, fact: Fact, apart: KnownTexts, taken: dict[str, str]) -> None:
    """Put a staff fact behind the others of its trust, with a subject of its own."""
    key = fact.subject.partition(".")[2]
    subject = session.get(Subject, fact.subject)
    content["subjects"][key] = CommentedMap(title=subject.title if subject else fact.topic, topic=fact.topic)
    texts = []
    for text in wordings_of(session, fact):
        if not apart.hold(text) and taken.setdefault(text.lower(), fact.id) == fact.id:
            texts.append(text)
    item = CommentedMap(id=fact.id, topic=fact.topic, subject=key, says=fact.says)
    if fact.values:
        item["values"] = _values(fact.values)
    item["person"], item["as_of"] = fact.person, DoubleQuotedScalarString(fact.as_of)
    for column in ("section", "valid_from", "valid_until", "review"):
        if getattr(fact, column):
            item[column] = getattr(fact, column)
    if fact.audience != "public":
        item["audience"] = fact.audience
    if texts:
        item["asked_as"] = CommentedSeq(texts)
    content["facts"].append(item)

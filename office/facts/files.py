"""Reading `data/facts/*.yml` and `topics.yml`: every fault is refused with file, line and reason. Touches no database."""

from __future__ import annotations

import hashlib
import math
import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Iterator

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from office.base.errors import BadFactFile

KINDS = {
    "amount", "duration", "capacity", "count", "share", "frequency", "date", "phone", "email", "person", "role",
    "group", "organisation", "place", "link", "yes_no",
}  # fmt: skip
NUMBERED = {"amount", "count", "capacity", "share", "date"}  # whose value may be a number
LONGEST_SAYING, LONGEST_STAFF_SAYING, LONGEST_TEXT = 240, 500, 300
LONGEST_ID, LONGEST_WORDING = 120, 1000  # what the tables have room for
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
IDENTIFIER = re.compile(r"[a-z0-9_]+")


@dataclass(frozen=True)
class Topic:
    """What a question is about, as `topics.yml` words it; `not_known` is set where no document answers it."""

    id: str
    title: str
    choice: str
    button: str
    next: tuple[str, ...]
    near: tuple[str, ...] = ()
    crosses: bool = True
    not_known: str | None = None


@dataclass
class TrustFile:
    """One trust's file, checked: plain values only."""

    path: Path
    trust: dict[str, Any]
    documents: dict[str, dict[str, Any]]
    subjects: dict[str, dict[str, Any]]
    facts: list[dict[str, Any]] = field(default_factory=list)


class _Reader:
    """Takes one YAML mapping apart and knows the line of whatever is wrong with it."""

    def __init__(self, path: Path, node: Any, line: int) -> None:
        self.path, self.line = path, line
        if not isinstance(node, CommentedMap):
            raise self.fault("this must be a mapping of names to values")
        self.node = node

    def fault(self, reason: str, key: str | None = None) -> BadFactFile:
        line = self.line
        if key is not None and key in self.node:
            line = self.node.lc.key(key)[0] + 1
        return BadFactFile(self.path.name, line, reason)

    def allow(self, *names: str) -> None:
        for name in self.node:
            if name not in names:
                raise self.fault(f"{name!r} is not known here; known are {', '.join(names)}", name)

    def text(self, key: str, longest: int = LONGEST_TEXT) -> str:
        value = self.node.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self.fault(f"{key!r} must be a text", key)
        if len(value) > longest:
            raise self.fault(f"{key!r} is longer than {longest} characters", key)
        return self._plain(value, key)

    def _plain(self, value: str, key: str) -> str:
        joined = " ".join(value.split())
        if _CONTROL.search(joined):
            raise self.fault(f"{key!r} holds a control character", key)
        return joined

    def optional_text(self, key: str) -> str | None:
        return self.text(key) if key in self.node else None

    def identifier(self, key: str, longest: int = 60) -> str:
        value = self.text(key, longest)
        if not IDENTIFIER.fullmatch(value):
            raise self.fault(f"{key!r} may hold only small letters, digits and _", key)
        return value

    def texts(self, key: str, fewest: int = 0) -> list[str]:
        value = self.node.get(key, [])
        if not isinstance(value, list) or not all(isinstance(text, str) and text.strip() for text in value):
            raise self.fault(f"{key!r} must be a list of texts", key)
        if len(value) < fewest:
            raise self.fault(f"{key!r} needs at least {fewest}, here are {len(value)}", key)
        if any(len(text) > LONGEST_WORDING for text in value):
            raise self.fault(f"{key!r} holds a text longer than {LONGEST_WORDING} characters", key)
        return [self._plain(text, key) for text in value]

    def yes(self, key: str, otherwise: bool) -> bool:
        value = self.node.get(key, otherwise)
        if not isinstance(value, bool):
            raise self.fault(f"{key!r} must be true or false", key)
        return value

    def counts(self, key: str) -> dict[str, int]:
        value = self.node.get(key, {})
        if not isinstance(value, dict) or not all(type(count) is int and count >= 0 for count in value.values()):
            raise self.fault(f"{key!r} must be a mapping of sections to whole numbers", key)
        return {str(name): count for name, count in value.items()}

    def date(self, key: str) -> date | None:
        value = self.node.get(key)
        if value is not None and type(value) is not date:
            raise self.fault(f"{key!r} must be a date like 2026-09-01", key)
        return value

    def children(self, key: str) -> Iterator[tuple[str, _Reader]]:
        value = self.node.get(key)
        if not isinstance(value, CommentedMap):
            raise self.fault(f"{key!r} must be a mapping", key)
        for name in value:
            yield str(name), _Reader(self.path, value[name], value.lc.key(name)[0] + 1)

    def items(self, key: str) -> Iterator[_Reader]:
        value = self.node.get(key)
        if not isinstance(value, CommentedSeq):
            raise self.fault(f"{key!r} must be a list", key)
        for place, item in enumerate(value):
            yield _Reader(self.path, item, value.lc.item(place)[0] + 1)


def _open(path: Path) -> _Reader:
    return _Reader(path, _load(path, "rt"), 1)


def _load(path: Path, kind: str) -> Any:
    try:
        return YAML(typ=kind).load(path.read_text(encoding="utf-8"))
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadFactFile(path.name, line, f"this is not YAML: {error.problem}") from error
    except OSError as error:
        raise BadFactFile(path.name, 1, f"{path} cannot be read: {error.strerror}") from error
    except (YAMLError, UnicodeDecodeError) as error:
        raise BadFactFile(path.name, 1, f"this is not YAML in UTF-8: {error}") from error


def read_topics(path: Path) -> dict[str, Topic]:
    """Return the topics by id, in the file's order. Raises BadFactFile."""
    file = _open(path)
    topics: dict[str, Topic] = {}
    readers: dict[str, _Reader] = {}
    for item in file.items("topics"):
        item.allow("id", "title", "choice", "button", "next", "near", "crosses", "not_known")
        topic = item.identifier("id")
        if topic in topics:
            raise item.fault(f"topic {topic!r} stands here a second time", "id")
        readers[topic] = item
        topics[topic] = Topic(
            id=topic,
            title=item.text("title"),
            choice=item.text("choice"),
            button=item.text("button", 60),
            next=tuple(item.texts("next", 1)),
            near=tuple(item.texts("near")),
            crosses=item.yes("crosses", True),
            not_known=item.optional_text("not_known"),
        )
    for topic, known in topics.items():
        for key in ("next", "near"):
            for other in getattr(known, key):
                if other not in topics:
                    raise readers[topic].fault(f"{key!r} names the unknown topic {other!r}", key)
    return topics


def read_trust(path: Path, topics: dict[str, Topic]) -> TrustFile:
    """Return a trust's file, checked against the topics. Raises BadFactFile for the first thing wrong."""
    file = _open(path)
    file.allow("trust", "documents", "subjects", "facts")
    trust = _read_head(file)
    documents = {}
    for key, document in file.children("documents"):
        document.allow("title", "as_of", "dated", "units")
        documents[key] = {
            "title": document.text("title"), "as_of": document.text("as_of", 20), "dated": document.text("dated", 100),
            "units": document.counts("units"),
        }  # fmt: skip
    subjects = {}
    for key, subject in file.children("subjects"):
        subject.allow("title", "topic", "asked_as")
        if subject.text("topic") not in topics:
            raise subject.fault(f"the topic {subject.text('topic')!r} is not in topics.yml", "topic")
        subjects[key] = {
            "title": subject.text("title", 200), "topic": subject.text("topic"), "asked_as": subject.texts("asked_as"),
        }  # fmt: skip
    read = TrustFile(path, trust, documents, subjects)
    ids: dict[str, int] = {}
    for item in file.items("facts"):
        fact = _read_fact(item, read, topics)
        if fact["id"] in ids:
            raise item.fault(f"fact {fact['id']!r} stands already in line {ids[fact['id']]}", "id")
        ids[fact["id"]] = item.line
        read.facts.append(fact)
    contact = trust["contact"]
    if contact is not None and contact not in ids:
        raise file.fault(f"the contact {contact!r} is no fact of this file", "trust")
    return read


def _read_head(file: _Reader) -> dict[str, Any]:
    head = _Reader(file.path, file.node.get("trust"), 1)
    head.allow("id", "name", "short", "aliases", "loose_aliases", "contact")
    return {
        "id": head.identifier("id"), "name": head.text("name", 200), "short": head.text("short", 100),
        "aliases": [alias.lower() for alias in head.texts("aliases")], "contact": head.optional_text("contact"),
    }  # fmt: skip


def _read_fact(item: _Reader, file: TrustFile, topics: dict[str, Topic]) -> dict[str, Any]:
    item.allow(
        "id", "topic", "subject", "says", "values", "document", "section", "covers", "asked_as", "valid_from",
        "valid_until", "audience", "review", "person", "as_of",
    )  # fmt: skip
    by_staff = "person" in item.node  # somebody at the trust vouches for it, not a document
    fact_id = item.text("id", LONGEST_ID)
    if not re.fullmatch(rf"{file.trust['id']}\.[a-z0-9_]+\.[a-z0-9_]+", fact_id):
        raise item.fault(f"the id must look like {file.trust['id']}.<subject>.<name>", "id")
    for key, known in (("topic", topics), ("subject", file.subjects), ("document", file.documents)):
        if not (by_staff and key == "document") and item.text(key) not in known:
            raise item.fault(f"the {key} {item.text(key)!r} is not known", key)
    if by_staff and "document" in item.node:
        raise item.fault("a fact comes from a document or from a person, not from both", "person")
    if topics[item.text("topic")].not_known and not by_staff:
        raise item.fault(f"the topic {item.text('topic')!r} is one that no document answers (not_known)", "topic")
    audience = item.node.get("audience", "public")
    if audience not in ("public", "staff"):
        raise item.fault("'audience' must be public or staff", "audience")
    valid_from, valid_until = item.date("valid_from"), item.date("valid_until")
    if valid_from and valid_until and valid_until < valid_from:
        raise item.fault("'valid_until' lies before 'valid_from'", "valid_until")
    return {
        "id": fact_id, "topic": item.text("topic"), "subject": item.text("subject"),
        "says": item.text("says", LONGEST_STAFF_SAYING if by_staff else LONGEST_SAYING),
        "values": [_read_value(value) for value in item.items("values")] if "values" in item.node else [],
        "document": None if by_staff else item.text("document"), "covers": item.texts("covers"),
        "section": item.optional_text("section") if by_staff else item.text("section", 200),
        "person": item.text("person", 200) if by_staff else None, "as_of": item.text("as_of", 20) if by_staff else None,
        "asked_as": item.texts("asked_as", 0 if by_staff else 3), "valid_from": valid_from, "valid_until": valid_until,
        "audience": audience, "review": item.date("review"), "line": item.line,
    }  # fmt: skip


def _read_value(value: _Reader) -> dict[str, Any]:
    value.allow("kind", "of", "value", "unit")
    kind = value.text("kind")
    if kind not in KINDS:
        raise value.fault(f"the kind {kind!r} is not known; known are {', '.join(sorted(KINDS))}", "kind")
    said = value.node.get("value")
    if not isinstance(said, (str, int, float)) or isinstance(said, bool):
        raise value.fault("'value' must be a text or a number (quote yes and no)", "value")
    if kind in ("amount", "count", "capacity") and (isinstance(said, str) or not math.isfinite(said)):
        raise value.fault(f"the value of an {kind} must be a number", "value")
    if kind not in NUMBERED and not isinstance(said, str):
        raise value.fault(f"the value of a {kind} must be a text (quote it: YAML takes {said!r} for a number)", "value")
    if kind == "email" and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[a-z]+", str(said)):
        raise value.fault(f"{said!r} is no e-mail address", "value")
    plain: dict[str, Any] = {"kind": kind, "value": value.text("value") if isinstance(said, str) else said}
    for key in ("of", "unit"):
        if key in value.node:
            plain[key] = value.text(key, 150)
    return plain


def read_examples(folder: Path) -> dict[str, list[str]]:
    """Return the training examples of each `ask/…` intent in Rasa's NLU files, by topic; entity marks taken off. Raises BadFactFile."""
    examples: dict[str, list[str]] = {}
    for path in sorted(folder.glob("*.yml")):
        for item in (_load(path, "safe") or {}).get("nlu", []):
            intent = item.get("intent", "")
            lines = [line[2:].strip() for line in item.get("examples", "").splitlines() if line.startswith("- ")]
            examples.setdefault(intent, []).extend(re.sub(r"\[([^\]]*)\](\([^)]*\)|\{[^}]*\})", r"\1", line) for line in lines)
    return {intent.removeprefix("ask/"): lines for intent, lines in examples.items() if intent.startswith("ask/")}


def read_all(folder: Path) -> tuple[dict[str, Topic], list[TrustFile]]:
    """Return all topics and trusts of `data/facts`. Raises BadFactFile, also for a wording of two facts."""
    topics = read_topics(folder / "topics.yml")
    files = [read_trust(path, topics) for path in sorted(folder.glob("*.yml")) if path.name != "topics.yml"]
    owners: dict[str, str] = {}
    trusts: dict[str, str] = {}
    for file in files:
        if (other := trusts.setdefault(file.trust["id"], file.path.name)) != file.path.name:
            raise BadFactFile(file.path.name, 1, f"the trust {file.trust['id']!r} has a file already: {other}")
        for fact in file.facts:
            for wording in fact["asked_as"]:
                owner = owners.setdefault(wording.lower(), fact["id"])
                if owner != fact["id"]:
                    raise BadFactFile(file.path.name, fact["line"], f"the wording {wording!r} stands under {owner} already")
    return topics, files


def digest(folders: list[Path], *more: str) -> str:
    """Return the sha256 over names and contents of all YAML files in the folders, and over `more`."""
    total = hashlib.sha256("\0".join(more).encode())
    for folder in folders:
        for path in sorted(folder.glob("*.yml")):
            total.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()

"""`make learn` and `make export-facts`: what the database has learned, brought back to the repository's files."""

from __future__ import annotations

import sys
from datetime import datetime, timezone
from pathlib import Path

import yaml

from office.base.database import Database
from office.base.errors import BadFactFile, DatabaseAway
from office.base.workdays import london_day
from office.facts.files import read_all, read_topics
from office.gaps.learning import REVIEWED, export_facts, learn
from settings import ROOT, Settings

FACTS, NLU, QUESTIONS = Path("data/facts"), Path("data/nlu"), Path("evaluation/questions")


def measured(root: Path, *, reviewed: bool) -> list[tuple[str, str]]:
    """Return every text that the evaluation measures or tunes on, as (where, text), with the reviewed ones or without."""
    found = []
    for folder in ("questions", "tuning"):
        for path in sorted((root / "evaluation" / folder).glob("*.yml")):
            if reviewed or path.name != REVIEWED:
                rows = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader) or []
                found += [(str(row["id"]), str(row["turns"][-1])) for row in rows]
    return found


def run_learn(settings: Settings, root: Path = ROOT) -> None:
    """Write data/nlu/learned.yml and evaluation/questions/reviewed.yml; say what was left out."""
    with _database(settings).transaction() as session:
        learned = learn(
            session, root / NLU, root / QUESTIONS, measured(root, reviewed=False), topics=read_topics(root / FACTS / "topics.yml"),
            today=london_day(datetime.now(timezone.utc)),
        )  # fmt: skip
    for reason in learned.left_out:
        print(f"left out: {reason}")
    print(f"{learned.wordings} learned wordings in data/nlu/learned.yml, {learned.questions} reviewed questions in {QUESTIONS / REVIEWED}.")
    print("`git diff` shows what changed; the next start trains on it.")


def run_export(settings: Settings, root: Path = ROOT) -> None:
    """Bring staff's facts and edits to data/facts, and check the files; say what was done."""
    with _database(settings).transaction() as session:
        exported = export_facts(session, root / FACTS, measured(root, reviewed=True))
    for what, ids in (("added", exported.added), ("changed", exported.changed), ("removed", exported.removed)):
        for fact in ids:
            print(f"{what}: {fact}")
    for fact in exported.by_hand:
        print(f"retired by staff, and still in its file: {fact} (take it out by hand if its document no longer holds)")
    try:
        read_all(root / FACTS)
    except BadFactFile as error:
        sys.exit(f"The files were written and are not in order: data/facts/{error}")
    print("`git diff data/facts` shows what changed.")


def _database(settings: Settings) -> Database:
    database = Database(settings.database_url)
    try:
        database.migrate()
    except DatabaseAway as error:
        sys.exit(f"The database does not answer: {error}")
    return database

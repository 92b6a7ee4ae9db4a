"""A database of an earlier version opens with this one: nothing is lost, its facts answer, its leads show."""

from __future__ import annotations

import gzip
import sqlite3
from contextlib import closing
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from office.base.database import Database
from office.choosing.choose import Memory, answer
from office.choosing.index import Index
from office.choosing.judgement import Judgement
from office.choosing.ranking import AskedQuestion
from office.facts.files import read_topics
from office.facts.loading import load_facts
from office.facts.model import Fact
from office.gaps.model import ranked_gaps
from office.leads.model import Lead
from office.people.accounts import staff_by_email
from office.people.passwords import is_password
from tests.office.fact_folder import CountingEncoder, FactFolder, fake_vector

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
NOW = datetime(2026, 12, 2, 12, tzinfo=timezone.utc)  # the day after the databases were made
JUDGEMENT = Judgement(  # sure exactly where a wording is met word for word, since vectors are made up
    topic=0.0, words=0.0, here=0.02, loose=0.02, wanted=0.05, stays=0.05, bias=-10.0, features={"similarity": 20.0}, answer_from=0.5,
    ask_from=0.4,
)  # fmt: skip
# what this version may make anew: vectors and their rows, which files are loaded, who is alive
REMADE = {"wording", "revision", "heartbeat", "alembic_version", "sqlite_sequence", "contradiction"}


@pytest.fixture(params=sorted(path.name for path in HERE.glob("*.db.gz")))
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A database of an earlier version, as it was left."""
    file = tmp_path / "usher.db"
    file.write_bytes(gzip.decompress((HERE / request.param).read_bytes()))
    return file


@pytest.fixture
def opened(old: Path, tmp_path: Path) -> Database:
    """The same, migrated, with facts loaded as `make run` does. No file holds what its trusts said any more."""
    folder = FactFolder(tmp_path / "data")
    folder.write()
    database = Database(f"sqlite:///{old}")
    database.migrate()
    with database.transaction() as session:
        load_facts(session, folder.facts, folder.nlu, CountingEncoder(), "test-encoder", now=NOW)
    return database


def rows_of(file: Path) -> dict[str, list[dict[str, Any]]]:
    with closing(sqlite3.connect(file)) as connection:
        connection.row_factory = sqlite3.Row
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {table: [dict(row) for row in connection.execute(f'SELECT * FROM "{table}"')] for table in tables if table not in REMADE}


def test_no_row_is_lost_or_changed_by_the_migrations(old: Path) -> None:
    before = rows_of(old)
    assert all(
        before[table] for table in ("lead", "lead_change", "lead_note", "message", "enquiry", "gap", "place", "notification", "staff")
    )
    database = Database(f"sqlite:///{old}")
    database.migrate()
    database.engine.dispose()
    after = rows_of(old)
    for table, rows in before.items():
        kept = [{column: row[column] for column in rows[0] if column in row} for row in after[table]] if rows else []
        assert kept == rows, table


def test_what_staff_said_answers(opened: Database, tmp_path: Path) -> None:
    topics = read_topics(tmp_path / "data" / "facts" / "topics.yml")
    with opened.transaction() as session:
        index = Index(session, topics, date(2026, 12, 2))
        text = "do we get money back if we leave early"
        given = answer(AskedQuestion(text=text, vector=fake_vector(text), intents={}), Memory(), index, JUDGEMENT, "schoolsworks")
    assert given.outcome == "answered" and "A school that leaves early gets no money back." in [fact.says for fact in given.facts]


def test_a_fact_that_staff_edited_keeps_their_words_and_one_they_retired_stays_so(opened: Database) -> None:
    with opened.transaction() as session:
        assert session.get(Fact, "schoolsworks.cost.fee").says == "The Associate Membership package of Schoolsworks costs £650."
        assert session.get(Fact, "schoolsworks.capacity.two_schools").retired


def test_leads_gaps_and_people_are_there(opened: Database) -> None:
    with opened.transaction() as session:
        leads = session.execute(select(Lead)).scalars().all()
        assert len(leads) == 29 and len({lead.status for lead in leads}) >= 8
        (real,) = [lead for lead in leads if not lead.sample]
        assert (real.name, real.school, real.phone) == ("Sue Brown", "Oakfield Primary", "+44 1632 960001")
        assert "Would you look after our beehives?" not in [one.gap.text for one in ranked_gaps(session, limit=50, now=NOW)]
        assert ranked_gaps(session, limit=50, now=NOW)
        assert is_password("three brown teapots", staff_by_email(session, "pa@demo.example.org").password)

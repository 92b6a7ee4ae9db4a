"""The database: what it promises the rest of the office, on SQLite and PostgreSQL alike."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import MetaData, insert, inspect, text
from sqlalchemy import Table as SqlTable
from sqlalchemy.exc import IntegrityError

import office.enquiries.log
import office.enquiries.transcripts  # noqa: F401  every table has to be known
from office.base.database import BUSY_TIMEOUT_MS, Database, Table
from office.base.errors import DatabaseAway
from office.enquiries.transcripts import Message, write_message
from office.facts.model import Revision, Trust
from office.leads.model import Lead

pytestmark = pytest.mark.both_databases

ROOT = Path(__file__).parents[3]
MIGRATE = "import sys; from office.base.database import Database; print(flush=True); sys.stdin.readline(); Database(sys.argv[1]).migrate()"


def test_migrations_make_every_table_and_column_the_code_knows(database: Database) -> None:
    found = inspect(database.engine)
    for name, table in Table.metadata.tables.items():
        stored = {column["name"] for column in found.get_columns(name) if "computed" not in column}  # PostgreSQL's words to search
        assert stored == {column.name for column in table.columns}, name


def test_migrating_twice_changes_nothing(database: Database) -> None:
    with database.transaction() as session:
        session.add(Revision(id=1, number=7))
    database.migrate()
    with database.transaction() as session:
        assert session.get(Revision, 1).number == 7


def test_a_database_of_an_older_version_keeps_its_leads_and_searches_them_as_people_type(empty_url: str) -> None:
    older = Database(empty_url)
    _upgrade(older, "0002")
    at = datetime(2026, 9, 1, 9, tzinfo=timezone.utc)
    with older.transaction() as session:
        lead = Lead(reference="U-AAAAAA", version=1, conversation="c", channel="website", name="Łukasz", role="", school="Oak", wish="visit",
                    message="", first_question="", unanswered=[], consented=at, received=at, promised=at, changed=at, status="new", reason="",
                    next_action="", unread=True, asked_again=0, search="", sample=False, owed=True, standing="unplanned", urgent_at=at)  # fmt: skip
        as_it_was = SqlTable("lead", MetaData(), autoload_with=session.connection())
        session.execute(insert(as_it_was).values({name: getattr(lead, name) for name in set(as_it_was.columns.keys()) - {"id", "words"}}))
        session.execute(text("UPDATE lead SET search = 'łukasz ørsted oak'"))
    older.migrate()
    with older.transaction() as session:
        assert session.execute(text("SELECT search FROM lead")).scalar() == "lukasz orsted oak"
    indexes = {index["name"]: index["column_names"] for index in inspect(older.engine).get_indexes("lead")}
    assert indexes["ix_lead_wish"] == ["wish", "standing", "urgent_at", "id"]
    older.engine.dispose()


def test_messages_of_an_older_version_find_their_enquiries(empty_url: str) -> None:
    older = Database(empty_url)
    _upgrade(older, "0003")
    said = [  # conversation, author, payload
        ("c", "visitor", None), ("c", "assistant", {"enquiry": 1}), ("c", "visitor", None), ("c", "visitor", None),
        ("c", "assistant", {"enquiry": 2}), ("c", "visitor", None), ("c", "assistant", {"form": "name"}), ("d", "visitor", None),
        ("d", "assistant", {"enquiry": 1}), ("d", "assistant", {"enquiry": 9}),
    ]  # fmt: skip
    with older.transaction() as session:
        for number, (conversation, sequence) in enumerate([("d", 1), ("c", 1), ("c", 2)], start=1):
            session.execute(
                text("INSERT INTO enquiry VALUES (:id, :conversation, :sequence, 'website', 'x', :no, 'answered', '2026-09-01 09:00:00')"),
                {"id": number, "conversation": conversation, "sequence": sequence, "no": False},
            )
        for number, (conversation, author, custom) in enumerate(said, start=1):
            session.execute(
                text(
                    "INSERT INTO message (id, conversation, number, author, text, buttons, custom, said) "
                    "VALUES (:id, :conversation, :id, :author, 'x', '[]', :custom, '2026-09-01 09:00:00')"
                ),
                {"id": number, "conversation": conversation, "author": author, "custom": json.dumps(custom)},
            )
        session.execute(text("INSERT INTO seen_thumb VALUES (2)"))
    older.migrate()
    with older.transaction() as session:
        found = session.execute(text("SELECT enquiry FROM message ORDER BY id")).scalars().all()
        assert found == [2, 2, None, 3, 3, None, None, 1, 1, None]
        assert session.execute(text("SELECT message FROM seen_thumb")).scalars().all() == [2], "what refers to a message stays"
        session.execute(text("DELETE FROM enquiry WHERE id = 3"))
        assert session.execute(text("SELECT enquiry FROM message WHERE id IN (4, 5)")).scalars().all() == [None, None]
    older.engine.dispose()


def _upgrade(older: Database, revision: str) -> None:
    with older.engine.connect() as connection:
        config = Config()
        config.set_main_option("script_location", str(ROOT / "office" / "migrations"))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        connection.commit()


def test_processes_that_migrate_at_the_same_moment_all_succeed(empty_url: str) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", MIGRATE, empty_url], cwd=ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )
        for _ in range(2)
    ]  # fmt: skip
    for process in processes:
        assert process.stdout is not None and process.stdout.readline()  # all stand ready before the first may go
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        _, complaint = process.communicate(timeout=60)
        assert process.returncode == 0, complaint
    tables = inspect(Database(empty_url).engine).get_table_names()
    assert set(Table.metadata.tables) <= set(tables)


def test_sqlite_waits_for_others_keeps_a_write_ahead_log_and_checks_references(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'deep' / 'down' / 'usher.db'}")  # the folder is made
    with database.transaction() as session:
        pragma = {name: session.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "busy_timeout", "foreign_keys")}
    assert pragma == {"journal_mode": "wal", "busy_timeout": BUSY_TIMEOUT_MS, "foreign_keys": 1}


def test_a_fact_of_no_trust_is_refused_by_the_database_itself(database: Database) -> None:
    with pytest.raises(IntegrityError), database.transaction() as session:
        session.execute(text("INSERT INTO document (id, trust, title, as_of, dated) VALUES ('a', 'nobody', 't', 'x', 'y')"))


def test_what_fails_in_the_middle_is_undone_as_a_whole(database: Database) -> None:
    with pytest.raises(RuntimeError), database.transaction() as session:
        session.add(Trust(id="oakdale", name="Oakdale", short="Oakdale", aliases=[]))
        session.flush()
        raise RuntimeError("the power went")
    with database.transaction() as session:
        assert session.get(Trust, "oakdale") is None


@pytest.mark.parametrize("hours", [0, 1, -5])
def test_a_moment_comes_back_as_the_same_moment_in_any_zone(database: Database, hours: int) -> None:
    said = datetime(2026, 3, 29, 1, 30, 15, 123456, tzinfo=timezone(timedelta(hours=hours)))
    with database.transaction() as session:
        write_message(session, "c", "visitor", "hello", now=said)
    with database.transaction() as session:
        kept = session.query(Message).one().said
    assert kept == said and kept.tzinfo is not None


def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(Exception, match="without a zone"), database.transaction() as session:
        write_message(session, "c", "visitor", "hello", now=datetime(2026, 3, 29, 1, 30))  # noqa: DTZ001


def test_a_server_that_is_not_there_is_said_to_be_away() -> None:
    database = Database("postgresql://nobody:hush@127.0.0.1:1/usher")
    with pytest.raises(DatabaseAway) as away, database.transaction() as session:
        session.execute(text("SELECT 1"))
    assert "hush" not in str(away.value)
    with pytest.raises(DatabaseAway):
        database.migrate()


@pytest.mark.postgresql  # SQLite has no server that could go
def test_a_server_that_goes_in_the_middle_of_a_transaction_is_said_to_be_away(database: Database) -> None:
    with pytest.raises(DatabaseAway), database.transaction() as session:
        mine = session.execute(text("SELECT pg_backend_pid()")).scalar()
        with database.engine.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": mine})
        session.execute(text("SELECT 1"))
    with database.transaction() as session:  # and it is there again once the server is
        assert session.execute(text("SELECT 1")).scalar() == 1


@pytest.mark.postgresql  # SQLite opens a connection for each transaction
def test_when_every_connection_is_taken_the_database_counts_as_away(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database.engine.pool, "_timeout", 0)
    taken: list[Any] = []
    with pytest.raises(DatabaseAway):
        for _ in range(100):
            with database.transaction() as session:
                session.execute(text("SELECT 1"))
            taken.append(database.engine.connect())
    for connection in taken:
        connection.close()


def test_a_sqlite_file_that_another_program_keeps_locked_counts_as_away(tmp_path: Path) -> None:
    file = tmp_path / "usher.db"
    database = Database(f"sqlite:///{file}")
    database.migrate()
    other = sqlite3.connect(file)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseAway, match="locked"), database.transaction() as session:
        session.execute(text("PRAGMA busy_timeout=1"))
        session.add(Revision(id=1, number=1))
    other.close()


@pytest.mark.parametrize(
    "address",
    [
        "nonsense",
        "",
        "postgresql:/usher:hush@server/usher",
        "nosuch://usher:hush@server/usher",
        "postgresql://usher:hush@server:port/usher",
    ],
)
def test_an_address_that_names_no_database_is_refused_without_telling_its_password(address: str) -> None:
    with pytest.raises(DatabaseAway) as away:
        Database(address)
    assert "hush" not in str(away.value)


def test_a_folder_that_cannot_be_made_is_said_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file where the folder should be")
    with pytest.raises(DatabaseAway, match="cannot be opened"):
        Database(f"sqlite:///{tmp_path / 'var' / 'usher.db'}")


def test_a_file_that_is_no_database_is_said_to_be_away(tmp_path: Path) -> None:
    (tmp_path / "usher.db").write_text("this is a letter, not a database" * 100)
    with pytest.raises(DatabaseAway):
        Database(f"sqlite:///{tmp_path / 'usher.db'}").migrate()

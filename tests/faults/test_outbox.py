"""Real workers, a real mail server, and kill -9: every notification is delivered, and not twice within the window of a claim."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import create_engine, func, select, text, update

from bot.starting.children import die_with
from office.base.database import Database
from office.base.errors import DatabaseAway
from office.leads.model import LeadDetails, log_lead
from office.outbox.queue import CLAIM, Notification
from settings import ROOT
from tests.bot.worker.mail_server import MailServer, mail_server
from tests.living import clean_environment, wait_until

both = pytest.mark.both_databases  # where two take claims, or the database itself is at fault
MANY = 120


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A migrated database without leads and notifications, on SQLite and on PostgreSQL."""
    database = Database(database_url)
    database.migrate()
    with database.transaction() as session:
        for table in ("notification", "lead_conversation", "lead", "heartbeat"):
            session.execute(text(f"DELETE FROM {table}"))
    yield database
    database.engine.dispose()


class Workers:
    """Worker processes on one database; none of them outlives the test."""

    def __init__(self, var: Path, url: str, mail: str) -> None:
        self._environment = {
            **clean_environment(), "PYTHONWARNINGS": "ignore", "SQLALCHEMY_SILENCE_UBER_WARNING": "1", "USHER_VAR": str(var),
            "USHER_DATABASE_URL": url, "USHER_MAIL_SERVER": mail, "USHER_MAIL_TO": "office@anytown.example",
        }  # fmt: skip
        self._var = var
        self.running: list[subprocess.Popen[bytes]] = []

    def start(self, count: int = 1) -> list[subprocess.Popen[bytes]]:
        tests = os.getpid()
        new = [
            subprocess.Popen([sys.executable, "-m", "bot.worker"], cwd=ROOT, env=self._environment, preexec_fn=lambda: die_with(tests),
                             stderr=(self._var / f"worker{len(self.running) + n}.log").open("wb"))
            for n in range(count)
        ]  # fmt: skip
        self.running += new
        return new

    @property
    def said(self) -> str:
        return "".join(file.read_text() for file in self._var.glob("worker*.log"))

    def end(self) -> None:
        for process in self.running:
            process.kill()
            process.wait()


@contextmanager
def workers(var: Path, database: Database, mail: str) -> Iterator[Workers]:
    some = Workers(var, database.engine.url.render_as_string(hide_password=False), mail)
    try:
        yield some
    finally:
        some.end()


def leads(database: Database, count: int, begin: int = 0) -> set[str]:
    """So many leads, one transaction each; their references."""
    now, made = datetime.now(timezone.utc), set()
    for number in range(begin, begin + count):
        details = LeadDetails(
            f"c{number}", "website", f"Robin Example {number}", "Anytown Primary", "visit", now, email=f"r{number}@school.example"
        )
        with database.transaction() as session:
            made.add(str(log_lead(session, details, reply_within=2, now=now).reference))
    return made


def unsent(database: Database) -> int:
    with database.transaction() as session:
        return int(session.execute(select(func.count()).select_from(Notification).where(Notification.sent.is_(None))).scalar_one())


def pass_claims(database: Database, by: timedelta = CLAIM) -> None:
    """Let the time go by that claims, and what waits, have still to go. Nobody sleeps for two minutes."""
    with database.transaction() as session:
        for row in session.execute(select(Notification).where(Notification.sent.is_(None))).scalars():
            row.due -= by
            row.claimed_until = row.claimed_until - by if row.claimed_until else None


def references(server: MailServer) -> set[str]:
    return {message["X-Usher-About"] for _, message in server.taken}


@both
def test_two_workers_at_once_deliver_each_notification_exactly_once(database: Database, tmp_path: Path) -> None:
    with mail_server() as server, workers(tmp_path, database, server.url) as some:
        made = leads(database, MANY // 2)
        some.start(2)
        made |= leads(database, MANY // 2, MANY // 2)  # while they work
        wait_until(lambda: not unsent(database), "everything to be sent", 90)
        assert references(server) == made
        assert set(server.ids.values()) == {1} and len(server.ids) == MANY
        with database.transaction() as session:
            assert len(set(session.execute(select(Notification.attempts)).scalars())) == 1


@both
def test_workers_killed_in_the_middle_lose_nothing_and_double_nothing_within_the_window(database: Database, tmp_path: Path) -> None:
    with mail_server() as server, workers(tmp_path, database, server.url) as some:
        made = leads(database, MANY)
        for share in (0.2, 0.4, 0.6):
            one, two = some.start(2)
            wait_until(lambda share=share: len(server.ids) >= MANY * share or not unsent(database), "some to be sent", 90)
            for process in (one, two):
                os.kill(process.pid, signal.SIGKILL)
                process.wait()
        assert set(server.ids.values()) == {1}, "something was sent twice while its claim held"
        in_doubt = {message_id for message_id, _ in server.ids.items()}
        pass_claims(database)
        some.start(1)
        wait_until(lambda: not unsent(database), "everything to be sent", 90)
        assert references(server) == made, "something was lost"
        doubled = [message_id for message_id, times in server.ids.items() if times > 1]
        assert set(doubled) <= in_doubt and len(doubled) <= 3 * 2 * 8, "more than what six killed workers had in hand"
        assert max(server.ids.values()) <= 4


def test_a_stopped_worker_finishes_what_it_sends_within_five_seconds(database: Database, tmp_path: Path) -> None:
    with mail_server() as server, workers(tmp_path, database, server.url) as some:
        made = leads(database, MANY)
        (process,) = some.start()
        wait_until(lambda: len(server.ids) >= 20, "some to be sent", 60)
        begun = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        assert time.monotonic() - begun < 5
        assert MANY - len(server.ids) == unsent(database), "what was delivered is not noted"
        with database.transaction() as session:
            held = session.execute(select(func.count()).select_from(Notification).where(Notification.claimed_by.is_not(None))).scalar_one()
        assert held == 0
        some.start()
        wait_until(lambda: not unsent(database), "everything to be sent", 60)
        assert references(server) == made and set(server.ids.values()) == {1}


def test_a_mail_server_that_hangs_does_not_keep_a_worker_from_stopping(database: Database, tmp_path: Path) -> None:
    with mail_server(mode="hang") as server, workers(tmp_path, database, server.url) as some:
        leads(database, 20)
        (process,) = some.start()
        wait_until(lambda: server.connections >= 8, "connections", 60)
        begun = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        assert time.monotonic() - begun < 6
        assert unsent(database) == 20


def test_a_mail_server_that_was_away_and_one_that_takes_and_drops_lose_nothing(database: Database, tmp_path: Path) -> None:
    with mail_server(mode="close") as server, workers(tmp_path, database, server.url) as some:
        made = leads(database, 20)
        some.start()
        wait_until(lambda: _all(database, Notification.error.is_not(None)), "all to fail once", 60)
        server.mode = "drop"
        pass_claims(database)
        wait_until(lambda: len(server.ids) == 20, "all to arrive without a word", 60)
        wait_until(lambda: _all(database, Notification.claimed_by.is_(None)), "all to be let go", 60)
        assert set(server.ids.values()) == {1}, "sent twice within the window"
        server.mode = "accept"
        pass_claims(database, timedelta(hours=1))
        wait_until(lambda: not unsent(database), "all to be sent", 60)
        assert references(server) == made
        assert set(server.ids.values()) <= {1, 2}, "a doubled e-mail has the same Message-ID"
        assert "Robin" not in some.said and "@" not in some.said


def _all(database: Database, condition: object) -> bool:
    with database.transaction() as session:
        total = session.execute(select(func.count()).select_from(Notification)).scalar_one()
        return bool(total == session.execute(select(func.count()).select_from(Notification).where(condition)).scalar_one())


@both
def test_a_database_that_goes_away_is_waited_for_and_told_of_once(database: Database, tmp_path: Path) -> None:
    with mail_server() as server, workers(tmp_path, database, server.url) as some:
        made = leads(database, 3)
        with away(database):
            (process,) = some.start()
            wait_until(lambda: "the database is away" in some.said, "a word about it", 60)
        wait_until(lambda: references(server) == made, "all to be sent", 60)
        assert process.poll() is None
        assert some.said.count("the database is away") == 1 and "Traceback" not in some.said


@contextmanager
def away(database: Database) -> Iterator[None]:
    """Take the database away for a while: SQLite's file, or every connection to PostgreSQL's."""
    database.engine.dispose()
    if database.engine.dialect.name == "sqlite":
        file = Path(str(database.engine.url.database))
        hidden = file.with_suffix(".away")
        file.rename(hidden)
        file.mkdir()  # what cannot be opened as a file
        yield
        file.rmdir()
        hidden.rename(file)
        return
    name = database.engine.url.database
    server = create_engine(os.environ["USHER_TEST_POSTGRES_URL"], future=True, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false"))
        connection.execute(text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"), {"name": name})
        yield
        connection.execute(text(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true"))
    server.dispose()


@both
def test_a_worker_that_slept_over_its_claims_sends_nothing_again(database: Database, tmp_path: Path) -> None:
    with mail_server(mode="hang") as server, workers(tmp_path, database, server.url) as some:
        made = leads(database, 30)
        (process,) = some.start()
        wait_until(lambda: server.connections >= 8, "connections", 60)
        fall_asleep(process, database)
        server.mode = "accept"
        some.start()
        wait_until(lambda: not unsent(database), "all to be sent by the other", 60)
        process.send_signal(signal.SIGCONT)
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        assert references(server) == made and set(server.ids.values()) == {1}
        assert not unsent(database), "what the other had sent was marked as failed"


def fall_asleep(process: subprocess.Popen[bytes], database: Database) -> None:
    """Stop a process as a laptop that is shut does, not while it holds SQLite's lock, and let its claims run out."""
    past = datetime.now(timezone.utc) - timedelta(seconds=1)
    while True:
        process.send_signal(signal.SIGSTOP)
        try:
            with database.transaction() as session:
                session.execute(update(Notification).where(Notification.sent.is_(None)).values(claimed_until=past))
            return
        except DatabaseAway:
            process.send_signal(signal.SIGCONT)

"""A whole Usher whose processes are killed with -9 while leads come in: each lead that was confirmed is there once, and is told of.

In the suite it is a dozen leads and one kill on SQLite. `USHER_TEST_KILLS=500 pytest tests/faults/test_kills.py` takes so many leads,
on SQLite and on PostgreSQL, and kills at random until they are in.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import select

from office.base.database import Database
from office.leads.model import Lead
from office.outbox.queue import CLAIM, Notification
from tests.bot.worker.mail_server import MailServer, mail_server
from tests.databases import copy_to_postgres, postgres_database
from tests.faults.visitors import Visitor, all_leave_details
from tests.living import Usher, copy_database, wait_until

LEADS = int(os.environ.get("USHER_TEST_KILLS") or 0)
FEW = 12
PARTS = ("bot.dialogue", "bot.website", "bot.worker", "bot.inbox")
QUIET = (3.0, 40.0)  # seconds between two kills of the long drive
AT_ONCE = 20  # visitors


def kill(usher: Usher, part: str) -> None:
    """Kill a process; the runner says which one it was, and takes all down; start again."""
    os.kill(usher.number_of(part), signal.SIGKILL)
    name = part.partition(".")[2]
    assert usher.until_ended() == 1
    assert f"the process {name!r} ended by itself; its last words are in {usher.var}/log/{name}.log." in usher.output
    assert not usher.marked()
    usher.start().until_ready()  # with nothing to train and nothing to load
    assert "Model: up to date" in usher.output and "up to date" in next(line for line in usher.output.splitlines() if "Facts:" in line)


@pytest.mark.parametrize("kind", ["sqlite", *(["postgresql"] if LEADS else [])])
def test_killed_at_any_moment_no_confirmed_lead_is_lost_or_doubled(kind: str, loaded_database: Path, tmp_path: Path) -> None:
    with ExitStack() as stack:
        server = stack.enter_context(mail_server())
        usher = Usher(tmp_path, USHER_MAIL_SERVER=server.url, USHER_MAIL_TO="office@anytown.example")
        url = f"sqlite:///{tmp_path / 'usher.db'}"
        if kind == "postgresql":
            usher.settings["USHER_DATABASE_URL"] = url = stack.enter_context(postgres_database())
            copy_to_postgres(loaded_database, url)
        else:
            copy_database(loaded_database, tmp_path / "usher.db")
        stack.callback(usher.stop)
        usher.start().until_ready()
        visitors = [Visitor(number, at_once=number % 2 == 0) for number in range(LEADS or FEW)]
        killed = drive(usher, visitors)
        assert killed, "all were in before anything was killed"
        database = Database(url)
        wait_until(lambda: not unsent(database), "every notification to be sent", 2 * CLAIM.total_seconds() + 60 if LEADS else 30)
        usher.runner.kill()
        usher.until_ended()
        wait_until(lambda: not usher.marked(), "the end of every process whose runner was killed")
        look(database, server, visitors, killed)
        database.engine.dispose()


def drive(usher: Usher, visitors: list[Visitor]) -> list[str]:
    """Let the visitors talk while processes are killed; give which were."""
    killed: list[str] = []
    with ThreadPoolExecutor(1) as beside:
        talking = beside.submit(asyncio.run, all_leave_details(visitors, usher.website, at_once=AT_ONCE))
        for part in random.choices(PARTS, k=LEADS) if LEADS else PARTS[:1]:
            if not wait([talking], random.uniform(*QUIET) if LEADS else 0.5).not_done:
                break
            kill(usher, part)
            killed.append(part)
        talking.result()
    return killed


def unsent(database: Database) -> int:
    with database.transaction() as session:
        return len(session.execute(select(Notification.id).where(Notification.sent.is_(None))).all())


def look(database: Database, server: MailServer, visitors: list[Visitor], killed: list[str]) -> None:
    """See that each visitor's lead is there once, as they told it, and that it was told of."""
    assert [visitor.wrong for visitor in visitors if visitor.wrong] == []
    with database.transaction() as session:
        leads = {lead.reference: lead for lead in session.execute(select(Lead)).scalars()}
    told = Counter(visitor.reference for visitor in visitors)
    assert set(told) == set(leads) and set(told.values()) == {1}
    for visitor in visitors:
        lead = leads[visitor.reference]
        kept = (lead.name, lead.email, lead.school, lead.message, lead.asked_again)
        assert kept == (visitor.name, visitor.email, visitor.details["school"], visitor.details["message"], 0)
    assert {message["X-Usher-About"] for _, message in server.taken} == set(leads), "a lead nobody was told of"
    at: dict[str, float] = {}
    for number, moment in server.moments:
        assert moment - at.get(number, -1e9) >= CLAIM.total_seconds() - 1, "twice within the window of a claim"
        at[number] = moment
    doubled = len(server.moments) - len(at)
    assert len(at) == len(leads) and doubled <= 8 * killed.count("bot.worker")
    print(
        f"\n{len(leads)} leads, {sum(visitor.tries for visitor in visitors)} attempts, killed {dict(Counter(killed))}: "
        f"{len(at)} e-mails, {doubled} of them twice"
    )

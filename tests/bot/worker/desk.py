"""What the tests of the worker do with the database, and a worker that runs until something is so."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from sqlalchemy import select

from bot.worker.loop import Worker
from office.base.database import Database
from office.base.staff import Staff
from office.leads.model import LeadDetails, log_lead
from office.outbox.queue import Notification
from settings import Settings

WITHIN = 20.0  # seconds


def utc_now() -> datetime:
    return datetime.now(timezone.utc)


@dataclass
class Desk:
    """A database and its settings."""

    settings: Settings
    database: Database

    def hire(self, email: str = "pa@anytown.example", telegram: int | None = None, **more: Any) -> int:
        """A PA."""
        with self.database.transaction() as session:
            person = Staff(name="Pat Example", email=email, role="pa", made=utc_now(), telegram=telegram, **more)
            session.add(person)
            session.flush()
            return int(person.id)

    def lead(self, name: str = "Robin Example", **more: Any) -> str:
        """A lead, with the notifications it owes; its reference."""
        details = LeadDetails(**{
            "conversation": f"of {name}", "channel": "website", "name": name, "school": "Anytown Primary", "wish": "visit",
            "consented": utc_now(), "email": "robin@school.example", **more,
        })  # fmt: skip
        with self.database.transaction() as session:
            return str(log_lead(session, details, reply_within=2, now=utc_now()).reference)

    def outbox(self) -> list[Notification]:
        """All notifications."""
        with self.database.transaction() as session:
            return list(session.execute(select(Notification).order_by(Notification.id)).scalars())

    def person(self, number: int) -> Staff:
        """Somebody, as they are now."""
        with self.database.transaction() as session:
            return session.get(Staff, number)

    def work_until(self, done: Callable[[], object], settings: Settings | None = None, clock: Callable[[], datetime] = utc_now) -> None:
        """Let a worker work until it is so, and stop it. Raises AssertionError where it never is."""
        asyncio.run(self._work_until(done, settings or self.settings, clock))

    async def _work_until(self, done: Callable[[], object], settings: Settings, clock: Callable[[], datetime]) -> None:
        worker = Worker(settings, self.database, clock)
        running = asyncio.create_task(worker.run())
        deadline = asyncio.get_running_loop().time() + WITHIN
        while not done():
            assert not running.done(), running
            assert asyncio.get_running_loop().time() < deadline, [(row.kind, row.channel, row.error) for row in self.outbox()]
            await asyncio.sleep(0.05)
        worker.stop()
        await asyncio.wait_for(running, 6)

    def all_settled(self) -> bool:
        """Say whether nothing waits any more."""
        return all(row.sent or row.given_up for row in self.outbox())

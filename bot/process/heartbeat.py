"""The heartbeat of a process that serves pages: it tells the others, through the database, that it is alive."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timezone
from typing import Any

from sqlalchemy.orm import Session

from bot.process.transactions import Transactions
from office.base.database import Database
from office.base.errors import DatabaseAway
from office.base.heartbeats import BEATS_EVERY, beat, stop_beating


def heartbeat_of(database: Database, name: str) -> Callable[[Any], Any]:
    """Return the lifespan of an app in which it beats under a name. Where the database is away, the next beat tries again."""

    @asynccontextmanager
    async def lifespan(_app: Any) -> AsyncIterator[None]:
        heart = asyncio.create_task(_beat(database, name))
        yield
        heart.cancel()
        await _try_once(database, lambda session: stop_beating(session, name, now=datetime.now(timezone.utc)))

    return lifespan


async def _beat(database: Database, name: str) -> None:
    while True:
        await _try_once(database, lambda session: beat(session, name, now=datetime.now(timezone.utc)))
        await asyncio.sleep(BEATS_EVERY.total_seconds())


async def _try_once(database: Database, say: Callable[[Session], None]) -> None:
    with suppress(DatabaseAway):
        await Transactions(database).do(say)

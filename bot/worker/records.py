"""The worker's way to the database. A database that is away is waited for, and logged once."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.process.transactions import Transactions
from office.base.database import Database
from office.base.errors import DatabaseAway

AGAIN = 1.0  # seconds between two attempts
T = TypeVar("T")
log = logging.getLogger(__name__)


class WorkerTransactions(Transactions):
    """Transactions of one worker, waited for however long they take: one given up would still be committed some time.

    A claim of which nobody knows would keep its notification waiting, and a failure noted twice would count twice.
    """

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._lock = threading.Lock()
        self._away = False

    async def once(self, work: Callable[[Session], T], otherwise: T) -> T:
        """Return what a transaction gives, or `otherwise` where the database is away or refuses."""
        try:
            return await asyncio.to_thread(self.do_here, work)
        except DatabaseAway:
            return otherwise
        except SQLAlchemyError as error:  # its text may hold a visitor's words
            log.error("the database refused (%s)", type(error).__name__)
            return otherwise

    async def surely(self, work: Callable[[Session], T]) -> T:
        """Return what a transaction gives, however long the database is away. Ends without it only where it is cancelled."""
        while True:
            try:
                return await asyncio.to_thread(self.do_here, work)
            except DatabaseAway:
                await asyncio.sleep(AGAIN)

    def do_here(self, work: Callable[[Session], T]) -> T:
        """Return what a transaction gives, in this very thread. Raises DatabaseAway, SQLAlchemyError."""
        try:
            result = super().do_here(work)
        except DatabaseAway:
            self._note(away=True)
            raise
        self._note(away=False)
        return result

    def let_go_of_the_erased(self) -> None:
        """Have SQLite empty its log of changes, which may still hold what was erased. PostgreSQL sees to that itself."""
        if self.database.engine.dialect.name == "sqlite":
            with self.database.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def _note(self, *, away: bool) -> None:
        with self._lock:
            changed, self._away = self._away != away, away
        if changed:
            log.warning("the database is away; waiting for it" if away else "the database is back")

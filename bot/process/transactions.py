"""A process's way to the database: transactions off the event loop, and not waited for longer than is said."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from office.base.database import Database
from office.base.errors import DatabaseAway

T = TypeVar("T")
WITHIN = 8.0  # seconds; above SQLite's own patience with a busy file


class Transactions:
    """Runs pieces of work in transactions of their own, in threads."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def do(self, work: Callable[[Session], T]) -> T:
        """Return what the work returns, once it is committed.

        Raises DatabaseAway where the database does not answer within WITHIN, or refuses. What is not waited for any longer goes on
        to its end all the same.
        """
        try:
            return await answered(asyncio.to_thread(self.do_here, work))
        except SQLAlchemyError as error:
            raise refused(error) from error

    def do_here(self, work: Callable[[Session], T]) -> T:
        """Return what the work returns, in this very thread, however long it takes. Raises DatabaseAway, SQLAlchemyError."""
        with self.database.transaction() as session:
            return work(session)


async def answered(result: Awaitable[T]) -> T:
    """Return a result of the database. Raises DatabaseAway where it does not come within WITHIN."""
    try:
        return await asyncio.wait_for(result, WITHIN)
    except asyncio.TimeoutError:
        raise DatabaseAway(f"the database did not answer within {WITHIN} seconds") from None


def refused(error: SQLAlchemyError) -> DatabaseAway:
    """Return what is said of an error of the database: not its own words, which may hold somebody's."""
    return DatabaseAway(f"the database refused ({type(error).__name__})")

"""The way to the database: one thread writes for everybody, and what waits together is committed together."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar, cast

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.process.transactions import answered, refused
from office.base.database import Database, take_turn

T = TypeVar("T")
TOGETHER = 64

Work = Callable[[Session], Any]
Job = tuple[Work, "asyncio.Future[Any]"]


class BatchedTransactions:
    """Runs pieces of work in transactions, several in one. Fifty people who ask at once cost a few commits, not fifty."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._waiting: deque[Job] = deque()
        self._thread = ThreadPoolExecutor(1, "records")

    async def do(self, work: Callable[[Session], T]) -> T:
        """Return what the work returns, once it is committed. Raises DatabaseAway, and what the work raises.

        The work may be run twice: what the first run did to the database is taken back then.
        """
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append((work, cast("asyncio.Future[Any]", done)))
        self._thread.submit(self._commit, asyncio.get_running_loop())
        return await answered(done)

    def close(self) -> None:
        """Let go of the database once the work under way has ended."""
        self._thread.shutdown(wait=True)
        self.database.engine.dispose()

    def _commit(self, loop: asyncio.AbstractEventLoop) -> None:
        batch: list[Job] = []
        while self._waiting and len(batch) < TOGETHER:
            job = self._waiting.popleft()
            if not job[1].done():  # who has stopped waiting was told that it was not done
                batch.append(job)
        if batch:
            loop.call_soon_threadsafe(_tell, batch, self._run(batch))

    def _run(self, batch: list[Job]) -> list[Any]:
        if len(batch) > 1:
            with contextlib.suppress(Exception):  # one of them refuses, which shall not cost the others theirs: once more, with care
                return self._together(batch, lambda session, work: work(session))
        try:
            return self._together(batch, _alone if len(batch) > 1 else lambda session, work: work(session))
        except SQLAlchemyError as error:
            return [refused(error)] * len(batch)
        except Exception as error:  # the only one's own error, or the database is away for all
            return [error] * len(batch)

    def _together(self, batch: list[Job], do: Callable[[Session, Work], Any]) -> list[Any]:
        with self.database.transaction() as session:
            take_turn(session, "telegram")
            return [do(session, work) for work, _ in batch]


def _alone(session: Session, work: Work) -> Any:
    """Return what the work gives, or its error; an error takes back its own changes only."""
    try:
        with session.begin_nested():
            return work(session)
    except SQLAlchemyError:
        raise
    except Exception as error:
        return error


def _tell(batch: list[Job], results: list[Any]) -> None:
    for (_, done), result in zip(batch, results):
        if done.done():
            continue
        if isinstance(result, Exception):
            done.set_exception(result)
        else:
            done.set_result(result)

"""Work of many people side by side, each person's in the order it came."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any

log = logging.getLogger(__name__)

QueuedWork = Callable[[], Coroutine[Any, Any, object]]


class PersonQueues:
    """One queue for each person who waits for something, and tasks that belong to nobody's queue."""

    def __init__(self) -> None:
        self._queues: dict[int, deque[QueuedWork]] = {}
        self._tasks: set[asyncio.Task[object]] = set()

    def add(self, account: int, work: QueuedWork) -> None:
        """Have work done after everything else of that person."""
        queue = self._queues.setdefault(account, deque())
        queue.append(work)
        if len(queue) == 1:
            self.start(self._serve(account, queue))

    def start(self, work: Coroutine[Any, Any, object]) -> None:
        """Have work done at once, beside all queues."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self, within: float) -> None:
        """Let what is under way end, and break off what does not within so many seconds."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=within)
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, account: int, queue: deque[QueuedWork]) -> None:
        while queue:
            try:
                await queue[0]()
            except Exception as error:  # its own words may hold somebody's
                log.error("a turn broke: %s\n%s", type(error).__name__, "".join(traceback.format_tb(error.__traceback__)))
            queue.popleft()
        del self._queues[account]

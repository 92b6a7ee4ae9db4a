"""Turns that are run once: a message that arrives twice under one key is heard once, and both get the reply."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

Turn = dict[str, Any]
T = TypeVar("T")
MOST_KEYS = 10_000
KEPT_FOR = 3600.0  # seconds


class Replays:
    """Runs turns to their end, whether or not the visitor waits for it, and keeps the replies of the last hour by key."""

    def __init__(self, *, keys: int = MOST_KEYS, clock: Callable[[], float] = time.monotonic) -> None:
        self._keys, self._clock = keys, clock
        self._kept: OrderedDict[str, tuple[float, asyncio.Task[Turn]]] = OrderedDict()
        self._running: set[asyncio.Task[Any]] = set()

    async def once(self, key: str | None, turn: Callable[[], Coroutine[Any, Any, Turn]]) -> Turn:
        """Return the turn's result; the one kept under the key, where there is one. A turn that raises is not kept."""
        self._drop_old()
        if key is None:
            return await self.finished(turn())
        if key not in self._kept:
            task = self._start(turn())
            task.add_done_callback(lambda done: self._drop_failed(key, done))
            self._kept[key] = (self._clock(), task)
            if len(self._kept) > self._keys:
                self._kept.popitem(last=False)
        return await asyncio.shield(self._kept[key][1])

    async def finished(self, work: Coroutine[Any, Any, T]) -> T:
        """Return what the work gives. It goes on to its end where the visitor has left."""
        return await asyncio.shield(self._start(work))

    def forget(self, conversation: str) -> None:
        """Forget the replies of a conversation."""
        for key, (_, task) in list(self._kept.items()):
            if task.done() and task.result()["conversation"] == conversation:
                del self._kept[key]

    async def end(self) -> None:
        """Wait for the turns that are still going on."""
        await asyncio.gather(*self._running, return_exceptions=True)

    def _start(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        task.add_done_callback(lambda done: done.cancelled() or done.exception())  # nobody may be left to look at it
        return task

    def _drop_failed(self, key: str, task: asyncio.Task[Turn]) -> None:
        if (task.cancelled() or task.exception()) and self._kept.get(key, (0, None))[1] is task:
            del self._kept[key]

    def _drop_old(self) -> None:
        oldest = self._clock() - KEPT_FOR
        while self._kept and next(iter(self._kept.values()))[0] <= oldest:
            self._kept.popitem(last=False)

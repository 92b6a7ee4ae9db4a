"""Limits: how many messages a minute, for a conversation and for an address. Kept in this process's memory."""

from __future__ import annotations

import math
import time
from collections import OrderedDict, deque
from collections.abc import Callable

WINDOW = 60.0  # seconds
MOST_KEYS = 20_000


class Limit:
    """At most `most` takings per key in any minute; 0 switches it off. Forgets the key that was quiet longest when there are too many."""

    def __init__(self, most: int, *, keys: int = MOST_KEYS, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._keys, self._clock = most, keys, clock
        self._taken: OrderedDict[str, deque[float]] = OrderedDict()

    def take(self, key: str) -> int:
        """Take one and return 0, or take none and return the whole seconds to wait."""
        if not self._most:
            return 0
        now = self._clock()
        taken = self._taken.setdefault(key, deque())
        self._taken.move_to_end(key)
        while taken and taken[0] <= now - WINDOW:
            taken.popleft()
        if len(taken) >= self._most:
            return max(1, math.ceil(taken[0] + WINDOW - now))
        taken.append(now)
        if len(self._taken) > self._keys:
            self._taken.popitem(last=False)
        return 0

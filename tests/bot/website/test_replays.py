"""Replies kept by key: for an hour, and not without bound."""

from __future__ import annotations

import asyncio
from typing import Any

from bot.website.replays import Replays


class Counting:
    """A turn that counts how often it is taken."""

    def __init__(self) -> None:
        self.taken = 0

    async def __call__(self) -> dict[str, Any]:
        self.taken += 1
        return {"conversation": "c", "number": self.taken}


def test_a_reply_is_kept_for_an_hour() -> None:
    now, turn = [0.0], Counting()
    replays = Replays(clock=lambda: now[0])

    async def ask() -> int:
        return int((await replays.once("key", turn))["number"])

    async def main() -> list[int]:
        numbers = [await ask()]
        for now[0] in (3599.0, 3600.0, 3601.0):
            numbers.append(await ask())
        return numbers

    assert asyncio.run(main()) == [1, 1, 2, 2]


def test_the_oldest_reply_makes_room() -> None:
    replays, turn = Replays(keys=2), Counting()

    async def main() -> list[int]:
        return [(await replays.once(key, turn))["number"] for key in ("a", "b", "a", "c", "a")]

    assert asyncio.run(main()) == [1, 2, 1, 3, 4]

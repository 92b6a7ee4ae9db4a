"""Which messages have left: written down as their bytes go, so that a killed process says nothing twice.

Telegram knows no "send this once". What a transaction could note before and after a call leaves some milliseconds in which
nobody knows whether the message went; a line in a file, written with the very call that sends the bytes, leaves next to none.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import httpx

LEAVES = "http11.send_request_body.started"  # as httpcore names the moment
_leaving: ContextVar[tuple[Journal, int, int] | None] = ContextVar("_leaving", default=None)


class Journal:
    """The file, one line for each message that left (`+ row place`) or surely did not arrive (`- row place`)."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._left: set[tuple[int, int]] = set()
        for line in file.read_text().splitlines() if file.exists() else []:
            with contextlib.suppress(ValueError):
                sign, row, place = line.split(" ")
                self._note(sign, int(row), int(place))
        self._out = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def keep_only(self, rows: set[int]) -> None:
        """Forget what is about other rows of the ledger."""
        self._left = {(row, place) for row, place in self._left if row in rows}
        os.ftruncate(self._out, 0)
        os.write(self._out, "".join(f"+ {row} {place}\n" for row, place in sorted(self._left)).encode())

    def has_left(self, row: int, place: int) -> bool:
        """Return whether that message of that row's reply has most likely arrived."""
        return (row, place) in self._left

    @contextlib.contextmanager
    def watching(self, row: int | None, place: int) -> Iterator[None]:
        """Write down when the request inside leaves; where the block fails, that it did not arrive."""
        if row is None:
            yield
            return
        token = _leaving.set((self, row, place))
        try:
            yield
        except Exception:
            self.write("-", row, place)
            raise
        finally:
            _leaving.reset(token)

    def write(self, sign: str, row: int, place: int) -> None:
        """Add a line; it outlives this process at once."""
        self._note(sign, row, place)
        os.write(self._out, f"{sign} {row} {place}\n".encode())

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._out)

    def _note(self, sign: str, row: int, place: int) -> None:
        (self._left.add if sign == "+" else self._left.discard)((row, place))


def note_leaving() -> None:
    """Have the journal hear that the request of this task leaves now, if it wants to. Nothing may be awaited before it does."""
    if (leaving := _leaving.get()) is not None:
        leaving[0].write("+", *leaving[1:])


async def watch(request: httpx.Request) -> None:
    """Hook of httpx, for where it is used: have the journal hear when this request's body goes out."""

    async def trace(event: str, _: dict[str, Any]) -> None:
        if event == LEAVES:
            note_leaving()

    request.extensions["trace"] = trace

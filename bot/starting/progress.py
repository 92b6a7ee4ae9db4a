"""Lines of progress: rewritten in place on a terminal, and now and then a new one in a file or a pipe."""

from __future__ import annotations

import sys
import time

PLAIN_EVERY = 15.0  # seconds between two lines where no terminal rewrites them


class ProgressLine:
    """One step that takes a while: `Training the model: 12 s`."""

    def __init__(self, text: str) -> None:
        self._text, self._started, self._width = text, time.monotonic(), 0
        self._on_terminal = sys.stdout.isatty()
        self._said_at = self._started
        self._show(f"{text} ...")

    @property
    def seconds(self) -> int:
        """Return the seconds since the step began."""
        return round(time.monotonic() - self._started)

    def tick(self, detail: str = "") -> None:
        """Print how far it is: the detail, or the seconds."""
        if self._on_terminal or time.monotonic() - self._said_at >= PLAIN_EVERY:
            self._said_at = time.monotonic()
            self._show(f"{self._text}: {detail or f'{self.seconds} s'}")

    def done(self, result: str = "") -> None:
        """Print that it is done."""
        self._show(f"{self._text}: {result or f'done in {self.seconds} s'}")
        if self._on_terminal:
            print(flush=True)

    def _show(self, text: str) -> None:
        if self._on_terminal:
            print("\r" + text.ljust(self._width), end="", flush=True)
            self._width = len(text)
        else:
            print(text, flush=True)


def end_line() -> None:
    """Leave a line that is being rewritten, before something else is printed."""
    if sys.stdout.isatty():
        print(flush=True)

"""The part of uvicorn that it does not document and we change, as read in 0.54.0."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

import uvicorn


class ServerWithoutSignals(uvicorn.Server):
    """A server in a process that sees to its own signals: it ends when `should_exit` is set."""

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Leave the process's signal handlers in place."""
        yield

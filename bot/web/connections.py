"""One HTTP request over one connection: written in one piece, without the cost of a client for everything.

With fifty people at once httpx costs more than all the rest of a turn: it looks for other event loops at each request, sends head
and body apart, and goes through all its connections.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable

import h11

LARGEST_PIECE = 64 * 1024


class Connection:
    """One connection, and what h11 knows of where it stands."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._state = h11.Connection(h11.CLIENT)

    @classmethod
    async def open(cls, host: str, port: int, secure: ssl.SSLContext | None = None) -> Connection:
        """Connect. Raises OSError."""
        return cls(*await asyncio.open_connection(host, port, ssl=secure))

    @property
    def is_usable(self) -> bool:
        """Return whether another request can be made."""
        return not (self._reader.at_eof() or self._writer.is_closing() or self._reader.exception())

    async def exchange(
        self, method: str, path: str, headers: list[tuple[str, str]], body: bytes, leaving: Callable[[], None] = lambda: None
    ) -> tuple[int, bytes]:
        """Make a request and return status and content of the response. `leaving` is called right before it is written.

        Raises OSError where the other side went away, h11.ProtocolError where it does not speak HTTP.
        """
        length = [("Content-Length", str(len(body)))] if method != "GET" else []
        request = h11.Request(method=method, target=path or "/", headers=[*headers, *length])
        parts = [self._state.send(request), self._state.send(h11.Data(data=body)), self._state.send(h11.EndOfMessage())]
        sent = b"".join(part for part in parts if part)
        leaving()
        self._writer.write(sent)
        status, content = 0, bytearray()
        while True:
            event = self._state.next_event()
            if event is h11.NEED_DATA:
                self._state.receive_data(await self._reader.read(LARGEST_PIECE))
            elif isinstance(event, h11.Response):
                status = event.status_code
            elif isinstance(event, h11.Data):
                content += event.data
            elif isinstance(event, h11.EndOfMessage):
                return status, bytes(content)
            elif isinstance(event, h11.ConnectionClosed):
                raise ConnectionResetError("closed before an answer")

    def reset(self) -> bool:
        """Make it ready for the next request; return whether it is."""
        if self._state.our_state is not h11.DONE or self._state.their_state is not h11.DONE:
            return False
        self._state.start_next_cycle()
        return True

    def close(self) -> None:
        """Let go of it."""
        self._writer.close()

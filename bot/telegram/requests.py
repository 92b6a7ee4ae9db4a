"""How the Bot API is reached: kept connections, one write for each request, and a journal that hears of it in that moment.

httpx, which python-telegram-bot uses otherwise, sends head and body apart, lets other tasks run in between, and looks through all
its connections at each request: with fifty people at once that costs more than all the rest of a turn. It still serves where a
proxy of the environment stands before Telegram.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode, urlsplit
from urllib.request import getproxies, proxy_bypass

import h11
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, HTTPXRequest, RequestData

from bot.telegram.journal import note_leaving, watch

CONNECT_WITHIN, ANSWER_WITHIN = 10.0, 20.0  # seconds
KEPT = 32  # connections that wait for the next request
LARGEST_PIECE = 64 * 1024
_LOOPBACK = re.compile(r"localhost|127\.\d+\.\d+\.\d+|::1")


def requests_for(api: str) -> BaseRequest:
    """Give how a Bot API server at this address is reached; no proxy stands before one on this machine."""
    parts = urlsplit(api)
    host = parts.hostname or ""
    if not _LOOPBACK.fullmatch(host) and parts.scheme in getproxies() and not proxy_bypass(host):
        return HTTPXRequest(
            connection_pool_size=16, connect_timeout=CONNECT_WITHIN, read_timeout=ANSWER_WITHIN, write_timeout=ANSWER_WITHIN,
            pool_timeout=ANSWER_WITHIN, httpx_kwargs={"event_hooks": {"request": [watch]}},
        )  # fmt: skip
    return DirectRequest(parts.scheme == "https", host, parts.port)


class _Connection:
    """One connection, and what h11 knows of where it stands."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self.state = h11.Connection(h11.CLIENT)

    @property
    def is_usable(self) -> bool:
        """Say whether another request can be made."""
        return not (self.reader.at_eof() or self.writer.is_closing() or self.reader.exception())

    async def exchange(self, request: h11.Request, body: bytes) -> tuple[int, bytes]:
        """Make a request and give status and content of the response. The journal hears of it right before it is written."""
        parts = [self.state.send(request), self.state.send(h11.Data(data=body)), self.state.send(h11.EndOfMessage())]
        sent = b"".join(part for part in parts if part)
        note_leaving()
        self.writer.write(sent)
        status, content = 0, bytearray()
        while True:
            event = self.state.next_event()
            if event is h11.NEED_DATA:
                self.state.receive_data(await self.reader.read(LARGEST_PIECE))
            elif isinstance(event, h11.Response):
                status = event.status_code
            elif isinstance(event, h11.Data):
                content += event.data
            elif isinstance(event, h11.EndOfMessage):
                return status, bytes(content)
            elif isinstance(event, h11.ConnectionClosed):
                raise ConnectionResetError("closed before an answer")

    def reset(self) -> bool:
        """Make it ready for the next request; say whether it is."""
        if self.state.our_state is not h11.DONE or self.state.their_state is not h11.DONE:
            return False
        self.state.start_next_cycle()
        return True

    def close(self) -> None:
        """Let go of it."""
        self.writer.close()


class DirectRequest(BaseRequest):
    """Requests to one server over connections of our own."""

    def __init__(self, is_secure: bool, host: str, port: int | None) -> None:
        self._secure = ssl.create_default_context() if is_secure else None
        self._host, self._port = host, port or (443 if is_secure else 80)
        self._waiting: list[_Connection] = []

    @property
    def read_timeout(self) -> float:
        """Seconds an answer may take."""
        return ANSWER_WITHIN

    async def initialize(self) -> None:
        """Nothing to do: connections are opened when they are needed."""

    async def shutdown(self) -> None:
        """Let go of all connections."""
        while self._waiting:
            self._waiting.pop().close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Make a request; give status and content. Raises TimedOut and NetworkError, without the address: the token stands in it."""
        if request_data is not None and request_data.contains_files:
            raise NetworkError("files are not sent by this bot")
        body = urlencode(request_data.json_parameters).encode() if request_data is not None else b""
        within = read_timeout if isinstance(read_timeout, (int, float)) else ANSWER_WITHIN
        with _as_telegram_errors():
            connection = await self._connection()
            try:
                answer = await asyncio.wait_for(connection.exchange(self._request(method, url, body), body), within)
            except BaseException:
                connection.close()
                raise
        if connection.reset() and len(self._waiting) < KEPT:
            self._waiting.append(connection)
        else:
            connection.close()
        return answer

    async def _connection(self) -> _Connection:
        while self._waiting:
            connection = self._waiting.pop()
            if connection.is_usable:
                return connection
            connection.close()
        opening = asyncio.open_connection(self._host, self._port, ssl=self._secure)
        return _Connection(*await asyncio.wait_for(opening, CONNECT_WITHIN))

    def _request(self, method: str, url: str, body: bytes) -> h11.Request:
        parts = urlsplit(url)
        headers = [("Host", parts.netloc), ("Accept", "application/json"), ("Content-Length", str(len(body)))]
        headers.append(("Content-Type", "application/x-www-form-urlencoded"))
        return h11.Request(method=method, target=parts.path or "/", headers=headers)


@contextmanager
def _as_telegram_errors() -> Iterator[None]:
    try:
        yield
    except asyncio.TimeoutError:
        raise TimedOut from None
    except (OSError, h11.ProtocolError, EOFError) as error:
        raise NetworkError(type(error).__name__) from None

"""How the Bot API is reached: kept connections, one write for each request, and a journal that hears of it in that moment.

httpx, which python-telegram-bot uses otherwise, lets other tasks run between a request's head and its body, and costs more than
all the rest of a turn (`bot.web.connections`). It still serves where a proxy of the environment stands before Telegram.
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

from bot.telegram.ledger.journal import note_leaving, watch
from bot.web.connections import Connection

CONNECT_WITHIN, ANSWER_WITHIN = 10.0, 20.0  # seconds
KEPT = 32  # connections that wait for the next request
_LOOPBACK = re.compile(r"localhost|127\.\d+\.\d+\.\d+|::1")


def requests_for(api: str) -> BaseRequest:
    """Return how a Bot API server at this address is reached; no proxy stands before one on this machine."""
    parts = urlsplit(api)
    host = parts.hostname or ""
    if not _LOOPBACK.fullmatch(host) and parts.scheme in getproxies() and not proxy_bypass(host):
        return HTTPXRequest(
            connection_pool_size=16, connect_timeout=CONNECT_WITHIN, read_timeout=ANSWER_WITHIN, write_timeout=ANSWER_WITHIN,
            pool_timeout=ANSWER_WITHIN, httpx_kwargs={"event_hooks": {"request": [watch]}},
        )  # fmt: skip
    return DirectRequest(parts.scheme == "https", host, parts.port)


class DirectRequest(BaseRequest):
    """Requests to one server over connections of our own."""

    def __init__(self, is_secure: bool, host: str, port: int | None) -> None:
        self._secure = ssl.create_default_context() if is_secure else None
        self._host, self._port = host, port or (443 if is_secure else 80)
        self._waiting: list[Connection] = []

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
        """Make a request; return status and content. Raises TimedOut and NetworkError, without the address, which holds the token."""
        if request_data is not None and request_data.contains_files:
            raise NetworkError("files are not sent by this bot")
        body = urlencode(request_data.json_parameters).encode() if request_data is not None else b""
        within = read_timeout if isinstance(read_timeout, (int, float)) else ANSWER_WITHIN
        with _as_telegram_errors():
            connection = await self._connection()
            try:
                answer = await asyncio.wait_for(self._exchange(connection, method, url, body), within)
            except BaseException:
                connection.close()
                raise
        if connection.reset() and len(self._waiting) < KEPT:
            self._waiting.append(connection)
        else:
            connection.close()
        return answer

    async def _connection(self) -> Connection:
        while self._waiting:
            connection = self._waiting.pop()
            if connection.is_usable:
                return connection
            connection.close()
        return await asyncio.wait_for(Connection.open(self._host, self._port, self._secure), CONNECT_WITHIN)

    async def _exchange(self, connection: Connection, method: str, url: str, body: bytes) -> tuple[int, bytes]:
        """The journal hears of it right before it is written."""
        parts = urlsplit(url)
        headers = [("Host", parts.netloc), ("Accept", "application/json"), ("Content-Type", "application/x-www-form-urlencoded")]
        return await connection.exchange(method, parts.path, headers, body, note_leaving)


@contextmanager
def _as_telegram_errors() -> Iterator[None]:
    try:
        yield
    except asyncio.TimeoutError:
        raise TimedOut from None
    except (OSError, h11.ProtocolError, EOFError) as error:
        raise NetworkError(type(error).__name__) from None

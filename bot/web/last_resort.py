"""What a web process does where nothing else answers: the log gets the cause, the person a sentence."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger(__name__)
Apology = Callable[[Request], Awaitable[Response]]


class LastResort:
    """Middleware: whatever breaks inside, the person gets the response that `apology` makes."""

    def __init__(self, app: ASGIApp, apology: Apology) -> None:
        self._app, self._apology = app, apology

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and answer for it where nothing else did."""
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:
            if begun or scope["type"] != "http":
                raise
            # where it broke, and not the error's own words, which may repeat a person's details
            log.error("a request broke: %s\n%s", type(error).__name__, "".join(traceback.format_tb(error.__traceback__)))
            response = await self._apology(Request(scope))
            await response(scope, receive, send)


def log_unmet(error: Exception) -> None:
    """Log why a request could not be met, where what it needs is away."""
    log.warning("a request could not be met: %s: %s", type(error).__name__, error)

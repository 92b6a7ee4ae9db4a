"""What goes wrong outside a view, said in a sentence: no such page, too much sent, the database away, a fault of ours."""

from __future__ import annotations

import logging
import traceback
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, HTTPExceptionHandler, Message, Receive, Scope, Send

from bot.inbox.desk import Desk
from bot.inbox.web import sentence
from office.base.errors import DatabaseAway

log = logging.getLogger(__name__)
SENTENCES = {
    400: ("That cannot be taken", "What was sent cannot be read."),
    404: ("Nothing here", "There is no page at this address."),
    405: ("Not possible here", "This page cannot be used in this way."),
    408: ("Too slow", "What was sent did not arrive in time. Please try again."),
    413: ("Too much", "What was sent is larger than one megabyte. Please send less at once."),
}
AWAY = "The database cannot be reached just now, so nothing was shown or changed. Please try again in a minute."
FAULT = "Something went wrong on our side, and nothing was changed. Please try again; if it happens again, tell whoever runs Usher."


async def as_http_error(request: Request, error: Exception) -> Response:
    """Say what was wrong with a request."""
    assert isinstance(error, HTTPException)
    title, said = SENTENCES.get(error.status_code, ("Not possible", f"{HTTPStatus(error.status_code).phrase}."))
    response = sentence(request, _desk(request), error.status_code, title, said)
    response.headers.update(error.headers or {})
    return response


async def as_away(request: Request, error: Exception) -> Response:
    """Say that the database is away; the log gets the cause."""
    log.warning("a request could not be met: %s: %s", type(error).__name__, error)
    response = sentence(request, _desk(request), 503, "Not available just now", AWAY)
    response.headers["Retry-After"] = "30"
    return response


HANDLERS: dict[type[Exception], HTTPExceptionHandler] = {HTTPException: as_http_error, DatabaseAway: as_away}


class LastResort:
    """Middleware: whatever breaks inside, the person gets a sentence."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

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
            request = Request(scope)
            await sentence(request, _desk(request), 500, "Something broke", FAULT)(scope, receive, send)


def _desk(request: Request) -> Desk:
    desk: Desk = request.scope["app"].state.desk
    return desk

"""What goes wrong outside a view, said in a sentence: no such page, too much sent, the database away, a fault of ours."""

from __future__ import annotations

from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import HTTPExceptionHandler

from bot.inbox.state import InboxState
from bot.inbox.web import sentence
from bot.web.last_resort import log_unmet
from office.base.errors import DatabaseAway

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
    """Return what was wrong with a request."""
    assert isinstance(error, HTTPException)
    title, said = SENTENCES.get(error.status_code, ("Not possible", f"{HTTPStatus(error.status_code).phrase}."))
    response = sentence(request, _inbox(request), error.status_code, title, said)
    response.headers.update(error.headers or {})
    return response


async def as_away(request: Request, error: Exception) -> Response:
    """Return a page that says that the database is away; the log gets the cause."""
    log_unmet(error)
    response = sentence(request, _inbox(request), 503, "Not available just now", AWAY)
    response.headers["Retry-After"] = "30"
    return response


async def as_fault(request: Request) -> Response:
    """Return a page that says that something broke."""
    return sentence(request, _inbox(request), 500, "Something broke", FAULT)


HANDLERS: dict[type[Exception], HTTPExceptionHandler] = {HTTPException: as_http_error, DatabaseAway: as_away}


def _inbox(request: Request) -> InboxState:
    inbox: InboxState = request.scope["app"].state.inbox
    return inbox

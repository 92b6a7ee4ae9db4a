"""What goes wrong, said to a visitor: refusals (4xx), and being unable to answer (503 with the contact)."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Mapping
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, HTTPExceptionHandler, Message, Receive, Scope, Send

from bot.rasa_client import AssistantAway, AssistantError, AssistantSilent
from bot.website.front import Front
from office.base.errors import DatabaseAway

log = logging.getLogger(__name__)
AWAY = "The assistant is away just now, so your question was not answered."
SLOW = "The assistant took too long to answer. Please try again in a minute."
FAULT = "Something went wrong on our side, so your question was not answered."
NO_DATABASE = "Your conversation cannot be reached just now."
PAGES = {404: ("Page not found", "There is no page at this address."), 405: ("Not possible here", "This page cannot be used in this way.")}
API = {404: ("not_found", "There is nothing at this address."), 405: ("method_not_allowed", "This address does not take that method.")}


class Refusal(Exception):
    """A request that is not met, and why: a status of 4xx, a code for programs, a sentence for people."""

    def __init__(self, status: int, code: str, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(code)
        self.status, self.code, self.message, self.headers = status, code, message, headers


def unknown_conversation() -> Refusal:
    """Give the refusal of an id that was not issued here, or whose conversation was erased."""
    return Refusal(404, "unknown_conversation", "There is no such conversation. It may have been erased.")


def unknown_choice() -> Refusal:
    """Give the refusal of a button that was not offered in the conversation."""
    return Refusal(404, "unknown_choice", "That button is not known in this conversation.")


class Refusals:
    """The exception handlers of the website."""

    def __init__(self, front: Front) -> None:
        self._front = front

    async def as_refused(self, _request: Request, error: Exception) -> Response:
        """Say a refusal as JSON."""
        assert isinstance(error, Refusal)
        return _refused(error.status, error.code, error.message, error.headers)

    async def as_http_error(self, request: Request, error: Exception) -> Response:
        """Say what Starlette found wrong with a request: as JSON to programs, as a page to people."""
        assert isinstance(error, HTTPException)
        if _of_api(request):
            code, message = API.get(error.status_code, ("bad_request", "This request cannot be met."))
            return _refused(error.status_code, code, message, error.headers)
        title, message = PAGES.get(error.status_code, ("Not possible", f"{HTTPStatus(error.status_code).phrase}."))
        return await self._front.page("error.html", error.status_code, error.headers, title=title, message=message)

    async def as_unavailable(self, request: Request, error: Exception) -> Response:
        """Say that nobody could answer, and whom to ask instead; the log gets the cause."""
        log.warning("a request could not be met: %s: %s", type(error).__name__, error)
        if isinstance(error, AssistantAway):
            return await self._unavailable(request, "assistant_away", AWAY)
        if isinstance(error, AssistantSilent):
            return await self._unavailable(request, "assistant_slow", SLOW)
        if isinstance(error, DatabaseAway):
            return await self._unavailable(request, "database_away", NO_DATABASE)
        return await self._unavailable(request, "fault", FAULT)

    async def as_fault(self, request: Request, error: Exception) -> Response:
        """Say that something broke; the log gets where, and not the error's own words, which may repeat the visitor's."""
        log.error("a request broke: %s\n%s", type(error).__name__, "".join(traceback.format_tb(error.__traceback__)))
        return await self._unavailable(request, "fault", FAULT)

    async def _unavailable(self, request: Request, code: str, message: str) -> Response:
        if not _of_api(request):
            return await self._front.page("error.html", 503, title="Not available just now", message=message)
        body = {"error": {"code": code, "message": message}, "contact": {"text": self._front.whom_to_ask()}}
        return JSONResponse(body, 503)

    def handlers(self) -> dict[type[Exception], HTTPExceptionHandler]:
        """Give which error is said by which handler."""
        return {
            Refusal: self.as_refused,
            HTTPException: self.as_http_error,
            AssistantError: self.as_unavailable,
            DatabaseAway: self.as_unavailable,
        }


class LastResort:
    """Middleware: whatever breaks inside, the visitor gets a sentence and the contact."""

    def __init__(self, app: ASGIApp, refusals: Refusals) -> None:
        self._app, self._refusals = app, refusals

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
            response = await self._refusals.as_fault(Request(scope), error)
            await response(scope, receive, send)


def _refused(status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> Response:
    return JSONResponse({"error": {"code": code, "message": message}}, status, headers=headers)


def _of_api(request: Request) -> bool:
    return request.url.path.startswith(("/api", "/health"))

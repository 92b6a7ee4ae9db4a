"""What goes wrong, said to a visitor: refusals (4xx), and being unable to answer (503 with the contact)."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import HTTPExceptionHandler

from bot.rasa_client import AssistantAway, AssistantError, AssistantSilent
from bot.web.last_resort import log_unmet
from bot.website.front import FrontPages
from office.base.errors import DatabaseAway

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
    """Return the refusal of an id that was not issued here, or whose conversation was erased."""
    return Refusal(404, "unknown_conversation", "There is no such conversation. It may have been erased.")


def unknown_choice() -> Refusal:
    """Return the refusal of a button that was not offered in the conversation."""
    return Refusal(404, "unknown_choice", "That button is not known in this conversation.")


class Refusals:
    """The exception handlers of the website."""

    def __init__(self, front: FrontPages) -> None:
        self._front = front

    async def as_refused(self, _request: Request, error: Exception) -> Response:
        """Return a refusal as JSON."""
        assert isinstance(error, Refusal)
        return _refused(error.status, error.code, error.message, error.headers)

    async def as_http_error(self, request: Request, error: Exception) -> Response:
        """Return what Starlette found wrong with a request: as JSON to programs, as a page to people."""
        assert isinstance(error, HTTPException)
        if _of_api(request):
            code, message = API.get(error.status_code, ("bad_request", "This request cannot be met."))
            return _refused(error.status_code, code, message, error.headers)
        title, message = PAGES.get(error.status_code, ("Not possible", f"{HTTPStatus(error.status_code).phrase}."))
        return await self._front.page("error.html", error.status_code, error.headers, title=title, message=message)

    async def as_unavailable(self, request: Request, error: Exception) -> Response:
        """Return a sentence that nobody could answer, and whom to ask instead; the log gets the cause."""
        log_unmet(error)
        if isinstance(error, AssistantAway):
            return await self._unavailable(request, "assistant_away", AWAY)
        if isinstance(error, AssistantSilent):
            return await self._unavailable(request, "assistant_slow", SLOW)
        if isinstance(error, DatabaseAway):
            return await self._unavailable(request, "database_away", NO_DATABASE)
        return await self._unavailable(request, "fault", FAULT)

    async def as_fault(self, request: Request) -> Response:
        """Return a sentence that something broke."""
        return await self._unavailable(request, "fault", FAULT)

    async def _unavailable(self, request: Request, code: str, message: str) -> Response:
        if not _of_api(request):
            return await self._front.page("error.html", 503, title="Not available just now", message=message)
        body = {"error": {"code": code, "message": message}, "contact": {"text": self._front.whom_to_ask()}}
        return JSONResponse(body, 503)

    def handlers(self) -> dict[type[Exception], HTTPExceptionHandler]:
        """Return which error is said by which handler."""
        return {
            Refusal: self.as_refused,
            HTTPException: self.as_http_error,
            AssistantError: self.as_unavailable,
            DatabaseAway: self.as_unavailable,
        }


def _refused(status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> Response:
    return JSONResponse({"error": {"code": code, "message": message}}, status, headers=headers)


def _of_api(request: Request) -> bool:
    return request.url.path.startswith(("/api", "/health"))

"""The pages for anybody: the accessibility statement, and the state of the inbox for whoever watches over it."""

from __future__ import annotations

import asyncio

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.inbox.state import InboxState
from bot.inbox.web import render
from office.answering.replies import kept_contact
from office.base.errors import DatabaseAway
from office.facts.model import revision_number

ANSWERS_WITHIN = 8.0  # seconds


async def accessibility(request: Request) -> Response:
    """How far the inbox can be used by everybody, and whom to tell where it cannot."""
    inbox: InboxState = request.app.state.inbox
    contact = kept_contact(inbox.settings.var / "contact.json")
    return render(request, inbox, "accessibility.html", token="", me=None, now=inbox.clock(), contact=contact)


async def health(request: Request) -> Response:
    """200 while the inbox can work, else 503 and which part does not."""
    inbox: InboxState = request.app.state.inbox
    try:
        well = await asyncio.wait_for(run_in_threadpool(_database_answers, inbox), ANSWERS_WITHIN)
    except asyncio.TimeoutError:
        well = False
    parts = {"inbox": "ok", "database": "ok" if well else "away"}
    return JSONResponse({"status": "ok" if well else "away", "parts": parts}, 200 if well else 503)


def _database_answers(inbox: InboxState) -> bool:
    try:
        with inbox.database.transaction() as session:
            revision_number(session)
    except DatabaseAway:
        return False
    return True


ROUTES = [Route("/accessibility", accessibility), Route("/health", health)]

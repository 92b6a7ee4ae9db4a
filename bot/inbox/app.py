"""The inbox as one expression: its pages, family by family, what surrounds them, and who says what went wrong."""

from __future__ import annotations

from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route

from bot.inbox import (
    account,
    audit_log,
    exports,
    facts,
    gaps,
    notifications,
    overview,
    people,
    places,
    privacy,
    public,
    reviewed,
    signing_in,
    switches,
)
from bot.inbox.headers import HEADERS
from bot.inbox.leads import routes as leads
from bot.inbox.preview import page as preview
from bot.inbox.refusals import HANDLERS, as_fault
from bot.inbox.state import InboxState
from bot.process.heartbeat import heartbeat_of
from bot.process.rasa_memory import RasaMemory
from bot.web.headers import SafeHeaders
from bot.web.last_resort import LastResort
from bot.web.static import StaticFolder
from office.base.database import Database
from office.personal.memory import use_memory
from settings import Settings

FAMILIES = (
    signing_in, account, people, switches, audit_log, public, places, notifications, privacy, gaps,
    facts, preview, reviewed, exports, overview, leads,
)  # fmt: skip
STATIC = Path(__file__).parent / "static"


def build_app(settings: Settings, database: Database) -> Starlette:
    """Return the inbox; `app.state.inbox` is what its pages work with."""
    use_memory(RasaMemory())
    app = Starlette(
        routes=[Route("/", home), Mount("/static", StaticFolder(STATIC)), *(route for family in FAMILIES for route in family.ROUTES)],
        middleware=[Middleware(SafeHeaders, headers=HEADERS), Middleware(LastResort, apology=as_fault)],
        exception_handlers=HANDLERS,
        lifespan=heartbeat_of(database, "inbox"),
    )
    app.state.inbox = InboxState(settings, database)
    return app


async def home(_request: Request) -> Response:
    """The first page: the leads."""
    return RedirectResponse("/leads", 303)

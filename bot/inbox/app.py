"""The inbox as one expression: its pages, family by family, what surrounds them, and who says what went wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bot.inbox import (
    account,
    audit_log,
    duplicates,
    exports,
    facts,
    gaps,
    lead,
    leads,
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
from bot.inbox.desk import Desk
from bot.inbox.headers import SafeHeaders
from bot.inbox.preview import page as preview
from bot.inbox.refusals import HANDLERS, LastResort
from bot.process.heartbeat import beating
from office.base.database import Database
from settings import Settings

FAMILIES = (
    signing_in, account, people, switches, audit_log, public, places, notifications, privacy, gaps,
    facts, preview, reviewed, exports, overview, duplicates, leads, lead,
)  # fmt: skip
KINDS = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}


def build_app(settings: Settings, database: Database) -> Starlette:
    """Give the inbox; `app.state.desk` is what its pages work with."""
    app = Starlette(
        routes=[Route("/", home), Mount("/static", Static()), *(route for family in FAMILIES for route in family.ROUTES)],
        middleware=[Middleware(SafeHeaders), Middleware(LastResort)],
        exception_handlers=HANDLERS,
        lifespan=beating(database, "inbox"),
    )
    app.state.desk = Desk(settings, database)
    return app


async def home(_request: Request) -> Response:
    """The first page: the leads."""
    return RedirectResponse("/leads", 303)


class Static(StaticFiles):
    """The pages' files: kinds that do not hang on the machine's tables, fresh within a minute."""

    def __init__(self) -> None:
        super().__init__(directory=Path(__file__).parent / "static")

    def file_response(self, full_path: Any, *arguments: Any, **named: Any) -> Response:
        """Give a file, or that it has not changed."""
        response = super().file_response(full_path, *arguments, **named)
        response.headers["Cache-Control"] = "public, max-age=60"
        if "content-type" in response.headers:
            response.headers["Content-Type"] = KINDS.get(Path(full_path).suffix, response.headers["Content-Type"])
        return response

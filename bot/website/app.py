"""The website as one expression: its addresses, what surrounds them, and who says what went wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import Mount, Route

from bot.process.rasa_memory import RasaMemory
from bot.rasa_client import Assistant
from bot.web.headers import SafeHeaders
from bot.web.last_resort import LastResort
from bot.web.static import StaticFolder
from bot.website.chat import ChatApi
from bot.website.front import FrontPages
from bot.website.headers import HEADERS
from bot.website.identity import Identity, kept_secret
from bot.website.incoming import CONVERSATION_HEADER
from bot.website.pages import Pages
from bot.website.records import ConversationRecords
from bot.website.refusals import Refusals
from bot.website.replays import Replays
from bot.website.switch import ChatSwitch
from bot.website.turns import Turns
from office.base.database import Database
from office.facts.files import read_topics
from office.personal.memory import use_memory
from settings import Settings

STATIC = Path(__file__).parent / "static"
TOPICS = Path(__file__).parents[2] / "data" / "facts" / "topics.yml"


def build_app(settings: Settings, database: Database, assistant: Assistant) -> Starlette:
    """Return the website. Raises NoSecret, BadFactFile."""
    records, replays = ConversationRecords(database), Replays()
    use_memory(RasaMemory())
    front = FrontPages(settings, records, read_topics(TOPICS))
    identity = Identity(settings.secret or kept_secret(settings.var / "secret"))
    switch = ChatSwitch(records, front)
    chat = ChatApi(settings, identity, records, Turns(records, assistant, switch), replays)
    pages = Pages(front, records, assistant, switch)
    refusals = Refusals(front)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        await replays.end()

    return Starlette(
        routes=[
            Route("/", pages.home),
            Route("/privacy", pages.privacy),
            Route("/health", pages.health),
            Mount("/static", StaticFolder(STATIC)),
            Route("/api/start", pages.start),
            Route("/api/openapi.json", pages.openapi),
            Route("/api/chat", chat.say, methods=["POST"]),
            Route("/api/conversation", chat.read, methods=["GET"]),
            Route("/api/conversation", chat.forget, methods=["DELETE"]),
            Route("/api/conversation/feedback", chat.rate, methods=["POST"]),
            # the same with the id in the path, for programs; logs of servers in between keep paths
            Route("/api/chat/{conversation}", chat.read, methods=["GET"]),
            Route("/api/chat/{conversation}", chat.forget, methods=["DELETE"]),
            Route("/api/chat/{conversation}/feedback", chat.rate, methods=["POST"]),
        ],
        middleware=[
            Middleware(SafeHeaders, headers=HEADERS),
            *_cors(settings.allowed_origins),
            Middleware(LastResort, apology=refusals.as_fault),
        ],
        exception_handlers=refusals.handlers(),
        lifespan=lifespan,
    )


def _cors(origins: tuple[str, ...]) -> list[Middleware]:
    """Return the middleware that lets pages of these origins use the widget and the API; none, where there are none."""
    if not origins:
        return []
    return [
        Middleware(
            CORSMiddleware,
            allow_origins=origins,
            allow_methods=("GET", "POST", "DELETE"),
            allow_headers=("Content-Type", "Idempotency-Key", CONVERSATION_HEADER),
            expose_headers=("Retry-After",),
        )
    ]

"""Webhook: Telegram calls, and gets its 200 only once the update is written down."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from telegram.error import RetryAfter, TelegramError
from telegram.ext import ExtBot

from bot.compat.telegram import wait_of
from bot.telegram.transport.polling import ALLOWED, PAUSES, NoteState, Take, sentence_of
from bot.web.bodies import BodyTooLarge, BodyTooSlow, read_body
from bot.web.serving import open_socket, server_of
from settings import LOOPBACK, Settings, SettingsError

log = logging.getLogger(__name__)
SECRET = "X-Telegram-Bot-Api-Secret-Token"
LARGEST = 1024 * 1024  # bytes
WITHIN = 30.0  # seconds
CONNECTIONS = 40


def build_webhook(path: str, secret: str, take: Take) -> Starlette:
    """Return the little web server that Telegram calls at `path`; who does not know the secret learns nothing."""

    async def called(request: Request) -> Response:
        if not hmac.compare_digest(request.headers.get(SECRET, "").encode(), secret.encode()):
            return Response(status_code=403)
        try:
            update = json.loads(await read_body(request, largest=LARGEST, within=WITHIN))
        except BodyTooLarge:
            return Response(status_code=413)
        except BodyTooSlow:
            return Response(status_code=408)
        except (ValueError, RecursionError, ClientDisconnect):
            return Response(status_code=400)
        if not isinstance(update, dict) or not isinstance(update.get("update_id"), int):
            return Response(status_code=400)
        await take([update])
        return Response()

    async def alive(_: Request) -> Response:
        return Response("ok")

    return Starlette(routes=[Route(path or "/", called, methods=["POST"]), Route("/health", alive)])


async def be_called(settings: Settings, bot: ExtBot[str], take: Take, note_state: NoteState, stop: asyncio.Event) -> None:
    """Listen, tell Telegram where, and serve until told to stop.

    Raises OSError where the port cannot be used, SettingsError without a secret: anybody could speak as Telegram.
    """
    if not settings.telegram_webhook_secret:
        raise SettingsError("USHER_TELEGRAM_WEBHOOK needs USHER_TELEGRAM_WEBHOOK_SECRET: a long random text of letters, digits, _ and -")
    app = build_webhook(urlsplit(settings.telegram_webhook).path, settings.telegram_webhook_secret, take)
    server = server_of(app, hears_signals=False)
    listening = open_socket(LOOPBACK, settings.telegram_webhook_port, "USHER_TELEGRAM_WEBHOOK_PORT")
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    telling = asyncio.create_task(_tell(settings, bot, note_state))
    try:
        await stop.wait()
    finally:
        telling.cancel()
        server.should_exit = True
        await serving


async def _tell(settings: Settings, bot: ExtBot[str], note_state: NoteState) -> None:
    """Tell Telegram where to call, again until it is heard."""
    for failures in range(10**9):
        try:
            await bot.set_webhook(
                settings.telegram_webhook, allowed_updates=ALLOWED, secret_token=settings.telegram_webhook_secret,
                max_connections=CONNECTIONS, drop_pending_updates=False,
            )  # fmt: skip
        except TelegramError as error:
            log.warning("%s", sentence_of(error))
            await note_state(sentence_of(error))
            wait = wait_of(error).total_seconds() if isinstance(error, RetryAfter) else PAUSES[min(failures, len(PAUSES) - 1)]
            await asyncio.sleep(wait)
        else:
            await note_state("")
            return

"""Start the website: `python -m bot.website` (a line of the Procfile)."""

from __future__ import annotations

import logging
import socket
import sys

import uvicorn
from starlette.applications import Starlette

from bot.assistant import Assistant
from bot.website.app import build_app
from bot.website.identity import NoSecret
from office.database import Database
from office.errors import OfficeError
from settings import LOOPBACK, Settings, SettingsError

STOP_WITHIN = 4  # seconds for turns under way; honcho ends what is left after five


def main() -> None:
    """Serve the website until told to stop; one sentence and exit code 1 where it cannot start."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        settings = Settings.read()
        door = _open_door(settings)
        assistant = Assistant(f"http://{LOOPBACK}:{settings.rasa_port}", settings.turn_timeout_seconds)
        app = build_app(settings, Database(settings.database_url), assistant)
    except (SettingsError, OfficeError, NoSecret, OSError) as error:
        sys.exit(f"Usher's website cannot start: {error}")
    server_of(app).run(sockets=[door])


def server_of(app: Starlette) -> uvicorn.Server:
    """Give the server of the website. It keeps no access log, since ids stand in the addresses; limits.py judges X-Forwarded-For."""
    return uvicorn.Server(
        uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            ws="none",
            timeout_graceful_shutdown=STOP_WITHIN,
        )
    )


def _open_door(settings: Settings) -> socket.socket:
    """Give the socket the website listens on. Raises OSError with a sentence."""
    host, port = settings.website_host, settings.website_port
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        reason = error.strerror or str(error)
        raise OSError(f"port {port} on {host} cannot be used ({reason}); USHER_WEBSITE_PORT chooses another") from None


if __name__ == "__main__":
    main()

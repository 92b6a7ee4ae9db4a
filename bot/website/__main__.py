"""Start the website: `python -m bot.website` (a line of the Procfile)."""

from __future__ import annotations

import logging
import sys

from bot.process.memory import keep_what_is_loaded
from bot.rasa_client import Assistant
from bot.web.serving import open_socket, server_of
from bot.website.app import build_app
from bot.website.identity import NoSecret
from office.base.database import Database
from office.base.errors import OfficeError
from settings import LOOPBACK, Settings, SettingsError


def main() -> None:
    """Serve the website until told to stop; one sentence and exit code 1 where it cannot start."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        settings = Settings.read()
        listening = open_socket(settings.website_host, settings.website_port, "USHER_WEBSITE_PORT")
        assistant = Assistant(f"http://{LOOPBACK}:{settings.rasa_port}", settings.turn_timeout_seconds)
        app = build_app(settings, Database(settings.database_url), assistant)
    except (SettingsError, OfficeError, NoSecret, OSError) as error:
        sys.exit(f"Usher's website cannot start: {error}")
    keep_what_is_loaded()
    server_of(app).run(sockets=[listening])


if __name__ == "__main__":
    main()

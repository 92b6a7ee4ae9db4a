"""Start the inbox: `python -m bot.inbox` (a line of the Procfile)."""

from __future__ import annotations

import logging
import sys

from bot.inbox.app import build_app
from bot.process.memory import keep_what_is_loaded
from bot.web.serving import open_socket, server_of
from office.base.database import Database
from office.base.errors import OfficeError
from settings import Settings, SettingsError


def main() -> None:
    """Serve the inbox until told to stop; one sentence and exit code 1 where it cannot start."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        settings = Settings.read()
        listening = open_socket(settings.inbox_host, settings.inbox_port, "USHER_INBOX_PORT")
        app = build_app(settings, Database(settings.database_url))
    except (SettingsError, OfficeError, OSError) as error:
        sys.exit(f"Usher's inbox cannot start: {error}")
    keep_what_is_loaded()
    server_of(app).run(sockets=[listening])


if __name__ == "__main__":
    main()

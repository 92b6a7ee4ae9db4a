"""Start the worker: `python -m bot.worker` (a line of the Procfile)."""

from __future__ import annotations

import asyncio
import logging
import os
import sys

from bot.worker.loop import Worker
from office.base.database import Database
from office.base.errors import OfficeError
from settings import Settings, SettingsError


def main() -> None:
    """Work until told to stop; one sentence and exit code 1 where it cannot start."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    for noisy in ("httpx", "telegram", "aiosmtplib"):  # httpx prints addresses, and the bot's token stands in them
        logging.getLogger(noisy).setLevel(logging.CRITICAL)
    try:
        settings = Settings.read()
        database = Database(settings.database_url)
    except (SettingsError, OfficeError, OSError) as error:
        sys.exit(f"Usher's worker cannot start: {error}")
    asyncio.run(_work(settings, database))


async def _work(settings: Settings, database: Database) -> None:
    await Worker(settings, database).run()
    logging.shutdown()
    os._exit(0)  # asyncio would wait for the thread of a long job; its transaction is rolled back, and it is done at the next start


if __name__ == "__main__":
    main()

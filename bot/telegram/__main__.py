"""Start the staff's bot: `python -m bot.telegram` (a line of the Procfile, where USHER_TELEGRAM_TOKEN is set)."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys

from bot.telegram.process import run
from bot.telegram.transport.secrecy import log_safely
from office.base.errors import OfficeError
from settings import Settings, SettingsError

log = logging.getLogger("bot.telegram")
GIVES_WAY_AFTER = 0.0005  # seconds; the thread that writes and the one that talks wait for each other ten times as long otherwise


def main() -> None:
    """Answer in Telegram until told to stop. Without a token, or with a wrong one, stay and say so: the website and the inbox run all the same."""
    log_safely()
    try:
        settings = Settings.read()
        log_safely(settings.telegram_token, settings.telegram_webhook_secret)
        sys.setswitchinterval(GIVES_WAY_AFTER)
        asyncio.run(_until_stopped(settings))
    except (SettingsError, OfficeError, OSError) as error:
        sys.exit(f"Usher cannot start in Telegram: {error}")


async def _until_stopped(settings: Settings) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    if settings.telegram_token:
        await run(settings, stop)
    else:
        log.info("Telegram is off: set USHER_TELEGRAM_TOKEN to switch it on (docs/telegram.md)")
        await stop.wait()


if __name__ == "__main__":
    main()

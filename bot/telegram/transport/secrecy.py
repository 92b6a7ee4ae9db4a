"""Logs without tokens: the libraries below print addresses, and every address of the Bot API holds the token."""

from __future__ import annotations

import logging
import re
import sys
from types import TracebackType

_TOKEN = re.compile(r"\d{3,}:[\w-]{3,}")
FORMAT = "%(levelname)s %(name)s: %(message)s"
NOISY = ("httpx", "httpcore", "telegram", "apscheduler", "uvicorn.access")


class RedactingFormatter(logging.Formatter):
    """Leaves out whatever looks like a bot's token, in messages as in tracebacks."""

    def __init__(self, secrets: tuple[str, ...] = ()) -> None:
        super().__init__(FORMAT)
        self._secrets = [secret for secret in secrets if secret]

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line = super().format(record)
        for secret in self._secrets:
            line = line.replace(secret, "(secret)")
        return _TOKEN.sub("(token)", line)


def log_safely(*secrets: str) -> None:
    """Send all logs through the redacting formatter, and let the talkative libraries only warn."""
    handler = logging.StreamHandler()
    handler.setFormatter(RedactingFormatter(secrets))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("telegram").setLevel(logging.ERROR)
    sys.excepthook = _log_the_end


def _log_the_end(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Log what ends the process; Python itself would print it as it is."""
    logging.getLogger(__name__).critical("ended by an error nobody expected", exc_info=(kind, error, trace))

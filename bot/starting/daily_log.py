"""A log file that is begun anew each day, and of which no more than so many days are kept."""

from __future__ import annotations

import logging
from logging.handlers import TimedRotatingFileHandler
from pathlib import Path

LARGEST = 5_000_000  # bytes; of a day that says more, the last five to ten million stay


class DailyLog(TimedRotatingFileHandler):
    """Writes `website.log`; what was written on earlier days is in `website.log.2026-11-24`, by UTC."""

    def __init__(self, file: Path, days: int) -> None:
        super().__init__(file, when="midnight", utc=True, backupCount=max(days, 1), encoding="utf-8")

    def shouldRollover(self, record: logging.LogRecord) -> int:
        """Return whether the day is over, or the file too large."""
        return int(bool(super().shouldRollover(record)) or Path(self.baseFilename).stat().st_size > LARGEST)

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line, into a new file where the old one was removed since nobody had written to it for long."""
        if self.stream is not None and not Path(self.baseFilename).exists():
            self.stream.close()
            self.stream = self._open()
        super().emit(record)

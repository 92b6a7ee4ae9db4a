"""The maildir in which e-mails lie where no mail server is set: what is forgotten there, as everywhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timezone
from email import policy
from email.parser import BytesHeaderParser
from pathlib import Path

ABOUT = "X-Usher-About"


def forget_mail(folder: Path, *, before: datetime) -> int:
    """Remove e-mails that were written before a moment; return how many. Others of the folder are left alone."""
    return sum(_remove(file) for file in _files(folder) if datetime.fromtimestamp(file.stat().st_mtime, timezone.utc) < before)


def forget_mail_about(folder: Path, references: Iterable[str]) -> int:
    """Remove the e-mails that tell of these leads; return how many."""
    wanted = set(references)
    return sum(_remove(file) for file in _files(folder) if _about(file) in wanted)


def _files(folder: Path) -> Iterator[Path]:
    for part in ("new", "cur", "tmp"):
        yield from (file for file in (folder / part).glob("usher.*") if file.is_file())


def _about(file: Path) -> str:
    try:
        with file.open("rb") as reading:
            return str(BytesHeaderParser(policy=policy.SMTP).parse(reading)[ABOUT] or "")
    except FileNotFoundError:
        return ""


def _remove(file: Path) -> int:
    file.unlink(missing_ok=True)
    return 1

"""What can be seen before anything is started: folders that can be written, ports that are free, nobody else at it."""

from __future__ import annotations

import fcntl
import os
import socket
import tempfile
from collections.abc import Collection
from pathlib import Path
from typing import IO

from bot.starting.refusal import CannotStart
from settings import LOOPBACK, Settings

LOCK = "run.lock"


def look_at_folder(folder: Path, setting: str) -> None:
    """Make the folder where it is missing. Raises CannotStart where nothing can be written in it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise CannotStart(f"nothing can be written in the folder {folder} ({error.strerror}); {setting}.") from None


Port = tuple[str, str, int]  # the setting, the host, the number


def wanted_ports(settings: Settings) -> list[Port]:
    """Return the ports that Usher's processes need. Raises CannotStart where two of them are one."""
    wanted = [
        ("USHER_WEBSITE_PORT", settings.website_host, settings.website_port),
        ("USHER_RASA_PORT", LOOPBACK, settings.rasa_port),
        ("USHER_INBOX_PORT", settings.inbox_host, settings.inbox_port),
    ]
    if settings.telegram_token and settings.telegram_webhook:
        wanted.append(("USHER_TELEGRAM_WEBHOOK_PORT", LOOPBACK, settings.telegram_webhook_port))
    users: dict[int, str] = {}
    for setting, _, port in wanted:
        if port in users:
            raise CannotStart(f"{users[port]} and {setting} are both {port}; give each its own.")
        users[port] = setting
    return wanted


def look_at_ports(settings: Settings, but: Collection[str] = ()) -> None:
    """Raise CannotStart where another program has a port that Usher's processes need; `but` are settings not to look at."""
    for setting, host, port in wanted_ports(settings):
        if setting not in but:
            look_at_port(setting, host, port)


def look_at_port(setting: str, host: str, port: int) -> None:
    """Raise CannotStart where the port cannot be listened at."""
    fault = _fault_of_port(host, port)
    if fault == "taken":
        raise CannotStart(f"Port {port} is in use by another program; stop it or set {setting}.")
    if fault:
        raise CannotStart(f"Port {port} of {host} cannot be opened ({fault}); set {setting} to another.")


def is_taken(host: str, port: int) -> bool:
    """Return whether somebody listens at the port."""
    return _fault_of_port(host, port) == "taken"


def _fault_of_port(host: str, port: int) -> str:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
            trial.listen(1)
        except OSError as error:
            return "taken" if error.errno == 98 or "in use" in str(error) else str(error.strerror or error)
    return ""


def runner_of(folder: Path) -> str:
    """Return the process number of the `make run` that uses the folder, "" where none does."""
    try:
        with (folder / LOCK).open() as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except OSError:
                return lock.read().strip() or "unknown"
    except OSError:
        pass  # never started here
    return ""


def be_the_only_one(folder: Path, what: str) -> IO[str]:
    """Return the open lock file of a folder; it is let go when it is closed or the process ends, however it ends.

    Raises CannotStart where another process holds it.
    """
    lock = (folder / LOCK).open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.seek(0)
        raise CannotStart(f"{what} (process {lock.read().strip() or 'unknown'}); stop it first.") from None
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock

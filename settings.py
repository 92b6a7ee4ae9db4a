"""Every setting, typed, from the environment and `.env`; read once, at each process's start."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable, TypeVar

from dotenv import dotenv_values

ROOT = Path(__file__).resolve().parent
LOOPBACK = "127.0.0.1"
T = TypeVar("T")


class SettingsError(Exception):
    """A setting has a value nobody can work with; the text names it and says what it may be."""


def _read(name: str, default: str, convert: Callable[[str], T], values: dict[str, str]) -> T:
    text = values.get(name, "") or default
    try:
        return convert(text)
    except ValueError as error:
        raise SettingsError(f"{name} is {text!r}: {error}") from None


def _port(text: str) -> int:
    number = int(text) if text.isdigit() else -1
    if not 1 <= number <= 65535:
        raise ValueError("a port is a whole number from 1 to 65535")
    return number


def _count(text: str) -> int:
    if not text.isdigit():
        raise ValueError("it must be a whole number, 0 or more")
    return int(text)


def _yes(text: str) -> bool:
    if text.lower() in ("1", "yes", "true", "on"):
        return True
    if text.lower() in ("0", "no", "false", "off"):
        return False
    raise ValueError("it must be yes or no")


def _origins(text: str) -> tuple[str, ...]:
    origins = tuple(origin.strip() for origin in text.split(",") if origin.strip())
    if not all(re.fullmatch(r"https?://[\w.-]+(:\d+)?|https?://\[[0-9a-fA-F:]+\](:\d+)?", origin) for origin in origins):
        raise ValueError("it must be a list like https://www.trust.example, https://school.example, with no path behind the name")
    return origins


@dataclass(frozen=True)
class Settings:
    """What a process needs to know before it starts. `Settings.read()` is the only way to one."""

    var: Path
    database_url: str
    home_trust: str
    website_host: str
    website_port: int
    inbox_port: int
    rasa_port: int
    actions_port: int
    limit_conversation_per_minute: int
    limit_address_per_minute: int
    retention_days: int
    turn_timeout_seconds: int
    trust_proxy: bool
    secret: str = field(repr=False)
    allowed_origins: tuple[str, ...]

    @classmethod
    def read(cls, environment: dict[str, str] | None = None) -> Settings:
        """Give the settings of this process. Raises SettingsError for a value that cannot be used."""
        values: dict[str, str] = {}
        if environment is None:
            values.update({k: v for k, v in dotenv_values(ROOT / ".env").items() if v is not None})
            values.update(os.environ)
        else:
            values.update(environment)
        var = Path(_read("USHER_VAR", str(ROOT / "var"), str, values)).expanduser().absolute()
        if 0 < len(values.get("USHER_SECRET", "")) < 32:
            raise SettingsError("USHER_SECRET is too short: it must be at least 32 characters long, or left empty")
        return cls(
            var=var,
            database_url=_read("USHER_DATABASE_URL", f"sqlite:///{var / 'usher.db'}", str, values),
            home_trust=_read("USHER_HOME_TRUST", "schoolsworks", str, values),
            website_host=_read("USHER_WEBSITE_HOST", LOOPBACK, str, values),
            website_port=_read("USHER_WEBSITE_PORT", "8000", _port, values),
            inbox_port=_read("USHER_INBOX_PORT", "8001", _port, values),
            rasa_port=_read("USHER_RASA_PORT", "5005", _port, values),
            actions_port=_read("USHER_ACTIONS_PORT", "5055", _port, values),
            limit_conversation_per_minute=_read("USHER_LIMIT_CONVERSATION_PER_MINUTE", "15", _count, values),
            limit_address_per_minute=_read("USHER_LIMIT_ADDRESS_PER_MINUTE", "300", _count, values),
            retention_days=_read("USHER_RETENTION_DAYS", "365", _count, values),
            turn_timeout_seconds=_read("USHER_TURN_TIMEOUT_SECONDS", "15", _count, values),
            trust_proxy=_read("USHER_TRUST_PROXY", "no", _yes, values),
            secret=_read("USHER_SECRET", "", str, values),
            allowed_origins=_read("USHER_ALLOWED_ORIGINS", "", _origins, values),
        )

"""Every setting, typed, from the environment and `.env`; read once, at each process's start."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from email.utils import getaddresses, parseaddr
from pathlib import Path
from typing import Callable, TypeVar

from dotenv import dotenv_values

ROOT = Path(__file__).resolve().parent
LOOPBACK = "127.0.0.1"
T = TypeVar("T")
_MAIL_ADDRESS = re.compile(r"[^\s@<>,;:\\\"]{1,64}@[^\s@<>,;:\\\"]{1,255}")


class SettingsError(Exception):
    """A setting has a value nobody can work with; the text names it and says what it may be."""


def _unless_off(limit: str, most: str, values: dict[str, str]) -> str:
    """Return a default for leads a day; none where the messages a minute of the same have no limit either."""
    return "0" if values.get(limit) == "0" else most


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


def _address(text: str) -> str:
    if text and not re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", text):
        raise ValueError("it must be an address like https://usher.ourtrust.example")
    return text.rstrip("/")


def _bot_api(text: str) -> str:
    return _address(text).removesuffix("/bot")  # as some libraries want it written


def _mail_server(text: str) -> str:
    if text and not re.fullmatch(r"smtps?://([^\s@/]+@)?[\w.-]+(:\d+)?", text):
        raise ValueError("it must be empty, or a mail server like smtp://user:password@mail.ourtrust.example:587")
    return text


def _sender(text: str) -> str:
    """Return the sender with its name in quotation marks, so that a comma in the name does not end it."""
    before, opens, behind = text.rpartition("<")
    name, address = (before.strip().strip('"'), behind.strip()) if opens else ("", text.strip())
    if opens:
        address = address[:-1] if address.endswith(">") else ""
    if not text.isprintable() or '"' in name or "\\" in name or not _MAIL_ADDRESS.fullmatch(address):
        raise ValueError("it must be one e-mail address, or a name with the address behind it, like Usher <usher@ourtrust.example>")
    return f'"{name}" <{address}>' if name else address


def _receivers(text: str) -> str:
    addresses = [address for _, address in getaddresses([text])]
    if not text.isprintable() or not addresses or not all(_MAIL_ADDRESS.fullmatch(address) for address in addresses):
        raise ValueError(
            "it must be e-mail addresses, separated by commas; a name with a comma in it stands in quotation marks: "
            '"Team, Joining" <joining@ourtrust.example>'
        )
    return text


def _receivers_or_none(text: str) -> str:
    return _receivers(text) if text else ""


def _token(text: str) -> str:
    if text and not re.fullmatch(r"\d+:[\w-]+", text):
        raise ValueError("a bot's token looks like 123456:ABC-DEF")
    return text


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
    limit_conversation_per_minute: int
    limit_address_per_minute: int
    limit_leads_per_conversation: int
    limit_leads_per_address: int
    rest_minutes: int
    retention_days: int
    turn_timeout_seconds: int
    spare_imports: bool
    trust_proxy: bool
    secret: str = field(repr=False)
    allowed_origins: tuple[str, ...]
    website_url: str
    inbox_host: str
    inbox_url: str
    session_hours: int
    reply_within_days: int
    retention_leads_days: int
    retention_tracker_days: int
    retention_log_days: int
    retention_audit_days: int
    mail_server: str = field(repr=False)
    mail_from: str
    mail_to: str
    safeguarding_to: str
    telegram_token: str = field(repr=False)
    telegram_api: str
    telegram_webhook: str
    telegram_webhook_port: int
    telegram_webhook_secret: str = field(repr=False)

    @classmethod
    def read(cls, environment: dict[str, str] | None = None) -> Settings:
        """Return the settings of this process. Raises SettingsError for a value that cannot be used."""
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
            limit_conversation_per_minute=_read("USHER_LIMIT_CONVERSATION_PER_MINUTE", "15", _count, values),
            limit_address_per_minute=_read("USHER_LIMIT_ADDRESS_PER_MINUTE", "300", _count, values),
            limit_leads_per_conversation=_read(
                "USHER_LIMIT_LEADS_PER_CONVERSATION", _unless_off("USHER_LIMIT_CONVERSATION_PER_MINUTE", "5", values), _count, values
            ),
            limit_leads_per_address=_read(
                "USHER_LIMIT_LEADS_PER_ADDRESS", _unless_off("USHER_LIMIT_ADDRESS_PER_MINUTE", "20", values), _count, values
            ),
            rest_minutes=_read("USHER_REST_MINUTES", "60", _count, values),
            retention_days=_read("USHER_RETENTION_DAYS", "365", _count, values),
            turn_timeout_seconds=_read("USHER_TURN_TIMEOUT_SECONDS", "15", _count, values),
            spare_imports=_read("USHER_SPARE_IMPORTS", "yes", _yes, values),
            trust_proxy=_read("USHER_TRUST_PROXY", "no", _yes, values),
            secret=_read("USHER_SECRET", "", str, values),
            allowed_origins=_read("USHER_ALLOWED_ORIGINS", "", _origins, values),
            website_url=_read("USHER_WEBSITE_URL", "", _address, values),
            inbox_host=_read("USHER_INBOX_HOST", LOOPBACK, str, values),
            inbox_url=_read("USHER_INBOX_URL", "", _address, values),
            session_hours=_read("USHER_SESSION_HOURS", "12", _count, values),
            reply_within_days=_read("USHER_REPLY_WITHIN_DAYS", "2", _count, values),
            retention_leads_days=_read("USHER_RETENTION_LEADS_DAYS", "730", _count, values),
            retention_tracker_days=_read("USHER_RETENTION_TRACKER_DAYS", "90", _count, values),
            retention_log_days=_read("USHER_RETENTION_LOG_DAYS", "30", _count, values),
            retention_audit_days=_read("USHER_RETENTION_AUDIT_DAYS", "1095", _count, values),
            mail_server=_read("USHER_MAIL_SERVER", "", _mail_server, values),
            mail_from=_read("USHER_MAIL_FROM", "usher@localhost", _sender, values),
            mail_to=_read("USHER_MAIL_TO", "office@localhost", _receivers, values),
            safeguarding_to=_read("USHER_SAFEGUARDING_TO", "", _receivers_or_none, values),
            telegram_token=_read("USHER_TELEGRAM_TOKEN", "", _token, values),
            telegram_api=_read("USHER_TELEGRAM_API", "https://api.telegram.org", _bot_api, values),
            telegram_webhook=_read("USHER_TELEGRAM_WEBHOOK", "", _address, values),
            telegram_webhook_port=_read("USHER_TELEGRAM_WEBHOOK_PORT", "8002", _port, values),
            telegram_webhook_secret=_read("USHER_TELEGRAM_WEBHOOK_SECRET", "", str, values),
        )

    @property
    def mail_domain(self) -> str:
        """The domain of the sender of e-mails."""
        return parseaddr(self.mail_from)[1].rpartition("@")[2]

    @property
    def website_address(self) -> str:
        """The website as people outside reach it; on one machine, its own port."""
        return self.website_url or f"http://{self.website_host}:{self.website_port}"

    @property
    def inbox_address(self) -> str:
        """The inbox as staff reach it, for links in notifications."""
        return self.inbox_url or f"http://{self.inbox_host}:{self.inbox_port}"

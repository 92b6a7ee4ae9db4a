"""How a reply looks in Telegram: escaped HTML beside the plain text, split where it is too long, buttons as an inline keyboard."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from html import escape
from typing import Any

from telegram import ForceReply, InlineKeyboardMarkup

from bot.messages.bot_api import keyboard
from bot.messages.texts import LONGEST_TELEGRAM, Button, TelegramText, units

LEAST_SHARE = 4  # a cut is not worth its place in the first quarter of what would fit
_ENDS = (re.compile(r"\n\s*\n"), re.compile(r"\n"), re.compile(r"(?<=[.!?…])\s"), re.compile(r"\s"))
_BULLET = re.compile(r"^- ", re.M)


@dataclass(frozen=True)
class TelegramPart:
    """One message that is to be sent."""

    plain: str
    html: str
    rows: list[list[Button]] = field(default_factory=list)
    chat: int = 0
    about: str = ""  # what it is about, by which replies to it are understood
    detail: str | None = None
    wants_reply: bool = False
    reply_to: int | None = None
    thread: int | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the part as the ledger keeps it."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> TelegramPart:
        """Return the part that was kept."""
        return cls(**{**kept, "rows": [[(title, data) for title, data in row] for row in kept["rows"]]})

    @property
    def markup(self) -> InlineKeyboardMarkup | ForceReply | None:
        """Return the buttons under the message."""
        if self.rows:
            return keyboard(self.rows)
        return ForceReply() if self.wants_reply else None


def as_telegram(text: str, rows: Sequence[Sequence[Button]] = (), **more: Any) -> list[TelegramPart]:
    """Return the messages for a text: one, or as many as its length needs. Its buttons go under the last."""
    whole = text.encode("utf-8", "replace").decode()  # no half of an emoji, which is no UTF-8
    pieces = split(_BULLET.sub("• ", whole.strip()) or "…")
    parts = [TelegramPart(piece, escape(piece, quote=False)) for piece in pieces]
    return [*parts[:-1], replace(parts[-1], rows=[list(row) for row in rows], **more)]


def ready_made(message: TelegramText, **more: Any) -> TelegramPart:
    """Return the part for a message that bot.messages.texts has worded."""
    return TelegramPart(message.plain, message.html, message.rows, **more)


def split(text: str, longest: int = LONGEST_TELEGRAM) -> list[str]:
    """Return a text in pieces of at most `longest` UTF-16 units: cut between paragraphs, lines, sentences, words, or else anywhere."""
    pieces = []
    while units(text) > longest:
        head = _fitting(text, longest)
        at = next((place for end in _ENDS if (place := _last(end, head, text)) > len(head) // LEAST_SHARE), len(head))
        pieces.append(text[:at].rstrip())
        text = text[at:].lstrip()
    return [piece for piece in [*pieces, text] if piece]


def _fitting(text: str, longest: int) -> str:
    """Return the longest beginning that fits."""
    head = text[:longest]
    while units(head) > longest:
        head = head[: len(head) - max(1, (units(head) - longest) // 2)]
    return head


def _last(end: re.Pattern[str], head: str, text: str) -> int:
    """Return where the last such end is in the head; its very end counts where the text goes on with it."""
    return max((match.start() for match in end.finditer(text, 0, min(len(text), len(head) + 1))), default=0)


def with_choice(html: str, plain: str, title: str) -> TelegramPart | None:
    """Return a message as it looks once one of its buttons was pressed: without buttons, with the choice under it; None where it is full."""
    if units(plain) + units(title) + 4 > LONGEST_TELEGRAM:
        return None
    return TelegramPart(f"{plain}\n\n▸ {title}", f"{html}\n\n▸ <b>{escape(title, quote=False)}</b>")

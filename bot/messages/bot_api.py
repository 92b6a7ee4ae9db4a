"""What each process that writes to Telegram must know of the Bot API: how buttons are made, who cannot be written to
(docs/decisions/0002-telegram.md)."""

from __future__ import annotations

from collections.abc import Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest

from bot.messages.texts import Button

LONGEST_DATA = 64  # bytes of a button's callback data
LONGEST_TITLE = 60  # characters of a button; a phone shows about forty
GONE = (  # as Telegram says it; blocking comes as Forbidden too
    "chat not found", "user is deactivated", "bot was blocked", "bot can't initiate", "peer_id_invalid",
    "not enough rights", "have no rights",
)  # fmt: skip


def keyboard(rows: Sequence[Sequence[Button]]) -> InlineKeyboardMarkup | None:
    """Return rows of buttons as Telegram takes them, None where there are none. A button whose data Telegram would refuse is left out."""
    made = [[_button(*button) for button in row if fits(button[1])] for row in rows]
    return InlineKeyboardMarkup(made) if made else None


def fits(data: str) -> bool:
    """Return whether a button's data, or its address, can be sent."""
    return data.startswith("http") or 0 < len(data.encode()) <= LONGEST_DATA


def is_gone(error: BadRequest) -> bool:
    """Return whether Telegram refuses because the chat is not there any more, or not for us: trying again does not help."""
    return any(sign in error.message.lower() for sign in GONE)


def _button(title: str, data: str) -> InlineKeyboardButton:
    shown = title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1].rstrip() + "…"
    return InlineKeyboardButton(shown, url=data) if data.startswith("http") else InlineKeyboardButton(shown, callback_data=data)

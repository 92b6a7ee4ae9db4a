"""Rasa's REST channel, with the guards a public address needs. Same address, same JSON as Rasa's own."""

from __future__ import annotations

from typing import Any, Dict, Optional, Text

from sanic.exceptions import InvalidUsage
from sanic.request import Request

from bot.compat.rasa import OpenRestInput
from language.acts.learned import danger_in
from office.answering.help import IN_DANGER_FROM
from office.answering.message import as_received
from office.base.limits import LONGEST_MESSAGE


class PlainTextRest(OpenRestInput):
    """Takes what a visitor typed as text only: a typed `/restart` or `/ask_cost{…}` is a question like any other."""

    def sender_of(self, request: Request) -> Text:
        """Return the conversation's id. Raises InvalidUsage."""
        sender = _body(request).get("sender")
        if not isinstance(sender, str) or not 0 < len(sender) <= 200:
            raise InvalidUsage("'sender' must be a text of 1 to 200 characters")
        return sender

    def message_of(self, request: Request) -> Text:
        """Return what was typed, as far as it is passed on. Raises InvalidUsage."""
        message = _body(request).get("message")
        if not isinstance(message, str):
            raise InvalidUsage("'message' must be a text")
        return _received(message)[0]

    def channel_of(self, request: Request) -> Text:
        """Return the channel that the body names, the name of this one without."""
        channel = _body(request).get("input_channel")
        return channel if isinstance(channel, str) and channel else self.name()

    def get_metadata(self, request: Request) -> Optional[Dict[Text, Any]]:
        """Return what the actions should know besides the text: whether its words are to be withheld, the channel, and what the
        form of the latest reply asked that the visitor saw, where the website knows."""
        body = _body(request)
        message, said = body.get("message"), body.get("metadata")
        asked = said.get("form_asked") if isinstance(said, dict) else None
        return {
            "withheld": isinstance(message, str) and _received(message)[1], "channel": self.channel_of(request),
            **({"form_asked": asked[:20]} if isinstance(asked, str) else {}),
        }  # fmt: skip


def _received(message: str) -> tuple[str, bool]:
    return as_received(message, in_danger=danger_in(message[:LONGEST_MESSAGE]) >= IN_DANGER_FROM)


def _body(request: Request) -> Dict[Text, Any]:
    body = request.json  # Sanic answers 400 where it is no JSON
    if not isinstance(body, dict):
        raise InvalidUsage("the body must be a JSON object")
    return body

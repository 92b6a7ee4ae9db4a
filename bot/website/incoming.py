"""What a visitor sends: read within bounds, checked, and made plain text."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from starlette.requests import ClientDisconnect, Request

from bot.web.bodies import BodyTooLarge, BodyTooSlow, read_body
from bot.website.refusals import Refusal, unknown_choice
from office.base.limits import LONGEST_MESSAGE

LARGEST_BODY = 64 * 1024  # bytes
BODY_WITHIN = 20.0  # seconds
CONVERSATION_HEADER = "Usher-Conversation"
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")  # not the joiners of emoji and scripts
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")
_KEY = re.compile(r"[0-9a-fA-F-]{32,36}")
_CHOICE = re.compile(r"[0-9]{1,9}\.[0-9]{1,3}")
_NUMBER = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True)
class ChatRequest:
    """One turn's input: a text, or the id of a button that was offered in the conversation."""

    conversation: str | None
    text: str | None
    choice: str | None

    @property
    def digest(self) -> str:
        """Return what tells this input from any other."""
        return sha256(json.dumps([self.conversation, self.text, self.choice]).encode()).hexdigest()


async def read_said(request: Request) -> ChatRequest:
    """Return what a visitor says. Raises Refusal."""
    body = await _read_object(request)
    conversation, message, choice = body.get("conversation"), body.get("message"), body.get("choice")
    if not isinstance(conversation, (str, type(None))):
        raise Refusal(400, "bad_request", "“conversation” must be the text the server gave, or null.")
    if (message is None) == (choice is None):
        raise Refusal(400, "bad_request", "Send either “message” or “choice”.")
    if message is not None:
        return ChatRequest(conversation, read_text(message), None)
    if not isinstance(choice, str):
        raise Refusal(400, "bad_request", "“choice” must be the id of a button.")
    if conversation is None or not _CHOICE.fullmatch(choice):
        raise unknown_choice()
    return ChatRequest(conversation, None, choice)


def read_text(message: object) -> str:
    """Return a message as plain text, free of control and invisible characters. Raises Refusal."""
    if not isinstance(message, str):
        raise Refusal(400, "bad_request", "“message” must be a text.")
    text = _CONTROL.sub(" ", message.replace("\r\n", "\n"))
    text = _HALF_CHARACTER.sub("\ufffd", _INVISIBLE.sub("", text)).strip()
    if not text:
        raise Refusal(400, "empty_message", "There is nothing in this message. Please type a question.")
    if len(text) > LONGEST_MESSAGE:
        raise Refusal(413, "too_long", f"This message is too long. Please ask in at most {LONGEST_MESSAGE:,} characters.")
    return text


async def read_feedback(request: Request) -> tuple[int, str]:
    """Return the number of the rated message, and the thumb. Raises Refusal."""
    body = await _read_object(request)
    number, thumb = body.get("n"), body.get("thumb")
    if type(number) is not int or not 0 < number < 10**9 or thumb not in ("up", "down"):
        raise Refusal(400, "bad_request", "“n” must be the number of a message, and “thumb” be “up” or “down”.")
    return number, thumb


def read_after(request: Request) -> int:
    """Return the number after which messages are wanted. Raises Refusal."""
    after = request.query_params.get("after", "0")
    if not _NUMBER.fullmatch(after):
        raise Refusal(400, "bad_request", "“after” must be the number of a message.")
    return int(after)


def read_conversation(request: Request) -> str:
    """Return the id of the conversation a request is about: from its header, or from the path where a program put it there. Raises Refusal."""
    conversation = request.path_params.get("conversation") or request.headers.get(CONVERSATION_HEADER)
    if not conversation:
        raise Refusal(400, "bad_request", f"The header “{CONVERSATION_HEADER}” must hold the text the server gave.")
    return str(conversation)


def read_key(request: Request) -> str | None:
    """Return the Idempotency-Key of a request that has one. Raises Refusal."""
    key = request.headers.get("idempotency-key")
    if key is not None and not _KEY.fullmatch(key):
        raise Refusal(400, "bad_request", "“Idempotency-Key” must be 32 hexadecimal digits.")
    return key


async def _read_object(request: Request) -> dict[str, Any]:
    try:
        body = json.loads(await read_body(request, largest=LARGEST_BODY, within=BODY_WITHIN))
    except BodyTooLarge:
        raise Refusal(413, "too_large", f"This message is too long. Please ask in at most {LONGEST_MESSAGE:,} characters.") from None
    except BodyTooSlow:
        raise Refusal(408, "too_slow", "This message did not arrive in time.") from None
    except (ClientDisconnect, ValueError, RecursionError):
        raise Refusal(400, "bad_json", "The body must be JSON in UTF-8.") from None
    if not isinstance(body, dict):
        raise Refusal(400, "bad_json", "The body must be a JSON object.")
    return body

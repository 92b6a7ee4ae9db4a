"""The API's description in OpenAPI 3.1, written by hand; tests hold every response against it."""

from __future__ import annotations

from typing import Any

from bot.website.incoming import CONVERSATION_HEADER
from office.base.limits import LONGEST_MESSAGE

Schema = dict[str, Any]


def _object(required: list[str], **properties: Schema) -> Schema:
    return {"type": "object", "required": required, "properties": properties}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _list(of: Schema) -> Schema:
    return {"type": "array", "items": of}


def _json(description: str, name: str) -> Schema:
    return {"description": description, "content": {"application/json": {"schema": _ref(name)}}}


TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "integer", "minimum": 1, "description": "Place of the message in its conversation."}
NO_CONTENT: Schema = {"description": "Done."}
BAD = _json("The request cannot be read; nothing was done.", "Refused")
UNKNOWN = _json("No such conversation, button or answer.", "Refused")
TOO_LARGE = _json("The message has more than 2,000 characters, or the body more than 64 KB.", "Refused")
TOO_MANY = {
    **_json("Too many messages in a minute.", "Refused"),
    "headers": {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds to wait."}},
}
UNAVAILABLE = _json("Nobody can answer just now: the assistant or the database is away, slow or at fault.", "Unavailable")
IN_HEADER = {
    "name": CONVERSATION_HEADER, "in": "header", "required": True, "schema": TEXT,
    "description": "An id that the server issued. Logs of servers in between keep paths, but no headers.",
}  # fmt: skip
IN_PATH = {"name": "conversation", "in": "path", "required": True, "schema": TEXT, "description": "An id that the server issued."}
AFTER = {"name": "after", "in": "query", "schema": {"type": "integer", "minimum": 0, "default": 0, "maximum": 999_999_999}}
KEY = {
    "name": "Idempotency-Key", "in": "header", "schema": {"type": "string", "pattern": "^[0-9a-fA-F-]{32,36}$"},
    "description": "32 random hexadecimal digits. The same message again under the same key, within an hour, gets the same reply "
    "and is heard once.",
}  # fmt: skip

SAYING: Schema = {
    **_object(
        [],
        conversation={"type": ["string", "null"], "description": "null or absent begins a conversation."},
        message={"type": "string", "minLength": 1, "maxLength": LONGEST_MESSAGE, "description": "Plain text, whatever it holds."},
        choice={"type": "string", "description": "The id of a button offered in this conversation."},
    ),
    "oneOf": [{"required": ["message"]}, {"required": ["choice"]}],
}
OUTCOME = {"enum": ["answered", "clarify", "not_known", "declined", "chitchat", "form", "handover", "unavailable"]}
SCHEMAS: Schema = {
    "Saying": SAYING,
    "Button": {**_object(["id", "title"], id=TEXT, title=TEXT), "additionalProperties": False},
    "Source": _object(["title", "section", "as_of"], title=TEXT, section=TEXT, as_of=TEXT),
    "Question": _object(
        ["topic", "trust", "outcome", "facts", "sources"],
        topic={"type": ["string", "null"]}, trust={"type": ["string", "null"]}, outcome=OUTCOME, facts=_list(TEXT),
        sources=_list(_ref("Source")),
    ),
    "Custom": _object(["outcome", "questions", "next"], outcome=OUTCOME, questions=_list(_ref("Question")), next=_list(TEXT)),
    "Message": {
        **_object(["text", "buttons"], n=NUMBER, text=TEXT, buttons=_list(_ref("Button")), custom=_ref("Custom")),
        "description": "One message of the assistant. `n` is absent where nothing could be kept, because the database is away.",
    },
    "Turn": _object(["conversation", "messages"], conversation=TEXT, messages={**_list(_ref("Message")), "minItems": 1}),
    "Told": {
        "allOf": [_ref("Message"), _object(["n", "from", "feedback"], feedback={"enum": ["up", "down", None]})],
        "properties": {"from": {"enum": ["visitor", "assistant"]}},
    },
    "Transcript": _object(
        ["conversation", "messages", "last"], conversation=TEXT, messages=_list(_ref("Told")),
        last={**NUMBER, "description": "The number of the latest message."},
    ),
    "Feedback": _object(["n", "thumb"], n=NUMBER, thumb={"enum": ["up", "down"]}),
    "Start": _object(
        ["greeting", "covers", "questions", "contact", "privacy", "name", "rest_minutes"],
        greeting=TEXT, covers=TEXT, questions=_list(TEXT), contact=TEXT, privacy=TEXT, name=TEXT,
        rest_minutes={"type": "integer", "minimum": 0, "description": "After how long a rest who comes is asked whether to begin anew; 0: never."},
    ),
    "Error": _object(["code", "message"], code=TEXT, message={"type": "string", "description": "A sentence for the visitor."}),
    "Refused": _object(["error"], error=_ref("Error")),
    "Unavailable": _object(["error", "contact"], error=_ref("Error"), contact=_object(["text"], text=TEXT)),
    "Health": _object(
        ["status", "parts"], status={"enum": ["ok", "away"]},
        parts={"type": "object", "additionalProperties": {"enum": ["ok", "away", "off"]}},
    ),
}  # fmt: skip


def _conversation(named: Schema, **more: bool) -> Schema:
    """Return the address of a conversation, whose id stands where `named` says."""
    return {
        "parameters": [named],
        "get": {
            "summary": "What both sides said",
            "parameters": [AFTER],
            "responses": {
                "200": _json("The messages above `after`, in order.", "Transcript"), "400": BAD, "404": UNKNOWN, "503": UNAVAILABLE,
            },
            **more,
        },
        "delete": {
            "summary": "Erase the conversation; harmless when repeated",
            "responses": {"204": NO_CONTENT, "400": BAD, "404": UNKNOWN, "503": UNAVAILABLE},
            **more,
        },
    }  # fmt: skip


def _feedback(named: Schema, **more: bool) -> Schema:
    """Return the address that takes a thumb on an answer of the conversation."""
    return {
        "parameters": [named],
        "post": {
            "summary": "Say whether an answer helped",
            "requestBody": {"required": True, "content": {"application/json": {"schema": _ref("Feedback")}}},
            "responses": {
                "204": NO_CONTENT, "400": BAD, "404": UNKNOWN, "408": BAD, "413": TOO_LARGE, "429": TOO_MANY, "503": UNAVAILABLE,
            },
            **more,
        },
    }  # fmt: skip


OPENAPI: Schema = {
    "openapi": "3.1.0",
    "info": {
        "title": "Usher's chat", "version": "1", "description": "Questions about joining a trust, answered from facts with their sources.",
    },
    "servers": [{"url": "/"}],
    "paths": {
        "/api/chat": {
            "post": {
                "summary": "One turn: a message or a chosen button in, the reply out",
                "parameters": [KEY],
                "requestBody": {"required": True, "content": {"application/json": {"schema": _ref("Saying")}}},
                "responses": {
                    "200": _json("The reply.", "Turn"), "400": BAD, "404": UNKNOWN, "408": BAD, "413": TOO_LARGE, "429": TOO_MANY,
                    "503": UNAVAILABLE,
                },
            }
        },
        "/api/conversation": _conversation(IN_HEADER),
        "/api/conversation/feedback": _feedback(IN_HEADER),
        "/api/chat/{conversation}": _conversation(IN_PATH, deprecated=True),
        "/api/chat/{conversation}/feedback": _feedback(IN_PATH, deprecated=True),
        "/api/start": {"get": {"summary": "What the chat opens with", "responses": {"200": _json("Words and first questions.", "Start")}}},
        "/health": {
            "get": {
                "summary": "The state of each part",
                "responses": {"200": _json("All answer.", "Health"), "503": _json("A part is away.", "Health")},
            }
        },
    },
    "components": {"schemas": SCHEMAS},
}  # fmt: skip

"""Transcripts: what visitors write, and what they would notice of the replies, over Rasa's REST channel."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from tests.living import Usher

KNOWN = {"visitor", "outcome", "facts", "says", "says_not", "buttons"}


def transcripts() -> list[Any]:
    files = sorted(Path(__file__).parent.glob("*.yml"))
    return [pytest.param(talk, id=talk["conversation"]) for file in files for talk in yaml.safe_load(file.read_text(encoding="utf-8"))]


@pytest.fixture(params=["running", "running_on_postgresql"])
def usher(request: pytest.FixtureRequest) -> Usher:
    """The same assistant on both databases."""
    return request.getfixturevalue(request.param)


@pytest.mark.parametrize("talk", transcripts())
def test_conversation(usher: Usher, talk: dict[str, Any]) -> None:
    sender = f"test-{uuid.uuid4().hex}"
    for turn in talk["turns"]:
        assert set(turn) <= KNOWN, f"a turn knows {sorted(KNOWN)}"
        check(turn, say(usher, sender, turn["visitor"]))


def say(usher: Usher, sender: str, message: str) -> list[dict[str, Any]]:
    answer = httpx.post(f"{usher.rasa}/webhooks/rest/webhook", json={"sender": sender, "message": message}, timeout=60)
    assert answer.status_code == 200
    return answer.json()


def check(turn: dict[str, Any], messages: list[dict[str, Any]]) -> None:
    text = "\n".join(message["text"] for message in messages if message.get("text"))
    payload = [message["custom"] for message in messages if "custom" in message][-1]
    titles = [button["title"] for message in messages for button in message.get("buttons") or []]
    heard = f"\nvisitor: {turn['visitor']}\nusher: {text}\n{payload}"
    assert turn.get("outcome", payload["outcome"]) == payload["outcome"], heard
    given = [fact for question in payload["questions"] for fact in question["facts"]]
    assert [fact for fact in turn.get("facts", []) if fact not in given] == [], heard
    assert [words for words in turn.get("says", []) if words not in text] == [], heard
    assert [words for words in turn.get("says_not", []) if words in text] == [], heard
    assert [title for title in turn.get("buttons", []) if title not in titles] == [], heard

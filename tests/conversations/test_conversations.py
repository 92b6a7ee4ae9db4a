"""Transcripts: what visitors write, and what they would notice of the replies, over Rasa's REST channel."""

from __future__ import annotations

import sqlite3
import uuid
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from tests.living import Usher

pytestmark = pytest.mark.example

KNOWN = {"visitor", "form", "outcome", "facts", "says", "says_not", "buttons"}


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


def test_a_reply_that_was_lost_with_rasa_is_given_again(running: Usher) -> None:
    """Rasa keeps its memory after the office has kept the lead: killed in between, it forgets the turn, and the visitor says it again."""
    sender = f"test-{uuid.uuid4().hex}"

    def lost(typed: str) -> str:
        with closing(sqlite3.connect(running.var / "usher.db", timeout=30)) as connection, connection:
            (latest,) = connection.execute("SELECT max(id) FROM events WHERE sender_id = ?", (sender,)).fetchone()
        said = heard(typed)
        with closing(sqlite3.connect(running.var / "usher.db", timeout=30)) as connection, connection:
            connection.execute("DELETE FROM events WHERE sender_id = ? AND id > ?", (sender, latest))
        return said

    def heard(typed: str) -> str:
        return "\n".join(message["text"] for message in say(running, sender, typed) if message.get("text"))

    heard("please ring me")
    for typed in ("yes", "Ash Lane School", "Jo Lost", "no", "07700 900145", "skip"):
        assert lost(typed) == heard(typed)
    sent = lost("yes, send it")
    assert "Your reference is U-" in sent
    assert "already" in lost("hello?")
    assert heard("yes, send it") == sent
    with closing(sqlite3.connect(running.var / "usher.db", timeout=30)) as connection:
        assert connection.execute(
            "SELECT count(*), max(asked_again) FROM lead WHERE school = 'Ash Lane School' AND name = 'Jo Lost'"
        ).fetchone() == (1, 0)


def test_who_sends_again_is_given_the_reference_again(running: Usher) -> None:
    """The website was stopped in between: Rasa remembers that the form is closed, and the visitor never heard so."""
    sender = f"test-{uuid.uuid4().hex}"
    for typed in ("please ring me", "yes", "Ash Lane School", "Jo Twice", "no", "07700 900146", "skip"):
        say(running, sender, typed)
    first, again = (say(running, sender, "yes, send it") for _ in range(2))
    sent = first[-1]["custom"]["reference"]
    assert again[-1]["custom"]["reference"] == sent and any(sent in message.get("text", "") for message in again)


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
    assert payload.get("form") == turn.get("form", payload.get("form")), heard
    given = [fact for question in payload["questions"] for fact in question["facts"]]
    assert [fact for fact in turn.get("facts", []) if fact not in given] == [], heard
    assert [words for words in turn.get("says", []) if words not in text] == [], heard
    assert [words for words in turn.get("says_not", []) if words in text] == [], heard
    assert [title for title in turn.get("buttons", []) if title not in titles] == [], heard

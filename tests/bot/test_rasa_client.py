"""The one client of Rasa: what it makes of replies, and how it tells away, slow and broken apart."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest

from bot.rasa_client import Assistant, AssistantAway, AssistantFault, AssistantNotThere, AssistantSilent
from office.answering.replies import Reply
from tests.bot.fake_rasa import FakeRasa, Mishap, custom

T = TypeVar("T")


def with_assistant(url: str, use: Callable[[Assistant], Awaitable[T]], timeout: float = 10) -> T:
    """Gives what `use` gives."""

    async def main() -> T:
        return await use(Assistant(url, timeout))

    return asyncio.run(main())


def ask(rasa: FakeRasa, text: str = "what does it cost?", timeout: float = 10) -> Reply:
    return with_assistant(rasa.url, lambda assistant: assistant.ask("c1", text, channel="website"), timeout)


def test_text_buttons_and_payload_become_one_message(rasa: FakeRasa) -> None:
    reply = ask(rasa)
    assert [set(message) for message in reply.messages] == [{"text", "buttons", "custom"}]
    assert reply.messages[0]["buttons"][0] == {"title": "How long?", "payload": "SECRET how long does it last"}
    assert reply.custom == custom()


def test_rasa_hears_the_conversation_the_text_and_the_channel(rasa: FakeRasa) -> None:
    ask(rasa, "half a 😀, \ud83d")
    expected = {"sender": "c1", "message": "half a 😀, \ud83d", "input_channel": "website", "metadata": {"channel": "website"}}
    assert rasa.heard == [expected]


def test_several_texts_stay_several_messages(rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch) -> None:
    parts = [{"text": "one"}, {"text": "two", "buttons": [{"title": "A", "payload": "a"}]}, {"custom": custom()}, {"image": "x"}]
    monkeypatch.setattr(rasa, "reply_to", lambda _text: parts)
    reply = ask(rasa)
    assert [(message["text"], len(message["buttons"]), "custom" in message) for message in reply.messages] == [
        ("one", 0, False), ("two", 1, True),
    ]  # fmt: skip


@pytest.mark.parametrize("mishap", ["nothing", "error", "no payload", "not json", "no texts", "no list"])
def test_a_reply_that_cannot_be_said_is_a_fault(rasa: FakeRasa, mishap: Mishap) -> None:
    rasa.mishaps.append(mishap)
    with pytest.raises(AssistantFault):
        ask(rasa)


def test_an_assistant_that_drops_the_connection_is_away(rasa: FakeRasa) -> None:
    rasa.mishaps.append("drop")
    with pytest.raises(AssistantAway):
        ask(rasa)


def test_nobody_at_the_address_is_away_and_was_asked_nothing(rasa: FakeRasa) -> None:
    rasa.stop()
    with pytest.raises(AssistantNotThere):
        ask(rasa)


def test_an_assistant_that_takes_too_long_is_silent(rasa: FakeRasa) -> None:
    rasa.hold.clear()
    with pytest.raises(AssistantSilent):
        ask(rasa, timeout=0.05)


def test_it_is_ready_once_it_has_a_model(rasa: FakeRasa) -> None:
    assert with_assistant(rasa.url, Assistant.ready) is True
    rasa.has_model = False
    assert with_assistant(rasa.url, Assistant.ready) is False
    rasa.stop()
    assert with_assistant(rasa.url, Assistant.ready) is False

"""A flood gets 429 and the seconds to wait; a school behind one address is not a flood."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest
from starlette.requests import Request

from bot.web.addresses import address_of
from bot.website.limits import Limit
from settings import Settings
from tests.bot.fake_rasa import FakeRasa

from .site import Site, code, open_site


@pytest.fixture
def strict(settings: Settings) -> Iterator[Site]:
    """A website behind a proxy, with two messages a minute in a conversation and five from an address."""
    with open_site(replace(settings, limit_conversation_per_minute=2, limit_address_per_minute=5, trust_proxy=True)) as site:
        yield site


def test_a_flood_in_a_conversation_is_held_off(strict: Site, rasa: FakeRasa) -> None:
    conversation = strict.say("one")["conversation"]
    strict.say("two", conversation)
    strict.say("three", conversation)
    held = strict.post({"conversation": conversation, "message": "four"})
    assert code(held) == (429, "too_many")
    assert 1 <= int(held.headers["Retry-After"]) <= 60
    assert rasa.texts == ["one", "two", "three"]
    assert strict.say("somebody else")["messages"]


def test_a_flood_from_an_address_is_held_off_whatever_it_sends(strict: Site) -> None:
    def post(last: str) -> httpx.Response:
        return strict.client.post("/api/chat", content=b"nonsense", headers={"X-Forwarded-For": f"10.9.9.9, {last}"})

    assert [post("10.0.0.1").status_code for _ in range(6)] == [400] * 5 + [429]
    assert post("10.0.0.2").status_code == 400
    assert strict.client.get("/").status_code == 200


def test_reading_is_never_held_off(strict: Site) -> None:
    conversation = strict.say("one")["conversation"]
    assert {strict.read(conversation).status_code for _ in range(20)} == {200}


def test_the_window_slides() -> None:
    now = [0.0]
    limit = Limit(2, clock=lambda: now[0])
    assert [limit.take("a"), limit.take("a"), limit.take("a"), limit.take("b")] == [0, 0, 60, 0]
    now[0] = 30.5
    assert limit.take("a") == 30
    now[0] = 60
    assert [limit.take("a"), limit.take("a"), limit.take("a")] == [0, 0, 60]


def test_nought_switches_a_limit_off() -> None:
    limit = Limit(0)
    assert {limit.take("a") for _ in range(1000)} == {0}


def test_a_limit_remembers_a_bounded_number_of_keys() -> None:
    limit = Limit(1, keys=100)
    assert {limit.take(str(number)) for number in range(10_000)} == {0}
    assert len(limit._taken) == 100


@pytest.mark.parametrize(
    ("forwarded", "trusted", "address"),
    [
        ("10.0.0.1", True, "10.0.0.1"), ("1.2.3.4, 10.0.0.1", True, "10.0.0.1"), ("10.0.0.1", False, "127.0.0.1"),
        ("nonsense", True, "127.0.0.1"), ("", True, "127.0.0.1"), ("2001:db8::1", True, "2001:db8::/64"), (None, True, "127.0.0.1"),
    ],
)  # fmt: skip
def test_only_a_trusted_proxy_says_whose_address_it_is(forwarded: str | None, trusted: bool, address: str) -> None:
    headers = [] if forwarded is None else [(b"x-forwarded-for", forwarded.encode())]
    request = Request({"type": "http", "client": ("127.0.0.1", 5000), "headers": headers})
    assert address_of(request, trust_proxy=trusted) == address

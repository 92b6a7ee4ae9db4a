"""What the tests of all processes share: a fake Rasa."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.bot.fake_rasa import FakeRasa


@pytest.fixture
def rasa() -> Iterator[FakeRasa]:
    """A server in Rasa's place."""
    rasa = FakeRasa()
    yield rasa
    rasa.stop()

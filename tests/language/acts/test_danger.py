"""The net of plain words under the learned reader of danger."""

from __future__ import annotations

import pytest

from language.acts.danger_words import phrases, says_plainly
from language.acts.learned import danger_in


def test_each_phrase_is_in_small_letters_and_stands_once() -> None:
    found = phrases()
    assert len(found) == len(set(found)) and all(one == one.lower() and "'" not in one for one in found)


@pytest.mark.parametrize(
    "typed",
    [
        "I want to kill myself",
        "i DON'T want to live",
        "what are the fees? also, I've been cutting myself.",
        "my son is missing!!",
        "he hits me",
    ],
)
def test_the_plainest_words_count_whatever_stands_round_them(typed: str) -> None:
    assert says_plainly(typed) and danger_in(typed) == 1.0


@pytest.mark.parametrize(
    "typed", ["who leads on suicide prevention?", "the paperwork will kill me", "county lines training", "the fee hits us hard"]
)
def test_what_only_sounds_like_danger_is_no_plain_word(typed: str) -> None:
    assert not says_plainly(typed)

"""Messages in another language: recognised by their words or their script, and English never taken for one."""

from __future__ import annotations

import pytest

from evaluation.foreign import foreign_messages
from language.reading.common_words import LANGUAGES, common_words, spacy_words
from language.reading.foreign import is_foreign
from language.reading.spelling import Spelling

FOUND_BY_MOST = ["fr", "de", "es", "it", "pt", "pl", "ro", "nl", "sv", "da", "other scripts"]


@pytest.mark.parametrize("language", FOUND_BY_MOST)
def test_a_message_in_another_language_is_recognised(language: str) -> None:
    assert [text for text in foreign_messages()[language] if not is_foreign(text)] == []


@pytest.mark.parametrize(
    "text",
    ["How much does it cost to join?", "Is Señora García still the head of St José's?", "our école visit", "thanks", "???", "MAT, SBM, DfE?", "i do not know", ""],
)  # fmt: skip
def test_english_is_not_taken_for_another_language(text: str) -> None:
    assert not is_foreign(text)


def test_words_of_the_domain_count_for_english() -> None:
    assert is_foreign("i dont know")
    assert not is_foreign("i dont know", {"dont", "know"}.__contains__)


@pytest.mark.parametrize("language", ["en", "hu"])
def test_the_words_are_those_of_the_spacy_that_is_installed(language: str) -> None:
    assert set(common_words()) == set(LANGUAGES)
    assert sorted(common_words()[language]) == spacy_words(language)


def test_what_is_short_for_english_is_english() -> None:
    assert not is_foreign("how r u", Spelling([]).knows)

"""A visitor's words are kept in their own spelling, however they were read."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language

from language.pipeline import SpellingPart
from language.reading.split import question_parts
from language.reading.typed import TypedText


@pytest.fixture(scope="module")
def part(nlp: Language) -> SpellingPart:
    found = nlp.get_pipe("usher_spelling")
    assert isinstance(found, SpellingPart)
    return found


def own(part: SpellingPart, typed: str) -> list[str]:
    """Return the questions of a message as they were typed."""
    text = TypedText.of(typed, part.spelling)
    return [text.own_words(one) for one in question_parts(text.corrected)]


@pytest.mark.parametrize(
    "typed",
    [
        "hw much is asociate membrship",
        "Are my TAs TUPEd over?",
        "will i have to reapply for my daughters place",
        "Does Ysgol y Wern in Ynys Môn get a discount for pupils with dyslecsia?",
        "Ysgol Gyfun Gŵyr, £499 – ‘yes’",
        "We are Bramley Juniors. What does it cost?",
        "is the govs’ mtg — the “Forum” — on in yr 7?",
        "wanna no if ur gonna charge, tel me",
        "cafe\u0301 for goverers?",
        "ｗhat is the ﬁnance suport",
    ],
)
def test_one_question_is_kept_as_it_was_typed(part: SpellingPart, typed: str) -> None:
    assert own(part, typed) == [typed]


@pytest.mark.parametrize(
    ("typed", "questions"),
    [
        ("hw much is it and how lng does membrship last?", ["hw much is it", "how lng does membrship last?"]),
        ("Hi there,  wot’s   the asociate fee? Whos the bursor?", ["wot’s the asociate fee?", "Whos the bursor?"]),
        ("We have 80 pupls. Is that enuff? Who pays the govenors?", ["We have 80 pupls. Is that enuff?", "Who pays the govenors?"]),
        ("wat, if anything, does membrship cost? and wat about govs, can they come?", None),
    ],
)
def test_each_question_of_a_message_has_its_own_words(part: SpellingPart, typed: str, questions: list[str] | None) -> None:
    assert own(part, typed) == (questions or ["wat, if anything, does membrship cost?", "and wat about govs", "can they come?"])


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("will i have to reapply for my daughters place", "will i have to reapply for my daughters place"),
        ("is it unviable", "is it unviable"),
        ("Ysgol Gyfun Gŵyr", "Ysgol Gyfun Gŵyr"),
        ("does Ysgol y Wern pay", "does Ysgol y Wern pay"),
        ("We are Bramley Juniors", "We are Bramley Juniors"),
        ("y is it so dear", "why is it so dear"),
    ],
)
def test_a_word_of_the_large_dictionary_or_of_a_name_is_not_corrected(part: SpellingPart, typed: str, read: str) -> None:
    assert part.spelling.correct(typed) == read


@given(
    st.text(max_size=120)
    | st.lists(st.sampled_from("how wat is teh govs membrship’s it ? . , and – — “ﬁ” \u200b gonna y é \n hi".split(" ")), max_size=25).map(
        " ".join
    )
)
def test_whatever_is_typed_its_questions_are_made_of_its_own_characters(part: SpellingPart, typed: str) -> None:
    for words in own(part, typed):
        for word in words.split():
            plain = unicodedata.normalize("NFKC", word)
            assert (
                word in typed or plain in unicodedata.normalize("NFKC", typed.replace("—", " - ")) or not part.spelling.corrections(plain)
            )

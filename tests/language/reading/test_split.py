"""Splitting: two questions in one message are two, one question is one however it is told."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.reading.split import MOST, listed_things, split_questions

ONE = [
    "how much is it?",
    "how much is it",
    "fee",
    "do you help with HR and finance?",
    "who are the directors and trustees",
    "Our governors meet on Monday. What does it cost?",
    "We are a small village school. We have 80 pupils. Can we join?",
    "what is the difference between a partner and a sponsored academy?",
    "I'd like to know what we would pay",
    "what, if anything, does it cost?",
    "is it £499?",
    "what is associate membership, please",
    "",
    "???",
]
SEVERAL = [
    ("how much is it and how long does it last?", ["how much is it", "how long does it last?"]),
    ("How much is it? How long does it last?", ["How much is it?", "How long does it last?"]),
    ("what does it cost, who can join and how do we apply", ["what does it cost", "who can join", "how do we apply"]),
    ("what does it cost\nwho can join", ["what does it cost", "who can join"]),
    ("what does it cost; who can join?", ["what does it cost", "who can join?"]),
    ("what's the fee & who do i ring", ["what's the fee", "who do i ring"]),
    ("is it termly plus can my deputy come", ["is it termly", "can my deputy come"]),
    ("What does it cost? Also, can our chair observe?", ["What does it cost?", "can our chair observe?"]),
    ("We are tiny. What do you charge? Can we still join?", ["What do you charge?", "Can we still join?"]),
    # what a question points back to stays with it
    ("We have 80 pupils. Is that enough? Who pays?", ["We have 80 pupils. Is that enough?", "Who pays?"]),
]


@pytest.mark.parametrize("message", ONE)
def test_one_question_stays_whole(message: str) -> None:
    assert split_questions(message) == [message]


@pytest.mark.parametrize(("message", "questions"), SEVERAL)
def test_several_questions_are_told_apart_in_order(message: str, questions: list[str]) -> None:
    assert split_questions(message) == questions


@pytest.mark.parametrize(
    ("message", "question"),
    [
        ("Hi there, how much is it?", "how much is it?"),
        ("Hello! What does it cost?", "What does it cost?"),
        ("good morning - who can join", "who can join"),
        ("thanks, and how long?", "and how long?"),
        ("hello", "hello"),
        ("Hi", "Hi"),
        ("history of the trust", "history of the trust"),
        ("hiya team, what is CLPT", "what is CLPT"),
    ],
)
def test_a_greeting_before_a_question_is_left_out(message: str, question: str) -> None:
    assert split_questions(message) == [question]


def test_no_more_than_four_questions_are_taken() -> None:
    assert split_questions("what is a? what is b? what is c? what is d? what is e? what is f?") == [f"what is {x}?" for x in "abcd"]


@pytest.mark.parametrize(
    ("message", "things"),
    [
        ("cost and length", ["cost", "length"]),
        ("price, places, phone number?", ["price", "places", "phone number"]),
        ("cost + contact", ["cost", "contact"]),
        ("HR & finance & ICT", ["HR", "finance", "ICT"]),
        ("fee", []),
        ("", []),
        ("a, b, c, d, e", []),
        ("what does it cost and who can join", []),  # these are questions, not a list
        ("cost, ,", []),
    ],
)
def test_a_bare_list_is_taken_apart(message: str, things: list[str]) -> None:
    assert listed_things(message) == things


@given(
    st.text(max_size=200)
    | st.lists(st.sampled_from(["how", "much", "and", ",", "?", "is", "it", ".", "hi", "\n", "who", "also", "&"]), max_size=30).map(
        " ".join
    )
)
def test_whatever_is_typed_gives_one_to_four_questions_made_of_its_own_words(message: str) -> None:
    questions = split_questions(message)
    assert 1 <= len(questions) <= MOST
    for question in questions:
        left = iter(re.findall(r"\w+", message))
        assert all(word in left for word in re.findall(r"\w+", question))  # in their order, too
    assert all(questions) or not message.strip() or len(questions) == 1
    listed_things(message)

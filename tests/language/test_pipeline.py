"""The pipeline: what it finds in a message, and how little work a long message makes."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from spacy.language import Language

import language.pipeline
import language.reading.questions
from language.encoder.vectors import DIMENSIONS, sentence_vector
from language.reading.questions import ReadQuestion, read_message
from language.reading.spelling import Spelling
from language.reading.topics import TopicReader
from language.text import LONGEST

ENTITIES: list[tuple[str, dict[str, list[str]]]] = [
    ("how much is Schoolsworks?", {"trust": ["schoolsworks"]}),
    ("what does SCHOOL WORKS charge", {"trust": ["schoolsworks"]}),
    ("skoolsworks fee", {"trust": ["schoolsworks"]}),
    ("what about CLPT?", {"trust": ["clpt"]}),
    ("central learning partnership trust and clpt", {"trust": ["clpt"]}),
    ("CLPT or Schoolsworks", {"trust": ["clpt", "schoolsworks"]}),
    ("can the SBM come", {"role": ["school business manager"]}),
    ("our bursar and our deputy heads", {"role": ["school business manager", "deputy head"]}),
    ("is the CoG welcome, or the headteacher?", {"role": ["chair of governors", "head"]}),
    ("we are a sponsored academy", {"school_kind": ["sponsored academy"]}),
    ("a maintained primary school", {"school_kind": ["maintained", "primary"]}),
    ("is it £499?", {"amount": ["£499"]}),
    ("is it £1,499.50", {"amount": ["£1,499.50"]}),
    ("499 quid", {"amount": ["499 quid"]}),
    ("for one term", {"duration": ["one term"]}),
    ("a 6-month trial or two years", {"duration": ["6-month", "two years"]}),
    ("the swatch on the heading", {}),  # a word inside a word is no name
    ("", {}),
    ("👍", {}),
]


class OneTopic(TopicReader):
    """A reader that is sure of one topic for each first letter; needs no training."""

    def __init__(self) -> None:
        super().__init__(["ask/cost", "ask/hr"], np.zeros((2, DIMENSIONS)), np.array([1.0, 0.0]))


@pytest.mark.parametrize(("message", "entities"), ENTITIES)
@pytest.mark.example(named=True)
def test_names_roles_amounts_and_durations_are_found(nlp: Language, message: str, entities: dict[str, list[str]]) -> None:
    (question,) = read_message(nlp(message), nlp, OneTopic())
    assert question.entities == entities


@pytest.mark.example
def test_a_name_is_found_behind_a_curly_apostrophe_and_a_typing_error(nlp: Language) -> None:
    (question,) = read_message(nlp("what’s schoolswork’s fee"), nlp, OneTopic())
    assert question.text == "what's schoolswork's fee" and question.entities == {"trust": ["schoolsworks"]}


@pytest.mark.example
def test_each_question_of_a_message_has_its_own_entities(nlp: Language) -> None:
    first, second = read_message(nlp("How much is Schoolsworks? And does CLPT help the SBM?"), nlp, OneTopic())
    assert first.entities == {"trust": ["schoolsworks"]}
    assert second.entities == {"trust": ["clpt"], "role": ["school business manager"]}


def test_a_message_and_each_of_its_words_has_the_vector_of_the_corrected_text(nlp: Language) -> None:
    doc = nlp("hw much is asociate membrship")
    assert doc._.corrected == "how much is associate membership"
    assert np.array_equal(doc.vector, sentence_vector("how much is associate membership"))
    assert all(np.array_equal(token.vector, doc.vector) for token in doc)


@pytest.mark.example
def test_what_is_read_travels_as_plain_json(nlp: Language) -> None:
    read = read_message(nlp("is it £499 at CLPT?"), nlp, OneTopic())[0].as_json()
    assert json.loads(json.dumps(read)) == read
    assert (read["text"], read["entities"]) == ("is it £499 at CLPT?", {"amount": ["£499"], "trust": ["clpt"]})
    assert read["intents"] == [["ask/cost", 0.7311], ["ask/hr", 0.2689]]


@pytest.mark.parametrize(
    "message", ["", " ", "\u200b", "???", "👍👍", "<script>alert(1)</script>", "'; DROP TABLE fact; --", '/ask_cost{"a": 1}', "多少钱"]
)
def test_any_message_is_at_least_one_question(nlp: Language, message: str) -> None:
    questions = read_message(nlp(message), nlp, OneTopic())
    assert questions and all(isinstance(question, ReadQuestion) and question.intents for question in questions)


class Work:
    """Counts what a message costs: texts encoded, their characters, and words looked up."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.encoded: list[str] = []
        self.looked_up = 0
        mend = Spelling._mend

        def encode(text: str) -> np.ndarray:
            self.encoded.append(text)
            return np.full(DIMENSIONS, 0.05, np.float32)

        def look_up(spelling: Spelling, word: str, *, as_name: bool = False) -> str:
            self.looked_up += 1
            return mend(spelling, word, as_name=as_name)

        monkeypatch.setattr(language.pipeline, "sentence_vector", encode)
        monkeypatch.setattr(language.reading.questions, "sentence_vector", encode)
        monkeypatch.setattr(Spelling, "_mend", look_up)


@pytest.mark.parametrize("words", ["how much is it and who can join? ", "govenors ", "a", "a,b ", "and, ", "what is it, ", "🙂 ", "? "])
def test_a_hundred_thousand_characters_make_no_more_work_than_the_part_that_is_read(
    nlp: Language, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    work = Work(monkeypatch)
    doc = nlp((words * 100_000)[:100_000])
    assert len(work.encoded) == 1 and work.looked_up <= LONGEST
    before = len(work.encoded)
    _ = [token.vector for token in doc[:500]]  # a token's vector is the document's, not one more to be made
    assert len(work.encoded) == before
    questions: list[Any] = read_message(doc, nlp, OneTopic())
    assert len(questions) <= 4 and len(work.encoded) - before <= 4
    assert all(len(text) <= 3 * LONGEST for text in work.encoded)  # "gov" is read as "governor"

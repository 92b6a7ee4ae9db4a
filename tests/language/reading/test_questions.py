"""What of a question its topic is read from."""

from __future__ import annotations

import pytest
from spacy.language import Language

from language.encoder.vectors import sentence_vector
from language.reading.questions import read_message


class AnyTopic:
    """A reader to whom all questions are alike: here it only matters what is read."""

    def rank(self, *vectors: object) -> list[tuple[str, float]]:
        assert all(vector is not None for vector in vectors)
        return [("ask/cost", 1.0)]


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("How does Schoolsworks compare with CLPT on cost?", "cost"),
        ("compare Schoolsworks and CLPT on cost", "cost"),
        ("compare the cost of Schoolsworks and CLPT", "the cost"),
        ("What are the differences between Schoolsworks and CLPT in HR support?", "HR support"),
        ("Is there a difference between Schoolsworks and CLPT when it comes to ICT?", "ICT"),
        ("How do you compare with CLPT on training?", "training"),
        ("Schoolsworks vs CLPT: training?", "training"),
        ("What does CLPT cost?", "What does cost?"),
        ("What does it cost?", "What does it cost?"),
    ],
)
@pytest.mark.example(named=True)
def test_a_comparison_is_read_for_what_is_compared(nlp: Language, text: str, bare: str) -> None:
    (question,) = read_message(nlp(text), nlp, AnyTopic())  # type: ignore[arg-type]
    assert question.bare == bare
    assert sentence_vector(question.bare).shape


def test_where_nothing_is_named_to_compare_the_question_stays_whole(nlp: Language) -> None:
    (question,) = read_message(nlp("Compare Schoolsworks and CLPT"), nlp, AnyTopic())  # type: ignore[arg-type]
    assert question.bare

"""Reading one message with the pipeline: its questions, and for each the text, the trusts and the likely topics."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

from language.acts.small_talk import SMALL_TALK
from language.encoder.vectors import sentence_vector
from language.reading.foreign import is_foreign
from language.reading.split import QuestionPart, listed_parts, question_parts
from language.reading.topics import TopicReader

FALLBACK_BELOW = 0.05  # the probability below which no intent is believed
RANKED = 8  # intents kept with each question
_QUOTES = re.compile(r"(?<!\w)['\"]|['\"](?!\w)")  # round a trust's name or a page's title
_COMPARING = re.compile(
    r"\b(?:(?:can|could|please|would) (?:you|i) )?(?:(?:how|what) (?:do|does|is|are|would) (?:the two |both |you |they |we )?(?:trusts )?)?(?:please )?"
    r"(?:the |a |any )?(?:compar\w+|versus|vs|differ(?:s|ences?|ent|ently)?|side by side)\b(?: (?:with|to|between|from|against|there|is|are))*",
    re.I,
)
_JOINING = re.compile(
    r"\b(?:and|or|with|to|between|from|against|both|the two(?: trusts)?)\b(?=\s*(?:$|[?.!,]|on\b|in\b|of\b|for\b|about\b|when\b|as to\b))",
    re.I,
)
_LEFT_OVER = re.compile(
    r"^\W*(?:(?:how|do|does|is|are|there|on|in|of|for|about|regarding|as to|when it comes to|in terms of)\b\s*)+|\s(?:of|in|on|for)\W*$",
    re.I,
)
SURE_THING = 0.35  # a bare list is two questions only where each half is this sure of a topic of its own


@dataclass
class ReadQuestion:
    """One question of a message: corrected text, entities as {label: [values]}, intents with probabilities, best first.

    `own` are the visitor's words in their own spelling, to be kept and shown; the rest is for reading only. `bare` is the text
    without the names of trusts, and of a comparison only what is compared: "the cost".
    """

    text: str
    own: str
    bare: str = ""
    entities: dict[str, list[str]] = field(default_factory=dict)
    intents: list[tuple[str, float]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return what travels in the tracker."""
        return {
            "text": self.text,
            "own": self.own,
            "bare": self.bare,
            "entities": self.entities,
            "intents": [[name, round(p, 4)] for name, p in self.intents],
        }


@dataclass
class ReadMessage:
    """A message as it was read: its questions, the one that leads, the intents the rules go by (likeliest first), its language."""

    questions: list[ReadQuestion]
    leading: ReadQuestion
    ranking: list[tuple[str, float]]
    foreign: bool
    length: int  # characters

    def as_json(self) -> dict[str, Any]:
        """Return what Rasa's parse holds of it."""
        ranking = [{"name": name, "confidence": confidence} for name, confidence in self.ranking]
        entities = [
            {"entity": label, "value": value, "extractor": "QuestionReader", "start": 0, "end": self.length}
            for question in self.questions for label, values in question.entities.items() for value in values
        ]  # fmt: skip
        return {
            "intent": ranking[0], "intent_ranking": ranking, "foreign": self.foreign,
            "questions": [question.as_json() for question in self.questions], "entities": entities,
        }  # fmt: skip


def parse_message(doc: Doc, nlp: Language, topics: TopicReader, fallback_below: float = FALLBACK_BELOW) -> ReadMessage:
    """Return how a message reads that the pipeline has worked on."""
    questions = read_message(doc, nlp, topics)
    leading = next((q for q in questions if q.intents[0][0] not in SMALL_TALK), questions[0])
    found: dict[str, float] = {}
    for name, confidence in leading.intents:  # `ask` is as sure as its likeliest topic
        found.setdefault(name.partition("/")[0], confidence)
    ranking = list(found.items())
    if ranking[0][1] < fallback_below:
        ranking.insert(0, ("nlu_fallback", 1.0 - ranking[0][1]))
    spelling = nlp.get_pipe("usher_spelling").spelling  # type: ignore[attr-defined]
    return ReadMessage(questions, leading, ranking, is_foreign(doc.text, spelling.knows), len(doc.text))


def read_message(doc: Doc, nlp: Language, topics: TopicReader) -> list[ReadQuestion]:
    """Return the questions of a message that the pipeline has read; always at least one."""
    corrected: str = doc._.corrected
    parts = question_parts(corrected)
    if len(parts) == 1 and not _COMPARING.search(parts[0].text):  # "compare the cost of one trust and another" is one question
        things = listed_parts(parts[0].text)
        if things and _are_two_questions([thing.text for thing in things], topics):
            parts = [thing.moved(parts[0].spans[0][0]) for thing in things]
    return [_read_part(part, doc._.typed.own_words(part), doc if part.text == corrected else None, nlp, topics) for part in parts]


def _are_two_questions(things: list[str], topics: TopicReader) -> bool:
    best = [topics.rank(sentence_vector(thing))[0] for thing in things]
    return len({intent for intent, _ in best}) == len(things) and all(p >= SURE_THING and intent.startswith("ask/") for intent, p in best)


def _read_part(part: QuestionPart, own: str, doc: Doc | None, nlp: Language, topics: TopicReader) -> ReadQuestion:
    question = ReadQuestion(part.text, own)
    tokens = nlp.get_pipe("entity_ruler")(nlp.make_doc(_QUOTES.sub("", part.text)))  # type: ignore[operator]
    for span in tokens.ents:
        values = question.entities.setdefault(span.label_, [])
        value = span.ent_id_ or span.text
        if value not in values:
            values.append(value)
    question.bare = _without_trusts(tokens)
    if "trust" in question.entities and _COMPARING.search(question.bare):
        question.bare = _compared(question.bare)
    vectors = [_vector(part.text, doc)]
    if question.bare not in ("", part.text):  # a trust's name says little of the topic, and much in the examples that name it
        vectors.append(sentence_vector(question.bare))
    ranked = topics.rank(*vectors)
    if "trust" in question.entities:  # "what about Oakdale?" is no small talk
        ranked = [(intent, p) for intent, p in ranked if intent not in SMALL_TALK]
    question.intents = ranked[:RANKED]
    return question


def _without_trusts(tokens: Doc) -> str:
    named = {token.i for span in tokens.ents if span.label_ == "trust" for token in span}
    kept = "".join(token.text_with_ws for token in tokens if token.i not in named and token.text != "'s")
    return re.sub(r"\b(?:at|in|by|from|of|for|does|do|the)?\s*(?=[?.!,;]|$)", "", " ".join(kept.split())).strip()


def _compared(bare: str) -> str:
    """Return what two trusts are compared in: of "how does compare with on cost?" the cost. The whole where nothing would be left."""
    left = _JOINING.sub(" ", _COMPARING.sub(" ", bare))
    left = _LEFT_OVER.sub("", " ".join(left.split())).strip(" ?.!,;:-")
    return left or bare


def _vector(part: str, doc: Doc | None) -> np.ndarray:
    return doc.vector if doc is not None else sentence_vector(part)

"""Splitting a message into the questions it asks. By rules: two questions in one message are rarely trained together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

Span = tuple[int, int]
_ASKING = r"how|what|what's|whats|who|who's|whos|whose|whom|when|where|which|why|tell me|explain|describe|give me"
_VERB = r"(?:is|are|am|do|does|did|can|could|will|would|should|may|might|has|have|must)(?:n't)?"
_SUBJECT = r"(?:i|we|you|they|he|she|it|there|this|that|these|those|the|a|an|any|all|our|my|your|their|its|his|her|every|each|someone|anyone|\w+s|\w+)"
OPENERS = rf"(?:{_ASKING})\b|{_VERB}\s+{_SUBJECT}"
_SENTENCE = re.compile(r"(?<=[?!.;])\s+|\s*\n+\s*")
_JOINED = re.compile(
    rf"\s*(?:,?\s+(?:and|also|plus|but|or|&|\+)(?:\s+also)?|[,;:])\s+(?=(?:{_ASKING})\b|{_VERB}\s+(?:i|we|you|they|he|she|it|there|the|any|our|your|my|an?)\b(?!\s+(?:look|nose|chat|go|say|see)\b))",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"^(hi|hello|hey|hiya|good (?:morning|afternoon|evening)|dear \w+|thanks|thank you|cheers|ok|okay)\b[\s,!.-]*(?:there|all|usher|team)?[\s,!.-]+",
    re.I,
)
_OPENS = re.compile(rf"^(?:and |also |so |but |ok |then )*(?:{OPENERS})\b", re.IGNORECASE)
_POINTS_BACK = re.compile(r"\b(that|this|it|they|them|those|these|there|possible|allowed|ok)\b", re.IGNORECASE)
_ASIDE = re.compile(r"\b(how|what|when|where|which|who|why),\s+([^,?.!]{1,25}),\s+", re.IGNORECASE)  # "what, if anything, does it cost?"
_LISTED = re.compile(r"\s*(?:,\s*(?:and\s+)?|\s+and\s+|\s*&\s*|\s*\+\s*|\s+plus\s+)\s*", re.IGNORECASE)
MOST = 4


@dataclass(frozen=True)
class QuestionPart:
    """One question of a message, and where the words stand that it is made of: from `start` to `end`, in one piece or several."""

    text: str
    spans: tuple[Span, ...]

    def moved(self, by: int) -> QuestionPart:
        """Return it as a part of the text that begins so many characters earlier."""
        return QuestionPart(self.text, tuple((start + by, end + by) for start, end in self.spans))


def split_questions(text: str) -> list[str]:
    """Return the questions of a message in order; see `question_parts`."""
    return [part.text for part in question_parts(text)]


def question_parts(text: str) -> list[QuestionPart]:
    """Return the questions of a message in order, at most four; a message that asks only one thing comes back whole.

    A story told before the question ("Our governors meet on Monday. What does it cost?") stays with it,
    where the question points back to it or is the only one.
    """
    greeting = _GREETING.match(text)
    begins = greeting.end() if greeting and greeting.end() < len(text) else 0
    told: list[Span] = []
    asked: list[tuple[Span, ...]] = []
    plain = _ASIDE.sub(_without_commas, text)
    for span in _pieces(plain, begins):
        part = plain[slice(*span)]
        if _looks_asked(part) and len(part.split()) > 1:
            asked.append((*told, span) if _POINTS_BACK.search(part) else (span,))
            told = []
        else:
            told.append(span)
    if len(asked) < 2:
        start = begins + len(text[begins:]) - len(text[begins:].lstrip())
        whole = text[begins:].strip()
        return [QuestionPart(whole, ((start, start + len(whole)),))]
    return [QuestionPart(" ".join(" ".join(plain[slice(*span)].split()) for span in spans), spans) for spans in asked[:MOST]]


def _pieces(text: str, begins: int) -> Iterator[Span]:
    """Return where the sentences of a text stand, and the questions joined within one."""
    for sentence in _between(_SENTENCE, text, (begins, len(text))):
        for start, end in _between(_JOINED, text, sentence):
            piece = text[start:end]
            start += len(piece) - len(piece.lstrip(" ,;"))
            bare = piece.strip(" ,;")
            if bare:
                yield start, start + len(bare)


def _between(pattern: re.Pattern[str], text: str, span: Span) -> Iterator[Span]:
    """Return what stands between the matches of a pattern, as `re.split` would for that part of the text alone."""
    start, end = span
    part = text[start:end]
    done = 0
    for match in pattern.finditer(part):
        yield start + done, start + match.start()
        done = match.end()
    yield start + done, end


def _without_commas(aside: re.Match[str]) -> str:
    return aside.group().replace(",", " ")


def _looks_asked(part: str) -> bool:
    return part.endswith("?") or bool(_OPENS.match(part))


def listed_things(text: str) -> list[str]:
    """Return the things of a bare list; see `listed_parts`."""
    return [part.text for part in listed_parts(text)]


def listed_parts(text: str) -> list[QuestionPart]:
    """Return the things of a bare list ("cost and length", "price, places, phone number"), or nothing where it is none.

    Whether they are two questions is for the reader of the topics to say.
    """
    if len(text.split()) > 9 or _OPENS.match(text) or len(question_parts(text)) > 1:
        return []
    things = []
    for start, end in _between(_LISTED, text, (0, len(text))):
        thing = text[start:end]
        start += len(thing) - len(thing.lstrip(" ?.!,"))
        bare = thing.strip(" ?.!,")
        things.append(QuestionPart(bare, ((start, start + len(bare)),)))
    return things if 2 <= len(things) <= MOST and all(thing.text for thing in things) else []

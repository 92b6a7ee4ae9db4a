"""Splitting a message into the questions it asks. By rules: two questions in one message are rarely trained together."""

from __future__ import annotations

import re

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


def split_questions(text: str) -> list[str]:
    """Give the questions of a message in order, at most four; a message that asks only one thing comes back whole.

    A story told before the question ("Our governors meet on Monday. What does it cost?") stays with it,
    where the question points back to it or is the only one.
    """
    bare = _GREETING.sub("", text, count=1) or text
    asked: list[str] = []
    told: list[str] = []
    for sentence in _SENTENCE.split(_ASIDE.sub(r"\1 \2 ", bare)):
        for part in (part.strip(" ,;") for part in _JOINED.split(sentence) if part and part.strip(" ,;")):
            if _looks_asked(part) and len(part.split()) > 1:
                asked.append(" ".join([*told, part]) if _POINTS_BACK.search(part) else part)
                told = []
            else:
                told.append(part)
    if len(asked) < 2:
        return [bare.strip()]
    return asked[:MOST]


def _looks_asked(part: str) -> bool:
    return part.endswith("?") or bool(_OPENS.match(part))


def listed_things(text: str) -> list[str]:
    """Give the things of a bare list ("cost and length", "price, places, phone number"), or nothing where it is none.

    Whether they are two questions is for the reader of the topics to say.
    """
    if len(text.split()) > 9 or _OPENS.match(text) or len(split_questions(text)) > 1:
        return []
    things = [thing.strip(" ?.!,") for thing in _LISTED.split(text)]
    return things if 2 <= len(things) <= MOST and all(things) else []

"""From what Rasa's pipeline read to what the office decides on."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np

from office.choosing.choose import Memory
from office.choosing.ranking import AskedQuestion

_LEANS = re.compile(
    r"^(and|but|so|ok(ay)?|what about|how about|also|or|then)\b|\b(it|that|they|them|their|those|these|this|her|his|him|he|she|there|one|ones|its|same|instead|there)\b",
    re.I,
)
_FILLER = re.compile(r"^(?:and|but|so|ok(?:ay)?|what about|how about|also|or|then)\b[ ,]*", re.I)


def leans_on_before(text: str) -> bool:
    """Return whether a question is likely to need the one before it: "and how long?", "who do I ring about that?"."""
    words = text.split()
    return len(words) <= 3 or (len(words) <= 14 and bool(_LEANS.search(text)))


def asked_from(question: dict[str, Any], memory: Memory, encode: Callable[[str], np.ndarray]) -> AskedQuestion:
    """Return one question of the message's `questions` as the office wants it, with its vectors."""
    text = question["text"]
    entities = question["entities"]
    trusts = tuple(entities.get("trust", ()))
    bare = question.get("bare", text)
    if memory.text and trusts and len(_FILLER.sub("", bare).split()) <= 2:  # "what about Oakdale?" asks the question before anew
        context_text = memory.text
    elif memory.text and leans_on_before(text):
        context_text = f"{memory.text} {text}"
    else:
        context_text = ""
    return AskedQuestion(
        text=text,
        own=question.get("own", text),
        vector=encode(text),
        intents=dict(question["intents"]),
        trusts=trusts,
        loose_trusts=tuple(entities.get("trust_loose", ())),
        bare=encode(bare) if trusts and bare else None,
        context=encode(context_text) if context_text else None,
        context_text=context_text,
        context_topics=memory.topics if context_text else (),
    )

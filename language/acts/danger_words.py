"""The net under the learned reader of danger: the plainest words, from language/lexicon/danger_phrases.txt."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

PHRASES = Path(__file__).parents[1] / "lexicon" / "danger_phrases.txt"


@lru_cache(maxsize=1)
def phrases() -> tuple[str, ...]:
    """Return the phrases, each with a blank before and behind it."""
    lines = PHRASES.read_text(encoding="utf-8").splitlines()
    return tuple(f" {line.strip()} " for line in lines if line.strip() and not line.startswith("#"))


def says_plainly(text: str) -> bool:
    """Return whether a text holds one of the plainest words of somebody in danger, as whole words and however it is punctuated."""
    words = re.sub(r"[^\w]+", " ", re.sub(r"['’]", "", text.lower()))
    return any(phrase in f" {words} " for phrase in phrases())

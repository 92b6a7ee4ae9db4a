"""Is a message in another language than English? By script, and by each language's commonest words (docs/decisions/0007-foreign-languages.md)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from language.reading.common_words import ENGLISH, common_words

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


def is_foreign(text: str, knows: Callable[[str], bool] = lambda _: False) -> bool:
    """Return whether a text is clearly not English: mostly in another script, or full of another language's commonest words.

    `knows` says whether a word is English or the domain's: such words count for English.
    """
    words = _WORD.findall(text.lower())
    letters = [c for c in text if c.isalpha()]
    if not letters:
        return False
    latin = sum("LATIN" in unicodedata.name(c, "") for c in letters)
    if latin < len(letters) / 2:
        return True
    if len(words) < 3:
        return False
    english = common_words()[ENGLISH]
    known = sum(word in english or knows(word) for word in words)
    if known > len(words) * 0.5:
        return False
    best = max(sum(word in common for word in words) for language, common in common_words().items() if language != ENGLISH)
    return best >= 2 and best > sum(word in english for word in words)

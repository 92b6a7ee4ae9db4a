"""Is a message in another language than English? By script, and by spaCy's own lists of the commonest words."""

from __future__ import annotations

import importlib.util
import re
import runpy
import unicodedata
from functools import lru_cache

LANGUAGES = ("fr", "de", "es", "it", "pt", "pl", "ro", "nl", "tr", "lt", "cs", "sv", "da", "hu")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


def _stop_words(code: str) -> set[str]:
    """Run the one file of words: importing it as a module would import the whole language, seconds for all of them."""
    found = importlib.util.find_spec("spacy.lang")
    assert found is not None and found.submodule_search_locations
    words: set[str] = runpy.run_path(f"{found.submodule_search_locations[0]}/{code}/stop_words.py")["STOP_WORDS"]
    return words


@lru_cache(maxsize=1)
def _common_words() -> tuple[dict[str, frozenset[str]], frozenset[str]]:
    lists = {}
    for code in ("en", *LANGUAGES):
        lists[code] = frozenset(word.lower() for word in _stop_words(code))
    return lists, lists.pop("en")


def is_foreign(text: str, knows: object = None) -> bool:
    """Say whether a text is clearly not English: mostly in another script, or full of another language's commonest words.

    `knows`, a function, says whether a word is English or the domain's: such words count for English.
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
    lists, english = _common_words()
    known = sum(word in english or (callable(knows) and bool(knows(word))) for word in words)
    if known > len(words) * 0.5:
        return False
    best = max(sum(word in common for word in words) for common in lists.values())
    return best >= 2 and best > sum(word in english for word in words)

"""The commonest words of English and of the languages that visitors may write in instead.

`language/lexicon/common_words.txt` holds them, a line for each language. They are spaCy's (MIT licence); `python -m
language.reading.common_words` writes the file anew from the spaCy that is installed, which takes half a minute.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

FILE = Path(__file__).parents[1] / "lexicon" / "common_words.txt"
ENGLISH = "en"
LANGUAGES = (ENGLISH, "fr", "de", "es", "it", "pt", "pl", "ro", "nl", "tr", "lt", "cs", "sv", "da", "hu")


@lru_cache(maxsize=1)
def common_words() -> dict[str, frozenset[str]]:
    """Return each language's commonest words, in lower case."""
    lines = (line.split() for line in FILE.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return {language: frozenset(words) for language, *words in lines}


def spacy_words(language: str) -> list[str]:
    """Return a language's commonest words as spaCy has them, sorted."""
    from spacy.util import get_lang_class

    return sorted({word.lower() for word in get_lang_class(language).Defaults.stop_words if word.strip() and " " not in word})


def main() -> None:
    """Write the file anew."""
    head = "# The commonest words of each language, from spaCy (MIT licence): python -m language.reading.common_words\n"
    FILE.write_text(head + "".join(" ".join((code, *spacy_words(code))) + "\n" for code in LANGUAGES), encoding="utf-8")


if __name__ == "__main__":
    main()

"""Spelling: symspellpy against common English and the domain's own words, which win over any other."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import Iterable, NamedTuple

from symspellpy import SymSpell, Verbosity

COMMON_WORDS = 30_000  # of symspellpy's 82,765: what a typing error may have been meant for; a rarer word is no error, and never meant
_INITIALS = re.compile(r"[A-Z]{2,6}s?")  # PSHE, ADHD, TLRs: no dictionary has them all
_WORD = re.compile(r"(?<![^\W_])[^\W\d_](?:[^\W_]|')*")
_TELL = re.compile(r"tel(?= (?:me|us)\b)", re.I)
_WITHIN_NAME = re.compile(r"[A-Z][\w'-]*\s$")  # "Ysgol y Wern"
_STANDS_ALONE = re.compile(r"(?<![^\s(\"'])[A-Za-z][.,;:?!)\"']*(?:\s|$)")  # not the R of "R&D", the n of "n.b."
_ADDRESS = re.compile(r"\S+@\S+|https?://\S+|www\.\S+")
_NAMED = re.compile(
    r"(?:'s)?\s+(?:high|primary|juniors?|infants?|first|middle|academy|academies|school|college|grammar|community|trust|mat|church|ce|rc|catholic)\b",
    re.I,
)  # what stands before it may be a place or a trust: "Worthing High"
_BEGINS = re.compile(r"(?:^|[.!?:;\n]\s*|[\"'(])\s*$")
_PREFIX = re.compile(r"^(?:un|re|non|pre|mis|over|under)")
SHORTHAND = {
    "u": "you", "ur": "your", "urs": "yours", "r": "are", "y": "why", "b4": "before", "pls": "please", "plz": "please",
    "thx": "thanks", "hw": "how", "wat": "what", "wot": "what", "whats": "what's", "hows": "how's", "whos": "who's", "wots": "what's",
    "abt": "about", "wld": "would", "cld": "could", "shld": "should", "govs": "governors", "gov": "governor", "gvnrs": "governors",
    "wk": "week", "yr": "year", "yrs": "years", "mths": "months", "mtg": "meeting", "mtgs": "meetings", "sch": "school", "schs": "schools",
    "info": "information", "govt": "government", "dept": "department", "asap": "soon", "ppl": "people", "w": "with", "n": "and", "bout": "about",
    "gonna": "going to", "wanna": "want to", "cos": "because", "coz": "because", "im": "i'm", "dont": "don't", "cant": "can't", "tho": "though",
    "msg": "message", "fone": "phone", "tel": "telephone", "num": "number", "memb": "membership", "assoc": "associate", "ass": "associate",
    "dep": "deputy", "heads'": "heads", "esp": "especially", "min": "minimum", "max": "maximum", "approx": "about", "hrs": "hours",
}  # fmt: skip


class SpellingCorrection(NamedTuple):
    """One word of a text that is read as another."""

    start: int
    end: int
    read_as: str


def corrected(text: str, corrections: Iterable[SpellingCorrection]) -> str:
    """Return the text as it is read with those corrections."""
    done, parts = 0, []
    for one in corrections:
        parts += [text[done : one.start], one.read_as]
        done = one.end
    return "".join([*parts, text[done:]])


def place_before(place: int, corrections: Iterable[SpellingCorrection]) -> int:
    """Return where a place of the corrected text stands in the text before; within a corrected word, where that word ends."""
    moved = 0  # how much longer the text is by the corrections so far
    for one in corrections:
        if place <= one.start + moved:
            break
        if place < one.start + moved + len(one.read_as):
            return one.end
        moved += len(one.read_as) - (one.end - one.start)
    return place - moved


class Spelling:
    """Corrects words that neither English nor the domain knows; leaves short words, numbers and addresses alone."""

    def __init__(self, domain_words: Iterable[str]) -> None:
        self._symspell = SymSpell(max_dictionary_edit_distance=2, prefix_length=7)
        dictionary = files("symspellpy") / "frequency_dictionary_en_82_765.txt"
        lines = [line.lstrip("\ufeff").split(" ") for line in dictionary.read_text(encoding="utf-8").splitlines()]
        for word, count in lines[:COMMON_WORDS]:
            self._symspell.create_dictionary_entry(word, int(count))
        self._rare = {word for word, _ in lines[COMMON_WORDS:]}
        self._domain = {word.lower() for word in domain_words}
        for word in sorted(self._domain):
            self._symspell.create_dictionary_entry(word, 10**12)

    def knows(self, word: str) -> bool:
        """Return whether a word is common English, the domain's, or short for one ("r u")."""
        return word.lower() in self._symspell.words or word.lower() in SHORTHAND

    def correct(self, text: str) -> str:
        """Return the text with its unknown words set right, in lower case where it changed them."""
        return corrected(text, self.corrections(text))

    def corrections(self, text: str) -> list[SpellingCorrection]:
        """Return what is set right in a text, in order: where each word stands, and what it is read as."""
        shouted = text.isupper() and len(text.split()) > 2
        kept = [match.span() for match in _ADDRESS.finditer(text)]
        words = (match for match in _WORD.finditer(text) if not any(start <= match.start() < end for start, end in kept))
        read = ((match, self._read(match, text, shouted)) for match in words)
        return [SpellingCorrection(match.start(), match.end(), new) for match, new in read if new != match.group()]

    def _read(self, match: re.Match[str], text: str, shouted: bool) -> str:
        word = match.group()
        if not word.isascii():  # the dictionary has no word with an accent: "Gŵyr"
            return word
        if _TELL.match(text, match.start()):
            return "tell"
        if len(word) == 1 and not _STANDS_ALONE.match(text, match.start()):
            return word
        if len(word) == 1 and not shouted and _WITHIN_NAME.search(text[: match.start()]) and text[match.end() + 1 :][:1].isupper():
            return word
        if _INITIALS.fullmatch(word) and not shouted and word.lower() not in SHORTHAND:
            return word
        named = _NAMED.match(text, match.end())
        inside = word[0].isupper() and not shouted and not _BEGINS.search(text[: match.start()])
        if named and inside:  # "Swale Academies"
            return word
        return self._mend(word, as_name=bool(named or inside))

    def _mend(self, word: str, *, as_name: bool = False) -> str:
        """Return a word set right; one that stands where names stand only where it is a letter off, and long or the domain's."""
        lower = word.lower()
        if lower in SHORTHAND:
            return SHORTHAND[lower]
        stem = lower[:-2] if lower.endswith("'s") else lower.rstrip("'")
        if len(stem) < (5 if as_name else 4) or not stem.isalpha() or self._is_word(stem):
            return word
        found = self._symspell.lookup(stem, Verbosity.TOP, 1 if len(stem) < 7 or as_name else 2)
        if not found or as_name and len(stem) < 7 and found[0].term not in self._domain:
            return word
        return found[0].term + lower[len(stem) :]

    def _is_word(self, stem: str) -> bool:
        """Return whether a word is one, however rare: no letters are set right in it."""
        if stem in self._symspell.words or stem in self._rare:
            return True
        if stem.endswith("s") and stem[:-1] in self._symspell.words:  # "GCSEs", "dioceses"
            return True
        bare = _PREFIX.sub("", stem)  # "unviable"
        return bare != stem and len(bare) > 4 and bare in self._symspell.words

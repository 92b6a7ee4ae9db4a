"""Spelling: symspellpy against common English and the domain's own words, which win over any other."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import Iterable

from symspellpy import SymSpell, Verbosity

COMMON_WORDS = 30_000  # of symspellpy's 82,765: a rarer one may be a typing error of the domain's word, but of no other
_INITIALS = re.compile(r"[A-Z]{2,6}s?")  # PSHE, ADHD, TLRs: no dictionary has them all
_WORD = re.compile(r"(?<![A-Za-z0-9])[A-Za-z][A-Za-z0-9']*")
_TELL = re.compile(r"\btel(?= (?:me|us)\b)", re.I)
_STANDS_ALONE = re.compile(r"(?<![^\s(\"'])[A-Za-z][.,;:?!)\"']*(?:\s|$)")  # not the R of "R&D", the n of "n.b."
_ADDRESS = re.compile(r"\S+@\S+|https?://\S+|www\.\S+")
_NAMED = re.compile(
    r"(?:'s)?\s+(?:high|primary|junior|infants?|first|middle|academy|academies|school|college|grammar|community|trust|mat|church|ce|rc|catholic)\b",
    re.I,
)  # what stands before it may be a place or a trust: "Worthing High"
_BEGINS = re.compile(r"(?:^|[.!?:;\n]\s*|[\"'(])\s*$")
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
        """Give the text with its unknown words set right, in lower case where it changed them."""
        text = _TELL.sub("tell", text)
        shouted = text.isupper() and len(text.split()) > 2
        kept = [match.span() for match in _ADDRESS.finditer(text)]

        def mend(match: re.Match[str]) -> str:
            if any(start <= match.start() < end for start, end in kept):
                return match.group()
            if len(match.group()) == 1 and not _STANDS_ALONE.match(text, match.start()):
                return match.group()
            if _INITIALS.fullmatch(match.group()) and not shouted and match.group().lower() not in SHORTHAND:
                return match.group()
            named = _NAMED.match(text, match.end())
            inside = match.group()[0].isupper() and not shouted and not _BEGINS.search(text[: match.start()])
            if named and inside:  # "Swale Academies"
                return match.group()
            return self._mend(match.group(), as_name=bool(named or inside))

        return _WORD.sub(mend, text)

    def _mend(self, word: str, *, as_name: bool = False) -> str:
        """Give a word set right; one that stands where names stand only where it is a letter off, and long or the domain's."""
        lower = word.lower()
        if lower in SHORTHAND:
            return SHORTHAND[lower]
        stem = lower[:-2] if lower.endswith("'s") else lower.rstrip("'")
        if len(stem) < 4 or stem in self._symspell.words or not stem.isalpha():
            return word
        if stem.endswith("s") and stem[:-1] in self._symspell.words:  # "GCSEs", "dioceses"
            return word
        found = self._symspell.lookup(stem, Verbosity.TOP, 1 if len(stem) < 7 or as_name else 2)
        if not found or (as_name and len(stem) < 7 or stem in self._rare) and found[0].term not in self._domain:
            return word
        return found[0].term + lower[len(stem) :]

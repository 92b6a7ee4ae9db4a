"""When two questions are the same, or nearly so, by their words alone: what keeps training and evaluation apart."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

ALIKE = 0.8  # of all words of two texts, the part they share; "one word of five differs"
FEWEST_SHARED = 3
_WITHOUT_MEANING = frozenset(
    """a an the is are was were be been being am do does did can could will would shall should may might i we you they he she it
    our your their my me us of to in on at for with by and or so but if that this there please what which how any some have has
    had get got as from into about s t""".split()
)


def normalised(text: str) -> str:
    """Return the words of a text in small letters, without punctuation; plurals and apostrophes folded."""
    bare = text.lower().replace("’", "'").replace("'", "")
    return " ".join(word[:-1] if len(word) > 3 and word.endswith("s") else word for word in re.findall(r"[a-z0-9£]+", bare))


def telling_words(text: str) -> frozenset[str]:
    """Return the words that tell what a text is about; who, when, where and why are among them."""
    return frozenset(normalised(text).split()) - _WITHOUT_MEANING


class KnownTexts:
    """Texts to compare others with, each with its place."""

    def __init__(self, texts: Iterable[tuple[str, str]]) -> None:
        self._known = [(owner, text, telling_words(text)) for owner, text in texts]
        self._same = {normalised(text): (owner, text) for owner, text, _ in self._known}
        self._holding: dict[str, list[int]] = defaultdict(list)
        for place, (_, _, words) in enumerate(self._known):
            for word in words:
                self._holding[word].append(place)

    def same_as(self, text: str) -> tuple[str, str] | None:
        """Return where the text stands word for word, and how, or None."""
        return self._same.get(normalised(text))

    def nearly(self, text: str) -> tuple[str, str] | None:
        """Return the nearest of the texts that share nearly all words with this one, or None."""
        words = telling_words(text)
        shared: dict[int, int] = defaultdict(int)
        for word in words:
            for place in self._holding[word]:
                shared[place] += 1
        near = [p for p, count in shared.items() if count >= FEWEST_SHARED and count >= ALIKE * len(words | self._known[p][2])]
        if not near:
            return None
        owner, found, _ = self._known[max(near, key=lambda place: shared[place] / len(words | self._known[place][2]))]
        return owner, found

    def hold(self, text: str) -> bool:
        """Return whether the text stands there, word for word or nearly so."""
        return self.same_as(text) is not None or self.nearly(text) is not None

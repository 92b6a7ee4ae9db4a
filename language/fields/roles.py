"""Roles as people type them ("acting head of maths", "chair of governors & parent"): the phrases of a word list, and what may stand before one."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import product

from language.fields.lexicon import phrases

Phrases = dict[str, list[tuple[str, ...]]]  # by their first word, the longest first
Words = list[tuple[str, int, int]]
MOST_BEFORE, MOST_TOGETHER = 3, 3  # modifiers, and roles of one person
_WORD = re.compile(r"\w+(?:'\w+)*|[/&,]")
_SLOTS = ("area", "office", "body")


def role_at(text: str, start: int = 0) -> int | None:
    """Return where the role ends that begins at `start`, or None."""
    found = _WORD.match(text, start)
    if found is None or found.group().lower() not in _begin() or start and (text[start - 1].isalnum() or text[start - 1] in "_'-"):
        return None
    words = [(m.group().lower(), m.start(), m.end()) for m in _WORD.finditer(text, start, start + 300)]
    at = _one_role(text, words, 0)
    for _ in range(MOST_TOGETHER - 1):
        beside = at is not None and at < len(words) and words[at][0] in ("/", "&", ",", "and") and _one_role(text, words, at + 1)
        if not at or not beside or words[at][1] - words[at - 1][2] > 1 or words[at + 1][1] - words[at][2] > 1:
            break
        at = beside
    return words[at - 1][2] if at else None


def roles_in(text: str) -> list[tuple[int, int]]:
    """Return where roles stand in a text."""
    found: list[tuple[int, int]] = []
    for word in _WORD.finditer(text):
        if (not found or word.start() >= found[-1][1]) and (end := role_at(text, word.start())):
            found.append((word.start(), end))
    return found


def _one_role(text: str, words: Words, at: int) -> int | None:
    """Return the place behind a role with what stands before it ("newly appointed deputy"), the longest there is."""
    places = [at]
    for _ in range(MOST_BEFORE):
        places += [end for place in places for end in _ends(text, words, at, place, _phrases("modifier")) if end not in places]
    ends = [end for place in places for end in _ends(text, words, at, place, _phrases("role"))]
    whole = [end for end in ends if text[words[end - 1][2] : words[end - 1][2] + 1] != "'"]
    return max(whole, default=None)


def _ends(text: str, words: Words, first: int, at: int, known: Phrases) -> list[int]:
    """Return where the known phrases end that begin at a place, which stands right behind the one before it, where it is not the first."""
    if at >= len(words) or at > first and text[words[at - 1][2] : words[at][1]] not in (" ", "-"):
        return []
    ends = []
    for phrase in known.get(words[at][0], ()):
        end = at + len(phrase)
        same = end <= len(words) and all(_is(said, meant) for (said, _, _), meant in zip(words[at:end], phrase))
        if same and all(text[words[i][2] : words[i + 1][1]] in (" ", "-") for i in range(at, end - 1)):
            ends.append(end)
    return ends


def _is(said: str, meant: str) -> bool:
    return said == meant or meant == "<any>" and said.isalnum() or meant == "#" and said.isdigit() and len(said) < 3


@cache
def _phrases(part: str) -> Phrases:
    slots = {slot: phrases("role_words", slot) for slot in _SLOTS}
    known: Phrases = {}
    for phrase in phrases("role_words", part):
        pieces = re.split(r"<(area|office|body)>", phrase)
        for filled in product(*([piece] if place % 2 == 0 else slots[piece] for place, piece in enumerate(pieces))):
            for whole in _with_and_without("".join(filled)):
                words = tuple(re.findall(r"<any>|#|\w+", whole))
                known.setdefault(words[0], []).append(words)
    return known


def _with_and_without(phrase: str) -> list[str]:
    """Return a phrase as its "(s)" may be read, of two both alike or each."""
    parts = phrase.split("(s)")
    return ["".join(p + s for p, s in zip(parts, [*ends, ""])) for ends in product(("", "s"), repeat=len(parts) - 1)]


@lru_cache(maxsize=1)
def _begin() -> frozenset[str]:
    return frozenset(_phrases("modifier")) | frozenset(_phrases("role"))

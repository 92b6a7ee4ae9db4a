"""Names of schools as people type them: after "at", "from", "of", or by their last word ("Oakfield Primary")."""

from __future__ import annotations

import re

from language.fields.lexicon import after_phrase, phrase_pattern, phrases

LONGEST_SCHOOL, MOST_WORDS = 150, 12  # characters; words of a name
_LISTS = ("kind", "inside", "ends", "general", "of_nobody", "of_saints", "low", "high", "no_name")
_WORDS = {part: frozenset(phrases("school_words", part)) for part in _LISTS}
_WORD = re.compile(r"\S+")
_JOINS = ("and", "of", "the", "for", "in", "at", "to")  # which a name goes on behind, or has ended before
_CUE = re.compile("|".join(rf"(?P<{part}>{phrase_pattern('school_words', part)})\s*" for part in ("sure", "perhaps", "are")))
_TAKEN = re.compile(r"\x00(?:[\s,()]|\b(?:here|and|of the|i'm|i am|im|i work|based|working)\b){0,8}$", re.I)
_BEGINS = re.compile(r"(?:^|[\n,;.])\s*(?:i'm |i am |im |we're |we are )?$", re.I)


def school_in(text: str, *, introduced: bool) -> tuple[str, tuple[int, int]] | None:
    """Return a school's name and where it stands (with the word that leads to it), or None.

    `introduced`: a name or a role stands in the same message, so a word with a capital after "at" or "from" is enough.
    """
    for match in _CUE.finditer(text):
        before = text[: match.start()]
        if match["perhaps"] and not (_TAKEN.search(before) or introduced and _BEGINS.search(before)):
            continue
        if match["sure"] and match["sure"].endswith((" is", " IS")) and not text[match.end() : match.end() + 1].isupper():
            continue  # "our school is small"
        said = _name_at(text, match.end(), sure=not match["are"])
        if said:
            return said[0], (match.start(), said[1])
    return None


def school_alone(segment: str) -> str | None:
    """Return the school a piece between commas is ("Oakfield Primary School"), or None."""
    bare = segment.strip(" .!")
    said = _name_at(bare, 0, sure=False) if bare else None
    return said[0] if said and said[1] >= len(bare) - 1 else None


def school_asked(text: str) -> str | None:
    """Return the school out of the reply to the question which it is."""
    bare = text.strip()
    while (shorter := after_phrase(bare, "school_words", "opening")) != bare:
        bare = shorter
    bare = _without_lead(bare).strip(" .,;!\"'-")
    if not bare or not any(c.isalnum() for c in bare) or len(bare) > LONGEST_SCHOOL:
        return None
    return well_cased(", ".join(line.strip() for line in bare.split("\n")))


def may_be_a_sentence(typed: str) -> bool:
    """Return whether a reply taken for a school may be none: more than three words, all small, and none that a school's name has."""
    words = typed.strip(" .!").lower().split()
    return (
        len(words) > 3
        and not any(c.isupper() for c in typed.strip()[1:])
        and not any(word.strip(".,'") in _WORDS["kind"] for word in words)
    )


def _without_lead(text: str) -> str:
    """Return a reply without what leads to the school: "it's at", "my school is called"."""
    first, _, rest = text.partition(" ")
    said = rest if first.lower() in ("my", "our", "the") and rest[:6].lower() == "school" else text
    if (shorter := after_phrase(said, "school_words", "sure")) != said:
        return shorter
    shorter = after_phrase(said, "school_words", "asked")
    return after_phrase(shorter, "school_words", "perhaps") if shorter != said else text


def is_kind_only(text: str) -> bool:
    """Return whether a text says what kind of school it is, and names none: "Church of England Primary"."""
    return bool(text) and all(word.strip(".,") in _WORDS["no_name"] for word in text.lower().split())


def _name_at(text: str, start: int, *, sure: bool) -> tuple[str, int] | None:
    """Return the school's name that begins at `start`, and where it ends."""
    last, count, kinds, capitals = start, 0, 0, 0
    small = text.islower() or sure and not text[start : start + 1].isupper()
    for word in _WORD.finditer(text[start : start + LONGEST_SCHOOL].replace("\x00", "\n").split("\n")[0]):
        raw = word.group()
        bare = raw.strip(',.;:!?()"')
        lower, capital = bare.lower(), bare[:1].isupper()
        is_kind = lower.rstrip("'") in _WORDS["kind"]
        if not bare or raw[0] in "([" or count == MOST_WORDS or lower in _WORDS["ends"] and not capital and lower != "and":
            break
        goes_on = is_kind or capital or lower in _WORDS["inside"] or small
        if not goes_on or lower in _JOINS and not _goes_on(text[start + word.end() :]):
            break
        count, kinds, capitals = count + 1, kinds + is_kind, capitals + (capital and not is_kind)
        if is_kind or capital:
            last = start + word.end()
        if raw[-1] in ",;:!?)" or raw.endswith(".") and len(bare) > 3:
            break
    name = text[start:last].strip(" ,.;:!?\"'")
    named = bool(name) and (0 < kinds < count or sure and capitals > 0)
    return (
        (well_cased(name[4:] if name.startswith("the ") else name), last) if named and not (kinds == count or _is_of_nobody(name)) else None
    )


def _is_of_nobody(name: str) -> bool:
    """Return whether it is "a small school", "our primary", "any of your schools" rather than a name."""
    words = name.lower().split()
    if not words or all(word in _WORDS["general"] or word in _WORDS["kind"] for word in words):
        return True
    return words[0] in _WORDS["of_nobody"] and " ".join(words[:2]) not in _WORDS["of_saints"]


def _goes_on(rest: str) -> bool:
    """Return whether a school's name may go on after a small word: the next one has a capital, or is a kind of school."""
    following = _WORD.search(rest)
    bare = following.group().strip(",.;:!?()") if following else ""
    lower = bare.lower()
    if not bare or bare[0].isupper() and lower not in _WORDS["ends"]:
        return bool(bare)
    return lower.rstrip(".'") in _WORDS["kind"] or lower in ("the", "e", "st", "our", "saint")


def well_cased(name: str) -> str:
    """Return a school's name with capitals where it was typed all in small or all in capital letters."""
    letters = [c for c in name if c.isalpha()]
    if not (name.islower() or name.isupper() and len(letters) > 6):
        return name
    words = name.lower().split(" ")
    return " ".join(_case(word, place) for place, word in enumerate(words))


def _case(word: str, place: int) -> str:
    bare = word.strip(",.()")
    if bare in _WORDS["high"]:
        return word.upper()
    if bare == "cofe":
        return word.replace("cofe", "CofE")
    if place and bare in _WORDS["low"]:
        return word
    return "-".join(part[:1].upper() + part[1:] for part in word.split("-"))

"""Names as people type them: titles, apostrophes, hyphens, particles, one word, any script; and how they are introduced.

What is no name, and what a name stands behind, are word lists (`language/lexicon/details/`); this is what is done with them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice

from language.fields.lexicon import after_phrase, pairs, phrases, words
from language.fields.roles import role_at

LONGEST_NAME = 100  # characters
MOST_WORDS, MOST_CUES = 7, 60
SURE, LIKELY, PERHAPS = 0.9, 0.7, 0.5  # introduced as a name; most likely one; one, or a word that looks like one
_TITLES = pairs("titles")
_SUFFIXES = pairs("suffixes")
_PARTICLES = words("particles")
_LEADING_PARTICLES = {"de", "von", "dos", "das", "du", "di"}
_NEVER, _STATES, _ALONE, _SURNAMES = words("no_name_words"), words("states"), words("no_name_alone"), words("surnames")
_GIVEN, _GIVEN_WORDS, _ORGANISATIONS = words("given_names"), words("given_names", "words"), words("organisation_words")
_POSTS = ("head", "dean", "cook", "chair", "clerk")  # roles that are surnames too
_WORD = re.compile(r"\S+")
_PUNCTUATION = ",;:!?)\"'…"
_APART = str.maketrans(dict.fromkeys(',.;:!?()-*"<>[]=/\x00', " "))
_SIMPLE = re.compile(r"[a-z][a-z']*")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]?")
_BEFORE_TITLE = frozenset(
    "mr mrs ms miss mx dr rev revd reverend prof professor cllr dame canon sister".split()
)  # that need no introduction


@dataclass(frozen=True)
class Introduced:
    """A name, where it stands, where what introduces it begins, and how sure it is that it is one."""

    name: str
    start: int
    end: int
    cue: int
    certainty: float
    by: str = "self"  # who is named: who writes, whom to "reach", or somebody "other" who is spoken of


def is_title(word: str) -> bool:
    """Return whether a word is a title as before a name ("Mrs", "Dr.")."""
    return word.lower().rstrip(".") in _TITLES


def is_given_name(word: str) -> bool:
    """Return whether a word is a common first name, or a title as before a name ("Mrs")."""
    lower = word.lower().strip(",.")
    return lower in _GIVEN or lower in _TITLES


def is_state(word: str) -> bool:
    """Return whether a word in small letters is rather what somebody is than is called: "i'm worried", "just browsing"."""
    return word not in _GIVEN and (word in _STATES or len(word) > 4 and word.endswith(("ing", "ed")))


def is_role(text: str) -> bool:
    """Return whether a text is a role and nothing else ("the deputy head")."""
    bare = without_article(text.strip(" .,!"))
    return bool(bare) and role_at(bare) == len(bare)


def without_article(role: str) -> str:
    """Return a role without what leads to it: "role: the", "as a"."""
    for _ in range(3):
        role = after_phrase(role, "role_leads", "article")
    return role


def bare_role(text: str) -> str:
    """Return a role without its article: "I'm the acting head" is asked for as "acting head"."""
    whole = text.strip(" .,!")
    opened = after_phrase(whole, "role_leads", "opening")
    bare = after_phrase(opened, "role_leads", "lead")
    return without_article(bare if bare != opened else whole).strip(" .,!")


def after_opening(text: str) -> str:
    """Return a text without the words people begin with, whatever they say then: "hi, yes, "."""
    for _ in range(4):
        opening = _opening().match(text)
        if opening is None:
            break
        text = text[opening.end() :]
    return text


def name_at(text: str, *, sure: bool) -> str | None:
    """Return the name a text begins with, as it is kept, or None. `sure`: it was asked for, or introduced as a name.

    Where that is not so, each word needs a capital, or a title has to stand before it.
    """
    found = read_name(text, len(text) - len(text.lstrip(" '\"*")), sure=sure)
    return found[0] if found else None


def is_whole_name(text: str, *, sure: bool) -> bool:
    """Return whether a text is a name and nothing else."""
    found = read_name(text, 0, sure=sure)
    return found is not None and not text[found[1] :].strip(" .!")


def read_name(text: str, start: int, *, sure: bool) -> tuple[str, int] | None:
    """Return the name that begins at `start`, as it is kept, and where it ends, or None; see `name_at`."""
    taken: list[tuple[str, int]] = []
    titled, place, after = False, start, ""
    for word in islice(_WORD.finditer(text, start, start + LONGEST_NAME + 50), MOST_WORDS + 1):
        after = word.group().strip(',.;:!?()"')
        if "\n" in text[place : word.start()] or len(taken) == MOST_WORDS:
            break
        place, raw = word.end(), word.group()
        bare = raw if raw.endswith("s'") else raw.rstrip(_PUNCTUATION)
        lower = bare.lower().rstrip(".")
        if lower in _TITLES and all(is_title(one) for one, _ in taken):
            titled = True
        elif (
            titled
            and not sure
            and bare.islower()
            and lower not in _PARTICLES
            and any(one[0].isupper() for one, _ in taken if not is_title(one))
        ):
            break  # "Mrs Smith speaking"
        elif not _is_name_word(bare) or not _may_be_name(bare, lower, text, word.start(), taken, sure or titled):
            break
        taken.append((bare, word.start() + len(bare)))
        after = ""
        if bare != raw or raw.endswith(".") and len(raw.strip(".")) > 3 and lower not in _TITLES:
            break
    while taken and (len(taken) > 1 and taken[-1][0] in _PARTICLES or taken[-1][0] in ("and", "And", "AND", "a", "an", "An")):
        taken.pop()
    if not taken or not sure and after.lower() in _ORGANISATIONS and (not titled or after[:1].isupper()):
        return None  # "this is Oakfield Primary", "Sir Robert Woodard Academy"
    kept = _kept([word for word, _ in taken], sure, titled)
    return (kept, taken[-1][1] - (taken[-1][0].endswith(".") and not kept.endswith("."))) if kept else None


def _is_name_word(word: str) -> bool:
    return (
        bool(word) and _is_letter(word[0]) and all(_is_letter(c) or c in "'’-.·・" for c in word) and "--" not in word and ".." not in word
    )


def _is_letter(char: str) -> bool:
    return char.isalpha() or unicodedata.category(char)[0] in "LM"


def _may_be_name(bare: str, lower: str, text: str, start: int, taken: list[tuple[str, int]], sure: bool) -> bool:
    surname = bool(taken) and bare[0].isupper() and not text.isupper() and (lower in _SURNAMES or is_title(taken[-1][0]))
    if lower in _NEVER and not surname or lower == "and" or not taken and bare in ("a", "an"):
        return False
    named = bare[0].isupper() and all(is_title(one) for one, _ in taken)  # "Mr Parent"
    if taken and not named and (bare.islower() or lower not in _POSTS) and role_at(text, start):
        return False
    return sure or not bare[0].islower() or bool(taken) and lower in _PARTICLES


def _kept(taken: list[str], sure: bool, titled: bool) -> str | None:
    core = [word for word in taken if not is_title(word)]
    if not core:
        return None
    whole = " ".join(taken).rstrip(".") if len(taken[-1]) > 2 else " ".join(taken)
    if len(whole) > LONGEST_NAME or not any(unicodedata.category(c)[0] == "L" for c in whole):
        return None
    first = core[0].lower()
    if not titled and (is_role(" ".join(core)) or len(core) == 1 and first.strip(".") in _ALONE):
        return None
    if not sure and not titled and (first in _STATES and first not in _GIVEN or any(word.lower() in _ORGANISATIONS for word in core)):
        return None
    if not sure and not titled and len(core) == 1 and len(first) < 4 and first.isascii() and core[0].isupper() and len(first) > 1:
        return None  # "its PE"
    return well_cased(whole)


def well_cased(name: str) -> str:
    """Return a name with capitals where it was typed all in small or all in capital letters; any other is kept as typed."""
    parts = name.split(" ")
    core = "".join(word for word in parts if not is_title(word))
    letters = [c for c in core if c.isalpha()]
    plain = core.islower() or (core.isupper() and len(letters) > 3)
    cased = [_case(word, place, plain, place == len(parts) - 1 and len(parts) > 1) for place, word in enumerate(parts)]
    return " ".join(cased)


def _case(word: str, place: int, plain: bool, last: bool) -> str:
    lower = word.lower()
    stem = lower.rstrip(".")
    if is_title(word):
        return _TITLES[stem] + ("." if word.endswith(".") else "")
    if not plain:
        return word
    if last and stem in _SUFFIXES:
        return _SUFFIXES[stem]
    if stem in (_PARTICLES if place else _LEADING_PARTICLES) and not last:
        return lower
    return "-".join(_capital(part) for part in lower.split("-"))


def _capital(part: str) -> str:
    if _INITIALS.fullmatch(part):
        return part.upper()
    if part[:1] in "odlmnt" and part[1:2] in ("'", "’") and part[2:]:
        return part[0].upper() + part[1] + _capital(part[2:])
    if part.startswith("mc") and len(part) > 3:
        return "Mc" + part[2].upper() + part[3:]
    return part[:1].upper() + part[1:]


def introduced(text: str, *, reached: bool = False) -> tuple[str, tuple[int, int]] | None:
    """Return the name somebody introduces themselves by ("I'm Jane", "Jane Smith here", "regards, Jane") and where it stands, or None.

    `reached`: a number or an address was told beside it, so that "ring Jo Field" names whom to reach.
    """
    likely = [one for one in introductions(text) if one.certainty >= LIKELY]
    own = [one for one in likely if one.by == "self"] or [one for one in likely if reached and one.by == "reach"]
    return (own[0].name, (own[0].cue, max(own[0].end, own[0].cue))) if own else None


def introductions(text: str) -> list[Introduced]:
    """Return the names a text introduces or speaks of, in order, apart from each other."""
    found: list[Introduced] = []
    for one in sorted(_found(text), key=lambda one: (one.start, one.by != "self", -one.certainty, -one.end)):
        if not found or one.start >= found[-1].end:
            found.append(one)
    return found


def _found(text: str) -> Iterator[Introduced]:
    lower = text.lower()
    if len(lower) != len(text):  # "İ"
        lower = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    if _first_words().isdisjoint(lower.translate(_APART).split()):
        return
    for match in islice(_cues().finditer(lower), MOST_CUES):
        for kind in _kinds()[" ".join(match.group(1).split())]:
            if found := _READ[kind](text, lower, match):
                yield found


def _named(text: str, lower: str, cue: re.Match[str]) -> Introduced | None:
    """Read "my name is Jane", "call me Jo"; of another name than a person's ("the name is kept") only what has capitals."""
    start = _skip(text, cue.end(), " :=-")
    before = lower[: cue.start()].split()[-1:] or ["my"]
    own = (
        "name" not in cue.group()
        or before[0].strip(".,!") in _parts("self")
        or lower[cue.start() :].startswith("my ")
        or lower[cue.start() - 1 : cue.start()] in ("\n", "")
    )
    if before[0].removesuffix("'s") in _ORGANISATIONS:
        return None  # "our school name is Oak Hill"
    found = read_name(text, start, sure=own)
    if found is None and cue.group().startswith(("surname", "last")) and (word := _WORD.match(text, start)):
        bare = word.group().rstrip(_PUNCTUATION + ".")
        found = (bare, start + len(bare)) if bare[:1].isupper() and bare.lower() in _SURNAMES else None
    if found is None:
        return None
    first = text[start:].split(None, 1)[0].lower().strip(_PUNCTUATION)
    end = _cut(text, start, found[1])
    if text[start].islower() and first not in _GIVEN:
        ends = text[end:].strip(" ").startswith((",", ".", "!", "\n")) or not text[end:].strip()
        if is_state(first) or first.endswith("ly") or "call" in cue.group() and not (ends and " " not in text[start:end]):
            return None  # "call me straight away"
    return Introduced(found[0], start, end, cue.start(), SURE)


def _am(text: str, lower: str, cue: re.Match[str]) -> Introduced | None:
    """Read "I'm Jane Smith", "im jane from ...", "this is Mrs Smith"."""
    return _spoken_of(text, cue, small="given" if cue.group(1).startswith(("this", "here", "we", "on", "i was")) else "any")


def _is(text: str, lower: str, cue: re.Match[str]) -> Introduced | None:
    """Read "it's Jane", where that begins what is said."""
    before = after_opening(lower[: cue.start()].rpartition("\n")[2]).rstrip()
    return _spoken_of(text, cue, small="given") if not before or not before[-1].isalnum() else None


def _reach(text: str, lower: str, cue: re.Match[str]) -> Introduced | None:
    """Read "ring Jo Field on 07700 900123", and "please ring me, Jo Field"."""
    start = _skip(text, cue.end(), " :")
    if lower.startswith(("me", "us"), start) and not lower[start + 2 : start + 3].isalnum():
        for part in islice(_PART.finditer(text, start), 4):
            at = _skip(text, part.start() + 1, " ")
            found = read_name(text, at, sure=False)
            if found and (" " in found[0] or _begins_given(found[0])):
                return Introduced(found[0], at, found[1], at, LIKELY)
        return None
    found = read_name(text, start, sure=False)
    if found and (" " in found[0] or _begins_given(found[0]) or cue.group().startswith(("ask", "speak", "fao"))):
        return Introduced(found[0], start, found[1], start, LIKELY if _begins_given(found[0]) else PERHAPS, by="reach")
    small = _small(text, start, given=True)
    return Introduced(small[0], start, small[1], start, PERHAPS, by="reach") if small else None


def _signed(text: str, lower: str, cue: re.Match[str]) -> Introduced | None:
    """Read "Kind regards, Jane Smith", at the end or before a comma."""
    start = _skip(text, cue.end(), " ,.!:\n")
    found = read_name(text, start, sure=True)
    parted = text[cue.end() : start].strip(" ") or cue.group().endswith(("regards", "wishes"))
    if found is None or lower[: cue.start()].endswith("as ") or start == cue.end() or not parted:
        return None  # "as regards fees", "who has signed up"
    rest = text[found[1] :].lstrip(" ")
    return Introduced(found[0], start, found[1], cue.start(), SURE) if not rest or rest[0] in ".,!\n(-" else None


def _thanks(text: str, lower: str, cue: re.Match[str]) -> Introduced | None:
    """Read "thanks, Jane" at the end of a message."""
    start = _skip(text, cue.end(), " ,.!\n")
    found = read_name(text, start, sure=False) or _small(text, start, given=True)
    if found is None or text[found[1] :].strip(" .!\n") or start == cue.end():
        return None
    return Introduced(found[0], start, found[1], start, LIKELY if text[cue.end()] != " " else PERHAPS)


def _behind(text: str, lower: str, cue: re.Match[str]) -> Introduced | None:
    """Read "Jane Smith here", "jane speaking": what stands before is a name and nothing else."""
    said = _LAST_PART.search(text, max(0, cue.start() - LONGEST_NAME), cue.start())
    if said is None:
        return None
    opening = len(said.group()) - len(after_opening(said.group()))
    start = _skip(text, said.start() + opening, " ")
    found = read_name(text, start, sure=False) or _small(text, start, given="here" in cue.group())
    if found is None or text[found[1] : cue.start()].strip(" ."):
        return None
    return Introduced(found[0], start, found[1], start, LIKELY)


def _titled(text: str, lower: str, cue: re.Match[str]) -> Introduced | None:
    """Read "Mrs Smith" wherever it stands; in small letters only after a title that is no other word."""
    if text[cue.start()].islower() and cue.group() not in ("mr", "mrs", "dr"):
        return None
    found = read_name(text, cue.start(), sure=False)
    if found is None:
        return None
    said = text[cue.start() : found[1]].split()
    if not any(word[0].isupper() for word in said[1:]):
        if is_state(said[1]) or said[0] in ("Miss", "Sister", "Canon", "Dame"):
            return None
        said = said[: 3 if is_given_name(said[1]) or len(said[1]) == 1 else 2]
    end = _end_of(text, cue.start(), len(said))
    name = text[cue.start() : end]
    if name.endswith(("'s", "s'")) and len(name) > 6:
        end -= 2 if name.endswith("'s") else 1
    return Introduced(
        well_cased(text[cue.start() : end]), cue.start(), end, cue.start(), SURE if said[1][0].isupper() else PERHAPS, by="other"
    )


def _spoken_of(text: str, cue: re.Match[str], *, small: str) -> Introduced | None:
    start = _skip(text, cue.end(), " ")
    if start == cue.end() or "\n" in text[cue.end() : start]:
        return None
    found = read_name(text, start, sure=False)
    if found and text[start : found[1]].isupper() and is_state(text[start:].split()[0].lower()):
        return None
    if found and text[start : found[1]].islower():  # "it's mrs smith speaking"
        end = _cut(text, start, found[1])
        found = well_cased(" ".join(text[start:end].split())), end
    found = found or _small(text, start, given=small == "given")
    return Introduced(found[0], start, found[1], cue.start(), LIKELY) if found else None


def _small(text: str, start: int, *, given: bool) -> tuple[str, int] | None:
    """Return the name in small letters that begins at `start`: a common first name, or else up to three words before a comma, a role or "from"."""
    found = read_name(text, start, sure=True)
    if found is None or text[start].isupper():
        return None
    end = _cut(text, start, found[1])
    said = text[start:end].split()
    if _begins_given(" ".join(said)):
        return well_cased(" ".join(said)), end
    if given or len(said) > 3 or any(is_state(word) for word in said) or said[0].endswith("ly"):
        return None
    after = text[end:].lstrip(" ").lower()
    before_stop = (
        not after or after[0] in ",.;!\n(-" or after.startswith(tuple(f"{stop} " for stop in _parts("stop"))) or after in _parts("stop")
    )
    return (well_cased(" ".join(said)), end) if before_stop else None


def _cut(text: str, start: int, end: int) -> int:
    """Return where a name in small letters ends: before a word that says what somebody does, and never behind a fourth word."""
    for place, word in enumerate(_WORD.finditer(text, start, end)):
        bare = word.group().strip(_PUNCTUATION)
        if text[start:end].islower() and place and (place > 3 or bare in _parts("stop") or is_state(bare) or bare.endswith("ly")):
            return start + len(text[start : word.start()].rstrip())
    return end


def _end_of(text: str, start: int, count: int) -> int:
    """Return where the last of so many words ends, without the signs behind it."""
    last = list(islice(_WORD.finditer(text, start), count))[-1]
    return last.start() + len(last.group().rstrip(_PUNCTUATION + "."))


def _begins_given(name: str) -> bool:
    first = name.split(" ")[0]
    return is_given_name(first) or first.lower() in _GIVEN_WORDS


def _skip(text: str, at: int, signs: str) -> int:
    while at < len(text) and text[at] in signs:
        at += 1
    return at


_PART = re.compile(r"[,;:(][^,;:(.?!\n]+")
_LAST_PART = re.compile(r"[^.,!;:?\n]+$")
_READ = {"named": _named, "am": _am, "is": _is, "reach": _reach, "signed": _signed, "thanks": _thanks, "behind": _behind, "titled": _titled}


@lru_cache(maxsize=1)
def _kinds() -> dict[str, list[str]]:
    """Return each cue with the ways it is read."""
    kinds: dict[str, list[str]] = {}
    for kind in ("named", "am", "is", "reach", "signed", "thanks", "behind"):
        for cue in phrases("name_cues", kind):
            kinds.setdefault(cue, []).append(kind)
    for title in _BEFORE_TITLE:
        kinds.setdefault(title, []).append("titled")
    return kinds


@lru_cache(maxsize=1)
def _first_words() -> frozenset[str]:
    return frozenset(_SIMPLE.match(cue).group() for cue in _kinds())  # type: ignore[union-attr]


@lru_cache(maxsize=1)
def _cues() -> re.Pattern[str]:
    every = sorted(_kinds(), key=len, reverse=True)
    return re.compile(r"(?<![\w'-])(" + "|".join(re.escape(cue).replace(r"\ ", r"\s+") for cue in every) + r")(?!(?<=\w)[\w'-])")


@lru_cache(maxsize=1)
def _opening() -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(map(re.escape, phrases('name_cues', 'opening')))})(?=[\s,.!:-])[\s,.!:-]+", re.I)


@cache
def _parts(part: str) -> frozenset[str]:
    return frozenset(phrases("name_cues", part))

"""The one reader of personal details: what a text holds of people, and where. Who masks, anonymises or fills in a form decides what to do with it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

from language.fields.contact import emails, phones
from language.fields.lexicon import words
from language.fields.names import introductions, is_title
from language.fields.schools import school_in
from language.fields.spans import CERTAIN, LIKELY, DetailSpan, Kind, apart

_LINK = re.compile(r"(?<![\w@])(?:https?://|www\.)\S+", re.I)
_POSTCODE = re.compile(r"(?<!\w)([A-Z]{1,2})\d[A-Z\d]?\s{0,2}\d[A-Z]{2}(?!\w)", re.I)
_DIGIT = re.compile(r"\d")
_AREAS = words("postcode_areas")
_QUOTES = str.maketrans("’‘ʼ`´′＠．＋", "''''''@.+")
_SIGNS = ("@", ".", "+", "-", "(", ")", " ")
KINDS: tuple[Kind, ...] = ("email", "link", "phone", "postcode", "name", "school")  # in the order they are read


def personal_details(text: str, published: Iterable[str] = (), kinds: Iterable[Kind] = KINDS) -> list[DetailSpan]:
    """Return what a text holds of people, in order and apart from each other; nothing of what facts publish (see `is_published`)."""
    line, found = in_plain_characters(text), list[DetailSpan]()
    left = line
    for kind in kinds:
        spans = _READERS[kind](left)
        left = _blanked(left, spans)
        found += spans
    kept = frozenset(published)
    return [span for span in apart(found) if not (kept and is_published(span, text, kept))]


def replaced(text: str, spans: Iterable[DetailSpan], marks: Mapping[Kind, str]) -> str:
    """Return a text with the spans of these kinds replaced by their marks."""
    for span in sorted(spans, key=lambda span: -span.start):
        if span.kind in marks:
            text = text[: span.start] + marks[span.kind] + text[span.end :]
    return text


def is_published(span: DetailSpan, text: str, published: frozenset[str]) -> bool:
    """Return whether facts publish a detail: as it stands there, or a person by title and last name, or a number however it is spaced."""
    said = " ".join(text[span.start : span.end].split()).lower()
    if said in published or (span.value or "").lower() in published:
        return True
    if span.kind in ("phone", "fax"):
        return _bare_number(span.value or said) in {_bare_number(one) for one in published}
    if span.kind != "name":
        return False
    bare = [word.strip(".,'’").removesuffix("'s").removesuffix("’s") for word in said.split() if not is_title(word)]
    people = [one.split() for one in published if " " in one]
    whole = len(bare) > 1 or len(bare) < len(said.split())  # "Louise Pope" or "Mrs Pope"; somebody else may be called Louise
    return whole and any(bare[-1:] == one[-1:] and set(bare) <= set(one) for one in people)


def _bare_number(number: str) -> str:
    digits = "".join(c for c in number.partition(" ext")[0] if c.isdigit())
    return digits[2:] if digits.startswith("44") else digits.lstrip("0")


def in_plain_characters(text: str) -> str:
    """Return the text in as many characters, its digits, quotes, full-width signs and odd spaces as plain ones."""
    return text if text.isascii() else "".join(_plain(c) for c in text)


def _plain(char: str) -> str:
    if char.isascii():
        return char
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    char = char.translate(_QUOTES)
    folded = unicodedata.normalize("NFKC", char)
    if folded in _SIGNS:
        return folded
    return "-" if unicodedata.category(char) == "Pd" else char


def _blanked(text: str, spans: list[DetailSpan]) -> str:
    for span in spans:
        text = text[: span.start] + "\x00" * (span.end - span.start) + text[span.end :]
    return text


def _postcodes(text: str) -> list[DetailSpan]:
    found = _POSTCODE.finditer(text) if _DIGIT.search(text) else ()
    return [DetailSpan("postcode", *m.span(), m.group().upper(), CERTAIN) for m in found if m.group(1).upper() in _AREAS]


def _links(text: str) -> list[DetailSpan]:
    found = ((m.start(), m.group().rstrip(".,;:!?)'\"")) for m in _LINK.finditer(text))
    return [DetailSpan("link", start, start + len(link), link, CERTAIN) for start, link in found]


def _names(text: str) -> list[DetailSpan]:
    return [DetailSpan("name", one.start, one.end, one.name, one.certainty) for one in introductions(text)]


def _schools(text: str) -> list[DetailSpan]:
    """Return the school that somebody says is theirs; `text` has no names any more, so that one may stand right behind them."""
    found = school_in(text, introduced="\x00" in text)
    start = text.lower().find(found[0].lower(), found[1][0]) if found else -1
    return [DetailSpan("school", start, start + len(found[0]), found[0], LIKELY)] if found and start >= 0 else []


_READERS = {"email": emails, "link": _links, "phone": phones, "postcode": _postcodes, "name": _names, "school": _schools}

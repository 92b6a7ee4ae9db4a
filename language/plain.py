"""A message as the readers of details take it: plain characters, ASCII digits, lines kept apart."""

from __future__ import annotations

import re
import unicodedata

from language.text import clean

BREAK = "\n"  # between two details: a line's end, a taken e-mail address or number


def plain(text: str) -> str:
    """Return the text with plain quotes, ASCII digits and single spaces, its lines kept apart, cut to 2,000 characters."""
    lines = (clean(line) for line in re.split(r"[\r\n\u2028\u2029\x0b\x0c]+", text[:4000]))
    return _digits(BREAK.join(line for line in lines if line))[:2000]


def _digits(text: str) -> str:
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(c)) if not c.isascii() and c.isdecimal() else c for c in text)

"""Why Usher does not start, in one sentence for the person who started it."""

from __future__ import annotations


class CannotStart(Exception):
    """Something that somebody has to mend first; the text says what."""


class AlreadySaid(CannotStart):
    """A part that was started said its own sentence: nothing is to be added."""

"""A message as it was typed and as it is read, and the way back from one to the other."""

from __future__ import annotations

from dataclasses import dataclass

from language.reading.spelling import Spelling, SpellingCorrection, corrected, place_before
from language.reading.split import QuestionPart, Span
from language.text import clean_with_places


@dataclass(frozen=True)
class TypedText:
    """What was typed, cleaned and corrected. `places` are those of the cleaned characters in what was typed, none where they cannot be told."""

    typed: str
    cleaned: str
    corrected: str
    places: tuple[int, ...]
    corrections: tuple[SpellingCorrection, ...]

    @classmethod
    def of(cls, typed: str, spelling: Spelling) -> TypedText:
        """Read a text."""
        cleaned, places = clean_with_places(typed)
        corrections = spelling.corrections(cleaned)
        return cls(typed, cleaned, corrected(cleaned, corrections), tuple(places), tuple(corrections))

    def own_words(self, part: QuestionPart) -> str:
        """Return a part of the corrected text as it was typed: in its own spelling and with its own signs."""
        return " ".join(" ".join(self._as_typed(span).split()) for span in part.spans)

    def _as_typed(self, span: Span) -> str:
        start, end = (place_before(place, self.corrections) for place in span)
        if not self.places:
            return self.cleaned[start:end]
        first = self.places[start] if start < len(self.places) else len(self.typed)
        last = self.places[end] if end < len(self.places) else len(self.typed)
        return self.typed[first:last].strip()

"""A detail of somebody that a text holds, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["name", "school", "phone", "fax", "email", "postcode", "link"]
CERTAIN, LIKELY, PERHAPS, HARDLY, IF_ASKED = 1.0, 0.7, 0.5, 0.3, 0.1


@dataclass(frozen=True)
class DetailSpan:
    """A detail from `start` to `end`: its value as it is kept, None where it looks like one and cannot be it, and how certain it is one.

    CERTAIN: it is checked, or introduced as one. LIKELY: what reads it takes it. PERHAPS: it is asked about before it is kept. HARDLY: only
    what must not keep any detail takes it for one. IF_ASKED: it is a bad one where one was asked for, and else none.
    """

    kind: Kind
    start: int
    end: int
    value: str | None
    certainty: float


def apart(found: list[DetailSpan]) -> list[DetailSpan]:
    """Return spans in order, of two that overlap the one that begins first, made as long as both."""
    kept: list[DetailSpan] = []
    for span in sorted(found, key=lambda span: (span.start, -span.certainty, -span.end)):
        if kept and span.start < kept[-1].end:
            last = kept.pop()
            span = DetailSpan(last.kind, last.start, max(last.end, span.end), last.value, last.certainty)
        kept.append(span)
    return kept

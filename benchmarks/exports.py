"""How long an export of so many leads takes as XLSX: `python -m benchmarks.exports 20000` (docs/decisions/0001-xlsx.md)."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Iterator
from datetime import date, datetime, timezone

from office.exports.rows import LEADS, heads, widths
from office.exports.tables import Cell, table_as_xlsx

NOW = datetime(2026, 7, 6, 23, 30, tzinfo=timezone.utc)
TEXTS: list[Cell] = [
    "Sample Head",
    "Oakfield Primary",
    "head@example.org",
    "+44 20 7946 0123",
    "=1+1",
    "Please ring after four.\nThank you. " * 3,
]


def sample_rows(number: int) -> Iterator[list[Cell]]:
    """Return rows like leads: texts, moments, days, numbers, lists and gaps."""
    for n in range(number):
        row = [n, NOW, date(2026, 7, 7), True, ["first?", "second?"], None, *TEXTS]
        yield (row * 3)[: len(LEADS)]


def main() -> None:
    """Print seconds of processor time, memory and size."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    begun = time.process_time()
    size = sum(len(piece) for piece in table_as_xlsx(heads(LEADS), sample_rows(number), "Leads", widths(LEADS)))
    seconds, memory = time.process_time() - begun, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{number} leads of {len(LEADS)} columns: {seconds:.1f} s of processor time, {memory} MB in all, a file of {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()

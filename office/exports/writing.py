"""Writing an export: a table as CSV or XLSX into a file, and what was exported into the audit log."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from sqlalchemy.orm import Session

from office.base.audit import audit
from office.base.staff import Staff, require
from office.exports.rows import heads, widths
from office.exports.tables import Cell, table_as_csv, table_as_xlsx


@dataclass(frozen=True)
class ExportTable:
    """What is exported: its name, its columns, and its rows, which are read once."""

    name: str
    columns: tuple[tuple[str, Any], ...]
    rows: Iterator[list[Cell]]


def write_export(session: Session, table: ExportTable, file: BinaryIO, *, kind: str, filtered_by: str, by: Staff, now: datetime) -> int:
    """Write a whole table into a file, as "csv" or "xlsx"; return the file's size in bytes.

    The audit log keeps how many rows it had, and `filtered_by`: names of fields, and no words that were searched for.
    """
    require(by, "export")
    counted = _Counted(table.rows)
    titles = heads(table.columns)
    if kind == "csv":
        pieces = table_as_csv(titles, counted)
    else:
        pieces = table_as_xlsx(titles, counted, table.name.capitalize(), widths(table.columns))
    for piece in pieces:
        file.write(piece)
    audit(session, "export", table.name, by=by, now=now, rows=counted.number, format=kind, filter=filtered_by)
    return file.tell()


class _Counted:
    """Rows that count themselves as they go by."""

    def __init__(self, rows: Iterator[list[Cell]]) -> None:
        self._rows, self.number = rows, 0

    def __iter__(self) -> Iterator[list[Cell]]:
        for row in self._rows:
            self.number += 1
            yield row

"""Exports: any table as CSV or XLSX, by one writer. What is exported opens as it stood on the screen, and computes nothing.

A cell that begins like a formula is text. XLSX says so of each cell. CSV cannot, so there an apostrophe stands before it,
except before a phone number in international form: "+44 20 7946 0000" has a space behind its country code, which no
spreadsheet reads as a number or a formula, so that it stays text, and whole.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from tempfile import TemporaryFile

from office.base.workdays import LONDON
from office.exports.xlsx import DAY, MOMENT, QUOTED, TEXT, USUAL, Styled, write_workbook

Cell = str | int | float | bool | date | datetime | list | None
CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_CELL = 32_767  # UTF-16 units; Excel refuses a file with more
CUT = " … [cut]"
STARTS_A_FORMULA = tuple("=+-@\t\r\n|%＝＋－＠")  # the last four: their full-width forms
IS_A_PHONE_NUMBER = re.compile(r"\+[1-9]\d{0,2} [\d() -]{4,40}( ext\. \d{1,10})?", re.ASCII)
NOT_IN_A_FILE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
BOM = b"\xef\xbb\xbf"  # without it Excel reads é as Ã©
CHUNK = 64 * 1024  # bytes


def table_as_csv(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """Return a table as CSV (RFC 4180, UTF-8 with BOM) piece by piece; never more than a piece of it is held."""
    text = io.StringIO()
    # every text is quoted: a spreadsheet that also splits at ";" or tab would make cells, and formulas, of what stands inside one
    writer = csv.writer(text, lineterminator="\r\n", quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow([_csv_cell(column) for column in columns])
    written = BOM
    for row in rows:
        writer.writerow([_csv_cell(cell) for cell in row])
        if text.tell() > CHUNK:
            yield written + text.getvalue().encode()
            text.seek(0)
            text.truncate()
            written = b""
    yield written + text.getvalue().encode()


def table_as_xlsx(
    columns: Sequence[str], rows: Iterable[Sequence[Cell]], title: str = "Export", widths: Sequence[int] = ()
) -> Iterator[bytes]:
    """Return a table as XLSX piece by piece; it waits in a file on disk until it is whole. Widths of columns are in characters."""
    with TemporaryFile() as file:
        write_workbook(file, title, columns, ([_xlsx_cell(cell) for cell in row] for row in rows), widths)
        file.seek(0)
        while piece := file.read(CHUNK):
            yield piece


def shown(cell: Cell) -> str:
    """Return a cell as a reader sees it: London's time, yes and no, a list on lines, no control characters, never too long."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, datetime):
        return cell.astimezone(LONDON).strftime("%Y-%m-%d %H:%M")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, list):
        return shown("\n".join(str(one) for one in cell))
    return _cut(NOT_IN_A_FILE.sub("", str(cell).replace("\r\n", "\n").replace("\r", "\n")))


def is_formula_like(text: str) -> bool:
    """Return whether a spreadsheet could take a text for more than text."""
    return text.startswith(STARTS_A_FORMULA) or text.lstrip().startswith(STARTS_A_FORMULA)


def _cut(text: str) -> str:
    if len(text) <= LONGEST_CELL // 2 or len(units := text.encode("utf-16-le")) <= 2 * LONGEST_CELL:
        return text
    return units[: 2 * (LONGEST_CELL - len(CUT) - 1)].decode("utf-16-le", "ignore") + CUT


def _csv_cell(cell: Cell) -> str | int | float:
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return cell
    text = shown(cell)
    return f"'{text}" if is_formula_like(text) and not IS_A_PHONE_NUMBER.fullmatch(text) else text


def _xlsx_cell(cell: Cell) -> Styled:
    """Return a cell that keeps its kind: numbers and dates can be sorted, and every text is text whatever it looks like."""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return cell, USUAL
    if isinstance(cell, datetime):
        return cell.astimezone(LONDON).replace(tzinfo=None, second=0, microsecond=0), MOMENT
    if isinstance(cell, date):
        return cell, DAY
    text = shown(cell)
    return text or None, QUOTED if is_formula_like(text) else TEXT

"""One table as an XLSX workbook, by XlsxWriter, which holds one row at a time (docs/decisions/0001-xlsx.md)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import IO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

ROWS_OF_A_SHEET = 1_048_576  # Excel's own limit, the header among them
LINE, HIGHEST = 15, 409  # points: of a line of text, and of Excel's highest row
USUAL_WIDTH = 18  # characters: a day with its hour fits
LONGEST_TITLE = 25  # of a sheet: Excel takes 31, and a number may come behind
A4 = 9
USUAL, QUOTED, DAY, MOMENT, HEAD, TEXT = "usual", "quoted", "day", "moment", "head", "text"
STYLES: dict[str, dict[str, object]] = {
    USUAL: {},
    QUOTED: {"text_wrap": True, "quote_prefix": True},  # so marked, a text stays text when somebody edits the cell
    DAY: {"num_format": "yyyy-mm-dd"},
    MOMENT: {"num_format": "yyyy-mm-dd hh:mm"},
    HEAD: {"text_wrap": True, "bold": True},
    TEXT: {"text_wrap": True},
}

Styled = tuple[object, str]  # text, number, day, moment without zone, or None; and one of STYLES


def write_workbook(
    file: IO[bytes], title: str, columns: Sequence[str], rows: Iterable[Sequence[Styled]], widths: Sequence[int] = ()
) -> None:
    """Write a workbook into a file; a full sheet is followed by another. Widths are in characters."""
    widths = widths or [USUAL_WIDTH] * len(columns)
    book = Workbook(file, {"constant_memory": True})
    styles = {name: book.add_format({"valign": "top", **style}) for name, style in STYLES.items()}
    head = [(column, HEAD) for column in columns]
    sheet, row = _add_sheet(book, title, widths), 0
    _write_row(sheet, row, head, styles, widths)
    for cells in rows:
        row += 1
        if row == ROWS_OF_A_SHEET:
            sheet, row = _add_sheet(book, title, widths), 1
            _write_row(sheet, 0, head, styles, widths)
        _write_row(sheet, row, cells, styles, widths)
    book.close()


def _add_sheet(book: Workbook, title: str, widths: Sequence[int]) -> Worksheet:
    """Return a new sheet that prints on A4, one page wide, and whose first row stays in sight."""
    number = len(book.worksheets()) + 1
    sheet = book.add_worksheet(title[:LONGEST_TITLE] if number == 1 else f"{title[:LONGEST_TITLE]} {number}")
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.4, bottom=0.4)
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    return sheet


def _write_row(sheet: Worksheet, row: int, cells: Sequence[Styled], styles: dict[str, Format], widths: Sequence[int]) -> None:
    lines = max((_lines(value, width) for (value, _), width in zip(cells, widths) if isinstance(value, str)), default=1)
    sheet.set_row(row, min(HIGHEST, LINE * lines))
    for place, (value, style) in enumerate(cells):
        if isinstance(value, str):
            sheet.write_string(row, place, value, styles[style])
        elif isinstance(value, date):
            sheet.write_datetime(row, place, value, styles[style])
        elif isinstance(value, (int, float)):
            sheet.write_number(row, place, value, styles[style])


def _lines(text: str, width: int) -> int:
    """Return how many lines a text takes in a column; words that go on to the next line are allowed for by a tenth."""
    return sum(max(1, -(-11 * len(line) // (10 * width))) for line in text.split("\n"))

"""XLSX written row by row (ECMA-376, strings in their cells). openpyxl would take a minute for 100,000 leads, this takes seconds;
and it gives a bare value the format of the cell before it, which turns a number into a date.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import IO, Any
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile

ROWS_OF_A_SHEET = 1_048_576  # Excel's own limit, the header among them
LINE, HIGHEST = 15, 409  # points: of a line of text, and of Excel's highest row
USUAL_WIDTH = 18  # characters: a day with its hour fits
LONGEST_TITLE = 25  # of a sheet: Excel takes 31, and a number may come behind
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001  the spreadsheets' own: they know no zones
LOOKS_ESCAPED = re.compile(r"_(x[0-9A-Fa-f]{4}_)")  # "_x0041_" in a text would be read as "A"
QUOTED, DAY, MOMENT, HEAD, TEXT = 1, 2, 3, 4, 5  # places in cellXfs below; 0 is as usual
TOP, WRAPPED = '<alignment vertical="top"/>', '<alignment vertical="top" wrapText="1"/>'
STYLES = f"""{XML}<styleSheet xmlns="{MAIN}">
<numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy-mm-dd"/><numFmt numFmtId="165" formatCode="yyyy-mm-dd hh:mm"/></numFmts>
<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>
<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>
<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>
<cellXfs count="6"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1">{TOP}</xf>
<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyAlignment="1">{WRAPPED}</xf>
<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1">{TOP}</xf>
<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1">{TOP}</xf>
<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1" applyAlignment="1">{WRAPPED}</xf>
<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1">{WRAPPED}</xf></cellXfs>
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"""


class Book:
    """A workbook that is written into a file from top to bottom; a full sheet is followed by another. Widths are in characters."""

    def __init__(self, file: IO[bytes], title: str, columns: Sequence[str], widths: Sequence[int] = ()) -> None:
        self._archive = ZipFile(file, "w", ZIP_DEFLATED)
        self._title, self._columns, self._widths = title[:LONGEST_TITLE], columns, widths or [USUAL_WIDTH] * len(columns)
        self._letters = [_letters(place) for place in range(len(columns))]
        self._titles: list[str] = []
        self._begin()

    def append(self, cells: Iterable[tuple[object, int]]) -> None:
        """Add a row: for each cell its value (text, number, day, moment without zone, or None) and its style."""
        if self._row == ROWS_OF_A_SHEET:
            self._end()
            self._begin()
        self._row += 1
        cells = list(cells)
        lines = max((_lines(value, width) for (value, _), width in zip(cells, self._widths) if isinstance(value, str)), default=1)
        written = (
            _cell(f"{letters}{self._row}", value, style) for letters, (value, style) in zip(self._letters, cells) if value is not None
        )
        self._sheet.write(f'<row r="{self._row}" ht="{min(HIGHEST, LINE * lines)}">{"".join(written)}</row>\n'.encode())

    def close(self) -> None:
        """Write what holds the sheets together."""
        self._end()
        sheets = range(1, len(self._titles) + 1)
        kinds = "".join(f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{KIND}.worksheet+xml"/>' for n in sheets)
        named = "".join(f'<sheet name={quoteattr(title)} sheetId="{n}" r:id="rId{n}"/>' for n, title in zip(sheets, self._titles))
        related = "".join(_relation(n, "worksheet", f"worksheets/sheet{n}.xml") for n in sheets)
        self._part(
            "[Content_Types].xml",
            f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{KIND}.styles+xml"/>{kinds}</Types>',
        )
        self._part("_rels/.rels", _relations(_relation(1, "officeDocument", "xl/workbook.xml")))
        self._part(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><bookViews><workbookView/></bookViews><sheets>{named}</sheets></workbook>',
        )
        self._part("xl/_rels/workbook.xml.rels", _relations(related + _relation(len(self._titles) + 1, "styles", "styles.xml")))
        self._archive.writestr("xl/styles.xml", STYLES)
        self._archive.close()

    def _begin(self) -> None:
        number = len(self._titles) + 1
        self._titles.append(self._title if number == 1 else f"{self._title} {number}")
        self._sheet: Any = self._archive.open(f"xl/worksheets/sheet{number}.xml", "w")
        columns = "".join(f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>' for n, width in enumerate(self._widths, start=1))
        frozen = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'  # the head stays in sight
        view = f'<sheetViews><sheetView workbookViewId="0">{frozen}</sheetView></sheetViews>'
        fitted = '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        self._sheet.write(f'{XML}<worksheet xmlns="{MAIN}">{fitted}{view}<cols>{columns}</cols><sheetData>\n'.encode())
        self._row = 0
        self.append([(column, HEAD) for column in self._columns])

    def _end(self) -> None:
        margins = b'<pageMargins left="0.4" right="0.4" top="0.4" bottom="0.4" header="0.2" footer="0.2"/>'
        on_paper = b'<pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/>'  # A4, one page wide
        self._sheet.write(b"</sheetData>" + margins + on_paper + b"</worksheet>")
        self._sheet.close()

    def _part(self, name: str, content: str) -> None:
        self._archive.writestr(name, XML + content)


def _cell(place: str, value: Any, style: int) -> str:
    styled = f' s="{style}"' if style else ""
    if isinstance(value, (int, float)):
        return f'<c r="{place}"{styled}><v>{value!r}</v></c>'
    if isinstance(value, (date, datetime)):
        moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)  # noqa: DTZ001
        passed = moment - DAY_ZERO
        return f'<c r="{place}"{styled}><v>{passed.days + passed.seconds / 86400!r}</v></c>'
    text = escape(LOOKS_ESCAPED.sub(r"_x005F_\1", value) if "_x" in value else value)
    return f'<c r="{place}" t="inlineStr"{styled}><is><t xml:space="preserve">{text}</t></is></c>'


def _lines(text: str, width: int) -> int:
    """Give how many lines a text takes in a column; words that go on to the next line are allowed for by a tenth."""
    return sum(max(1, -(-11 * len(line) // (10 * width))) for line in text.split("\n"))


def _letters(place: int) -> str:
    return (_letters(place // 26 - 1) if place >= 26 else "") + chr(65 + place % 26)


def _relation(number: int, kind: str, target: str) -> str:
    return f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{target}"/>'


def _relations(inside: str) -> str:
    return f'<Relationships xmlns="{PACKAGE}/relationships">{inside}</Relationships>'

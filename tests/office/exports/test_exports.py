from __future__ import annotations

import csv
import io
import shutil
import subprocess
import tracemalloc
from datetime import date, datetime, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from office.exports.rows import LEADS, heads, widths
from office.exports.tables import BOM, CUT, LONGEST_CELL, shown, table_as_csv, table_as_xlsx
from tests.searching import examples

PHONES = ["+44 20 7946 0123", "+44 7700 900123", "+44 1534 496 0123 ext. 12", "+1 202-555-0123", "+353 20 910 0123"]
FORMULAS = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", " =1+1", '=HYPERLINK("http://example.org","x")', "=cmd|' /C calc'!A0", "＝1+1",
            "+44-20-7946", "+442079460123", "-", "%0A=1"]  # fmt: skip


def as_csv(columns: list[str], rows: list[list[object]]) -> list[list[str]]:
    data = b"".join(table_as_csv(columns, rows))
    assert data.startswith(BOM)
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def as_xlsx(columns: list[str], rows: list[list[object]]) -> list[list[object]]:
    book = load_workbook(io.BytesIO(b"".join(table_as_xlsx(columns, rows))))
    return [[cell.value for cell in row] for row in book.active.iter_rows()]


def test_csv_begins_with_a_bom_and_ends_each_record_with_crlf() -> None:
    data = b"".join(table_as_csv(["Name", "School"], [["Zoë", "St Ann’s, “Upper”"]]))
    assert data == BOM + '"Name","School"\r\n"Zoë","St Ann’s, “Upper”"\r\n'.encode()


def test_a_text_stays_one_cell_where_a_spreadsheet_splits_at_more_than_commas() -> None:
    data = b"".join(table_as_csv(["School", "Message", "Asked again"], [["Oakfield; Primary", "ring after 4;=2+3\tthanks", 2]]))
    assert data.decode("utf-8-sig").splitlines()[1] == '"Oakfield; Primary","ring after 4;=2+3\tthanks",2'


def test_an_export_without_rows_has_its_header() -> None:
    assert as_csv(["Name"], []) == [["Name"]]
    assert as_xlsx(["Name"], []) == [["Name"]]


@pytest.mark.parametrize("phone", PHONES)
def test_a_phone_number_stays_text_and_whole(phone: str) -> None:
    assert as_csv(["Phone"], [[phone]])[1] == [phone]
    book = load_workbook(io.BytesIO(b"".join(table_as_xlsx(["Phone"], [[phone]]))))
    assert (book.active["A2"].value, book.active["A2"].data_type) == (phone, "s")


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_is_text(text: str) -> None:
    assert as_csv(["Name"], [[text]])[1][0].startswith("'")
    cell = load_workbook(io.BytesIO(b"".join(table_as_xlsx(["Name"], [[text]])))).active["A2"]
    assert cell.data_type == "s"
    assert cell.value == shown(text)
    assert cell.quotePrefix


@pytest.mark.parametrize("text", ["#N/A", "#REF!", "TRUE", "1e5", "007", "1-2", "2026-01-01"])
def test_what_looks_like_something_else_is_text_in_xlsx(text: str) -> None:
    cell = load_workbook(io.BytesIO(b"".join(table_as_xlsx(["Name"], [[text]])))).active["A2"]
    assert (cell.data_type, cell.value) == ("s", text)


def test_control_characters_and_halves_of_emoji_are_left_out() -> None:
    assert shown("a\0b\x1bc\x7f\ud83dd\ufffee\r\nf\rg\th🏫") == "abcde\nf\ng\th🏫"
    assert as_xlsx(["Name"], [["a\0b\x0b"]])[1] == ["ab"]


def test_a_text_on_several_lines_is_one_cell() -> None:
    assert as_csv(["Message"], [["one\r\ntwo\n\nthree"]])[1] == ["one\ntwo\n\nthree"]
    assert as_xlsx(["Message"], [["one\r\ntwo"]])[1] == ["one\ntwo"]


@pytest.mark.parametrize("letter", ["a", "🏫"])
def test_a_cell_that_is_too_long_for_excel_is_cut_and_says_so(letter: str) -> None:
    text = shown(letter * 40_000)
    assert text.endswith(CUT)
    assert len(text.encode("utf-16-le")) // 2 <= LONGEST_CELL
    assert shown("a" * LONGEST_CELL) == "a" * LONGEST_CELL
    assert as_xlsx(["Message"], [[letter * 40_000]])[1] == [text]


def test_times_are_londons_in_winter_in_summer_and_when_the_clocks_change() -> None:
    winter, summer = datetime(2026, 1, 5, 9, 30, tzinfo=timezone.utc), datetime(2026, 7, 6, 23, 30, tzinfo=timezone.utc)
    before, after = datetime(2026, 3, 29, 0, 59, tzinfo=timezone.utc), datetime(2026, 3, 29, 1, 0, tzinfo=timezone.utc)
    row = ["2026-01-05 09:30", "2026-07-07 00:30", "2026-03-29 00:59", "2026-03-29 02:00"]
    assert as_csv(["a"] * 4, [[winter, summer, before, after]])[1] == row
    cells = as_xlsx(["a"] * 4, [[winter, summer, before, after]])[1]
    assert [cell.strftime("%Y-%m-%d %H:%M") for cell in cells] == row


def test_dates_numbers_lists_and_yes_and_no_read_well() -> None:
    row = [date(2028, 2, 29), 3, True, None, ["first?", "second?"]]
    assert as_csv(["a"] * 5, [row])[1] == ["2028-02-29", "3", "yes", "", "first?\nsecond?"]
    assert as_xlsx(["a"] * 5, [row])[1] == [datetime(2028, 2, 29), 3, "yes", None, "first?\nsecond?"]  # noqa: DTZ001  a cell has no zone


def test_no_cell_takes_over_the_format_of_the_cell_before_it() -> None:
    row = [datetime(2026, 1, 5, 9, 30, tzinfo=timezone.utc), 3, date(2026, 1, 5), 0.5, "=1+1", 7, "plain", None, 8]
    cells = list(load_workbook(io.BytesIO(b"".join(table_as_xlsx(["a"] * 9, [row, row])))).active.iter_rows())[2]
    assert [cell.number_format for cell in cells] == ["yyyy-mm-dd hh:mm", "General", "yyyy-mm-dd", *["General"] * 6]
    assert [cell.quotePrefix for cell in cells] == [False] * 4 + [True] + [False] * 4


def test_a_sheet_that_is_full_is_followed_by_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("office.exports.xlsx.ROWS_OF_A_SHEET", 3)
    book = load_workbook(io.BytesIO(b"".join(table_as_xlsx(["Number"], [[n] for n in range(5)], "Leads"))))
    assert book.sheetnames == ["Leads", "Leads 2", "Leads 3"]
    assert [[cell.value for (cell,) in sheet.iter_rows()] for sheet in book] == [["Number", 0, 1], ["Number", 2, 3], ["Number", 4]]


def test_columns_are_as_wide_as_their_kind_needs_texts_go_on_below_and_a_page_holds_all_columns() -> None:
    sheet = load_workbook(io.BytesIO(b"".join(table_as_xlsx(heads(LEADS), [["x"] * len(LEADS)], "Leads", widths(LEADS))))).active
    groups = [(group.min, group.max, int(group.width)) for group in sheet.column_dimensions.values()]  # Excel's margin left out
    wide = {cell.value: width for cell in sheet[1] for first, last, width in groups if first <= cell.column <= last}
    named = ("Received", "Visit", "Due", "School", "E-mail", "Message", "Reply promised by")
    assert [wide[head] for head in named] == [18, 18, 12, 30, 30, 60, 19]
    assert sheet["A2"].alignment.wrap_text
    one_by_default = sheet.page_setup.fitToWidth or 1
    assert (sheet.page_setup.orientation, one_by_default, sheet.page_setup.fitToHeight) == ("landscape", 1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage


def test_more_columns_than_letters_have_their_places() -> None:
    assert as_xlsx([f"c{n}" for n in range(60)], [list(range(60))])[1] == list(range(60))


@pytest.mark.skipif(
    not shutil.which("soffice"), reason="no LibreOffice, so nobody looked how it opens the files: apt-get install libreoffice-calc-nogui"
)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_libreoffice_opens_both_and_computes_nothing(tmp_path: Path, kind: str) -> None:
    rows = [[text, "x", 1] for text in PHONES + FORMULAS] + [
        ["Zoë 🏫 O’Sample\nline 2", datetime(2026, 7, 6, 23, 30, tzinfo=timezone.utc), 2]
    ]
    table = table_as_csv if kind == "csv" else table_as_xlsx
    (tmp_path / f"export.{kind}").write_bytes(b"".join(table(["A", "B", "C"], rows)))
    office = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--infilter=CSV:44,34,76,1,,2057"]
    convert = ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(tmp_path / "out"), str(tmp_path / f"export.{kind}")]
    subprocess.run([*(office if kind == "csv" else office[:-1]), *convert], check=True, capture_output=True, timeout=120)
    opened = [list(row) for row in load_workbook(tmp_path / "out" / "export.xlsx").active.iter_rows()][1:]
    assert {row[0].data_type for row in opened} == {"s"}
    assert [row[0].value for row in opened[: len(PHONES)]] == PHONES
    assert [row[0].value.removeprefix("'") for row in opened[len(PHONES) : -1]] == FORMULAS
    assert (opened[-1][0].value, opened[-1][1].value) == ("Zoë 🏫 O’Sample\nline 2", datetime(2026, 7, 7, 0, 30))  # noqa: DTZ001  as a sheet has it


def test_many_rows_are_never_held_at_once() -> None:
    rows = ([f"Sample Head {n}", "+44 7700 900123", "x" * 200] for n in range(20_000))
    tracemalloc.start()
    size = sum(len(piece) for piece in table_as_csv(["Name", "Phone", "Message"], rows))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert size > 4_000_000 > 5 * peak  # of 100,000 rows it would be the same peak


@settings(max_examples=examples(60), deadline=None)
@given(st.lists(st.text(max_size=60), min_size=1, max_size=5))
def test_whatever_the_text_both_files_can_be_read_again(row: list[str]) -> None:
    row = ["x", *row]
    texts = [shown(text) for text in row]
    assert [cell.removeprefix("'") for cell in as_csv(["a"] * len(row), [row])[1]] == [text.removeprefix("'") for text in texts]
    assert [cell or "" for cell in as_xlsx(["a"] * len(row), [row])[1]] == texts

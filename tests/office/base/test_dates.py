"""Days that people write down: one reader, whichever field or channel they are typed into."""

from __future__ import annotations

from datetime import date

import pytest

from bot.telegram.words.days import read_plan
from office.base.dates import MONTHS, read_day
from office.base.errors import BadInput


@pytest.mark.parametrize(
    "written",
    ["2027-03-28", "2027-3-28", "28/03/2027", "28.3.2027", "28/3/27", "28 March 2027", " 28th  of  mar 2027 ", "28 MAR. 2027"],
)
def test_one_day_written_in_many_ways_is_read_alike_in_a_field_and_in_telegram(written: str):
    assert read_day(written, "due") == date(2027, 3, 28)
    assert read_plan(f"ring by {' '.join(written.split())}", date(2026, 11, 3)) == ("ring", date(2027, 3, 28))


def test_every_month_is_read_by_its_name_and_by_its_first_letters():
    for number, name in enumerate(MONTHS, 1):
        for written in (name, name[:3], name.lower()):
            assert read_day(f"1 {written} 2027", "due") == date(2027, number, 1)
    assert read_day("1 sept 2027", "due") == date(2027, 9, 1)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("29/02/2027", "There is no 29 February 2027: 2027 is not a leap year."), ("31 April 2027", "There is no 31 April 2027."),
        ("2027-13-01", "There is no such date."), ("01/01/0207", "There is no such date."), ("soon", "Write the date as day/month/year, for example 28/03/2027."),
        ("28 March", "Write the date as day/month/year, for example 28/03/2027."), ("٢٨/03/2027", "Write the date as day/month/year, for example 28/03/2027."),
        ("28/03/2027 or later", "Write the date as day/month/year, for example 28/03/2027."),
    ],
)  # fmt: skip
def test_what_is_no_day_is_refused_in_a_sentence_for_its_field(written: str, reason: str):
    with pytest.raises(BadInput) as refused:
        read_day(written, "due")
    assert (refused.value.field, refused.value.reason) == ("due", reason)


def test_nothing_written_is_no_day():
    assert read_day("  ", "due") is None

"""A bare detail of another kind, where the school was asked for, is that detail and no school."""

from __future__ import annotations

import pytest

from language.details import told_in


@pytest.mark.parametrize(
    "typed", ["07700 900123", "my mobile's 07700 900123", "jo@oak.example", "jo at oak dot example", "phone: 01632 960704"]
)
def test_a_number_or_an_address_alone_tells_no_school_where_one_was_asked_for(typed: str) -> None:
    told = told_in(typed, "school")
    assert (told.school, told.name, told.role) == (None, None, None) and (told.phone or told.email)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("O7700 900 998", "+44 7700 900998"), ("seven seven double oh, nine hundred one two three", "+44 7700 900123")],
)
def test_a_number_typed_with_a_letter_or_said_in_hundreds_is_read(typed: str, kept: str) -> None:
    assert told_in(typed, "contact").phone == kept


@pytest.mark.parametrize(
    ("typed", "unsure"),
    [
        ("it's been raining here all week", ("school",)), ("we never got round to that yet", ("school",)), ("oak hill", ()), ("st mary's c of e primary", ()),
        ("Our Lady of Lourdes", ()), ("the school on the hill by the green", ()), ("Chestnut Lane at the Green", ()),
    ],
)  # fmt: skip
def test_a_sentence_taken_for_a_school_is_to_be_read_back(typed: str, unsure: tuple[str, ...]) -> None:
    assert told_in(typed, "school").unsure == unsure

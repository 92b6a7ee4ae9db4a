"""Cleaning: whatever somebody pastes becomes one plain line, and nothing that carries meaning is lost."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.text import LONGEST, clean, shorten_runs

TABLE = [
    ("  how   much\n\nis\tit? ", "how much is it?"),
    ("the Head’s Forum", "the Head's Forum"),
    ("don´t, don`t, donʼt, don‘t", "don't, don't, don't, don't"),
    ("it′s", "it's"),
    ("“trust” ＂x＂", '"trust" "x"'),
    ("9–10 — or 10—11", "9-10 - or 10 - 11"),
    ("fee\0 now\x07", "fee now"),
    ("zero\u200bwidth and soft\u00adhyphen", "zerowidth and softhyphen"),
    ("\ufeffhello", "hello"),
    ("a\u202eb\u202c\u2066c\u2069", "abc"),  # marks that turn the line round
    ("a\u2028b\u2029c\u0085d", "a b c d"),
    ("no\u00a0break", "no break"),
    ("ｆｕｌｌ ｗｉｄｔｈ", "full width"),
    ("ﬁnance oﬃce", "finance office"),
    ("cafe\u0301", "café"),
    ("thank you 👍🏽 🙂", "thank you 👍🏽 🙂"),
    ("£499 or 499€?", "£499 or 499€?"),
    ("Сколько это стоит?", "Сколько это стоит?"),
    ("多少钱", "多少钱"),
    ("<script>alert('x')</script>", "<script>alert('x')</script>"),  # text stays text; showing it safely is the page's work
    ("half \ud83d emoji", "half emoji"),
    ("", ""),
    ("\u200b\u200d\0", ""),
]


@pytest.mark.parametrize(("typed", "plain"), TABLE)
def test_a_message_becomes_one_plain_line(typed: str, plain: str) -> None:
    assert clean(typed) == plain


def test_ten_thousand_characters_are_cut_to_what_is_read() -> None:
    assert clean("how much? " * 1000) == ("how much? " * 1000)[:LONGEST].strip()
    assert len(clean("x" * 10_000)) == LONGEST
    assert len(clean("ﷺ" * 10_000)) <= LONGEST  # a character that becomes eighteen


def test_a_question_behind_a_screenful_of_blanks_is_still_read() -> None:
    assert clean("\n" * 5000 + "how much is it?") == "how much is it?"


@given(st.text(st.characters(), max_size=60) | st.text("´`’— \u200be\u0301\u0308︱¨\ud83d", max_size=12))
def test_cleaning_twice_changes_nothing_and_leaves_nothing_unseen(typed: str) -> None:
    once = clean(typed)
    assert clean(once) == once
    assert not [c for c in once if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")]


def test_a_run_of_signs_is_shortened_and_words_are_left_alone() -> None:
    assert shorten_runs("what?" + "£" * 5000 + " is it £499?!") == "what?" + "£" * 7 + " is it £499?!"

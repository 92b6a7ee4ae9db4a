"""Replies as Telegram takes them: escaped, split, with buttons that fit. And days out of a few words."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, time

import pytest

from bot.messages.bot_api import fits, keyboard
from bot.messages.texts import units
from bot.telegram.handlers.commands import read_hours
from bot.telegram.handlers.leads import reference_in
from bot.telegram.words.days import read_plan
from bot.telegram.words.formatting import TelegramPart, as_telegram, split, with_choice
from settings import ROOT

from .fake_bot_api import wrong_html

WEDNESDAY = date(2026, 11, 25)


@pytest.mark.parametrize("text", ["a < b & c > d", "<b>", "&amp;", "</i>" * 2000, "£499 “quoted”", "\ud83d", "", "   ", "- one\n- two"])
def test_every_text_is_html_telegram_takes(text: str):
    parts = as_telegram(text)
    assert parts and all(not wrong_html(part.html) and 0 < units(part.plain) <= 4096 for part in parts)


@pytest.mark.parametrize("unit", ["word ", "x", "😀", "A sentence of some words. ", "A line\n", "A paragraph.\n\n", "👩‍👩‍👧 "])
def test_long_texts_are_split_and_nothing_is_lost(unit: str):
    text = unit * (20_000 // len(unit))
    pieces = split(text)
    assert all(0 < units(piece) <= 4096 for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_a_cut_prefers_paragraphs_then_sentences():
    paragraph = "One sentence. " * 200
    assert split(f"{paragraph.strip()}\n\n{paragraph.strip()}") == [paragraph.strip()] * 2
    assert all(piece.endswith("sentence.") for piece in split(("One sentence. " * 1000).strip()))


def test_buttons_stand_under_the_last_part_and_none_is_too_long():
    parts = as_telegram("A sentence. " * 1000, [[("Yes", "1.1")]])
    assert [bool(part.rows) for part in parts] == [False] * (len(parts) - 1) + [True]
    assert fits("x" * 64) and not fits("x" * 65) and not fits("é" * 33) and not fits("")
    shown = keyboard([[("t" * 500, "1.1"), ("long", "x" * 65)]]).inline_keyboard[0]
    assert len(shown) == 1 and len(shown[0].text) <= 60


def test_a_part_is_kept_and_given_back():
    (part,) = as_telegram("Hello", [[("Yes", "1.1")]], about="lead U-7K3F9Q", wants_reply=True)
    assert TelegramPart.from_json(part.as_json()) == part


def test_a_choice_is_shown_where_it_fits():
    shown = with_choice("a &lt; b", "a < b", "Yes <please>")
    assert shown is not None and shown.html == "a &lt; b\n\n▸ <b>Yes &lt;please&gt;</b>"
    assert with_choice("x" * 4096, "x" * 4096, "Yes") is None


@pytest.mark.parametrize(
    ("text", "action", "day"),
    [
        ("Ring the head, Friday", "Ring the head", date(2026, 11, 27)),
        ("Ring the head on wednesday.", "Ring the head", date(2026, 12, 2)),
        ("visit tomorrow", "visit", date(2026, 11, 26)),
        ("today", "", WEDNESDAY),
        ("Send the paper by 27 Nov", "Send the paper", date(2026, 11, 27)),
        ("Send the paper – 3rd of March", "Send the paper", date(2027, 3, 3)),
        ("Send it 29 February", "Send it", date(2028, 2, 29)),
        ("call 27/11/2026", "call", date(2026, 11, 27)),
        ("call 1.12.", "call", date(2026, 12, 1)),
        ("call 01/12", "call", date(2026, 12, 1)),
        ("call in 3 days", "call", date(2026, 11, 28)),
        ("call in two weeks", "call", date(2026, 12, 9)),
        ("call next week", "call", date(2026, 11, 30)),
        ("call 2026-12-24", "call", date(2026, 12, 24)),
        ("Ring the head", "Ring the head", None),
        ("call 31/02/2026", "call 31/02/2026", None),
        ("monday meeting with Sun Hill", "monday meeting with Sun Hill", None),
        ("", "", None),
    ],
)
def test_a_plan_ends_with_its_day(text: str, action: str, day: date | None):
    assert read_plan(text, WEDNESDAY) == (action, day)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("22:00-07:00", (time(22), time(7))), ("22 to 7", (time(22), time(7))), ("24:00-6", (time(0), time(6))), ("9.30 – 10.15", (time(9, 30), time(10, 15))),
        ("25:00-07:00", None), ("22:60-07:00", None), ("22:00-22:00", None), ("off", None), ("", None), ("x" * 10_000, None),
    ],
)  # fmt: skip
def test_quiet_hours_are_read(text: str, hours: tuple[time, time] | None):
    assert read_hours(text) == hours


@pytest.mark.parametrize("typed", ["U-7K3F9Q", "u-7k3f9q", "7k3f9q", "U7K3F9Q", "7K3F9Q."])
def test_a_reference_may_be_typed_in_any_way(typed: str):
    assert reference_in(typed) == "U-7K3F9Q"


def test_neither_a_log_line_nor_the_process_s_last_words_show_a_token():
    code = (
        "import logging; from bot.telegram.transport.secrecy import log_safely; log_safely('hidden-secret');"
        "said = 'POST https://api.telegram.org/bot123456:ABC-def_1/getMe hidden-secret';"
        "logging.warning(said); logging.getLogger('httpx').info(said); raise RuntimeError(said)"
    )
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert ended.returncode == 1 and "RuntimeError" in ended.stderr and ended.stderr.count("(token)") == 2
    assert "ABC-def_1" not in ended.stderr and "hidden-secret" not in ended.stderr.replace("log_safely('hidden-secret')", "")

"""Staff at the command line, as somebody types it."""

from __future__ import annotations

import io
from datetime import datetime, timezone
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot.commands.staff import run_staff
from office.base.database import Database
from office.people.accounts import staff_by_email, who_has_link
from office.people.passwords import is_password
from settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.read({"USHER_VAR": str(tmp_path)})


def run(settings: Settings, words: str, monkeypatch: pytest.MonkeyPatch, typed: str = "") -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    run_staff(words.split(), settings)


def test_the_first_admin_is_added_on_an_empty_machine(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(settings, "add --email Alex@Example.org --name Alex", monkeypatch, "three brown teapots\n")
    assert capsys.readouterr().out == "Alex (admin) is added. Sign in at http://127.0.0.1:8001\n"
    with Database(settings.database_url).transaction() as session:
        assert is_password("three brown teapots", staff_by_email(session, "alex@example.org").password)
    run(settings, "add --email pat@example.org --name Pat", monkeypatch, "three brown teapots")
    assert "Pat (pa) is added" in capsys.readouterr().out


def test_a_link_is_printed_instead_of_asking(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(settings, "add --email pat@example.org --name Pat --role pa --link", monkeypatch)
    code = capsys.readouterr().out.strip().rpartition("/set-password/")[2]
    with Database(settings.database_url).transaction() as session:
        assert who_has_link(session, code, now=datetime.now(timezone.utc)).email == "pat@example.org"


@pytest.mark.parametrize(
    ("words", "typed", "said"),
    [
        ("add --email alex@example.org --name Alex --role pa", "three brown teapots", "already"),
        ("add --email pat@example.org --name Pat --role pa", "short", "at least 12"),
        ("add --email pat@example.org --name Pat --role pa", "", "at least 12"),
        ("add --email pat --name Pat --role pa", "three brown teapots", "e-mail address"),
        ("add --name Pat", "", "--email is missing"),
        ("password --email nobody@example.org", "three brown teapots", "nobody with"),
        ("withdraw --email alex@example.org", "", "last admin"),
    ],
)
def test_what_does_not_work_changes_nothing_and_says_why(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: str, typed: str, said: str
) -> None:
    run(settings, "add --email alex@example.org --name Alex --role admin --link", monkeypatch)
    with pytest.raises(SystemExit) as end:
        run(settings, words, monkeypatch, typed)
    assert str(end.value).startswith("Nothing was changed: ") and said in str(end.value)
    capsys.readouterr()
    run(settings, "list", monkeypatch)
    assert capsys.readouterr().out.splitlines() == ["admin  alex@example.org                 Alex                     no password yet"]


def test_each_answer_is_checked_before_the_next_is_asked_for(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(settings, "add --email alex@example.org --name Alex --link", monkeypatch)
    typed, asked = iter(["pat", "ALEX@example.org", "pat@example.org", " ", "Pat", "boss", ""]), []
    monkeypatch.setattr("sys.stdin", SimpleNamespace(isatty=lambda: True))
    monkeypatch.setattr("builtins.input", lambda prompt: asked.append(prompt.partition(":")[0]) or next(typed))
    monkeypatch.setattr("getpass.getpass", lambda _: "three brown teapots")
    run_staff(["add"], settings)
    assert asked == ["E-mail address"] * 3 + ["Name"] * 2 + ["Role"] * 2
    said = capsys.readouterr().out
    for sentence in (
        "Please enter an e-mail address",
        "an account with this",
        "Please enter a name",
        "staff, pa, admin",
        "Pat (pa) is added",
    ):
        assert sentence in said


def test_who_never_gives_an_answer_that_can_be_taken_is_asked_no_more(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(isatty=lambda: True))
    monkeypatch.setattr("builtins.input", lambda _: "pat")
    monkeypatch.setattr("getpass.getpass", lambda _: pytest.fail("a password was asked for"))
    with pytest.raises(SystemExit, match="Nothing was changed: Please enter an e-mail address"):
        run_staff(["add"], settings)


def test_somebody_gets_a_new_password_and_is_withdrawn(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(settings, "add --email pat@example.org --name Pat --role pa --link", monkeypatch)
    run(settings, "password --email PAT@example.org", monkeypatch, "four green saucepans")
    run(settings, "withdraw --email pat@example.org", monkeypatch)
    capsys.readouterr()
    run(settings, "list", monkeypatch)
    assert "withdrawn" in capsys.readouterr().out

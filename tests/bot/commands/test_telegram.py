"""Invitations at the command line, as somebody types it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

import pytest

from bot.commands.telegram import run_telegram
from office.base.database import Database
from office.outbox.telegram import note_bot
from office.people.accounts import add_staff, withdraw_staff
from office.people.invitations import accept
from settings import Settings
from tests.bot.telegram.fake_bot_api import TOKEN, FakeBotApi
from tests.clock import NOW


@pytest.fixture
def telegram() -> Iterator[FakeBotApi]:
    api = FakeBotApi()
    yield api
    api.stop()


@pytest.fixture
def settings(tmp_path: Path, telegram: FakeBotApi) -> Settings:
    """Settings of a machine with one member of staff."""
    read = Settings.read({"USHER_VAR": str(tmp_path), "USHER_TELEGRAM_TOKEN": TOKEN, "USHER_TELEGRAM_API": telegram.url + "/bot/"})
    database = Database(read.database_url)
    database.migrate()
    with database.transaction() as session:
        add_staff(session, name="Ann Example", email="ann@example.org", role="staff", by=None, now=NOW)
    database.engine.dispose()
    return read


def invited(settings: Settings, capsys: pytest.CaptureFixture[str]) -> str:
    """Invite Ann and give the link."""
    run_telegram(["invite", "--email", "Ann@Example.org"], settings)
    link, about = capsys.readouterr().out.splitlines()
    assert "Ann Example" in about and "seven days" in about
    return link


def test_the_link_that_is_printed_lets_in_once(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    name, _, code = invited(settings, capsys).partition("?start=")
    assert name == "https://t.me/usher_test_bot"
    with Database(settings.database_url).transaction() as session:
        assert accept(session, code, 7, now=datetime.now(timezone.utc)).name == "Ann Example"  # the command has the machine's clock


def test_another_token_is_another_bot_and_without_one_the_last_is_named(
    settings: Settings, telegram: FakeBotApi, capsys: pytest.CaptureFixture[str]
) -> None:
    with Database(settings.database_url).transaction() as session:
        note_bot(session, 1, "the_bot_before", "", now=NOW.replace(year=2020))
    assert invited(settings, capsys).startswith("https://t.me/usher_test_bot?")
    telegram.down = True
    assert invited(replace(settings, telegram_token=""), capsys).startswith("https://t.me/usher_test_bot?")


@pytest.mark.parametrize(
    ("email", "token", "said"),
    [
        ("nobody@example.org", TOKEN, "no member of staff has this e-mail address"),
        ("ann@example.org", "", "USHER_TELEGRAM_TOKEN is not set"),
        ("ann@example.org", "7:wrong_token", "Telegram does not say who the bot is (InvalidToken)"),
        ("bea@example.org", TOKEN, "access was withdrawn"),
    ],
)
def test_who_cannot_be_invited_is_told_why_without_the_token(settings: Settings, email: str, token: str, said: str) -> None:
    with Database(settings.database_url).transaction() as session:
        bea = add_staff(session, name="Bea Example", email="bea@example.org", role="staff", by=None, now=NOW)
        withdraw_staff(session, bea, by=None, now=NOW)
    with pytest.raises(SystemExit) as end:
        run_telegram(["invite", "--email", email], replace(settings, telegram_token=token))
    assert str(end.value).startswith("Nobody was invited: ") and said in str(end.value) and "wrong_token" not in str(end.value)

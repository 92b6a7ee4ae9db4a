"""The doctor: what it says of ports, e-mail and a database, beside a running Usher and without one."""

from __future__ import annotations

import re
import socket
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

import pytest

from bot.commands.demo import run_demo
from bot.commands.doctor import Note, look_at_mail, look_at_notifications, say_whose_ports
from bot.starting.refusal import CannotStart
from office.base.database import Database
from office.base.heartbeats import beat, stop_beating
from settings import Settings
from tests.bot.worker.mail_server import mail_server
from tests.living import Usher, free_ports


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    website, inbox, rasa = free_ports(3)
    return replace(Settings.read({"USHER_VAR": str(tmp_path)}), website_port=website, inbox_port=inbox, rasa_port=rasa)


def test_a_running_ushers_ports_are_its_own(running: Usher) -> None:
    own = Settings.read(running.settings)
    said = say_whose_ports(own)
    assert re.search(r"in use by Usher itself, which is running \(process \d+\)$", said) and not isinstance(said, Note)
    assert all(str(port) in said for port in (own.website_port, own.inbox_port, own.rasa_port))


def test_another_ushers_ports_are_noted(running: Usher, tmp_path: Path) -> None:
    said = say_whose_ports(replace(Settings.read(running.settings), var=tmp_path))
    assert isinstance(said, Note) and "no `make run` started" in said


def test_a_stranger_at_a_port_is_a_fault_and_free_ports_are_well(settings: Settings) -> None:
    assert say_whose_ports(settings) == f"{settings.website_port}, {settings.rasa_port}, {settings.inbox_port} are free"
    with closing(socket.create_server(("127.0.0.1", settings.inbox_port))), pytest.raises(CannotStart, match="USHER_INBOX_PORT"):
        say_whose_ports(settings)


def test_a_demo_that_could_not_be_shown_is_refused_before_it_is_made(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USHER_INBOX_PORT", str(settings.inbox_port))
    monkeypatch.setattr("bot.commands.demo.make_demo", lambda _: pytest.fail("it was made"))
    for name in ("USHER_VAR", "USHER_DATABASE_URL", "USHER_INBOX_URL", "USHER_MAIL_SERVER", "USHER_TELEGRAM_TOKEN"):
        monkeypatch.setenv(name, "")  # the demo sets them
    with closing(socket.create_server(("127.0.0.1", settings.inbox_port))), pytest.raises(CannotStart, match="USHER_INBOX_PORT"):
        run_demo(settings)


def test_a_worker_that_was_stopped_is_not_said_to_run(settings: Settings) -> None:
    database, now = Database(settings.database_url), datetime.now(timezone.utc)
    database.migrate()
    with database.transaction() as session:
        beat(session, "worker", now=now)
    assert look_at_notifications(settings).endswith("the worker is running")
    with database.transaction() as session:
        stop_beating(session, "worker", now=now)
    assert look_at_notifications(settings).endswith("the worker is not running")


def test_without_a_mail_server_it_is_noted_where_the_emails_are(settings: Settings) -> None:
    said = look_at_mail(settings)
    assert isinstance(said, Note) and "USHER_MAIL_SERVER" in said and str(settings.var / "mail" / "new") in said


@pytest.mark.parametrize(
    ("server", "sender", "said"),
    [
        ("smtp://mail.ourtrust.example", "usher@localhost", "USHER_MAIL_FROM"),
        ("smtp://127.0.0.1:{port}", "usher@ourtrust.example", "the mail server cannot be reached"),
    ],
)
def test_mail_that_cannot_arrive_is_a_fault(settings: Settings, server: str, sender: str, said: str) -> None:
    (port,) = free_ports(1)
    with pytest.raises(CannotStart, match=said):
        look_at_mail(replace(settings, mail_server=server.format(port=port), mail_from=sender))


def test_a_mail_server_that_answers_is_well_once_somebody_real_is_told(settings: Settings) -> None:
    with mail_server() as server:
        answering = replace(settings, mail_server=server.url, mail_from="Usher <usher@ourtrust.example>")
        assert "USHER_MAIL_TO" in look_at_mail(answering)
        said = look_at_mail(replace(answering, mail_to="office@ourtrust.example"))
    assert said == "127.0.0.1 takes them, from Usher <usher@ourtrust.example>" and not isinstance(said, Note)

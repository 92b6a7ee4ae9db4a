"""Starting: one clear sentence where it does not work. That all processes live or none is tests/faults/test_kills.py."""

from __future__ import annotations

import os
import re
import shutil
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from settings import ROOT, Settings
from tests.living import Usher, copy_database, free_ports

FACTS = f"{Settings.read({}).home_trust}.yml"


@pytest.fixture
def usher(tmp_path: Path) -> Iterator[Usher]:
    """An Usher that is not started yet."""
    usher = Usher(tmp_path / "var")
    yield usher
    usher.stop()


def refuses(usher: Usher, seconds: float = 60.0) -> str:
    """Start what cannot start; give its one sentence."""
    assert usher.start().until_ended(seconds) == 1, usher.output
    said = [line for line in usher.output.splitlines() if not line.startswith(("Model: ", "Facts: ", "Telegram is off; "))]
    assert len(said) == 1 and "Traceback" not in usher.output, usher.output
    assert not usher.marked()
    return said[0]


def test_a_taken_port_is_named_with_its_setting(usher: Usher) -> None:
    port = int(usher.settings["USHER_WEBSITE_PORT"])
    with closing(socket.create_server(("127.0.0.1", port))):
        assert refuses(usher).endswith(f"Port {port} is in use by another program; stop it or set USHER_WEBSITE_PORT.")


def test_a_setting_nobody_can_work_with_is_named(usher: Usher) -> None:
    usher.settings["USHER_RASA_PORT"] = "99999"
    assert "USHER_RASA_PORT is '99999'" in refuses(usher)


def test_a_folder_that_cannot_be_written_is_named(usher: Usher, tmp_path: Path) -> None:
    folder = Path("/sys/usher")  # even root makes no folder there
    if os.getuid() != 0:
        folder = tmp_path / "closed"
        folder.mkdir(mode=0o555)
    usher.settings["USHER_VAR"] = str(folder)
    sentence = refuses(usher)
    assert str(folder) in sentence and "USHER_VAR" in sentence


def test_a_file_in_the_folders_place_is_named(usher: Usher, tmp_path: Path) -> None:
    (tmp_path / "var").write_text("not a folder")
    assert "nothing can be written in the folder" in refuses(usher)


def test_a_database_that_is_away_is_named_without_its_password(usher: Usher, running: Usher) -> None:
    (port,) = free_ports(1)
    usher.settings["USHER_DATABASE_URL"] = f"postgresql://usher:letmein@127.0.0.1:{port}/usher"
    sentence = refuses(usher)
    assert f"postgresql://usher:***@127.0.0.1:{port}/usher does not answer" in sentence and "letmein" not in sentence


def test_a_file_that_is_no_database_is_named(usher: Usher, running: Usher) -> None:
    usher.var.mkdir()
    (usher.var / "usher.db").write_text("certainly not a database, whatever its name says\n" * 40)
    sentence = refuses(usher)
    assert str(usher.var / "usher.db") in sentence and "file is not a database" in sentence


def test_a_home_trust_without_facts_is_named(usher: Usher, loaded_database: Path, running: Usher) -> None:
    copy_database(loaded_database, usher.var / "usher.db")
    usher.settings["USHER_HOME_TRUST"] = "nowhere"
    assert "USHER_HOME_TRUST is 'nowhere'; the trusts in data/facts are" in refuses(usher)


def test_a_broken_fact_file_is_named_with_its_line_and_the_database_stays_as_it_was(tmp_path: Path, loaded_database: Path) -> None:
    checkout = a_checkout(tmp_path / "checkout")
    usher = Usher(tmp_path / "var", root=checkout)
    copy_database(loaded_database, usher.var / "usher.db")
    before = content_of(usher.var / "usher.db")
    file = checkout / "data" / "facts" / FACTS
    lines = file.read_text().splitlines()
    place = next(number for number, line in enumerate(lines) if line.strip().startswith("says:"))
    lines[place] = "  colour: blue"
    file.write_text("\n".join(lines))
    usher.start()
    try:
        assert usher.until_ended(120) == 1
        sentence = usher.output.strip().splitlines()[-1]
        assert re.search(rf"data/facts/{FACTS}, line \d+: \S", sentence) and "Traceback" not in usher.output
        assert content_of(usher.var / "usher.db") == before
    finally:
        usher.stop()


def a_checkout(folder: Path) -> Path:
    """Copy what `bot run` needs; links would lead back to this checkout."""
    ignored = shutil.ignore_patterns(".venv", ".git", "var", "models", "tests", ".rasa", "__pycache__", ".*_cache", "reports", "evaluation")
    shutil.copytree(
        ROOT, folder, ignore=ignored, copy_function=os.link if os.stat(ROOT).st_dev == folder.parent.stat().st_dev else shutil.copy
    )
    fresh = folder / "data" / "facts" / FACTS
    fresh.unlink()  # it may be a hard link, and is going to be written to
    shutil.copy(ROOT / "data" / "facts" / FACTS, fresh)
    return folder


def content_of(database: Path) -> str:
    with closing(sqlite3.connect(database)) as connection:
        return "\n".join(connection.iterdump())


def test_a_second_run_beside_the_first_is_refused_and_the_first_goes_on(running: Usher, tmp_path: Path) -> None:
    twin = Usher(running.var)
    twin.settings.update(running.settings)
    assert f"Port {running.settings['USHER_WEBSITE_PORT']} is in use" in refuses(twin)
    on_other_ports = Usher(running.var)
    assert f"already starting or running with {running.var} (process {running.pid})" in refuses(on_other_ports)
    assert httpx.get(f"{running.website}/health").status_code == 200


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A made-up model that is up to date."""
    import json

    from bot.starting import model

    (tmp_path / "usher_en").mkdir()
    (tmp_path / "usher_en" / "meta.json").write_text("{}")
    (tmp_path / "usher.tar.gz").write_bytes(b"a model, let us say")
    for name, file in (("MODELS", ""), ("ARCHIVE", "usher.tar.gz"), ("PIPELINE", "usher_en"), ("STAMP", "usher.hash")):
        monkeypatch.setattr(model, name, tmp_path / file)
    (tmp_path / "usher.hash").write_text(json.dumps({"content": model.content_digest(), "made": model._made_digest()}))
    return tmp_path


def test_a_model_that_is_as_it_should_be_is_not_trained_again(models: Path) -> None:
    from bot.starting.model import why_train

    assert why_train() == ""


@pytest.mark.parametrize("file", ["usher.tar.gz", "usher_en/meta.json", "usher.hash"])
@pytest.mark.parametrize("fault", ["missing", "cut short"])
def test_a_missing_or_broken_model_is_trained_again(models: Path, file: str, fault: str) -> None:
    from bot.starting.model import why_train

    if fault == "missing":
        (models / file).unlink()
    else:
        (models / file).write_bytes((models / file).read_bytes()[:1])
    assert why_train()

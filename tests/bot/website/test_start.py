"""Starting: the secret is made once, and what is wrong is said in one sentence."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.website.identity import Identity, NoSecret, kept_secret

ROOT = Path(__file__).parents[3]


def start(**settings: str) -> subprocess.CompletedProcess[str]:
    """Starts the website where it cannot start."""
    return subprocess.run(
        [sys.executable, "-m", "bot.website"], cwd=ROOT, env={**os.environ, **settings}, capture_output=True, text=True, timeout=60
    )


def test_two_starts_at_once_share_one_secret(tmp_path: Path) -> None:
    file = tmp_path / "var" / "secret"
    with ThreadPoolExecutor(8) as starts:
        secrets = set(starts.map(kept_secret, [file] * 8))
    assert len(secrets) == 1
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_a_later_start_knows_the_conversations_of_an_earlier_one(tmp_path: Path) -> None:
    earlier, later = (Identity(kept_secret(tmp_path / "secret")) for _ in range(2))
    assert later.issued(earlier.issue())
    assert not Identity("another").issued(earlier.issue())


def test_ids_are_all_different_and_fit_an_address() -> None:
    identity = Identity("a secret")
    issued = {identity.issue() for _ in range(1000)}
    assert len(issued) == 1000
    assert all(len(one) < 100 and one.replace("-", "").replace("_", "").replace(".", "").isalnum() for one in issued)


def test_a_secret_that_cannot_be_used_is_said_to_be_so(tmp_path: Path) -> None:
    (tmp_path / "short").write_text("x")
    (tmp_path / "folder").mkdir()
    for name in ("short", "folder", "short/secret"):
        with pytest.raises(NoSecret, match=name):
            kept_secret(tmp_path / name)


def test_a_taken_port_is_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        failed = start(USHER_WEBSITE_PORT=port, USHER_VAR=str(tmp_path))
    assert failed.returncode == 1
    assert port in failed.stderr and "USHER_WEBSITE_PORT" in failed.stderr and failed.stderr.count("\n") == 1


def test_a_wrong_setting_is_one_sentence(tmp_path: Path) -> None:
    failed = start(USHER_WEBSITE_PORT="eighty", USHER_VAR=str(tmp_path))
    assert failed.returncode == 1
    assert "USHER_WEBSITE_PORT is 'eighty'" in failed.stderr and failed.stderr.count("\n") == 1

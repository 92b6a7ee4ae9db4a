"""Set-up: finds a Python that really runs, says in one sentence where there is none, mends an environment that is half-made."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from settings import ROOT

pytestmark = pytest.mark.slow  # makes environments


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with the script and a lock without packages."""
    shutil.copy(ROOT / "setup.sh", tmp_path)
    (tmp_path / "requirements.lock").write_text("# nothing\n")
    (tmp_path / "bin").mkdir()
    return tmp_path


def put_command(checkout: Path, name: str, script: str) -> None:
    command = checkout / "bin" / name
    command.write_text(f"#!/bin/sh\n{script}\n")
    command.chmod(0o755)


def does_not_run(checkout: Path, *names: str) -> None:
    """Put commands there as pyenv does for versions that are not selected."""
    for name in names:
        put_command(checkout, name, "echo 'pyenv: version not installed' >&2; exit 127")


def set_up(checkout: Path) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": f"{checkout / 'bin'}:/usr/bin:/bin", "HOME": str(checkout)}
    return subprocess.run(["sh", "setup.sh"], cwd=checkout, env=environment, capture_output=True, text=True, timeout=120)


@pytest.mark.skipif(
    any(os.access(f"/usr/{place}bin/python3.10", os.X_OK) for place in ("", "local/")), reason="this machine has a Python 3.10 of its own"
)
def test_without_any_python_310_one_sentence_says_how_to_get_it(checkout: Path) -> None:
    does_not_run(checkout, "python3.10", "python3", "uv")
    done = set_up(checkout)
    assert done.returncode == 1 and not (checkout / ".venv").exists()
    assert done.stderr.count("\n") == 1 and "it needs Python 3.10" in done.stderr and "uv python install 3.10" in done.stderr


def test_a_half_made_environment_is_made_anew_and_a_whole_one_left_alone(checkout: Path) -> None:
    does_not_run(checkout, "python3.10", "uv")
    put_command(checkout, "python3", f'exec {sys.executable} "$@"')  # a python3 that is 3.10, behind a python3.10 that does not run
    (checkout / ".venv" / "bin").mkdir(parents=True)
    (checkout / ".venv" / "left behind").touch()
    first = set_up(checkout)
    assert first.returncode == 0, first.stderr
    assert "1/2" in first.stdout and "2/2" in first.stdout and not (checkout / ".venv" / "left behind").exists()

    (checkout / ".venv" / "kept").touch()
    second = set_up(checkout)
    assert (second.returncode, second.stdout) == (0, "") and (checkout / ".venv" / "kept").exists()

    (checkout / "requirements.lock").write_text("# nothing, but otherwise\n")
    third = set_up(checkout)
    assert third.returncode == 0 and not (checkout / ".venv" / "kept").exists()


def test_a_package_that_is_not_what_the_lock_says_is_refused(checkout: Path) -> None:
    does_not_run(checkout, "uv")
    put_command(checkout, "python3.10", f'exec {sys.executable} "$@"')
    (checkout / "requirements.lock").write_text("nowhere-to-be-found==1.0\n")  # without a hash: nothing is asked for, nothing fetched
    done = set_up(checkout)
    assert done.returncode == 1 and "the packages could not be installed" in done.stderr
    assert not (checkout / ".venv" / "requirements.lock").exists()

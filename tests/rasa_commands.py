"""Rasa's own commands, one after the other, in a copy of the repository where nothing is made yet: `make check-rasa` (minutes).

Port 5055 (Rasa's action server, as endpoints.yml has it) and 5005 (which `rasa shell` opens) must be free: stop `make run` first.
"""

from __future__ import annotations

import json
import os
import pty
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from settings import ROOT

ENVIRONMENT = {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "SQLALCHEMY_SILENCE_UBER_WARNING": "1", "PYTHONWARNINGS": "ignore"}
TRAIN = ("train", "--data", "data/nlu", "data/stories", "data/rules")
LONGEST = 900.0


def main() -> None:
    """Call each command; leave with a sentence where one does not do what it should."""
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder)
        copy_into(clone)
        says("rasa train", call(clone, "-m", "rasa", *TRAIN), "Your Rasa model is trained")
        says("rasa data validate", call(clone, "-m", "rasa", "data", "validate"), "No story structure conflicts found")
        call(clone, "-m", "rasa", "test", "nlu", "--nlu", "data/nlu/joining.yml", "--no-plot")
        report = json.loads((clone / "results" / "response_selection_report.json").read_text())
        says("rasa test nlu", json.dumps(report["weighted avg"]), "f1-score")
        call(clone, "-m", "bot.starting.facts")
        with actions(clone):
            says("rasa shell", shell(clone, "how much is associate membership?"), "499")
    print("Rasa's own commands work on a fresh clone.")


def copy_into(clone: Path) -> None:
    """Copy what git knows, as it stands now."""
    for name in subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines():
        (clone / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, clone / name)


def call(clone: Path, *arguments: str) -> str:
    """Return all that a command says; leave where it fails."""
    started = time.monotonic()
    done = subprocess.run([sys.executable, *arguments], cwd=clone, env=ENVIRONMENT, capture_output=True, text=True, timeout=LONGEST)
    if done.returncode != 0:
        sys.exit(f"{' '.join(arguments)} ended with {done.returncode}:\n{done.stderr[-3000:]}")
    print(f"{' '.join(arguments[1:])}: {time.monotonic() - started:.0f} s", flush=True)
    return done.stdout + done.stderr


def says(command: str, output: str, wanted: str) -> None:
    """Leave where a command did not say what it should."""
    if wanted not in output:
        sys.exit(f"{command} did not say {wanted!r}:\n{output[-3000:]}")
    print(f"{command} works", flush=True)


@contextmanager
def actions(clone: Path) -> Iterator[None]:
    """`rasa run actions`, until the block ends."""
    command = [sys.executable, "-m", "rasa", "run", "actions"]
    server = subprocess.Popen(command, cwd=clone, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + LONGEST
        while time.monotonic() < deadline:
            try:
                says("rasa run actions", httpx.get("http://127.0.0.1:5055/actions", timeout=5).text, "action_answer")
                break
            except httpx.TransportError:
                if server.poll() is not None:
                    sys.exit("rasa run actions ended by itself")
                select.select([], [], [], 0.5)
        yield
    finally:
        server.terminate()
        server.wait(30)


def shell(clone: Path, message: str) -> str:
    """Return what `rasa shell` shows on a terminal when somebody types a message."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "rasa", "shell"], cwd=clone, env=ENVIRONMENT, stdin=theirs, stdout=theirs, stderr=theirs, close_fds=True
    )
    os.close(theirs)
    seen, typed, deadline = "", False, time.monotonic() + LONGEST
    try:
        while time.monotonic() < deadline and process.poll() is None and "Source:" not in seen:
            if select.select([ours], [], [], 1.0)[0]:
                seen += os.read(ours, 65536).decode(errors="replace")
                if "\x1b[6n" in seen:  # the terminal is asked where its cursor is
                    os.write(ours, b"\x1b[1;1R")
                    seen = seen.replace("\x1b[6n", "")
            if not typed and re.search(r"Your input", seen):
                os.write(ours, message.encode() + b"\r")
                typed = True
    finally:
        process.terminate()
        process.wait(30)
        os.close(ours)
    return seen


if __name__ == "__main__":
    main()

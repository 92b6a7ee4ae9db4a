"""A real Usher for tests: `python -m bot run` on ports and in a folder of its own."""

from __future__ import annotations

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from bot.starting.children import die_with
from settings import ROOT

TRAINING = 1200.0  # seconds: the first start of a checkout trains the model, and a busy machine is slow; one that ends is not waited for
MARK = "USHER_TEST_MARK"


def clean_environment() -> dict[str, str]:
    """Give the environment with every setting at its default, whatever the developer's own `.env` says."""
    # what Python compiled is kept: half of a process's start is compiling otherwise
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("USHER_", "MAKE", "PYTHONDONTWRITE"))}
    return {**kept, **dict.fromkeys(re.findall(r"USHER_[A-Z_]+", (ROOT / "settings.py").read_text()), "")}


def wait_until(done: Callable[[], object], what: str, seconds: float = 30.0) -> None:
    """Return as soon as it is done. Raises AssertionError after so many seconds."""
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline, f"waited {seconds:.0f} s in vain: {what}"
        time.sleep(0.05)


def free_ports(count: int) -> list[int]:
    """Give ports that nobody has now."""
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


class Usher:
    """One runner with all its processes, each of which carries a mark that only this one has."""

    def __init__(self, var: Path, *, root: Path = ROOT, **settings: object) -> None:
        self.var, self.root, self.mark = var, root, uuid.uuid4().hex
        ports = free_ports(3)
        names = ("USHER_WEBSITE_PORT", "USHER_INBOX_PORT", "USHER_RASA_PORT")
        self.settings = {
            "USHER_VAR": str(var),
            "USHER_LIMIT_CONVERSATION_PER_MINUTE": "0",
            "USHER_LIMIT_ADDRESS_PER_MINUTE": "0",
            **{name: str(port) for name, port in zip(names, ports)},
            **{name: str(value) for name, value in settings.items()},
        }
        self.output = ""
        self.pid = 0
        self._process: subprocess.Popen[bytes] | None = None
        tests = os.getpid()
        self._die_with_the_tests = lambda: die_with(tests)

    @classmethod
    def known(cls, var: Path, settings: dict[str, str], mark: str, pid: int) -> Usher:
        """Return one that another process has started, and will stop."""
        usher = cls(var)
        usher.settings, usher.mark, usher.pid = settings, mark, pid
        return usher

    @property
    def website(self) -> str:
        return f"http://127.0.0.1:{self.settings['USHER_WEBSITE_PORT']}"

    @property
    def rasa(self) -> str:
        return f"http://127.0.0.1:{self.settings['USHER_RASA_PORT']}"

    @property
    def runner(self) -> subprocess.Popen[bytes]:
        assert self._process is not None, "it was not started"
        return self._process

    def start(self) -> Usher:
        """Start the runner, and do not wait for it."""
        log = ROOT / "var" / "tests" / f"run-{self.mark}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        self._log = log
        with log.open("wb") as out:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bot", "run"], cwd=self.root, env={**clean_environment(), **self.settings, MARK: self.mark},
                stdout=out, stderr=subprocess.STDOUT, start_new_session=True, preexec_fn=self._die_with_the_tests,
            )  # fmt: skip
        self.pid = self._process.pid
        return self

    def read(self) -> str:
        """Give all that was printed so far."""
        if self._log.exists():
            self.output = self._log.read_text(errors="replace")
        return self.output

    def until_ready(self, seconds: float = TRAINING) -> Usher:
        """Wait for the line that says so."""
        try:
            wait_until(lambda: "Ready: " in self.read() or self.runner.poll() is not None, "a line with 'Ready:'", seconds)
        except AssertionError as late:
            raise AssertionError(f"{late}; so far it said:\n{self.read()}") from None
        assert self.runner.poll() is None, f"it ended with {self.runner.returncode}:\n{self.read()}"
        return self

    def until_ended(self, seconds: float = 60.0) -> int:
        """Wait for the runner's end; give its exit code."""
        wait_until(lambda: self.runner.poll() is not None, "the runner's end", seconds)
        self.read()
        return self.runner.returncode

    def marked(self) -> dict[int, str]:
        """Give the processes of this Usher that live: number and command line."""
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if f"{MARK}={self.mark}".encode() in (folder / "environ").read_bytes().split(b"\0"):
                    found[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
            except OSError:
                continue  # it has just ended
        return {number: command for number, command in found.items() if command}  # a zombie has none

    def number_of(self, module: str) -> int:
        """Give the number of the process that runs a module."""
        (number,) = [number for number, command in self.marked().items() if command.endswith(f" {module}")]
        return number

    def stop(self) -> None:
        """Stop as a person does, and see that nothing is left. Harmless where it has ended."""
        if self._process is None:
            return
        try:
            if self.runner.poll() is None:
                self.runner.send_signal(signal.SIGINT)
                assert self.until_ended() == 0, self.output
            wait_until(lambda: not self.marked(), f"the end of {self.marked()}")
        finally:
            for number in self.marked():
                os.kill(number, signal.SIGKILL)
            self.read()
            self._log.unlink(missing_ok=True)


@contextmanager
def living(var: Path, **settings: Any) -> Iterator[Usher]:
    """Give an Usher that is ready, and stop it at the end."""
    usher = Usher(var, **settings)
    try:
        yield usher.start().until_ready()
    finally:
        usher.stop()


def copy_database(source: Path, target: Path) -> None:
    """Copy a SQLite database as it stands, whoever is writing in it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)

"""The processes of the Procfile as one: all of them, or none. honcho starts, prefixes and stops them."""

from __future__ import annotations

import logging
import os
import shlex
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from honcho.environ import parse_procfile

from bot.compat.honcho import Message, OpenManager, OpenProcess, Popen, Printer
from bot.starting.children import child_environment, die_with
from bot.starting.daily_log import DailyLog
from bot.starting.preload import PIPE
from bot.starting.refusal import CannotStart
from settings import ROOT

PATIENCE = 8.0  # seconds a process has to end when it is asked


class Processes(OpenManager):
    """Runs every process of the Procfile until one of them ends or somebody stops it; then none of them is left."""

    def __init__(self, logs: Path, days: int, without: tuple[str, ...] = ()) -> None:
        """`logs` is the folder for what they say, which is kept for so many days."""
        super().__init__(_KeepingPrinter(logs, days), _Keeper)
        self.logs = logs
        self.asked_to_stop = False
        self.ended_by_itself = ""
        self.refusal: CannotStart | None = None
        self._go_reads, self._go = os.pipe()
        environment = {**child_environment(), PIPE: str(self._go_reads)}
        for name, command in parse_procfile((ROOT / "Procfile").read_text()).processes.items():
            if name not in without:
                self.add_process(name, command, env=environment, cwd=str(ROOT))

    def run(self, until_ready: Callable[[], None]) -> None:
        """Start all, and stay until all have ended. `until_ready` runs beside them; what it raises stops them.

        Raises CannotStart where it was not a person who stopped them.
        """
        self._until_ready = until_ready
        self.loop()
        if self.refusal:
            raise self.refusal
        if not self.asked_to_stop:
            name = self.ended_by_itself
            raise CannotStart(f"the process {name!r} ended by itself; its last words are in {self.logs / f'{name}.log'}.")

    def let_go(self) -> None:
        """Let the processes begin: so far they have only imported what they need."""
        os.write(self._go, b"." * len(self.names))

    def _watch_start(self) -> None:
        try:
            self._until_ready()
        except CannotStart as refusal:
            self.refusal = refusal
            os.kill(os.getpid(), signal.SIGTERM)

    def _watch_keepers(self) -> None:
        """Note the end of a process whose keeper was killed, and which can therefore not tell itself."""
        while True:
            gone = [name for name in self.names if not self.keeper_is_alive(name)]
            time.sleep(1)  # what a keeper said before it ended is heard by then
            for name in gone:
                if not self.has_ended(name):
                    self.note_killed(name)

    def terminate(self) -> None:
        """Ask all processes to end, and end those that do not listen."""
        if not self.is_terminating:
            deaf = threading.Timer(PATIENCE, self.kill)
            deaf.daemon = True
            deaf.start()
        ended = [name for name in self.names if self.has_ended(name)]
        self.asked_to_stop = self.asked_to_stop or not ended
        self.ended_by_itself = self.ended_by_itself or "".join(ended[:1])
        super().terminate()

    def after_start(self) -> None:
        """Watch over the processes. Only now, after the forks: threads and forks do not go together."""
        for watch in (self._watch_start, self._watch_keepers):
            threading.Thread(target=watch, daemon=True).start()


class _Keeper(OpenProcess):
    """Waits beside one process and passes its output on; neither outlives the runner."""

    def __init__(self, command: str, **named: Any) -> None:
        super().__init__(f"exec {_held(command)}", self._start_child, **named)
        self._runner = os.getpid()

    def run(self, events: Any = None, ignore_signals: bool = False) -> None:
        """Start the process and stay with it."""
        die_with(self._runner)
        super().run(events, ignore_signals)

    def _start_child(self, command: str, **named: Any) -> Popen:
        keeper = os.getpid()
        pipe = int(named["env"][PIPE])
        return Popen(command, preexec_fn=lambda: die_with(keeper), pass_fds=(pipe,), **named)


def _held(command: str) -> str:
    """Return the command of a line of the Procfile, `python -m MODULE`, as it waits for the runner."""
    return command.replace("python -m ", f"{shlex.quote(sys.executable)} -m bot.starting.preload ", 1)


class _KeepingPrinter(Printer):  # type: ignore[misc]
    """Prints each line with its process's name, and keeps it in `<name>.log`."""

    def __init__(self, logs: Path, days: int) -> None:
        super().__init__(sys.stdout)
        self._logs, self._days, self._files = logs, days, {}  # type: Path, int, dict[str, logging.Handler]
        logs.mkdir(parents=True, exist_ok=True)

    def write(self, message: Message) -> None:
        """Print and keep what a process said."""
        super().write(message)
        text = message.data.decode("utf-8", "replace") if isinstance(message.data, bytes) else message.data
        stamped = f"{message.time:%Y-%m-%d %H:%M:%S} {text.rstrip()}"
        self._file(message.name).emit(logging.makeLogRecord({"msg": stamped}))

    def _file(self, name: str) -> logging.Handler:
        if name not in self._files:
            self._files[name] = DailyLog(self._logs / f"{name}.log", self._days)
        return self._files[name]

"""Private parts of honcho that we use, as read in 2.0.0: it documents starting and stopping, and nothing in between."""

from __future__ import annotations

import signal
from collections.abc import Callable
from typing import Any

from honcho.manager import Manager
from honcho.printer import Message, Printer
from honcho.process import Popen, Process

__all__ = ["Message", "OpenManager", "OpenProcess", "Popen", "Printer"]


class OpenManager(Manager):  # type: ignore[misc]
    """A manager that lets others see which processes run, and says when all were started."""

    def __init__(self, printer: Printer, process: type[Process]) -> None:
        super().__init__(printer=printer)
        self._process_ctor = process

    def after_start(self) -> None:
        """Called once all processes run."""

    @property
    def names(self) -> list[str]:
        """The names of all processes."""
        return list(self._processes)

    @property
    def is_terminating(self) -> bool:
        """Return whether the processes were asked to end."""
        return bool(self._terminating)

    def has_ended(self, name: str) -> bool:
        """Return whether a process is known to have ended."""
        return "returncode" in self._processes[name]

    def keeper_is_alive(self, name: str) -> bool:
        """Return whether the process of ours that waits beside a process runs."""
        return bool(self._processes[name]["process"].is_alive())

    def note_killed(self, name: str) -> None:
        """Take it that a process was killed."""
        self.events.put(Message("stop", {"returncode": -signal.SIGKILL}, self._clock.now(), name, None))

    def _start(self) -> None:
        super()._start()
        waiting = []
        while not self._all_started():  # honcho cannot stop what has not told its number yet
            message = self.events.get()
            if message.type == "start":
                self._processes[message.name]["pid"] = message.data["pid"]
            else:
                waiting.append(message)
        for message in waiting:
            self.events.put(message)
        if self._terminating:
            self._killall()
        self.after_start()

    def _killall(self, force: bool = False) -> None:
        """Send a signal to every process group that still runs. honcho's own asks those for their number that have none yet."""
        for parts in self._processes.values():
            if "pid" in parts and "returncode" not in parts:
                (self._procmgr.kill if force else self._procmgr.terminate)(parts["pid"])

    def _system_print(self, data: str) -> None:
        """Print nothing of starts and signals: a person wants the sentences only."""


class OpenProcess(Process):  # type: ignore[misc]
    """A process that is started by a function of ours, which gets the command and what honcho adds to it."""

    def __init__(self, command: str, start: Callable[..., Popen], **named: Any) -> None:
        super().__init__(command, **named)
        self._child_ctor = start

"""What `bot/compat/honcho.py` needs of honcho."""

from __future__ import annotations

import inspect
import sys

from honcho.manager import Manager
from honcho.printer import Printer
from honcho.process import Process


def test_honcho_still_has_the_private_parts_we_use() -> None:
    look = "honcho was changed: see bot/compat/honcho.py, read in 2.0.0, and compare honcho/manager.py and honcho/process.py"
    manager = Manager(printer=Printer(sys.stdout))
    assert (manager._process_ctor, manager._processes, manager._terminating) == (Process, {}, False), look
    assert callable(manager._procmgr.kill) and callable(manager._procmgr.terminate) and callable(manager._clock.now), look
    assert callable(manager._all_started) and callable(manager._system_print), look
    assert "self._start()" in inspect.getsource(Manager.loop), look
    assert "self._killall(force=True)" in inspect.getsource(Manager.kill) and "self._killall()" in inspect.getsource(Manager.terminate), (
        look
    )
    assert all(f"['{key}']" in inspect.getsource(Manager) for key in ("process", "pid", "returncode")), look
    assert "self._child_ctor(self.cmd, env=self.env, cwd=self.cwd)" in inspect.getsource(Process.run), look

"""One running Usher for all workers of a run, on SQLite, and one on PostgreSQL.

The process that began the run keeps them, so that each outlives a worker that dies, and none outlives the run. It starts one when the
first worker has collected a test that needs it: the other tests go on meanwhile.
"""

from __future__ import annotations

import fcntl
import json
import shutil
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from settings import ROOT
from tests.databases import copy_to_postgres, postgres_database
from tests.living import TRAINING, Usher, clean_environment, copy_database, living, wait_until

FACTS = ROOT / "var" / "tests" / "usher.db"  # kept from one run to the next, since vectors take a minute
LOOK = 0.1  # seconds between two looks whether an Usher is wanted


def loaded_facts() -> Path:
    """Return a SQLite database with all facts and their vectors, made where it is not up to date."""
    environment = {**clean_environment(), "USHER_VAR": str(FACTS.parent), "PYTHONWARNINGS": "ignore"}
    FACTS.parent.mkdir(parents=True, exist_ok=True)
    with FACTS.with_suffix(".lock").open("w") as lock:  # tests run side by side in several processes
        fcntl.flock(lock, fcntl.LOCK_EX)
        subprocess.run([sys.executable, "-m", "bot.starting.facts"], cwd=ROOT, env=environment, check=True)
    return FACTS


@contextmanager
def _on_sqlite(var: Path) -> Iterator[Usher]:
    copy_database(loaded_facts(), var / "usher.db")
    with living(var) as usher:
        yield usher


@contextmanager
def _on_postgresql(var: Path) -> Iterator[Usher]:
    with postgres_database() as url:
        copy_to_postgres(loaded_facts(), url)
        with living(var, USHER_DATABASE_URL=url) as usher:
            yield usher


Kinds = dict[str, Callable[[Path], AbstractContextManager[Usher]]]
KINDS: Kinds = {"running": _on_sqlite, "running_on_postgresql": _on_postgresql}


class Keeper:
    """Starts each kind of Usher once somebody wants it, and stops them at the end. `folder` is how workers reach it."""

    def __init__(self, kinds: Kinds = KINDS) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="usher-tests-"))
        self.faults: list[str] = []
        self._kinds = kinds
        self._ended = threading.Event()
        # one thread for each: the kernel ends an Usher with the thread that started it (PR_SET_PDEATHSIG), were the run killed
        self._threads = [threading.Thread(target=self._keep, args=(kind,), daemon=True) for kind in kinds]
        for thread in self._threads:
            thread.start()

    def _keep(self, kind: str) -> None:
        while not (self.folder / f"{kind}.wanted").exists():
            if self._ended.wait(LOOK):
                return
        try:
            var = self.folder / kind
            var.mkdir()
            with self._kinds[kind](var) as usher:
                self._tell(kind, {"var": str(var), "settings": usher.settings, "mark": usher.mark, "pid": usher.runner.pid})
                self._ended.wait()
        except BaseException:
            self._tell(kind, {"fault": traceback.format_exc()})
            self.faults.append(f"{kind}: {traceback.format_exc()}")

    def _tell(self, kind: str, what: dict[str, object]) -> None:
        beside = self.folder / f"{kind}.new"
        beside.write_text(json.dumps(what))
        beside.rename(self.folder / f"{kind}.json")

    def end(self) -> list[str]:
        """Stop what runs; return what went wrong with it from its start to its end."""
        self._ended.set()
        for thread in self._threads:
            thread.join()
        shutil.rmtree(self.folder, ignore_errors=True)
        return self.faults


def want(folder: Path, kind: str) -> None:
    """Ask for an Usher, and do not wait for it."""
    (folder / f"{kind}.wanted").touch()


def shared_usher(folder: Path, kind: str) -> Usher:
    """Return the Usher of that kind, once it is ready."""
    want(folder, kind)
    told = folder / f"{kind}.json"
    wait_until(told.exists, f"the Usher {kind!r}", 2 * TRAINING)
    found = json.loads(told.read_text())
    assert "fault" not in found, found["fault"]
    return Usher.known(Path(found["var"]), found["settings"], found["mark"], found["pid"])

"""The shared Ushers: started when somebody wants one, stopped at the end, and gone with a run that is killed. Here others stand in for them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from settings import ROOT
from tests.living import Usher, wait_until
from tests.shared import Keeper, shared_usher, want

KILLED = """
import os, subprocess, sys, time
from contextlib import contextmanager
from bot.starting.children import die_with
from tests.living import Usher
from tests.shared import Keeper, shared_usher

@contextmanager
def asleep(var):
    usher, run = Usher(var), os.getpid()
    usher._process = subprocess.Popen(["sleep", "600"], preexec_fn=lambda: die_with(run))
    yield usher

keeper = Keeper({"asleep": asleep})
shared_usher(keeper.folder, "asleep")
print(keeper.folder, flush=True)
time.sleep(600)
"""


def kind(said: list[str], *, fault: str = "") -> object:
    """A stand-in for an Usher, which says what becomes of it."""

    @contextmanager
    def start(var: Path) -> Iterator[Usher]:
        said.append("started")
        usher = Usher(var)
        usher._process = subprocess.Popen(["sleep", "600"])
        try:
            yield usher
            if fault:
                raise AssertionError(fault)
        finally:
            usher._process.kill()
            usher._process.wait()
            said.append("stopped")

    return start


def test_it_is_started_once_however_many_want_it_and_stopped_at_the_end() -> None:
    said: list[str] = []
    keeper = Keeper({"one": kind(said), "nobody's": kind(said)})  # type: ignore[dict-item]
    assert not said
    want(keeper.folder, "one")
    first, second = (shared_usher(keeper.folder, "one") for _ in range(2))
    assert (first.mark, first.settings, first.pid) == (second.mark, second.settings, second.pid)
    assert said == ["started"]
    assert keeper.end() == []
    assert said == ["started", "stopped"] and not keeper.folder.exists()


def test_one_that_does_not_end_as_it_should_is_a_fault_of_the_run() -> None:
    keeper = Keeper({"one": kind([], fault="a process is left")})  # type: ignore[dict-item]
    shared_usher(keeper.folder, "one")
    (fault,) = keeper.end()
    assert "a process is left" in fault


def test_who_wants_one_that_does_not_start_is_told_why() -> None:
    @contextmanager
    def broken(_var: Path) -> Iterator[Usher]:
        raise OSError("no port is free")
        yield

    keeper = Keeper({"one": broken})
    with pytest.raises(AssertionError, match="no port is free"):
        shared_usher(keeper.folder, "one")
    assert len(keeper.end()) == 1


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the kernel of Linux ends it")
def test_nothing_outlives_a_run_that_is_killed() -> None:
    run = subprocess.Popen([sys.executable, "-c", KILLED], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert run.stdout is not None
    folder = Path(run.stdout.readline().strip())
    number = json.loads((folder / "asleep.json").read_text())["pid"]
    os.kill(number, 0)
    run.kill()
    run.wait()
    wait_until(lambda: not Path(f"/proc/{number}").exists(), "the end of what the run had started")

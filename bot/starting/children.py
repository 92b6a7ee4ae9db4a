"""Child processes that never outlive the one that started them, even where that one is killed with -9."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
QUIET = {
    "PYTHONWARNINGS": "ignore",  # deprecations inside other people's packages
    "PYTHONUNBUFFERED": "1",
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
}


def child_environment() -> dict[str, str]:
    """Return the environment of every process we start."""
    return {**os.environ, **QUIET}


def stop_with_make() -> None:
    """Let the kernel ask this process to stop when the `make` that started it ends, killed or not."""
    if sys.platform.startswith("linux") and os.environ.get("MAKELEVEL"):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def die_with(parent: int) -> None:
    """Let the kernel kill this process when its parent ends. Linux only; elsewhere a killed parent leaves children behind."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it ended before the kernel knew
            os._exit(1)

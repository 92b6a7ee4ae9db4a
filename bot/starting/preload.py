"""Lets a process import what it needs while the database is made ready, and go on when that is done.

`python -m bot.starting.preload bot.dialogue` is `python -m bot.dialogue` that waits for a byte in the pipe of the runner before
it begins its work. Rasa's imports take ten seconds, which a start need not spend twice.
"""

from __future__ import annotations

import importlib
import os
import sys
import warnings

PIPE = "USHER_GO_PIPE"


def main() -> None:
    """Import, wait, begin."""
    warnings.showwarning = _unseen  # Sanic turns on again what PYTHONWARNINGS turned off
    process = importlib.import_module(f"{sys.argv[1]}.__main__")
    pipe = int(os.environ.pop(PIPE))
    os.read(pipe, 1)
    os.close(pipe)
    del sys.argv[1]
    process.main()


def _unseen(*_: object, **__: object) -> None:
    """Show no warning: they are about the inside of other people's packages."""


if __name__ == "__main__":
    main()

"""The garbage collector, told what stays: the same few lines for every process that somebody waits for."""

from __future__ import annotations

import gc


def keep_what_is_loaded() -> None:
    """Take all that a process has loaded out of the collector's full rounds, once it is ready.

    Modules and tables live as long as the process. Looking through the inbox's 200,000 objects again and again took 140 ms each time,
    in the middle of somebody's page (`gc.callbacks`, measured beside benchmarks.inbox); afterwards a full round takes 2 ms.
    """
    gc.collect()
    gc.freeze()

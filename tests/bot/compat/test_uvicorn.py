"""What `bot/compat/uvicorn.py` needs of uvicorn."""

from __future__ import annotations

import inspect

import uvicorn


def test_uvicorn_still_takes_the_signals_in_the_method_we_replace() -> None:
    look = "uvicorn was changed: see bot/compat/uvicorn.py, read in 0.54.0, and how Server.serve in uvicorn/server.py takes SIGTERM"
    assert "with self.capture_signals():" in inspect.getsource(uvicorn.Server.serve), look
    assert "signal.signal" in inspect.getsource(uvicorn.Server.capture_signals), look
    assert "signal.signal" not in inspect.getsource(uvicorn.Server.serve), look

"""How a web process of ours listens: one socket, opened before anything else, and uvicorn on it."""

from __future__ import annotations

import socket

import uvicorn
from starlette.applications import Starlette

from bot.compat.uvicorn import ServerWithoutSignals

STOP_WITHIN = 4  # seconds for turns under way; honcho ends what is left after five


def server_of(app: Starlette, *, hears_signals: bool = True) -> uvicorn.Server:
    """Return the server of an app. It keeps no access log, since addresses hold ids, and believes no proxy by itself.

    Where the process hears its own signals (`hears_signals` False), it ends the server by `should_exit`.
    """
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ws="none",
        timeout_graceful_shutdown=STOP_WITHIN,
    )
    return uvicorn.Server(config) if hears_signals else ServerWithoutSignals(config)


def open_socket(host: str, port: int, setting: str) -> socket.socket:
    """Return the socket a process listens on; `setting` chooses another port. Raises OSError with a sentence."""
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        reason = error.strerror or str(error)
        raise OSError(f"port {port} on {host} cannot be used ({reason}); {setting} chooses another") from None

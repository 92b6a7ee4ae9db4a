"""`make run`: everything up to `Ready: http://…`, and everything down again."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from typing import Any, NoReturn
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, Request, build_opener

from bot.starting.children import stop_with_make
from bot.starting.facts import preparing_facts
from bot.starting.looking import be_the_only_one, look_at_folder, look_at_ports
from bot.starting.model import ensure_model
from bot.starting.processes import Processes
from bot.starting.progress import ProgressLine
from bot.starting.refusal import AlreadySaid, CannotStart
from settings import LOOPBACK, Settings

READY_WITHIN = 300.0  # seconds from the start of the processes; a slow machine needs a minute
_direct = build_opener(ProxyHandler({}))  # a proxy knows nothing of this machine's own ports


def run(settings: Settings) -> None:
    """Start Usher and stay until somebody stops it. Raises CannotStart with the sentence that says why it is not running."""
    signal.signal(signal.SIGTERM, _stopped)
    stop_with_make()
    look_at_folder(settings.var, "set USHER_VAR to one that can be written")
    look_at_ports(settings)
    lock = be_the_only_one(settings.var, f"Usher is already starting or running with {settings.var}")
    with lock:
        ensure_model(settings.var / "log" / "train.log")
        with preparing_facts() as preparing:
            processes = Processes(settings.var / "log", settings.retention_log_days, without=_switched_off(settings))
            processes.run(lambda: _until_ready(settings, preparing, processes))


def _switched_off(settings: Settings) -> tuple[str, ...]:
    """Return the processes of the Procfile that are not wanted, and say how to have them."""
    if settings.telegram_token:
        return ()
    print("Telegram is off; set USHER_TELEGRAM_TOKEN to switch it on (docs/telegram.md).", flush=True)
    return ("telegram",)


def _stopped(_signal: int, _frame: object) -> NoReturn:
    raise KeyboardInterrupt


def _until_ready(settings: Settings, preparing: subprocess.Popen[bytes], processes: Processes) -> None:
    """Wait for the database, then until all parts answer, and say so. Raises CannotStart where they do not."""
    if preparing.wait() != 0:
        raise AlreadySaid("the database could not be made ready")
    line = ProgressLine("Starting the assistant, the website and the inbox")
    processes.let_go()
    website = _here(settings.website_host, settings.website_port)
    inbox, rasa = _here(settings.inbox_host, settings.inbox_port), _here(LOOPBACK, settings.rasa_port)
    deadline = time.monotonic() + READY_WITHIN
    while not (_has_model(rasa) and _get(f"{website}/health")[0] == 200 and _get(f"{inbox}/health")[0] == 200):
        if time.monotonic() > deadline:
            raise CannotStart(f"not all parts answered within {READY_WITHIN:.0f} s; what they said stands in {settings.var / 'log'}.")
        line.tick()
        time.sleep(0.2)
    line.done()
    print(f"Inbox: {inbox}", flush=True)
    print(f"Ready: {website}", flush=True)


def _here(host: str, port: int) -> str:
    """Return the address of one of our servers as this machine reaches it."""
    host = LOOPBACK if host in ("", "0.0.0.0", "::") else f"[{host}]" if ":" in host else host
    return f"http://{host}:{port}"


def answers_as_usher(setting: str, host: str, port: int) -> bool:
    """Return whether the port of that setting is answered by the process of Usher that it is for."""
    if setting == "USHER_RASA_PORT":
        return "model_file" in _get(f"{_here(host, port)}/status")[1]
    if setting == "USHER_TELEGRAM_WEBHOOK_PORT":
        return True  # it answers nobody but Telegram
    return "status" in _get(f"{_here(host, port)}/health")[1]


def _has_model(rasa: str) -> bool:
    """Return whether Rasa serves a model that reads. Raises CannotStart where it serves without one."""
    status, answer = _get(f"{rasa}/status")
    if status == 200 and not answer.get("model_file"):
        raise CannotStart("Rasa could not load the newest model in models/; delete that file, and the next start trains anew.")
    return status == 200 and _reads(rasa)


def _reads(rasa: str) -> bool:
    """Let the model read a message, so that the first visitor need not wait while its dictionaries are opened."""
    return "intent" in _get(Request(f"{rasa}/model/parse", b'{"text": "how much is it?"}'), seconds=60)[1]


def _get(address: str | Request, seconds: float = 5) -> tuple[int, dict[str, Any]]:
    """Return the status and the JSON of an address, or (0, {}) where nothing answers yet."""
    try:
        with _direct.open(address, timeout=seconds) as reply:
            return reply.status, json.load(reply)
    except HTTPError as refusal:
        try:
            return refusal.code, json.load(refusal)
        except (OSError, ValueError):
            return refusal.code, {}
    except (URLError, OSError, ValueError):
        return 0, {}

"""Fifty staff ask in Telegram at once: our own share of a turn, without Telegram's network and Rasa's time.

`python -m benchmarks.telegram` starts the real `python -m bot.telegram` on a fresh SQLite database, between two lean servers of
its own: a Bot API, and one in Rasa's place that takes one message after the other, 40 ms each. Everybody asks their first question
in the same moment and each next one when the answer is there. A turn's own share is the time from the update's leaving the Bot API
to sendMessage's arrival there, less the time the message was with Rasa.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from office.base.database import Database
from office.base.staff import Staff
from settings import ROOT
from tests.living import clean_environment

FIRST_ACCOUNT = 10_000
TOKEN = "7654321:AAbb-token_of_the_benchmark"
ME = {"id": 7654321, "is_bot": True, "first_name": "Usher", "username": "usher_benchmark_bot"}
AIM_MS = 30.0

Answer = Callable[[str, bytes], Awaitable[Any]]


async def serve(answer: Answer) -> tuple[asyncio.AbstractServer, int]:
    """Serve JSON over HTTP as lean as it can be; give the server and its port."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = re.search(rb"content-length: *(\d+)", head, re.I)
                body = await reader.readexactly(int(length[1])) if length else b""
                sent = json.dumps(await answer(head.split(b" ", 2)[1].decode(), body)).encode()
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(sent) + sent)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0, backlog=512)
    return server, int(server.sockets[0].getsockname()[1])


class Benchmark:
    """The people, Telegram and Rasa in one."""

    def __init__(self, people: int, questions: int, rasa_seconds: float) -> None:
        self.accounts = range(FIRST_ACCOUNT, FIRST_ACCOUNT + people)
        self.questions, self.rasa_seconds = questions, rasa_seconds
        self.pending: list[dict[str, Any]] = []
        self.news = asyncio.Event()
        self.number = 0
        self.delivered: dict[str, float] = {}
        self.with_rasa: dict[str, float] = {}
        self.shares: list[float] = []
        self.turn_of_rasa = asyncio.Lock()
        self.done = asyncio.Event()
        self.got = dict.fromkeys(self.accounts, 0)

    def ask(self, account: int) -> None:
        """Have somebody ask their next question."""
        self.number += 1
        person = {"id": account, "is_bot": False, "first_name": "N"}
        message = {
            "message_id": self.number, "date": int(time.time()), "chat": {"id": account, "type": "private", "first_name": "N"},
            "from": person, "text": f"question {self.got[account]} of {account}",
        }  # fmt: skip
        self.pending.append({"update_id": self.number, "message": message})
        self.news.set()

    async def telegram(self, path: str, body: bytes) -> Any:
        """Answer as the Bot API."""
        method, sent = path.rpartition("/")[2], {name: values[0] for name, values in parse_qs(body.decode()).items()}
        result: Any = True
        if method == "getMe":
            result = ME
        elif method == "getUpdates":
            result = await self._updates(int(sent.get("offset", 0)), int(sent.get("limit", 100)))
        elif method == "sendMessage":
            result = self._sent(int(sent["chat_id"]), sent["text"])
        return {"ok": True, "result": result}

    async def _updates(self, offset: int, limit: int) -> list[dict[str, Any]]:
        self.pending = [update for update in self.pending if update["update_id"] >= offset]
        if not self.pending:
            self.news.clear()
            await self.news.wait()
        now = time.monotonic()
        given = self.pending[:limit]
        for update in given:
            self.delivered.setdefault(update["message"]["text"], now)
        return given

    def _sent(self, account: int, text: str) -> dict[str, Any]:
        asked = f"question {self.got[account]} of {account}"
        assert text == f"You said: {asked}", f"out of order: {text!r} where {asked!r} was asked"
        self.shares.append(1000 * (time.monotonic() - self.delivered[asked] - self.with_rasa[asked]))
        self.got[account] += 1
        if self.got[account] < self.questions:
            self.ask(account)
        elif all(count == self.questions for count in self.got.values()):
            self.done.set()
        self.number += 1
        chat = {"id": account, "type": "private", "first_name": "N"}
        return {"message_id": self.number, "date": 1, "chat": chat, "from": ME, "text": text}

    async def rasa(self, _: str, body: bytes) -> Any:
        """Answer as Rasa, which takes one message at a time."""
        begun, text = time.monotonic(), json.loads(body)["message"]
        async with self.turn_of_rasa:
            await asyncio.sleep(self.rasa_seconds)
        self.with_rasa[text] = time.monotonic() - begun
        buttons = [{"title": "How long?", "payload": "how long does it last"}]
        return [{"text": f"You said: {text}", "buttons": buttons}, {"custom": {"outcome": "answered", "questions": [], "next": []}}]

    async def run(self, folder: Path) -> None:
        """Start the bot, have everybody ask, stop it."""
        (telegram, telegram_port), (rasa, rasa_port) = await serve(self.telegram), await serve(self.rasa)
        settings = {
            "USHER_VAR": str(folder), "USHER_DATABASE_URL": prepare(folder, self.accounts), "USHER_RASA_PORT": str(rasa_port),
            "USHER_TELEGRAM_TOKEN": TOKEN, "USHER_TELEGRAM_API": f"http://127.0.0.1:{telegram_port}", "USHER_TURN_TIMEOUT_SECONDS": "120",
        }  # fmt: skip
        bot = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot.telegram", cwd=ROOT, env={**clean_environment(), **settings}, stderr=asyncio.subprocess.DEVNULL
        )
        try:
            for account in self.accounts:
                self.ask(account)
            await asyncio.wait_for(self.done.wait(), 600)
        finally:
            bot.terminate()
            await bot.wait()
            telegram.close()
            rasa.close()


def prepare(folder: Path, accounts: range) -> str:
    """Make a database with so many staff; give its address."""
    url = f"sqlite:///{folder / 'usher.db'}"
    database = Database(url)
    database.migrate()
    now = datetime.now(timezone.utc)
    with database.transaction() as session:
        for account in accounts:
            session.add(Staff(name=f"Person {account}", email=f"p{account}@example.org", role="staff", made=now, telegram=account))
    database.engine.dispose()
    return url


async def main() -> None:
    """Measure and print p50, p95 and the most."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--questions", type=int, default=20)
    parser.add_argument("--rasa-ms", type=float, default=40.0)
    wanted = parser.parse_args()
    benchmark = Benchmark(wanted.people, wanted.questions, wanted.rasa_ms / 1000)
    with tempfile.TemporaryDirectory() as folder:
        await benchmark.run(Path(folder))
    print(
        f"{len(benchmark.shares)} turns of {wanted.people} people, each in order. Our own share of a turn, in ms (aim: p95 under {AIM_MS:.0f}):"
    )
    first, later = benchmark.shares[: wanted.people], benchmark.shares[wanted.people :]
    for name, shares in (("all", benchmark.shares), ("the first, all in one moment", first), ("those after", later)):
        if len(shares) > 1:
            p95 = statistics.quantiles(shares, n=20)[18]
            print(f"{name:30}p50 {statistics.median(shares):6.1f}   p95 {p95:6.1f}   most {max(shares):6.1f}")


if __name__ == "__main__":
    asyncio.run(main())

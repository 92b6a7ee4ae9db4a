"""The worker: two queues that send, a round of short jobs, a heartbeat; and how all of it stops."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timezone

from bot.process.rasa_memory import RasaMemory
from bot.worker.jobs import JOBS, Job, JobContext
from bot.worker.mail import EmailSender
from bot.worker.records import WorkerTransactions
from bot.worker.sending import SendingQueue, where
from bot.worker.telegram import open_bot
from office.base.database import Database
from office.base.errors import DatabaseAway
from office.base.heartbeats import BEATS_EVERY, beat, stop_beating
from office.personal.memory import use_memory
from settings import Settings

NAME = "worker"
ROUND = 1.0  # seconds between two looks at which job is next
STOP_WITHIN = 4.0  # seconds for what is being sent; the runner ends what is left after eight
FAREWELL = 2.0  # seconds for the last word to the database
log = logging.getLogger(__name__)


def utc_now() -> datetime:
    """The time it is."""
    return datetime.now(timezone.utc)


class Worker:
    """One worker. Several may run: rows are claimed, and what is owed by the clock has unique keys."""

    def __init__(self, settings: Settings, database: Database, clock: Callable[[], datetime] = utc_now) -> None:
        self._settings, self._clock = settings, clock
        self._records = WorkerTransactions(database)
        use_memory(RasaMemory())
        self._stopping = asyncio.Event()
        self._name = f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"

    def stop(self) -> None:
        """Finish what is being sent, begin nothing more."""
        self._stopping.set()

    async def run(self) -> None:
        """Work until `stop`, or until SIGTERM or SIGINT."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop)
        email = EmailSender(self._settings.mail_server, self._settings.mail_from, self._settings.var / "mail")
        async with open_bot(self._settings.telegram_token, self._settings.telegram_api) as telegram:
            channels = ["email", "telegram"] if telegram is not None else ["email"]  # without a bot, its notifications wait
            queues = [
                SendingQueue(channel, self._records, self._settings, self._clock, self._name, email, telegram) for channel in channels
            ]
            sending = [asyncio.create_task(queue.run()) for queue in queues]
            beside = [asyncio.create_task(self._do_jobs()), asyncio.create_task(self._beat())]
            ended = asyncio.create_task(self._stopping.wait())
            await asyncio.wait({ended, *sending, *beside}, return_when=asyncio.FIRST_COMPLETED)
            for queue in queues:
                queue.stop()
            _, late = await asyncio.wait({*sending}, timeout=STOP_WITHIN)
            for queue in queues:
                queue.cancel()
            for task in (*beside, *late, ended):
                task.cancel()
            results = await asyncio.gather(*sending, *beside, return_exceptions=True)
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._records.once(lambda session: stop_beating(session, NAME, now=self._clock()), None), FAREWELL)
        for result in results:
            if isinstance(result, Exception):
                raise result

    async def _do_jobs(self) -> None:
        """Do each job when its time has come, the first time at once."""
        context, due = JobContext(self._records, self._settings), {job: 0.0 for job, _ in JOBS}
        while True:
            for job, every in JOBS:
                if time.monotonic() >= due[job]:
                    done = await asyncio.to_thread(self._do, job, context)
                    due[job] = time.monotonic() + (every if done else min(every, 5.0))
            await asyncio.sleep(ROUND)

    def _do(self, job: Job, context: JobContext) -> bool:
        """Do one job; return whether it went well. Whatever goes wrong with one is no reason for the others to stop."""
        try:
            job(context, self._clock())
        except DatabaseAway:
            return False
        except Exception as error:  # its text may hold a visitor's words; its kind and place do not
            log.error("the job %s: %s", job.__name__, where(error))
        return True

    async def _beat(self) -> None:
        while True:
            await self._records.once(lambda session: beat(session, NAME, now=self._clock()), None)
            await asyncio.sleep(BEATS_EVERY.total_seconds())

"""Sending: one queue for each channel, which claims what is due, sends some of it side by side, and notes how it went."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from sqlalchemy.orm import Session

from bot.messages.compose import Email, OutgoingMessage, TelegramNotice, compose_message
from bot.worker.delivery import DeliveryFailed, DeliveryRefused, RecipientBlocked, TooManyMessages, Undelivered
from bot.worker.mail import EmailSender
from bot.worker.records import WorkerTransactions
from bot.worker.telegram import NoticeSender
from office.base.staff import Staff
from office.outbox.queue import Notification, anything_due, claim_due, give_up, mark_failed, mark_sent, postpone, postpone_recipient
from office.outbox.telegram import remember_message
from settings import Settings

AT_ONCE = 8  # messages of one channel under way
POLL = 1.0  # seconds between two looks into the outbox
log = logging.getLogger(__name__)
T = TypeVar("T")


class SendingQueue:
    """Sends the notifications of one channel until it is told to stop. Two queues, in two workers, never hold the same one."""

    def __init__(
        self,
        channel: str,
        records: WorkerTransactions,
        settings: Settings,
        clock: Callable[[], datetime],
        worker: str,
        email: EmailSender,
        telegram: NoticeSender | None,
    ) -> None:
        self._channel, self._records, self._settings, self._clock, self._worker = channel, records, settings, clock, worker
        self._email, self._telegram = email, telegram
        self._stopping = asyncio.Event()
        self._under_way: dict[int, asyncio.Task[None]] = {}

    def stop(self) -> None:
        """Begin nothing more."""
        self._stopping.set()

    async def run(self) -> None:
        """Send until `stop`, then finish what is under way. What cannot be finished keeps its claim until that runs out."""
        while not self._stopping.is_set():
            for number in await self._claim(AT_ONCE - len(self._under_way)):
                self._under_way[number] = asyncio.create_task(self._send(number), name=f"notification {number}")
            await self._wait()
        if self._under_way:
            await asyncio.wait(self._under_way.values())

    def cancel(self) -> None:
        """End what is still under way."""
        for task in self._under_way.values():
            task.cancel()

    async def _wait(self) -> None:
        """Wait until something is sent, for the time of a poll, or for the stop."""
        stop = asyncio.create_task(self._stopping.wait())
        await asyncio.wait({stop, *self._under_way.values()}, timeout=POLL, return_when=asyncio.FIRST_COMPLETED)
        stop.cancel()
        self._under_way = {number: task for number, task in self._under_way.items() if not task.done()}

    async def _claim(self, room: int) -> list[int]:
        if room <= 0:
            return []
        now, channel = self._clock(), (self._channel,)
        if not await self._records.once(lambda session: anything_due(session, channel, now=now), False):
            return []
        in_hand = tuple(self._under_way)
        return await self._records.once(lambda session: claim_due(session, self._worker, channel, limit=room, now=now, but=in_hand), [])

    async def _send(self, number: int) -> None:
        try:
            message = await self._records.once(lambda session: self._write(session, number), None)
            if message is None:
                return  # nothing to send, or the database is away: then the claim runs out by itself
            await self._deliver(number, message)
        except Exception as error:  # a fault of ours: its text may hold a visitor's words, its kind and place do not
            log.error("notification %d: %s", number, where(error))
            why = f"a fault of Usher ({type(error).__name__})"
            await self._records.surely(lambda session: mark_failed(session, number, why, now=self._clock(), unsure=True))

    def _write(self, session: Session, number: int) -> OutgoingMessage | None:
        now = self._clock()
        if self._stopping.is_set():  # claimed, and not begun: the next worker may have it at once
            postpone(session, number, now)
            return None
        return compose_message(session, number, self._worker, self._settings, self._email.domain, now=now)

    async def _deliver(self, number: int, message: OutgoingMessage) -> None:
        try:
            number_in_chat, lacking = await self._send_message(message)
        except Undelivered as error:
            why = error
            await self._records.surely(lambda session: self._note_failure(session, number, why))
        else:
            await self._records.surely(lambda session: self._note_success(session, number, message, number_in_chat, lacking))

    async def _send_message(self, message: OutgoingMessage) -> tuple[int | None, str]:
        """Deliver a message; return its number in the chat, and which of an e-mail's addresses did not get it. Raises Undelivered."""
        if isinstance(message, Email):
            lacking = await self._email.deliver(
                message.to,
                message.subject,
                message.text,
                number=message.id,
                about=message.about,
                now=self._clock(),
                reply_to=message.reply_to,
            )
            return None, lacking
        if self._telegram is None:
            raise DeliveryFailed("there is no bot")
        return await self._telegram.deliver(message.account, message.text), ""

    def _note_success(self, session: Session, number: int, message: OutgoingMessage, number_in_chat: int | None, lacking: str) -> None:
        now = self._clock()
        mark_sent(session, number, now=now, lacking=lacking)
        staff = _staff_of(session, number)
        if isinstance(message, TelegramNotice) and number_in_chat is not None and message.about:
            remember_message(session, message.account, number_in_chat, message.about, now=now)
        if staff is not None and isinstance(message, TelegramNotice) and staff.telegram_blocked is not None:
            staff.telegram_blocked = None
        if staff is not None and isinstance(message, Email) and staff.email_failing is not None:
            staff.email_failing = None

    def _note_failure(self, session: Session, number: int, error: Undelivered) -> None:
        now, notification, staff = self._clock(), session.get(Notification, number), _staff_of(session, number)
        if notification is None:
            return
        if isinstance(error, TooManyMessages):
            postpone(session, number, now + error.wait, str(error))
            postpone_recipient(session, self._channel, notification.recipient, now + error.wait)
        elif isinstance(error, (RecipientBlocked, DeliveryRefused)):
            give_up(session, number, str(error), now=now)
        else:
            mark_failed(session, number, str(error), now=now, unsure=isinstance(error, DeliveryFailed) and error.unsure)
        if staff is not None and isinstance(error, RecipientBlocked):
            staff.telegram_blocked = staff.telegram_blocked or now
        if staff is not None and self._channel == "email" and notification.given_up is not None:
            staff.email_failing = str(error)[:300]
        log.warning("notification %d (%s) was not delivered: %s", number, self._channel, type(error).__name__)


def _staff_of(session: Session, number: int) -> Staff | None:
    notification = session.get(Notification, number)
    return session.get(Staff, notification.staff) if notification is not None and notification.staff is not None else None


def where(error: BaseException) -> str:
    """Return kind and place of an error, without its words."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    at = f" at {place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place is not None else ""
    return f"{type(error).__name__}{at}"

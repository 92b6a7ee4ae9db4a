"""The off-switch of the website: while staff have switched the chat off, every message gets the contact and nothing else."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from bot.website.front import FrontPages
from bot.website.records import ConversationRecords
from office.answering.replies import Reply
from office.base.errors import DatabaseAway

log = logging.getLogger(__name__)
FRESH_FOR = 2.0  # seconds; a switch need not be asked for at every message
OFF = "The chat is switched off at present, so nobody answers here."


class ChatSwitch:
    """Knows whether the chat is off. Where the database is away it stays as it was known last."""

    def __init__(self, records: ConversationRecords, front: FrontPages, clock: Callable[[], float] = time.monotonic) -> None:
        self._records, self._front, self._clock = records, front, clock
        self._is_off, self._asked = False, -FRESH_FOR

    async def reply(self) -> Reply | None:
        """Return what is said while the chat is off; None while it is on."""
        if not await self.is_off():
            return None
        custom = {"outcome": "unavailable", "questions": [], "next": []}
        return Reply([{"text": f"{OFF} {self._front.whom_to_ask()}", "buttons": [], "custom": custom}])

    async def is_off(self) -> bool:
        """Return whether the chat is off."""
        if self._clock() - self._asked >= FRESH_FOR:
            self._asked = self._clock()
            try:
                self._is_off = await self._records.is_off()
            except DatabaseAway as error:
                log.warning("whether the chat is switched off cannot be read: %s", error)
        return self._is_off

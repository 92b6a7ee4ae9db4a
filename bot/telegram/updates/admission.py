"""Those who are not staff: an invitation lets somebody in, anybody else is told where they may ask. Nothing of theirs is kept."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import replace
from datetime import datetime, timezone

from sqlalchemy.orm import Session

from bot.telegram.updates.reading import MeantUpdate
from bot.telegram.updates.staff_bot import AlreadyDone, StaffBot
from bot.telegram.updates.turn import Person, contact_kept
from bot.telegram.words import wording
from bot.telegram.words.formatting import TelegramPart, as_telegram
from office.base.errors import Conflict, DatabaseAway, NotFound
from office.outbox.telegram import ReceivedUpdate, keep_reply, take_in
from office.people.invitations import accept

TOLD_WITHIN, TOLD_AT_MOST = 60.0, 3  # seconds, and how often in them one person is sent the same sentence
MOST_STRANGERS = 10_000


class Admission:
    """Lets in who brings an invitation, and turns others away."""

    def __init__(self, staff_bot: StaffBot) -> None:
        self._bot = staff_bot
        self._told: dict[tuple[int, str], deque[float]] = {}  # account and sentence, and when it was sent

    async def admit(self, one: MeantUpdate) -> Person | None:
        """Return who came in by an invitation; None for anybody else, who is told where to ask instead."""
        if one.invitation:
            return await self._accept(one, one.invitation)
        if one.update.my_chat_member is None:
            await self._turn_away(one, wording.STRANGER.format(website=self._bot.settings.website_address))
        return None

    def excuse(self, found: list[MeantUpdate]) -> None:
        """Tell those who wrote that nothing can be looked up just now, each once."""
        sentence = wording.NO_RECORDS.format(contact=contact_kept(self._bot.settings).text)
        for one in {one.account: one for one in found if one.update.my_chat_member is None}.values():
            self._tell(one, sentence)

    async def _accept(self, one: MeantUpdate, code: str) -> Person | None:
        def enter(session: Session) -> tuple[Person, list[TelegramPart], int]:
            now = datetime.now(timezone.utc)
            staff = accept(session, code, one.account, now=now)
            rows = take_in(session, self._bot.bot.id, [ReceivedUpdate(one.update.update_id, one.account, {})], now=now)
            if not rows:
                raise AlreadyDone("let in")
            parts = [replace(part, chat=one.chat) for part in as_telegram(wording.WELCOME.format(name=staff.name))]
            row = rows[one.update.update_id]
            keep_reply(session, row, "let in", [part.as_json() for part in parts])
            return Person(staff.id, staff.name, staff.role, one.account), parts, row

        try:
            person, parts, row = await self._bot.records.do(enter)
        except AlreadyDone:
            return None
        except Conflict as error:
            await self._turn_away(one, wording.INVITATION_USED if str(error) == "used" else wording.BOUND_ALREADY)
            return None
        except NotFound:
            await self._turn_away(one, wording.INVITATION_OVER)
            return None
        except DatabaseAway:
            self.excuse([one])
            return None
        self._told = {key: at for key, at in self._told.items() if key[0] != one.account}
        self._bot.queues.add(one.account, lambda: self._bot.sender.deliver(parts, row=row))
        return person

    async def _turn_away(self, one: MeantUpdate, sentence: str) -> None:
        if one.update.callback_query is not None:
            await self._bot.answer_query(one.update.callback_query, sentence[:200])
        else:
            self._tell(one, sentence)

    def _tell(self, one: MeantUpdate, sentence: str) -> None:
        """Send a sentence that is kept nowhere, unless the person was sent it often enough just now."""
        if self._may_tell(one.account, sentence):
            parts = [replace(part, chat=one.chat) for part in as_telegram(sentence)]
            self._bot.queues.start(self._bot.sender.deliver(parts, row=None))

    def _may_tell(self, account: int, sentence: str) -> bool:
        """Return whether somebody may be sent that sentence: a few times a minute, so that no flood is answered."""
        now = time.monotonic()
        if len(self._told) >= MOST_STRANGERS:
            self._told = {known: at for known, at in self._told.items() if now - at[-1] < TOLD_WITHIN}
        told = self._told.setdefault((account, sentence), deque(maxlen=TOLD_AT_MOST))
        if len(told) == TOLD_AT_MOST and now - told[0] < TOLD_WITHIN:
            return False
        told.append(now)
        return True

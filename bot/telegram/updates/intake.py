"""Updates are taken in: written down first, then each person's handled one after the other; a start goes on with what was left."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import Any

from sqlalchemy.orm import Session
from telegram.ext import Application

from bot.telegram.updates.admission import Admission
from bot.telegram.updates.reading import MeantUpdate, read_update
from bot.telegram.updates.staff_bot import StaffBot
from bot.telegram.updates.turn import Person, TelegramTurn
from bot.telegram.words import wording
from bot.telegram.words.formatting import TelegramPart
from office.base.errors import DatabaseAway
from office.base.switches import is_off
from office.outbox.telegram import REPLYING, ReceivedUpdate, TelegramUpdate, give_up, note_blocked, note_sent, staff_of, take_in, unfinished

log = logging.getLogger(__name__)
LOOKED_UP_AGAIN_AFTER = timedelta(seconds=1)


class Intake:
    """Takes updates in, however they come, and has them handled by an application of python-telegram-bot."""

    def __init__(self, application: Application[Any, Any, Any, Any, Any, Any], staff_bot: StaffBot) -> None:
        self._application, self._bot = application, staff_bot
        self._admission = Admission(staff_bot)
        self.on_person: Callable[[Person | None, int], None] = lambda person, account: None  # hears whose update it is, None for a stranger

    async def take(self, contents: list[dict[str, Any]]) -> None:
        """Take updates in. When this returns they are safe: written down, or their senders told that it is impossible just now."""
        found = [one for content in contents if (one := read_update(content, self._bot.bot)) is not None]
        if not found:
            return
        try:
            people, rows, off = await self._bot.records.do(lambda session: self._write_down(session, found))
        except DatabaseAway as error:
            log.warning("updates could not be written down: %s", error)
            self._admission.excuse(found)
            return
        entered: set[int] = set()
        for place, one in enumerate(found):
            person = people.get(one.account)
            if one.account in entered:
                continue
            self.on_person(person, one.account)
            if person is None and (admitted := await self._admission.admit(one)) is not None:
                self.on_person(admitted, one.account)
                entered.add(one.account)  # what they wrote behind the invitation is a member of staff's
                await self.take([later.content for later in found[place + 1 :] if later.account == one.account])
            elif person is not None and one.update.update_id in rows:
                self._bot.queues.add(one.account, partial(self._handle, self._turn(one, person, rows), off=off))

    async def resume(self) -> None:
        """Go on with what an earlier process took in and did not finish. Raises DatabaseAway."""

        def read(session: Session) -> list[tuple[TelegramUpdate, Person | None]]:
            rows = unfinished(session, self._bot.bot.id)
            staff = staff_of(session, {row.account for row in rows})
            people = {account: Person(one.id, one.name, one.role, account) for account, one in staff.items()}
            return [(row, people.get(row.account)) for row in rows]

        journal = self._bot.sender.journal
        left = await self._bot.records.do(read)
        journal.keep_only({row.id for row, _ in left})
        for row, person in left:
            one = read_update(row.content, self._bot.bot) if row.content else None
            if row.state == REPLYING:
                parts = [TelegramPart.from_json(part) for part in row.reply]
                sent = row.sent + int(journal.has_left(row.id, row.sent))
                self._bot.queues.add(row.account, partial(self._deliver_rest, parts, row.id, sent))
            elif one is not None and person is not None:
                self._bot.queues.add(row.account, partial(self._handle, self._turn(one, person, {row.number: row.id}), off=None))
            else:
                await self._bot.records.do(partial(_give_up, row=row.id))

    def _write_down(self, session: Session, found: list[MeantUpdate]) -> tuple[dict[int, Person], dict[int, int], bool]:
        """Return who of the staff wrote, the rows of their updates in the ledger, and whether the bot is switched off."""
        staff = staff_of(session, {one.account for one in found})
        people = {account: Person(one.id, one.name, one.role, account) for account, one in staff.items()}
        known = [one for one in found if one.account in people]
        for one in known:
            blocked = one.blocks
            if blocked is None and one.is_private and staff[one.account].telegram_blocked is not None:
                blocked = False  # who writes lets the bot write
            if blocked is not None:
                note_blocked(session, one.account, blocked=blocked, now=_now())
        messages = [ReceivedUpdate(one.update.update_id, one.account, one.content) for one in known if one.update.my_chat_member is None]
        return people, take_in(session, self._bot.bot.id, messages, now=_now()), is_off(session, "telegram")

    def _turn(self, one: MeantUpdate, person: Person, rows: dict[int, int]) -> TelegramTurn:
        return TelegramTurn(rows[one.update.update_id], one.update, person, _now(), self._bot.settings, self._bot.bot.username)

    async def _handle(self, turn: TelegramTurn, *, off: bool | None) -> None:
        """Have a turn handled. Who has waited is looked up again: access may have been withdrawn meanwhile, or the bot switched off."""
        taken, turn.now = turn.now, _now()
        if off is None or turn.now - taken > LOOKED_UP_AGAIN_AFTER:
            with contextlib.suppress(DatabaseAway):
                person, off = await self._bot.records.do(lambda session: _look_up(session, turn))
                if person is None:
                    return
                turn.person = person
        if off:
            await self._bot.settle(turn, lambda turn, _: turn.says(wording.OFF.format(contact=turn.contact.text), "off"))
            return
        self._bot.turns[turn.update.update_id] = turn
        try:
            await self._application.process_update(turn.update)
        finally:
            del self._bot.turns[turn.update.update_id]

    async def _deliver_rest(self, parts: list[TelegramPart], row: int, sent: int) -> None:
        if sent >= len(parts):
            await self._bot.records.do(lambda session: note_sent(session, row, sent, len(parts)))
        else:
            await self._bot.sender.deliver(parts, row=row, sent=sent)


def _look_up(session: Session, turn: TelegramTurn) -> tuple[Person | None, bool]:
    staff = staff_of(session, {turn.person.account}).get(turn.person.account)
    if staff is None:
        give_up(session, turn.row)
        return None, False
    return Person(staff.id, staff.name, staff.role, turn.person.account), is_off(session, "telegram")


def _give_up(session: Session, row: int) -> None:
    give_up(session, row)


def _now() -> datetime:
    return datetime.now(timezone.utc)

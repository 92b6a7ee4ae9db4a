"""The door: takes updates in, writes them down, and has each person's handled one after the other."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import Any

from sqlalchemy.orm import Session
from telegram.constants import ParseMode
from telegram.error import TelegramError
from telegram.ext import Application, ExtBot

from bot.letters.bot_api import keyboard
from bot.rasa_client import Assistant
from bot.telegram.ledger.journal import Journal
from bot.telegram.ledger.records import BatchedTransactions
from bot.telegram.transport.limiter import ONCE
from bot.telegram.transport.sending import NO_PREVIEW, TelegramSender
from bot.telegram.updates.reading import MeantUpdate, heard
from bot.telegram.updates.turn import Person, TelegramReply, TelegramTurn, apologetic, contact_kept
from bot.telegram.words import wording
from bot.telegram.words.formatting import TelegramPart, as_telegram
from office.base.errors import BadInput, Conflict, DatabaseAway, NoPlace, NotAllowed, NotFound
from office.base.switches import is_off
from office.outbox.telegram import (
    REPLYING,
    Arrived,
    TelegramUpdate,
    give_up,
    keep_reply,
    note_blocked,
    note_sent,
    staff_of,
    take_in,
    unfinished,
)
from office.people.invitations import accept
from settings import Settings

log = logging.getLogger(__name__)
TOLD_WITHIN, TOLD_AT_MOST = 60.0, 3  # seconds, and how often in them a stranger is told the same
LOOKED_UP_AGAIN_AFTER = timedelta(seconds=1)
MOST_STRANGERS = 10_000
ANSWERED_WITHIN = 5.0  # seconds for a button's small clock; whoever waits longer is served all the same
SETTLED_AGAIN_AFTER = 5.0  # seconds, while the database is away

View = Callable[[TelegramTurn, Session], TelegramReply]


class AlreadyDone(Exception):
    """This update was dealt with before; what was about to be done is taken back."""


class Door:
    """One bot, and everybody who writes to it."""

    def __init__(
        self, settings: Settings, application: Application[Any, Any, Any, Any, Any, Any], records: BatchedTransactions, assistant: Assistant
    ) -> None:
        self.settings, self.records, self.assistant = settings, records, assistant
        self._application = application
        self.bot: ExtBot[str] = application.bot
        self.post = TelegramSender(self.bot, records, Journal(settings.var / "telegram.journal"))
        self.turns: dict[int, TelegramTurn] = {}
        self.opened = time.monotonic()
        self._queues: dict[int, deque[Callable[[], Any]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._told: dict[tuple[int, str], deque[float]] = {}  # strangers, what they were told, and when
        self.on_person: Callable[[Person | None, int], None] = lambda person, account: None

    # Taking in

    async def take(self, contents: list[dict[str, Any]]) -> None:
        """Take updates in. When this returns they are safe: written down, or said to be impossible just now."""
        found = [one for content in contents if (one := heard(content, self.bot)) is not None]
        if not found:
            return
        try:
            people, rows, off = await self.records.do(lambda session: self._write_down(session, found))
        except DatabaseAway as error:
            log.warning("updates could not be written down: %s", error)
            self._excuse(found)
            return
        entered: set[int] = set()
        for place, one in enumerate(found):
            person = people.get(one.account)
            if one.account in entered:
                continue
            self.on_person(person, one.account)
            if person is None and await self._meet(one):
                entered.add(one.account)  # what they wrote behind the invitation is a member of staff's
                await self.take([later.content for later in found[place + 1 :] if later.account == one.account])
            elif person is not None and one.update.update_id in rows:
                self._line_up(one.account, partial(self._work, self._turn(one, person, rows), off=off))

    def _write_down(self, session: Session, found: list[MeantUpdate]) -> tuple[dict[int, Person], dict[int, int], bool]:
        staff = staff_of(session, {one.account for one in found})
        people = {account: Person(one.id, one.name, one.role, account) for account, one in staff.items()}
        known = [one for one in found if one.account in people]
        for one in known:
            blocked = one.blocks
            if blocked is None and one.is_private and staff[one.account].telegram_blocked is not None:
                blocked = False  # who writes lets the bot write
            if blocked is not None:
                note_blocked(session, one.account, blocked=blocked, now=_now())
        talk = [Arrived(one.update.update_id, one.account, one.content) for one in known if one.update.my_chat_member is None]
        return people, take_in(session, self.bot.id, talk, now=_now()), is_off(session, "telegram")

    def _turn(self, one: MeantUpdate, person: Person, rows: dict[int, int]) -> TelegramTurn:
        return TelegramTurn(rows[one.update.update_id], one.update, person, _now(), self.settings, self.bot.username)

    async def resume(self) -> None:
        """Go on with what an earlier process took in and did not finish. Raises DatabaseAway."""

        def read(session: Session) -> list[tuple[TelegramUpdate, Person | None]]:
            rows = unfinished(session, self.bot.id)
            staff = staff_of(session, {row.account for row in rows})
            people = {account: Person(one.id, one.name, one.role, account) for account, one in staff.items()}
            return [(row, people.get(row.account)) for row in rows]

        left = await self.records.do(read)
        self.post.journal.keep_only({row.id for row, _ in left})
        for row, person in left:
            one = heard(row.content, self.bot) if row.content else None
            if row.state == REPLYING:
                parts = [TelegramPart.from_json(part) for part in row.reply]
                sent = row.sent + int(self.post.journal.has_left(row.id, row.sent))
                self._line_up(row.account, partial(self._deliver_rest, parts, row.id, sent))
            elif one is not None and person is not None:
                self._line_up(row.account, partial(self._work, self._turn(one, person, {row.number: row.id}), off=None))
            else:
                await self.records.do(partial(_give_up, row=row.id))

    async def _deliver_rest(self, parts: list[TelegramPart], row: int, sent: int) -> None:
        if sent >= len(parts):
            await self.records.do(lambda session: note_sent(session, row, sent, len(parts)))
        else:
            await self.post.deliver(parts, row=row, sent=sent)

    # One person after the other

    def _line_up(self, account: int, work: Callable[[], Any]) -> None:
        """Have it done after everything else of that person."""
        line = self._queues.setdefault(account, deque())
        line.append(work)
        if len(line) == 1:
            self._start(self._serve(account, line))

    async def _serve(self, account: int, line: deque[Callable[[], Any]]) -> None:
        while line:
            try:
                await line[0]()
            except Exception as error:  # its own words may hold somebody's
                log.error("a turn broke: %s\n%s", type(error).__name__, "".join(traceback.format_tb(error.__traceback__)))
            line.popleft()
        del self._queues[account]

    def _start(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self, within: float) -> None:
        """Let the turns under way end, and break off those that do not. What is broken off is gone on with at the next start."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=within)
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.post.journal.close()

    async def _work(self, turn: TelegramTurn, *, off: bool | None) -> None:
        """Have a turn handled. Who has waited in line is looked up again: access may have been withdrawn meanwhile, or the bot switched off."""
        taken, turn.now = turn.now, _now()
        if off is None or turn.now - taken > LOOKED_UP_AGAIN_AFTER:
            with contextlib.suppress(DatabaseAway):
                person, off = await self.records.do(lambda session: self._look_up(session, turn))
                if person is None:
                    return
                turn.person = person
        if off:
            await self.settle(turn, lambda turn, _: turn.says(wording.OFF.format(contact=turn.contact.text), "off"))
            return
        self.turns[turn.update.update_id] = turn
        try:
            await self._application.process_update(turn.update)
        finally:
            del self.turns[turn.update.update_id]

    def _look_up(self, session: Session, turn: TelegramTurn) -> tuple[Person | None, bool]:
        staff = staff_of(session, {turn.person.account}).get(turn.person.account)
        if staff is None:
            give_up(session, turn.row)
            return None, False
        return Person(staff.id, staff.name, staff.role, turn.person.account), is_off(session, "telegram")

    # Answering

    async def settle(self, turn: TelegramTurn, view: View, *, instead: list[TelegramPart] | None = None) -> None:
        """Do what a handler decides and write down its reply in one transaction, then say it.

        Done by somebody before, nothing is done or said. `instead` is said where the database is away.
        """
        try:
            said = await self._decide(turn, view)
        except AlreadyDone:
            return
        except DatabaseAway as error:
            log.warning("an update could not be dealt with: %s", error)
            parts = instead or as_telegram(wording.NO_RECORDS.format(contact=turn.contact.text))
            await self.post.deliver(self._placed(turn, parts), row=None)
            self._start(self._settle_later(turn.row))
            return
        if said.edit is not None:
            await self._edit(turn, said.edit)
        await self.post.deliver(said.parts, row=turn.row)

    async def _decide(self, turn: TelegramTurn, view: View) -> TelegramReply:
        try:
            return await self.records.do(lambda session: self._decided(session, turn, view(turn, session)))
        except (BadInput, Conflict, NoPlace, NotAllowed, NotFound) as error:
            sentence = str(error) if isinstance(error, (BadInput, Conflict)) else wording.FAULT.format(contact=turn.contact.text)
            return await self.records.do(lambda session: self._decided(session, turn, turn.says(sentence, "refused")))
        except (AlreadyDone, DatabaseAway):
            raise
        except Exception as error:
            log.error("a handler broke: %s\n%s", type(error).__name__, "".join(traceback.format_tb(error.__traceback__)))
            sentence = wording.FAULT.format(contact=turn.contact.text)
            return await self.records.do(lambda session: self._decided(session, turn, turn.says(sentence, "broke")))

    def _decided(self, session: Session, turn: TelegramTurn, said: TelegramReply) -> TelegramReply:
        parts = self._placed(turn, apologetic(said.parts) if turn.is_late else said.parts)
        if not keep_reply(session, turn.row, said.did, [part.as_json() for part in parts]):
            raise AlreadyDone(said.did)
        return replace(said, parts=parts)

    def _placed(self, turn: TelegramTurn, parts: Iterable[TelegramPart]) -> list[TelegramPart]:
        """Return the parts with the chat they go to; in a group the first answers the message, in its thread."""
        message = turn.message
        if turn.is_private or message is None:
            return [replace(part, chat=turn.chat) for part in parts]
        thread = message.message_thread_id if message.is_topic_message else None
        reply_to = message.message_id if turn.update.callback_query is None else None
        return [replace(part, chat=turn.chat, thread=thread, reply_to=None if place else reply_to) for place, part in enumerate(parts)]

    async def _settle_later(self, row: int) -> None:
        """Note that an update is dealt with, as soon as the database answers."""
        while True:
            with contextlib.suppress(DatabaseAway):
                await self.records.do(lambda session: give_up(session, row))
                return
            await asyncio.sleep(SETTLED_AGAIN_AFTER)

    async def acknowledge(self, turn: TelegramTurn, text: str | None = None) -> None:
        """Stop the small clock on the button that was pressed."""
        query = turn.update.callback_query
        if query is not None:
            with contextlib.suppress(TelegramError, asyncio.TimeoutError):
                await asyncio.wait_for(self.bot.answer_callback_query(query.id, text, rate_limit_args=ONCE), ANSWERED_WITHIN)

    async def _edit(self, turn: TelegramTurn, part: TelegramPart) -> None:
        """Let the message whose button was pressed show what became of it."""
        if turn.message is None:
            return
        with contextlib.suppress(TelegramError):
            await self.bot.edit_message_text(
                part.html, turn.chat, turn.message.message_id, parse_mode=ParseMode.HTML, link_preview_options=NO_PREVIEW, reply_markup=keyboard(part.rows)
            )  # fmt: skip

    # Those who are not staff

    async def _meet(self, one: MeantUpdate) -> bool:
        """Let in who brings an invitation; tell others once, kindly, where they may ask. Nothing of theirs is kept."""
        if one.invitation:
            return await self._let_in(one, one.invitation)
        if one.update.my_chat_member is None:
            await self._turn_away(one, wording.STRANGER.format(website=self.settings.website_address))
        return False

    async def _let_in(self, one: MeantUpdate, code: str) -> bool:
        def enter(session: Session) -> tuple[Person, list[TelegramPart], int]:
            staff = accept(session, code, one.account, now=_now())
            rows = take_in(session, self.bot.id, [Arrived(one.update.update_id, one.account, {})], now=_now())
            if not rows:
                raise AlreadyDone("let in")
            parts = [replace(part, chat=one.chat) for part in as_telegram(wording.WELCOME.format(name=staff.name))]
            row = rows[one.update.update_id]
            keep_reply(session, row, "let in", [part.as_json() for part in parts])
            return Person(staff.id, staff.name, staff.role, one.account), parts, row

        try:
            person, parts, row = await self.records.do(enter)
        except AlreadyDone:
            return False
        except Conflict as error:
            sentence = wording.INVITATION_USED if str(error) == "used" else wording.BOUND_ALREADY
            await self._turn_away(one, sentence)
        except NotFound:
            await self._turn_away(one, wording.INVITATION_OVER)
        except DatabaseAway:
            self._excuse([one])
        else:
            self._told = {key: at for key, at in self._told.items() if key[0] != one.account}
            self.on_person(person, one.account)
            self._line_up(one.account, lambda: self.post.deliver(parts, row=row))
            return True
        return False

    async def _turn_away(self, one: MeantUpdate, sentence: str) -> None:
        if one.update.callback_query is not None:
            with contextlib.suppress(TelegramError, asyncio.TimeoutError):
                answered = self.bot.answer_callback_query(one.update.callback_query.id, sentence[:200], rate_limit_args=ONCE)
                await asyncio.wait_for(answered, ANSWERED_WITHIN)
        elif self._may_tell(one.account, sentence):
            self._start(self.post.deliver([replace(part, chat=one.chat) for part in as_telegram(sentence)], row=None))

    def _may_tell(self, account: int, sentence: str) -> bool:
        """Return whether somebody may be told something that is kept nowhere: the same a few times a minute, and no flood is answered."""
        now = time.monotonic()
        if len(self._told) >= MOST_STRANGERS:
            self._told = {known: at for known, at in self._told.items() if now - at[-1] < TOLD_WITHIN}
        told = self._told.setdefault((account, sentence), deque(maxlen=TOLD_AT_MOST))
        if len(told) == TOLD_AT_MOST and now - told[0] < TOLD_WITHIN:
            return False
        told.append(now)
        return True

    def _excuse(self, found: list[MeantUpdate]) -> None:
        """Tell those who wrote that nothing can be looked up just now, each once."""
        sentence = wording.NO_RECORDS.format(contact=contact_kept(self.settings).text)
        for one in {one.account: one for one in found if one.update.my_chat_member is None}.values():
            if self._may_tell(one.account, sentence):
                self._start(self.post.deliver([replace(part, chat=one.chat) for part in as_telegram(sentence)], row=None))


def _give_up(session: Session, row: int) -> None:
    give_up(session, row)


def _now() -> datetime:
    return datetime.now(timezone.utc)

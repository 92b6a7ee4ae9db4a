"""What everybody may say with a slash: /start, /help, /topics, /contact, /feedback, /mute. And which commands each role sees."""

from __future__ import annotations

import asyncio
import logging
import re
from datetime import time
from functools import lru_cache
from pathlib import Path

from sqlalchemy.orm import Session
from telegram import BotCommand, BotCommandScopeAllGroupChats, BotCommandScopeChat
from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.messages.texts import Button
from bot.telegram.handlers.asking import ask
from bot.telegram.updates.staff_bot import StaffBot
from bot.telegram.updates.turn import Person, TelegramReply, TelegramTurn
from bot.telegram.words import wording
from bot.telegram.words.formatting import as_telegram
from office.base.errors import BadInput, Conflict, NotFound
from office.base.staff import may
from office.facts.files import Topic, read_topics
from office.outbox.feedback import give_feedback
from office.people.invitations import accept
from office.reports.sent import keep_quiet

log = logging.getLogger(__name__)
TOPICS = Path(__file__).parents[3] / "data" / "facts" / "topics.yml"
TOPICS_ON_A_PAGE = 10
FOR_ALL = {
    "help": "What I can do", "topics": "What I know about", "ask": "Ask a question", "contact": "Whom to reach at the trust",
    "feedback": "Tell us what was good or wrong",
}  # fmt: skip
FOR_THE_PA = {
    "leads": "Open leads, the most urgent first", "lead": "One lead: /lead U-7K3F9Q", "gaps": "What nobody could answer",
    "today": "What is due today", "mute": "Hours without notifications: /mute 22:00-07:00",
}  # fmt: skip
ASKING = "read facts"  # what everybody needs for whom the bot answers: in private it tells what only staff are told
NEEDS = {"leads": "work leads", "lead": "work leads", "today": "work leads", "mute": "work leads", "gaps": "work facts"}
IN_GROUPS = {"ask": FOR_ALL["ask"], "help": FOR_ALL["help"], "contact": FOR_ALL["contact"]}
_HOURS = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(?:-|–|to)\s*(\d{1,2})(?:[:.](\d{2}))?")


def start(turn: TelegramTurn, session: Session) -> TelegramReply:
    """/start greets; with an invitation of somebody who is known already it is looked at once more."""
    if turn.rest and turn.is_private:
        try:
            accept(session, turn.rest, turn.person.account, now=turn.now)
        except (Conflict, NotFound) as error:
            used = isinstance(error, Conflict)
            return turn.says(wording.INVITATION_USED if used else wording.INVITATION_OVER, "refused")
    return turn.says(wording.GREETING.format(name=turn.person.name), "start")


def help_with(turn: TelegramTurn, _session: Session) -> TelegramReply:
    """/help lists the commands of the person's role."""
    if not turn.is_private:
        return turn.says(wording.HELP_GROUP, "help")
    commands = "\n".join(f"/{name}: {what}" for name, what in commands_of(turn.person).items())
    return turn.says(wording.HELP.format(commands=commands), "help")


def unknown(turn: TelegramTurn, _session: Session) -> TelegramReply:
    """A command nobody knows."""
    return turn.says(wording.UNKNOWN_COMMAND, "unknown command")


def contact(turn: TelegramTurn, _session: Session) -> TelegramReply:
    """/contact gives the person at the trust whom visitors may reach."""
    return turn.says(wording.CONTACT.format(contact=turn.contact.text, website=turn.settings.website_address), "contact")


def feedback(turn: TelegramTurn, session: Session) -> TelegramReply:
    """/feedback is kept, and sent to those who work leads."""
    try:
        kept = give_feedback(session, turn.rest, by=turn.staff(session), now=turn.now)
    except BadInput:
        return turn.says(wording.FEEDBACK_HOW, "feedback")
    return turn.says(wording.FEEDBACK_KEPT, f"feedback {kept.id}")


def mute(turn: TelegramTurn, session: Session) -> TelegramReply:
    """/mute 22:00-07:00 keeps notifications back in those hours, /mute off ends that."""
    staff = turn.staff(session)
    if turn.rest.lower() in ("off", "none", "no", "stop"):
        keep_quiet(session, staff, None, now=turn.now)
        return turn.says(wording.UNMUTED, "unmuted")
    hours = read_hours(turn.rest)
    if hours is None:
        now = f"quiet from {staff.telegram_quiet.replace('-', ' to ')}" if staff.telegram_quiet else "at any hour"
        return turn.says(wording.MUTE_HOW.format(now=now), "mute")
    keep_quiet(session, staff, f"{hours[0]:%H:%M}-{hours[1]:%H:%M}", now=turn.now)
    return turn.says(wording.MUTED.format(begins=f"{hours[0]:%H:%M}", ends=f"{hours[1]:%H:%M}"), "muted")


def read_hours(text: str) -> tuple[time, time] | None:
    """Return the two hours of “22:00-07:00”, or of “22 to 7”; None for anything else."""
    match = _HOURS.fullmatch(text.strip())
    if match is None:
        return None
    try:
        begins, ends = time(int(match[1]) % 24, int(match[2] or 0)), time(int(match[3]) % 24, int(match[4] or 0))
    except ValueError:
        return None
    return (begins, ends) if begins != ends and int(match[1]) <= 24 and int(match[3]) <= 24 else None


def topics(turn: TelegramTurn, _session: Session) -> TelegramReply:
    """/topics shows what can be asked about, as buttons."""
    return TelegramReply("topics", as_telegram(wording.TOPICS, _topic_rows(0)))


async def press_topic(bot: StaffBot, turn: TelegramTurn) -> None:
    """A topic's button asks its question; the arrows turn the page."""
    await bot.acknowledge(turn)
    chosen = turn.data.partition(":")[2]
    if chosen.isdecimal():
        page = as_telegram(wording.TOPICS, _topic_rows(int(chosen)))[0]
        await bot.settle(turn, lambda turn, _: TelegramReply("topics", edit=page))
    elif (topic := known_topics().get(chosen)) is not None:
        await ask(bot, turn, topic.button)
    else:
        await bot.settle(turn, lambda turn, _: turn.says(wording.OLD_BUTTON, "old button"))


def _topic_rows(page: int) -> list[list[Button]]:
    all_topics = list(known_topics().items())
    last = (len(all_topics) - 1) // TOPICS_ON_A_PAGE
    page = min(page, last)
    shown = all_topics[page * TOPICS_ON_A_PAGE : (page + 1) * TOPICS_ON_A_PAGE]
    rows: list[list[Button]] = [[(topic.button, f"topic:{name}")] for name, topic in shown]
    turning = [("‹ Back", f"topic:{page - 1}")] if page else []
    turning += [("More ›", f"topic:{page + 1}")] if page < last else []
    return [*rows, turning] if turning else rows


def known_topics() -> dict[str, Topic]:
    """Return the topics that have facts, with the question each is asked by."""
    return {name: topic for name, topic in all_topics().items() if topic.button and not topic.not_known}


@lru_cache(maxsize=1)
def all_topics() -> dict[str, Topic]:
    """Return every topic. The file takes a second to read: it is read at the start."""
    return read_topics(TOPICS)


def commands_of(person: Person) -> dict[str, str]:
    """Return the commands somebody may use, with what they do."""
    return {name: what for name, what in {**FOR_ALL, **FOR_THE_PA}.items() if may(person, NEEDS.get(name, ASKING))}


class CommandMenus:
    """Tells Telegram which commands to offer to whom."""

    def __init__(self, bot: ExtBot[str]) -> None:
        self._bot = bot
        self._roles: dict[int, str | None] = {}
        self._changed: asyncio.Queue[tuple[Person | None, int]] = asyncio.Queue()

    async def keep(self) -> None:
        """Offer what everybody may see, then change menus as people come and go: one by one, behind what they ask."""
        await self._try(self._bot.set_my_commands([BotCommand("start", "Begin"), BotCommand("help", FOR_ALL["help"])]))
        await self._try(self._bot.set_my_commands(_listed(IN_GROUPS), scope=BotCommandScopeAllGroupChats()))
        while True:
            person, account = await self._changed.get()
            scope = BotCommandScopeChat(account)
            if person is not None:
                await self._try(self._bot.set_my_commands(_listed(commands_of(person)), scope=scope))
            else:
                await self._try(self._bot.delete_my_commands(scope=scope))

    def notice(self, person: Person | None, account: int) -> None:
        """Have somebody's menu changed once their role is known, has changed, or is gone."""
        role = person.role if person is not None else None
        if self._roles.get(account) != role:
            self._roles[account] = role
            self._changed.put_nowait((person, account))

    async def _try(self, call: object) -> None:
        try:
            await call  # type: ignore[misc]
        except TelegramError as error:
            log.warning("a menu of commands could not be set (%s)", type(error).__name__)


def _listed(commands: dict[str, str]) -> list[BotCommand]:
    return [BotCommand(name, what) for name, what in commands.items()]

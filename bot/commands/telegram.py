"""`python -m bot telegram invite --email ann@ourtrust.example`: a one-time link for a member of staff, without the inbox."""

from __future__ import annotations

import argparse
import asyncio
from datetime import datetime, timezone

from sqlalchemy.orm import Session

from office.base.database import Database
from office.base.errors import OfficeError
from office.base.staff import Staff
from office.outbox.telegram import latest_bot, note_bot
from office.people.accounts import staff_by_email
from office.people.invitations import invite, link
from settings import Settings


def run_telegram(words: list[str], settings: Settings) -> None:
    """Print the invitation's link. Exits with a sentence where there is no such member of staff, or no bot yet."""
    parser = argparse.ArgumentParser(prog="python -m bot telegram", description=__doc__)
    parser.add_argument("what", choices=["invite"])
    parser.add_argument("--email", required=True, help="the address of the person's account in the inbox")
    wanted = parser.parse_args(words)
    database = Database(settings.database_url)
    try:
        database.migrate()
        print(_invitation(database, settings, wanted.email))
    except OfficeError as error:
        raise SystemExit(f"Nobody was invited: {error}") from error
    finally:
        database.engine.dispose()


def _invitation(database: Database, settings: Settings, email: str) -> str:
    now = datetime.now(timezone.utc)
    with database.transaction() as session:
        known = latest_bot(session)
        _person(session, email)
    if known is None or (settings.telegram_token and known.bot != int(settings.telegram_token.partition(":")[0])):
        number, username = asyncio.run(_who_is_the_bot(settings))
        with database.transaction() as session:
            note_bot(session, number, username, "", now=now)
    with database.transaction() as session:
        person = _person(session, email)
        code = invite(session, person, by=None, now=now)
        return f"{link(session, code)}\nIt binds the Telegram account of whoever opens it first to {person.name}, works once and for seven days."


def _person(session: Session, email: str) -> Staff:
    person = staff_by_email(session, email)
    if person is None:
        raise SystemExit("Nobody was invited: no member of staff has this e-mail address (python -m bot staff add).")
    return person


async def _who_is_the_bot(settings: Settings) -> tuple[int, str]:
    """Ask Telegram for the bot's name, before it ever ran."""
    from telegram import Bot
    from telegram.error import TelegramError

    from bot.telegram.transport.requests import requests_for

    if not settings.telegram_token:
        raise SystemExit("Nobody was invited: USHER_TELEGRAM_TOKEN is not set (docs/telegram.md).")
    try:
        me = await Bot(
            settings.telegram_token, base_url=f"{settings.telegram_api}/bot", request=requests_for(settings.telegram_api)
        ).get_me()
    except TelegramError as error:  # whose words may show the token
        raise SystemExit(f"Nobody was invited: Telegram does not say who the bot is ({type(error).__name__}).") from None
    return me.id, str(me.username)

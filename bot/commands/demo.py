"""`make demo`: a throw-away database with sample leads, and the inbox on it. Nothing of it touches the real one."""

from __future__ import annotations

import os
import secrets
import sys
from datetime import datetime, timezone

from bot.starting.looking import look_at_port
from bot.starting.refusal import CannotStart
from office.base.errors import Conflict, DatabaseAway
from office.base.staff import ROLES
from settings import Settings

FOLDER = "demo"


def run_demo(settings: Settings) -> None:
    """Fill the demo's own database, say how to sign in, and become the inbox. Raises CannotStart with one sentence."""
    os.environ.update(demo_environment(settings))
    here = Settings.read()
    look_at_port("USHER_INBOX_PORT", here.inbox_host, here.inbox_port)  # before a minute's work that could not be shown
    password = make_demo(here)
    print(f"\nA sample inbox with made-up leads is at {here.inbox_address}\n")
    for role in ROLES:
        print(f"  sign in as  {role}@demo.example.org{' ' * (6 - len(role))}  password  {password}")
    print(f"\nIts database is {here.var / 'usher.db'}; delete that folder to begin anew. Ctrl-C ends it.", flush=True)
    os.execv(sys.executable, [sys.executable, "-m", "bot.inbox"])


def demo_environment(settings: Settings) -> dict[str, str]:
    """Return what differs from the real settings: a folder and a SQLite file of its own; no mail and no Telegram go out."""
    folder = settings.var / FOLDER
    return {
        "USHER_VAR": str(folder), "USHER_DATABASE_URL": f"sqlite:///{folder / 'usher.db'}", "USHER_INBOX_URL": "",
        "USHER_MAIL_SERVER": "", "USHER_TELEGRAM_TOKEN": "",
    }  # fmt: skip


def make_demo(settings: Settings) -> str:
    """Load the facts into the settings' database and fill it; return the password of its people. Raises CannotStart."""
    from bot.commands.sample_data import fill_demo
    from bot.inbox.preview.asking import topics
    from bot.inbox.state import SAMPLE
    from bot.starting.facts import prepare
    from language.encoder.vectors import sentence_vectors
    from office.base.database import Database

    prepare(settings)
    (settings.var / SAMPLE).touch()
    password = "-".join(secrets.token_hex(2) for _ in range(4))
    database = Database(settings.database_url)
    try:
        with database.transaction() as session:
            fill_demo(session, settings.home_trust, password, sentence_vectors, topics(), now=datetime.now(timezone.utc))
    except (Conflict, DatabaseAway) as error:
        raise CannotStart(f"the sample inbox cannot be made: {error}") from None
    finally:
        database.engine.dispose()
    return password

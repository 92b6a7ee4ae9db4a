"""The database made ready, in a process of its own: tables, facts with their vectors, the contact kept for bad hours."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from zoneinfo import ZoneInfo

from bot.starting.children import child_environment, die_with
from bot.starting.refusal import CannotStart
from settings import ROOT, Settings

CHUNK = 320  # texts between two words on progress


@contextmanager
def preparing_facts() -> Iterator[subprocess.Popen[bytes]]:
    """Return a process that makes the database ready, and whose memory is given back; it does not outlive the block.

    It says itself, in one sentence, why it refused; its exit code is then not 0.
    """
    runner = os.getpid()
    preparing = subprocess.Popen(
        [sys.executable, "-m", "bot.starting.facts"], cwd=ROOT, env=child_environment(), start_new_session=True,
        preexec_fn=lambda: die_with(runner),
    )  # fmt: skip
    try:
        yield preparing
    finally:
        preparing.kill()
        preparing.wait()


def prepare(settings: Settings) -> None:
    """Migrate, load, and keep the contact. Raises CannotStart; the database is then as it was."""
    from alembic.util import CommandError
    from sqlalchemy.exc import SQLAlchemyError

    from bot.starting.progress import end_line
    from office.base.errors import BadFactFile, DatabaseAway

    try:
        _migrate_and_load(settings)
    except BadFactFile as error:
        raise CannotStart(f"data/facts/{error}") from None
    except DatabaseAway as error:
        end_line()
        raise CannotStart(f"the database {address(settings)} does not answer: {_in_one_line(error)}") from None
    except CommandError as error:
        raise CannotStart(f"the tables in {address(settings)} are not this version's: {_in_one_line(error)}") from None
    except SQLAlchemyError as error:
        end_line()
        raise CannotStart(f"the database {address(settings)} cannot be used: {_in_one_line(getattr(error, 'orig', error))}") from None


def _migrate_and_load(settings: Settings) -> None:
    import numpy as np

    from bot.starting.checking import check_encoder
    from bot.starting.progress import ProgressLine
    from language.encoder.vectors import sentence_vectors
    from office.answering.replies import contact_of, keep_contact
    from office.base.database import Database, load_alone
    from office.choosing.index import Index
    from office.facts.loading import load_facts

    def encode(texts: list[str]) -> np.ndarray:
        line = ProgressLine(f"Vectors of {len(texts)} wordings") if texts else None
        parts = [sentence_vectors([])]
        for start in range(0, len(texts), CHUNK):
            parts.append(sentence_vectors(texts[start : start + CHUNK]))
            if line:
                line.tick(f"{min(start + CHUNK, len(texts))} made")
        if line:
            line.done()
        return np.concatenate(parts)

    database = Database(settings.database_url)
    database.migrate()
    with database.transaction() as session:
        load_alone(session)
        now = datetime.now(timezone.utc)
        loaded = load_facts(session, ROOT / "data" / "facts", ROOT / "data" / "nlu", encode, check_encoder(), now=now)
        index = Index(session, {}, datetime.now(ZoneInfo("Europe/London")).date())
        if settings.home_trust not in index.trusts:
            known = ", ".join(sorted(index.trusts))
            raise CannotStart(f"USHER_HOME_TRUST is {settings.home_trust!r}; the trusts in data/facts are {known}.")
        keep_contact(contact_of(index, settings.home_trust), settings.var / "contact.json")
    print(f"Facts: {loaded.facts} {'up to date' if loaded.unchanged else 'loaded'}", flush=True)
    if loaded.contradictions:
        print(f"       {loaded.contradictions} pairs of them contradict each other: python -m bot doctor", flush=True)
    if loaded.staff_wins:
        print(f"       {loaded.staff_wins} keep the words of staff where the files offer others", flush=True)


def address(settings: Settings) -> str:
    """Return the database's address as it may be shown: without a password."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        return make_url(settings.database_url).render_as_string(hide_password=True)
    except ArgumentError:
        return "in USHER_DATABASE_URL"


def _in_one_line(error: object) -> str:
    return " ".join(str(error).split())


def main() -> None:
    """Make the database ready, or leave with one sentence."""
    try:
        prepare(Settings.read())
    except CannotStart as error:
        sys.exit(f"Usher is not running: {error}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()

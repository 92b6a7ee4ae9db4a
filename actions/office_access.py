"""The actions' way into the office: one database and one index of this process, opened at first use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from functools import lru_cache

from sqlalchemy.orm import Session

from language.acts.learned import act_reader, acts_of, danger_in, danger_reader, wish_of, wish_reader
from language.encoder.vectors import sentence_vector
from office.answering.message import STAFF_CHANNEL, Knowledge, Promises
from office.answering.replies import Contact, kept_contact
from office.base.database import Database
from office.base.workdays import london_day
from office.choosing.index import IndexKeeper
from office.facts.files import read_topics
from settings import ROOT, Settings


@dataclass(frozen=True)
class OfficeAccess:
    """What an action needs: the database, the index, the settings, and the contact kept for bad hours."""

    database: Database
    keeper: IndexKeeper
    settings: Settings

    def knowledge(self, session: Session, channel: str, now: datetime) -> Knowledge:
        """Return what is known at this moment to who asks by this channel."""
        index = self.keeper.current(session, london_day(now), staff=channel == STAFF_CHANNEL)
        return Knowledge(index, self.settings.home_trust, sentence_vector, Promises.by(self.settings), acts_of, wish_of, danger_in)

    def fallback_contact(self) -> Contact:
        """Return the contact from the local copy; asks no database."""
        return kept_contact(self.settings.var / "contact.json")


@lru_cache(maxsize=1)
def office_access() -> OfficeAccess:
    """Return this process's way into the office, opened at the first call. Raises BadFactFile, SettingsError."""
    settings = Settings.read()
    topics = read_topics(ROOT / "data" / "facts" / "topics.yml")
    return OfficeAccess(Database(settings.database_url), IndexKeeper(topics), settings)


def read_facts() -> None:
    """Have the facts, and what reads acts and danger, in memory before the first question. Raises DatabaseAway."""
    act_reader()
    danger_reader()
    wish_reader()
    office = office_access()
    with office.database.transaction() as session:
        office.keeper.current(session, london_day(datetime.now(timezone.utc)))

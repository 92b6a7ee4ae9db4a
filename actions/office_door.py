"""The actions' way into the office: one database and one index of this process, opened at first use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from office.answering.replies import Contact, kept_contact
from office.base.database import Database
from office.choosing.index import IndexKeeper
from office.facts.files import read_topics
from settings import ROOT, Settings

LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True)
class OfficeDoor:
    """What an action needs: the database, the index, the settings, and the contact kept for bad hours."""

    database: Database
    keeper: IndexKeeper
    settings: Settings

    @property
    def home(self) -> str:
        """The home trust's id."""
        return self.settings.home_trust

    def contact_for_bad_hours(self) -> Contact:
        """Give the contact from the local copy; asks no database."""
        return kept_contact(self.settings.var / "contact.json")


@lru_cache(maxsize=1)
def office_door() -> OfficeDoor:
    """Give this process's door, opened at the first call. Raises BadFactFile, SettingsError."""
    settings = Settings.read()
    topics = read_topics(ROOT / "data" / "facts" / "topics.yml")
    return OfficeDoor(Database(settings.database_url), IndexKeeper(topics), settings)


def read_facts() -> None:
    """Have the facts in memory before the first question. Raises DatabaseAway."""
    door = office_door()
    with door.database.transaction() as session:
        door.keeper.current(session, today())


def today() -> date:
    """Give the day it is in London, by which facts are current."""
    return datetime.now(LONDON).date()

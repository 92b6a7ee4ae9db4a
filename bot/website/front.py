"""The shop window: the trust's name and contact, the words the chat opens with, and the pages' templates."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from starlette.responses import HTMLResponse

from bot.website.records import ConversationRecords
from office.answering.replies import Contact, kept_contact
from office.base.errors import DatabaseAway
from office.facts.files import Topic
from settings import Settings

FIRST_QUESTIONS = ("membership", "cost", "membership_duration", "benefits", "how_to_join", "contacts")  # topics
SHOWN_QUESTIONS = 4
GREETING = "Hello. I am an automated assistant, not a person."
COVERS = (
    "I answer questions about joining {trust} from its published documents{dated}: what membership costs, how long it lasts, "
    "who can join, how governors fit in, and what help schools get. Where they say nothing, I say so, and whom to ask. "
    "If you would like somebody to get in touch, tell me."
)
NO_NAME = {"name": "Our trust", "short": "our trust"}


class FrontPages:
    """What the website says of the trust. Asks the database for names once, and does without where it is away."""

    def __init__(self, settings: Settings, records: ConversationRecords, topics: dict[str, Topic]) -> None:
        self._settings, self._records = settings, records
        self._topics = topics
        self._names: dict[str, str] | None = None
        self._templates = Environment(loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True)

    async def start(self, off: str = "") -> dict[str, Any]:
        """Return what the chat opens with; while it is switched off, that sentence, and whom to ask."""
        names = await self._trust()
        told = {} if off else await self._told_topics()
        questions = [self._topics[topic].button for topic in FIRST_QUESTIONS if topic in told]
        return {
            "greeting": off or GREETING,
            "covers": self.whom_to_ask() if off else _covers(names),
            "questions": questions[:SHOWN_QUESTIONS],
            "contact": self.whom_to_ask(),
            "privacy": "/privacy",
            "name": names["name"],
            "rest_minutes": self._settings.rest_minutes,
        }

    async def page(self, template: str, status: int = 200, headers: Mapping[str, str] | None = None, **more: str) -> HTMLResponse:
        """Return a page of the website."""
        contact, names = self._contact(), await self._trust()
        person = f"{contact.person}, {contact.role}" if contact.person and contact.role else contact.person
        text = self._templates.get_template(template).render(
            trust=names,
            contact={"text": contact.text, "person": person, "phone": contact.phone, "email": contact.email},
            covers=_covers(names),
            facts_as_of=names.get("dated", ""),
            keep=periods(self._settings),
            rest=self._settings.rest_minutes,
            telegram=bool(self._settings.telegram_token),
            **more,
        )
        return HTMLResponse(text, status, headers=headers)

    def whom_to_ask(self) -> str:
        """Return a sentence with the contact; asks no database."""
        return f"Please ask {self._contact().text}."

    def _contact(self) -> Contact:
        return kept_contact(self._settings.var / "contact.json")

    async def _told_topics(self) -> Collection[str]:
        """Return the topics on which the trust itself has facts, so that no first question is answered by another's; all where there are none."""
        with suppress(DatabaseAway):
            return await self._records.topics_of(self._settings.home_trust) or self._topics
        return self._topics

    async def _trust(self) -> dict[str, str]:
        if self._names is None:
            with suppress(DatabaseAway):
                self._names = await self._records.names(self._settings.home_trust)
        known = self._contact().trust
        return self._names or ({"name": known, "short": known} if known else NO_NAME)


def _covers(names: Mapping[str, str]) -> str:
    """Return what can be asked of the trust."""
    dated = names.get("dated")
    return COVERS.format(trust=names["short"], dated=f" of {dated}" if dated else "")


def periods(settings: Settings) -> dict[str, int]:
    """Return for how many days each kind of data is kept, for the privacy notice."""
    return {
        "enquiries": settings.retention_days,
        "leads": settings.retention_leads_days,
        "tracker": settings.retention_tracker_days,
        "logs": settings.retention_log_days,
        "audit": settings.retention_audit_days,
    }

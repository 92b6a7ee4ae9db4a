"""What a decision is about: the message as it was read, and what the trust knows when it is answered."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np

from language.text import shorten_runs
from office.answering.replies import Contact, contact_of
from office.base.limits import LONGEST_MESSAGE
from office.choosing.index import Index
from office.enquiries.masking import NAME
from office.enquiries.sensitive import is_sensitive, withhold

CLEARLY = 0.85  # below this, a longer message that sounds like small talk is first put to the facts
STAFF_CHANNEL, GROUP_CHANNEL = "telegram", "telegram_group"
_COMMAND = re.compile(r"^[\s/]+")


def as_received(text: str, *, in_danger: bool = False) -> tuple[str, bool]:
    """Return a message as it is passed on, and whether words about a pupil or somebody's health were left out of it.

    A typed `/restart` or `/ask_cost{…}` is a question like any other. Of somebody in danger nothing is left out: they get help first.
    """
    plain = shorten_runs(_COMMAND.sub("", text)[:LONGEST_MESSAGE])
    if in_danger:
        return plain or "?", False
    return (withhold(plain) if is_sensitive(plain) else plain) or "?", is_sensitive(text)


@dataclass(frozen=True)
class HeardMessage:
    """One message as it was read: its words, its intent, the questions in it, and where it was sent."""

    conversation: str
    text: str
    intent: str = "nlu_fallback"
    confidence: float = 0.0
    questions: tuple[dict[str, Any], ...] = ()
    foreign: bool = False
    withheld: bool = False  # it told of a pupil or of somebody's health, and its words are not passed on
    channel: str = "rest"
    in_form: bool = False  # the lead form is open
    source: str = ""  # a keyed hash of the visitor's address, where the channel knows it
    form_asked: str = ""  # what the form of the latest reply asked that the visitor saw

    @classmethod
    def parsed(cls, conversation: str, parsed: Mapping[str, Any], **more: Any) -> HeardMessage:
        """Return the message that Rasa's parse of it describes; `more` are fields that only the channel knows."""
        intent = parsed.get("intent") or {}
        return cls(
            conversation, parsed.get("text") or "", intent.get("name") or "nlu_fallback", float(intent.get("confidence") or 0.0),
            tuple(parsed.get("questions") or ()), bool(parsed.get("foreign")), **more,
        )  # fmt: skip

    @property
    def doubtful(self) -> bool:
        """Whether the intent is too unsure to be believed of more than a few words."""
        return self.confidence < CLEARLY and len(self.text.split()) > 3

    @property
    def wordless(self) -> bool:
        """Whether there is nothing in it to read."""
        return not self.questions or not any(c.isalnum() for c in self.text)

    def concealing(self, name: str) -> HeardMessage:
        """Return the message without somebody's name: who asks in the form may cancel it, and then nothing of them is kept."""
        parts = [re.escape(part) for part in name.split() if len(part) > 2]
        if not parts:
            return self
        pattern = re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)(?:\s(?:{'|'.join(parts)})(?!\w))*", re.I)
        questions = tuple(
            {**question, **{key: pattern.sub(NAME, question[key]) for key in ("text", "own", "bare") if key in question}}
            for question in self.questions
        )
        return replace(self, text=pattern.sub(NAME, self.text), questions=questions)


class PromiseSettings(Protocol):
    """The settings that hold what the form promises."""

    @property
    def reply_within_days(self) -> int: ...

    @property
    def retention_leads_days(self) -> int: ...

    @property
    def website_address(self) -> str: ...

    @property
    def limit_leads_per_conversation(self) -> int: ...

    @property
    def safeguarding_to(self) -> str: ...

    @property
    def limit_leads_per_address(self) -> int: ...


@dataclass(frozen=True)
class Promises:
    """What the form promises: within how many working days a reply comes, for how many days details are kept, and where that stands."""

    reply_within_days: int
    kept_days: int
    privacy_page: str
    leads_per_conversation: int = 0  # that are taken in a day; 0 is no limit
    leads_per_address: int = 0
    tells_of_danger: bool = False  # whether the trust's safeguarding lead is told that somebody in danger wrote

    @classmethod
    def by(cls, settings: PromiseSettings) -> Promises:
        """Return what is promised by the settings."""
        page = f"{settings.website_address}/privacy"
        limits = (settings.limit_leads_per_conversation, settings.limit_leads_per_address)
        return cls(settings.reply_within_days, settings.retention_leads_days, page, *limits, bool(settings.safeguarding_to))


@dataclass(frozen=True)
class Knowledge:
    """What is known when a message is answered: the facts of today, whose website it is, how a text becomes a vector."""

    index: Index
    home: str
    encode: Callable[[str], np.ndarray]
    promises: Promises
    acts: Callable[[str, str], Mapping[str, float]]  # of a text, and what was asked before it: each act's probability, likeliest first
    wish: Callable[[str], str | None]  # of a text: what somebody wishes who leaves their details
    danger: Callable[[str], float]  # of a text: how likely somebody in danger writes

    @property
    def contact(self) -> Contact:
        """Whom a visitor can ring or write to."""
        return contact_of(self.index, self.home)

    @property
    def trust(self) -> str:
        """The home trust's name."""
        return self.index.trusts[self.home].name

"""What was said in a lead's conversations, both sides in order, with what the office made of each question."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from office.base.staff import staff_of_chat
from office.enquiries.log import Enquiry, Question
from office.enquiries.transcripts import Message
from office.facts.model import Fact
from office.leads.model import STAFF_ASK, Lead, LeadConversation, before_this_lead, of_this_lead

MOST_MESSAGES = 400  # of one conversation; the latest are shown


@dataclass(frozen=True)
class TranscriptLine:
    """One message of a transcript."""

    author: str  # visitor or assistant
    text: str
    at: datetime
    thumb: str = ""
    buttons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Judged:
    """One question, as the office understood and answered it. `confidence` is a share of 1."""

    text: str
    outcome: str
    confidence: float
    facts: tuple[tuple[str, str], ...]  # id, what it says


@dataclass
class TranscriptTurn:
    """A visitor's message with the replies to it, and what was made of it."""

    said: list[TranscriptLine] = field(default_factory=list)
    judged: list[Judged] = field(default_factory=list)


@dataclass
class Talk:
    """One conversation of a lead."""

    conversation: str
    channel: str
    at: datetime
    wish: str
    message: str
    turns: list[TranscriptTurn] = field(default_factory=list)
    left_out: bool = False  # it is longer than what is shown
    unconfirmed: bool = False  # another conversation than the one that made the lead
    given: tuple[tuple[str, str], ...] = ()  # of an unconfirmed one: the details it gave, by their name
    taken_by: str = ""  # who of staff took it down, where that is known
    of_staff: bool = False  # staff took the lead down while they asked for themselves: what they asked is not the lead's

    @property
    def erased(self) -> bool:
        """Return whether nothing is kept of it any more."""
        return not self.turns


def talks_of(session: Session, lead: Lead) -> list[Talk]:
    """Return a lead's conversations, the first one first."""
    query = select(LeadConversation).where(LeadConversation.lead == lead.id).order_by(LeadConversation.at, LeadConversation.id)
    return [_talk(session, link) for link in session.execute(query).scalars()]


def _talk(session: Session, link: LeadConversation) -> Talk:
    given = tuple((name, str(value)) for name, value in (link.given or {}).items()) if not link.confirmed else ()
    talk = Talk(link.conversation, link.channel, link.at, link.wish, link.message, unconfirmed=not link.confirmed, given=given)
    if link.channel in STAFF_ASK:
        taker = staff_of_chat(session, link.conversation)
        talk.of_staff, talk.taken_by = True, taker.name if taker is not None else ""
        return talk
    since = before_this_lead(session, link)
    of_lead = () if since is None else (Message.said > since,)
    said = select(Message).where(Message.conversation == link.conversation, *of_lead).order_by(Message.number.desc())
    messages = list(session.execute(said.limit(MOST_MESSAGES + 1)).scalars())
    talk.left_out = len(messages) > MOST_MESSAGES
    messages = messages[:MOST_MESSAGES][::-1]
    asked = select(Enquiry).where(of_this_lead(session, link)).options(selectinload(Enquiry.questions))
    enquiries = list(session.execute(asked.order_by(Enquiry.sequence.desc()).limit(MOST_MESSAGES)).scalars())[::-1]
    facts = _sayings(session, enquiries)
    talk.turns = _turns(messages, enquiries, facts) if messages else [_turn_of(enquiry, facts) for enquiry in enquiries]
    return talk


def _turns(messages: list[Message], enquiries: list[Enquiry], facts: dict[str, str]) -> list[TranscriptTurn]:
    """Return the turns of a transcript, each with what was made of it: its messages name their enquiry.

    An enquiry that no message names stands by itself, at its moment: its answer never arrived.
    """
    turns: list[TranscriptTurn] = []
    left = {enquiry.id: enquiry for enquiry in enquiries}
    for message in messages:
        if message.author == "visitor" or not turns:
            turns.append(TranscriptTurn())
        titles = tuple(button["title"] for button in message.buttons)
        turns[-1].said.append(TranscriptLine(message.author, message.text, message.said, message.thumb or "", titles))
        if (enquiry := left.pop(message.enquiry or 0, None)) is not None:
            turns[-1].judged += _judged(enquiry.questions, facts)
    begins = messages[0].said
    alone = [_turn_of(enquiry, facts) for enquiry in left.values() if enquiry.received >= begins]
    return sorted([*turns, *alone], key=lambda turn: turn.said[0].at)


def _turn_of(enquiry: Enquiry, facts: dict[str, str]) -> TranscriptTurn:
    """Return the turn of an enquiry whose transcript is not kept: what was asked, and what came of it."""
    return TranscriptTurn([TranscriptLine("visitor", enquiry.text, enquiry.received)], _judged(enquiry.questions, facts))


def _judged(questions: list[Question], facts: dict[str, str]) -> list[Judged]:
    return [
        Judged(q.text, q.outcome, q.confidence, tuple((fact, facts.get(fact, "a fact that is no longer kept")) for fact in q.facts))
        for q in questions
    ]


def _sayings(session: Session, enquiries: list[Enquiry]) -> dict[str, str]:
    ids: set[Any] = {fact for enquiry in enquiries for question in enquiry.questions for fact in question.facts}
    return dict(session.execute(select(Fact.id, Fact.says).where(Fact.id.in_(ids))).all()) if ids else {}

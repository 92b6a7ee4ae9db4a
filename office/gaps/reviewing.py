"""Reviewing: a conversation as it was, turn by turn with what was made of it, and the turns that become regression questions."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from office.base.audit import audit
from office.base.errors import BadInput, Conflict, NotFound
from office.base.staff import Staff, require
from office.base.upsert import insert_missing
from office.enquiries.anonymous import without_details
from office.enquiries.log import Enquiry, Question
from office.enquiries.transcripts import Message
from office.facts.published import published_details
from office.gaps.model import GapQuestion, RegressionQuestion

REVIEWED = ("answered", "not_known", "declined")  # outcomes a question can be right to have
LED_ON = ("answered", "clarify", "not_known", "declined")  # outcomes of turns that a later question can lean on
LONGEST_TEXT, LONGEST_FACTS, MOST_BEFORE = 1000, 1000, 5


@dataclass(frozen=True)
class ReviewedQuestion:
    """One question of a turn with what was made of it; `gap` and `reviewed` are the numbers of what it belongs to."""

    question: Question
    gap: int | None
    reviewed: int | None

    @property
    def can_be_reviewed(self) -> bool:
        """Whether it may become a regression question."""
        return self.question.outcome in REVIEWED and self.reviewed is None


@dataclass
class ReviewedTurn:
    """One message, and where it is a reply, the questions it answers."""

    author: str
    text: str
    said: datetime
    thumb: str | None = None
    outcome: str = ""
    withheld: bool = False
    asked: list[ReviewedQuestion] = field(default_factory=list)


def transcript(session: Session, conversation: str, *, by: Staff, now: datetime, most: int = 500) -> list[ReviewedTurn]:
    """Return a conversation in order, with what was made of each message by its reply; an enquiry without a kept reply is on its own.

    That somebody read it is noted. Raises NotFound where nothing is kept of it.
    """
    require(by, "read facts")
    messages = session.execute(
        select(Message).where(Message.conversation == conversation).order_by(Message.number).limit(most)
    ).scalars().all()  # fmt: skip
    enquiries = session.execute(
        select(Enquiry).where(Enquiry.conversation == conversation).order_by(Enquiry.sequence).limit(most)
    ).scalars().all()  # fmt: skip
    if not messages and not enquiries:
        raise NotFound("nothing is kept of this conversation")
    audit(session, "view", f"conversation {conversation}"[:200], by=by, now=now)
    asked = _asked(session, enquiries)
    left = {enquiry.id: enquiry for enquiry in enquiries}
    turns: list[ReviewedTurn] = []
    for message in messages:
        turn = ReviewedTurn(message.author, message.text, message.said, message.thumb)
        enquiry = left.pop(message.enquiry or 0, None) if message.author == "assistant" else None
        if enquiry is not None:
            turn.outcome, turn.withheld = enquiry.outcome, enquiry.withheld
            turn.asked = [asked[question.id] for question in enquiry.questions]
        turns.append(turn)
    for enquiry in left.values():
        alone = ReviewedTurn("visitor", enquiry.text, enquiry.received, outcome=enquiry.outcome, withheld=enquiry.withheld)
        alone.asked = [asked[question.id] for question in enquiry.questions]
        turns.append(alone)
    return sorted(turns, key=lambda turn: turn.said)


def _asked(session: Session, enquiries: Sequence[Enquiry]) -> dict[int, ReviewedQuestion]:
    questions = [question for enquiry in enquiries for question in enquiry.questions]
    numbers = [question.id for question in questions]
    gaps = dict(session.execute(select(GapQuestion.question, GapQuestion.gap).where(GapQuestion.question.in_(numbers))).all())
    keys: dict[int, list[str]] = {}
    for question in questions:
        text = regression_text(session, question.text)
        keys[question.id] = [_key(text, []), _key(text, _turns_before(session, enquiries, question))]
    among = [key for both in keys.values() for key in both]
    kept = dict(session.execute(select(RegressionQuestion.key, RegressionQuestion.id).where(RegressionQuestion.key.in_(among))).all())
    reviewed = {number: next((kept[key] for key in both if key in kept), None) for number, both in keys.items()}
    return {question.id: ReviewedQuestion(question, gaps.get(question.id), reviewed[question.id]) for question in questions}


def regression_text(session: Session, text: str) -> str:
    """Return a question as it may be kept for good: without personal details, but with the people and numbers that facts publish."""
    return without_details(text, published_details(session))[:LONGEST_TEXT].strip()


def turns_before(session: Session, question: Question) -> list[str]:
    """Return what the visitor asked before a question, the latest last, without personal details: what the question may lean on."""
    here = session.get(Enquiry, question.enquiry)
    assert here is not None
    query = select(Enquiry).where(Enquiry.conversation == here.conversation, Enquiry.sequence <= here.sequence)
    latest = session.execute(query.order_by(Enquiry.sequence.desc()).limit(4 * MOST_BEFORE)).scalars().all()
    return _turns_before(session, latest[::-1], question)


def _turns_before(session: Session, enquiries: Sequence[Enquiry], question: Question) -> list[str]:
    """Small talk, forms and withheld words led to nothing; of the question's own message, what was asked ahead of it counts."""
    texts: list[str] = []
    for enquiry in enquiries:
        if enquiry.id == question.enquiry:
            texts += [one.text for one in enquiry.questions if one.position < question.position]
            break
        if enquiry.outcome in LED_ON and not enquiry.withheld:
            texts.append(enquiry.text)
    return [text for text in (regression_text(session, text) for text in texts[-MOST_BEFORE:]) if text]


def _key(text: str, before: Sequence[str]) -> str:
    return hashlib.sha256("\n".join([*before, text]).encode()).hexdigest()


def question_of(session: Session, number: int) -> tuple[Question, Enquiry]:
    """Return a question with its message. Raises NotFound."""
    query = select(Question, Enquiry).join(Enquiry, Question.enquiry == Enquiry.id).where(Question.id == number)
    row = session.execute(query).first()
    if row is None:
        raise NotFound("there is no such question")
    return row.Question, row.Enquiry


def make_regression(session: Session, number: int, *, leans: bool, by: Staff, now: datetime) -> RegressionQuestion:
    """Keep a question, with the outcome and facts it got, as one that is to go well for ever.

    One that `leans` on what was asked before takes those turns along. Raises NotFound, BadInput where it was withheld or has
    no outcome to compare, Conflict where it is kept already.
    """
    require(by, "work facts")
    question, enquiry = question_of(session, number)
    if enquiry.withheld or question.outcome not in REVIEWED:
        raise BadInput(
            "question", "Only a question that was answered, not known or declined can be kept, and none whose words were withheld."
        )
    text, before = regression_text(session, question.text), turns_before(session, question) if leans else []
    values = {
        "key": _key(text, before), "text": text, "before": "\n".join(before), "trust": question.trust, "outcome": question.outcome,
        "by": by.id, "at": now, "facts": " ".join(question.facts)[:LONGEST_FACTS] if question.outcome == "answered" else "",
    }  # fmt: skip
    if not insert_missing(session, RegressionQuestion, values):
        raise Conflict("This question is kept already.")
    kept = session.execute(select(RegressionQuestion).where(RegressionQuestion.key == values["key"])).scalar_one()
    audit(session, "add", f"regression question {kept.id}", by=by, now=now)
    return kept


def regressions(session: Session, *, limit: int, offset: int = 0) -> list[RegressionQuestion]:
    """Return the regression questions, newest first."""
    query = select(RegressionQuestion).order_by(RegressionQuestion.id.desc()).limit(limit).offset(offset)
    return list(session.execute(query).scalars())


def drop_regression(session: Session, number: int, *, by: Staff, now: datetime) -> RegressionQuestion:
    """Forget a regression question; `make learn` takes it out of its file. Raises NotFound."""
    require(by, "work facts")
    kept = session.get(RegressionQuestion, number)
    if kept is None:
        raise NotFound("there is no such question")
    audit(session, "erase", f"regression question {kept.id}", by=by, now=now)
    session.delete(kept)
    session.flush()
    return kept

"""What is held on one person, and its erasure everywhere: leads, conversations, Rasa's memory, the outbox, gaps."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import unquote_plus

from sqlalchemy import Column, Date, Integer, String, delete, func, select
from sqlalchemy.orm import Mapped, Session

from office.base.audit import audit
from office.base.database import Moment, Name, Table
from office.base.errors import BadInput
from office.base.staff import Staff, require
from office.base.upsert import add_counts
from office.base.workdays import london_day
from office.enquiries.anonymous import without_details
from office.enquiries.counts import count_before_forgetting
from office.enquiries.log import Enquiry, Question
from office.enquiries.transcripts import Message
from office.facts.model import FactVersion, Wording
from office.facts.published import published_details
from office.gaps.model import Gap, GapQuestion, RegressionQuestion
from office.leads.model import Lead, LeadChange, LeadConversation, LeadDraft, LeadNote, SavedView, folded
from office.outbox.feedback import Feedback
from office.outbox.telegram import TelegramMessage
from office.personal.memory import assistant_memory
from office.personal.person_file import PersonFile, conversations_of, notifications_of, telegram_about, with_joined

ONE_TURN = timedelta(seconds=90)  # a turn that is under way while its conversation is erased has written its last by then
ERASED_WORDS = "(erased)"
SPEAKERS = 100  # questions of a gap that are looked at for one to speak for it
NATIONAL = 9  # digits by which a number is known, however it begins


class ErasedConversation(Table):
    """A conversation that was erased a moment ago, kept for a day: Rasa may have been in the middle of a turn and write again."""

    __tablename__ = "erased_conversation"
    conversation: Mapped[str] = Column(Name(200), primary_key=True)
    at: Mapped[datetime] = Column(Moment, nullable=False)


class ErasedCount(Table):
    """How many leads of a month were erased, by channel and wish: all that is left of them."""

    __tablename__ = "erased_count"
    month: Mapped[date] = Column(Date, primary_key=True)  # the first day of the month they came in, in London
    channel: Mapped[str] = Column(Name(30), primary_key=True)
    wish: Mapped[str] = Column(String(20), primary_key=True)
    how: Mapped[str] = Column(String(20), primary_key=True)  # request or retention
    n: Mapped[int] = Column(Integer, nullable=False)


def erase_person(session: Session, file: PersonFile, *, typed: str, by: Staff, now: datetime) -> Counter[str]:
    """Erase all of a person's file; return how much of each kind. An anonymous count and an entry in the audit log stay.

    `typed` is what the admin typed to confirm: the reference, or for a conversation its first eight characters. Raises BadInput.
    """
    require(by, "see to privacy")
    wanted = file.references[0] if file.leads else file.conversations[0][:8]
    allowed = file.references or [wanted]
    if typed.strip().upper() not in [name.upper() for name in allowed]:
        raise BadInput("typed", f"Type {wanted} to confirm. Nothing was erased.")
    about = file.about  # while its leads are there
    known = _sent_by(session, file.conversations)  # of others too: two people may have shared a screen
    erased = erase_conversations(session, file.conversations, now=now)
    # a form that was being sent held its draft until then
    leads = [*file.leads, *(lead for number, lead in _sent_by(session, file.conversations).items() if number not in known)]
    erased += Counter(leads=len(leads)) + erase_leads(session, leads, how="request", now=now)
    audit(session, "erase", about, by=by, now=now, **{name: number for name, number in sorted(erased.items()) if number})
    return erased


def _sent_by(session: Session, conversations: Sequence[str]) -> dict[int, Lead]:
    """Return the leads that these conversations sent, by their number."""
    sent = select(LeadConversation.lead).where(LeadConversation.conversation.in_(conversations))
    return {int(lead.id): lead for lead in session.execute(select(Lead).where(Lead.id.in_(sent))).scalars()}


def erase_leads(session: Session, leads: Sequence[Lead], *, how: str, now: datetime) -> Counter[str]:
    """Erase leads with all that hangs on them; return how much. Places keep their school, and the conversations stay."""
    leads = with_joined(session, leads)
    ids, references = [lead.id for lead in leads], [lead.reference for lead in leads]
    erased: Counter[str] = Counter()
    for lead in leads:
        _count(session, lead, how)
        if how == "request":
            erased += _erase_mentions(session, lead)
    for notification in notifications_of(session, references):
        session.delete(notification)
        erased["notifications"] += 1
    drafts = delete(LeadDraft).where(LeadDraft.conversation.in_(conversations_of(session, leads)))
    erased["drafts"] += session.execute(drafts).rowcount
    erased["telegram_messages"] += session.execute(delete(TelegramMessage).where(telegram_about(references))).rowcount
    session.flush()
    for table, name in ((LeadNote, "notes"), (LeadChange, "changes"), (LeadConversation, "")):
        number = session.execute(delete(table).where(table.lead.in_(ids)).execution_options(synchronize_session=False)).rowcount
        erased[name or "links"] += number
    # one statement: a lead goes with those that went into it, and none of them comes to life in between
    session.execute(delete(Lead).where(Lead.id.in_(ids)).execution_options(synchronize_session=False))
    for lead in leads:
        session.expunge(lead)
    return +erased


def erase_conversations(session: Session, conversations: Iterable[str], *, now: datetime) -> Counter[str]:
    """Erase all that conversations left; return how much. What a turn under way still writes is erased by `finish_erasures`."""
    erased: Counter[str] = Counter()
    for name in conversations:
        erased += _erase_conversation(session, name, until=None)
        session.merge(ErasedConversation(conversation=name, at=now))
    return erased


def finish_erasures(session: Session, *, now: datetime) -> bool:
    """Erase what was written into erased conversations by a turn that was under way; return whether there was any such conversation.

    What somebody says there later is a new conversation of theirs, and stays.
    """
    lately = session.execute(select(ErasedConversation)).scalars().all()
    for erased in lately:
        _erase_conversation(session, erased.conversation, until=erased.at + ONE_TURN)
        if erased.at < now - 2 * ONE_TURN:
            session.delete(erased)
    return bool(lately)


def _erase_conversation(session: Session, name: str, *, until: datetime | None) -> Counter[str]:
    """Erase what a conversation left, all of it or what is from before `until`."""
    erased: Counter[str] = Counter()
    enquiries = Enquiry.conversation == name if until is None else (Enquiry.conversation == name) & (Enquiry.received <= until)
    numbers = session.execute(select(Enquiry.id).where(enquiries)).scalars().all()
    if numbers:
        erased["enquiries"] += forget_enquiries_where(session, Enquiry.id.in_(numbers))
    for table, kind, at in ((Message, "messages", Message.said), (LeadDraft, "drafts", LeadDraft.changed)):
        erased[kind] += _delete(session, table, *(() if until is None else (at <= until,)), table.conversation == name)
    erased["assistant_memory"] += assistant_memory().forget(session, name, until=until)
    return +erased


def forget_enquiries_where(session: Session, which: Any) -> int:
    """Erase the enquiries that a condition chooses, once they are counted; return how many."""
    count_before_forgetting(session, which)
    gaps = gaps_with(session, which)
    _delete(session, Question, Question.enquiry.in_(select(Enquiry.id).where(which)))
    erased = _delete(session, Enquiry, which)
    mend_gaps(session, gaps)
    return erased


def _delete(session: Session, table: Any, *which: Any) -> int:
    return int(session.execute(delete(table).where(*which).execution_options(synchronize_session=False)).rowcount)


def gaps_with(session: Session, which: Any) -> set[int]:
    """Return the gaps that hold questions of the enquiries a condition chooses."""
    query = select(GapQuestion.gap).join(Question, GapQuestion.question == Question.id).join(Enquiry, Question.enquiry == Enquiry.id)
    return set(session.execute(query.where(which)).scalars())


def mend_gaps(session: Session, gaps: Iterable[int]) -> None:
    """Take the words of questions that are gone out of these gaps: another question of the gap speaks for it, or it goes too."""
    for number in sorted(set(gaps)):
        gap = session.get(Gap, number)
        if gap is None:
            continue
        own = select(Question.text).join(GapQuestion, GapQuestion.question == Question.id).where(GapQuestion.gap == number)
        left = [
            without_details(said, published_details(session))
            for said in session.execute(own.order_by(Question.id.desc()).limit(SPEAKERS)).scalars()
        ]
        if gap.text in left:
            continue
        if not left and gap.state == "open":
            session.delete(gap)
        else:
            gap.text = left[0] if left else ERASED_WORDS
    session.flush()


def _erase_mentions(session: Session, lead: Lead) -> Counter[str]:
    """Erase words of staff's tables that name the person: saved searches, wordings of facts, questions kept for `make learn`."""
    names = _naming(lead)
    erased: Counter[str] = Counter()
    for table, column in (
        (SavedView, "query"), (Wording, "text"), (RegressionQuestion, "text"), (RegressionQuestion, "before"), (Feedback, "text"),
    ):  # fmt: skip
        for row in session.execute(select(table)).scalars():
            said = getattr(row, column)
            if names(unquote_plus(said) if table is SavedView else said):
                session.delete(row)
                erased["mentions"] += 1
    for version in session.execute(select(FactVersion)).scalars():
        had = version.was.get("wordings", [])
        if left := [text for text in had if names(text)]:
            version.was = {**version.was, "wordings": [text for text in had if text not in left]}
            erased["mentions"] += len(left)
    session.flush()
    return erased


def _naming(lead: Lead) -> Callable[[str], bool]:
    """Return what says whether a text names the person: by the whole name, the address, or the number however it is written."""
    signs = [folded(sign) for sign in (lead.name if " " in (lead.name or "").strip() else "", lead.email) if sign]
    whole = re.match(r"[+\d\s()-]*", lead.phone or "")  # without an extension
    number = _digits(whole[0] if whole else "")[-NATIONAL:]

    def names(text: str) -> bool:
        return any(sign in folded(text) for sign in signs) or len(number) == NATIONAL and number in _digits(text)

    return names


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _count(session: Session, lead: Lead, how: str) -> None:
    month = london_day(lead.received).replace(day=1)
    row = {"month": month, "channel": lead.channel, "wish": lead.wish, "how": how, "n": 1}
    add_counts(session, ErasedCount, ("month", "channel", "wish", "how"), [row])


def erased_counts(session: Session) -> list[tuple[str, int]]:
    """Return how many leads were erased on request, and how many because their time was over."""
    counts = dict(session.execute(select(ErasedCount.how, func.sum(ErasedCount.n)).group_by(ErasedCount.how)).all())
    titles = {"request": "On request", "retention": "Because their time was over"}
    return [(title, int(counts[how])) for how, title in titles.items() if counts.get(how)]

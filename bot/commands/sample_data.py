"""A sample inbox to look at: plainly made-up leads at every step, their conversations, gaps, places and people, by the real verbs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from office.base.errors import Conflict
from office.base.staff import Staff
from office.base.workdays import LONDON, add_working_days, london_day
from office.enquiries.counts import count_new
from office.enquiries.log import Question, log_enquiry
from office.enquiries.transcripts import rate_message, write_message
from office.facts.editing import Encode
from office.facts.files import Topic
from office.facts.model import Fact, Wording
from office.facts.typed import FactWords
from office.gaps.answering import answer_gap, set_aside
from office.gaps.grouping import group_new
from office.gaps.model import ranked_gaps
from office.gaps.reviewing import make_regression
from office.leads.model import WISHES, Lead, LeadDetails, log_lead
from office.leads.places import add_term, places_ahead, suggested_terms
from office.leads.status import change_status
from office.leads.working import add_note, plan_action, take_over
from office.people.accounts import add_staff, set_password, staff_by_email

PEOPLE = (("Sample Admin", "admin"), ("Sample PA", "pa"), ("Sample Colleague", "staff"))  # role@demo.example.org
DAYS, LEADS, ONLY_ASKING = 60, 30, 45
REPLY_WITHIN = 2  # working days
PLACES = 4  # of a term; one stays free
HOURS = (9, 15, 11, 8, 16, 10, 13, 19, 12, 14, 10, 20, 17)  # at which a school asks, one visitor after the other
UNTIL_CONTACT = (2, 5, 23, 49, 4, 96)  # hours
ROLES = ("headteacher", "chair of governors", "school business manager", "deputy head", "")
MINIBUS, BEES = "Is there a minibus we could share with other schools?", "Would you look after our beehives?"
NOT_KNOWN = (
    ("Do you run a minibus service between schools?", "transport"), (MINIBUS, "transport"), ("Could you lend us a minibus?", "transport"),
    ("Do you help with sports day?", "sport"), ("Who would mow our playing field?", "premises"), (BEES, ""),
    ("Can our choir sing with the other choirs?", "music_and_arts"), ("Is there a shared choir?", "music_and_arts"),
    ("Do you have a lending library of costumes?", "music_and_arts"),
)  # fmt: skip
ASKED_BACK = "Could you say a little more? I am not sure what you mean."
HONEST = "I do not know that: none of our documents says it. I can pass your question on to somebody at the trust."
THANKS = "Thank you. Your reference is {reference}. Somebody will get back to you."
MESSAGES = ("", "Please ring after half past three.", "We are a small school and would like to hear how others find it.", "")
STEPS = ("contacted", "conversation", "visit", "associate", "deciding", "due_diligence", "joined")


@dataclass
class Demo:
    """What the sample inbox is made of, while it is made."""

    session: Session
    trust: str
    now: datetime
    topics: dict[str, Topic]
    known: list[tuple[str, Fact]] = field(default_factory=list)  # a question, and the fact that answers it
    staff: dict[str, Staff] = field(default_factory=dict)  # role → id


def is_filled(session: Session) -> bool:
    """Return whether the sample leads are there. Raises Conflict for a database in which somebody real is kept."""
    real = select(Lead.id).where(Lead.sample.is_(False)).limit(1)
    others = select(Staff.id).where(Staff.email.not_in([_email(role) for _, role in PEOPLE])).limit(1)
    if session.execute(real).scalar() is not None or session.execute(others).scalar() is not None:
        raise Conflict("that database holds real leads or real people, and sample ones do not go beside them")
    return session.execute(select(Lead.id).limit(1)).scalar() is not None


def fill_demo(session: Session, trust: str, password: str, encode: Encode, topics: dict[str, Topic], *, now: datetime) -> None:
    """Fill a throw-away database that has its facts; one that is filled already only gets the new password.

    Raises Conflict for a database in which somebody real is kept.
    """
    filled = is_filled(session)
    demo = Demo(session, trust, now, topics, staff=_people(session, password, now))
    if filled:
        return
    demo.known = _known(session, trust)
    for term in suggested_terms(session, london_day(now))[:2]:
        year, season = term.id.split("-")
        add_term(session, int(year), season, term.begins, term.ends, PLACES, by=demo.staff["pa"], now=now - timedelta(days=DAYS))
    _conversations(demo)
    group_new(session, encode, now=now, limit=1000)
    _work_gaps(demo, encode)
    count_new(session, now=now)


def _people(session: Session, password: str, now: datetime) -> dict[str, Staff]:
    made: dict[str, Staff] = {}
    for name, role in PEOPLE:
        staff = staff_by_email(session, _email(role)) or add_staff(session, name=name, email=_email(role), role=role, by=None, now=now)
        set_password(session, staff, password, by=None, now=now)
        made[role] = staff
    return made


def _email(role: str) -> str:
    return f"{role}@demo.example.org"


def _known(session: Session, trust: str) -> list[tuple[str, Fact]]:
    """Return questions that facts of the trust answer, one for each topic."""
    query = select(Wording.text, Fact).join(Fact, (Wording.kind == "fact") & (Wording.owner == Fact.id))
    said = (Fact.trust == trust, Fact.retired.is_(False), Fact.audience == "public", Wording.text != Fact.says)
    rows = session.execute(query.where(*said).order_by(Fact.id, Wording.id)).all()
    best: dict[str, tuple[str, Fact]] = {}
    for text, fact in rows:  # the longest wording reads most like a person
        if fact.topic not in best or (fact.id == best[fact.topic][1].id and len(text) > len(best[fact.topic][0])):
            best[fact.topic] = (text, fact)
    return list(best.values())


def _conversations(demo: Demo) -> None:
    """Let visitors come one after the other, the earliest first, every few hours by day, up to an hour ago."""
    visitors, leads = LEADS + ONLY_ASKING, 0
    for number in range(visitors):
        at = _when(demo, number, visitors)
        conversation = f"demo-{number}"
        heard = _ask(demo, conversation, number, at)
        if number % 5 in (0, 3) and leads < LEADS:
            _lead(demo, conversation, leads, heard)
            leads += 1


def _when(demo: Demo, number: int, visitors: int) -> datetime:
    """The hours of a school's day, seldom a weekend, and never less than an hour ago."""
    day = london_day(demo.now - timedelta(days=DAYS) * (visitors - 1 - number) / visitors)
    if day.weekday() > 4 and number % 4:
        day -= timedelta(days=day.weekday() - 4)
    minutes = number * 37 % 50
    at = datetime.combine(day, time(HOURS[number % len(HOURS)], minutes), LONDON).astimezone(timezone.utc)
    return min(at, demo.now - timedelta(minutes=60 + minutes + visitors - number))


def _ask(demo: Demo, conversation: str, number: int, at: datetime) -> datetime:
    """One visitor asks two to four things; give when that was over."""
    for turn in range(2 + number % 3):
        at += timedelta(seconds=40)
        if (number + turn) % 4 == 3:
            text, topic = NOT_KNOWN[number * 7 % len(NOT_KNOWN)]
            _turn(demo, conversation, text, None, "not_known", at, topic if topic in demo.topics else "")
        elif (number + turn) % 11 == 10:
            _turn(demo, conversation, "and that other thing?", None, "clarify", at)
        else:
            text, fact = demo.known[(number * 3 + turn) % len(demo.known)]
            _turn(demo, conversation, text, fact, "answered", at)
    return at + timedelta(minutes=1)


def _turn(demo: Demo, conversation: str, text: str, fact: Fact | None, outcome: str, at: datetime, topic: str = "") -> None:
    channel = "website"
    question: dict[str, Any] = {
        "text": text, "trust": demo.trust, "topics": [fact.topic] if fact else [topic] if topic else [], "outcome": outcome, "facts": [fact.id] if fact else [],
        "confidence": 0.93 if fact else 0.31,
    }  # fmt: skip
    said = fact.says if fact else HONEST if outcome == "not_known" else ASKED_BACK
    enquiry = log_enquiry(
        demo.session, conversation=conversation, channel=channel, text=text, withheld=False, outcome=outcome, questions=[question], now=at
    )
    write_message(demo.session, conversation, "visitor", text, now=at, enquiry=enquiry.id)
    custom = {"outcome": outcome, "questions": [], "next": [], "enquiry": enquiry.sequence}
    reply = write_message(demo.session, conversation, "assistant", said, now=at + timedelta(seconds=1), custom=custom)
    if fact and enquiry.id % 17 == 0:
        rate_message(demo.session, conversation, reply.number, "down")


def _lead(demo: Demo, conversation: str, number: int, at: datetime) -> None:
    """A visitor leaves details. Every tenth shares an office with the one before; every twelfth is somebody who asks again."""
    person = number - 1 if number % 12 == 11 else number
    school = person - 1 if person % 10 == 9 else person
    details = LeadDetails(
        conversation, "website", f"Sample Head {person + 1}", f"Sample Primary School {school + 1}", WISHES[number % len(WISHES)], at,
        role=ROLES[person % len(ROLES)], email=f"office{school + 1}@school.example.org", sample=True,
        phone=f"+44 7700 900{100 + person:03d}" if person % 3 else None, message=MESSAGES[number % len(MESSAGES)],
    )  # fmt: skip
    lead = log_lead(demo.session, details, reply_within=REPLY_WITHIN, now=at)
    write_message(demo.session, conversation, "assistant", THANKS.format(reference=lead.reference), now=at)
    if person == number:
        _work(demo, lead, number, at)


def _work(demo: Demo, lead: Lead, number: int, received: datetime) -> None:
    """Bring a lead as far as its number says: those who came lately are new, the others at every step, some ended."""
    if demo.now - received < timedelta(days=4) or number % 8 == 0:
        return
    step, at = number % len(STEPS), received + timedelta(hours=UNTIL_CONTACT[number % len(UNTIL_CONTACT)])
    by = demo.staff["pa" if number % 3 else "admin"]
    take_over(demo.session, lead, by.id, by=by, now=at)
    for status in STEPS[: step + 1]:
        term = next((term.id for term, _, free in places_ahead(demo.session, london_day(demo.now)) if free > 1), None)
        if status == "associate" and term is None:
            continue
        visit = _visit(demo, number) if status == "visit" else None
        change_status(demo.session, lead, status, by=by, now=at, term=term if status == "associate" else None, visit=visit)
        at = min(at + timedelta(days=1), demo.now - timedelta(minutes=5))
    add_note(demo.session, lead, "Rang the office; they are friendly and busy until Thursday.", by=by, now=at)
    if number % 9 == 4 and number % 12 != 10:  # who asks again is owed a reply, and not put off
        change_status(demo.session, lead, "not_now", by=by, now=at, revisit=london_day(demo.now) + timedelta(days=40))
    elif number % 9 == 7:
        change_status(demo.session, lead, "closed", by=by, now=at, reason="Joined another trust")
    elif lead.status != "joined" and number % 4:
        plan_action(demo.session, lead, "Ring the head", _due(demo, number, at), by=by, now=at)


def _work_gaps(demo: Demo, encode: Encode) -> None:
    """One gap is answered, with a day to look at it again that has come; one is not ours; two questions are reviewed."""
    session = demo.session
    by = demo.staff["pa"]
    encoder = session.execute(select(Wording.encoder).limit(1)).scalar()
    at = demo.now - timedelta(minutes=30)
    gaps = [one.gap for one in ranked_gaps(session, limit=100, now=demo.now)]
    answered = next((gap for gap in gaps if gap.text == MINIBUS), gaps[0])
    topic = "transport" if "transport" in demo.topics else next(iter(demo.topics))
    words = FactWords(topic, "Sample answer: the schools share one minibus, by arrangement.", review=london_day(demo.now))
    answer_gap(session, answered, words, demo.topics, trust=demo.trust, by=by, encode=encode, encoder=encoder, now=at)
    if bees := next((gap for gap in gaps if gap.text == BEES and gap is not answered), None):
        set_aside(session, bees, "Sample reason: bees are for the school's own gardener.", by=by, now=at)
    kept = select(Question.id).where(Question.outcome == "answered").order_by(Question.id)
    for number, leans in zip(session.execute(kept.limit(2)).scalars().all(), (False, True)):
        make_regression(session, number, leans=leans, by=by, now=at)


def _visit(demo: Demo, number: int) -> datetime:
    """An hour of a school's day, on a working day that is to come."""
    day = add_working_days(london_day(demo.now) + timedelta(days=7 + number % 5), 0)
    return datetime.combine(day, time(9 + number % 7, 30), LONDON).astimezone(timezone.utc)


def _due(demo: Demo, number: int, at: datetime) -> date:
    """A day that is past, today or to come, but never before the day it was planned on."""
    return max(london_day(demo.now) + timedelta(days=(-3, 0, 2, 9, 0, 16)[number % 6]), london_day(at))

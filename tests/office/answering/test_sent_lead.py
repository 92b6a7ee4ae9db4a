"""What somebody says once their lead is sent: it reaches the lead, and the staff who work it."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select

from office.base.database import Database
from office.leads.duplicates import join
from office.leads.model import Lead, LeadConversation
from office.leads.status import change_status
from office.leads.talks import talks_of
from office.outbox.queue import Notification
from tests.office.answering.visitor import SKIP, OfficeVisitor, knowledge_of, pat

JO = ("Hill Primary", "Jo Hill", "head", "jo@hill.example.org or 07700 900555", SKIP)
ADDED = "I have passed that on"


def visitor(database: Database, now: datetime) -> OfficeVisitor:
    return OfficeVisitor(database, knowledge_of(database, now), now)


def only_lead(database: Database) -> Lead:
    with database.transaction() as session:
        return session.execute(select(Lead)).scalar_one()


def told_of(database: Database) -> list[str]:
    with database.transaction() as session:
        return [row.kind for row in session.execute(select(Notification).order_by(Notification.id)).scalars()]


@pytest.mark.parametrize(
    "more",
    ["only after 4pm please", "and please tell them we have a deficit", "by the way, I am out on Tuesdays", "one more thing: ask for me at the office"],
)  # fmt: skip
def test_what_is_said_later_reaches_the_lead_and_those_who_work_it(more: str, database: Database, now: datetime) -> None:
    with database.transaction() as session:
        pat(session, now)
    jo = visitor(database, now)
    reference = jo.sends(*JO)
    with database.transaction() as session:
        session.execute(select(Lead)).scalar_one().unread = False
    said = jo.say(more)
    lead = only_lead(database)
    assert ADDED in said and reference in said and jo.last["reference"] == reference
    assert more in lead.message and lead.unread
    assert told_of(database) == ["new_lead", "added"]


@pytest.mark.parametrize(
    ("more", "field", "value"),
    [
        ("put my other mobile instead, 07700 900777", "phone", "+44 7700 900777"),
        ("sorry, my e-mail is jo.hill@hill.example.org", "email", "jo.hill@hill.example.org"),
        ("07700 900777", "phone", "+44 7700 900777"),
        ("no, it's Hill Junior not Hill Primary", "school", "Hill Junior"),
    ],
)
def test_what_is_set_right_later_is_set_right_in_the_lead(more: str, field: str, value: str, database: Database, now: datetime) -> None:
    jo = visitor(database, now)
    jo.sends(*JO)
    assert ADDED in jo.say(more)
    assert getattr(only_lead(database), field) == value


def test_what_another_conversation_adds_stands_beside(database: Database, now: datetime) -> None:
    jo, stranger = visitor(database, now), visitor(database, now)
    jo.sends(*JO)
    stranger.sends("Elm Road Primary", "Jo Hill", "chair of governors", "jo@hill.example.org", SKIP)
    before = only_lead(database)
    assert ADDED in stranger.say("07700 900999") and ADDED in stranger.say("only after 4pm please")
    lead = only_lead(database)
    assert (lead.phone, lead.message) == (before.phone, before.message) and lead.unconfirmed
    with database.transaction() as session:
        link = session.execute(select(LeadConversation).where(LeadConversation.conversation == stranger.conversation)).scalar_one()
        assert link.beside["phone"] == "+44 7700 900999" and "after 4pm" in link.message


def test_the_same_said_twice_is_told_once(database: Database, now: datetime) -> None:
    with database.transaction() as session:
        pat(session, now)
    jo = visitor(database, now)
    jo.sends(*JO)
    for _ in range(2):
        jo.say("only after 4pm please")
    assert told_of(database) == ["new_lead", "added"] and only_lead(database).message.count("4pm") == 1


def test_a_lead_that_ended_stays_ended_when_something_is_added(database: Database, now: datetime) -> None:
    jo = visitor(database, now)
    jo.sends(*JO)
    with database.transaction() as session:
        change_status(session, session.execute(select(Lead)).scalar_one(), "closed", by=pat(session, now), now=now, reason="not now")
    assert ADDED in jo.say("07700 900777")
    lead = only_lead(database)
    assert lead.unread and lead.open_person is None and lead.status == "closed"


def test_what_is_added_to_a_merged_lead_is_told_of_the_one_that_staff_work(database: Database, now: datetime) -> None:
    jo, other = visitor(database, now), visitor(database, now)
    first = jo.sends(*JO)
    kept = other.sends("Hill Primary", "Joan Hill", "head", "joan@hill.example.org", SKIP)
    with database.transaction() as session:
        of = {lead.reference: lead for lead in session.execute(select(Lead)).scalars()}
        join(session, of[kept], of[first], by=pat(session, now), now=now)
        of[kept].unread = False
    jo.say("only after 4pm please")
    with database.transaction() as session:
        of = {lead.reference: lead for lead in session.execute(select(Lead)).scalars()}
        assert of[kept].unread and "4pm" in of[first].message
        owed = session.execute(select(Notification).where(Notification.kind == "added")).scalars().all()
        assert {row.lead for row in owed} == {kept}


def test_who_sent_nothing_adds_to_nothing(database: Database, now: datetime) -> None:
    assert ADDED not in visitor(database, now).say("only after 4pm please")


def test_staff_in_telegram_are_asked_of_somebody_else_and_named_in_the_lead(database: Database, now: datetime) -> None:
    with database.transaction() as session:
        sam = pat(session, now)
        sam.telegram = 4711
        name = sam.name
    chat = OfficeVisitor(database, knowledge_of(database, now), now, channel="telegram", conversation="telegram-4711")
    for head in ("Ann Hill", "Bea Dale", "Cy Marsh"):
        assert "Have they agreed" in chat.say("a head would like a call back")
        assert "Which school are they from?" in chat.say("Yes, they agreed")
        chat.say(f"{head.split()[1]} Primary")
        assert "role" in chat.say(head) and "reach them" in chat.say("head")
        chat.say("01632 960123")
        assert head in chat.say(SKIP) and "They would like" in chat.heard[-1]
        chat.say("yes, send it")
    with database.transaction() as session:
        leads = session.execute(select(Lead).order_by(Lead.id)).scalars().all()
        assert [lead.name for lead in leads] == ["Ann Hill", "Bea Dale", "Cy Marsh"]
        assert not any(lead.first_question or lead.unanswered for lead in leads)
        assert {talk.taken_by for lead in leads for talk in talks_of(session, lead)} == {name}

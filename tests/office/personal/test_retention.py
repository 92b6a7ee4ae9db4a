"""Forgetting on time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, text

from office.base.audit import AuditEntry, audit
from office.base.database import Database
from office.base.staff import Invitation, PasswordLink, SignIn, Staff
from office.enquiries.counts import EnquiryCount
from office.enquiries.log import Enquiry, Question, log_enquiry
from office.enquiries.transcripts import NOT_KEPT, Message, messages_after, write_message
from office.leads.model import Lead, LeadDetails, LeadDraft, log_lead
from office.personal.erasure import ErasedCount
from office.personal.retention import BITE, Periods, clear_expired, forget_some

pytestmark = pytest.mark.both_databases

FEE = {"text": "fee?", "trust": "oakdale", "topics": [], "outcome": "answered", "facts": [], "confidence": 1.0}
PERIODS = Periods(enquiries=timedelta(days=365), leads=timedelta(days=730), tracker=timedelta(days=90), audit=timedelta(days=1095))


def forget_all(database: Database, now: datetime) -> int:
    """Forget bite by bite, as the worker does; give how many bites it took."""
    bites = 1
    while _forget_one(database, now):
        bites += 1
    return bites


def _forget_one(database: Database, now: datetime) -> bool:
    with database.transaction() as session:
        return forget_some(session, PERIODS, now=now)


def test_each_kind_is_forgotten_after_its_own_time_and_not_a_day_before(database: Database, now: datetime) -> None:
    with database.transaction() as session:
        session.execute(text("CREATE TABLE events (sender_id VARCHAR(255), timestamp FLOAT)"))
        for days in (89, 91, 364, 366, 729, 731, 1094, 1096):
            at = now - timedelta(days=days)
            name = f"{days:04}"
            session.execute(text("INSERT INTO events VALUES (:name, :at)"), {"name": name, "at": at.timestamp()})
            log_enquiry(
                session, conversation=name, channel="website", text="fee?", withheld=False, outcome="answered", questions=[FEE], now=at
            )
            write_message(session, name, "visitor", "fee?", now=at)
            lead = log_lead(
                session,
                LeadDetails(name, "website", f"Robin {name}", "Anytown", "visit", at, email="r@example.org"),
                reply_within=2,
                now=at,
            )
            audit(session, "view", f"lead {lead.reference}", by=None, now=at)
    forget_all(database, now)
    with database.transaction() as session:

        def kept(column: Any) -> list[str]:
            return sorted(session.execute(select(column)).scalars())

        assert session.execute(text("SELECT sender_id FROM events ORDER BY 1")).scalars().all() == ["0089"]
        assert kept(Enquiry.conversation) == kept(Message.conversation) == ["0089", "0091", "0364"]
        assert len(kept(Question.id)) == 3
        assert kept(Lead.conversation) == ["0089", "0091", "0364", "0366", "0729"]
        assert len(kept(AuditEntry.id)) == 7
        assert sum(kept(ErasedCount.n)) == 3 and set(kept(ErasedCount.how)) == {"retention"}
        assert sum(kept(EnquiryCount.n)) == 5, "the numbers of forgotten enquiries stay"


def test_much_is_forgotten_in_small_bites_and_forgetting_twice_changes_nothing(database: Database, now: datetime) -> None:
    old = now - timedelta(days=400)
    with database.transaction() as session:
        rows = [
            {"conversation": f"c{number}", "number": 1, "author": "visitor", "text": "fee?", "buttons": [], "said": old}
            for number in range(BITE + 100)
        ]
        session.execute(insert(Message.__table__), rows)
    assert forget_all(database, now) == 2
    assert forget_all(database, now) == 1


def test_a_lead_that_was_joined_is_kept_as_long_as_the_one_it_went_into(database: Database, now: datetime) -> None:
    with database.transaction() as session:
        for name, days in (("old", 800), ("new", 10)):
            at = now - timedelta(days=days)
            log_lead(
                session,
                LeadDetails(name, "website", f"Robin {name}", "Anytown", "visit", at, email="r@example.org"),
                reply_within=2,
                now=at,
            )
    with database.transaction() as session:
        old, new = (session.execute(select(Lead).where(Lead.conversation == name)).scalar_one() for name in ("old", "new"))
        old.survivor = new.id
    forget_all(database, now)
    with database.transaction() as session:
        assert len(session.execute(select(Lead)).scalars().all()) == 2
        session.execute(select(Lead).where(Lead.conversation == "new")).scalar_one().changed = now - timedelta(days=731)
    forget_all(database, now)
    with database.transaction() as session:
        assert session.execute(select(Lead)).first() is None


def test_what_ran_out_is_cleared_and_what_holds_stays(database: Database, now: datetime) -> None:
    hour = timedelta(hours=1)
    with database.transaction() as session:
        staff = Staff(name="Pat Example", email="pat@example.org", role="pa", made=now)
        session.add(staff)
        session.flush()
        for name, at in (("out", now - hour), ("holds", now + hour)):
            session.add_all([
                SignIn(token=name, staff=staff.id, begun=now, used=now, expires=at),
                Invitation(code=name, staff=staff.id, made=now, expires=at),
                PasswordLink(code=name, staff=staff.id, made=now, expires=at),
                LeadDraft(conversation=name, details={}, consented=now, changed=at - timedelta(hours=24)),
            ])  # fmt: skip
    with database.transaction() as session:
        clear_expired(session, now=now)
        clear_expired(session, now=now)
    with database.transaction() as session:
        for column in (SignIn.token, Invitation.code, PasswordLink.code, LeadDraft.conversation):
            assert session.execute(select(column)).scalars().all() == ["holds"], column


def test_a_form_left_lying_takes_its_words_out_of_the_transcript_and_leaves_what_was_said_before(database: Database, now: datetime) -> None:
    begun = now - timedelta(hours=25)
    said = [("visitor", "how much is it?", None, -1), ("assistant", "£499", None, -1), ("visitor", "Robin Example", None, 1),
            ("assistant", "Robin Example, what is your role?", {"form": "role"}, 1), ("visitor", "how long?", None, 1),
            ("assistant", "A year.", None, 1)]  # fmt: skip
    with database.transaction() as session:
        for author, words, custom, minutes in said:
            write_message(session, "c", author, words, now=begun + timedelta(minutes=minutes), custom=custom)
        session.add(LeadDraft(conversation="c", details={"name": "Robin Example"}, consented=begun, changed=begun))
    with database.transaction() as session:
        clear_expired(session, now=now)
    with database.transaction() as session:
        kept = [message.text for message in messages_after(session, "c", 0)]
        assert kept == ["how much is it?", "£499", NOT_KEPT, NOT_KEPT, NOT_KEPT, "A year."]
        assert session.get(LeadDraft, "c") is None

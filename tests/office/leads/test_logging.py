"""Leads: kept once whatever happens, told of in the same transaction, and found again."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import func, select

from office.base.database import Database
from office.base.errors import ConsentMissing, UnreachableLead
from office.base.workdays import london_day
from office.enquiries.log import log_enquiry
from office.leads.duplicates import join
from office.leads.model import Lead, LeadChange, LeadConversation, LeadDetails, folded, log_lead, search_text
from office.leads.urgency import end_of
from office.leads.working import WITHDRAWAL, ask_withdrawal
from office.outbox.queue import Notification
from tests.office.made_up import ann

pytestmark = pytest.mark.both_databases

Send = Callable[..., Lead]


def details(now: datetime, **more: object) -> LeadDetails:
    return replace(
        LeadDetails(
            conversation="anna", channel="website", name="Zoë O’Brien", school="Oak Primary", role="head", email="zoe@oak.example",
            wish="call_back", consented=now,
        ),
        **more,
    )  # fmt: skip


@pytest.fixture
def send(database: Database, now: datetime) -> Send:
    """Log a lead in a transaction of its own."""

    def do(at: datetime | None = None, **more: object) -> Lead:
        with database.transaction() as session:
            return log_lead(session, details(now, **more), reply_within=2, now=at or now)

    return do


def count(database: Database, table: object) -> int:
    with database.transaction() as session:
        return int(session.execute(select(func.count()).select_from(table)).scalar() or 0)


def test_a_lead_its_link_and_what_is_owed_come_together(database: Database, send: Send) -> None:
    lead = send()
    assert lead.reference.startswith("U-") and lead.status == "new" and lead.unread
    assert (count(database, LeadConversation), count(database, Notification)) == (1, 1)


def test_without_consent_nothing_is_kept(database: Database, send: Send) -> None:
    with pytest.raises(ConsentMissing):
        send(consented=None)
    assert count(database, Lead) == 0 and count(database, Notification) == 0


def test_nobody_is_kept_who_cannot_be_reached(database: Database, send: Send) -> None:
    with pytest.raises(UnreachableLead):
        send(email=None)
    assert count(database, Lead) == 0


def test_what_is_owed_goes_with_the_lead_where_the_transaction_fails(database: Database, now: datetime) -> None:
    with pytest.raises(RuntimeError), database.transaction() as session:
        log_lead(session, details(now), reply_within=2, now=now)
        raise RuntimeError
    assert (count(database, Lead), count(database, Notification), count(database, LeadConversation)) == (0, 0, 0)


def test_who_takes_their_consent_back_is_brought_before_staff_once(database: Database, send: Send, now: datetime) -> None:
    reference = send().reference
    for _ in range(2):
        with database.transaction() as session:
            lead = session.execute(select(Lead)).scalar_one()
            lead.unread = False
            ask_withdrawal(session, lead, now=now)
    with database.transaction() as session:
        lead = session.execute(select(Lead)).scalar_one()
        kinds = [(one.kind, one.about) for one in session.execute(select(Notification).order_by(Notification.id)).scalars()]
        assert kinds == [("new_lead", reference), ("withdrawal", reference)]
        assert (lead.due, lead.next_action) == (london_day(now), WITHDRAWAL) and lead.urgent_at <= end_of(london_day(now))
        (change,) = session.execute(select(LeadChange)).scalars()
        assert change.staff is None and change.fields["next_action"] == ["", WITHDRAWAL]


def test_of_a_lead_that_was_merged_the_one_that_is_kept_is_brought_before_staff(database: Database, send: Send, now: datetime) -> None:
    kept, merged = send().reference, send(conversation="ben", name="Z. O’Brien").reference
    with database.transaction() as session:
        leads = {lead.reference: lead for lead in session.execute(select(Lead)).scalars()}
        join(session, leads[kept], leads[merged], by=ann(session, now), now=now)
        ask_withdrawal(session, leads[merged], now=now)
    with database.transaction() as session:
        assert {lead.reference: lead.next_action for lead in session.execute(select(Lead)).scalars()} == {kept: WITHDRAWAL, merged: ""}


def test_the_same_details_twice_in_a_conversation_update_one_lead(database: Database, send: Send) -> None:
    first, second = send(), send(wish="visit", message="on a Tuesday, please")
    assert first.reference == second.reference and second.wish == "visit" and second.asked_again == 0
    assert count(database, Lead) == 1 and count(database, Notification) == 1


def test_the_same_person_in_another_conversation_joins_their_open_lead(database: Database, send: Send, now: datetime) -> None:
    first, again = send(), send(conversation="later", at=now + timedelta(days=9), name="zoe o'brien", email="ZOE@oak.example")
    assert first.reference == again.reference and again.asked_again == 1 and again.unread
    assert again.promised == first.promised  # a promise that stands is not put off by somebody who has proved nothing
    assert count(database, LeadConversation) == 2 and count(database, Notification) == 2
    with database.transaction() as session:
        own, other = session.execute(select(LeadConversation).order_by(LeadConversation.id)).scalars()
        assert own.promised == first.promised < other.promised


def test_who_sends_again_once_somebody_got_back_to_them_asks_again(database: Database, send: Send, now: datetime) -> None:
    first = send()
    with database.transaction() as session:
        session.get(Lead, first.id).owed = False
    again = send(at=now + timedelta(days=9), wish="visit")
    assert again.reference == first.reference and again.asked_again == 1 and again.promised > first.promised
    assert count(database, Notification) == 2


def test_two_people_who_share_an_address_are_two_leads(database: Database, send: Send) -> None:
    assert send().reference != send(name="Sam Field").reference
    assert count(database, Lead) == 2


def test_who_asks_again_after_the_end_is_a_new_lead(database: Database, send: Send) -> None:
    first = send()
    with database.transaction() as session:
        ended = session.get(Lead, first.id)
        ended.status, ended.open_person = "closed", None
    assert send(conversation="later").reference != first.reference


def test_sent_by_eight_at_once_it_is_one_lead(database: Database, send: Send) -> None:
    seen: list[str] = []
    threads = [threading.Thread(target=lambda n=n: seen.append(send(conversation=f"c{n % 2}").reference)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 8 and len(set(seen)) == 1
    assert count(database, Lead) == 1 and count(database, LeadConversation) == 2


def test_it_carries_what_was_asked_and_what_nobody_could_answer(database: Database, send: Send, now: datetime) -> None:
    with database.transaction() as session:
        for words, outcome in (("hello", "chitchat"), ("how much is it?", "answered"), ("is there a pension?", "not_known")):
            question = {"text": words, "trust": None, "topics": [], "outcome": outcome, "facts": [], "confidence": 0.9}
            log_enquiry(
                session, conversation="anna", channel="website", text=words, withheld=False, outcome=outcome, questions=[question], now=now
            )
    lead = send()
    assert lead.first_question == "how much is it?" and lead.unanswered == ["is there a pension?"]


def test_the_reply_is_promised_in_working_days(send: Send) -> None:
    friday_evening = datetime(2026, 12, 18, 18, 0, tzinfo=timezone.utc)
    assert send(at=friday_evening).promised == datetime(2026, 12, 23, 17, 0, tzinfo=timezone.utc)
    before_christmas = datetime(2026, 12, 23, 10, 0, tzinfo=timezone.utc)
    assert send(at=before_christmas, name="Sam Field").promised == datetime(2026, 12, 29, 17, 0, tzinfo=timezone.utc)


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "<script>alert(1)</script>", "x" * 200, "Ω≈ç√", "a\0b", "\ud83d", "🏫 Oak"])
def test_whatever_is_in_a_name_can_be_kept(send: Send, text: str) -> None:
    assert send(name=text, school=text, role=text, message=text * 10).reference


def test_the_search_knows_no_accents_and_no_capitals(send: Send) -> None:
    assert {"zoe", "obrien", "oak", "primary"} <= set(search_text(send()).split()) and folded("  ÉCOLE   Oak ") == "ecole oak"

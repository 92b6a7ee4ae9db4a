from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from office.base.audit import AuditEntry
from office.base.database import Database
from office.base.errors import BadInput, Conflict
from office.base.staff import Staff
from office.leads.changes import history, undo
from office.leads.duplicates import join, joined_into, part, suggested_duplicates
from office.leads.lists import LeadFilter, list_leads
from office.leads.model import Lead, LeadConversation, LeadDetails, log_lead
from office.leads.places import Term, place_of_lead
from office.leads.status import change_status
from office.leads.working import add_note, notes_of

PHONE = "+44 7700 900123"


@pytest.fixture
def pa(database: Database, now: datetime) -> Staff:
    with database.transaction() as session:
        session.add(pa := Staff(id=1, name="Sample PA", email="pa@example.org", role="pa", made=now))
    return pa


def lead(session: Session, number: int, *, now: datetime, **given: str | None) -> Lead:
    told = {"name": "Sample Head", "school": "Sample School", "email": "office@example.org", **given}
    details = LeadDetails(f"c-{number}", "website", wish="visit", consented=now, **told)  # type: ignore[arg-type]
    return log_lead(session, details, reply_within=2, now=now)


@pytest.mark.both_databases
def test_the_same_address_number_or_name_and_school_is_suggested(database: Database, now: datetime) -> None:
    with database.transaction() as session:
        first = lead(session, 1, now=now, phone=PHONE)
        by_email = lead(session, 2, now=now, name="Sample Bursar", school="Other School", email="OFFICE@example.org")
        by_phone = lead(session, 3, now=now, name="Sample Governor", email=None, phone=f"{PHONE} ext. 4", school="Third School")
        by_name = lead(session, 4, now=now, name="SAMPLE  héad", email="head@example.org", school="sample school")
        lead(session, 5, now=now, name="Somebody Else", email="else@example.org")  # only the school is the same
        found = {suggestion.lead.id: suggestion for suggestion in suggested_duplicates(session, first)}
        assert set(found) == {by_email.id, by_phone.id, by_name.id}
        assert found[by_email.id].why == ("email",)
        assert "perhaps two people of one office" in found[by_email.id].reason
        assert found[by_phone.id].why == ("phone",)
        assert found[by_name.id].why == ("name",)
        assert found[by_name.id].reason == "same name and school"
        assert suggested_duplicates(session, first)[0].lead.id == by_name.id


def test_leads_without_an_address_or_number_in_common_are_not_compared_by_nothing(database: Database, now: datetime) -> None:
    with database.transaction() as session:
        first = lead(session, 1, now=now, email=None, phone="+44 7700 900001", school="A")
        lead(session, 2, now=now, email=None, phone="+44 7700 900002", school="B")
        assert suggested_duplicates(session, first) == []


@pytest.mark.both_databases
def test_a_joined_lead_leaves_the_lists_and_keeps_its_notes_and_conversations(database: Database, pa: Staff, now: datetime) -> None:
    with database.transaction() as session:
        survivor, duplicate = lead(session, 1, now=now), lead(session, 2, now=now, name="S. Head")
        add_note(session, duplicate, "Rang twice.", by=pa, now=now)
        join(session, survivor, duplicate, by=pa, now=now)
        assert [one.id for _, one in list_leads(session, LeadFilter(view="all"), now=now).rows] == [survivor.id]
        assert joined_into(session, survivor) == [duplicate]
        assert len(notes_of(session, duplicate)) == 1
        assert session.execute(select(LeadConversation.conversation).where(LeadConversation.lead == duplicate.id)).scalar() == "c-2"
        assert suggested_duplicates(session, survivor) == suggested_duplicates(session, duplicate) == []
        with pytest.raises(Conflict, match=survivor.reference):
            change_status(session, duplicate, "contacted", by=pa, now=now)
        entries = session.execute(select(AuditEntry.about).where(AuditEntry.action == "change")).scalars().all()
        assert {f"lead {survivor.reference}", f"lead {duplicate.reference}"} <= set(entries)


def test_who_joined_and_asks_again_is_not_put_to_the_lead_that_was_set_aside(database: Database, pa: Staff, now: datetime) -> None:
    with database.transaction() as session:
        survivor, duplicate = lead(session, 1, now=now), lead(session, 2, now=now, name="S. Head")
        join(session, survivor, duplicate, by=pa, now=now)
        again = lead(session, 3, now=now, name="S. Head")
        assert again.id not in (survivor.id, duplicate.id)
        with pytest.raises(Conflict, match=again.reference):
            part(session, duplicate, by=pa, now=now)


def test_the_survivor_owes_the_reply_that_the_duplicate_was_promised(database: Database, pa: Staff, now: datetime) -> None:
    with database.transaction() as session:
        survivor = lead(session, 1, now=now - timedelta(days=20))
        change_status(session, survivor, "contacted", by=pa, now=now - timedelta(days=19))
        duplicate = lead(session, 2, now=now, name="S. Head")
        assert not survivor.owed
        before = survivor.promised
        join(session, survivor, duplicate, by=pa, now=now)
        assert survivor.owed
        assert survivor.unread
        assert survivor.promised == duplicate.promised
        part(session, duplicate, by=pa, now=now)
        assert not survivor.owed
        assert survivor.promised == before


@pytest.mark.both_databases
def test_parting_gives_back_two_leads_and_both_remember_it(database: Database, pa: Staff, now: datetime) -> None:
    with database.transaction() as session:
        survivor, duplicate = lead(session, 1, now=now), lead(session, 2, now=now, name="S. Head")
        person = duplicate.open_person
        join(session, survivor, duplicate, by=pa, now=now)
        assert part(session, duplicate, by=pa, now=now) is survivor
        assert (duplicate.survivor, duplicate.open_person, duplicate.standing) == (None, person, "unplanned")
        assert joined_into(session, survivor) == []
        assert lead(session, 2, now=now, name="S. Head").id == duplicate.id
        with pytest.raises(Conflict, match="not merged"):
            part(session, duplicate, by=pa, now=now)
        join(session, duplicate, survivor, by=pa, now=now)  # the other way round
        assert survivor.survivor == duplicate.id
        assert len(history(session, survivor)) == len(history(session, duplicate)) == 3


def test_the_survivor_holds_the_place_of_the_duplicate_until_they_are_parted(database: Database, pa: Staff, now: datetime) -> None:
    with database.transaction() as session:
        survivor, duplicate = lead(session, 1, now=now), lead(session, 2, now=now, name="S. Head", school="The Sample")
        session.add(Term(id="2027-spring", begins=date(2027, 1, 4), ends=date(2027, 3, 24), places=1))
        change_status(session, duplicate, "associate", term="2027-spring", by=pa, now=now)
        join(session, survivor, duplicate, by=pa, now=now)
        assert place_of_lead(session, survivor, "2027-spring").lead == survivor.id
        part(session, duplicate, by=pa, now=now)
        assert place_of_lead(session, survivor, "2027-spring") is None
        assert place_of_lead(session, duplicate, "2027-spring").lead == duplicate.id


def test_what_was_done_to_the_survivor_since_stays_when_they_are_parted(database: Database, pa: Staff, now: datetime) -> None:
    with database.transaction() as session:
        survivor, duplicate = lead(session, 1, now=now), lead(session, 2, now=now, name="S. Head")
        join(session, survivor, duplicate, by=pa, now=now)
        change_status(session, survivor, "contacted", by=pa, now=now)
        part(session, duplicate, by=pa, now=now)
        assert survivor.status == "contacted"
        assert not survivor.owed


def test_a_joining_is_undone_by_parting_only(database: Database, pa: Staff, now: datetime) -> None:
    with database.transaction() as session:
        survivor, duplicate = lead(session, 1, now=now), lead(session, 2, now=now, name="S. Head")
        join(session, survivor, duplicate, by=pa, now=now)
        for one in (survivor, duplicate):
            with pytest.raises(Conflict):
                undo(session, history(session, one)[0][0], by=pa, now=now)


@pytest.mark.both_databases
def test_what_cannot_be_joined_is_refused_by_name(database: Database, pa: Staff, now: datetime) -> None:
    with database.transaction() as session:
        first, second, third = (lead(session, number, now=now, name=f"Sample Head {number}") for number in (1, 2, 3))
        with pytest.raises(BadInput):
            join(session, first, first, by=pa, now=now)
        join(session, first, second, by=pa, now=now)
        for survivor, duplicate in ((third, second), (second, third)):
            with pytest.raises(Conflict, match=f"{second.reference} was merged into {first.reference}"):
                join(session, survivor, duplicate, by=pa, now=now)
        change_status(session, first, "closed", reason="Went elsewhere", by=pa, now=now)
        with pytest.raises(Conflict, match=rf"\({third.reference}\) is still open: keep that one"):
            join(session, first, third, by=pa, now=now)
        join(session, third, first, by=pa, now=now)


@pytest.mark.both_databases
def test_two_people_joining_the_same_two_leads_each_way_at_once_join_them_once(database: Database, pa: Staff, now: datetime) -> None:
    with database.transaction() as session:
        ids = [lead(session, number, now=now, name=f"Sample Head {number}").id for number in (1, 2)]
    together = Barrier(2)

    def do(order: list[int]) -> str:
        together.wait()
        try:
            with database.transaction() as session:
                survivor, duplicate = (session.get(Lead, number) for number in order)
                join(session, survivor, duplicate, by=pa, now=now)
            return "joined"
        except Conflict:
            return "conflict"

    with ThreadPoolExecutor(2) as people:
        assert sorted(people.map(do, (ids, ids[::-1]))) == ["conflict", "joined"]
    with database.transaction() as session:
        assert len(session.execute(select(Lead).where(Lead.survivor.is_(None))).all()) == 1

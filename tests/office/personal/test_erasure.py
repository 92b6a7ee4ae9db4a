"""Erasing a person everywhere, and giving out what is held."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import select, text

from office.base.database import Database
from office.base.errors import BadInput, ConsentMissing, DatabaseAway, NotFound
from office.base.staff import Staff
from office.enquiries.log import Enquiry, Question, log_enquiry
from office.enquiries.transcripts import Message, write_message
from office.facts.model import Fact, FactVersion, Subject, Trust, pack
from office.gaps.model import Gap, GapQuestion, RegressionQuestion
from office.leads.form import Draft, keep_draft, read_draft, send_draft
from office.leads.model import Lead, LeadChange, LeadConversation, LeadDetails, LeadDraft, LeadNote, SavedView, log_lead
from office.leads.places import Place, Term
from office.outbox.feedback import Feedback
from office.outbox.queue import Notification
from office.outbox.telegram import remember_message
from office.personal.erasure import ONE_TURN, ErasedConversation, ErasedCount, erase_person, finish_erasures
from office.personal.person_file import PersonFile, export_person, file_of_conversation, file_of_lead, find_person
from tests.living import wait_until
from tests.office.made_up import alex

pytestmark = pytest.mark.both_databases

OPEN = np.full(384, 1 / np.sqrt(384), np.float32)


def ask(session, conversation: str, said: str, now: datetime, outcome: str = "not_known") -> int:
    question = {"text": said, "trust": None, "topics": [], "outcome": outcome, "facts": [], "confidence": 0.1}
    enquiry = log_enquiry(session, conversation=conversation, channel="website", text=said, withheld=False, outcome=outcome,
                          questions=[question], now=now)  # fmt: skip
    write_message(session, conversation, "visitor", said, now=now)
    return int(enquiry.questions[0].id)


def lead_of(session, conversation: str, now: datetime, name: str = "Robin Example", **more: object) -> Lead:
    details = LeadDetails(
        conversation, "website", name, "Anytown Primary", "visit", now, email=f"{name.split()[0].lower()}@school.example", **more
    )
    return log_lead(session, details, reply_within=2, now=now)


@pytest.fixture
def filled(database: Database, now: datetime) -> Database:
    """Robin's lead with all that can hang on one, and Kim's beside it."""
    with database.transaction() as session:
        session.execute(text("CREATE TABLE events (sender_id VARCHAR(255), type_name VARCHAR(255), timestamp FLOAT, data TEXT)"))
        for name in ("robins", "kims"):
            session.execute(text("INSERT INTO events VALUES (:name, 'user', :at, '{}')"), {"name": name, "at": now.timestamp()})
        staff = Staff(name="Pat Example", email="pat@example.org", role="pa", made=now)
        session.add_all(
            [staff, Trust(id="t", name="T", short="T", aliases=[]), Term(id="2027-spring", begins=now.date(), ends=now.date(), places=2)]
        )
        session.flush()
        session.add(Subject(id="t.f", trust="t", title="Dogs", topic="dogs"))
        session.flush()
        session.add(Fact(id="f.f.f", trust="t", topic="dogs", subject="t.f", position=1, says="Dogs are let in.", as_of="2026-09-01"))
        session.flush()
        first, second = ask(session, "robins", "may Robin Example bring a dog?", now), ask(session, "kims", "are dogs allowed?", now)
        gap = Gap(text="may Robin Example bring a dog?", asked=2, latest=now, centre=pack(OPEN))
        alone = Gap(text="is there parking for Robin Example?", asked=1, latest=now, centre=pack(OPEN))
        session.add_all([gap, alone])
        session.flush()
        third = ask(session, "robins", "is there parking for Robin Example?", now)
        session.add_all([
            GapQuestion(gap=gap.id, question=first, why="not_known"), GapQuestion(gap=gap.id, question=second, why="not_known"),
            GapQuestion(gap=alone.id, question=third, why="not_known"),
        ])  # fmt: skip
        robin, kim = lead_of(session, "robins", now, phone="+441632960123"), lead_of(session, "kims", now, "Kim Example")
        for lead in (robin, kim):
            session.add_all([
                LeadNote(lead=lead.id, staff=staff.id, text="rang", at=now), LeadChange(lead=lead.id, at=now, version=2, fields={"name": ["a", "b"]}),
                LeadDraft(conversation=lead.conversation, details={"name": lead.name}, consented=now, changed=now),
            ])  # fmt: skip
            remember_message(session, 70001, lead.id, f"lead {lead.reference}", now=now)
        session.add_all([
            Place(term="2027-spring", number=1, school="Anytown Primary", school_key="x", lead=robin.id, given=now),
            SavedView(staff=staff.id, name="hers", query="q=Robin+Example"), SavedView(staff=staff.id, name="new", query="status=new"),
            SavedView(staff=staff.id, name="his", query="q=%2B44+1632+960123"),
            Feedback(staff=staff.id, text="his number is (01632) 960123", at=now), Feedback(staff=staff.id, text="not +44 1632 960124", at=now),
            Feedback(staff=staff.id, text="robin example was told the old fee", at=now), Feedback(staff=staff.id, text="good", at=now),
            FactVersion(fact="f.f.f", at=now, was={"wordings": ["is a dog let in", "I am Robin Example, is a dog let in"]}),
            RegressionQuestion(key="1", text="and is that all?", before="may robin example bring a dog?", outcome="not_known", at=now),
        ])  # fmt: skip
    return database


def robin_of(session) -> Lead:
    return session.execute(select(Lead).where(Lead.name == "Robin Example")).scalar_one()


def test_all_that_is_held_on_a_person_and_nothing_of_another_is_given_out(filled: Database, now: datetime) -> None:
    with filled.transaction() as session:
        held = export_person(session, file_of_lead(session, robin_of(session).reference), by=alex(session, now), now=now)
    assert {name: len(rows) for name, rows in held.items()} == {
        "leads": 1, "notes": 1, "changes": 1, "conversations_of_leads": 1, "drafts": 1, "messages": 2, "enquiries": 2, "assistant_memory": 1,
        "notifications": 1, "telegram_messages": 1, "audit": 1,
    }  # fmt: skip
    given = json.dumps(held)
    assert "Robin Example" in given and "Kim" not in given and "email_key" not in given


def test_a_person_is_erased_everywhere_and_the_other_stays_whole(filled: Database, now: datetime) -> None:
    with filled.transaction() as session:
        robin = robin_of(session)
        number, reference = robin.id, robin.reference
        erased = erase_person(session, file_of_lead(session, reference), typed=reference.lower(), by=alex(session, now), now=now)
        assert erased["leads"] == 1 and erased["messages"] == erased["enquiries"] == 2 and erased["assistant_memory"] == 1
    with filled.transaction() as session:
        for table in (LeadNote, LeadChange, LeadConversation):
            assert [row.lead for row in session.execute(select(table)).scalars()] == [number + 1]
        for table in (Message, Enquiry, LeadDraft):
            assert {row.conversation for row in session.execute(select(table)).scalars()} == {"kims"}
        assert session.execute(text("SELECT sender_id FROM events")).scalars().all() == ["kims"]
        assert len(session.execute(select(Question)).scalars().all()) == 1
        assert reference not in session.execute(select(Notification.about)).scalars().all()
        assert [gap.text for gap in session.execute(select(Gap)).scalars()] == ["are dogs allowed?"]
        assert session.execute(select(RegressionQuestion)).first() is None
        assert session.execute(select(FactVersion.was)).scalar() == {"wordings": ["is a dog let in"]}
        assert session.execute(select(SavedView.name)).scalars().all() == ["new"]
        assert set(session.execute(select(Feedback.text)).scalars()) == {"not +44 1632 960124", "good"}
        place = session.execute(select(Place)).scalar_one()
        assert place.school == "Anytown Primary" and place.lead is None
        assert [(row.channel, row.wish, row.how, row.n) for row in session.execute(select(ErasedCount)).scalars()] == [
            ("website", "visit", "request", 1)
        ]
        assert (
            not find_person(session, "Robin Example", by=alex(session, now), now=now).leads
            and find_person(session, "Kim Example", by=alex(session, now), now=now).leads
        )


def test_no_word_of_the_person_stays_in_the_file(filled: Database, now: datetime) -> None:
    if filled.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL's files are its own; its vacuum sees to them")
    with filled.transaction() as session:
        robin = robin_of(session)
        robin.message = "Xylophonic " * 500  # longer than a page
    with filled.transaction() as session:
        robin = robin_of(session)
        erase_person(session, file_of_lead(session, robin.reference), typed=robin.reference, by=alex(session, now), now=now)
    with filled.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    file = Path(str(filled.engine.url.database))
    kept = file.read_bytes() + b"".join(other.read_bytes() for other in file.parent.glob("usher.db-*"))
    assert b"Robin Example" not in kept and b"Xylophonic" not in kept and b"Kim Example" in kept


def test_a_lead_goes_with_those_that_were_joined_with_it(filled: Database, now: datetime) -> None:
    with filled.transaction() as session:
        robin = robin_of(session)
        kim = session.execute(select(Lead).where(Lead.name == "Kim Example")).scalar_one()
        kim.survivor = robin.id
        session.flush()
        assert file_of_lead(session, kim.reference).references == [robin.reference, kim.reference]
        erase_person(session, file_of_lead(session, kim.reference), typed=kim.reference, by=alex(session, now), now=now)
    with filled.transaction() as session:
        assert session.execute(select(Lead)).first() is None and session.execute(select(Message)).first() is None


@pytest.mark.parametrize("typed", ["", "U-000000", "yes", "x" * 10_000, "\0", "😀"], ids=range(6))
def test_without_the_right_reference_nothing_is_erased(filled: Database, now: datetime, typed: str) -> None:
    with filled.transaction() as session, pytest.raises(BadInput):
        erase_person(session, file_of_lead(session, robin_of(session).reference), typed=typed, by=alex(session, now), now=now)
    with filled.transaction() as session:
        assert robin_of(session) is not None
        with pytest.raises(NotFound):
            file_of_lead(session, typed or "U-000000")


def test_what_a_turn_under_way_writes_after_the_erasure_is_erased_too(filled: Database, now: datetime) -> None:
    with filled.transaction() as session:
        robin = robin_of(session)
        erase_person(session, file_of_lead(session, robin.reference), typed=robin.reference, by=alex(session, now), now=now)
    later = now + timedelta(seconds=5)
    with filled.transaction() as session:  # Rasa saves the tracker it had read, and the website the reply
        for at in (now - timedelta(hours=1), later):
            session.execute(text("INSERT INTO events VALUES ('robins', 'user', :at, '{}')"), {"at": at.timestamp()})
        ask(session, "robins", "and a cat?", later)
    with filled.transaction() as session:
        assert finish_erasures(session, now=later) and finish_erasures(session, now=later)
        assert session.execute(text("SELECT sender_id FROM events")).scalars().all() == ["kims"]
        assert session.execute(select(Enquiry.conversation)).scalars().all() == ["kims"]
    much_later = now + ONE_TURN + timedelta(seconds=1)
    with filled.transaction() as session:  # what somebody says there afterwards is theirs again
        ask(session, "robins", "hello again", much_later)
        finish_erasures(session, now=now + 3 * ONE_TURN)
    with filled.transaction() as session:
        assert "robins" in session.execute(select(Enquiry.conversation)).scalars().all()
        assert session.execute(select(ErasedConversation)).first() is None
        assert not finish_erasures(session, now=now + 4 * ONE_TURN)


def test_a_conversation_without_a_lead_can_be_found_given_out_and_erased(database: Database, now: datetime) -> None:
    with database.transaction() as session:
        ask(session, "alone", "my name is Sam Sample and 100% sure", now)
        assert (
            find_person(session, "sam sample", by=alex(session, now), now=now).conversations
            == find_person(session, "100% sure", by=alex(session, now), now=now).conversations
            == [("alone", now)]
        )
        for nonsense in ("_____", "%%%%", "\0\0\0\0", "\ud83d\ud83d\ud83d", "x" * 10_000, "'; DROP TABLE lead"):
            found = find_person(session, nonsense, by=alex(session, now), now=now)
            assert found.conversations == [] and found.leads == []
        file = file_of_conversation(session, "alone")
        assert export_person(session, file, by=alex(session, now), now=now)["messages"][0]["text"].startswith("my name")
        erase_person(session, file, typed="alone", by=alex(session, now), now=now)
    with database.transaction() as session:
        assert session.execute(select(Message)).first() is None
        for unknown in ("alone", "", "x" * 10_000, "\0"):
            with pytest.raises(NotFound):
                file_of_conversation(session, unknown)


def test_a_form_that_was_not_sent_is_found_by_what_stands_in_it(database: Database, now: datetime) -> None:
    with database.transaction() as session:
        session.add(LeadDraft(conversation="begun", details={"name": "Zoë Sample"}, consented=now, changed=now))
    with database.transaction() as session:
        assert [name for name, _ in find_person(session, "zoe sample", by=alex(session, now), now=now).conversations] == ["begun"]


def test_a_form_that_is_sent_while_its_conversation_is_erased_leaves_no_lead(database: Database, now: datetime) -> None:
    whole = Draft("confirm", {"name": "Sam Sample", "school": "Oak Primary", "wish": "visit", "email": "sam@oak.example"})
    with database.transaction() as session:
        ask(session, "alone", "may we visit?", now)
        keep_draft(session, "alone", whole, now=now)
        file = file_of_conversation(session, "alone")
    read, erasing = threading.Event(), threading.Event()

    def send() -> None:
        with database.transaction() as session:
            draft = read_draft(session, "alone")
            read.set()
            assert draft is not None and erasing.wait(20)
            send_draft(session, "alone", draft, channel="website", reply_within=2, now=now)

    def erase() -> None:
        with database.transaction() as session:
            erase_person(session, file, typed="alone", by=alex(session, now), now=now)

    with ThreadPoolExecutor(2) as threads:
        sending = threads.submit(send)
        assert read.wait(20)
        erase()
        erasing.set()
        assert isinstance(sending.exception(20), (ConsentMissing, DatabaseAway)), "the erasure came first: nobody agrees any more"
    with database.transaction() as session:
        assert session.execute(select(Lead)).first() is None and session.execute(select(LeadDraft)).first() is None


def test_an_erasure_waits_for_a_form_that_is_being_sent_and_takes_its_lead_along(database: Database, now: datetime) -> None:
    if database.engine.dialect.name == "sqlite":
        pytest.skip("SQLite lets one write at a time, and the other see that it came too late")
    whole = Draft("confirm", {"name": "Sam Sample", "school": "Oak Primary", "wish": "visit", "email": "sam@oak.example"})
    with database.transaction() as session:
        other = lead_of(session, "alone", now, "Kim Example").reference  # who used the same screen before
        ask(session, "alone", "may we visit?", now)
        keep_draft(session, "alone", whole, now=now)
        file = PersonFile((), ("alone",))

    def erase() -> int:
        with database.transaction() as session:
            return erase_person(session, file, typed="alone", by=alex(session, now), now=now)["leads"]

    with ThreadPoolExecutor(1) as threads:
        with database.transaction() as session:
            draft = read_draft(session, "alone")
            assert draft is not None
            send_draft(session, "alone", draft, channel="website", reply_within=2, now=now)
            erasing = threads.submit(erase)
            with database.engine.connect() as looking:
                waits = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")
                wait_until(lambda: looking.execute(waits).scalar(), "the erasure to wait")
        assert erasing.result(20) == 1
    with database.transaction() as session:
        assert session.execute(select(Lead.reference)).scalars().all() == [other]

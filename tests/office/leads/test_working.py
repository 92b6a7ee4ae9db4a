"""What staff do with leads: statuses, plans, notes, owners, corrections, all of it undone; and two people at one lead."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from office.base.audit import AuditEntry
from office.base.database import Database
from office.base.errors import BadInput, Conflict, NoPlace, NotFound
from office.base.staff import Staff
from office.leads.bulk import BulkChange, change_all, leads_shown, mark_of
from office.leads.changes import changes_since, history, lead_of, undo
from office.leads.lists import LeadFilter
from office.leads.model import STATUSES, Lead, LeadChange, LeadDetails, LeadNote, log_lead
from office.leads.places import Term, free_places
from office.leads.status import change_status
from office.leads.working import add_note, edit_details, mark_read, mark_unread, note_view, notes_of, plan_action, take_over
from office.people.signing_in import end_sign_in

PA, OTHER, READER = 1, 2, 3


@pytest.fixture
def office(database: Database, now: datetime) -> Database:
    """Two who work leads, one who reads, and a term with one place."""
    with database.transaction() as session:
        for number, role in ((PA, "pa"), (OTHER, "admin"), (READER, "staff")):
            session.add(Staff(id=number, name=f"Sample {role}", email=f"{role}@example.org", role=role, made=now))
        session.add(Term(id="2027-spring", begins=date(2027, 1, 4), ends=date(2027, 3, 31), places=1))
    return database


@pytest.fixture
def lead(office: Database, now: datetime) -> str:
    return send(office, now)


def send(office: Database, now: datetime, conversation: str = "anna", **more: str) -> str:
    """Somebody leaves their details; give the reference."""
    told = {"name": "Zoë O’Brien", "school": "Oak Primary", "email": "zoe@oak.example", "wish": "call_back"} | more
    with office.transaction() as session:
        details = LeadDetails(conversation=conversation, channel="website", consented=now, **told)
        return str(log_lead(session, details, reply_within=2, now=now).reference)


def work(
    office: Database, reference: str, verb: Callable[..., object], *arguments: object, now: datetime, by: int = PA, **more: object
) -> object:
    """Do something with a lead in a transaction of its own, as the PA."""
    with office.transaction() as session:
        return verb(session, lead_of(session, reference, for_change=True), *arguments, by=session.get(Staff, by), now=now, **more)


def read(office: Database, reference: str) -> Lead:
    with office.transaction() as session:
        return lead_of(session, reference)


def latest(session: Session) -> LeadChange:
    return session.execute(select(LeadChange).order_by(LeadChange.id.desc()).limit(1)).scalar_one()


@pytest.mark.both_databases
def test_a_lead_goes_through_all_statuses_and_back_by_undo(office: Database, lead: str, now: datetime) -> None:
    needs = {
        "not_now": {"revisit": date(2027, 2, 1)}, "closed": {"reason": "moved away"}, "associate": {"term": "2027-spring"},
        "visit": {"visit": datetime(2026, 9, 9, 13, 0, tzinfo=timezone.utc)},
    }  # fmt: skip
    changes = []
    for status in STATUSES[1:]:
        changes.append(work(office, lead, change_status, status, now=now, **needs.get(status, {})))
        assert read(office, lead).status == status
    for status, change in zip(STATUSES[-2::-1], reversed(changes)):
        with office.transaction() as session:
            undo(session, change, by=session.get(Staff, PA), now=now)
        assert read(office, lead).status == status
    back = read(office, lead)
    assert (back.contacted, back.revisit, back.reason, back.visit, back.owed) == (None, None, "", None, True)
    with office.transaction() as session:
        assert free_places(session, "2027-spring") == 1


def test_the_first_step_notes_when_somebody_was_in_touch(office: Database, lead: str, now: datetime) -> None:
    work(office, lead, change_status, "contacted", now=now)
    work(office, lead, change_status, "conversation", now=now + timedelta(days=1))
    assert read(office, lead).contacted == now


@pytest.mark.parametrize(("status", "more"), [("joined", {}), ("closed", {"reason": "moved away"})])
def test_what_has_ended_has_no_next_action_until_that_is_undone(
    office: Database, lead: str, now: datetime, status: str, more: dict[str, str]
) -> None:
    work(office, lead, plan_action, "Ring the head", date(2026, 9, 8), now=now)
    change = work(office, lead, change_status, status, now=now, **more)
    assert (read(office, lead).next_action, read(office, lead).due) == ("", None)
    with office.transaction() as session:
        undo(session, change, by=session.get(Staff, PA), now=now)
    assert (read(office, lead).next_action, read(office, lead).due) == ("Ring the head", date(2026, 9, 8))


def test_who_is_put_off_or_closed_was_not_contacted_and_is_owed_no_reply(office: Database, lead: str, now: datetime) -> None:
    work(office, lead, change_status, "not_now", now=now, revisit=date(2027, 2, 1))
    assert (read(office, lead).contacted, read(office, lead).owed) == (None, False)
    work(office, lead, change_status, "closed", now=now, reason="moved away")
    assert read(office, lead).contacted is None
    work(office, lead, change_status, "conversation", now=now + timedelta(days=1))
    assert read(office, lead).contacted == now + timedelta(days=1)


@pytest.mark.parametrize(
    ("status", "more", "field"),
    [
        ("not_now", {}, "revisit"),
        ("not_now", {"revisit": date(2026, 8, 31)}, "revisit"),
        ("not_now", {"revisit": date(2126, 8, 31)}, "revisit"),
        ("closed", {}, "reason"),
        ("closed", {"reason": " \u200b… "}, "reason"),
        ("closed", {"reason": "x" * 10_000}, "reason"),
        ("associate", {}, "term"),
        ("visit", {"visit": datetime(2026, 8, 31, 10, tzinfo=timezone.utc)}, "visit"),
        ("visit", {"visit": datetime(2026, 9, 1, 11, tzinfo=timezone.utc)}, "visit"),
        ("married", {}, "status"),
    ],
)
def test_what_a_status_needs_is_asked_for_by_name(
    office: Database, lead: str, now: datetime, status: str, more: dict[str, object], field: str
) -> None:
    with pytest.raises(BadInput) as refusal:
        work(office, lead, change_status, status, now=now, **more)
    assert refusal.value.field == field
    assert read(office, lead).status == "new"


def test_the_same_status_twice_is_one_change(office: Database, lead: str, now: datetime) -> None:
    assert work(office, lead, change_status, "contacted", now=now) is not None
    assert work(office, lead, change_status, "contacted", now=now) is None
    with office.transaction() as session:
        assert len(history(session, lead_of(session, lead))) == 1


@pytest.mark.both_databases
def test_the_last_place_is_given_once_and_nothing_else_changes(office: Database, lead: str, now: datetime) -> None:
    other = send(office, now, "ben", name="Ben Sample", school="Elm Primary", email="ben@elm.example")
    work(office, lead, change_status, "associate", now=now, term="2027-spring")
    with pytest.raises(NoPlace):
        work(office, other, change_status, "associate", now=now, term="2027-spring")
    with pytest.raises(NotFound):
        work(office, other, change_status, "associate", now=now, term="2031-spring")
    assert read(office, other).status == "new"


def test_undo_of_membership_frees_the_place_and_is_not_undone_itself(office: Database, lead: str, now: datetime) -> None:
    work(office, lead, change_status, "associate", now=now, term="2027-spring")
    with office.transaction() as session:
        undo(session, latest(session), by=session.get(Staff, PA), now=now)
        assert free_places(session, "2027-spring") == 1
    with pytest.raises(Conflict), office.transaction() as session:
        undo(session, latest(session), by=session.get(Staff, PA), now=now)


def test_who_has_ended_may_come_again_and_the_old_lead_is_not_reopened_beside(office: Database, lead: str, now: datetime) -> None:
    work(office, lead, change_status, "closed", now=now, reason="no answer")
    again = send(office, now, "later")
    assert again != lead
    with pytest.raises(Conflict, match=again):
        work(office, lead, change_status, "conversation", now=now)
    work(office, again, change_status, "closed", now=now, reason="the same person")
    work(office, lead, change_status, "conversation", now=now)
    assert send(office, now, "third") == lead


@pytest.mark.both_databases
def test_undo_that_would_give_a_person_two_open_leads_is_refused(office: Database, lead: str, now: datetime) -> None:
    work(office, lead, change_status, "closed", now=now, reason="no answer")
    again = send(office, now, "later")
    with pytest.raises(Conflict, match=again), office.transaction() as session:
        undo(session, session.execute(select(LeadChange)).scalars().first(), by=session.get(Staff, PA), now=now)


def test_a_plan_has_words_and_a_day_that_is_not_past(office: Database, lead: str, now: datetime) -> None:
    for words, due, field in (
        ("", date(2026, 9, 2), "next_action"),
        ("Ring", None, "due"),
        ("Ring", date(2026, 8, 31), "due"),
        ("x" * 10_000, date(2026, 9, 2), "next_action"),
    ):
        with pytest.raises(BadInput) as refusal:
            work(office, lead, plan_action, words, due, now=now)
        assert refusal.value.field == field
    work(office, lead, plan_action, "Ring", date(2026, 9, 1), now=now)
    late = now + timedelta(days=5)
    work(office, lead, plan_action, "Ring again", date(2026, 9, 1), now=late)  # the day stands already, only the words are new
    work(office, lead, plan_action, "", None, now=late)
    assert (read(office, lead).next_action, read(office, lead).due) == ("", None)


def test_only_who_works_leads_can_own_one(office: Database, lead: str, now: datetime) -> None:
    for nobody in (READER, 99):
        with pytest.raises(BadInput):
            work(office, lead, take_over, nobody, now=now)
    work(office, lead, take_over, OTHER, now=now)
    assert read(office, lead).owner == OTHER
    work(office, lead, take_over, None, now=now)
    assert read(office, lead).owner is None


def test_a_note_is_kept_with_its_writer_and_undone(office: Database, lead: str, now: datetime) -> None:
    work(office, lead, add_note, "Rang; left a message.\r\n=1+1 <script>", now=now)
    with office.transaction() as session:
        [(note, name)] = notes_of(session, lead_of(session, lead))
        assert (note.text, name) == ("Rang; left a message.\n=1+1 <script>", "Sample pa")
        undo(session, latest(session), by=session.get(Staff, PA), now=now)
        assert not notes_of(session, lead_of(session, lead))


@pytest.mark.parametrize("text", ["", " \n ", "…", "x" * 4001])
def test_a_note_that_is_none_or_too_long_is_refused(office: Database, lead: str, now: datetime, text: str) -> None:
    with pytest.raises(BadInput):
        work(office, lead, add_note, text, now=now)


@pytest.mark.both_databases
def test_one_telegram_update_is_one_note_also_at_the_same_moment(office: Database, lead: str, now: datetime) -> None:
    at_once(lambda: work(office, lead, add_note, "Rang", now=now, update="77:1"), 4)
    with office.transaction() as session:
        assert session.execute(select(func.count()).select_from(LeadNote)).scalar() == 1


@pytest.mark.both_databases
def test_details_are_corrected_and_the_search_and_the_person_follow(office: Database, lead: str, now: datetime) -> None:
    written = {
        "name": "Zoe Obrien",
        "role": "Deputy",
        "school": "Elm Primary",
        "email": "",
        "phone": "020 7946 0018 x12",
        "wish": "visit",
        "message": "Hi",
    }
    work(office, lead, edit_details, written, now=now)
    it = read(office, lead)
    assert (it.phone, it.email, it.term) == ("+44 20 7946 0018 ext. 12", None, None)
    assert "elm" in it.search.split() and "oak" not in it.search.split() and "02079460018" in it.search.split()
    assert it.email_key is None and it.phone_key
    assert work(office, lead, edit_details, written, now=now) is None
    assert send(office, now, "again", name="Zoe Obrien", email="", phone="+44 20 7946 0018 ext. 12") == lead


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 10_000}, "name"),
        ({"school": "\0\u200b"}, "school"),
        ({"email": "zoe@"}, "email"),
        ({"email": "x" * 10_000 + "@oak.example"}, "email"),
        ({"email": "", "phone": ""}, "email"),
        ({"phone": "12"}, "phone"),
        ({"phone": "9" * 10_000}, "phone"),
        ({"phone": "07700 9OO123"}, "phone"),
        ({"phone": "01903 70707l"}, "phone"),
        ({"phone": "01903 FLOWER"}, "phone"),
        ({"wish": "a horse"}, "wish"),
        ({"message": "x" * 10_000}, "message"),
    ],
)
def test_details_that_cannot_be_are_refused_by_name(office: Database, lead: str, now: datetime, wrong: dict[str, str], field: str) -> None:
    good = {"name": "Zoë", "role": "", "school": "Oak", "email": "zoe@oak.example", "phone": "", "wish": "visit", "message": ""}
    with pytest.raises(BadInput) as refusal:
        work(office, lead, edit_details, good | wrong, now=now)
    assert refusal.value.field == field


@pytest.mark.parametrize(
    "phone", ["tel: 020 7946 0018 x12", "020 7946 0018 ext. 12", "Phone 020 7946 0018, extension 12", "(020) 7946 0018 extn 12"]
)
def test_a_number_may_be_labelled_and_have_an_extension(office: Database, lead: str, now: datetime, phone: str) -> None:
    written = {"name": "Zoë", "school": "Oak", "phone": phone, "wish": "visit"}
    work(office, lead, edit_details, written, now=now)
    assert read(office, lead).phone == "+44 20 7946 0018 ext. 12"


@pytest.mark.both_databases
def test_a_message_grown_long_by_asking_again_is_no_obstacle(office: Database, lead: str, now: datetime) -> None:
    with office.transaction() as session:
        lead_of(session, lead).message = "x" * 8000
    good = {"name": "Zoë", "school": "Oak", "email": "zoe@oak.example", "wish": "visit", "role": "Bursar"}
    work(office, lead, edit_details, good | {"message": "x" * 8000}, now=now)
    assert read(office, lead).role == "Bursar"
    with pytest.raises(BadInput):
        work(office, lead, edit_details, good | {"message": "x" * 8001}, now=now)


@pytest.mark.both_databases
def test_a_lead_does_not_become_somebody_who_has_one(office: Database, lead: str, now: datetime) -> None:
    other = send(office, now, "ben", name="Ben Sample", email="ben@elm.example")
    written = {"name": "Zoë O’Brien", "school": "Elm", "email": "zoe@oak.example", "wish": "visit"}
    with pytest.raises(Conflict, match=lead):
        work(office, other, edit_details, written, now=now)


@pytest.mark.both_databases
def test_names_of_the_world_are_kept_as_they_are(office: Database, lead: str, now: datetime) -> None:
    for name in ("Ng", "Siân ap Gwyn-O’Neill", "=SUM(A1)", "<script>alert(1)</script>", "Ærøskøbing 🦊", "Dr J. Smith-Jones"):
        work(office, lead, edit_details, {"name": name, "school": "Oak", "email": "a@oak.example", "wish": "visit"}, now=now)
        assert read(office, lead).name == name


@pytest.mark.both_databases
def test_looking_marks_as_read_and_holds_nobody_up(office: Database, lead: str, now: datetime) -> None:
    version = read(office, lead).version
    work(office, lead, note_view, now=now, by=READER)
    assert read(office, lead).unread  # the PA has not seen it yet
    work(office, lead, note_view, now=now, glance=True)
    assert read(office, lead).unread
    work(office, lead, note_view, now=now)
    it = read(office, lead)
    assert (it.unread, it.version) == (False, version)
    work(office, lead, mark_unread, now=now)
    assert read(office, lead).unread
    work(office, lead, mark_read, now=now)
    with office.transaction() as session:
        assert not changes_since(session, lead_of(session, lead), version)
        views = select(func.count()).select_from(AuditEntry).where(AuditEntry.action == "view", AuditEntry.about == f"lead {lead}")
        assert session.execute(views).scalar() == 3


@pytest.mark.both_databases
def test_a_sign_that_postgresql_refuses_names_nothing(office: Database, lead: str, now: datetime) -> None:
    with office.transaction() as session:
        with pytest.raises(NotFound):
            lead_of(session, "U-\0")
        with pytest.raises(NotFound):
            undo(session, "\0", by=session.get(Staff, PA), now=now)
        assert leads_shown(session, LeadFilter.read({"term": "\0"}), now=now) == []
        with pytest.raises(NotFound):
            change_status(session, lead_of(session, lead), "associate", by=session.get(Staff, PA), now=now, term="\0")
        with pytest.raises(NotFound):
            end_sign_in(session, session.get(Staff, PA), "\0", now=now)


@pytest.mark.both_databases
def test_every_change_is_in_the_audit_log_without_a_personal_detail(office: Database, lead: str, now: datetime) -> None:
    work(office, lead, edit_details, {"name": "Somebody Else", "school": "Oak", "email": "else@oak.example", "wish": "visit"}, now=now)
    work(office, lead, add_note, "She is on leave", now=now)
    with office.transaction() as session:
        entries = session.execute(select(AuditEntry).where(AuditEntry.about == f"lead {lead}")).scalars().all()
        assert [entry.staff for entry in entries] == [PA, PA]
        assert not {"Somebody Else", "else@oak.example", "She is on leave"} & set(str([e.detail for e in entries]).split("'"))


@pytest.mark.both_databases
def test_what_was_changed_since_is_told_with_who_and_what(office: Database, lead: str, now: datetime) -> None:
    version = read(office, lead).version
    work(office, lead, change_status, "contacted", now=now)
    work(office, lead, plan_action, "Ring", date(2026, 9, 3), now=now, by=OTHER)
    work(office, lead, add_note, "Rang", now=now)
    with office.transaction() as session:
        told = changes_since(session, lead_of(session, lead), version)
    assert [(name, sorted(change.fields)) for change, name in told] == [
        ("Sample pa", ["contacted", "owed", "status"]),
        ("Sample admin", ["due", "next_action"]),
    ]


def test_what_was_changed_again_is_not_undone(office: Database, lead: str, now: datetime) -> None:
    first = work(office, lead, change_status, "contacted", now=now)
    work(office, lead, change_status, "conversation", now=now)
    with pytest.raises(Conflict), office.transaction() as session:
        undo(session, first, by=session.get(Staff, PA), now=now)
    assert read(office, lead).status == "conversation"


@pytest.mark.both_databases
def test_undo_twice_at_once_undoes_once(office: Database, lead: str, now: datetime) -> None:
    change = work(office, lead, change_status, "contacted", now=now)

    def take_back() -> None:
        with office.transaction() as session:
            undo(session, change, by=session.get(Staff, PA), now=now)

    assert sorted(at_once(take_back, 3)) == ["", "Conflict", "Conflict"]


def test_what_the_visitor_changed_is_not_undone(office: Database, lead: str, now: datetime) -> None:
    send(office, now, "second", wish="visit")
    with pytest.raises(Conflict), office.transaction() as session:
        undo(session, latest(session), by=session.get(Staff, PA), now=now)


@pytest.mark.both_databases
def test_two_at_once_make_two_changes_of_which_none_is_lost(office: Database, lead: str, now: datetime) -> None:
    def do(who: int) -> None:
        work(office, lead, plan_action, f"Ring {who}", date(2026, 9, 3), now=now, by=who)

    assert at_once(lambda: do(PA), 1) + at_once(lambda: do(OTHER), 1) == ["", ""]
    version = read(office, lead).version
    with office.transaction() as session:
        changes = [change for change, _ in history(session, lead_of(session, lead))]
    assert len(changes) == 2 and changes[0].version == version
    assert changes[0].fields["next_action"] == ["Ring 1", "Ring 2"]


@pytest.mark.both_databases
def test_who_did_not_wait_gets_a_conflict_instead_of_overwriting(office: Database, lead: str, now: datetime) -> None:
    with pytest.raises(Conflict), office.transaction() as session:
        stale = lead_of(session, lead)
        at_once(lambda: work(office, lead, change_status, "contacted", now=now), 1)
        change_status(session, stale, "closed", by=session.get(Staff, PA), now=now, reason="no answer")
    assert read(office, lead).status == "contacted"


def test_who_asks_again_is_owed_a_reply_until_somebody_sees_to_it(office: Database, lead: str, now: datetime) -> None:
    work(office, lead, change_status, "not_now", now=now, revisit=date(2027, 3, 1))
    later = now + timedelta(days=20)
    send(office, later, "second")
    assert read(office, lead).owed and read(office, lead).urgent_at == read(office, lead).promised
    work(office, lead, change_status, "not_now", now=later, revisit=date(2027, 3, 1))
    assert not read(office, lead).owed


def many(office: Database, now: datetime, number: int) -> list[str]:
    return [send(office, now, f"c{n}", name=f"Person {n}", school=f"School {n}", email=f"p{n}@school.example") for n in range(number)]


def change_shown(office: Database, now: datetime, change: BulkChange, wanted: LeadFilter | None = None) -> object:
    wanted = wanted or LeadFilter()
    with office.transaction() as session:
        return change_all(session, wanted, change, mark_of(leads_shown(session, wanted, now=now)), by=session.get(Staff, PA), now=now)


@pytest.mark.both_databases
def test_a_bulk_change_is_one_batch_and_undone_as_one(office: Database, now: datetime) -> None:
    references = many(office, now, 5)
    change = BulkChange(
        status="not_now", revisit=date(2027, 1, 11), owner=str(OTHER), next_action="Ring", due=date(2026, 9, 4), read="read"
    )
    result = change_shown(office, now, change)
    assert result.changed == 5 and not result.refused
    assert {(read(office, r).status, read(office, r).owner, read(office, r).unread) for r in references} == {("not_now", OTHER, False)}
    with office.transaction() as session:
        undo(session, result.batch, by=session.get(Staff, PA), now=now)
    assert {(read(office, r).status, read(office, r).owner, read(office, r).due) for r in references} == {("new", None, None)}


def test_a_batch_of_which_one_was_changed_since_is_not_undone_in_part(office: Database, now: datetime) -> None:
    references = many(office, now, 3)
    result = change_shown(office, now, BulkChange(status="contacted"))
    work(office, references[1], change_status, "conversation", now=now)
    with pytest.raises(Conflict, match=references[1]), office.transaction() as session:
        undo(session, result.batch, by=session.get(Staff, PA), now=now)
    assert [read(office, r).status for r in references] == ["contacted", "conversation", "contacted"]
    with pytest.raises(NotFound), office.transaction() as session:
        undo(session, "no such batch", by=session.get(Staff, PA), now=now)


@pytest.mark.both_databases
def test_a_bulk_change_is_of_what_was_shown_and_of_nothing_else(office: Database, now: datetime) -> None:
    many(office, now, 2)
    with office.transaction() as session:
        mark = mark_of(leads_shown(session, LeadFilter(), now=now))
    send(office, now, "new", name="Newcomer", email="new@school.example")
    with pytest.raises(Conflict), office.transaction() as session:
        change_all(session, LeadFilter(), BulkChange(status="contacted"), mark, by=session.get(Staff, PA), now=now)


@pytest.mark.parametrize(
    "change",
    [BulkChange(), BulkChange(status="associate"), BulkChange(status="closed"), BulkChange(next_action="Ring"), BulkChange(owner="99")],
)
def test_a_bulk_change_that_no_lead_takes_changes_none(office: Database, now: datetime, change: BulkChange) -> None:
    references = many(office, now, 2)
    with pytest.raises(BadInput):
        change_shown(office, now, change)
    assert {read(office, r).status for r in references} == {"new"}


def test_a_bulk_change_leaves_aside_whom_it_cannot_reopen(office: Database, now: datetime) -> None:
    old = send(office, now)
    work(office, old, change_status, "closed", now=now, reason="no answer")
    new = send(office, now, "later")
    result = change_shown(office, now, BulkChange(status="conversation"), LeadFilter(view="all"))
    assert (result.changed, [reference for reference, _ in result.refused]) == (1, [old])
    assert read(office, new).status == "conversation"


def at_once(do: Callable[[], object], times: int) -> list[str]:
    """Do it in so many threads; give the names of the errors, "" where there was none."""
    results: list[str] = []

    def one() -> None:
        try:
            do()
            results.append("")
        except Exception as error:
            results.append(type(error).__name__)

    threads = [threading.Thread(target=one) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results

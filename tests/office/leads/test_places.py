from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from office.base.audit import AuditEntry
from office.base.database import Database
from office.base.errors import BadInput, Conflict, NoPlace, NotFound
from office.base.staff import Staff
from office.leads.model import Lead, LeadDetails, log_lead
from office.leads.places import (
    Place,
    add_term,
    all_terms,
    change_term,
    free_places,
    give_place,
    history_of_places,
    next_term,
    place_of_lead,
    places_ahead,
    places_of_term,
    suggested_terms,
    take_back,
    term_title,
    usual_term,
)

SPRING = "2027-spring"


@pytest.fixture
def pa(database: Database, now: datetime) -> Staff:
    with database.transaction() as session:
        session.add(pa := Staff(id=1, name="Sample PA", email="pa@example.org", role="pa", made=now))
    return pa


@pytest.fixture
def spring(database: Database, pa: Staff, now: datetime) -> str:
    """The spring term 2027, with two places."""
    with database.transaction() as session:
        add_usual(session, SPRING, by=pa, now=now)
    return SPRING


def add_usual(session: Session, term_id: str, *, by: Staff, now: datetime, places: int = 2) -> None:
    year, _, season = term_id.partition("-")
    usual = usual_term(int(year), season)
    add_term(session, int(year), season, usual.begins, usual.ends, places, by=by, now=now)


def make_lead(session: Session, school: str, *, now: datetime) -> Lead:
    details = LeadDetails(f"c-{school}", "website", "Sample Head", school, "membership", now, email=f"{abs(hash(school))}@example.org")
    return log_lead(session, details, reply_within=2, now=now)


def test_a_term_is_recorded_with_its_places_and_they_are_free(database: Database, spring: str) -> None:
    with database.transaction() as session:
        assert [term.id for term in all_terms(session)] == [spring]
        assert free_places(session, spring) == 2
    assert term_title(spring) == "spring term 2027"


def test_suggestions_are_the_next_terms_that_nobody_recorded(database: Database, spring: str) -> None:
    with database.transaction() as session:
        assert [term.id for term in suggested_terms(session, date(2026, 9, 10))] == ["2026-autumn", "2027-summer", "2027-autumn"]
        assert suggested_terms(session, date(2026, 9, 10))[0].places == 2


def test_next_term_is_the_first_that_begins_after_today(database: Database, spring: str, pa: Staff, now: datetime) -> None:
    with database.transaction() as session:
        add_usual(session, "2027-summer", by=pa, now=now)
        assert next_term(session, date(2026, 12, 24)).id == spring
        assert next_term(session, date(2027, 1, 4)).id == "2027-summer"  # spring has begun
        assert next_term(session, date(2028, 1, 1)) is None


@pytest.mark.both_databases
def test_places_ahead_tell_given_and_free_of_terms_that_are_not_over(database: Database, spring: str, pa: Staff, now: datetime) -> None:
    with database.transaction() as session:
        add_usual(session, "2026-summer", by=pa, now=now)
        add_usual(session, "2027-summer", by=pa, now=now, places=3)
        give_place(session, spring, "Sample Primary School 1", by=pa, now=now)
        ahead = places_ahead(session, now.date())
        assert [(term.id, given, free) for term, given, free in ahead] == [(spring, 1, 1), ("2027-summer", 0, 3)]


def test_a_place_is_given_once_to_a_school_and_the_third_school_gets_none(
    database: Database, spring: str, pa: Staff, now: datetime
) -> None:
    with database.transaction() as session:
        lead = make_lead(session, "St. Sample’s  School", now=now)
        place = give_place(session, spring, lead, by=pa, now=now)
        assert give_place(session, spring, lead, by=pa, now=now).id == place.id
        assert give_place(session, spring, "ST. SAMPLE'S SCHOOL", by=pa, now=now).id == place.id
        assert place_of_lead(session, lead, spring).id == place.id
        give_place(session, spring, "Sample Primary School 2", by=pa, now=now)
        with pytest.raises(NoPlace):
            give_place(session, spring, "Sample Primary School 3", by=pa, now=now)
        assert [(place.number, lead and lead.reference) for place, lead in places_of_term(session, spring)] == [
            (1, lead.reference), (2, None)]  # fmt: skip


@pytest.mark.both_databases
@pytest.mark.parametrize("other", ["St Marys CE Primary", "the ST. MARY’S C.E. Primary school", "St Márys CE-Primary"])
def test_a_school_written_differently_gets_no_second_place(database: Database, spring: str, pa: Staff, now: datetime, other: str) -> None:
    with database.transaction() as session:
        give_place(session, spring, "St Mary's CE Primary School", by=pa, now=now)
        for receiver in (other, make_lead(session, other, now=now)):
            with pytest.raises(BadInput, match="“St Mary's CE Primary School” has place 1 of the spring term 2027 already"):
                give_place(session, spring, receiver, by=pa, now=now)
        assert give_place(session, spring, f"{other}, Othertown", by=pa, now=now).number == 2


def test_names_without_letters_are_compared_too(database: Database, spring: str, pa: Staff, now: datetime) -> None:
    with database.transaction() as session:
        assert [give_place(session, spring, name, by=pa, now=now).number for name in ("The School", "🏫")] == [1, 2]


@pytest.mark.parametrize(
    ("year", "season", "begins", "ends"),
    [
        (2026, "autumn", date(2026, 9, 1), date(2026, 12, 18)),
        (2027, "spring", date(2027, 1, 4), date(2027, 3, 25)),  # Easter is on 28 March
        (2027, "summer", date(2027, 4, 12), date(2027, 7, 20)),
        (2027, "autumn", date(2027, 9, 1), date(2027, 12, 17)),
        (2025, "spring", date(2025, 1, 6), date(2025, 4, 4)),  # Easter is on 20 April
        (2025, "summer", date(2025, 4, 22), date(2025, 7, 18)),  # after the bank holiday
    ],
)
def test_usual_dates_are_weekdays_and_keep_easter_free(year: int, season: str, begins: date, ends: date) -> None:
    assert (usual_term(year, season).begins, usual_term(year, season).ends) == (begins, ends)


def test_a_place_taken_back_is_free_for_another_school(database: Database, spring: str, pa: Staff, now: datetime) -> None:
    with database.transaction() as session:
        first = give_place(session, spring, "Sample Primary School 1", by=pa, now=now)
        give_place(session, spring, "Sample Primary School 2", by=pa, now=now)
        take_back(session, first, by=pa, now=now)
        take_back(session, first, by=pa, now=now)  # a double click
        assert free_places(session, spring) == 1
        assert give_place(session, spring, "Sample Primary School 3", by=pa, now=now).number == 1


@pytest.mark.both_databases
@pytest.mark.parametrize("round_", range(3))
def test_the_last_place_given_by_two_people_at_once_goes_to_one_of_them(
    database: Database, spring: str, pa: Staff, now: datetime, round_: int
) -> None:
    with database.transaction() as session:
        give_place(session, spring, "Sample Primary School 0", by=pa, now=now)
    together = Barrier(4)

    def give(number: int) -> str:
        together.wait()
        try:
            with database.transaction() as session:
                give_place(session, spring, f"Sample Primary School {number}", by=pa, now=now)
                return "given"
        except NoPlace:
            return "none left"

    with ThreadPoolExecutor(4) as people:
        outcomes = sorted(people.map(give, range(1, 5)))
    assert outcomes == ["given", "none left", "none left", "none left"]
    with database.transaction() as session:
        assert free_places(session, spring) == 0


@pytest.mark.both_databases
def test_the_same_lead_given_a_place_by_two_people_at_once_holds_one(database: Database, spring: str, pa: Staff, now: datetime) -> None:
    with database.transaction() as session:
        lead = make_lead(session, "Sample Primary School 1", now=now)
    together = Barrier(2)

    def give(_: int) -> int:
        together.wait()
        with database.transaction() as session:
            return give_place(session, spring, lead, by=pa, now=now).id

    with ThreadPoolExecutor(2) as people:
        assert len(set(people.map(give, range(2)))) == 1


@pytest.mark.both_databases
def test_the_limit_cannot_be_lowered_while_the_last_place_is_given(database: Database, spring: str, pa: Staff, now: datetime) -> None:
    with database.transaction() as session:
        give_place(session, spring, "Sample Primary School 0", by=pa, now=now)
        usual = usual_term(2027, "spring")
    together = Barrier(2)

    def give() -> bool:
        together.wait()
        try:
            with database.transaction() as session:
                give_place(session, spring, "Sample Primary School 1", by=pa, now=now)
            return True
        except NoPlace:
            return False

    def lower() -> bool:
        together.wait()
        try:
            with database.transaction() as session:
                change_term(session, spring, usual.begins, usual.ends, 1, by=pa, now=now)
            return True
        except BadInput:
            return False

    with ThreadPoolExecutor(2) as people:
        one, other = people.submit(give), people.submit(lower)
        assert one.result() != other.result()


@pytest.mark.both_databases
def test_the_database_itself_refuses_a_number_or_a_school_twice(database: Database, spring: str, pa: Staff, now: datetime) -> None:
    for number, key in ((1, "b"), (2, "a")):
        with pytest.raises(IntegrityError), database.transaction() as session:
            session.add(Place(term=spring, number=1, school="A", school_key="a", given=now))
            session.flush()
            session.add(Place(term=spring, number=number, school="B", school_key=key, given=now))
            session.flush()


def test_the_limit_does_not_go_below_the_places_given(database: Database, spring: str, pa: Staff, now: datetime) -> None:
    usual = usual_term(2027, "spring")
    with database.transaction() as session:
        for number in (1, 2):
            give_place(session, spring, f"Sample Primary School {number}", by=pa, now=now)
        with pytest.raises(BadInput, match="2 places are given"):
            change_term(session, spring, usual.begins, usual.ends, 1, by=pa, now=now)
        take_back(session, places_of_term(session, spring)[0][0], by=pa, now=now)
        change_term(session, spring, usual.begins, usual.ends, 1, by=pa, now=now)
        with pytest.raises(NoPlace):  # number 2 is still held, so number 1 is not free under a limit of 1
            give_place(session, spring, "Sample Primary School 3", by=pa, now=now)


@pytest.mark.parametrize(
    ("begins", "ends", "places", "field"),
    [
        (date(2027, 9, 1), date(2027, 9, 1), 2, "ends"),
        (date(2027, 9, 1), date(2027, 8, 1), 2, "ends"),
        (date(2027, 9, 1), date(2028, 9, 1), 2, "ends"),
        (date(2027, 3, 1), date(2027, 5, 1), 2, "begins"),  # overlaps with spring
        (date(2028, 9, 1), date(2028, 12, 1), 2, "begins"),  # not in its year
        (date(2027, 9, 1), date(2027, 12, 1), -1, "places"),
        (date(2027, 9, 1), date(2027, 12, 1), 501, "places"),
    ],
)
def test_a_term_that_cannot_be_is_refused(
    database: Database, spring: str, pa: Staff, now: datetime, begins: date, ends: date, places: int, field: str
) -> None:
    with database.transaction() as session, pytest.raises(BadInput) as refused:
        add_term(session, 2027, "autumn", begins, ends, places, by=pa, now=now)
    assert refused.value.field == field


@pytest.mark.both_databases
def test_a_term_is_recorded_once(database: Database, spring: str, pa: Staff, now: datetime) -> None:
    with database.transaction() as session, pytest.raises(Conflict):
        add_usual(session, spring, by=pa, now=now)


@pytest.mark.both_databases
@pytest.mark.parametrize("term", ["", "2027", "2099-autumn", "x" * 10_000, "2027-spring\0"])
def test_an_unknown_term_has_no_places(database: Database, pa: Staff, now: datetime, term: str) -> None:
    with database.transaction() as session:
        with pytest.raises(NotFound):
            free_places(session, term)
        with pytest.raises(NotFound):
            give_place(session, term, "Sample Primary School", by=pa, now=now)


@pytest.mark.both_databases
@pytest.mark.parametrize("school", ["", "   ", "x" * 10_000])
def test_a_school_without_a_usable_name_gets_no_place(database: Database, spring: str, pa: Staff, now: datetime, school: str) -> None:
    with database.transaction() as session, pytest.raises(BadInput):
        give_place(session, spring, school, by=pa, now=now)


@pytest.mark.both_databases
def test_odd_names_are_kept_as_they_are(database: Database, spring: str, pa: Staff, now: datetime) -> None:
    with database.transaction() as session:
        give_place(session, spring, "<script>alert(1)</script> 🏫\0", by=pa, now=now)
        give_place(session, spring, "=1+1", by=pa, now=now)
    with database.transaction() as session:
        assert [place.school for place, _ in places_of_term(session, spring)] == ["<script>alert(1)</script> 🏫�", "=1+1"]


@pytest.mark.both_databases
def test_the_history_names_who_and_when_without_a_persons_details(database: Database, spring: str, pa: Staff, now: datetime) -> None:
    later = now + timedelta(hours=1)
    with database.transaction() as session:
        lead = make_lead(session, "Sample Primary School 1", now=now)
        place = give_place(session, spring, lead, by=pa, now=later)
        take_back(session, place, by=pa, now=later)
        history = history_of_places(session)
        assert [(entry.action, entry.about, entry.staff) for entry in history] == [
            ("change", f"place {spring}", pa.id), ("add", f"place {spring}", pa.id), ("add", f"term {spring}", pa.id)]  # fmt: skip
        assert history[0].detail == {"taken_back": 1, "lead": lead.reference}
        assert session.execute(select(AuditEntry.at)).scalars().first() == now

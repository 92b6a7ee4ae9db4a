"""Lists of leads: urgency, views, filters, the search, pages, saved views."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from urllib.parse import parse_qsl

import pytest

from office.base.database import Database
from office.base.errors import BadInput, NotFound
from office.base.staff import Staff
from office.leads.changes import lead_of
from office.leads.lists import (
    COUNTED_TO,
    VIEWS,
    LeadFilter,
    all_leads,
    count_leads,
    count_views,
    group_of,
    known_channels,
    list_leads,
    possible_duplicates,
    urgent_leads,
)
from office.leads.model import Lead, LeadDetails, log_lead
from office.leads.saved_views import delete_view, rename_view, save_view, views_of
from office.leads.status import change_status
from office.leads.working import note_view, plan_action, take_over

pytestmark = pytest.mark.both_databases

TODAY = date(2026, 9, 1)  # a Tuesday; it is noon
PA = 1


class Book:
    """The leads of one test, by a short name; each name is a person at a school of its own."""

    def __init__(self, database: Database, now: datetime) -> None:
        self.database, self.now, self.references = database, now, {}
        with database.transaction() as session:
            session.add(Staff(id=PA, name="Sample pa", email="pa@example.org", role="pa", made=now))

    def add(self, short: str, received: datetime | None = None, **more: object) -> str:
        told = LeadDetails(f"c-{short}", "website", short, f"{short} School", "call_back", self.now, email=f"{short}@example.org")
        with self.database.transaction() as session:
            lead = log_lead(session, replace(told, **more), reply_within=2, now=received or self.now)
        self.references[lead.reference] = short
        return str(lead.reference)

    def work(self, reference: str, verb: object, *arguments: object, **more: object) -> None:
        with self.database.transaction() as session:
            verb(session, lead_of(session, reference, for_change=True), *arguments, by=session.get(Staff, PA), now=self.now, **more)

    def shown(self, now: datetime | None = None, **wanted: object) -> list[str]:
        with self.database.transaction() as session:
            return self.names(all_leads(session, LeadFilter(**wanted), now=now or self.now, limit=1000))

    def names(self, leads: list[Lead]) -> list[str]:
        return [self.references[lead.reference] for lead in leads]


@pytest.fixture
def book(database: Database, now: datetime) -> Book:
    return Book(database, now)


@pytest.fixture
def day(book: Book) -> Book:
    """One lead of each kind that a day knows."""
    due = {"today": TODAY, "tomorrow": TODAY + timedelta(days=1), "nextweek": TODAY + timedelta(days=7)}
    for name in ("nextweek", "tomorrow", "today"):
        reference = book.add(name)
        book.work(reference, change_status, "contacted")
        book.work(reference, plan_action, "Ring", due[name])
    book.add("late", received=book.now - timedelta(days=9))
    book.add("promisedtoday", received=book.now - timedelta(days=5))  # a Thursday; Monday was a bank holiday
    book.work(book.add("nothing"), change_status, "conversation")
    book.add("fresh")
    book.work(book.add("parked"), change_status, "not_now", revisit=TODAY + timedelta(days=100))
    book.work(book.add("joined"), change_status, "joined")
    book.work(book.add("closed"), change_status, "closed", reason="moved away")
    return book


def test_the_order_is_overdue_today_unplanned_the_rest(day: Book) -> None:
    assert day.shown() == ["late", "promisedtoday", "today", "fresh", "nothing", "tomorrow", "nextweek", "parked"]
    assert day.shown(view="all") == [*day.shown(), "closed", "joined"]


def test_each_view_shows_what_it_says(day: Book) -> None:
    assert day.shown(view="today") == ["late", "promisedtoday", "today"]
    assert day.shown(view="overdue") == ["late"]
    assert day.shown(view="unplanned") == ["late", "promisedtoday", "fresh", "nothing"]
    assert day.shown(view="waiting") == ["tomorrow", "nextweek"]
    assert day.shown(view="ended") == ["closed", "joined"]
    assert set(day.shown(view="unread")) == set(day.references.values())
    with day.database.transaction() as session:
        counts = count_views(session, now=day.now)
        assert {view: len(day.shown(view=view)) for view in VIEWS} == counts
        assert day.names(urgent_leads(session, today=TODAY, limit=10)) == day.shown(view="today")


def test_groups_agree_with_the_order(day: Book) -> None:
    with day.database.transaction() as session:
        rows = list_leads(session, LeadFilter(view="all"), now=day.now).rows
        assert [group for group, _ in rows] == [group_of(lead, now=day.now) for _, lead in rows]


def test_a_day_ends_at_midnight_in_london_also_in_summer(day: Book) -> None:
    before = datetime(2026, 9, 1, 22, 59, tzinfo=timezone.utc)
    assert "today" not in day.shown(now=before, view="overdue")
    assert "today" in day.shown(now=before + timedelta(minutes=2), view="overdue")


def test_a_promise_is_overdue_at_the_minute(day: Book) -> None:
    closes = datetime(2026, 9, 1, 16, 0, tzinfo=timezone.utc)  # five in London
    assert "promisedtoday" not in day.shown(now=closes - timedelta(minutes=1), view="overdue")
    assert "promisedtoday" in day.shown(now=closes, view="overdue")


def test_who_is_put_off_comes_back_on_the_day(day: Book) -> None:
    assert day.shown(now=day.now + timedelta(days=100), view="today")[-1] == "parked"


def test_filters_are_met_together(day: Book) -> None:
    visitor = day.add("visitor", wish="membership", channel="telegram", term="2027-spring", sample=True)
    day.work(visitor, take_over, PA)
    for wanted in (
        {"wish": "membership"}, {"channel": "telegram"}, {"term": "2027-spring"}, {"owner": "1"}, {"sample": "yes"},
        {"wish": "membership", "status": "new", "owner": "1"},
    ):  # fmt: skip
        assert day.shown(**wanted) == ["visitor"], wanted
    assert day.shown(wish="membership", status="contacted") == []
    assert "visitor" not in day.shown(sample="no") and "visitor" not in day.shown(owner="none")
    assert day.shown(status="contacted") == ["today", "tomorrow", "nextweek"]
    with day.database.transaction() as session:
        assert known_channels(session) == ["telegram", "website"]


def test_days_of_a_filter_are_londons(book: Book) -> None:
    book.add("evening", received=datetime(2026, 6, 10, 22, 59, tzinfo=timezone.utc))
    book.add("midnight", received=datetime(2026, 6, 10, 23, 0, tzinfo=timezone.utc))  # the 11th in London
    assert book.shown(since=date(2026, 6, 11)) == ["midnight"]
    assert book.shown(until=date(2026, 6, 10)) == ["evening"]


def test_a_filter_lives_in_an_address() -> None:
    wanted = LeadFilter(view="waiting", q="oak & elm=1", status="visit", owner="none", since=date(2026, 2, 28), until=date(2028, 2, 29))
    assert LeadFilter.read(dict(parse_qsl(wanted.query()))) == wanted
    assert LeadFilter.read({}) == LeadFilter() and LeadFilter().query() == ""


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"view": "x"}, "view"), ({"status": "x"}, "status"), ({"wish": "'"}, "wish"), ({"owner": "-1"}, "owner"), ({"owner": "²"}, "owner"),
        ({"owner": "9" * 30}, "owner"), ({"since": "2027-02-29"}, "since"), ({"until": "31/04/2026"}, "until"), ({"since": "soon"}, "since"),
        ({"q": "x" * 10_000}, "q"), ({"sample": "maybe"}, "sample"), ({"since": "2027-02-02", "until": "2027-02-01"}, "until"),
    ],
)  # fmt: skip
def test_what_is_no_filter_is_refused_by_name(query: dict[str, str], field: str) -> None:
    with pytest.raises(BadInput) as refusal:
        LeadFilter.read(query)
    assert refusal.value.field == field


@pytest.mark.parametrize(
    "q",
    [
        "zoe obrien", "Zoë O’Brien", "o'brien", "brien zo", "ST MARYS", "st mary's", "st. mary", "mary's-on-the", "zoe.obrien@stmarys.example",
        "stmarys.example", "020 7946 0018", "02079460018", "+44 20 7946 0018", "7946", "holiday", "ünlüer", "unluer", "x1234", "head o",
        "0207 946 0018", "(020) 7946 0018", "0044 20 7946 0018", "+44 (0)20 7946 0018", "Zoe 0207 946 0018", "lukasz soren", "Łukasz Søren",
    ],
)  # fmt: skip
def test_the_search_finds_names_schools_addresses_numbers_and_messages(book: Book, q: str) -> None:
    book.add(
        "zoe", name="Zoë O’Brien", school="St. Mary's-on-the-Hill C of E", email="zoe.obrien@stmarys.example", phone="+44 20 7946 0018",
        role="Head of School", message="After the holidays, room x1234; ask for Ms Ünlüer or Łukasz Søren.",
    )  # fmt: skip
    book.add("other", school="Elm Primary")
    assert book.shown(q=q) == ["zoe"]


@pytest.mark.parametrize(
    "q",
    [
        "nobody",
        "%",
        "_",
        "!!!",
        "' OR 1=1 -- nobody",
        "zoe & !elm:*",
        "\\",
        "<->",
        "nobody:*|bo",
        "\0",
        "🦊",
        "zoe nobody",
        "primary')) --",
        "😀" * 50,
        "((((",
    ],
)
def test_signs_of_a_search_language_mean_nothing(book: Book, q: str) -> None:
    book.add("zoe", name="Zoe", school="Oak", message="100%")
    book.add("elm", name="Bo", school="Elm")
    assert book.shown(q=q) == []


def test_a_long_search_is_cut_and_answers(book: Book) -> None:
    book.add("zoe", message="lorem " * 300 + "x" * 500)
    assert book.shown(q="lorem") == ["zoe"] and book.shown(q="x" * 60) == ["zoe"]


def test_pages_follow_each_other_without_a_gap_through_all_groups(day: Book) -> None:
    for n in range(30):
        day.add(f"more{n}")
    for limit in (1, 3, 7, 100):
        names, after = [], ""
        with day.database.transaction() as session:
            while True:
                page = list_leads(session, LeadFilter(view="all"), now=day.now, after=after, limit=limit)
                names += day.names([lead for _, lead in page.rows])
                after = page.following
                if not after:
                    break
        assert names == day.shown(view="all")


@pytest.mark.parametrize("after", ["x", "9.1.1", "0.-1.1", "1..", "3.999999999999999999.1", "0.0.999999999", "٣.1.1"])
def test_a_made_up_place_to_go_on_from_breaks_nothing(day: Book, after: str) -> None:
    with day.database.transaction() as session:
        list_leads(session, LeadFilter(view="all"), now=day.now, after=after)


def test_counting_stops_where_nobody_reads_on(book: Book, now: datetime) -> None:
    with book.database.transaction() as session:
        rows = [
            {"reference": f"U-{n}", "version": 1, "conversation": "c", "channel": "website", "name": "N", "school": "S", "wish": "visit", "consented": now, "received": now,
                 "promised": now, "changed": now}
            for n in range(COUNTED_TO + 5)
        ]  # fmt: skip
        session.execute(Lead.__table__.insert(), rows)
        assert count_leads(session, LeadFilter(), now=now) == COUNTED_TO + 1
        assert session.execute(Lead.__table__.select().limit(1)).mappings().one()["standing"] == "unplanned"


def test_possible_duplicates_share_an_address_a_number_or_only_a_school(book: Book) -> None:
    book.add("ann", email="office@oak.example", school="Oak")
    book.add("bob", email="office@oak.example", school="Oak")
    book.add("cat", phone="+44 7700 900123", school="Elm")
    book.add("dan", phone="+44 7700 900123 ext. 2", school="Ash")
    book.add("eve", school="ELM")
    book.add("fay")
    with book.database.transaction() as session:
        leads = all_leads(session, LeadFilter(), now=book.now, limit=10)
        kinds = possible_duplicates(session, leads)
        assert {book.references[lead.reference]: kinds.get(lead.id) for lead in leads} == {
            "ann": "person", "bob": "person", "cat": "person", "dan": "person", "eve": "school", "fay": None,
        }  # fmt: skip
        assert possible_duplicates(session, []) == {}


def test_who_was_looked_at_is_not_unread(day: Book) -> None:
    reference = next(reference for reference, name in day.references.items() if name == "late")
    day.work(reference, note_view)
    assert "late" not in day.shown(view="unread")


def test_a_view_is_kept_renamed_and_deleted_by_its_owner_only(book: Book) -> None:
    with book.database.transaction() as session:
        me, other = session.get(Staff, PA), Staff(id=2, name="Other", email="o@example.org", role="pa", made=book.now)
        session.add(other)
        session.flush()
        mine, others = {"by": me, "now": book.now}, {"by": other, "now": book.now}
        view = save_view(session, "  Visits\tsoon ", LeadFilter(status="visit"), **mine)
        assert save_view(session, "Visits soon", LeadFilter(status="visit", q="oak"), **mine).id == view.id
        assert [(v.name, v.query) for v in views_of(session, PA)] == [("Visits soon", "q=oak&status=visit")]
        with pytest.raises(NotFound):
            rename_view(session, view.id, "Mine", **others)
        save_view(session, "Other", LeadFilter(), **mine)
        with pytest.raises(BadInput):
            rename_view(session, view.id, "Other", **mine)
        rename_view(session, view.id, "Visits", **mine)
        delete_view(session, view.id, **others)
        assert [v.name for v in views_of(session, PA)] == ["Other", "Visits"]
        delete_view(session, view.id, **mine)
        for name in ("", "…", "x" * 10_000):
            with pytest.raises(BadInput):
                save_view(session, name, LeadFilter(), **mine)

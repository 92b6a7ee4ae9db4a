"""Writing what may stand already: once, however often it comes, and counted right."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from office.base.database import Database
from office.base.upsert import add_counts, insert_missing
from office.enquiries.counts import HourCount


def test_what_stands_already_is_left_as_it_is(database: Database):
    first, again, other = ({"day": date(2027, 3, 1), "hour": hour, "n": n} for hour, n in ((9, 5), (9, 7), (10, 1)))
    with database.transaction() as session:
        assert insert_missing(session, HourCount, first) == 1
        assert insert_missing(session, HourCount, again, other) == 1
        assert insert_missing(session, HourCount) == 0
        assert [row.n for row in session.execute(select(HourCount).order_by(HourCount.hour)).scalars()] == [5, 1]


def test_counts_are_added_to_those_that_stand(database: Database):
    rows = [{"day": date(2027, 3, 1), "hour": hour, "n": n} for hour, n in ((9, 5), (10, 1))]
    with database.transaction() as session:
        add_counts(session, HourCount, ("day", "hour"), rows)
        add_counts(session, HourCount, ("day", "hour"), rows[:1])
        add_counts(session, HourCount, ("day", "hour"), [])
        assert [row.n for row in session.execute(select(HourCount).order_by(HourCount.hour)).scalars()] == [10, 1]

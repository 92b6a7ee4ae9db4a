from __future__ import annotations

from collections import Counter
from datetime import date, datetime

import numpy as np
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.commands.sample_data import fill_demo, is_filled
from office.base.database import Database
from office.base.errors import Conflict
from office.base.staff import Staff
from office.base.workdays import LONDON, is_working_day
from office.enquiries.transcripts import messages_after
from office.facts.flags import flags
from office.facts.loading import load_facts
from office.gaps.model import Gap, RegressionQuestion
from office.leads.lists import LeadFilter, count_leads
from office.leads.model import Lead, LeadDetails, log_lead
from office.leads.places import places_ahead
from office.people.accounts import all_staff, staff_by_email
from office.people.passwords import is_password
from office.reports.overview import ReportSpan, enquiries_of
from tests.office.fact_folder import CountingEncoder, FactFolder
from tests.office.made_up import KNOWN

PASSWORD = "1b2c-3d4e-5f6a-7b8c"


def vectors(texts: list[str]) -> np.ndarray:
    """Unit vectors by the texts' letters, shape (n, 384)."""
    counted = np.zeros((len(texts), 384), np.float32)
    counted[:, :26] = [[text.lower().count(letter) + 0.01 for letter in "abcdefghijklmnopqrstuvwxyz"] for text in texts]
    return counted / np.linalg.norm(counted, axis=1, keepdims=True)


def fill(session: Session, now: datetime) -> None:
    fill_demo(session, "oakdale", PASSWORD, vectors, KNOWN, now=now)


@pytest.fixture
def loaded(database: Database, folder: FactFolder, encoder: CountingEncoder, now: datetime) -> Database:
    """A database with the facts of a made-up trust."""
    with database.transaction() as session:
        folder.write()
        load_facts(session, folder.facts, folder.nlu, encoder, "test", now=now)
    return database


def test_the_sample_inbox_has_something_in_every_view_and_all_of_it_is_marked(loaded: Database, now: datetime) -> None:
    with loaded.transaction() as session:
        fill(session, now)
    with loaded.transaction() as session:
        leads = session.execute(select(Lead)).scalars().all()
        assert all(
            lead.sample and lead.name.startswith("Sample Head") and lead.school.startswith("Sample Primary School") for lead in leads
        )
        assert {lead.phone[:11] for lead in leads if lead.phone} == {"+44 7700 90"}
        assert all(lead.email.endswith(".example.org") for lead in leads)
        assert len(Counter(lead.status for lead in leads)) >= 8
        assert any(lead.asked_again for lead in leads)
        assert not any(lead.owed for lead in leads if lead.status == "not_now")
        visits = [lead.visit.astimezone(LONDON) for lead in leads if lead.visit]
        assert visits and all(is_working_day(visit.date()) and 9 <= visit.hour < 16 for visit in visits)
        for view in ("today", "overdue", "unplanned", "waiting", "unread", "ended"):
            assert count_leads(session, LeadFilter(view=view), now=now) > 0, view
        assert {"open", "answered"} <= {gap.state for gap in session.execute(select(Gap)).scalars()}
        assert flags(session, today=now.date()).count
        assert {bool(one.before) for one in session.execute(select(RegressionQuestion)).scalars()} == {False, True}
        assert all(given and free for _, given, free in places_ahead(session, now.date()))
        assert enquiries_of(session, ReportSpan(date(2026, 1, 1), now.date())).total > 100
        assert {hour for _, hour in enquiries_of(session, ReportSpan(date(2026, 1, 1), now.date())).hours} <= set(range(8, 21))
        talk = messages_after(session, leads[0].conversation, 0)
        assert talk[0].author == "visitor"
        assert leads[0].reference in talk[-1].text
        assert max(lead.received for lead in leads) < now


def test_a_second_time_only_gives_a_new_password(loaded: Database, now: datetime) -> None:
    with loaded.transaction() as session:
        fill(session, now)
        number = len(session.execute(select(Lead)).all())
        fill_demo(session, "oakdale", "another password 17", vectors, KNOWN, now=now)
        assert len(session.execute(select(Lead)).all()) == number
        assert {person.role for person in all_staff(session)} == {"admin", "pa", "staff"}
        assert is_password("another password 17", staff_by_email(session, "pa@demo.example.org").password)
        assert is_filled(session)


def test_a_database_with_real_leads_is_refused_and_left_as_it_is(loaded: Database, now: datetime) -> None:
    with loaded.transaction() as session:
        details = LeadDetails("c-1", "website", "Ada Sample", "Sample School", "visit", now, email="ada@example.org")
        log_lead(session, details, reply_within=2, now=now)
    with pytest.raises(Conflict), loaded.transaction() as session:
        fill(session, now)
    with loaded.transaction() as session:
        assert len(session.execute(select(Lead)).all()) == 1
        assert not all_staff(session)


def test_a_database_with_real_people_is_refused(loaded: Database, now: datetime) -> None:
    with loaded.transaction() as session:
        session.add(Staff(name="Ada Sample", email="ada@example.org", role="admin", made=now))
        session.flush()
        with pytest.raises(Conflict):
            fill(session, now)

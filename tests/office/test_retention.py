"""Forgetting on time."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select, text

from office.database import Database
from office.enquiries import Enquiry, Question, log_enquiry
from office.retention import forget_old
from office.transcripts import messages_after, write_message


def test_what_is_older_than_the_notice_allows_is_erased_everywhere_and_the_rest_stays(database: Database, now: datetime) -> None:
    question = {"text": "fee?", "trust": "oakdale", "topics": [], "outcome": "answered", "facts": [], "confidence": 1.0}
    with database.transaction() as session:
        session.execute(text("CREATE TABLE events (sender_id VARCHAR(255), timestamp FLOAT)"))
        for name, day in (("old", now - timedelta(days=400)), ("new", now - timedelta(days=3))):
            log_enquiry(
                session,
                conversation=name,
                channel="website",
                text="fee?",
                withheld=False,
                outcome="answered",
                questions=[question],
                now=day,
            )
            write_message(session, name, "visitor", "fee?", now=day)
            session.execute(text("INSERT INTO events VALUES (:name, :at)"), {"name": name, "at": day.timestamp()})
    with database.transaction() as session:
        assert forget_old(session, before=now - timedelta(days=365)) == 1
    with database.transaction() as session:
        assert session.execute(select(Enquiry.conversation)).scalars().all() == ["new"]
        assert session.execute(select(func.count()).select_from(Question)).scalar() == 1
        assert not messages_after(session, "old", 0)
        assert len(messages_after(session, "new", 0)) == 1
        assert session.execute(text("SELECT sender_id FROM events")).scalars().all() == ["new"]

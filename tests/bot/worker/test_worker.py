"""The worker as a whole: what is true when it is sent counts; it waits for a database; it stops when told."""

from __future__ import annotations

import logging
import os
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.commands.doctor import look_at_notifications
from bot.starting.daily_log import DailyLog
from bot.starting.refusal import CannotStart
from bot.worker.jobs import remove_files
from office.base.heartbeats import is_alive
from office.enquiries.log import log_enquiry
from office.gaps.model import Gap
from office.leads.model import Lead
from office.leads.working import ask_withdrawal
from office.outbox.queue import Notification
from office.personal.erasure import erase_leads

from .desk import Desk, utc_now
from .mail_server import MailServer

SECRET = "Qwertzuiop"  # a word that must not turn up in any log


def test_an_erased_lead_is_told_of_no_more(desk: Desk, server: MailServer) -> None:
    gone, kept = desk.lead("Robin Gone"), desk.lead("Robin Kept")
    with desk.database.transaction() as session:
        lead = session.execute(select(Lead).where(Lead.reference == gone)).scalar_one()
        erase_leads(session, [lead], how="request", now=utc_now())
        session.add(Notification(kind="new_lead", about=gone, channel="email", recipient="trust", made=utc_now(), due=utc_now()))
    desk.work_until(desk.all_settled)
    assert [kept in message["Subject"] for _, message in server.taken] == [True]
    assert [row.error for row in desk.outbox() if row.given_up] == ["nothing sent: the lead was erased"]


def test_a_lead_that_went_into_another_and_an_overdue_one_that_was_done_are_told_of_no_more(desk: Desk, server: MailServer) -> None:
    first, second = desk.lead("Robin One"), desk.lead("Robin Two")
    with desk.database.transaction() as session:
        one, two = (session.execute(select(Lead).where(Lead.reference == name)).scalar_one() for name in (first, second))
        one.survivor = two.id
        session.add(
            Notification(
                kind="overdue_lead", about=f"{second}/2026-01-05", channel="email", recipient="trust", made=utc_now(), due=utc_now()
            )
        )
    desk.work_until(desk.all_settled)
    assert len(server.taken) == 1 and second in server.taken[0][1]["Subject"]


def test_who_was_withdrawn_gets_nothing_more(desk: Desk, server: MailServer) -> None:
    desk.hire()
    desk.lead()
    with desk.database.transaction() as session:
        session.get(type(desk.person(1)), 1).withdrawn = utc_now()
    desk.work_until(desk.all_settled)
    assert server.taken == [] and "no longer has access" in desk.outbox()[0].error


def test_asked_again_overdue_and_digest_all_arrive(desk: Desk, server: MailServer) -> None:
    reference = desk.lead()
    desk.lead(conversation="another one")
    with desk.database.transaction() as session:
        lead = session.execute(select(Lead)).scalar_one()
        lead.due, lead.received = (utc_now() - timedelta(days=3)).date(), utc_now() - timedelta(days=14)
    desk.work_until(lambda: len(desk.outbox()) >= 4 and desk.all_settled())
    subjects = " | ".join(sorted(message["Subject"] for _, message in server.taken))
    for begin in (f"New lead {reference}", f"Asked again {reference}", f"Overdue {reference}", "Your week: 1 open lead, 1 overdue"):
        assert begin in subjects
    assert len(server.taken) == 4
    answered = [message["Subject"].split()[0] for _, message in server.taken if message["Reply-To"]]
    assert answered == ["New"], "the others may hold what staff plan, which an answer would quote to the person"


def test_who_wants_to_be_erased_is_told_of(desk: Desk, server: MailServer) -> None:
    reference = desk.lead()
    with desk.database.transaction() as session:
        ask_withdrawal(session, session.execute(select(Lead)).scalar_one(), now=utc_now())
    desk.work_until(desk.all_settled)
    (message,) = [message for _, message in server.taken if message["Subject"].startswith("Wants to be erased")]
    assert reference in message["Subject"] and "details erased" in message.get_content()


def test_a_question_nobody_could_answer_becomes_a_gap_within_seconds(desk: Desk) -> None:
    question = {
        "text": "do you have a swimming pool?",
        "trust": "schoolsworks",
        "topics": [],
        "outcome": "not_known",
        "facts": [],
        "confidence": 0.1,
    }
    with desk.database.transaction() as session:
        log_enquiry(session, conversation="c", channel="website", text="do you have a swimming pool?", withheld=False,
                    outcome="not_known", questions=[question], now=utc_now())  # fmt: skip

    def gaps() -> list[Gap]:
        with desk.database.transaction() as session:
            return list(session.execute(select(Gap)).scalars())

    desk.work_until(gaps)
    assert gaps()[0].text == "do you have a swimming pool?"


def test_it_says_that_it_is_alive(desk: Desk) -> None:
    def alive() -> bool:
        with desk.database.transaction() as session:
            return is_alive(session, "worker", now=utc_now())

    assert not alive() and look_at_notifications(desk.settings) == "0 to be sent; the worker is not running"
    desk.lead()
    with pytest.raises(CannotStart, match="1 to be sent, and the worker is not running"):
        look_at_notifications(desk.settings)
    desk.work_until(lambda: alive() and desk.all_settled())
    assert look_at_notifications(desk.settings) == "0 to be sent; the worker is not running"  # it was stopped just now
    with desk.database.transaction() as session:
        told = session.get(Notification, 1)
        told.sent, told.given_up, told.error = None, utc_now(), "550 no such user"
    with pytest.raises(CannotStart, match="1 could not be sent in the last week"):
        look_at_notifications(desk.settings)


def test_no_word_of_a_visitor_gets_into_the_log_whatever_goes_wrong(
    desk: Desk, server: MailServer, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    server.mode = "refuse"
    desk.lead(f"Robin {SECRET}", school=f"{SECRET} School", message=SECRET, email=f"{SECRET.lower()}@school.example")
    desk.work_until(desk.all_settled)

    def breaks(*_: object, **__: object) -> None:
        raise ValueError(f"a fault that repeats {SECRET}")

    monkeypatch.setattr("bot.messages.compose.lead_email", breaks)
    desk.lead(f"Robin {SECRET} again", school=f"{SECRET} School")
    desk.work_until(lambda: any("fault of Usher" in str(row.error) for row in desk.outbox()))
    ours = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith(("bot", "office")))
    assert "ValueError" in ours and "was not delivered" in ours
    assert SECRET.lower() not in caplog.text.lower()


def test_old_log_files_are_removed_and_live_ones_stay(tmp_path: Path) -> None:
    now = datetime.now(timezone.utc)
    for name, days in (("website.log", 0), ("website.log.2026-10-01", 40), ("dialogue.log", 31), ("worker.log", 29), ("notes.txt", 90)):
        (tmp_path / name).write_text("x")
        age(tmp_path / name, days)
    assert remove_files(tmp_path, before=now - timedelta(days=30)) == 2
    assert sorted(file.name for file in tmp_path.iterdir()) == ["notes.txt", "website.log", "worker.log"]
    assert remove_files(tmp_path / "none", before=now) == 0


def age(file: Path, days: int) -> None:
    at = (datetime.now(timezone.utc) - timedelta(days=days)).timestamp()
    os.utime(file, (at, at))


def test_no_line_of_a_log_outlives_its_days_however_little_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.starting.daily_log.LARGEST", 100)
    file = tmp_path / "website.log"

    def say(words: str, days_ago: int = 0) -> None:  # each by a start of its own, as if the last one was so long ago
        log = DailyLog(file, days=3)
        log.emit(logging.makeLogRecord({"msg": words}))
        log.close()
        age(file, days_ago)

    for days_ago in (9, 8, 7, 6, 5):
        say(f"said {days_ago} days ago", days_ago)
    say("said today")
    assert file.read_text() == "said today\n"
    assert sorted(one.read_text() for one in tmp_path.glob("website.log.*")) == [f"said {days} days ago\n" for days in (5, 6, 7)]
    assert remove_files(tmp_path, before=datetime.now(timezone.utc) - timedelta(days=3)) == 3

    log = DailyLog(file, days=3)
    log.emit(logging.makeLogRecord({"msg": "more of today"}))
    file.unlink()  # the worker, after so many days without a word
    for number in range(40):
        log.emit(logging.makeLogRecord({"msg": f"line {number}"}))
    log.close()
    assert "line 39" in file.read_text() and sum(one.stat().st_size for one in tmp_path.iterdir()) < 300

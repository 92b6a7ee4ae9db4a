"""The very write that keeps a lead, or drops a draft, fails: the form stays open, and the same words do it once the database can again."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager

from tests.conversations.test_two_browsers import Browser
from tests.living import Usher

TIMES = 5


@contextmanager
def refusing(usher: Usher, write: str, which: str) -> Iterator[None]:
    """A database that refuses one kind of write of one school's rows, and of nobody else's."""
    name = f"refuses_{uuid.uuid4().hex}"

    def do(sql: str) -> None:
        with closing(sqlite3.connect(usher.var / "usher.db", timeout=30)) as connection, connection:
            connection.execute(sql)

    do(f"CREATE TRIGGER {name} BEFORE {write} WHEN {which} BEGIN SELECT RAISE(ABORT, 'injected'); END")
    try:
        yield
    finally:
        do(f"DROP TRIGGER {name}")


def rows(usher: Usher, query: str, *values: str) -> int:
    with closing(sqlite3.connect(usher.var / "usher.db", timeout=30)) as connection:
        return int(connection.execute(query, values).fetchone()[0])


def to_the_summary(usher: Usher, school: str) -> Browser:
    browser = Browser(usher)
    browser.says("can someone ring me?", "yes", school, "Jo Lost", "head", f"jo@{school.split()[1].lower()}.example.org", "skip")
    assert browser.custom["form"] == "confirm"
    return browser


def test_a_send_that_fails_leaves_the_summary_open_and_the_next_yes_sends_it(running: Usher) -> None:
    school = f"Fault {uuid.uuid4().hex[:8]} School"
    browser = to_the_summary(running, school)
    with refusing(running, "INSERT ON lead", f"NEW.school = '{school}'"):
        for _ in range(TIMES):
            said = browser.says("yes, send it")
            assert "nothing was sent" in said and browser.custom["form"] == "confirm" and "Your reference" not in said
            assert browser.buttons, "what can be pressed is still there"
        assert not rows(running, "SELECT count(*) FROM lead WHERE school = ?", school)
    assert "Your reference is U-" in browser.says("yes, send it") and browser.custom["ended"] == "sent"
    assert rows(running, "SELECT count(*) FROM lead WHERE school = ? AND asked_again = 0", school) == 1


def test_a_cancel_that_fails_cancels_when_it_is_said_again(running: Usher) -> None:
    school = f"Fault {uuid.uuid4().hex[:8]} School"
    browser = to_the_summary(running, school)
    with refusing(running, "DELETE ON lead_draft", f"OLD.details LIKE '%{school}%'"):
        assert "kept nothing" not in browser.says("cancel") and browser.custom["form"] == "confirm"
    assert "kept nothing" in browser.says("cancel") and browser.custom["ended"] == "cancelled"
    assert not rows(running, "SELECT count(*) FROM lead_draft WHERE details LIKE ?", f"%{school}%")
    assert not rows(running, "SELECT count(*) FROM message WHERE text LIKE ?", f"%{school}%")


def test_a_form_that_rasa_lost_at_the_summary_is_sent_by_the_next_yes(running: Usher) -> None:
    school = f"Fault {uuid.uuid4().hex[:8]} School"
    browser = to_the_summary(running, school)
    with closing(sqlite3.connect(running.var / "usher.db", timeout=30)) as connection, connection:
        connection.execute("DELETE FROM events WHERE sender_id = ?", (browser.conversation,))
    assert "Your reference is U-" in browser.says("yes, send it")
    assert rows(running, "SELECT count(*) FROM lead WHERE school = ?", school) == 1


def test_a_form_that_rasa_lost_in_the_middle_goes_on_where_it_was(running: Usher) -> None:
    school = f"Fault {uuid.uuid4().hex[:8]} School"
    browser = Browser(running)
    browser.says("can someone ring me?", "yes", school, "Jo Lost")
    assert browser.custom["form"] == "role"
    with closing(sqlite3.connect(running.var / "usher.db", timeout=30)) as connection, connection:
        connection.execute("DELETE FROM events WHERE sender_id = ?", (browser.conversation,))
    for text, then in (("bursar", "contact"), ("07700 900147", "message"), ("skip", "confirm")):
        browser.says(text)
        assert browser.custom.get("form") == then, text
    assert "Your reference is U-" in browser.says("yes, send it")

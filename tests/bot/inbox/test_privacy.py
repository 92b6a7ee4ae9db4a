"""The pages of privacy: an admin finds a person, gives out what is held, and erases it everywhere."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable

import httpx
import pytest
from sqlalchemy import text

from office.enquiries.log import log_enquiry
from office.enquiries.transcripts import write_message
from office.leads.model import LeadDetails, LeadNote, log_lead
from tests.clock import NOW

from .inbox import Inbox, post, words_of

SignIn = Callable[..., httpx.Client]


@pytest.fixture
def reference(inbox: Inbox) -> str:
    """A lead with a conversation, a note and Rasa's memory; its reference."""
    question = {
        "text": "do you take nursery schools?",
        "trust": "anytown",
        "topics": [],
        "outcome": "not_known",
        "facts": [],
        "confidence": 1.0,
    }
    with inbox.database.transaction() as session:
        session.execute(
            text("CREATE TABLE events (id INTEGER PRIMARY KEY, sender_id VARCHAR(255), type_name VARCHAR(255), timestamp FLOAT, data TEXT)")
        )
        session.execute(text("INSERT INTO events (sender_id, type_name, timestamp, data) VALUES ('talk.sig', 'user', 1.0, '{}')"))
        write_message(session, "talk.sig", "visitor", "I am Robin Example", now=NOW)
        log_enquiry(session, conversation="talk.sig", channel="website", text="do you take nursery schools?", withheld=False,
                    outcome="not_known", questions=[question], now=NOW)  # fmt: skip
        lead = log_lead(session, LeadDetails(conversation="talk.sig", channel="website", name="Robin Example", school="Anytown Primary", wish="visit",
                        consented=NOW, email="robin@example.org", phone="+44 7700 900123"), reply_within=2, now=NOW)  # fmt: skip
        session.add(LeadNote(lead=lead.id, text="rang, no answer", at=NOW))
        return str(lead.reference)


def test_only_an_admin_comes_in(inbox: Inbox, sign_in: SignIn, reference: str) -> None:
    for role in ("staff", "pa"):
        browser = sign_in(role)
        for path in ("/privacy", f"/privacy/leads/{reference}", "/privacy/conversation?id=talk.sig"):
            assert browser.get(path).status_code == 403
        for action in ("export", "erase"):
            assert post(browser, f"/privacy/leads/{reference}/{action}", typed=reference).status_code == 403
    assert len(inbox.rows("SELECT id FROM lead")) == 1


@pytest.mark.parametrize("words", ["robin example", "Anytown Prim", "robin@example.org", "07700 900123", "900123", "nursery school"])
def test_a_person_is_found_by_whatever_one_knows_of_them(sign_in: SignIn, reference: str, words: str) -> None:
    page = sign_in("admin").get("/privacy", params={"q": words})
    assert page.status_code == 200
    assert reference in page.text or words == "nursery school"


def test_the_reference_is_found_in_small_letters_and_nothing_is_found_by_nonsense(sign_in: SignIn, reference: str) -> None:
    admin = sign_in("admin")
    assert reference in admin.get("/privacy", params={"q": reference.lower()}).text
    for nonsense in ("%%%", "___", "zzz zzz", "<script>alert(1)</script>", "x" * 10_000, "\0\0\0", "😀😀😀", "ab"):
        page = admin.get("/privacy", params={"q": nonsense})
        assert page.status_code == 200
        assert reference not in page.text and "<script>alert" not in page.text


def test_all_that_is_held_is_shown_and_given_out_as_json(inbox: Inbox, sign_in: SignIn, reference: str) -> None:
    admin = sign_in("admin")
    page = words_of(admin.get(f"/privacy/leads/{reference}"))
    assert "Robin Example" in page and "I am Robin Example" in page and "entries of the assistant’s memory 1" in page.lower()
    given = post(admin, f"/privacy/leads/{reference}/export")
    assert given.status_code == 200 and given.headers["content-type"] == "application/json"
    assert f"usher-{reference}.json" in given.headers["content-disposition"]
    held = json.loads(given.text)
    assert held["leads"][0]["email"] == "robin@example.org"
    assert held["notes"][0]["text"] == "rang, no answer"
    assert held["messages"][0]["text"] == "I am Robin Example"
    assert held["enquiries"][0]["questions"][0]["text"] == "do you take nursery schools?"
    assert len(held["assistant_memory"]) == len(held["notifications"]) == 1
    done = inbox.rows("SELECT action, about, detail FROM audit_entry WHERE action IN ('view', 'export') AND about LIKE 'lead%' ORDER BY id")
    assert [(action, about) for action, about, _ in done] == [("view", f"lead {reference}"), ("export", f"lead {reference}")]
    assert "Robin" not in str(done)


def test_it_is_erased_everywhere_once_the_reference_is_typed(inbox: Inbox, sign_in: SignIn, reference: str) -> None:
    admin = sign_in("admin")
    for wrong in ("", "U-AAAAAA", "x" * 10_000, "\0"):
        page = post(admin, f"/privacy/leads/{reference}/erase", typed=wrong)
        assert page.status_code == 422 and "Nothing was erased" in words_of(page)
    assert len(inbox.rows("SELECT id FROM lead")) == 1
    done = post(admin, f"/privacy/leads/{reference}/erase", typed=f" {reference.lower()} ")
    assert done.status_code == 303
    for table in ("lead", "lead_note", "lead_conversation", "message", "enquiry", "question", "events", "notification"):
        assert inbox.rows(f"SELECT * FROM {table}") == [], table
    assert inbox.rows("SELECT channel, wish, how, n FROM erased_count") == [("website", "visit", "request", 1)]
    assert admin.get(f"/privacy/leads/{reference}").status_code == 404
    assert post(admin, f"/privacy/leads/{reference}/erase", typed=reference).status_code == 404
    assert "Erased so far" in words_of(admin.get("/privacy"))
    assert len(inbox.rows("SELECT id FROM audit_entry WHERE action = 'erase'")) == 1


def test_a_conversation_without_a_lead_is_found_by_its_words_and_erased(inbox: Inbox, sign_in: SignIn) -> None:
    with inbox.database.transaction() as session:
        write_message(session, "alone.signature", "visitor", "my number is 07700 900999", now=NOW)
    admin = sign_in("admin")
    assert "conversation?id=alone.signature" in admin.get("/privacy", params={"q": "07700 900999"}).text
    assert "07700 900999" in words_of(admin.get("/privacy/conversation?id=alone.signature"))
    assert (
        json.loads(post(admin, "/privacy/conversation/export?id=alone.signature").text)["messages"][0]["text"]
        == "my number is 07700 900999"
    )
    assert post(admin, "/privacy/conversation/erase?id=alone.signature", typed="alone.si").status_code == 303
    assert inbox.rows("SELECT * FROM message") == []
    for unknown in ("", "nobody", "x" * 10_000, "%00"):
        assert admin.get(f"/privacy/conversation?id={unknown}").status_code == 404


def test_no_word_of_a_person_gets_into_the_log(sign_in: SignIn, reference: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    admin = sign_in("admin")
    for path in ("/privacy?q=Robin+Example", f"/privacy/leads/{reference}", "/privacy/leads/Robin", "/notifications", "/privacy?q=%00%ff"):
        admin.get(path)
    post(admin, f"/privacy/leads/{reference}/export")
    post(admin, f"/privacy/leads/{reference}/erase", typed="Robin Example")
    ours = [record for record in caplog.records if not record.name.startswith(("httpx", "httpcore", "asyncio"))]
    said = "\n".join(logging.Formatter().format(record) for record in ours).lower()
    assert "robin" not in said and "nursery" not in said and "900123" not in said

"""Two people, two conversations: nobody is shown, told or can change what another gave; and a turn that fails loses nothing."""

from __future__ import annotations

import os
import random
import re
from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import func, select

from office.base.database import Database
from office.base.errors import Conflict, DatabaseAway
from office.leads.bulk import BulkChange, change_all, leads_shown, mark_of
from office.leads.changes import lead_of
from office.leads.lists import LeadFilter, list_leads
from office.leads.model import Lead, LeadConversation, LeadDraft
from office.leads.unconfirmed import dismiss_unconfirmed, take_details, unconfirmed_words
from office.leads.working import edit_details
from office.outbox.queue import Notification
from office.personal.person_file import file_of_lead
from tests.office.answering.visitor import SEND, SKIP, YES, OfficeVisitor, knowledge_of, pat

FAILURES = int(os.environ.get("USHER_TEST_FAILURES") or 40)  # in the turn that sends; `USHER_TEST_FAILURES=500` takes so many
Meet = Callable[..., OfficeVisitor]
HATTIE = ("Hazel Primary", "Hattie Hazel", "deputy head", "hattie@hazel.example.org or 07700 900555", SKIP)
STRANGER = (
    "Fake School",
    "Hattie Hazel",
    "chair of governors",
    "hattie@hazel.example.org or 07700 900999",
    "Please ring after three on Tuesdays.",
)


@pytest.fixture
def meet(database: Database, now: datetime) -> Meet:
    """A new conversation with the same office."""

    def do(**more: object) -> OfficeVisitor:
        limits = {name: more.pop(name) for name in ("leads_per_conversation", "leads_per_address") if name in more}
        return OfficeVisitor(database, knowledge_of(database, now, **limits), now, **more)

    return do


def leads(database: Database) -> list[Lead]:
    with database.transaction() as session:
        return list(session.execute(select(Lead).order_by(Lead.id)).scalars())


def without_reference(text: str) -> str:
    return re.sub(r"U-[A-Z0-9]{6}", "U-", text)


def test_a_stranger_hears_what_a_new_person_hears_and_changes_nothing(database: Database, meet: Meet) -> None:
    hattie, stranger, new = meet(), meet(), meet()
    own = hattie.sends(*HATTIE)
    (before,) = leads(database)
    told = stranger.sends(*STRANGER)
    new.sends(
        "Fake School", "Harry New", "chair of governors", "harry@new.example.org or 07700 900998", "Please ring after three on Tuesdays."
    )
    for said, unknown in zip(stranger.heard, new.heard):
        assert without_reference(said).replace("Hattie Hazel", "").replace("hattie@hazel", "").replace("999", "998") == without_reference(
            unknown
        ).replace("Harry New", "").replace("harry@new", "")
    assert told != own and own not in " ".join(stranger.heard)
    lead, _ = leads(database)
    for field in ("reference", "name", "role", "school", "email", "phone", "wish", "message", "promised", "next_action", "due"):
        assert getattr(lead, field) == getattr(before, field), field
    assert (lead.asked_again, lead.unconfirmed, lead.unread) == (1, True, True)
    heard = stranger.leave_details(SKIP, opening="please contact me again about visiting a school")
    assert "+44 7700 900999" in heard and "900555" not in heard and "deputy" not in heard
    assert told in stranger.say("did you get my enquiry?") or stranger.in_form
    assert "900999" not in hattie.leave_details(SKIP, opening="can someone ring me?")


def test_its_reference_leads_staff_to_the_lead_and_nobody_else(database: Database, meet: Meet, now: datetime) -> None:
    own, told = meet().sends(*HATTIE), meet().sends(*STRANGER)
    with database.transaction() as session:
        assert lead_of(session, told).reference == lead_of(session, told, for_change=True).reference == own
        for wanted in (told, "900999", "Fake School", "Hazel Primary"):
            assert [lead.reference for _, lead in list_leads(session, LeadFilter(q=wanted), now=now).rows] == [own], wanted
        assert file_of_lead(session, told).references == [own]


def test_staff_see_both_and_take_the_new_details_with_one_step_or_leave_them(database: Database, meet: Meet, now: datetime) -> None:
    own = meet().sends(*HATTIE)
    for _ in range(2):
        meet().sends(*STRANGER)
    with database.transaction() as session:
        lead, by = lead_of(session, own), pat(session, now)
        second, first = unconfirmed_words(session, lead)
        assert {name: theirs for name, _, theirs in first.details} == {
            "school": "Fake School", "role": "chair of governors", "phone": "+44 7700 900999",
        }  # fmt: skip
        dismiss_unconfirmed(session, lead, second.number, by=by, now=now)
        assert lead.unconfirmed and lead.school == "Hazel Primary"
        take_details(session, lead, first.number, by=by, now=now)
        assert (lead.school, lead.phone, lead.unconfirmed) == ("Fake School", "+44 7700 900999", False)
        assert not unconfirmed_words(session, lead)


def test_a_stranger_has_nothing_erased(database: Database, meet: Meet, now: datetime) -> None:
    hattie, stranger = meet(), meet()
    own, told = hattie.sends(*HATTIE), stranger.sends(*STRANGER)
    said = stranger.say("please delete my details")
    assert told in said
    (lead,) = leads(database)
    assert (lead.next_action, lead.due, lead.unread, lead.unconfirmed) == ("", None, True, True)
    with database.transaction() as session:
        (word,) = unconfirmed_words(session, lead_of(session, own))
        assert word.asks_erasure and word.reference == told
        assert [one.about for one in session.execute(select(Notification).where(Notification.kind == "withdrawal")).scalars()] != [own]
    assert without_reference(hattie.say("please delete my details")) == without_reference(said)
    assert leads(database)[0].next_action


def test_what_staff_corrected_no_visitor_overwrites(database: Database, meet: Meet, now: datetime) -> None:
    hattie = meet()
    own = hattie.sends(*HATTIE)
    with database.transaction() as session:
        lead = lead_of(session, own)
        told = {name: getattr(lead, name) or "" for name in ("name", "role", "school", "email", "phone", "wish", "message")}
        edit_details(session, lead, {**told, "school": "Hazel Primary School"}, by=pat(session, now), now=now)
    hattie.leave_details(SKIP)
    hattie.say("the school is Hazel Juniors")
    hattie.say("my phone is 07700 900556")
    hattie.say(SEND)
    assert hattie.last["reference"] == own
    (lead,) = leads(database)
    assert (lead.school, lead.phone, lead.unconfirmed) == ("Hazel Primary School", "+44 7700 900556", True)
    with database.transaction() as session:
        (word,) = unconfirmed_words(session, lead_of(session, own))
        assert word.confirmed and [name for name, *_ in word.details] == ["school"]


def test_who_was_seen_to_does_not_show_in_a_strangers_conversation(database: Database, meet: Meet) -> None:
    own, stranger = meet().sends(*HATTIE), meet()
    stranger.sends(*STRANGER)
    asks = stranger.say("did you get my enquiry?")
    with database.transaction() as session:
        lead_of(session, own).owed = False
    assert stranger.say("did you get my enquiry?") == asks


def test_a_second_person_in_one_conversation_is_a_lead_that_began_empty(database: Database, meet: Meet) -> None:
    first = meet()
    one = first.sends("Shared School", "First Person", "head", "07700 900112", SKIP)
    first.say("My colleague Ann Other would also like a call, her email is ann@shared.example.org")
    assert first.asked == "consent"
    for answer in (YES, "Shared School", "Ann Other", "bursar", "a call back", SKIP):
        said = first.say(answer)
        if first.asked == "confirm":
            break
    assert "ann@shared.example.org" in said and "900112" not in said and "First Person" not in said and "head" not in said
    first.say(SEND)
    assert first.last["reference"] != one
    before, ann = leads(database)
    assert (before.name, before.phone, ann.name, ann.email, ann.phone) == (
        "First Person", "+44 7700 900112", "Ann Other", "ann@shared.example.org", None,
    )  # fmt: skip
    assert "900112" not in first.say("can someone ring me?") + first.say(YES), "whose details they are is not known any more"


def test_three_heads_in_a_row_in_telegram_are_three_leads(database: Database, meet: Meet) -> None:
    sam = meet(channel="telegram")
    for number, name in enumerate(("Ann Ash", "Ben Beech", "Cat Cedar")):
        sam.say("can someone ring me?")
        assert sam.say(YES).strip() and sam.asked == "school"
        for answer in (f"{name.split()[1]} Primary", name, "head", f"07700 90011{number}", SKIP):
            said = sam.say(answer)
        assert sam.asked == "confirm" and said.count("Primary") == 1
        sam.say(SEND)
    assert [(lead.name, lead.phone, lead.first_question) for lead in leads(database)] == [
        ("Ann Ash", "+44 7700 900110", ""), ("Ben Beech", "+44 7700 900111", ""), ("Cat Cedar", "+44 7700 900112", ""),
    ]  # fmt: skip


def test_another_person_named_in_the_middle_waits_for_their_turn(meet: Meet) -> None:
    visitor = meet()
    visitor.leave_details(*HATTIE)
    said = visitor.say("my colleague Ann Other would like a call too, ann@hazel.example.org")
    assert "One person at a time" in said and "Hattie Hazel" in said and "ann@" not in said and visitor.asked == "confirm"


def test_what_is_told_by_the_way_replaces_nothing_that_was_answered(meet: Meet) -> None:
    visitor = meet()
    for text in ("can someone ring me?", YES, "Hazel Primary", "Rev'd Joan of Arc", "head", "joan@hazel.example.org", SKIP):
        said = visitor.say(text)
    assert "Hazel Primary" in said and "School: Arc" not in said


@pytest.mark.parametrize("failure", [DatabaseAway("database is locked"), Conflict("x"), RuntimeError("killed"), OSError("disk full")])
def test_a_send_that_fails_is_sent_by_the_next_yes(database: Database, meet: Meet, failure: Exception) -> None:
    visitor = meet()
    visitor.leave_details(*HATTIE)
    for _ in range(3):
        assert visitor.say(SEND, fails=failure) == "(failed)" and visitor.asked == "confirm"
        assert not leads(database)
    said = visitor.say(SEND)
    assert leads(database)[0].reference in said and visitor.last["ended"] == "sent"


def test_a_send_that_rasa_lost_with_its_form_is_sent_by_the_next_yes(database: Database, meet: Meet) -> None:
    visitor = meet()
    visitor.leave_details(*HATTIE)
    visitor.in_form, visitor.asked = False, ""
    assert visitor.say(SEND).startswith("Thank you") and len(leads(database)) == 1


def test_a_cancel_that_failed_cancels_when_it_is_said_again(database: Database, meet: Meet) -> None:
    for lost in (False, True):
        visitor = meet()
        visitor.leave_details(*HATTIE)
        visitor.say("cancel", fails=DatabaseAway("locked"))
        if lost:
            visitor.in_form, visitor.asked = False, ""
        assert "cancelled" in visitor.say("cancel")
        with database.transaction() as session:
            assert session.execute(select(func.count()).select_from(LeadDraft)).scalar_one() == 0


def test_after_many_failures_of_that_very_turn_each_lead_is_there_once(database: Database, meet: Meet) -> None:
    chance, failures, sent = random.Random(7), 0, {}
    while failures < FAILURES:
        number = len(sent)
        visitor = meet()
        visitor.leave_details(
            f"Hill Road School {number}",
            f"Robin Q{'abcdefghij'[number % 10] * (number // 10 + 1)}z",
            "head",
            f"r{number}@school.example",
            SKIP,
        )
        while chance.random() < 0.95:
            visitor.say(SEND, fails=chance.choice([DatabaseAway("locked"), RuntimeError("killed")]))
            failures += 1
            if chance.random() < 0.2:
                visitor.in_form = False  # Rasa lost the form as well
        visitor.say(SEND)
        sent[visitor.last["reference"]] = number
        if chance.random() < 0.3:  # the answer was lost, and is asked for again
            visitor.in_form, visitor.asked = True, "confirm"
            visitor.say(SEND)
            assert visitor.last["reference"] in sent
    kept = {lead.reference: lead.school for lead in leads(database)}
    assert kept == {reference: f"Hill Road School {number}" for reference, number in sent.items()}
    assert all(not lead.asked_again for lead in leads(database))


def test_a_conversation_and_an_address_send_so_many_in_a_day(database: Database, meet: Meet) -> None:
    visitor = meet(leads_per_conversation=2, leads_per_address=3, source="a")
    for name in ("Ann Ash", "Ben Beech"):
        visitor.sends(
            "Oak Primary", name, "head", f"{name[:3]}@oak.example".lower(), SKIP, opening="can someone ring me? it is for another person"
        )
    assert "Nothing of this one is kept" in visitor.say("can someone ring me?") and not visitor.in_form
    late = meet(leads_per_address=3, source="a")
    late.leave_details("Oak Primary", "Cat Cedar", "head", "cat@oak.example", SKIP)
    meet(leads_per_address=3, source="a").sends("Oak Primary", "Dan Dale", "head", "dan@oak.example", SKIP)
    assert "Nothing of this one is kept" in late.say(SEND) and late.last["ended"] == "cancelled"
    meet(leads_per_address=3, source="b").sends("Oak Primary", "Eve Elm", "head", "eve@oak.example", SKIP)
    with database.transaction() as session:
        assert session.execute(select(func.count()).select_from(LeadDraft)).scalar_one() == 0
    assert len(leads(database)) == 4


def test_a_flood_is_marked_and_closed_at_once(database: Database, meet: Meet, now: datetime) -> None:
    real = meet(source="elsewhere").sends(*HATTIE)
    for number in range(8):
        meet(source="a").sends(f"Hill Road School {number}", f"Robin Q{'abcdefgh'[number]}z", "head", f"r{number}@school.example", SKIP)
    wanted = LeadFilter(view="suspect")
    with database.transaction() as session:
        shown = leads_shown(session, wanted, now=now)
        assert len(shown) == 8 and real not in [lead.reference for lead in shown]
        result = change_all(session, wanted, BulkChange(status="closed", reason="false"), mark_of(shown), by=pat(session, now), now=now)
        assert result.changed == 8
        assert not leads_shown(session, wanted, now=now)
        assert [lead.reference for lead in leads_shown(session, LeadFilter(), now=now)] == [real]
        assert session.execute(select(func.count()).select_from(LeadConversation)).scalar_one() == 9

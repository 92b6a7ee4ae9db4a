"""The lead form: consent first, one thing at a time, and a way out at every step."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import func, select

from language.acts.learned import acts_of, wish_of
from office.answering.form_reading import read_form_message
from office.base.database import Database
from office.base.errors import ConsentMissing
from office.enquiries.transcripts import Message, messages_after, write_message
from office.leads.form import (
    Draft,
    FormMessage,
    FormTurn,
    as_heard,
    begin,
    details_before,
    drop_draft,
    has_agreed,
    just_sent,
    keep_draft,
    latest_sent,
    read_draft,
    send_draft,
    take,
)
from office.leads.model import Lead, LeadDraft

TOLD = {"school": "Oak Primary", "name": "Jo Field", "role": "head", "email": "jo@oak.example", "wish": "call_back"}

SO_FAR = {  # what is known when a field is asked for
    "school": {}, "name": {"school": "Oak Primary"}, "role": {"school": "Oak Primary", "name": "Jane Smith"},
    "contact": {"school": "Oak Primary", "name": "Jane Smith", "role": "head"}, "wish": {k: v for k, v in TOLD.items() if k != "wish"},
    "term": {**TOLD, "wish": "membership"}, "message": TOLD, "confirm": {**TOLD, "message": "mornings"},
}  # fmt: skip


def said(text: str = "", **more: object) -> FormMessage:
    return FormMessage(text=text, **more)


def turn_of(asking: str, typed: str, now: datetime, details: dict[str, str] | None = None) -> FormTurn:
    """Give what a message typed at a question leads to, read as the conversation reads it."""
    draft = Draft(asking, dict(SO_FAR[asking] if details is None else details))
    return take(draft, read_form_message(typed, draft, now, acts_of, wish_of))


def asked_after(draft: Draft, *messages: FormMessage) -> Draft:
    for message in messages:
        draft = take(draft, message).draft
    return draft


def test_consent_comes_first_whatever_was_told() -> None:
    assert begin(TOLD).asking == "consent"
    assert take(begin(TOLD), said("ok", confirms=True)).draft.asking == "message"


def test_details_before_the_yes_ask_for_the_yes_again() -> None:
    turn = take(begin({}), said("Jo Field, Oak Primary", told={"name": "Jo Field", "school": "Oak Primary"}))
    assert turn.says == ("lead_needs_yes",) and turn.draft.asking == "consent"
    assert asked_after(turn.draft, said("yes", confirms=True)).asking == "role"


def test_one_thing_after_another_is_asked() -> None:
    draft = asked_after(begin({}), said("yes", confirms=True))
    order = []
    for told in ({"school": "Oak"}, {"name": "Jo"}, {"role": "head"}, {"phone": "+44 20 7946 0018"}, {"wish": "visit"}):
        order.append(draft.asking)
        draft = asked_after(draft, said("x", told=told))
    assert order == ["school", "name", "role", "contact", "wish"] and draft.asking == "message"
    assert asked_after(draft, said("skip", skips=True)).asking == "confirm"


def test_a_term_is_asked_for_membership_only() -> None:
    agreed = asked_after(begin({**TOLD, "wish": "membership"}), said("yes", confirms=True))
    assert agreed.asking == "term"
    assert asked_after(agreed, said("spring", told={"term": "2027-spring"})).asking == "message"


def test_a_question_is_answered_and_the_form_stands_where_it_stood() -> None:
    for asking in ("consent", "school", "name", "role", "contact", "wish", "term", "confirm"):
        draft = Draft(asking, dict(TOLD))
        turn = take(draft, said("how much is it?", question="how much is it?"))
        assert (turn.question, turn.draft.asking, turn.ends) == ("how much is it?", asking, ""), asking
        assert turn.draft.details == TOLD


def test_a_question_asked_where_something_may_be_added_is_answered_and_passed_on() -> None:
    turn = take(Draft("message", dict(TOLD)), said("how much is it?", question="how much is it?"))
    assert (turn.question, turn.draft.details["message"], turn.draft.asking) == ("how much is it?", "how much is it?", "confirm")


def test_what_may_be_no_detail_is_read_back_and_taken_by_a_yes() -> None:
    asked = take(Draft("school"), said("it's been raining all week", doubtful=True))
    assert (asked.draft.asking, asked.draft.check, asked.draft.details) == ("school", "it's been raining all week", {})
    assert take(asked.draft, said("yes", confirms=True)).draft.details == {"school": "it's been raining all week"}
    assert take(asked.draft, said("no", refuses=True)).draft == Draft("school")
    assert take(asked.draft, said("Elm Park", told={"school": "Elm Park"})).draft.details == {"school": "Elm Park"}


def test_a_sentence_at_the_summary_is_added_to_the_message() -> None:
    turn = take(Draft("confirm", {**TOLD, "message": "Mornings are best."}), said("We hope to bring two governors.", adds=True))
    assert (turn.draft.details["message"], turn.draft.asking) == ("Mornings are best.\nWe hope to bring two governors.", "confirm")
    assert turn.says == ("lead_added",)


@pytest.mark.parametrize(
    ("asking", "typed", "told", "then"),
    [
        ("school", "Oakfield Primary. How much is it?", {"school": "Oakfield Primary"}, "name"),
        ("school", "It's Oakfield! What does it cost", {"school": "Oakfield"}, "name"),
        ("name", "Jane Smith. How much is it?", {"name": "Jane Smith"}, "role"),
        ("name", "jane\nhow long does it last?", {"name": "Jane"}, "role"),
        ("role", "Head. How much is it?", {"role": "Head"}, "contact"),
        ("role", "I'm the bursar. Who governs?", {"role": "bursar"}, "contact"),
        ("contact", "07700 900123. How much is it?", {"phone": "+44 7700 900123"}, "wish"),
        ("wish", "a visit. How long is it?", {"wish": "visit"}, "message"),
        ("message", "Mornings are best. How much is it?", {"message": "Mornings are best."}, "confirm"),
        ("school", "We are a small school. How much is it?", {}, "school"),
        ("school", "Hello. How much is it?", {}, "school"),
        ("name", "Dr. Smith, how much is it?", {}, "name"),
        ("role", "I need to know first. How much is it?", {}, "role"),
        ("message", "Thanks. How much is it?", {"message": "Thanks. How much is it?"}, "confirm"),
        ("confirm", "Yes. How much is it?", {}, "confirm"),
    ],
)
def test_an_answer_before_a_question_is_taken(asking: str, typed: str, told: dict[str, str], then: str, now: datetime) -> None:
    turn = turn_of(asking, typed, now)
    assert (turn.draft.details, turn.draft.asking) == ({**SO_FAR[asking], **told}, then)
    assert turn.question and not turn.ends


def test_why_is_answered_for_each_field() -> None:
    for asking in ("school", "name", "role", "contact", "wish", "term", "message"):
        turn = take(Draft(asking, {}), said("why do you ask?", asks_why=True))
        assert turn.says == (f"lead_why_{asking}",) and turn.draft.asking == asking


@pytest.mark.parametrize(
    ("asking", "before"),
    [
        ("school", "school"),
        ("name", "school"),
        ("role", "name"),
        ("contact", "role"),
        ("wish", "contact"),
        ("term", "wish"),
        ("message", "wish"),
    ],
)
def test_who_goes_back_is_asked_again_what_was_told_before(asking: str, before: str, now: datetime) -> None:
    for typed in ("back", "go back please", "undo", "previous question"):
        turn = turn_of(asking, typed, now)
        assert (turn.draft.asking, turn.draft.details) == (before, SO_FAR[asking]), typed


def test_who_goes_back_over_what_was_left_out_is_asked_for_that(now: datetime) -> None:
    agreed = Draft("confirm", dict(TOLD), ("message",))
    assert take(agreed, read_form_message("go back", agreed, now, acts_of, wish_of)).draft == Draft("message", dict(TOLD))
    again = turn_of("name", "no", now, {**TOLD, "message": "mornings"})
    assert (again.draft.asking, again.draft.details["name"]) == ("confirm", "Jo Field")


@pytest.mark.parametrize("typed", ["help", "menu", "?", "I don't understand"])
def test_who_needs_help_is_told_what_a_detail_is_for(typed: str, now: datetime) -> None:
    for asking in ("school", "name", "role", "contact", "wish", "term", "message"):
        turn = turn_of(asking, typed, now)
        assert (turn.says, turn.draft) == ((f"lead_why_{asking}",), Draft(asking, SO_FAR[asking])), asking


def test_it_can_be_cancelled_at_every_step() -> None:
    for asking in ("consent", "school", "name", "role", "contact", "wish", "message", "confirm", "change"):
        assert take(Draft(asking, dict(TOLD)), said("cancel", cancels=True)).ends == "cancelled"


def test_what_is_needed_cannot_be_skipped_and_what_is_not_can() -> None:
    assert take(Draft("name", {}), said("skip", skips=True)).says == ("lead_is_needed",)
    assert take(Draft("contact", {}), said("no", refuses=True)).says == ("lead_is_needed",)
    assert take(Draft("role", {"school": "Oak", "name": "Jo"}), said("rather not", skips=True)).draft.asking == "contact"


def test_a_correction_is_taken_at_any_point() -> None:
    draft = Draft("confirm", {**TOLD, "phone": "+44 20 7946 0018"}, ("message",))
    turn = take(draft, said("no, it ends 19", corrected={"phone": "+44 20 7946 0019"}))
    assert turn.draft.details["phone"].endswith("19") and turn.draft.asking == "confirm" and turn.ends == ""


def test_who_says_only_that_something_is_wrong_is_asked_what() -> None:
    draft = take(Draft("confirm", dict(TOLD), ("message",)), said("no", refuses=True)).draft
    assert draft.asking == "change"
    assert take(draft, said("the name", field_meant="name")).draft.asking == "name"


@pytest.mark.parametrize(
    ("asking", "typed", "told", "then"),
    [
        ("role", "sorry, Joan", {"name": "Joan Smith"}, "role"),
        ("role", "*Joan", {"name": "Joan Smith"}, "role"),
        ("role", "it's Joan", {"name": "Joan Smith"}, "role"),
        ("contact", "that should be Joanna", {"name": "Joanna Smith"}, "contact"),
        ("role", "actually the school is Hillside", {"school": "Hillside"}, "role"),
        ("role", "It's Hillside Academy", {"school": "Hillside Academy"}, "role"),
        ("name", "I meant Hillside", {"school": "Hillside"}, "name"),
        ("role", "actually it's Hillside", {}, "change"),
        ("role", "it's Hillside", {}, "change"),
        ("contact", "*Hillside", {}, "change"),
        ("confirm", "no, Hillside", {}, "change"),
        ("role", "sorry, dinner lady", {"role": "dinner lady"}, "contact"),
        ("name", "sorry, Joan", {"name": "Joan"}, "role"),
        ("school", "sorry, Hillside", {"school": "Hillside"}, "name"),
        ("message", "It's Urgent", {"message": "It's Urgent"}, "confirm"),
    ],
)
def test_a_correction_is_no_answer_and_is_asked_about_where_it_is_unclear(
    asking: str, typed: str, told: dict[str, str], then: str, now: datetime
) -> None:
    turn = turn_of(asking, typed, now)
    assert (turn.draft.details, turn.draft.asking) == ({**SO_FAR[asking], **told}, then)


def test_who_is_asked_what_to_change_may_say_the_new_name_only(now: datetime) -> None:
    details = {**TOLD, "name": "Jane Smith", "message": "mornings"}
    assert turn_of("change", "Joan", now, details).draft.details["name"] == "Joan Smith"
    assert turn_of("change", "the school", now, details).draft.asking == "school"


def test_a_value_may_be_anything_but_empty_or_endless() -> None:
    assert take(Draft("school", {}), said("Why Not Nursery")).draft.details["school"] == "Why Not Nursery"
    assert take(Draft("school", {}), said("???")).says == ("lead_not_read",)
    assert take(Draft("school", {}), said("x" * 10_000)).says == ("lead_too_long",)
    assert take(Draft("contact", {}), said("by pigeon")).says == ("lead_not_read",)


def test_a_message_keeps_names_that_are_not_the_senders() -> None:
    draft = Draft("message", dict(TOLD))
    turn = take(draft, said("please ask for Sam Hill", told={"name": "Sam Hill"}))
    assert turn.draft.details["name"] == "Jo Field" and turn.draft.details["message"] == "please ask for Sam Hill"


def test_more_than_a_number_is_kept_as_a_message() -> None:
    told = {"phone": "+44 20 7946 0018"}
    typed = "020 7946 0018, or 07700 900123 after four"
    assert take(Draft("contact", {}), said(typed, told=told, tells_more=True)).draft.details == {**told, "message": typed}
    typed = "Ann Lee on 07700 900130 can help too"
    turn = take(Draft("message", dict(TOLD)), said(typed, told={"phone": "+44 7700 900130"}, tells_more=True))
    assert turn.draft.details == {**TOLD, "message": typed}


@pytest.mark.parametrize(
    ("asking", "typed", "message"),
    [
        ("school", "Jane Smith, head, Elm Primary, jane@elm.example, 01903 707070, ring after 3", "ring after 3"),
        ("school", "Elm Primary, Jane Smith, 01903 707070, mornings are best", "mornings are best"),
        ("name", "Jane Smith, head, please ring before noon", "please ring before noon"),
        ("name", "Jane Smith, head, thanks a lot", None),
    ],
)
def test_what_stands_behind_several_details_is_kept_as_a_message(asking: str, typed: str, message: str | None, now: datetime) -> None:
    details = turn_of(asking, typed, now).draft.details
    assert (details["name"], details.get("message")) == ("Jane Smith", message)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("07700 900123 but not before 9", {"phone": "+44 7700 900123", "message": "07700 900123 but not before 9"}),
        ("jo@oak.example, not by post please", {"email": "jo@oak.example", "message": "jo@oak.example, not by post please"}),
        ("sorry it's jo@oak.example", {"email": "jo@oak.example"}),
        ("my number is 07700 900123 actually", {"phone": "+44 7700 900123"}),
        ("not 07700 900124 but 07700 900123", {"phone": "+44 7700 900123"}),
    ],
)
def test_the_first_number_told_corrects_none(typed: str, told: dict[str, str], now: datetime) -> None:
    assert turn_of("contact", typed, now).draft.details == {**SO_FAR["contact"], **told}
    assert turn_of("contact", typed, now).says == () or typed.startswith("not ")


def test_a_correction_loses_no_number_beside_it(now: datetime) -> None:
    turn = turn_of("contact", "actually my name is Joan Moss, 07700 900123", now)
    assert (turn.draft.details["name"], turn.draft.details["phone"], turn.draft.asking) == ("Joan Moss", "+44 7700 900123", "wish")


def test_a_word_about_the_conversation_or_a_bare_yes_is_no_value() -> None:
    for asking in ("school", "name", "role", "contact", "wish", "term", "message", "confirm", "change"):
        grumbled = take(Draft(asking, {}), said("this takes ages", remarks="grumble"))
        assert (grumbled.says, grumbled.draft) == (("lead_grumble",), Draft(asking, {})), asking
    for asking in ("school", "name", "role", "contact", "wish", "message"):
        assert take(Draft(asking, {}), said("yes", confirms=True)).draft == Draft(asking, {}), asking


def test_a_detail_can_be_taken_out_again() -> None:
    both = Draft("confirm", {**TOLD, "phone": "+44 20 7946 0018", "message": "mornings"}, ("term",))
    assert "phone" not in take(both, said("remove the number", drops="phone")).draft.details
    without = take(both, said("leave out the message", drops="message")).draft
    assert "message" not in without.details and without.asking == "confirm"
    by_phone = Draft("confirm", {**TOLD, "email": "", "phone": "+44 20 7946 0018"}, ("message",))
    assert take(by_phone, said("make it an email", reached_by="email")).draft.asking == "contact"


def test_nothing_is_sent_that_lacks_what_is_needed() -> None:
    turn = take(Draft("confirm", {"school": "Oak", "name": "Jo", "wish": "visit"}, ("role", "message")), said("yes", confirms=True))
    assert (turn.ends, turn.draft.asking) == ("", "contact")


def test_who_wants_nothing_changed_after_all_is_shown_it_again() -> None:
    for more in ({"skips": True}, {"refuses": True}, {"confirms": True}):
        assert take(Draft("change", dict(TOLD), ("message",)), said("nothing", **more)).draft.asking == "confirm"


def test_yes_with_a_detail_does_not_send() -> None:
    draft = Draft("confirm", dict(TOLD), ("message",))
    assert take(draft, said("yes but ring 020…", confirms=True, told={"phone": "+44 20 7946 0018"})).ends == ""
    assert take(draft, said("yes", confirms=True)).ends == "sent"


@pytest.mark.both_databases
def test_a_second_form_of_a_conversation_knows_what_the_first_was_told(database: Database, now: datetime) -> None:
    with database.transaction() as session:
        keep_draft(session, "anna", Draft("confirm", TOLD), now=now)
        draft = read_draft(session, "anna")
        assert draft is not None and draft.details == TOLD
        lead = send_draft(session, "anna", draft, channel="website", reply_within=2, now=now)
    with database.transaction() as session:
        assert read_draft(session, "anna") is None and has_agreed(session, "anna")
        assert details_before(session, "anna") == {k: v for k, v in TOLD.items() if k != "wish"}
        assert latest_sent(session, "anna").reference == lead.reference and latest_sent(session, "ben") is None
        assert details_before(session, "ben") == {} and just_sent(session, "anna", now=now).reference == lead.reference


def test_nothing_is_sent_of_who_has_not_agreed(database: Database, now: datetime) -> None:
    with pytest.raises(ConsentMissing), database.transaction() as session:
        send_draft(session, "anna", Draft("confirm", TOLD), channel="website", reply_within=2, now=now)


def test_before_the_yes_a_bare_name_is_not_kept(database: Database, now: datetime) -> None:
    with database.transaction() as session:
        assert as_heard(session, "anna", "I'm Jo Field, ring 07700 900123") == "I'm [name], ring [phone]"
        write_message(session, "anna", "assistant", "Is that OK?", now=now, custom={"form": "consent"})
        kept = [as_heard(session, "anna", typed) for typed in ("jo field, oak primary", "Yes, please", "who sees it?", "No thanks!")]
        assert kept == ["(not kept)", "Yes, please", "who sees it?", "No thanks!"]
        keep_draft(session, "anna", Draft("name", {}), now=now)
        assert as_heard(session, "anna", "Jo Field") == "Jo Field"


@pytest.mark.both_databases
def test_a_cancelled_form_leaves_nothing(database: Database, now: datetime) -> None:
    with database.transaction() as session:
        write_message(session, "anna", "visitor", "how much is it?", now=now)
    with database.transaction() as session:
        later = now.replace(minute=5)
        keep_draft(session, "anna", Draft("name", {"school": "Oak Primary"}), now=later)
        write_message(session, "anna", "visitor", "Jo Field", now=later)
        write_message(session, "anna", "assistant", "Name: Jo Field", now=later, custom={"form": "confirm"})
        drop_draft(session, "anna", erase=True)
    with database.transaction() as session:
        assert [m.text for m in messages_after(session, "anna", 0)] == ["how much is it?", "(not kept)", "(not kept)"]
        assert session.execute(select(func.count()).select_from(LeadDraft)).scalar() == 0
        assert session.execute(select(func.count()).select_from(Lead)).scalar() == 0
        assert session.execute(select(func.count()).select_from(Message)).scalar() == 3

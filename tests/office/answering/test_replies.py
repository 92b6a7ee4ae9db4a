"""What every channel passes on: the outcome of a message, the sources, and whom to contact, also in bad hours."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.answering.replies import OUTCOMES, Contact, Reply, contact_of, keep_contact, kept_contact, payload, sources, worst
from office.base.database import Database
from office.choosing.choose import Answer
from office.choosing.index import Index
from office.facts.files import read_topics
from office.facts.loading import load_facts
from tests.office.fact_folder import CountingEncoder, FactFolder


@pytest.fixture
def index(database: Database, folder: FactFolder, encoder: CountingEncoder, now: datetime) -> Index:
    with database.transaction() as session:
        load_facts(session, folder.facts, folder.nlu, encoder, "encoder-1", now=now)
    with database.transaction() as session:
        return Index(session, read_topics(folder.facts / "topics.yml"), date(2026, 9, 1))


@pytest.mark.parametrize(
    ("outcomes", "outcome"),
    [
        (["answered"], "answered"),
        (["answered", "not_known"], "not_known"),
        (["not_known", "answered"], "not_known"),
        (["chitchat", "answered"], "chitchat"),
        (["clarify", "handover"], "handover"),
        (["declined", "not_known"], "declined"),
        (["unavailable", "declined", "answered"], "unavailable"),
        ([], "not_known"),
    ],
)
def test_a_message_is_as_well_answered_as_its_worst_question(outcomes: list[str], outcome: str) -> None:
    assert worst(outcomes) == outcome


@given(st.lists(st.sampled_from(OUTCOMES), min_size=1))
def test_the_order_of_questions_does_not_change_how_well_a_message_was_answered(outcomes: list[str]) -> None:
    assert worst(outcomes) == worst(sorted(outcomes)) and worst(outcomes) in outcomes


def test_the_contact_comes_out_of_the_trust_s_contact_fact(index: Index) -> None:
    contact = contact_of(index, "oakdale")
    assert contact == Contact("Ann Example", "clerk", "01234 567890", "ann@oakdale.example", "Oakdale")
    assert contact.text == "Ann Example (clerk) on 01234 567890 or ann@oakdale.example"


@pytest.mark.parametrize(
    ("contact", "text"),
    [
        (Contact(), "the trust's office"),
        (Contact(trust="Oakdale"), "Oakdale"),
        (Contact(trust="Oakdale", phone="01234 567890"), "Oakdale on 01234 567890"),
        (Contact(person="Ann Example", email="ann@oakdale.example"), "Ann Example on ann@oakdale.example"),
        (Contact(role="clerk", trust="Oakdale", phone="1"), "Oakdale on 1"),
    ],
)
def test_half_a_contact_still_reads_as_a_sentence(contact: Contact, text: str) -> None:
    assert contact.text == text


def test_a_trust_without_a_contact_fact_is_named_itself(index: Index) -> None:
    index.trusts["oakdale"] = replace(index.trusts["oakdale"], contact_fact=None)
    assert contact_of(index, "oakdale") == Contact(trust="Oakdale")
    assert contact_of(index, "nowhere") == Contact()


def test_the_contact_is_at_hand_when_the_database_is_not(tmp_path: Path) -> None:
    contact = Contact("Ann Example", "clerk", "01234 567890", "ann@oakdale.example", "Oakdale")
    keep_contact(contact, tmp_path / "var" / "contact.json")
    assert kept_contact(tmp_path / "var" / "contact.json") == contact


@pytest.mark.parametrize("content", [None, "", "{", "[]", '"x"', '{"name": "Ann"}', "null"])
def test_a_lost_or_broken_copy_of_the_contact_gives_an_empty_one(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "contact.json").write_text(content)
    assert kept_contact(tmp_path / "contact.json") == Contact()


def test_a_source_is_given_once_however_many_facts_come_from_it(index: Index) -> None:
    facts = [index.facts[name] for name in ("oakdale.fee.membership", "oakdale.fee.visit", "oakdale.office.who")]
    assert sources(facts) == [
        {"title": "Joining Oakdale", "section": "Cost", "as_of": "2016"},
        {"title": "Joining Oakdale", "section": "Contact", "as_of": "2016"},
    ]


def test_the_payload_tells_each_question_s_facts_and_the_worst_outcome(index: Index) -> None:
    fee = index.facts["oakdale.fee.membership"]
    answers = [Answer("fee?", "answered", "oakdale", "cost", [fee]), Answer("uniform?", "not_known", "oakdale", "uniform")]
    told = payload(answers, ["contacts"])
    assert (told["outcome"], told["next"]) == ("not_known", ["contacts"])
    assert [(q["topic"], q["outcome"], q["facts"]) for q in told["questions"]] == [
        ("cost", "answered", ["oakdale.fee.membership"]),
        ("uniform", "not_known", []),
    ]


def test_a_comparison_is_told_as_a_question_for_each_trust(index: Index) -> None:
    halves = [Answer("fee?", "answered", "oakdale", "cost"), Answer("fee?", "not_known", "elm", "cost")]
    told = payload([Answer("fee?", "answered", "oakdale", "cost", compared=halves)], [])
    assert [(q["trust"], q["outcome"]) for q in told["questions"]] == [("oakdale", "answered"), ("elm", "not_known")]


def test_a_reply_s_payload_is_the_last_one_given() -> None:
    assert Reply([{"text": "a", "custom": {"n": 1}}, {"text": "b", "custom": {"n": 2}}, {"text": "c"}]).custom == {"n": 2}
    assert Reply([{"text": "a"}]).custom is None and Reply().custom is None

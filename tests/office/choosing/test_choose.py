"""The decision: which facts answer a question, or that none does. Vectors are made up; a wording of a fact is exactly like itself."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

import pytest

from office.base.database import Database
from office.choosing.choose import Answer, Memory, answer, more_of, remember, without_repeats
from office.choosing.index import Index
from office.choosing.judgement import Judgement
from office.choosing.ranking import AskedQuestion
from office.facts.files import read_topics
from office.facts.loading import load_facts
from tests.office.fact_folder import CountingEncoder, FactFolder, fake_vector, oakdale

TODAY = date(2026, 9, 1)
FEE, VISIT, WHO = "oakdale.fee.membership", "oakdale.fee.visit", "oakdale.office.who"
# sure exactly where a wording is met word for word: the fitted judgement belongs to the real encoder
JUDGEMENT = Judgement(
    topic=0.0, words=0.0, here=0.02, loose=0.02, wanted=0.05, stays=0.05, bias=-10.0, features={"similarity": 20.0}, answer_from=0.5,
    ask_from=0.4,
)  # fmt: skip
Ask = Callable[..., Answer]


@pytest.fixture
def index(database: Database, folder: FactFolder, encoder: CountingEncoder, now: datetime) -> Index:
    """The index of two trusts, Oakdale and Elmfield, which tell the same things with other figures."""
    elmfield = copy.deepcopy(oakdale())
    elmfield["trust"] = {"id": "elmfield", "name": "Elmfield Academy Trust", "short": "Elmfield", "aliases": []}
    for fact in elmfield["facts"]:
        fact["id"] = fact["id"].replace("oakdale", "elmfield")
        fact["says"] = fact["says"].replace("Oakdale", "Elmfield").replace("499", "250")
        fact["asked_as"] = [f"{wording} elmfield" for wording in fact["asked_as"]]
        for value in fact.get("values", []):
            value["value"] = 250 if value["kind"] == "amount" else value["value"]
    elmfield["subjects"]["fee"].pop("asked_as")
    folder.trusts["elmfield"] = elmfield
    folder.write()
    with database.transaction() as session:
        load_facts(session, folder.facts, folder.nlu, encoder, "encoder-1", now=now)
    with database.transaction() as session:
        return Index(session, read_topics(folder.facts / "topics.yml"), TODAY)


@pytest.fixture
def ask(index: Index) -> Ask:
    """Ask the office, from home at Oakdale."""

    def do(text: str, *, like: str = "", memory: Memory | None = None, **asked: object) -> Answer:
        question = AskedQuestion(text=text, vector=fake_vector(like or text), intents={})
        return answer(replace(question, **asked), memory or Memory(), index, JUDGEMENT, "oakdale")  # type: ignore[arg-type]

    return do


def said(given: Answer) -> list[str]:
    return [fact.id for fact in given.facts]


def test_the_best_fact_is_given_first(ask: Ask) -> None:
    given = ask("is a visit free")
    assert given.outcome == "answered"
    assert said(given)[0] == VISIT


def test_a_named_trust_is_a_condition(ask: Ask) -> None:
    given = ask("fee? elmfield", trusts=("elmfield",))
    assert given.outcome == "answered"
    assert {fact.trust for fact in given.facts} == {"elmfield"}


def test_cost_and_contacts_never_come_from_a_trust_that_was_not_named(ask: Ask) -> None:
    given = ask("fee? elmfield")
    assert all(fact.trust == "oakdale" for fact in given.facts)


def test_what_nothing_resembles_is_not_known(ask: Ask) -> None:
    given = ask("quantum chromodynamics")
    assert given.outcome == "not_known"
    assert not given.facts


def test_a_mobile_number_is_not_answered_by_an_office_number(ask: Ask) -> None:
    given = ask("what is her mobile number?", like="phone number")
    assert (given.outcome, given.missing) == ("not_known", "mobile")
    assert [fact.id for fact in given.near] == [WHO]


def test_whom_to_ring_is_not_known_where_the_trust_of_the_talk_publishes_nobody(ask: Ask) -> None:
    given = ask("who do I ring about that?", like="nothing like it", memory=Memory(trust="elmfield", text="fee?"), context=fake_vector("x"))
    assert (given.outcome, given.missing, given.topic) == ("not_known", "phone", None)


def test_a_wrong_price_is_put_right(ask: Ask) -> None:
    given = ask("is it £999?", like="fee?")
    assert given.correction is not None
    assert (given.correction.said, given.correction.holds, given.correction.fact.id) == ("£999", False, FEE)


def test_two_named_trusts_are_set_side_by_side(ask: Ask) -> None:
    given = ask("what do oakdale and elmfield cost", like="fee?", trusts=("oakdale", "elmfield"), bare=fake_vector("fee? elmfield"))
    assert [half.trust for half in given.compared] == ["oakdale", "elmfield"]
    assert [half.facts[0].says for half in given.compared] == ["A term at Oakdale costs £499.", "A term at Elmfield costs £250."]


def test_half_a_comparison_is_not_passed_off_as_a_whole_one(ask: Ask) -> None:
    given = ask("what do oakdale and elmfield cost", like="fee?", trusts=("oakdale", "elmfield"))
    assert [half.outcome for half in given.compared] == ["answered", "not_known"]
    assert given.outcome == "not_known"


def test_the_trust_that_was_named_stays_until_another_is(ask: Ask) -> None:
    memory = remember(Memory(), ask("fee? elmfield", trusts=("elmfield",)))
    assert memory.trust == "elmfield"
    assert remember(memory, ask("is a visit free", trusts=("oakdale",))).trust == "oakdale"


def test_more_gives_what_was_not_said_and_then_nothing(ask: Ask, index: Index) -> None:
    memory = replace(remember(Memory(), ask("fee?")), facts=(FEE,))
    further = more_of(memory, index)
    assert further is not None
    assert said(further) == [VISIT]
    assert more_of(replace(memory, facts=(FEE, VISIT)), index) is None


def test_a_fact_is_said_once_in_a_reply(ask: Ask) -> None:
    first, second = without_repeats([ask("fee?"), ask("how much is oakdale")])
    assert FEE in said(first)
    assert second.facts  # an answer is never left empty


def test_facts_for_staff_are_in_no_answer_to_a_visitor(
    database: Database, folder: FactFolder, encoder: CountingEncoder, now: datetime
) -> None:
    folder.fact(VISIT)["audience"] = "staff"
    folder.write()
    with database.transaction() as session:
        load_facts(session, folder.facts, folder.nlu, encoder, "encoder-1", now=now)
    with database.transaction() as session:
        topics = read_topics(folder.facts / "topics.yml")
        public, staff = Index(session, topics, TODAY), Index(session, topics, TODAY, staff=True)
    assert VISIT not in public.facts
    assert VISIT in staff.facts
    assert all(fact.id != VISIT for facts in public.by_subject.values() for fact in facts)

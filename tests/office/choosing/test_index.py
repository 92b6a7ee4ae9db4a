"""The index: what may be said today, held in memory and read anew only after a change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import numpy as np
import pytest

from office.base.database import Database
from office.choosing.index import Index, IndexKeeper, content_words
from office.facts.files import read_topics
from office.facts.loading import load_facts
from office.facts.model import pack, unpack
from tests.office.fact_folder import CountingEncoder, FactFolder, fake_vector
from tests.office.made_up import edit_as_staff

TODAY = date(2026, 9, 1)
FEE, VISIT = "oakdale.fee.membership", "oakdale.fee.visit"
Read = Callable[[], Index]


@pytest.fixture
def read(database: Database, folder: FactFolder, encoder: CountingEncoder, now: datetime) -> Read:
    """Load the folder as it is now, and give the index of it."""

    def do() -> Index:
        folder.write()
        with database.transaction() as session:
            load_facts(session, folder.facts, folder.nlu, encoder, "encoder-1", now=now)
        with database.transaction() as session:
            return Index(session, read_topics(folder.facts / "topics.yml"), TODAY)

    return do


def nearest(index: Index, words: str) -> tuple[str, str]:
    return index.owners[int(np.argmax(index.similarities(fake_vector(words))))]


@pytest.mark.both_databases
def test_a_wording_finds_the_fact_subject_or_topic_it_belongs_to(read: Read) -> None:
    index = read()
    assert nearest(index, "visit price") == ("fact", VISIT)
    assert nearest(index, "tell me all about money at oakdale") == ("subject", "oakdale.fee")
    assert nearest(index, "price?") == ("topic", "cost")


def test_a_fact_is_known_with_its_source_and_its_first_wording(read: Read) -> None:
    fact = read().facts[FEE]
    assert (fact.source_title, fact.source_section, fact.dated) == ("Joining Oakdale", "Cost", "about 2016")
    assert fact.first_wording == "what is the fee"


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("validity", "known"),
    [
        ({"valid_until": date(2026, 8, 31)}, False),
        ({"valid_until": TODAY}, True),
        ({"valid_from": TODAY}, True),
        ({"valid_from": date(2026, 9, 2)}, False),
    ],
)
def test_only_what_holds_today_can_be_said(read: Read, folder: FactFolder, validity: dict[str, date], known: bool) -> None:
    folder.fact(VISIT).update(validity)
    index = read()
    assert (VISIT in index.facts) is known
    assert (("fact", VISIT) in index.owners) is known


def test_a_subject_whose_last_fact_is_over_is_not_offered(read: Read, folder: FactFolder) -> None:
    for name in (FEE, VISIT):
        folder.fact(name)["valid_until"] = date(2020, 1, 1)
    assert ("subject", "oakdale.fee") not in read().owners


@pytest.mark.both_databases
def test_the_index_is_read_anew_after_a_change_and_on_a_new_day_but_not_otherwise(
    database: Database, read: Read, folder: FactFolder, now: datetime
) -> None:
    read()
    keeper = IndexKeeper(read_topics(folder.facts / "topics.yml"))
    with database.transaction() as session:
        first = keeper.current(session, TODAY)
        assert keeper.current(session, TODAY) is first
        assert keeper.current(session, date(2026, 9, 2)) is not first
    with database.transaction() as session:
        edit_as_staff(session, FEE, says="A term costs £520.", now=now)
    with database.transaction() as session:
        assert keeper.current(session, TODAY).facts[FEE].says == "A term costs £520."


def test_an_empty_database_gives_an_empty_index(database: Database) -> None:
    with database.transaction() as session:
        index = Index(session, {}, TODAY)
    assert index.facts == {} and len(index.similarities(fake_vector("anything"))) == 0 and index.rarity("word") > 0


def test_a_rare_word_tells_more_than_a_common_one(read: Read) -> None:
    index = read()
    (oakdale,), (clerk,) = content_words("oakdale"), content_words("clerk")
    assert index.rarity("unheard") >= index.rarity(clerk) > index.rarity(oakdale)


def test_vectors_come_back_from_the_database_almost_as_they_went_in() -> None:
    vectors = [fake_vector(word) for word in ("a", "b", "c")]
    back = unpack([pack(vector) for vector in vectors])
    assert back.shape == (3, 384) and back.dtype == np.float32
    assert float(np.abs(np.einsum("ij,ij->i", back, np.stack(vectors)) - 1).max()) < 0.001


@pytest.mark.parametrize(
    ("one", "other"),
    [("the meetings", "a meeting"), ("Head's meetings", "heads meeting"), ("trained", "training"), ("£499?", "is it £499")],
)
def test_words_that_mean_the_same_are_counted_as_the_same(one: str, other: str) -> None:
    assert content_words(one) == content_words(other) != []


def test_words_without_meaning_here_are_not_counted() -> None:
    assert content_words("what would you say about the schools?") == []

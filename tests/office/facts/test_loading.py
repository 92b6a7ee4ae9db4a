"""Loading the files of facts: once, all or nothing, and never over staff's own words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from office.base.database import Database
from office.base.errors import BadFactFile
from office.choosing.index import Index
from office.facts.files import read_topics
from office.facts.loading import LoadingResult, load_facts
from office.facts.model import Contradiction, Document, Fact, Subject, Trust, Wording, revision_number
from tests.office.fact_folder import CountingEncoder, FactFolder
from tests.office.facts.test_files import FAULTS, RAW
from tests.office.made_up import edit_as_staff

Load = Callable[..., LoadingResult]
FEE, VISIT, OFFICE = "oakdale.fee.membership", "oakdale.fee.visit", "oakdale.office.who"


@pytest.fixture
def load(database: Database, folder: FactFolder, encoder: CountingEncoder, now: datetime) -> Load:
    """Write the folder as it is now and load it."""

    def do(version: str = "encoder-1", *, again: bool = False) -> LoadingResult:
        folder.write()
        with database.transaction() as session:
            return load_facts(session, folder.facts, folder.nlu, encoder, version, now=now, again=again)

    return do


def fact(database: Database, fact_id: str) -> Fact:
    with database.transaction() as session:
        return session.get(Fact, fact_id)


def staff_edit(database: Database, fact_id: str, says: str, now: datetime) -> None:
    with database.transaction() as session:
        edit_as_staff(session, fact_id, says=says, now=now)


def wordings(database: Database, owner: str) -> set[str]:
    with database.transaction() as session:
        return set(session.execute(select(Wording.text).where(Wording.owner == owner)).scalars())


def everything(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """Give all that is kept, so that two moments can be compared."""
    with database.transaction() as session:
        return {
            table.__tablename__: sorted((tuple(row) for row in session.execute(select(*table.__table__.columns))), key=repr)
            for table in (Trust, Document, Subject, Fact, Wording, Contradiction)
        } | {"revision": [(revision_number(session),)]}


@pytest.mark.both_databases
def test_a_first_load_keeps_every_fact_with_its_source_and_every_wording(database: Database, load: Load) -> None:
    loaded = load()
    assert (loaded.unchanged, loaded.facts, loaded.contradictions, loaded.staff_wins) == (False, 3, 0, 0)
    kept = fact(database, FEE)
    assert (kept.says, kept.document, kept.section, kept.as_of) == ("A term at Oakdale costs £499.", "oakdale.page", "Cost", "2016")
    assert kept.values == [{"kind": "amount", "of": "membership", "value": 499, "unit": "GBP"}]
    assert wordings(database, FEE) == {"what is the fee", "fee?", "how much is oakdale", "A term at Oakdale costs £499."}
    assert wordings(database, "cost") == {"price?", "what does Oakdale take"}  # of the topic, from the training examples
    assert wordings(database, "oakdale.fee") == {"tell me all about money at oakdale"}


def test_a_second_load_does_nothing(database: Database, load: Load, encoder: CountingEncoder) -> None:
    load()
    before = everything(database)
    encoder.taken()
    assert load() == LoadingResult(unchanged=True, facts=3, encoded=0, contradictions=0, staff_wins=0)
    assert encoder.taken() == [] and everything(database) == before


def test_a_load_that_is_insisted_on_changes_nothing_but_the_revision(database: Database, load: Load, encoder: CountingEncoder) -> None:
    load()
    before = everything(database)
    encoder.taken()
    assert not load(again=True).unchanged
    after = everything(database)
    assert encoder.taken() == [] and after.pop("revision") > before.pop("revision") and after == before


def test_a_changed_sentence_makes_a_vector_for_that_sentence_only(
    database: Database, load: Load, encoder: CountingEncoder, folder: FactFolder
) -> None:
    load()
    encoder.taken()
    folder.fact(FEE)["says"] = "A term at Oakdale costs £499, as published."
    assert load().encoded == 1
    assert encoder.taken() == ["A term at Oakdale costs £499, as published."]
    assert fact(database, FEE).says == "A term at Oakdale costs £499, as published."
    assert "A term at Oakdale costs £499." not in wordings(database, FEE)


@pytest.mark.both_databases
def test_a_wording_that_moves_to_another_fact_moves_in_the_database(database: Database, load: Load, folder: FactFolder) -> None:
    load()
    folder.fact(FEE)["asked_as"].remove("fee?")
    folder.fact(FEE)["asked_as"].append("price of a term")
    folder.fact(VISIT)["asked_as"].append("fee?")
    load()
    assert "fee?" in wordings(database, VISIT) and "fee?" not in wordings(database, FEE)


def test_another_encoder_makes_every_vector_anew(database: Database, load: Load, encoder: CountingEncoder) -> None:
    first = load().encoded
    assert load("encoder-2").encoded == first
    with database.transaction() as session:
        assert set(session.execute(select(Wording.encoder)).scalars()) == {"encoder-2"}


def test_every_process_sees_that_the_facts_changed(database: Database, load: Load, folder: FactFolder) -> None:
    load()
    with database.transaction() as session:
        first = revision_number(session)
    folder.fact(FEE)["says"] = "A term at Oakdale costs £510."
    load()
    with database.transaction() as session:
        assert revision_number(session) > first > 0


@pytest.mark.both_databases
def test_what_staff_wrote_survives_a_newer_file_whose_words_wait(database: Database, load: Load, folder: FactFolder, now: datetime) -> None:
    load()
    staff_edit(database, FEE, "A term at Oakdale costs £520 from now on.", now)
    folder.fact(FEE)["says"] = "A term at Oakdale costs £510."
    assert load().staff_wins == 1
    kept = fact(database, FEE)
    assert kept.says == "A term at Oakdale costs £520 from now on."
    assert kept.file_offers["says"] == "A term at Oakdale costs £510."
    assert kept.edited_by == "Ann Example"


def test_a_reload_without_news_offers_staff_nothing(database: Database, load: Load, folder: FactFolder, now: datetime) -> None:
    load()
    staff_edit(database, FEE, "A term at Oakdale costs £520.", now)
    folder.fact(VISIT)["says"] = "Visiting Oakdale is free."
    assert load().staff_wins == 0
    assert fact(database, FEE).file_offers is None and fact(database, FEE).says == "A term at Oakdale costs £520."


def test_an_offer_ends_when_the_file_goes_back_to_what_staff_had_read(
    database: Database, load: Load, folder: FactFolder, now: datetime
) -> None:
    load()
    staff_edit(database, FEE, "A term at Oakdale costs £520.", now)
    former = folder.fact(FEE)["says"]
    folder.fact(FEE)["says"] = "A term at Oakdale costs £510."
    load()
    folder.fact(FEE)["says"] = former
    assert load().staff_wins == 0
    assert fact(database, FEE).file_offers is None


def test_a_fact_of_staff_is_found_by_staff_s_words_not_by_the_file_s(
    database: Database, load: Load, folder: FactFolder, now: datetime
) -> None:
    load()
    staff_edit(database, FEE, "A term at Oakdale costs £520.", now)
    folder.fact(FEE)["says"] = "Oakdale is free this year."
    load()
    assert "A term at Oakdale costs £520." in wordings(database, FEE)
    assert "Oakdale is free this year." not in wordings(database, FEE)


def test_a_fact_that_staff_added_outlives_every_reload(database: Database, load: Load, folder: FactFolder) -> None:
    load()
    with database.transaction() as session:
        session.add(
            Fact(
                id="oakdale.fee.tea", trust="oakdale", topic="cost", subject="oakdale.fee", position=9, says="Tea is free.", values=[],
                person="Ann Example", as_of="2026",
            )
        )  # fmt: skip
        session.add(Wording(kind="fact", owner="oakdale.fee.tea", text="tea?", vector=b"\0" * 768, encoder="encoder-1"))
    folder.fact(FEE)["says"] = "A term at Oakdale costs £510."
    load("encoder-2")
    assert not fact(database, "oakdale.fee.tea").retired
    with database.transaction() as session:
        row = session.execute(select(Wording).where(Wording.owner == "oakdale.fee.tea")).scalar_one()
    assert row.text == "tea?" and row.encoder == "encoder-2" and row.vector != b"\0" * 768


@pytest.mark.both_databases
def test_a_fact_that_left_its_file_is_retired_and_comes_back_with_it(database: Database, load: Load, folder: FactFolder) -> None:
    load()
    visit = folder.drop(VISIT)
    assert load().facts == 2
    assert fact(database, VISIT).retired and wordings(database, VISIT) == set()
    folder.trusts["oakdale"]["facts"].insert(1, visit)
    assert load().facts == 3
    assert not fact(database, VISIT).retired and "visit price" in wordings(database, VISIT)


def test_a_fact_with_staff_s_words_that_left_its_file_comes_back_with_them(
    database: Database, load: Load, folder: FactFolder, now: datetime
) -> None:
    load()
    staff_edit(database, VISIT, "A visit is free, and so is the tea.", now)
    visit = folder.drop(VISIT)
    load()
    assert fact(database, VISIT).retired
    folder.trusts["oakdale"]["facts"].append(visit)
    load()
    assert not fact(database, VISIT).retired and fact(database, VISIT).says == "A visit is free, and so is the tea."


def test_a_fact_that_staff_retired_stays_retired(database: Database, load: Load, folder: FactFolder, now: datetime) -> None:
    load()
    staff_edit(database, VISIT, "A visit is free.", now)
    with database.transaction() as session:
        session.get(Fact, VISIT).retired = True
    folder.fact(FEE)["says"] = "A term at Oakdale costs £510."
    load()
    assert fact(database, VISIT).retired


@pytest.mark.both_databases
def test_a_whole_trust_that_left_takes_its_facts_with_it(database: Database, load: Load, folder: FactFolder) -> None:
    load()
    (folder.facts / "oakdale.yml").unlink()
    folder.trusts = {}
    assert load().facts == 0
    assert wordings(database, FEE) == set() and wordings(database, "oakdale.fee") == set()


def two_fees(folder: FactFolder) -> None:
    folder.fact(VISIT)["values"] = [{"kind": "amount", "of": "Membership", "value": 510, "unit": "GBP"}]


@pytest.mark.both_databases
def test_two_fees_for_one_offer_are_flagged_until_one_is_mended(database: Database, load: Load, folder: FactFolder) -> None:
    two_fees(folder)
    assert load().contradictions == 1
    with database.transaction() as session:
        flag = session.execute(select(Contradiction)).scalar_one()
        assert (flag.first, flag.second, flag.of) == (FEE, VISIT, "amount of membership")
    assert load(again=True).contradictions == 1  # the same one, not a second
    folder.fact(VISIT)["values"][0]["value"] = 499
    assert load().contradictions == 0


def test_staff_s_edit_mends_a_contradiction_at_once(database: Database, load: Load, folder: FactFolder, now: datetime) -> None:
    two_fees(folder)
    load()
    with database.transaction() as session:
        edit_as_staff(session, VISIT, says="A visit is free.", values=(), now=now)
    with database.transaction() as session:
        assert session.execute(select(Contradiction)).first() is None


def test_a_retired_fact_contradicts_nobody(database: Database, load: Load, folder: FactFolder) -> None:
    two_fees(folder)
    load()
    folder.drop(VISIT)
    assert load().contradictions == 0


@pytest.mark.parametrize(
    ("values", "flags"),
    [
        ({"kind": "amount", "of": "membership", "value": 499.0, "unit": "GBP"}, 0),
        ({"kind": "amount", "of": "a visit", "value": 10, "unit": "GBP"}, 0),
        ({"kind": "amount", "value": 10, "unit": "GBP"}, 0),
        ({"kind": "role", "of": "contact", "value": "bursar"}, 0),
        ({"kind": "phone", "of": "contact", "value": "01234 567 890"}, 0),
        ({"kind": "phone", "of": "contact", "value": "01234 567891"}, 1),
        ({"kind": "email", "of": "contact", "value": "Ann@Oakdale.example"}, 0),
    ],
)
def test_only_another_value_of_the_same_thing_contradicts(load: Load, folder: FactFolder, values: dict[str, object], flags: int) -> None:
    folder.fact(VISIT)["values"] = [values]
    assert load().contradictions == flags


def test_this_year_s_fee_and_next_year_s_do_not_contradict(load: Load, folder: FactFolder) -> None:
    two_fees(folder)
    folder.fact(FEE)["valid_until"] = date(2026, 12, 31)
    folder.fact(VISIT)["valid_from"] = date(2027, 1, 1)
    assert load().contradictions == 0
    folder.fact(VISIT)["valid_from"] = date(2026, 12, 31)
    assert load().contradictions == 1


def test_three_different_fees_are_three_contradictions(load: Load, folder: FactFolder) -> None:
    two_fees(folder)
    folder.fact(OFFICE)["values"] = [{"kind": "amount", "of": "membership", "value": 520, "unit": "GBP"}]
    assert load().contradictions == 3


@pytest.mark.parametrize("fault", ["an unknown topic", "a yes that YAML reads as true", "a next topic that is not there"])
def test_a_bad_file_leaves_the_database_as_it_was(
    database: Database, load: Load, folder: FactFolder, encoder: CountingEncoder, fault: str
) -> None:
    load()
    before = everything(database)
    encoder.taken()
    folder.fact(VISIT)["says"] = "Visiting Oakdale is free."
    FAULTS[fault][0](folder)
    with pytest.raises(BadFactFile):
        load()
    assert everything(database) == before and encoder.taken() == []


@pytest.mark.parametrize("kind", ["a bracket left open", "a list"])
def test_a_fault_in_the_last_file_leaves_the_database_as_it_was(database: Database, load: Load, folder: FactFolder, kind: str) -> None:
    load()
    before = everything(database)
    folder.fact(FEE)["says"] = "A term at Oakdale costs £510."
    folder.write_raw("zebra.yml", RAW[kind][0])
    with pytest.raises(BadFactFile):
        load()
    assert everything(database) == before


@pytest.mark.both_databases
def test_an_encoder_that_fails_leaves_the_database_as_it_was(database: Database, load: Load, folder: FactFolder, now: datetime) -> None:
    load()
    before = everything(database)
    folder.fact(FEE)["says"] = "A term at Oakdale costs £510."
    folder.write()

    def broken(texts: list[str]) -> None:
        raise OSError("no weights")

    with pytest.raises(OSError), database.transaction() as session:
        load_facts(session, folder.facts, folder.nlu, broken, "encoder-1", now=now)  # type: ignore[arg-type]
    assert everything(database) == before
    assert load().encoded == 1  # and the next load does what this one could not


@pytest.mark.example
@pytest.mark.postgresql  # on SQLite tests/office/gaps/test_learning.py loads them
def test_the_repository_s_own_facts_load_whole(database: Database, encoder: CountingEncoder, now: datetime) -> None:
    data = Path(__file__).parents[3] / "data"
    with database.transaction() as session:
        loaded = load_facts(session, data / "facts", data / "nlu", encoder, "encoder-1", now=now)
    assert loaded.facts >= 150 and loaded.encoded > 5000 and loaded.contradictions == 0
    with database.transaction() as session:
        index = Index(session, read_topics(data / "facts" / "topics.yml"), date(2026, 9, 1))
    assert len(index.facts) == loaded.facts and len(index.vectors) == loaded.encoded

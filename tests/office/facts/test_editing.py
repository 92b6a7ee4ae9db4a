"""Facts in the hands of staff: added, edited, retired, each step with who and when, and each can be undone."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from office.base.database import Database
from office.base.errors import BadInput, Conflict, NotFound
from office.base.staff import Staff
from office.choosing.index import Index
from office.facts.browse import FactFilter, browse
from office.facts.editing import (
    add_fact,
    edit_fact,
    get_fact,
    history_of,
    keep_staffs_words,
    mark_of,
    restore,
    retire,
    take_files_words,
    undo_to,
    wordings_of,
)
from office.facts.flags import THE_SAME, flags, like, settle, unsettle
from office.facts.loading import load_facts
from office.facts.model import Fact, Subject, Wording
from office.facts.typed import FactWords, checked, checked_value, count_sentences
from tests.office.fact_folder import CountingEncoder, FactFolder, fake_vector
from tests.office.made_up import KNOWN, ann, edit_as_staff, words_of

TODAY = date(2026, 9, 1)
FEE, VISIT = "oakdale.fee.membership", "oakdale.fee.visit"
GOOD = FactWords("cost", "A term at Oakdale costs £499, tea included.", wordings=("is tea included",))
Load = Callable[[], None]


@pytest.fixture
def load(database: Database, folder: FactFolder, now: datetime) -> Load:
    """Load the files as they are now."""

    def do() -> None:
        folder.write()
        with database.transaction() as session:
            load_facts(session, folder.facts, folder.nlu, CountingEncoder(), "encoder-1", now=now)

    do()
    return do


def add(session: Any, now: datetime, words: FactWords = GOOD) -> Fact:
    return add_fact(session, "oakdale", words, KNOWN, by=ann(session, now), encode=CountingEncoder(), encoder="encoder-1", now=now)


def says(database: Database, fact_id: str) -> str:
    with database.transaction() as session:
        return str(session.get(Fact, fact_id).says)


def test_a_staff_fact_names_who_says_so_and_the_day(database: Database, load: Load, now: datetime) -> None:
    with database.transaction() as session:
        fact = add(session, now)
        assert fact.id.startswith("oakdale.staff.cost_") and fact.document is None
        assert (fact.person, fact.as_of, fact.owner) == ("Ann Example", "2026-09-01", ann(session, now).id)
        assert wordings_of(session, fact) == ["is tea included"]
        assert [change.fields for change in history_of(session, fact)] == [{}]
        with pytest.raises(NotFound):
            add_fact(session, "nowhere", GOOD, KNOWN, by=ann(session, now), encode=CountingEncoder(), encoder="e", now=now)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"says": " "}, "says"), ({"says": "x" * 501}, "says"), ({"says": "One. Two. Three."}, "says"), ({"says": "a\0b"}, "says"),
        ({"topic": "none"}, "topic"), ({"audience": "all"}, "audience"), ({"wordings": ("x" * 1001,)}, "wordings"),
        ({"wordings": tuple(f"w{n}" for n in range(101))}, "wordings"), ({"section": "x" * 201}, "section"),
        ({"valid_from": date(2026, 2, 1), "valid_until": date(2026, 1, 31)}, "valid_until"),
        ({"values": ({"kind": "odd", "value": 1},)}, "values"), ({"values": ({"kind": "amount", "value": "much"},)}, "values"),
        ({"values": ({"kind": "email", "value": "nobody"},)}, "values"), ({"values": ({"kind": "person", "value": ""},)}, "values"),
        ({"values": tuple({"kind": "count", "value": n} for n in range(21))}, "values"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_fact_is_refused_with_the_field(changed: dict[str, Any], field: str) -> None:
    with pytest.raises(BadInput) as refused:
        checked(replace(GOOD, **changed), KNOWN)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("text", "count"),
    [("One sentence", 1), ("Ask Mr. Example, e.g. by phone.", 1), ("It costs £4.50 a day.", 1), ("Yes. No!", 2), ("“Yes.” He said no.", 2),
     ("A. B. Example chairs it. She is new. Ask her.", 3), ("Really?! Yes.", 2), ("", 0)],
)  # fmt: skip
def test_sentences_are_counted_as_people_do(text: str, count: int) -> None:
    assert count_sentences(text) == count


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("499", 499), ("£1,499.50", 1499.5), (" 12 ", 12)],
)
def test_an_amount_may_be_typed_as_people_write_it(typed: str, kept: float) -> None:
    assert checked_value({"kind": "amount", "value": typed, "of": " the  fee ", "unit": ""}) == {
        "kind": "amount",
        "value": kept,
        "of": "the fee",
    }


@given(st.text(), st.text(), st.sampled_from(["amount", "date", "email", "person", "share", "yes_no", ""]))
def test_any_value_is_taken_or_refused_kindly(value: str, of: str, kind: str) -> None:
    try:
        assert checked_value({"kind": kind, "value": value, "of": of})["kind"] == kind
    except BadInput as error:
        assert error.reason.endswith(".")


@pytest.mark.both_databases
def test_an_edit_is_kept_with_who_and_when_and_can_be_undone(database: Database, load: Load, now: datetime) -> None:
    with database.transaction() as session:
        before = mark_of(session, session.get(Fact, FEE))
        edit_as_staff(session, FEE, now=now, says="A term costs £520.", review=date(2027, 1, 1))
        edit_as_staff(session, FEE, now=now + timedelta(hours=1), says="A term costs £530.")
    with database.transaction() as session:
        fact = session.get(Fact, FEE)
        second, first = history_of(session, fact)
        assert (first.who, second.who, second.at) == ("Ann Example", "Ann Example", now + timedelta(hours=1))
        was, is_now = first.fields.pop("values")
        assert (was[0]["value"], is_now[0]["value"]) == (499, 520)  # the typed figure went with the sentence
        assert first.fields == {"says": ("A term at Oakdale costs £499.", "A term costs £520."), "review": (None, "2027-01-01")}
        assert second.fields.pop("values")[1][0]["value"] == 530
        assert second.fields == {"says": ("A term costs £520.", "A term costs £530.")}
        undo_to(session, fact, first.id, by=ann(session, now), encode=CountingEncoder(), encoder="encoder-1", now=now)
        assert mark_of(session, fact) == before
        texts = set(session.execute(select(Wording.text).where(Wording.owner == FEE)).scalars())
        assert fact.says in texts and "A term costs £520." not in texts and "A term costs £530." not in texts
        assert len(history_of(session, fact)) == 3
        with pytest.raises(NotFound):
            undo_to(session, fact, 999, by=ann(session, now), encode=CountingEncoder(), encoder="encoder-1", now=now)


def test_how_people_ask_it_is_part_of_the_history_and_of_what_two_edit_at_once(database: Database, load: Load, now: datetime) -> None:
    later = now + timedelta(days=40)
    with database.transaction() as session:
        fact = add(session, now)
        bea = Staff(name="Bea Example", email="bea@oakdale.example", role="pa", made=now)
        session.add(bea)
        session.flush()

        def edit(seen: str, **changed: Any) -> None:
            words = words_of(session, fact, **changed)
            edit_fact(session, fact, words, KNOWN, by=bea, encode=CountingEncoder(), encoder="encoder-1", now=later, seen=seen)

        seen = mark_of(session, fact)
        edit(seen, wordings=("tea?", "is tea included"))
        assert (fact.person, fact.as_of) == ("Ann Example", "2026-09-01")  # it says what she said
        with pytest.raises(Conflict, match="Bea Example"):
            edit(seen, wordings=("biscuits?",))
        edit(mark_of(session, fact), wordings=("tea?",), says="A term at Oakdale costs £510, tea included.", topic="contacts")
        assert (fact.person, fact.as_of) == ("Bea Example", "2026-10-11")
        latest, first, _ = history_of(session, fact)
        assert first.fields == {"wordings": (["is tea included"], ["is tea included", "tea?"])}
        assert latest.fields["wordings"] == (["is tea included", "tea?"], ["tea?"]) and latest.fields["person"] == (
            "Ann Example",
            "Bea Example",
        )
        undo_to(session, fact, first.id, by=bea, encode=CountingEncoder(), encoder="encoder-1", now=later)
        assert (mark_of(session, fact), wordings_of(session, fact)) == (seen, ["is tea included"])
        assert session.get(Subject, fact.subject).topic == "cost"


def test_words_that_staff_changed_are_not_said_to_be_the_document_s(database: Database, load: Load, now: datetime) -> None:
    def dated(fact: str = FEE) -> str:
        with database.transaction() as session:
            return Index(session, KNOWN, TODAY).facts[fact].dated

    before = dated()
    with database.transaction() as session:
        edit_as_staff(session, VISIT, now=now, valid_until=date(2027, 1, 1))
        edit_as_staff(session, FEE, now=now, says="A term costs £520.")
        edit_as_staff(session, FEE, now=now + timedelta(days=1), audience="public", review=date(2027, 1, 1))
    assert (dated(), dated(VISIT)) == (f"{before}; changed by Ann Example, 1 September 2026", before)
    with database.transaction() as session:
        fact = session.get(Fact, FEE)
        undo_to(session, fact, history_of(session, fact)[-1].id, by=ann(session, now), encode=CountingEncoder(), encoder="e", now=now)
    assert dated() == before


def test_who_saves_over_another_is_told_what_it_says_now(database: Database, load: Load, now: datetime) -> None:
    with database.transaction() as session:
        seen = mark_of(session, session.get(Fact, FEE))
        edit_as_staff(session, FEE, now=now, says="A term costs £520.", seen=seen)
    with database.transaction() as session, pytest.raises(Conflict, match="Ann Example has changed this fact.*A term costs £520"):
        edit_as_staff(session, FEE, now=now, says="A term costs £600.", seen=seen)
    assert says(database, FEE) == "A term costs £520."


@pytest.mark.both_databases
def test_of_two_edits_at_once_one_is_kept_and_one_refused(database: Database, load: Load, now: datetime) -> None:
    with database.transaction() as session:
        ann(session, now)
        seen = mark_of(session, session.get(Fact, FEE))
    barrier = threading.Barrier(2)
    ended: list[str] = []

    def work(price: int) -> None:
        barrier.wait()
        try:
            with database.transaction() as session:
                edit_as_staff(session, FEE, now=now, says=f"A term costs £{price}.", seen=seen)
            ended.append("kept")
        except Conflict:
            ended.append("refused")

    threads = [threading.Thread(target=work, args=(price,)) for price in (520, 530)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ended) == ["kept", "refused"]


def test_retired_is_not_stated_and_brought_back_is(database: Database, load: Load, now: datetime) -> None:
    for change, there in ((retire, False), (restore, True)):
        with database.transaction() as session:
            change(session, session.get(Fact, FEE), by=ann(session, now), now=now)
            assert (FEE in Index(session, {}, TODAY).facts) is there


def test_what_staff_retired_stays_so_over_a_new_file(database: Database, load: Load, folder: FactFolder, now: datetime) -> None:
    with database.transaction() as session:
        retire(session, session.get(Fact, FEE), by=ann(session, now), now=now)
    folder.fact(VISIT)["says"] = "A visit to Oakdale is free."
    load()
    with database.transaction() as session:
        assert session.get(Fact, FEE).retired


@pytest.mark.parametrize("choice", ["file", "staff"])
def test_between_staff_s_words_and_the_file_s_somebody_chooses(
    database: Database, load: Load, folder: FactFolder, now: datetime, choice: str
) -> None:
    with database.transaction() as session:
        edit_as_staff(session, FEE, now=now, says="A term costs £520.")
    folder.fact(FEE)["says"] = "A term at Oakdale costs £510."
    load()
    with database.transaction() as session:
        assert [fact.id for fact in flags(session, today=TODAY).file_offers] == [FEE]
        fact = session.get(Fact, FEE)
        if choice == "file":
            take_files_words(session, fact, by=ann(session, now), encode=CountingEncoder(), encoder="encoder-1", now=now)
        else:
            keep_staffs_words(session, fact, by=ann(session, now), now=now)
        with pytest.raises(Conflict):
            keep_staffs_words(session, fact, by=ann(session, now), now=now)
    folder.fact(VISIT)["says"] = "A visit to Oakdale is free."
    load()
    with database.transaction() as session:
        assert flags(session, today=TODAY).file_offers == []
    assert says(database, FEE) == ("A term at Oakdale costs £510." if choice == "file" else "A term costs £520.")
    folder.fact(FEE)["says"] = "A term at Oakdale costs £515."
    load()  # a file that changes again is asked about again, or, where it was given right, believed
    with database.transaction() as session:
        assert bool(session.get(Fact, FEE).file_offers) is (choice == "staff")


def test_a_date_gone_by_and_a_review_are_flagged_and_the_fact_is_not_stated(database: Database, load: Load, now: datetime) -> None:
    with database.transaction() as session:
        edit_as_staff(session, FEE, now=now, valid_until=date(2026, 8, 31))
        edit_as_staff(session, VISIT, now=now, review=TODAY)
        found = flags(session, today=TODAY)
        assert ([fact.id for fact in found.expired], [fact.id for fact in found.review_due]) == ([FEE], [VISIT])
        assert FEE not in Index(session, {}, TODAY).facts and VISIT in Index(session, {}, TODAY).facts
        assert flags(session, today=date(2026, 8, 31)).count == 0


@pytest.mark.both_databases
def test_a_leap_day_is_a_day(database: Database, load: Load, now: datetime) -> None:
    with database.transaction() as session:
        fact = edit_as_staff(session, FEE, now=now, valid_until=date(2028, 2, 29))
        undo_to(session, fact, history_of(session, fact)[0].id, by=ann(session, now), encode=CountingEncoder(), encoder="e", now=now)
        assert fact.valid_until is None


@pytest.mark.both_databases
def test_two_values_of_one_thing_are_flagged_until_settled(database: Database, load: Load, now: datetime) -> None:
    with database.transaction() as session:
        dear = replace(GOOD, values=({"kind": "amount", "of": "membership", "value": 520, "unit": "GBP"},))
        new = add(session, now, dear)
        (pair,) = flags(session, today=TODAY).contradictions
        assert {pair.first.id, pair.second.id} == {FEE, new.id} and pair.of == "amount of membership"
        settled = settle(session, pair.first.id, pair.second.id, pair.of, by=ann(session, now), now=now)
        assert flags(session, today=TODAY).contradictions == []
        with pytest.raises(Conflict):
            settle(session, pair.first.id, pair.second.id, pair.of, by=ann(session, now), now=now)
        with pytest.raises(NotFound):
            settle(session, VISIT, new.id, pair.of, by=ann(session, now), now=now)
        unsettle(session, settled.id, by=ann(session, now), now=now)
        assert len(flags(session, today=TODAY).contradictions) == 1


@pytest.mark.both_databases
def test_a_sentence_said_twice_is_flagged_until_settled(database: Database, load: Load, now: datetime) -> None:
    with database.transaction() as session:
        new = add(session, now, replace(GOOD, says="A term at Oakdale costs £499."))
        (pair,) = flags(session, today=TODAY).repeated
        assert {pair.first.id, pair.second.id} == {FEE, new.id}
        assert [fact.id for fact, _ in like(session, "oakdale", fake_vector(new.says), leave_out=new.id)] == [FEE]
        settle(session, new.id, FEE, THE_SAME, by=ann(session, now), now=now)
        assert flags(session, today=TODAY).repeated == []


@pytest.mark.both_databases
def test_facts_are_found_by_trust_topic_words_and_state(database: Database, load: Load, now: datetime) -> None:
    def found(**wanted: str) -> list[str]:
        with database.transaction() as session:
            facts, total = browse(session, FactFilter(**wanted), today=TODAY, limit=10)
            assert total == len(facts)
            return [fact.id for fact in facts]

    assert found() == [FEE, VISIT, "oakdale.office.who"]
    assert found(topic="cost", words="499") == [FEE]
    assert found(words="DO WE PAY") == [VISIT]  # by the way it is asked
    for strange in ("%", "_", "\\", "'; DROP TABLE fact; --", "\0", "x" * 10_000, "😀"):
        assert found(words=strange) == ([FEE, VISIT, "oakdale.office.who"] if strange == "\0" else found(words=strange))
    with database.transaction() as session:
        retire(session, session.get(Fact, FEE), by=ann(session, now), now=now)
        added = add(session, now).id
    assert (found(state="retired"), found(state="staff")) == ([FEE], [added])
    assert found(trust="nowhere") == []


@pytest.mark.both_databases
def test_an_unknown_fact_is_not_found(database: Database, load: Load) -> None:
    with database.transaction() as session:
        for name in ("", "none", "a'b", "x" * 500, "\0"):
            with pytest.raises(NotFound):
                get_fact(session, name)


def test_an_edit_that_changes_nothing_leaves_no_trace(database: Database, load: Load, now: datetime) -> None:
    with database.transaction() as session:
        fact = edit_as_staff(session, FEE, now=now)
        assert history_of(session, fact) == [] and fact.edited_at is None
        assert words_of(session, fact).says == fact.says


def test_a_draft_in_the_index_is_like_the_fact_once_it_is_kept(database: Database, load: Load, now: datetime) -> None:
    with database.transaction() as session:
        before = Index(session, KNOWN, TODAY)
        kept = add(session, now)
        after = Index(session, KNOWN, TODAY)
    texts = ["is tea included", kept.says]
    draft = before.with_draft(after.facts[kept.id], "Cost", texts, CountingEncoder()(texts))
    asked = fake_vector("is tea included")
    order = [after.owners.index(owner) for owner in draft.owners]
    assert np.allclose(draft.similarities(asked), after.similarities(asked)[order], atol=0.001)
    assert draft.without(kept.id).owners == before.owners and kept.id not in before.facts

"""What the database learned, brought back to files: the same each time, nothing doubled, and nothing both learned and measured."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from office.base.database import Database
from office.base.errors import BadInput, Conflict, NotFound
from office.enquiries.log import Question, log_enquiry
from office.facts.editing import add_fact, mark_of, retire
from office.facts.loading import LoadingResult, load_facts
from office.facts.model import Fact, Wording
from office.facts.typed import FactWords
from office.gaps.learning import Exported, Learned, export_facts, learn
from office.gaps.model import RegressionQuestion
from office.gaps.reviewing import make_regression, transcript
from tests.office.fact_folder import CountingEncoder, FactFolder
from tests.office.made_up import KNOWN, ann, edit_as_staff

TODAY = date(2026, 9, 1)
FEE = "oakdale.fee.membership"
TEA = FactWords("cost", "A term at Oakdale costs £499, tea: included.", wordings=("is tea included in it", "do visiting heads get tea?"))


@pytest.fixture
def load(database: Database, folder: FactFolder, now: datetime) -> Callable[..., LoadingResult]:
    def do(again: bool = False) -> LoadingResult:
        with database.transaction() as session:
            return load_facts(session, folder.facts, folder.nlu, CountingEncoder(), "encoder-1", now=now, again=again)

    do()
    return do


@pytest.fixture
def tea(database: Database, load: Any, now: datetime) -> str:
    """A fact of Ann's on tea; its id."""
    with database.transaction() as session:
        fact = add_fact(session, "oakdale", TEA, KNOWN, by=ann(session, now), encode=CountingEncoder(), encoder="encoder-1", now=now)
        return str(fact.id)


@pytest.fixture
def write(database: Database, folder: FactFolder) -> Callable[..., Learned]:
    questions = folder.facts.parent / "questions"
    questions.mkdir()

    def do(*others: str) -> Learned:
        with database.transaction() as session:
            return learn(session, folder.nlu, questions, [("x", text) for text in others], topics=("cost", "contacts"), today=TODAY)

    return do


def learned(folder: FactFolder) -> dict[str, list[str]]:
    content = yaml.safe_load((folder.nlu / "learned.yml").read_text())
    return {item["intent"]: [line[2:] for line in item["examples"].splitlines()] for item in content["nlu"]}


def reviewed(folder: FactFolder) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load((folder.facts.parent / "questions" / "reviewed.yml").read_text())
    return found


def review(
    database: Database, text: str, outcome: str, now: datetime, *facts: str, withheld: bool = False, leans: bool = False
) -> RegressionQuestion:
    with database.transaction() as session:
        number = ask(session, text, outcome, now, *facts, withheld=withheld)
        return make_regression(session, number, leans=leans, by=ann(session, now), now=now)


def ask(session: Session, text: str, outcome: str, now: datetime, *facts: str, withheld: bool = False) -> int:
    """The number of the last question of a message; its questions stand between slashes."""
    asked = {"trust": "oakdale", "topics": [], "outcome": outcome, "facts": list(facts), "confidence": 0.9}
    questions = [{"text": part.strip(), **asked} for part in text.split("/")]
    enquiry = log_enquiry(
        session, conversation="c", channel="website", text=text, withheld=withheld, outcome=outcome, questions=questions, now=now
    )
    return int(enquiry.questions[-1].id)


@pytest.mark.both_databases
def test_learned_wordings_are_written_by_topic_the_same_each_time(folder: FactFolder, tea: str, write: Any) -> None:
    assert write().wordings == 2
    assert learned(folder) == {"ask/cost": ["do visiting heads get tea?", "is tea included in it"]}
    before = (folder.nlu / "learned.yml").read_bytes()
    assert write().wordings == 2
    assert (folder.nlu / "learned.yml").read_bytes() == before


def test_what_rasa_would_read_as_more_than_words_or_has_no_topic_is_left_out(
    database: Database, folder: FactFolder, load: Any, write: Any, now: datetime
) -> None:
    with database.transaction() as session:
        for words in (replace(TEA, wordings=("/restart", "[name] asks about tea", "price?", "ok?")), replace(TEA, topic="uniform")):
            add_fact(session, "oakdale", words, KNOWN, by=ann(session, now), encode=CountingEncoder(), encoder="encoder-1", now=now)
    result = write()
    assert learned(folder) == {"ask/cost": ["ok?"]}
    assert len(result.left_out) == 5


def test_retired_past_and_staff_only_facts_teach_nothing(
    database: Database, folder: FactFolder, tea: str, write: Any, now: datetime
) -> None:
    write()
    with database.transaction() as session:
        retire(session, session.get(Fact, tea), by=ann(session, now), now=now)
    assert write().wordings == 0
    assert not (folder.nlu / "learned.yml").exists()


def test_a_reviewed_question_must_say_the_fact_s_sentence(
    database: Database, folder: FactFolder, tea: str, write: Any, now: datetime
) -> None:
    review(database, "Would lunch or tea be part of the price (as Ann Example said)?", "answered", now, tea, FEE)
    review(database, "What do the caretakers wear?", "not_known", now)
    assert write().questions == 2
    answered, not_known = reviewed(folder)
    assert (answered["expect"], answered["says"], answered["section"]) == (
        "answered",
        [[r"A\ term\ at\ Oakdale\ costs\ £499,\ tea:\ included\."]],
        tea,
    )
    assert not_known == {"id": "reviewed-00002", "kind": "reviewed", "turns": ["What do the caretakers wear?"], "expect": "not_known"}


def test_no_text_is_both_learned_and_measured(database: Database, folder: FactFolder, tea: str, write: Any, now: datetime) -> None:
    review(database, "Is tea included in it?", "answered", now, tea)
    review(database, "What is the fee?", "answered", now, FEE)  # stands in the file of facts
    result = write("do visiting heads get tea")
    assert result.wordings == 0 and result.questions == 1
    assert [row["turns"] for row in reviewed(folder)] == [["Is tea included in it?"]]
    assert not (folder.nlu / "learned.yml").exists()
    assert len(result.left_out) == 3


@pytest.mark.both_databases
def test_a_question_that_leans_on_the_talk_takes_the_turns_before_along(
    database: Database, folder: FactFolder, tea: str, write: Any, now: datetime
) -> None:
    with database.transaction() as session:
        for number in range(6):
            ask(session, f"what of matter {number}?", "answered", now, FEE)
        ask(session, "hello, I am Jane Sample, 07700 900123", "chitchat", now)
        ask(session, "about a pupil", "not_known", now, withheld=True)
        ask(session, "Jane Sample", "form", now)
        ask(session, "do heads get anything? I'm Jane Sample", "clarify", now)
    kept = review(database, "is there tea? / and is it in the price?", "answered", now, tea, FEE, leans=True)
    assert kept.text == "and is it in the price?"
    with pytest.raises(Conflict), database.transaction() as session:
        last = session.execute(select(Question.id).order_by(Question.id.desc())).scalars().first()
        make_regression(session, last, leans=True, by=ann(session, now), now=now)
    review(database, "and is it in the price?", "answered", now, tea)  # another talk: another question
    assert write("and is it in the price").questions == 1  # measured elsewhere, but not in this talk
    (question,) = reviewed(folder)
    assert question["turns"] == [
        "what of matter 3?", "what of matter 4?", "what of matter 5?", "do heads get anything? I'm [name]", "is there tea?",
        "and is it in the price?",
    ]  # fmt: skip
    with database.transaction() as session:
        asked = [one for turn in transcript(session, "c", by=ann(session, now), now=now) for one in turn.asked if one.reviewed]
        assert [one.question.text for one in asked] == ["and is it in the price?"] * 2


def test_what_staff_alone_may_read_or_is_past_is_not_expected_of_the_assistant(
    database: Database, folder: FactFolder, tea: str, write: Any, now: datetime
) -> None:
    review(database, "Would lunch be part of the price?", "answered", now, tea)
    assert write().questions == 1
    for column, value in (("audience", "staff"), ("valid_until", date(2026, 8, 31)), ("valid_from", date(2026, 9, 2))):
        with database.transaction() as session:
            setattr(session.get(Fact, tea), column, value)
        assert write().questions == 0, column
        with database.transaction() as session:
            setattr(session.get(Fact, tea), column, "public" if column == "audience" else None)


@pytest.mark.both_databases
def test_only_what_can_go_right_is_reviewed_and_once(database: Database, load: Any, now: datetime) -> None:
    review(database, "ring Jane on 07700 900123 about tea", "not_known", now)
    with pytest.raises(Conflict):
        review(database, "ring Jane on 07700 900999 about tea", "not_known", now)
    for outcome, withheld in (("clarify", False), ("chitchat", False), ("not_known", True)):
        with pytest.raises(BadInput):
            review(database, "tea?", outcome, now, withheld=withheld)
    with database.transaction() as session:
        assert session.execute(select(RegressionQuestion.text)).scalars().all() == ["ring [name] on [phone] about tea"]
        with pytest.raises(NotFound):
            make_regression(session, 999, leans=False, by=ann(session, now), now=now)
        with pytest.raises(NotFound):
            transcript(session, "nobody", by=ann(session, now), now=now)


def test_published_people_and_numbers_stay_in_a_question(database: Database, load: Any, now: datetime) -> None:
    assert review(database, "Is it Ann Example on 01234 567890?", "not_known", now).text == "Is it Ann Example on 01234 567890?"


def export(database: Database, folder: FactFolder, *measured: str) -> Exported:
    with database.transaction() as session:
        return export_facts(session, folder.facts, [("x", text) for text in measured])


@pytest.mark.both_databases
def test_a_staff_fact_comes_to_its_file_and_is_not_doubled(database: Database, folder: FactFolder, tea: str, load: Any) -> None:
    assert export(database, folder).added == [tea]
    before = {path.name: path.read_bytes() for path in folder.facts.iterdir()}
    assert export(database, folder) == Exported()
    assert {path.name: path.read_bytes() for path in folder.facts.iterdir()} == before
    with database.transaction() as session:
        mark, wordings = mark_of(session, session.get(Fact, tea)), _wordings(session, tea)
    for _ in range(2):
        load(again=True)
        with database.transaction() as session:
            fact = session.get(Fact, tea)
            assert (mark_of(session, fact), fact.person, fact.as_of, fact.document, fact.file_offers) == (
                mark,
                "Ann Example",
                "2026-09-01",
                None,
                None,
            )
            assert _wordings(session, tea) == wordings
            assert len(session.execute(select(Fact).where(Fact.document.is_(None))).all()) == 1
    assert export(database, folder) == Exported()


def _wordings(session: Any, owner: str) -> list[str]:
    return sorted(session.execute(select(Wording.text).where(Wording.owner == owner)).scalars())


def test_an_edit_comes_to_its_file_with_comments_kept_and_is_no_conflict_afterwards(
    database: Database, folder: FactFolder, load: Any, now: datetime
) -> None:
    path = folder.facts / "oakdale.yml"
    path.write_text("# A comment on top.\n" + path.read_text() + "# and one below\n")
    load()
    lines = path.read_text().splitlines()
    with database.transaction() as session:
        value = {"kind": "amount", "of": "membership", "value": 520, "unit": "GBP"}
        edit_as_staff(
            session, FEE, now=now, says="A term at Oakdale costs £520: more than before.", values=(value,), review=date(2027, 2, 28)
        )
    assert export(database, folder).changed == [FEE]
    after = path.read_text().splitlines()
    assert after[0] == "# A comment on top." and after[-1] == "# and one below"
    assert len(set(after) - set(lines)) <= 5
    (item,) = [one for one in yaml.safe_load(path.read_text())["facts"] if one["id"] == FEE]
    assert (item["person"], item["as_of"]) == ("Ann Example", "2026-09-01") and "document" not in item  # no document says £520
    load()
    with database.transaction() as session:
        fact = session.get(Fact, FEE)
        assert (fact.document, fact.section, fact.person, fact.as_of) == (None, None, "Ann Example", "2026-09-01")
        assert (fact.says, fact.file_offers, fact.edited_at) == ("A term at Oakdale costs £520: more than before.", None, None)
        assert fact.values == [value]
    assert export(database, folder) == Exported()


def test_what_was_exported_and_then_edited_or_retired_follows(
    database: Database, folder: FactFolder, tea: str, load: Any, now: datetime
) -> None:
    export(database, folder)
    load()
    with database.transaction() as session:
        edit_as_staff(
            session, tea, now=now, says="Tea is included at Oakdale.", section="Clerk", wordings=("tea?",), valid_until=date(2028, 2, 29)
        )
    assert export(database, folder).changed == [tea]
    load()
    with database.transaction() as session:
        fact = session.get(Fact, tea)
        assert (fact.says, fact.section, fact.valid_until, fact.file_offers) == (
            "Tea is included at Oakdale.",
            "Clerk",
            date(2028, 2, 29),
            None,
        )
        retire(session, fact, by=ann(session, now), now=now)
        retire(session, session.get(Fact, FEE), by=ann(session, now), now=now)
    result = export(database, folder)
    assert (result.removed, result.by_hand) == ([tea], [FEE])
    load()
    with database.transaction() as session:
        assert session.get(Fact, tea).retired and session.get(Fact, FEE).retired


def test_a_measured_question_becomes_no_wording_of_a_file(database: Database, folder: FactFolder, tea: str, load: Any) -> None:
    export(database, folder, "Is tea included in it?")
    item = yaml.safe_load((folder.facts / "oakdale.yml").read_text())["facts"][-1]
    assert item["asked_as"] == ["do visiting heads get tea?"]


@pytest.mark.slow  # half a minute
def test_the_repository_s_own_files_stay_as_they_are_where_staff_did_nothing(database: Database, tmp_path: Path, now: datetime) -> None:
    import shutil

    from settings import ROOT

    shutil.copytree(ROOT / "data" / "facts", tmp_path / "facts")
    with database.transaction() as session:
        loaded = load_facts(session, tmp_path / "facts", ROOT / "data" / "nlu", CountingEncoder(), "encoder-1", now=now)
    assert loaded.facts and loaded.encoded and loaded.contradictions == 0
    with database.transaction() as session:
        assert export_facts(session, tmp_path / "facts", []) == Exported()
    for path in (ROOT / "data" / "facts").iterdir():
        assert (tmp_path / "facts" / path.name).read_bytes() == path.read_bytes()

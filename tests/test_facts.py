"""The facts of the repository: every statement of the documents is covered, in our own words, and each fact stands alone."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from office.facts.files import Topic, TrustFile, read_all, read_examples
from tests.documents import DOCUMENTS, RUN, digest, hash_of, kept, runs, stem, words

ROOT = Path(__file__).parents[1]
LONGEST_SAYING = 240


@lru_cache(maxsize=1)
def repository() -> tuple[dict[str, Topic], list[TrustFile]]:
    return read_all(ROOT / "data" / "facts")


def files() -> list[TrustFile]:
    return repository()[1]


def facts() -> list[dict[str, Any]]:
    """The facts that documents say; those of staff (`make export-facts`) restate nothing and are worded by whoever vouches for them."""
    return [fact for file in files() for fact in file.facts if fact["person"] is None]


@pytest.fixture(params=sorted(path.stem for path in (ROOT / "data" / "facts").glob("*.yml") if path.stem not in ("topics", "general")))
def file(request: pytest.FixtureRequest) -> TrustFile:
    """The file of each trust, read when the first test wants it: not while tests are collected."""
    return next(file for file in files() if file.path.stem == request.param)


@pytest.mark.example
def test_there_are_facts_and_wordings_enough() -> None:
    assert len(facts()) >= 150
    assert len({file.trust["id"] for file in files()}) == len(DOCUMENTS)


def test_every_statement_of_every_document_is_covered_by_a_fact(file: TrustFile) -> None:
    for key, document in file.documents.items():
        units = {f"{section}/{number}" for section, count in document["units"].items() for number in range(1, count + 1)}
        covered = {unit for fact in file.facts if fact["document"] == key for unit in fact["covers"]}
        assert units - covered == set()
        assert covered - units == set()


def test_every_fact_says_which_statements_it_restates_and_names_their_section(file: TrustFile) -> None:
    for fact in file.facts:
        if fact["person"] is not None:
            continue
        assert fact["covers"], fact["id"]
        assert fact["section"] in {unit.rpartition("/")[0] for unit in fact["covers"]}, fact["id"]


def test_no_two_facts_have_one_id_and_an_id_names_its_subject() -> None:
    counted = Counter(fact["id"] for fact in facts())
    assert [name for name, count in counted.items() if count > 1] == []
    assert [fact["id"] for fact in facts() if fact["id"].split(".")[1] != fact["subject"]] == []


def test_every_fact_is_asked_in_8_to_15_ways() -> None:
    assert {fact["id"]: len(fact["asked_as"]) for fact in facts() if not 8 <= len(set(fact["asked_as"])) <= 15} == {}


def test_no_wording_stands_under_two_facts_or_twice_under_one() -> None:
    owners = Counter(plain(wording) for fact in facts() for wording in fact["asked_as"])
    assert [wording for wording, count in owners.items() if count > 1] == []


def plain(text: str) -> str:
    return " ".join(re.findall(r"[\w£]+", text.lower().replace("’", "'").replace("'", "")))


def test_the_first_wording_is_a_short_question_fit_for_a_button() -> None:
    """It is short and correct: it is asked when a visitor presses a choice."""
    for fact in facts():
        first = fact["asked_as"][0]
        assert len(first) <= 90 and first[0].isupper() and first[-1] == "?", fact["id"]


def test_every_fact_stands_alone_as_a_sentence() -> None:
    for fact in facts():
        says = fact["says"]
        assert len(says) <= LONGEST_SAYING, fact["id"]
        assert says[0].isupper() and says[-1] in ".!?”", fact["id"]
        assert not re.match(r"(It|They|Its|Their|This|These|He|She|His|Her)\b", says), fact["id"]
        assert len(re.findall(r"[.!?](?:\s|$)", re.sub(r"\b(e\.g|i\.e|Mr|Mrs|Dr|St)\.", "", says))) <= 2, fact["id"]


def test_every_subject_and_every_document_is_used() -> None:
    for file in files():
        assert {fact["subject"] for fact in file.facts} == set(file.subjects)
        assert {fact["document"] for fact in file.facts if fact["person"] is None} == set(file.documents)


@pytest.mark.example
def test_every_topic_with_facts_has_some_and_every_other_has_none() -> None:
    topics = repository()[0]
    used = {fact["topic"] for fact in facts()}
    assert {name for name, topic in topics.items() if topic.not_known is None} == used


EXACT = [
    "£499",
    "Louise Pope",
    "01903 739988",
    "louise.pope@schoolsworks.org",
    "Executive PA",
    "one term",
    "two associate schools",
    "nine governors",
]


@pytest.mark.parametrize("name", EXACT)
@pytest.mark.example
def test_names_and_numbers_are_exact(name: str) -> None:
    assert any(name in fact["says"] for fact in facts())


@pytest.mark.example
def test_no_phone_number_e_mail_address_or_price_but_the_documents_own_is_given() -> None:
    said = " ".join(fact["says"] for fact in facts())
    assert set(re.findall(r"\S+@\S+\w", said)) == {"louise.pope@schoolsworks.org"}
    assert set(re.findall(r"£[\d,.]*\d", said)) == {"£499"}
    assert set(re.findall(r"\b0\d{3,4} ?\d{3} ?\d{3,4}\b", said)) == {"01903 739988"}


def test_what_a_value_pins_down_is_what_the_sentence_says() -> None:
    for fact in facts():
        for value in fact["values"]:
            if value["kind"] in ("phone", "email", "person"):
                assert str(value["value"]) in fact["says"], fact["id"]
            if value["kind"] == "amount":
                assert f"£{value['value']}" in fact["says"], fact["id"]


def test_money_and_people_are_given_as_published() -> None:
    for fact in facts():
        if {value["kind"] for value in fact["values"]} & {"amount", "phone", "email"}:
            assert re.search(r"\bpublished\b", fact["says"]), fact["id"]


def test_training_examples_are_enough_for_each_topic() -> None:
    topics = repository()[0]
    examples = read_examples(ROOT / "data" / "nlu")
    few = {name: len(set(examples.get(name, []))) for name, topic in topics.items()}
    assert {name: count for name, count in few.items() if count < (15 if topics[name].not_known else 20)} == {}


def test_enough_is_known_not_to_be_known() -> None:
    assert sum(topic.not_known is not None for topic in repository()[0].values()) >= 60


# --- beside what is kept of the documents (tests/documents.py) --------------------------------------------------------------------------


@pytest.mark.example
def test_something_is_kept_of_every_document_and_none_is_kept_in_part() -> None:
    assert set(kept()) == set(DOCUMENTS) == {file.trust["id"] for file in files()}
    for trust, document in kept().items():
        assert len(document["runs"]) == document["words"] - RUN + 1 > 200, trust
        assert all(section["before"] or section["bullets"] for section in document["sections"].values()), trust


def test_no_fact_repeats_a_run_of_a_document_s_words(file: TrustFile) -> None:
    taken = {run for document in kept().values() for run in document["runs"]}
    for fact in file.facts:
        repeated = [" ".join(run) for run in runs(words(fact["says"])) if hash_of(run) in taken and not named(run)]
        assert repeated == [], fact["id"]


def named(run: tuple[str, ...]) -> bool:
    """Say whether a run holds a number, a phone number or an address, which have to be exact."""
    return any(re.search(r"[\d@£]", word) for word in run)


def test_a_sentence_taken_over_would_be_found() -> None:
    text = "About\nMembership runs for one term only and it is limited to a few schools.\n- Our staff share training."
    found = digest(text, ["About"], {})
    assert hash_of(runs(words("So membership runs for one term only and ends"))[1]) in found["runs"]
    assert found["sections"] == {"About": {"before": 1, "bullets": [["share", "staff", "train"]], "behind": 0}}


@pytest.mark.example
def test_each_section_has_as_many_statements_as_its_bullets_and_sentences(file: TrustFile) -> None:
    (document,) = file.documents.values()
    found = kept()[file.trust["id"]]["sections"]
    assert set(found) == set(document["units"])
    for name, section in found.items():
        count, bullets, prose = document["units"][name], len(section["bullets"]), section["before"] + section["behind"]
        assert count >= bullets + bool(prose), name
        # a sentence that holds several statements may be counted as several
        assert count <= bullets + 2 * prose, name


@pytest.mark.example
def test_each_bullet_s_fact_is_about_what_the_bullet_says(file: TrustFile) -> None:
    (document,) = file.documents.values()
    for name, section in kept()[file.trust["id"]]["sections"].items():
        first = document["units"][name] - len(section["bullets"]) - section["behind"] + 1
        for number, bullet in enumerate(section["bullets"], start=first):
            covering = [fact for fact in file.facts if f"{name}/{number}" in fact["covers"]]
            told = {stem(word) for fact in covering for text in [fact["says"], *fact["asked_as"]] for word in words(text)}
            assert told & set(bullet), f"{name}/{number}: {bullet}"

"""What must agree: topics, intents, training examples and rules; and no question of the evaluation stands in what is learnt."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from evaluation.leaks import leaks, normalised, telling_words, training_texts
from evaluation.questions import EvaluationQuestion, read_questions
from office.facts.files import Topic, read_topics

ROOT = Path(__file__).parents[1]
FOLDERS = ("questions", "tuning")


def read(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


@lru_cache(maxsize=1)
def topics() -> dict[str, Topic]:
    return read_topics(ROOT / "data" / "facts" / "topics.yml")


@lru_cache(maxsize=1)
def intents() -> list[str]:
    return [next(iter(i)) if isinstance(i, dict) else i for i in read(ROOT / "domain.yml")["intents"]]


@lru_cache(maxsize=1)
def examples() -> dict[str, list[str]]:
    """Give the training examples by intent."""
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for item in read(path).get("nlu", ()):
            found.setdefault(item["intent"], []).extend(re.findall(r"^- (.+)$", item["examples"], flags=re.M))
    return found


@lru_cache(maxsize=1)
def rules() -> dict[str, list[str]]:
    """Give the intents of each rule by the action it leads to; the rule by which a form ends has none."""
    found: dict[str, list[str]] = {}
    for rule in read(ROOT / "data" / "rules" / "rules.yml")["rules"]:
        steps = rule["steps"]
        if "condition" in rule:
            continue
        named = [step["intent"] for step in steps[0].get("or", [steps[0]])]
        found.setdefault(steps[1]["action"], []).extend(named)
    return found


@lru_cache(maxsize=2)
def questions(folder: str) -> list[EvaluationQuestion]:
    return read_questions(folder)


def test_each_topic_has_training_examples_and_each_such_example_a_topic() -> None:
    assert {f"ask/{name}" for name in topics()} == {name for name in examples() if name.startswith("ask/")}


def test_each_intent_has_training_examples_and_each_example_an_intent() -> None:
    assert {name.partition("/")[0] for name in examples()} == set(intents())
    assert {name.partition("/")[0] for name in examples() if "/" in name} == {"ask"}


def test_a_topic_is_named_as_it_is_trained_wherever_it_is_looked_up() -> None:
    """A topic's probability is found under `ask/cost`; under another spelling it would be 0, and nothing would say so."""
    code = [path for folder in ("actions", "bot", "evaluation", "language", "office") for path in (ROOT / folder).rglob("*.py")]
    assert [str(path) for path in code if re.search(r"""f["']ask_\{|removeprefix\(["']ask_""", path.read_text(encoding="utf-8"))] == []


def test_no_intent_stands_twice_in_the_domain_or_in_two_files_of_examples() -> None:
    assert [name for name, count in Counter(intents()).items() if count > 1] == []
    places = Counter(
        item["intent"] for path in (ROOT / "data" / "nlu").glob("*.yml") if path.name != "learned.yml" for item in read(path).get("nlu", ())
    )
    assert [name for name, count in places.items() if count > 1] == []


def test_each_intent_is_in_just_one_rule() -> None:
    named = Counter(intent for intents_of in rules().values() for intent in intents_of)
    assert set(named) - {"nlu_fallback"} == set(intents())
    assert [name for name, count in named.items() if count > 1] == []


def test_every_question_goes_to_the_facts_recognised_or_not() -> None:
    asked = set(rules()["action_answer"])
    assert {"ask", "out_of_scope", "nlu_fallback", "compare"} <= asked


def test_rules_and_stories_name_only_actions_of_the_domain() -> None:
    stories = [step for story in read(ROOT / "data" / "stories" / "stories.yml")["stories"] for step in story["steps"]]
    named = set(rules()) | {step["action"] for step in stories if "action" in step}
    domain = read(ROOT / "domain.yml")
    assert named <= {*domain["actions"], *domain["forms"]}
    assert {step["intent"] for step in stories if "intent" in step} <= set(intents())


def test_next_and_near_topics_lead_somewhere() -> None:
    known = topics()
    for topic in known.values():
        assert topic.next and topic.id not in topic.next, topic.id
        for other in (*topic.next, *topic.near):
            assert other in known, topic.id
        for other in topic.near:
            assert known[other].not_known is None, f"{topic.id}: {other} has no facts"
        for other in topic.next:
            assert known[other].not_known is None, f"{topic.id}: {other} has no facts"


def test_a_topic_with_facts_needs_no_near_one() -> None:
    assert [topic.id for topic in topics().values() if topic.near and not topic.not_known] == []


def test_buttons_are_whole_questions_that_fit() -> None:
    for topic in topics().values():
        assert len(topic.button) <= 40 and topic.button[0].isupper() and topic.button[-1] == "?", topic.id
    assert [b for b, count in Counter(topic.button for topic in topics().values()).items() if count > 1] == []


def test_choices_read_on_after_did_you_mean() -> None:
    for topic in topics().values():
        first = topic.choice.split()[0]
        assert topic.choice[-1] not in ".?!" and (first.islower() or first.strip(",").isupper() or first in ("Ofsted", "NAHT's")), topic.id


def test_what_is_not_known_is_said_in_a_sentence_of_its_own() -> None:
    sentences = [topic.not_known for topic in topics().values() if topic.not_known]
    assert all(sentence[0].isupper() and sentence.endswith(".") and len(sentence) <= 240 for sentence in sentences)
    assert len(set(sentences)) == len(sentences)


@pytest.mark.parametrize(("intent", "fewest"), [("out_of_scope", 150), ("greet", 20), ("help", 20), ("compare", 20), ("human_handoff", 20)])
def test_the_rest_of_a_conversation_has_examples_enough(intent: str, fewest: int) -> None:
    assert len(set(examples()[intent])) >= fewest


def test_no_example_stands_under_two_intents() -> None:
    owners: dict[str, set[str]] = {}
    for intent, lines in examples().items():
        for line in lines:
            owners.setdefault(" ".join(line.lower().split()), set()).add(intent)
    assert {line: names for line, names in owners.items() if len(names) > 1} == {}


# --- the evaluation -----------------------------------------------------------------------------------------------------------------------


@pytest.mark.example
def test_there_are_questions_enough_of_every_kind() -> None:
    kinds = Counter(question.kind for question in questions("questions"))
    assert sum(kinds.values()) >= 300
    assert {
        "plain",
        "terse",
        "typos",
        "jargon",
        "compound",
        "follow_up",
        "false_premise",
        "comparison",
        "indirect",
        "trap",
        "out_of_scope",
    } <= set(kinds)


def test_no_two_questions_have_one_id() -> None:
    counted = Counter(question.id for folder in FOLDERS for question in questions(folder))
    assert [name for name, count in counted.items() if count > 1] == []


def test_every_pattern_of_an_expected_answer_can_be_searched_for() -> None:
    for folder in FOLDERS:
        for question in questions(folder):
            assert question.turns and question.expect in ("answered", "not_known", "declined"), question.id
            assert (question.expect == "answered" or question.half_known) == bool(question.says), question.id
            for group in question.says:
                assert group and all(re.compile(pattern) for pattern in group), question.id


@lru_cache(maxsize=1)
def training() -> list[tuple[str, str]]:
    return training_texts()


@pytest.mark.slow  # each question beside each example
@pytest.mark.parametrize("folder", FOLDERS)
def test_no_question_of_the_evaluation_stands_in_the_training_data(folder: str) -> None:
    assert [str(leak) for leak in leaks(questions(folder), training())] == []


def asked(text: str, kind: str = "plain") -> EvaluationQuestion:
    return EvaluationQuestion("x-001", kind, (text,), "answered", "", (), False, "made_up")


LEARNT = [("ask/cost", "How much is it to join Schoolsworks for a term?"), ("ask/cost", "fee"), ("ask/forum", "What’s the Chairs Forum?")]


@pytest.mark.parametrize(
    ("question", "kind", "leaks_out"),
    [
        ("How much is it to join Schoolsworks for a term?", "plain", True),
        ("how much is it, to join schoolsworks for a term", "typos", True),
        ("How much to join Schoolsworks for one term?", "plain", True),  # almost
        ("join schoolsworks for a term how much would it be", "plain", True),  # in another order
        ("How much would a year cost us at Schoolsworks?", "plain", False),
        ("fee?", "terse", False),  # has no other wording
        ("Fee?", "plain", True),
        ("Whats the chairs' forum", "plain", True),
        ("whats the chairs' forum", "terse", False),
        ("When is the Chairs Forum?", "plain", False),
    ],
)
def test_a_question_that_was_learnt_is_recognised_and_another_is_not(question: str, kind: str, leaks_out: bool) -> None:
    assert bool(leaks([asked(question, kind)], LEARNT)) is leaks_out


def test_case_signs_apostrophes_and_plurals_do_not_hide_a_leak() -> None:
    assert normalised("What’s the Chairs' Forum??") == normalised("whats the chair's forum") == "what the chair forum"
    assert telling_words("Who is it for, please?") == {"who"}


def test_only_the_last_turn_of_a_conversation_is_compared() -> None:
    conversation = EvaluationQuestion("x-1", "follow_up", ("fee", "and what of a whole year?"), "answered", "", (), False, "made_up")
    assert leaks([conversation], LEARNT) == []

"""Our components as Rasa calls them: the spaCy pipeline is built when it is missing, and topics are one retrieval intent."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from spacy.language import Language

from language.encoder.vectors import DIMENSIONS
from language.reading.topics import TopicReader
from settings import ROOT

pytestmark = [pytest.mark.example, pytest.mark.slow]  # builds pipelines


@pytest.fixture(scope="module")
def parts() -> Any:
    """The components; imported here, for Rasa takes seconds that no other test should wait for."""
    from bot.dialogue.spare import spare_imports

    spare_imports()
    import language.rasa_parts

    return language.rasa_parts


@pytest.fixture
def config(tmp_path: Path) -> dict[str, Any]:
    """A config.yml's entry in a clone where nothing is made yet, with the facts of one trust."""
    (tmp_path / "facts").mkdir()
    for name in ("schoolsworks.yml", "topics.yml"):
        shutil.copy(ROOT / "data" / "facts" / name, tmp_path / "facts" / name)
    return {"model": str(tmp_path / "models" / "usher_en"), "facts": str(tmp_path / "facts"), "case_sensitive": True}


def trusts(spacy_model: Any, text: str) -> list[str]:
    return [span.ent_id_ for span in spacy_model.model(text).ents if span.label_ == "trust"]


def made_at(config: dict[str, Any]) -> int:
    return (Path(config["model"]) / "meta.json").stat().st_mtime_ns


def test_a_training_builds_the_pipeline_that_is_missing(parts: Any, config: dict[str, Any]) -> None:
    model = parts.SpacyNLP.create(config, None, None, None).provide()
    assert trusts(model, "how much is Schoolsworks?") == ["schoolsworks"]
    assert [path.name for path in Path(config["model"]).parent.iterdir()] == ["usher_en"]  # nothing is left beside it


def test_a_training_builds_it_anew_only_where_its_inputs_changed(parts: Any, config: dict[str, Any]) -> None:
    first = parts.SpacyNLP.create(config, None, None, None).provide()
    before, key = made_at(config), parts.SpacyNLP.fingerprint_addon(config)
    again = parts.SpacyNLP.create(config, None, None, None).provide()
    assert made_at(config) == before and again.fingerprint() == first.fingerprint()
    shutil.copy(ROOT / "data" / "facts" / "clpt.yml", Path(config["facts"]))
    other = parts.SpacyNLP.create(config, None, None, None).provide()
    assert trusts(first, "what about CLPT?") == [] and trusts(other, "what about CLPT?") == ["clpt"]
    assert other.fingerprint() != first.fingerprint() and parts.SpacyNLP.fingerprint_addon(config) != key  # Rasa's cache sees it


@pytest.mark.parametrize("broken", [None, '{"made_from": '])
def test_a_training_builds_it_anew_where_it_is_cut_short(parts: Any, config: dict[str, Any], broken: str | None) -> None:
    parts.SpacyNLP.create(config, None, None, None)
    meta = Path(config["model"]) / "meta.json"
    meta.unlink() if broken is None else meta.write_text(broken)
    assert trusts(parts.SpacyNLP.create(config, None, None, None).provide(), "Schoolsworks fee") == ["schoolsworks"]


def test_a_trained_model_keeps_the_pipeline_it_was_trained_with(parts: Any, config: dict[str, Any]) -> None:
    parts.SpacyNLP.create(config, None, None, None)
    before = made_at(config)
    shutil.copy(ROOT / "data" / "facts" / "clpt.yml", Path(config["facts"]))
    parts.SpacyNLP.load(config, None, None, None)
    assert made_at(config) == before
    shutil.rmtree(config["model"])
    assert trusts(parts.SpacyNLP.load(config, None, None, None).provide(), "what about CLPT?") == ["clpt"]


def test_whatever_decides_how_a_message_is_read_is_part_of_the_digests(parts: Any) -> None:
    """By the imports: a module of ours that a training opens, and each word list. Moving one must not hide its changes."""
    import sys

    from bot.starting.model import LEARNT_FROM
    from language.pipeline import CODE

    language = ROOT / "language"
    told_apart = ("acts", "fields", "details.py")  # what a message does, and details in it: read from code at each message, never learnt
    modules = {Path(module.__file__) for name, module in sys.modules.items() if name.startswith("language.") and module.__file__}
    opened = modules | set((language / "lexicon").iterdir()) | {language / "encoder" / "SHA256SUMS"}
    wanted = {path for path in opened if path.relative_to(language).parts[0] not in told_apart and path.name != "__init__.py"}
    assert {path.name for path in wanted} >= {"pipeline.py", "questions.py", "vectors.py", "entities.yml", "words.txt"}
    assert wanted <= {path for pattern in CODE for path in language.glob(pattern)}
    assert wanted <= {path for pattern in LEARNT_FROM for path in ROOT.glob(pattern)}


class Storage:
    """Rasa's model storage, as one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def write_to(self, resource: str) -> Iterator[Path]:
        yield self.folder

    read_from = write_to


def example(nlp: Language, text: str, intent: str) -> Any:
    from rasa.shared.nlu.training_data.message import Message

    message = Message.build(text=text, intent=intent)
    message.set("text_spacy_doc", nlp(text))
    return message


def test_each_topic_is_learnt_by_its_full_name(parts: Any, nlp: Language, tmp_path: Path) -> None:
    from rasa.shared.nlu.training_data.training_data import TrainingData

    texts = {"what does it cost": "ask/cost", "who does the payroll": "ask/hr", "hello": "greet"}
    reader = parts.QuestionReader({}, Storage(tmp_path), "resource", None)
    reader.train(TrainingData([example(nlp, text, intent) for text, intent in texts.items()]), SimpleNamespace(model=nlp))
    learnt = parts.QuestionReader.load({"fallback_below": 0.0}, Storage(tmp_path), "resource", None)
    (message,) = learnt.process([example(nlp, "what does it cost", "")], SimpleNamespace(model=nlp))
    assert {name for name, _ in message.get("questions")[0]["intents"]} == {"ask/cost", "ask/hr", "greet"}
    assert message.get("response_selector")["ask"]["response"]["intent_response_key"] == "ask/cost"


@pytest.mark.parametrize(("surest", "ranking"), [("ask/hr", ["ask", "greet"]), ("greet", ["greet", "ask"])])
def test_the_rules_see_one_intent_of_all_topics_as_sure_as_the_surest(parts: Any, nlp: Language, surest: str, ranking: list[str]) -> None:
    names = ["ask/cost", "ask/hr", "greet"]
    topics = TopicReader(names, np.zeros((3, DIMENSIONS)), np.array([1.0 if name == surest else 0.0 for name in names]))
    reader = parts.QuestionReader({"fallback_below": 0.0}, None, None, topics)
    (message,) = reader.process([example(nlp, "what of the payroll", "")], SimpleNamespace(model=nlp))
    assert [one["name"] for one in message.get("intent_ranking")] == ranking
    assert message.get("intent") == {"name": ranking[0], "confidence": pytest.approx(0.576, abs=0.001)}
    chosen = message.get("response_selector")["ask"]["response"]["intent_response_key"]
    assert chosen == (surest if surest.startswith("ask/") else "ask/cost")

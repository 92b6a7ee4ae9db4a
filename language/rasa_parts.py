"""Our two components in Rasa's pipeline: one builds and loads the spaCy pipeline, the other reads a message's questions."""

from __future__ import annotations

import dataclasses
import warnings
from pathlib import Path
from typing import Any, Dict, List, Optional, Text, Tuple, Type

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.constants import (
    RESPONSE_SELECTOR_PREDICTION_KEY,
    RESPONSE_SELECTOR_PROPERTY_NAME,
    RESPONSE_SELECTOR_RETRIEVAL_INTENTS,
    SPACY_DOCS,
)
from rasa.nlu.utils import spacy_utils
from rasa.nlu.utils.spacy_utils import SpacyModel
from rasa.shared.nlu.constants import ENTITIES, INTENT_RESPONSE_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from language.pipeline import inputs_digest, is_stale, rebuild
from language.reading.questions import FALLBACK_BELOW, parse_message
from language.reading.topics import TopicReader

ASKS = "ask"  # the retrieval intent of every topic: data/nlu has ask/cost, domain.yml and the rules have ask

# Rasa warns at a training that examples of a retrieval intent need its ResponseSelector and, of each example, a response. Here
# QuestionReader learns the topics, and the office has the responses.
warnings.filterwarnings("ignore", message="You have defined training data with examples for training a response selector")
warnings.filterwarnings("ignore", message="(?s)Your training data contains an example .* for the 'ask/.* add a response phrase")


@dataclasses.dataclass
class BuiltSpacyModel(SpacyModel):
    """A loaded pipeline that Rasa's cache tells from an older one; Rasa itself knows a spaCy model by its name only."""

    def fingerprint(self) -> Text:
        """Return the model's name and what it was made from."""
        return f"{self.model_name} {self.model.meta.get('made_from')}"


@DefaultV1Recipe.register(
    [DefaultV1Recipe.ComponentType.MODEL_LOADER, DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER],
    is_trainable=False,
    model_from="SpacyNLP",
)
class SpacyNLP(spacy_utils.SpacyNLP):
    """Rasa's SpacyNLP for a pipeline that we build ourselves. It has the same name, for Rasa's tokenizer finds its model by that."""

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """Return where the pipeline stands and which facts it is made from, relative to the project."""
        return {"model": "models/usher_en", "facts": "data/facts", "case_sensitive": True}

    @classmethod
    def fingerprint_addon(cls, config: Dict[str, Any]) -> Optional[str]:
        """Return the digest of what the pipeline is made from: `rasa train` learns anew where that has changed."""
        return inputs_digest(Path(config["facts"]))

    @classmethod
    def create(
        cls, config: Dict[Text, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> SpacyNLP:
        """Load the pipeline for a training; build it first where it is missing or what it is made from has changed."""
        folder, facts = Path(config["model"]), Path(config["facts"])
        if is_stale(facts, folder):
            rebuild(facts, folder)
        return cls(cls.load_model(str(folder)), config)

    @classmethod
    def load(
        cls, config: Dict[Text, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SpacyNLP:  # fmt: skip
        """Load the pipeline for a trained model as it was then; build it only where it is missing."""
        folder = Path(config["model"])
        if not folder.exists():
            rebuild(Path(config["facts"]), folder)
        return cls(cls.load_model(str(folder)), config)

    @staticmethod
    def load_model(spacy_model_name: Text) -> SpacyModel:
        """Return the loaded pipeline."""
        loaded = spacy_utils.SpacyNLP.load_model(spacy_model_name)
        return BuiltSpacyModel(loaded.model, loaded.model_name)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True, model_from="SpacyNLP")
class QuestionReader(GraphComponent, IntentClassifier):
    """Sets the message's intent, its entities, and `questions`: what each part of it asks (see language.reading.questions)."""

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """Return the settings of this part: none but the intent for what nothing resembles."""
        return {"fallback_below": FALLBACK_BELOW}

    @classmethod
    def required_components(cls) -> List[Type]:
        """Return none: SpacyNLP stands before it in config.yml."""
        return []

    def __init__(self, config: Dict[str, Any], storage: ModelStorage, resource: Resource, topics: TopicReader | None) -> None:
        self._config, self._storage, self._resource, self._topics = config, storage, resource, topics

    @classmethod
    def create(
        cls, config: Dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> QuestionReader:
        """Make an untrained part."""
        return cls(config, model_storage, resource, None)

    @classmethod
    def load(
        cls, config: Dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> QuestionReader:  # fmt: skip
        """Read what training kept. Raises ValueError where it is not there: a bot that reads nothing must not start."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, TopicReader.load(folder / "topics.npz"))

    def train(self, training_data: TrainingData, model: SpacyModel) -> Resource:
        """Learn the topics from the examples' sentence vectors."""
        examples = [e for e in training_data.intent_examples if e.get(SPACY_DOCS[TEXT]) is not None]
        vectors = np.stack([e.get(SPACY_DOCS[TEXT]).vector for e in examples])
        self._topics = TopicReader.learn(vectors, [e.get_full_intent() for e in examples])  # ask/cost, not ask
        with self._storage.write_to(self._resource) as folder:
            self._topics.save(folder / "topics.npz")
        return self._resource

    def process_training_data(self, training_data: TrainingData, model: SpacyModel) -> TrainingData:
        """Leave the examples as they are: nothing behind this part learns from its reading."""
        return training_data

    def process(self, messages: List[Message], model: SpacyModel) -> List[Message]:
        """Read each message, by the pipeline that SpacyNLP provides."""
        assert self._topics is not None
        for message in messages:
            doc = message.get(SPACY_DOCS[TEXT])
            if doc is None:
                continue
            parsed = parse_message(doc, model.model, self._topics, self._config["fallback_below"])
            for key, value in parsed.as_json().items():
                message.set(key, message.get(ENTITIES, []) + value if key == ENTITIES else value, add_to_output=True)
            message.set(RESPONSE_SELECTOR_PROPERTY_NAME, _selected_topic(parsed.leading.intents), add_to_output=True)
        return messages


def _selected_topic(intents: List[Tuple[str, float]]) -> Dict[str, Any]:
    """Return the likeliest topic as Rasa's ResponseSelector says it: `rasa test nlu` measures this, and the tracker keeps it."""
    best = next(((name, p) for name, p in intents if name.startswith(f"{ASKS}/")), None)
    if best is None:
        return {}
    chosen = {INTENT_RESPONSE_KEY: best[0], PREDICTED_CONFIDENCE_KEY: best[1]}
    return {RESPONSE_SELECTOR_RETRIEVAL_INTENTS: [ASKS], ASKS: {RESPONSE_SELECTOR_PREDICTION_KEY: chosen}}

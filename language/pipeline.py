"""The spaCy pipeline: tokens, spelling, entity rules, one sentence vector a document.

`build` writes it to a folder, from which Rasa loads it like any other spaCy model (language/rasa_parts.py builds it when missing). The folder holds what it
learnt from the facts (names of trusts, words of the domain), so reading a message opens none of the project's data.
"""

import hashlib
import json
import os
import re
import shutil
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import spacy
import yaml
from spacy.language import Language
from spacy.pipeline import EntityRuler
from spacy.tokens import Doc, Token
from spacy.vectors import Vectors

from language.encoder.vectors import DIMENSIONS, sentence_vector
from language.reading.spelling import Spelling
from language.reading.typed import TypedText

LEXICON = Path(__file__).parent / "lexicon"
VERSION = "1"
CODE = ("*.py", "reading/*.py", "lexicon/*", "encoder/vectors.py", "encoder/SHA256SUMS")  # what a message's reading depends on

for extension in ("corrected", "typed"):
    if not Doc.has_extension(extension):
        Doc.set_extension(extension, default=None)


@lru_cache(maxsize=1)
def _spelling_of(words: tuple[str, ...]) -> Spelling:
    """One dictionary for all pipelines of a process: Rasa loads ours twice."""
    return Spelling(words)


@Language.factory("usher_spelling")
class SpellingPart:
    """Sets `doc._.corrected`, the cleaned text with its typing errors set right, and `doc._.typed`, which leads back to what was typed."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.words: list[str] = []
        self._spelling: Spelling | None = None

    @property
    def spelling(self) -> Spelling:
        """The dictionary, opened at first use."""
        if self._spelling is None:
            self._spelling = _spelling_of(tuple(self.words))
        return self._spelling

    def __call__(self, doc: Doc) -> Doc:
        doc._.typed = TypedText.of(doc.text, self.spelling)
        doc._.corrected = doc._.typed.corrected
        return doc

    def to_disk(self, path: Any, exclude: Any = ()) -> None:
        """Write the domain's words."""
        Path(path).mkdir(parents=True, exist_ok=True)
        (Path(path) / "words.json").write_text(json.dumps(self.words))

    def from_disk(self, path: Any, exclude: Any = ()) -> "SpellingPart":
        """Read the domain's words."""
        self.words = json.loads((Path(path) / "words.json").read_text())
        return self


def _vector_of_token(token: Token) -> np.ndarray:
    return token.doc.user_data["sentence_vector"]  # type: ignore[no-any-return]


def _vector_of_doc(doc: Doc) -> np.ndarray:
    return doc.user_data["sentence_vector"]  # type: ignore[no-any-return]


@Language.component("usher_sentence_vector")
def sentence_vector_part(doc: Doc) -> Doc:
    """Return the document, and each of its tokens, the vector of the corrected text: made once, not once a token."""
    doc.user_data["sentence_vector"] = sentence_vector(doc._.corrected)
    doc.user_hooks["vector"] = _vector_of_doc
    doc.user_token_hooks["vector"] = _vector_of_token
    return doc


def inputs_digest(facts: Path) -> str:
    """Return the sha256 of all that decides how a message is read: our code and word lists, the encoder, a folder of facts."""
    here = Path(__file__).parent
    files = sorted({path for pattern in CODE for path in here.glob(pattern) if path.is_file()}) + sorted(facts.glob("*.yml"))
    return hashlib.sha256(b"".join(hashlib.sha256(path.read_bytes()).digest() for path in files)).hexdigest()


def is_stale(facts: Path, folder: Path) -> bool:
    """Return whether the pipeline in a folder is missing, broken, or made from other files than those of today."""
    try:
        return bool(json.loads((folder / "meta.json").read_text())["made_from"] != inputs_digest(facts))
    except (OSError, ValueError, KeyError, TypeError):
        return True


def rebuild(facts: Path, into: Path) -> None:
    """Put a new pipeline in the place of what a folder holds, as a whole: who loads it meanwhile finds the old one or the new."""
    into.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=into.parent, prefix=".usher_en-") as work:
        made, old = Path(work) / "made", Path(work) / "old"
        build(facts, made)
        if into.exists():
            os.replace(into, old)
        shutil.move(made, into)


def build(facts: Path, into: Path) -> None:
    """Write the pipeline for the trusts and words of a folder of facts."""
    nlp = spacy.blank("en")
    nlp.vocab.vectors = Vectors(shape=(1, DIMENSIONS))  # SpacyFeaturizer is silent where the vocabulary has no vectors
    spelling = nlp.add_pipe("usher_spelling")
    nlp.add_pipe("usher_sentence_vector")
    # first: every pattern is read by the parts before it, each time the pipeline is loaded
    ruler = nlp.add_pipe("entity_ruler", first=True, config={"phrase_matcher_attr": "LOWER"})
    assert isinstance(spelling, SpellingPart) and isinstance(ruler, EntityRuler)
    patterns, words = _from_facts(facts)
    ruler.add_patterns(patterns + _from_lists() + _amounts_and_durations())  # type: ignore[arg-type]
    spelling.words = sorted(words | set((LEXICON / "words.txt").read_text().split()))
    nlp.meta["name"], nlp.meta["version"], nlp.meta["made_from"] = "usher", VERSION, inputs_digest(facts)
    nlp.to_disk(into)


def _from_facts(folder: Path) -> tuple[list[dict[str, Any]], set[str]]:
    patterns: list[dict[str, Any]] = []
    words: set[str] = set()
    for path in sorted(folder.glob("*.yml")):
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        if "trust" in content:
            trust = content["trust"]
            for label, names in (
                ("trust", [trust["name"], trust["short"], *trust["aliases"]]),
                ("trust_loose", trust.get("loose_aliases", [])),
            ):
                patterns += [{"label": label, "pattern": name.lower(), "id": trust["id"]} for name in names]
        said = [fact["says"] for fact in content.get("facts", [])]
        said += [topic["title"] + " " + topic["choice"] for topic in content.get("topics", [])]
        words |= set(re.findall(r"[a-z]{3,}", " ".join(said + [p["pattern"] for p in patterns]).lower()))
    typos = {"skoolsworks", "shool", "partnershp", "parnership", "lerning", "conect", "aspir"}
    return patterns, words - typos


def _from_lists() -> list[dict[str, Any]]:
    lists = yaml.load((LEXICON / "entities.yml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return [
        {"label": label, "pattern": word, "id": value}
        for label, values in lists.items()
        for value, words in values.items()
        for word in words
    ]


def _amounts_and_durations() -> list[dict[str, Any]]:
    number = {"TEXT": {"REGEX": r"^\d[\d,]*(\.\d+)?k?$"}}
    count = {"LOWER": {"REGEX": r"^(\d+|a|an|one|two|three|four|five|six|seven|eight|nine|ten|twelve|half|several|few)$"}}
    unit = {"LOWER": {"REGEX": r"^(term|terms|week|weeks|month|months|year|years|day|days|hour|hours|semester|fortnight)$"}}
    return [
        {"label": "amount", "pattern": [{"TEXT": "£"}, number]},
        {"label": "amount", "pattern": [number, {"LOWER": {"IN": ["pounds", "quid", "gbp"]}}]},
        {"label": "duration", "pattern": [count, {"TEXT": "-", "OP": "?"}, unit]},
    ]

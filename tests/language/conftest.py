"""The pipeline of the repository's own facts, built once: its dictionary takes seconds to make."""

from __future__ import annotations

from pathlib import Path

import pytest
import spacy
from spacy.language import Language

import language.pipeline

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def nlp(tmp_path_factory: pytest.TempPathFactory) -> Language:
    folder = tmp_path_factory.mktemp("pipeline") / "usher_en"
    language.pipeline.build(ROOT / "data" / "facts", folder)
    return spacy.load(folder)

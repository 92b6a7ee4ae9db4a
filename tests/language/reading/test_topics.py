"""The reader of topics: learns from examples, keeps what it learnt as plain numbers, refuses a broken file."""

from __future__ import annotations

from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import pytest

from language.reading.topics import TopicReader


def examples(seed: int = 1) -> tuple[np.ndarray, list[str]]:
    """Give noisy unit vectors round three directions, and the topic of each."""
    random = np.random.default_rng(seed)
    names = ["ask/cost", "ask/hr", "greet"] * 20
    vectors = np.eye(384)[[names.index(name) for name in names]] + random.normal(scale=0.02, size=(60, 384))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32), names


@pytest.fixture(scope="module")
def reader() -> TopicReader:
    return TopicReader.learn(*examples())


def test_what_it_has_not_seen_is_read_like_what_it_has(reader: TopicReader) -> None:
    vectors, names = examples(seed=2)
    assert [reader.rank(vector)[0][0] for vector in vectors] == names


def test_probabilities_are_ranked_and_add_up_to_one(reader: TopicReader) -> None:
    ranked = reader.rank(examples()[0][0])
    assert {name for name, _ in ranked} == {"ask/cost", "ask/hr", "greet"}
    assert [p for _, p in ranked] == sorted((p for _, p in ranked), reverse=True)
    assert sum(p for _, p in ranked) == pytest.approx(1.0, abs=1e-5)


def test_a_vector_far_outside_gives_probabilities_all_the_same(reader: TopicReader) -> None:
    assert np.isfinite(reader.probabilities(np.full(384, 1e4, np.float32))).all()


def test_what_was_learnt_is_read_back_as_it_was_written(reader: TopicReader, tmp_path: Path) -> None:
    reader.save(tmp_path / "topics.npz")
    again = TopicReader.load(tmp_path / "topics.npz")
    vector = examples()[0][5]
    assert again.intents == reader.intents and again.rank(vector) == reader.rank(vector)


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04 cut short"])
def test_a_broken_file_is_refused_without_running_anything_in_it(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "topics.npz").write_bytes(content)
    with pytest.raises((OSError, ValueError, EOFError, BadZipFile)):
        TopicReader.load(tmp_path / "topics.npz")

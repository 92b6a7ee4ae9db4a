"""Sentence vectors: alike texts lie near each other, and a wrong file of weights is never used."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from language.encoder import vectors
from language.encoder.vectors import DIMENSIONS, EncoderBroken, encoder_version, sentence_vector, sentence_vectors

TEXTS = ["how much is it?", "what does it cost", "who is the chair of governors?", "", "👍", "多少钱", "x" * 5000, "fee " * 500]


@pytest.fixture(scope="module")
def rows() -> np.ndarray:
    return sentence_vectors(TEXTS)


def test_each_text_has_a_vector_of_length_one(rows: np.ndarray) -> None:
    assert rows.shape == (len(TEXTS), DIMENSIONS) and rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-5)


def test_no_texts_have_no_vectors() -> None:
    assert sentence_vectors([]).shape == (0, DIMENSIONS)


def test_the_same_text_has_the_same_vector_in_any_company(rows: np.ndarray) -> None:
    assert np.array_equal(sentence_vector(TEXTS[0]), sentence_vector(TEXTS[0]))
    for text, row in zip(TEXTS, rows):
        assert float(sentence_vector(text) @ row) > 0.97  # int8 rounding depends on the company
    assert np.allclose(sentence_vectors(TEXTS[::-1])[::-1], rows, atol=0.05)


def test_texts_that_mean_the_same_lie_nearer_than_others(rows: np.ndarray) -> None:
    assert rows[0] @ rows[1] > rows[0] @ rows[2] + 0.2


def test_a_vector_that_several_readers_share_cannot_be_changed_by_one() -> None:
    with pytest.raises(ValueError, match="read-only"):
        sentence_vector("how much is it?")[0] = 1.0


def test_the_version_names_the_weights_that_are_used() -> None:
    weights = (vectors.ENCODER / "minilm.int8.onnx").read_bytes()
    assert encoder_version() == hashlib.sha256(weights).hexdigest()[:12]


@pytest.fixture
def encoder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small made-up encoder whose check sums are right."""
    (tmp_path / "weights.onnx").write_bytes(b"weights")
    (tmp_path / "tokenizer.json").write_bytes(b"{}")
    lines = [f"{hashlib.sha256((tmp_path / name).read_bytes()).hexdigest()}  {name}\n" for name in ("weights.onnx", "tokenizer.json")]
    (tmp_path / "SHA256SUMS").write_text("".join(lines))
    monkeypatch.setattr(vectors, "ENCODER", tmp_path)
    return tmp_path


def version() -> str:
    """Give the version as a process finds it at its first question."""
    return str(encoder_version.__wrapped__())


def test_files_with_the_right_check_sums_are_taken(encoder: Path) -> None:
    assert version() == hashlib.sha256(b"weights").hexdigest()[:12]


@pytest.mark.parametrize("name", ["weights.onnx", "tokenizer.json"])
def test_a_file_that_was_changed_is_refused_by_name(encoder: Path, name: str) -> None:
    (encoder / name).write_bytes(b"other weights")
    with pytest.raises(EncoderBroken, match=name):
        version()


@pytest.mark.parametrize("name", ["weights.onnx", "tokenizer.json", "SHA256SUMS"])
def test_a_file_that_is_missing_is_refused(encoder: Path, name: str) -> None:
    (encoder / name).unlink()
    with pytest.raises(EncoderBroken, match=name):
        version()

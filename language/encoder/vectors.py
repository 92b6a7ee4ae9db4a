"""Sentence vectors: all-MiniLM-L6-v2, fine-tuned on our own wordings, int8, run by ONNX Runtime on one thread."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Sequence

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

ENCODER = Path(__file__).parent
DIMENSIONS = 384
LONGEST = 96  # tokens; a message of a busy head has about 20, and time grows with length
BATCH = 32


class EncoderBroken(Exception):
    """The encoder's files are missing or are not the ones this version was built with."""


@lru_cache(maxsize=1)
def encoder_version() -> str:
    """Return the first 12 digits of the weights' sha256, which names the encoder wherever vectors are kept.

    Raises EncoderBroken where a file differs from `language/encoder/SHA256SUMS`.
    """
    found = ""
    try:
        for line in (ENCODER / "SHA256SUMS").read_text().splitlines():
            expected, name = line.split()
            digest = hashlib.sha256((ENCODER / name).read_bytes()).hexdigest()
            if digest != expected:
                raise EncoderBroken(f"language/encoder/{name} is not the file this version was built with; restore it with git")
            if name.endswith(".onnx"):
                found = digest[:12]
    except OSError as error:
        raise EncoderBroken(f"the encoder cannot be read: {error}") from error
    return found


@lru_cache(maxsize=1)
def _session() -> onnxruntime.InferenceSession:
    encoder_version()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(str(ENCODER / "minilm.int8.onnx"), options, providers=["CPUExecutionProvider"])


@lru_cache(maxsize=1)
def _tokenizer() -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(ENCODER / "tokenizer.json"))
    tokenizer.enable_truncation(LONGEST)
    tokenizer.enable_padding()
    return tokenizer


def sentence_vectors(texts: Sequence[str]) -> np.ndarray:
    """Return unit-length vectors, float32, shape (len(texts), 384); the same text gives the same row, up to int8 rounding."""
    if not texts:
        return np.zeros((0, DIMENSIONS), dtype=np.float32)
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))  # alike lengths in one batch: little padding
    vectors = np.empty((len(texts), DIMENSIONS), dtype=np.float32)
    for start in range(0, len(order), BATCH):
        batch = order[start : start + BATCH]
        vectors[batch] = _encode([texts[i] for i in batch])
    return vectors


@lru_cache(maxsize=4096)
def sentence_vector(text: str) -> np.ndarray:
    """Return the vector of one text, shape (384,), read-only; kept, since the pipeline and the action ask for the same ones."""
    vector = _encode([text])[0]
    vector.setflags(write=False)
    return vector


def _encode(texts: list[str]) -> np.ndarray:
    encoded = _tokenizer().encode_batch(texts)
    ids = np.array([e.ids for e in encoded], dtype=np.int64)
    mask = np.array([e.attention_mask for e in encoded], dtype=np.int64)
    hidden = _session().run(None, {"input_ids": ids, "attention_mask": mask})[0]
    pooled = (hidden * mask[:, :, None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
    return np.asarray(pooled / np.linalg.norm(pooled, axis=1, keepdims=True), dtype=np.float32)

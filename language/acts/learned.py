"""What a message does, whatever it is about: agrees, cancels, asks, gives … learned from the rows of data/nlu/acts.yml.

Multinomial logistic regression on the sentence vector that every message has, its words and letters, a few marks of its surface,
and what was asked just before it: "no" refuses at the consent, and skips at the role. `python -m evaluation.form` counts how often
the act is read rightly.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import re
import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from scipy import sparse
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from language.acts.danger_words import says_plainly
from language.encoder.vectors import encoder_version, sentence_vector, sentence_vectors
from language.text import with_clauses

STEPS = (
    "outside", "consent", "school", "name", "role", "contact", "wish", "term", "message", "confirm", "change", "check", "offer",
)  # fmt: skip
ANY = "any"
SPREAD = 3  # a row of any step is learned at this many of them
STRENGTH = 10.0  # inverse of regularisation
ROUNDS = 40  # of the fitting: a second half of as many takes as long again and reads no turn better
MODEL = Path(__file__).parents[2] / "models" / "acts.npz"
ROWS = Path(__file__).parents[2] / "data" / "nlu" / "acts.yml"
DANGER, DANGER_MODEL, DANGER_ROWS = "danger", MODEL.with_name("danger.npz"), ROWS.with_name("help.yml")
WISH_MODEL, WISH_ROWS = MODEL.with_name("wishes.npz"), ROWS.with_name("wishes.yml")
NO_WISH, WISH_FROM = "none", 0.5
CODE = (Path(__file__), Path(__file__).parents[1] / "text.py")  # what a reader is made by, beside its rows
EVERY = 4  # of the questions of data/nlu every fourth is learned as no danger
_WORDS = HashingVectorizer(n_features=2**13, ngram_range=(1, 3), token_pattern=r"[\w']+|[?@]", alternate_sign=False, dtype=np.float32)
_LETTERS = HashingVectorizer(n_features=2**13, analyzer="char_wb", ngram_range=(2, 5), alternate_sign=False, dtype=np.float32)
_QUESTION_WORD = re.compile(
    r"(?:who|what|whats|when|where|which|why|how|hows|is|are|can|could|do|does|did|will|would|should|must|has|have)\b", re.I
)
Encode = Callable[[Sequence[str]], np.ndarray]


def surface(text: str) -> np.ndarray:
    """Return eight marks of a text's surface, shape (8,): what a sentence vector blurs."""
    words = text.split()
    digits = sum(c.isdigit() for c in text)
    capitals = sum(word[:1].isupper() for word in words[1:])
    return np.array(
        [
            "?" in text, "@" in text or bool(re.search(r"\b(?:at|dot)\b.*\bdot\b", text, re.I)), digits >= 7, 0 < digits < 7,
            min(len(words), 20) / 20, bool(_QUESTION_WORD.match(text.strip())), capitals / max(1, len(words)), len(words) <= 2,
        ],
        np.float32,
    )  # fmt: skip


class ActReader:
    """Gives each act a probability. Weights float32, shapes (acts, features) and (acts,)."""

    def __init__(self, acts: Sequence[str], weights: np.ndarray, bias: np.ndarray, made_from: str = "") -> None:
        self.acts, self.weights, self.bias, self.made_from = list(acts), weights.astype(np.float32), bias.astype(np.float32), made_from

    @classmethod
    def learn(cls, rows: Sequence[tuple[str, str, str]], encode: Encode, made_from: str = "") -> ActReader:
        """Fit to rows of (text, act, step)."""
        spread = [
            (text, act, one, 1 / (SPREAD if step == ANY else 1))
            for number, (text, act, step) in enumerate(rows)
            for one in ([STEPS[(number + k * 4) % len(STEPS)] for k in range(SPREAD)] if step == ANY else [step])
        ]
        texts, acts, steps, weights = zip(*spread)
        known = list(dict.fromkeys(texts))
        vectors = dict(zip(known, encode(known)))
        model = LogisticRegression(C=STRENGTH, max_iter=ROUNDS, class_weight="balanced", tol=1e-2)
        with warnings.catch_warnings(), threadpool_limits(1):  # threads that wait for each other slow down a busy machine
            warnings.simplefilter("ignore", ConvergenceWarning)  # the rounds are ours to choose
            model.fit(_features([vectors[text] for text in texts], texts, steps), acts, sample_weight=weights)
        weights_, bias = model.coef_, model.intercept_
        if len(bias) == 1:  # of two acts scikit-learn keeps one row, which speaks for the second
            weights_, bias = np.concatenate([-weights_, weights_]) / 2, np.concatenate([-bias, bias]) / 2
        return cls(list(model.classes_), weights_, bias, made_from)

    def probabilities(self, texts: Sequence[str], step: str) -> np.ndarray:
        """Return the probability of each act, in the order of `acts`, for texts said when `step` was asked; shape (texts, acts)."""
        steps = [step if step in STEPS else "outside"] * len(texts)
        scores = np.asarray(_features([sentence_vector(text) for text in texts], texts, steps) @ self.weights.T) + self.bias
        raised = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(raised / raised.sum(axis=1, keepdims=True))

    def rank(self, text: str, step: str) -> dict[str, float]:
        """Return each act's probability, likeliest first, for a text said when `step` was asked."""
        (found,) = self.probabilities([text], step)
        return {self.acts[i]: float(found[i]) for i in np.argsort(-found)}

    def save(self, path: Path) -> None:
        """Write the weights; no code is stored with them."""
        np.savez_compressed(path, acts=np.array(self.acts), weights=self.weights, bias=self.bias, made_from=np.array(self.made_from))

    @classmethod
    def load(cls, path: Path) -> ActReader:
        """Read weights that `save` wrote. Raises OSError or ValueError for a broken file."""
        with np.load(path, allow_pickle=False) as stored:
            return cls([str(name) for name in stored["acts"]], stored["weights"], stored["bias"], str(stored["made_from"]))


def _features(vectors: Sequence[np.ndarray], texts: Sequence[str], steps: Sequence[str]) -> sparse.csr_matrix:
    """Return one row a text, shape (n, 384 + 8 + steps + two hashed parts)."""
    asked = np.zeros((len(steps), len(STEPS)), np.float32)
    asked[np.arange(len(steps)), [STEPS.index(step) for step in steps]] = 1.0
    plain = [re.sub(r"\d", "0", text.lower().replace("’", "'")) for text in texts]
    marks = np.stack([surface(text) for text in texts]) * 0.5
    return sparse.hstack(
        [
            sparse.csr_matrix(np.stack(vectors)),
            sparse.csr_matrix(marks),
            sparse.csr_matrix(asked),
            _WORDS.transform(plain),
            _LETTERS.transform(plain),
        ]
    ).tocsr()


def _blocks(file: Path, kind: str) -> Iterator[tuple[dict[str, Any], list[str]]]:
    """Yield the blocks of that kind in a file of data/nlu, each with its examples."""
    for block in yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader).get(kind, ()):
        yield block, [line.strip()[2:].strip() for line in block.get("examples", "").splitlines() if line.strip()]


def _act_rows() -> list[tuple[str, str, str]]:
    return [(text, block["act"], block["step"]) for block, texts in _blocks(ROWS, "acts") for text in texts]


@lru_cache(maxsize=1)
def act_reader() -> ActReader:
    """Return the reader of models/acts.npz; it is learned first, in some seconds, where that is missing or its rows have changed."""
    return _kept_or_learned(MODEL, [ROWS], _act_rows)


def _kept_or_learned(model: Path, files: Sequence[Path], rows: Callable[[], list[tuple[str, str, str]]]) -> ActReader:
    sources = b"".join(file.read_bytes() for file in [*files, *CODE])
    made_from = hashlib.sha256(sources + encoder_version().encode()).hexdigest()[:16]
    if (kept := _kept(model, made_from)) is not None:
        return kept
    model.parent.mkdir(exist_ok=True)
    with model.with_suffix(".lock").open("w") as lock:  # of several processes one learns, and the others wait for it
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (kept := _kept(model, made_from)) is not None:
            return kept
        learned = ActReader.learn(rows(), sentence_vectors, made_from)
        half = model.with_name(f"{model.stem}-half.npz")  # whole or not at all
        learned.save(half)
        half.replace(model)
    return learned


def _kept(model: Path, made_from: str) -> ActReader | None:
    with contextlib.suppress(OSError, ValueError, KeyError, zipfile.BadZipFile):
        kept = ActReader.load(model)
        return kept if kept.made_from == made_from else None
    return None


@lru_cache(maxsize=1)
def danger_reader() -> ActReader:
    """Return the reader of models/danger.npz, learned from data/nlu/help.yml; all else in data/nlu is said by nobody in danger."""
    return _kept_or_learned(DANGER_MODEL, _nlu_files(), _danger_rows)


def _nlu_files() -> list[Path]:
    return sorted(DANGER_ROWS.parent.glob("*.yml"))


def _danger_rows() -> list[tuple[str, str, str]]:
    """Return the rows. Each clause of what is none is none by itself, since a message is read clause by clause too."""
    help_rows = [(text, block["danger"]) for block, texts in _blocks(DANGER_ROWS, "help") for text in texts]
    harmless = [text for text, danger in help_rows if not danger] + [text for text, _, _ in _act_rows()]
    for file in _nlu_files():
        harmless += [text for _, texts in _blocks(file, "nlu") for text in texts[::EVERY]]
    parts = dict.fromkeys(part for text in harmless for part in with_clauses(text))
    return [(text, DANGER, "outside") for text, danger in help_rows if danger] + [(text, "none", "outside") for text in parts]


@lru_cache(maxsize=1)
def wish_reader() -> ActReader:
    """Return the reader of models/wishes.npz, learned from data/nlu/wishes.yml; of the rest of data/nlu nobody wishes to be contacted."""
    return _kept_or_learned(WISH_MODEL, _nlu_files(), _wish_rows)


def _wish_rows() -> list[tuple[str, str, str]]:
    rows = [(text, block["wish"], "outside") for block, texts in _blocks(WISH_ROWS, "wishes") for text in texts]
    none = [text for text, act, step in _act_rows() if act != "want_lead" and (act, step) != ("give", "wish")][::2]
    for file in _nlu_files():
        none += [text for _, texts in _blocks(file, "nlu") for text in texts[::EVERY]]
    return rows + [(text, NO_WISH, "outside") for text in dict.fromkeys(none)]


@lru_cache(maxsize=16)
def wish_of(text: str) -> str | None:
    """Return what somebody wishes who leaves their details (one of the office's wishes), as a whole or in passing; None for nothing sure."""
    reader = wish_reader()
    found = reader.probabilities(with_clauses(text, shortest=1), "outside")
    found[:, reader.acts.index(NO_WISH)] = 0.0
    _, act = np.unravel_index(int(found.argmax()), found.shape)
    return reader.acts[int(act)] if found.max() >= WISH_FROM else None


@lru_cache(maxsize=16)
def danger_in(text: str) -> float:
    """Return how likely somebody in danger writes, 0 to 1: of the whole message, and of each clause, for it may stand in passing.

    The plainest words count whatever is learned.

    Kept for a moment: the channel, its metadata and the decision ask it of the same message in one turn.
    """
    if says_plainly(text):
        return 1.0
    reader = danger_reader()
    return float(reader.probabilities(with_clauses(text), "outside")[:, reader.acts.index(DANGER)].max())


@lru_cache(maxsize=16)
def acts_of(text: str, step: str) -> Mapping[str, float]:
    """Return each act's probability, likeliest first, for a text said when `step` was asked; kept for a moment, as the danger is."""
    return act_reader().rank(text, step)

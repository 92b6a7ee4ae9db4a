"""Which topic a question is about: multinomial logistic regression over sentence vectors."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

STRENGTH = 20.0  # inverse of regularisation; `python -m evaluation.classifiers` compares it with others


class TopicReader:
    """Gives each intent a probability; weights float32, shapes (intents, 384) and (intents,)."""

    def __init__(self, intents: list[str], weights: np.ndarray, bias: np.ndarray) -> None:
        self.intents, self.weights, self.bias = intents, weights.astype(np.float32), bias.astype(np.float32)

    @classmethod
    def learn(cls, vectors: np.ndarray, intents: list[str]) -> TopicReader:
        """Fit to unit vectors, shape (n, 384), and the intent of each."""
        model = LogisticRegression(C=STRENGTH, max_iter=300, class_weight="balanced", tol=1e-3)
        model.fit(vectors, intents)
        return cls(list(model.classes_), model.coef_, model.intercept_)

    def probabilities(self, vector: np.ndarray) -> np.ndarray:
        """Return the probability of each intent, in the order of `intents`."""
        scores = self.weights @ vector + self.bias
        raised = np.exp(scores - scores.max())
        return np.asarray(raised / raised.sum())

    def rank(self, *vectors: np.ndarray) -> list[tuple[str, float]]:
        """Return (intent, probability), likeliest first; the mean over several readings of one question."""
        probabilities = np.mean([self.probabilities(vector) for vector in vectors], axis=0)
        return [(self.intents[i], float(probabilities[i])) for i in np.argsort(-probabilities)]

    def save(self, path: Path) -> None:
        """Write the weights; no code is stored with them."""
        np.savez(path, intents=np.array(self.intents), weights=self.weights, bias=self.bias)

    @classmethod
    def load(cls, path: Path) -> TopicReader:
        """Read weights that `save` wrote. Raises OSError or ValueError for a broken file."""
        with np.load(path, allow_pickle=False) as stored:
            return cls([str(name) for name in stored["intents"]], stored["weights"], stored["bias"])

"""Compare ways to tell the topic from a sentence vector, by five-fold cross-validation over data/nlu.

`python -m evaluation.classifiers` prints the share of examples whose topic is found first, and among the first three.
"""

from __future__ import annotations

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.neighbors import KNeighborsClassifier, NearestCentroid

from evaluation.offline import examples
from language.encoder.vectors import sentence_vectors
from language.reading.topics import STRENGTH

FOLDS = 5


def main() -> None:
    """Print a line for each."""
    texts, intents = examples()
    vectors, wanted = sentence_vectors(texts), np.array(intents)
    folds = list(StratifiedKFold(FOLDS, shuffle=True, random_state=1).split(vectors, wanted))
    for name, model in (
        (
            f"logistic regression, C={STRENGTH:.0f} (in use)",
            LogisticRegression(C=STRENGTH, max_iter=300, class_weight="balanced", tol=1e-3),
        ),
        ("logistic regression, C=1 (Rasa's default)", LogisticRegression(C=1.0, max_iter=100, class_weight="balanced", tol=1e-4)),
        ("nearest five wordings", KNeighborsClassifier(5, metric="cosine", weights="distance")),
        ("nearest centroid", NearestCentroid()),
    ):
        first, three = [], []
        for train, test in folds:
            model.fit(vectors[train], wanted[train])
            first.append((model.predict(vectors[test]) == wanted[test]).mean())
            if hasattr(model, "predict_proba"):
                best = np.argsort(-model.predict_proba(vectors[test]), axis=1)[:, :3]
                three.append((model.classes_[best] == wanted[test][:, None]).any(axis=1).mean())
        print(f"{name:44} first {np.mean(first):.3f}" + (f"   among three {np.mean(three):.3f}" if three else ""), flush=True)


if __name__ == "__main__":
    main()

"""How sure is sure enough: weights and thresholds that `make fit` finds on the tuning questions, never by hand."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FITTED = Path(__file__).with_name("judgement.json")


@dataclass(frozen=True)
class Judgement:
    """What was fitted. `topic`, `words`, `here`, `loose`, `wanted` and `stays` weigh the ranking; `features` the confidence."""

    topic: float
    words: float
    here: float
    loose: float
    wanted: float
    stays: float
    bias: float
    features: dict[str, float]
    answer_from: float
    ask_from: float

    def confidence(self, features: dict[str, float]) -> float:
        """Return the probability that the chosen answer is right, from 0 to 1."""
        total = self.bias + sum(weight * features[name] for name, weight in self.features.items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


@lru_cache(maxsize=1)
def fitted() -> Judgement:
    """Return the judgement that is in use."""
    return Judgement(**json.loads(FITTED.read_text()))

"""How gaps are grouped, and how far staff's answer to one reaches: the figures behind the thresholds. `python -m evaluation.gaps`.

Grouping (office.gaps.grouping.ALIKE): wordings of the tuning questions that expect the same answer are one meaning; questions are put
away one by one as the office does. Reach (office.choosing.index.TOLD, office.choosing.choose.SAME_QUESTION): evaluation/gaps.yml.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import yaml

import office.choosing.index
import office.gaps.grouping
from evaluation.offline import Offline
from evaluation.questions import read_questions
from language.encoder.vectors import sentence_vectors
from office.choosing.choose import Memory, answer
from office.choosing.index import KnownFact
from office.choosing.judgement import fitted
from office.gaps.grouping import GapCentres, moved

PAIRS = Path(__file__).with_name("gaps.yml")
HOME = "schoolsworks"


def meanings() -> list[tuple[str, str]]:
    """Return the tuning questions as (meaning, text): those of one answer by what it must say, each not known one by itself."""
    found = []
    for question in read_questions("tuning"):
        if len(question.turns) == 1 and question.expect in ("answered", "not_known") and question.kind not in ("compound", "comparison"):
            alone = question.expect == "not_known" or not question.says
            found.append((question.id if alone else f"{question.section}{question.says}", question.turns[0]))
    return found


def group(vectors: np.ndarray) -> list[int]:
    """Return the number of the group each vector falls into, in order, as `group_new` does it."""
    centres = GapCentres([], np.zeros((0, vectors.shape[1]), np.float32))
    counts: Counter[int] = Counter()
    groups = []
    for vector in vectors:
        number = centres.nearest(vector)
        if number is None:
            number = len(centres.numbers)
            centres.move(number, vector)
        else:
            centres.move(number, moved(centres.centre(number), counts[number], vector))
        counts[number] += 1
        groups.append(number)
    return groups


def grouping() -> None:
    """Print, for each threshold, how often two of one meaning are together, and how often two that are together are of one meaning."""
    asked = meanings()
    vectors = sentence_vectors([text for _, text in asked])
    same = np.array([[one == other for other, _ in asked] for one, _ in asked])
    np.fill_diagonal(same, False)
    pairs = yaml.safe_load(PAIRS.read_text(encoding="utf-8"))
    near = (sentence_vectors([pair["asked"] for pair in pairs]) * sentence_vectors([pair["then"] for pair in pairs])).sum(axis=1)
    alike = np.array([pair["same"] for pair in pairs])
    print("threshold  groups  together of one meaning  one meaning of together  pairs: the same  others")
    for threshold in (0.6, 0.65, 0.68, 0.7, 0.72, 0.75, 0.78, 0.8, 0.85):
        office.gaps.grouping.ALIKE = threshold
        groups = np.array(group(vectors))
        together = groups[:, None] == groups[None, :]
        np.fill_diagonal(together, False)
        both = (same & together).sum()
        print(f"{threshold:9.2f} {len(set(groups)):7} {both / same.sum():24.3f} {both / max(1, together.sum()):24.3f}"
              f" {(near[alike] >= threshold).mean():16.2f} {(near[~alike] >= threshold).mean():7.2f}")  # fmt: skip


def reach() -> None:
    """Print, for each threshold, how many of the pairs get staff's answer: it should be all of the same, and none of the others."""
    offline = Offline.open()
    pairs = yaml.safe_load(PAIRS.read_text(encoding="utf-8"))
    print("threshold  the same  others")
    for threshold in (2.0, 0.85, 0.8, 0.75, 0.7):
        office.choosing.index.TOLD = threshold
        given: dict[bool, int] = defaultdict(int)
        for pair in pairs:
            read = offline.read(pair["asked"])[0]
            topic = next(name.removeprefix("ask/") for name, _ in read.intents if name.startswith("ask/"))
            texts = [read.text, pair["says"]]
            told = KnownFact("told", _trust(pair["asked"]), topic, "told", 0, pair["says"], (), "", "", "", "", "public", "", by_staff=True)
            index = offline.index.with_draft(told, "", texts, sentence_vectors(texts))
            said = answer(offline.ask(offline.read(pair["then"])[0], Memory()), Memory(), index, fitted(), HOME)
            given[pair["same"]] += said.outcome == "answered" and said.facts[0].id == "told"
        counts = Counter(pair["same"] for pair in pairs)
        print(f"{threshold:9.2f} {given[True]:5}/{counts[True]} {given[False]:5}/{counts[False]}")


def _trust(text: str) -> str:
    return "clpt" if "CLPT" in text else HOME


if __name__ == "__main__":
    grouping()
    reach()

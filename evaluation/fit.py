"""Fit how the office judges its own answers, on evaluation/tuning only: `make fit` writes office/choosing/judgement.json.

The weights of the ranking are searched on a small grid for the most right answers; the confidence is a logistic regression
over the features that office.choosing.ranking gives; the threshold is the lowest that keeps a share of the unanswerable unanswered.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

from evaluation.offline import Offline
from evaluation.questions import EvaluationQuestion, carries, read_questions
from office.choosing.choose import Memory, answer, facts_for, remember
from office.choosing.judgement import FITTED, Judgement
from office.choosing.ranking import AskedQuestion, features, preferring, rank

ASK_BAND = 0.85  # from this share of the threshold on, ask back
HONEST_AT_LEAST = 0.9  # of the tuning questions that no document answers
HOME = "schoolsworks"
HERE = preferring(HOME)
GRID = {
    "topic": (0.02, 0.04, 0.06),
    "words": (0.1, 0.2, 0.3),
    "here": (0.0, 0.02, 0.04),
    "loose": (0.05, 0.1),
    "wanted": (0.04, 0.08, 0.15),
    "stays": (0.0, 0.03, 0.06, 0.1),
}
START = Judgement(0.04, 0.12, 0.02, 0.08, 0.04, 0.03, 0.0, {}, 0.0, 0.0)


def best_answers(asked: list[AskedQuestion], offline: Offline, judgement: Judgement) -> list[tuple[str, dict[str, float]]]:
    """Give, for each question, the text of the facts that would be given and the features of the choice."""
    found = []
    for question in asked:
        trusts = question.trusts[:1]
        candidates, unknown = rank(question, offline.index, judgement, trusts, HERE)
        everywhere = rank(question, offline.index, judgement, (), HERE)[0][0] if trusts else candidates[0]
        given, _ = facts_for(candidates[0], candidates, offline.index, question)
        text = "\n".join(fact.says for fact in given)
        found.append((text, features(question, offline.index, candidates, unknown, everywhere)))
    return found


def main() -> None:
    """Search, fit, print what was found, write it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--honest", type=float, default=HONEST_AT_LEAST, help="share of the unanswerable to stay honest on")
    arguments = parser.parse_args()
    offline = Offline.open()
    questions, asked = _single_questions(offline)
    judgement = _search_ranking(questions, asked, offline)
    answers = best_answers(asked, offline, judgement)
    right = np.array([q.expect == "answered" and carries(q, text) for q, (text, _) in zip(questions, answers)])
    names = list(answers[0][1])
    table = np.array([[row[name] for name in names] for _, row in answers])
    spread = table.std(axis=0) + 1e-9
    model = LogisticRegression(C=1.0, max_iter=1000)
    held_out = cross_val_predict(model, table / spread, right, cv=10, method="predict_proba")[:, 1]
    model.fit(table / spread, right)
    answerable = np.array([q.expect == "answered" for q in questions])
    answer_from = float(np.quantile(held_out[~answerable], arguments.honest))
    ask_from = ASK_BAND * answer_from
    fitted = replace(
        judgement,
        bias=round(float(model.intercept_[0]), 4),
        features={name: round(float(w / s), 4) for name, w, s in zip(names, model.coef_[0], spread)},
        answer_from=round(answer_from, 3),
        ask_from=round(ask_from, 3),
    )
    FITTED.write_text(json.dumps(fitted.__dict__, indent=1) + "\n")
    _report(answerable, right, held_out, answer_from)


def _single_questions(offline: Offline) -> tuple[list[EvaluationQuestion], list[AskedQuestion]]:
    """Return the tuning questions whose last turn asks one thing, read after their earlier turns."""
    questions, asked = [], []
    for question in read_questions("tuning"):
        memory = Memory()
        for turn in question.turns[:-1]:
            for read in offline.read(turn):
                one = answer(offline.ask(read, memory), memory, offline.index, START, HOME)
                memory = remember(memory, one)
        parts = offline.read(question.turns[-1])
        if len(parts) == 1 and question.kind not in ("compound", "comparison"):
            questions.append(question)
            asked.append(offline.ask(parts[0], memory))
    return questions, asked


def _search_ranking(questions: list[EvaluationQuestion], asked: list[AskedQuestion], offline: Offline) -> Judgement:
    chosen, most = START, -1
    pairs = [(q, a) for q, a in zip(questions, asked) if q.expect == "answered"]
    for key, values in GRID.items():  # one at a time
        for value in values:
            change: dict[str, Any] = {key: value}
            tried = replace(chosen, **change)
            count = 0
            for question, one in pairs:
                candidates, _ = rank(one, offline.index, tried, one.trusts[:1], HERE)
                given, _ = facts_for(candidates[0], candidates, offline.index, one)
                count += carries(question, "\n".join(fact.says for fact in given))
            if count > most:
                chosen, most = tried, count
    print(
        f"ranking {chosen.topic, chosen.words, chosen.here, chosen.loose, chosen.wanted, chosen.stays}: {most} of {len(pairs)} would be right if all were answered"
    )
    return chosen


def _report(answerable: np.ndarray, right: np.ndarray, confidence: np.ndarray, answer_from: float) -> None:
    print("by ten-fold cross-validation:")
    for value in sorted({0.3, 0.4, 0.5, 0.6, 0.7, 0.8, round(answer_from, 3)}):
        given = confidence >= value
        print(f"  answer from {value:.3f}: right {(given & right)[answerable].mean():.3f} of the answerable, honest "
              f"{(~given)[~answerable].mean():.3f} of the others, wrong {(given & ~right).mean():.3f} of all")  # fmt: skip


if __name__ == "__main__":
    main()

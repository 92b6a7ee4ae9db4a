"""Fit how the office judges its own answers, on evaluation/tuning only: `make fit` writes office/judgement.json.

The weights of the ranking are searched on a small grid for the most right answers; the confidence is a logistic regression
over the features that office.answers gives; the thresholds are those that answer most while wrong answers stay under a share.
"""

from __future__ import annotations

import argparse
import itertools
import json
from dataclasses import replace

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

from evaluation.offline import Offline
from evaluation.questions import EvaluationQuestion, carries, read_questions
from office.answers import Memory, answer, facts_for, remember
from office.judgement import FITTED, Judgement
from office.ranking import Asked, features, here_at, rank

WRONG_AT_MOST = 0.05  # of all tuning questions
HOME = "schoolsworks"
HERE = here_at(HOME)
GRID = {"topic": (0.02, 0.04, 0.06), "words": (0.05, 0.12, 0.2), "here": (0.0, 0.02, 0.04), "loose": (0.05, 0.1),
        "wanted": (0.0, 0.04, 0.08), "stays": (0.0, 0.03, 0.06, 0.1)}
START = Judgement(0.04, 0.12, 0.02, 0.08, 0.04, 0.03, 0.0, {}, 0.0, 0.0)


def best_answers(asked: list[Asked], offline: Offline, judgement: Judgement) -> list[tuple[str, dict[str, float]]]:
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
    parser.add_argument("--wrong", type=float, default=WRONG_AT_MOST, help="share of wrong answers to stay under")
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
    answer_from = _threshold(held_out, right, arguments.wrong)
    ask_from = max(0.5 * answer_from, answer_from - 0.12)
    fitted = replace(
        judgement,
        bias=round(float(model.intercept_[0]), 4),
        features={name: round(float(w / s), 4) for name, w, s in zip(names, model.coef_[0], spread)},
        answer_from=round(answer_from, 3),
        ask_from=round(ask_from, 3),
    )
    FITTED.write_text(json.dumps(fitted.__dict__, indent=1) + "\n")
    _report(questions, right, held_out, answer_from)


def _single_questions(offline: Offline) -> tuple[list[EvaluationQuestion], list[Asked]]:
    """Give the tuning questions whose last turn asks one thing, read after their earlier turns."""
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


def _search_ranking(questions: list[EvaluationQuestion], asked: list[Asked], offline: Offline) -> Judgement:
    chosen, most = START, -1
    pairs = [(q, a) for q, a in zip(questions, asked) if q.expect == "answered"]
    for key, values in itertools.chain(GRID.items(), GRID.items()):  # twice over: one at a time, then again
        for value in values:
            tried = replace(chosen, **{key: value})
            count = 0
            for question, one in pairs:
                candidates, _ = rank(one, offline.index, tried, one.trusts[:1], HERE)
                given, _ = facts_for(candidates[0], candidates, offline.index, one)
                count += carries(question, "\n".join(fact.says for fact in given))
            if count > most:
                chosen, most = tried, count
    print(f"ranking {chosen.topic, chosen.words, chosen.here, chosen.loose, chosen.wanted, chosen.stays}: {most} of {len(pairs)} would be right if all were answered")
    return chosen


def _threshold(confidence: np.ndarray, right: np.ndarray, wrong_at_most: float) -> float:
    for value in np.sort(confidence):
        if ((confidence >= value) & ~right).mean() <= wrong_at_most:
            return float(value)
    return 1.0


def _report(questions: list[EvaluationQuestion], right: np.ndarray, confidence: np.ndarray, answer_from: float) -> None:
    answerable = np.array([q.expect == "answered" for q in questions])
    given = confidence >= answer_from
    print(f"held out, answer from {answer_from:.3f}: right {(given & right)[answerable].mean():.3f} of the answerable, "
          f"honest {(~given)[~answerable].mean():.3f} of the others, wrong {(given & ~right).mean():.3f} of all")  # fmt: skip
    for wrong in (0.03, 0.04, 0.05, 0.06, 0.08):
        value = _threshold(confidence, right, wrong)
        given = confidence >= value
        print(f"  at {wrong:.0%} wrong: right {(given & right)[answerable].mean():.3f}, honest {(~given)[~answerable].mean():.3f}, from {value:.3f}")


if __name__ == "__main__":
    main()

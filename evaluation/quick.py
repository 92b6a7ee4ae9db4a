"""Put questions to the office directly, without Rasa's servers: seconds instead of minutes, for work on the ranking.

`python -m evaluation.quick [questions|tuning] [--failures N]`. `make evaluate` is the one that counts.
"""

from __future__ import annotations

import argparse

from evaluation.__main__ import _summary
from evaluation.offline import Offline
from evaluation.questions import EvaluationQuestion, read_questions, table, verdict
from office.answering.turn import Decision
from office.choosing.choose import Memory

HOME = "schoolsworks"


def converse(offline: Offline, question: EvaluationQuestion) -> Decision:
    """Return what is decided on the last turn."""
    memory = Memory()
    for turn in question.turns:
        decision = offline.decide(turn, memory, HOME)
        memory = decision.memory
    return decision


def main() -> None:
    """Print the failures and the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("set", nargs="?", default="questions")
    parser.add_argument("--failures", type=int, default=400)
    arguments = parser.parse_args()
    offline = Offline.open()
    rows = []
    for question in read_questions(arguments.set):
        decision = converse(offline, question)
        judged = verdict(question, decision.outcome, decision.text)
        rows.append((question, judged))
        if judged in ("wrong", "missed", "asked back") and len(rows) <= 10_000 and arguments.failures > 0:
            arguments.failures -= 1
            shown = " ".join(f"[{a.outcome} {a.topic} {a.confidence:.2f} {','.join(f.id for f in a.facts[:3])}]" for a in decision.answers)
            print(f"{judged:8} {question.id:9} {question.kind:13} {' | '.join(question.turns)} {question.says}\n    → {shown}")
    print(table([(question.kind, judged) for question, judged in rows]))
    _summary(rows, 0)


if __name__ == "__main__":
    main()

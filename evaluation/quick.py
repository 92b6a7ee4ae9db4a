"""Put questions to the office directly, without Rasa's servers: seconds instead of minutes, for work on the ranking.

`python -m evaluation.quick [questions|tuning] [--failures N]`. `make evaluate` is the one that counts.
"""

from __future__ import annotations

import argparse

from actions.asked import asked_from
from actions.deciding import CLEARLY
from actions.say import reply_messages
from evaluation.__main__ import _summary
from evaluation.offline import Offline
from evaluation.questions import EvaluationQuestion, read_questions, table, verdict
from language.reading.questions import SMALL_TALK
from office.answering.replies import contact_of, worst
from office.choosing.choose import Answer, Memory, answer, remember
from office.choosing.judgement import fitted

HOME = "schoolsworks"


def converse(offline: Offline, question: EvaluationQuestion) -> tuple[str, str, list[Answer]]:
    """Give outcome, text and answers of the last turn."""
    memory = Memory()
    answers: list[Answer] = []
    for turn in question.turns:
        answers = []
        for read in offline.read(turn):
            if read.intents[0][0] in SMALL_TALK and read.intents[0][1] > (CLEARLY if len(turn.split()) > 3 else 0.5):
                continue
            one = answer(asked_from(read.as_json(), memory), memory, offline.index, fitted(), HOME)
            answers.append(one)
            memory = remember(memory, one)
        if len(answers) > 1:
            for one in answers:
                if one.outcome == "clarify":
                    one.outcome = "not_known"
    if not answers:
        return "chitchat", "", []
    messages = reply_messages(answers, offline.index, contact_of(offline.index, HOME), HOME)
    return worst([one.outcome for one in answers]), messages[0]["text"], answers


def main() -> None:
    """Print the failures and the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("set", nargs="?", default="questions")
    parser.add_argument("--failures", type=int, default=400)
    arguments = parser.parse_args()
    offline = Offline.open()
    rows = []
    for question in read_questions(arguments.set):
        outcome, text, answers = converse(offline, question)
        judged = verdict(question, outcome, text)
        rows.append((question, judged))
        if judged in ("wrong", "missed", "asked back") and len(rows) <= 10_000 and arguments.failures > 0:
            arguments.failures -= 1
            shown = " ".join(f"[{a.outcome} {a.topic} {a.confidence:.2f} {','.join(f.id for f in a.facts[:3])}]" for a in answers)
            print(f"{judged:8} {question.id:9} {question.kind:13} {' | '.join(question.turns)} {question.says}\n    → {shown}")
    print(table([(question.kind, judged) for question, judged in rows]))
    _summary(rows, 0)


if __name__ == "__main__":
    main()

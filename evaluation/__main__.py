"""Put evaluation/questions to the running assistant, over Rasa's REST channel: `make evaluate`.

They are asked by a channel of their own, of which nothing is kept: no enquiry, no gap, no lead.
Prints right / wrong / honest / missed by kind, and each failure with the reply; `--set tuning` takes the tuning questions.
"""

from __future__ import annotations

import argparse
import json
import sys
import uuid
from pathlib import Path
from typing import Any

import httpx

from evaluation import conversations, form, help
from evaluation.questions import LONGEST_WIDE, EvaluationQuestion, carries, read_questions, table, verdict
from office.enquiries.log import EVALUATION_CHANNEL
from settings import ROOT, Settings

REPORT = ROOT / "reports" / "evaluation.json"


def ask(client: httpx.Client, question: EvaluationQuestion) -> tuple[str, str, dict[str, object]]:
    """Put a question's turns in a conversation of its own; give the last reply's outcome, text and payload."""
    sender = f"evaluation-{uuid.uuid4().hex[:12]}"
    messages: list[dict[str, object]] = []
    for turn in question.turns:
        answer = client.post("/webhooks/rest/webhook", json={"sender": sender, "message": turn, "input_channel": EVALUATION_CHANNEL})
        answer.raise_for_status()
        messages = answer.json()
    text = "\n".join(str(m["text"]) for m in messages if m.get("text"))
    custom = next((m["custom"] for m in reversed(messages) if "custom" in m), {})
    assert isinstance(custom, dict)
    return str(custom.get("outcome", "silent")), text, custom


def main() -> None:
    """Ask them all, print the table and the failures, keep the whole in reports/evaluation.json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", default="questions", choices=("questions", "tuning"))
    parser.add_argument("--failures", type=int, default=1000, help="how many failures to print")
    parser.add_argument("--url", default=f"http://127.0.0.1:{Settings.read().rasa_port}")
    arguments = parser.parse_args()
    kept: list[dict[str, Any]] = []
    rows: list[tuple[EvaluationQuestion, str]] = []
    with httpx.Client(base_url=arguments.url, timeout=30) as client:
        for question in read_questions(arguments.set):
            outcome, text, custom = ask(client, question)
            judged = verdict(question, outcome, text)
            rows.append((question, judged))
            kept.append({"id": question.id, "kind": question.kind, "turns": question.turns, "expect": question.expect,
                         "verdict": judged, "outcome": outcome, "text": text, "custom": custom,
                         "carries": carries(question, text)})  # fmt: skip
    REPORT.parent.mkdir(exist_ok=True)
    Path(REPORT).write_text(json.dumps(kept, indent=1, ensure_ascii=False))
    failures = [row for row in kept if row["verdict"] in ("wrong", "missed", "asked back")]
    for row in failures[: arguments.failures]:
        print(f"{row['verdict']:10} {row['id']:10} {row['kind']:14} {' | '.join(row['turns'])}\n{'':11}→ {row['outcome']}: "
              f"{row['text'][:200]!r}")  # fmt: skip
    print(table([(question.kind, judged) for question, judged in rows]))
    _summary(rows, max(len(str(row["text"])) for row in kept))
    if arguments.set == "questions":
        print("\n".join([*map(form.summary, ("open", "blind")), *conversations.summaries(), *help.summaries()]))
    sys.exit(0)


def _summary(rows: list[tuple[EvaluationQuestion, str]], longest: int) -> None:
    answerable = [v for q, v in rows if q.expect == "answered"]
    others = [v for q, v in rows if q.expect != "answered"]
    wrong = sum(v == "wrong" for _, v in rows)
    honest = sum(v in ("honest", "right") for v in others)
    print(f"right {answerable.count('right') / len(answerable):.1%} of {len(answerable)} answerable; honest {honest / len(others):.1%} "
          f"of {len(others)} others; wrong {wrong / len(rows):.1%} of {len(rows)}; longest reply {longest} of {LONGEST_WIDE}")  # fmt: skip


if __name__ == "__main__":
    main()

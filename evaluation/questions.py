"""Evaluation questions: reading them, and judging a reply by what the question expects."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
HONEST = ("not_known", "declined")
LONGEST_NARROW, LONGEST_WIDE = 700, 1400


@dataclass(frozen=True)
class EvaluationQuestion:
    """A question with what is expected of its answer; `says` are groups of patterns, of each of which one must occur."""

    id: str
    kind: str
    turns: tuple[str, ...]
    expect: str
    section: str
    says: tuple[tuple[str, ...], ...]
    half_known: bool
    file: str


def read_questions(folder: str) -> list[EvaluationQuestion]:
    """Return the questions of evaluation/<folder>, in the files' order."""
    found = []
    for path in sorted((HERE / folder).glob("*.yml")):
        for row in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader):
            found.append(
                EvaluationQuestion(
                    row["id"], row["kind"], tuple(row["turns"]), row["expect"], row.get("section", ""),
                    tuple(tuple(group) for group in row.get("says", [])), row.get("half_known", False), path.stem,
                )
            )  # fmt: skip
    return found


def carries(question: EvaluationQuestion, text: str) -> bool:
    """Return whether a text holds everything the question's answer must say."""
    return all(any(re.search(pattern, text, re.IGNORECASE) for pattern in group) for group in question.says)


def verdict(question: EvaluationQuestion, outcome: str, text: str) -> str:
    """Return `right`, `wrong`, `honest` (rightly not answered), `missed` (could have been) or `asked back`."""
    if outcome == "clarify":
        return "asked back"
    if question.half_known:
        return "right" if carries(question, text) and outcome in HONEST else "missed" if outcome in HONEST else "wrong"
    refused = outcome not in ("answered",)
    if question.expect != "answered":
        return "honest" if refused else "wrong"
    if refused:
        return "missed"
    return "right" if carries(question, text) and len(text) <= LONGEST_WIDE else "wrong"


def table(rows: list[tuple[str, str]]) -> str:
    """Return a table of verdicts by kind; rows are (kind, verdict)."""
    verdicts = ("right", "wrong", "honest", "missed", "asked back")
    kinds = sorted({kind for kind, _ in rows})
    lines = [f"{'kind':16}" + "".join(f"{name:>12}" for name in verdicts) + f"{'all':>8}"]
    for kind in [*kinds, "all"]:
        found: list[Any] = [v for k, v in rows if kind in (k, "all")]
        lines.append(f"{kind:16}" + "".join(f"{found.count(name):12}" for name in verdicts) + f"{len(found):8}")
    return "\n".join(lines)

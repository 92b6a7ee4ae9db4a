"""No question of the evaluation may stand in what the assistant learns from: `python -m evaluation.leaks` prints those that do."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml

from evaluation.questions import EvaluationQuestion, read_questions
from office.facts.files import read_all
from office.facts.likeness import KnownTexts, normalised, telling_words

ROOT = Path(__file__).parent.parent
BARE = 2  # a name of one or two words ("fee?", "chairs forum") has no other wording: as a terse question it may stand on both sides
BARE_KINDS = ("terse", "jargon")
__all__ = ["Leak", "leaks", "normalised", "telling_words", "training_texts"]


@dataclass(frozen=True)
class Leak:
    """A question of the evaluation, and the training text that gives it away."""

    question: EvaluationQuestion
    owner: str
    text: str
    same: bool

    def __str__(self) -> str:
        kind = "is" if self.same else "is almost"
        return f"{self.question.id} ({self.question.kind}) {self.question.turns[-1]!r} {kind} {self.text!r} of {self.owner}"


def training_texts(root: Path = ROOT) -> list[tuple[str, str]]:
    """Return every text the assistant learns from or ranks by, as (where it stands, text)."""
    found: list[tuple[str, str]] = []
    for path in sorted((root / "data" / "nlu").glob("*.yml")):
        for item in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader).get("nlu", ()):
            lines = (line[2:].strip() for line in item.get("examples", "").splitlines() if line.startswith("- "))
            found += [(item.get("intent", path.name), re.sub(r"\[([^\]]*)\](\([^)]*\)|\{[^}]*\})", r"\1", line)) for line in lines]
    for file in read_all(root / "data" / "facts")[1]:
        found += [(f"{file.trust['id']}.{key}", text) for key, subject in file.subjects.items() for text in subject["asked_as"]]
        found += [(fact["id"], text) for fact in file.facts for text in fact["asked_as"]]
    return found


def leaks(questions: Iterable[EvaluationQuestion], training: Iterable[tuple[str, str]]) -> list[Leak]:
    """Return the questions whose last turn stands in the training texts, word for word or nearly so."""
    known = KnownTexts(training)
    found = []
    for question in questions:
        asked = question.turns[-1]
        bare = question.kind in BARE_KINDS and len(telling_words(asked)) <= BARE
        if (there := known.same_as(asked)) is not None:
            if not bare:
                found.append(Leak(question, *there, same=True))
        elif (there := known.nearly(asked)) is not None:
            found.append(Leak(question, *there, same=False))
    return found


def main() -> int:
    """Print every leak; give 1 where there is one."""
    training = training_texts()
    found = [leak for folder in ("questions", "tuning") for leak in leaks(read_questions(folder), training)]
    for leak in found:
        print(leak)
    print(f"{len(found)} questions stand in the training data", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

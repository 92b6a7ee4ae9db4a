"""No question of the evaluation may stand in what the assistant learns from: `python -m evaluation.leaks` prints those that do."""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml

from evaluation.questions import EvaluationQuestion, read_questions
from office.factfiles import read_all

ROOT = Path(__file__).parent.parent
ALIKE = 0.8  # of all words of two texts, the part they share; "one word of five differs"
FEWEST_SHARED = 3
BARE = 2  # a name of one or two words ("fee?", "chairs forum") has no other wording: as a terse question it may stand on both sides
BARE_KINDS = ("terse", "jargon")
_WITHOUT_MEANING = frozenset(
    """a an the is are was were be been being am do does did can could will would shall should may might i we you they he she it
    our your their my me us of to in on at for with by and or so but if that this there please what which how any some have has
    had get got as from into about s t""".split()
)


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


def normalised(text: str) -> str:
    """Give the words of a text in small letters, without punctuation; plurals and apostrophes folded."""
    bare = text.lower().replace("’", "'").replace("'", "")
    return " ".join(word[:-1] if len(word) > 3 and word.endswith("s") else word for word in re.findall(r"[a-z0-9£]+", bare))


def telling_words(text: str) -> frozenset[str]:
    """Give the words that tell what a text is about; who, when, where and why are among them."""
    return frozenset(normalised(text).split()) - _WITHOUT_MEANING


def training_texts(root: Path = ROOT) -> list[tuple[str, str]]:
    """Give every text the assistant learns from or ranks by, as (where it stands, text)."""
    found: list[tuple[str, str]] = []
    for path in sorted((root / "data" / "nlu").glob("*.yml")):
        for item in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["nlu"]:
            lines = (line[2:].strip() for line in item.get("examples", "").splitlines() if line.startswith("- "))
            found += [(item.get("intent", path.name), re.sub(r"\[([^\]]*)\](\([^)]*\)|\{[^}]*\})", r"\1", line)) for line in lines]
    for file in read_all(root / "data" / "facts")[1]:
        found += [(f"{file.trust['id']}.{key}", text) for key, subject in file.subjects.items() for text in subject["asked_as"]]
        found += [(fact["id"], text) for fact in file.facts for text in fact["asked_as"]]
    return found


def leaks(questions: Iterable[EvaluationQuestion], training: Iterable[tuple[str, str]]) -> list[Leak]:
    """Give the questions whose last turn stands in the training texts, word for word or nearly so."""
    known = [(owner, text, telling_words(text)) for owner, text in training]
    same = {normalised(text): (owner, text) for owner, text, _ in known}
    holding: dict[str, list[int]] = defaultdict(list)
    for place, (_, _, words) in enumerate(known):
        for word in words:
            holding[word].append(place)
    found = []
    for question in questions:
        asked = question.turns[-1]
        words = telling_words(asked)
        bare = question.kind in BARE_KINDS and len(words) <= BARE
        if (there := same.get(normalised(asked))) is not None:
            if not bare:
                found.append(Leak(question, *there, same=True))
            continue
        shared: dict[int, int] = defaultdict(int)
        for word in words:
            for place in holding[word]:
                shared[place] += 1
        near = [place for place, count in shared.items() if count >= FEWEST_SHARED and count >= ALIKE * len(words | known[place][2])]
        if near:
            owner, text, _ = known[max(near, key=lambda place: shared[place] / len(words | known[place][2]))]
            found.append(Leak(question, owner, text, same=False))
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

"""How often a message in another language is recognised, and English is taken for one: `python -m evaluation.foreign`,
after `make train`.

evaluation/foreign.yml has the former; the questions of evaluation/ and the examples of data/nlu are the latter.
"""

from __future__ import annotations

import re
import time

import spacy
import yaml

import language.pipeline  # noqa: F401  its parts have to be known to spaCy
from evaluation.questions import read_questions
from language.reading.foreign import is_foreign
from settings import ROOT

_ENTITY = re.compile(r"\[([^\]]*)\](?:\([^)]*\)|\{[^}]*\})")


def foreign_messages() -> dict[str, list[str]]:
    """Return messages by their language."""
    messages: dict[str, list[str]] = yaml.safe_load((ROOT / "evaluation" / "foreign.yml").read_text(encoding="utf-8"))
    return messages


def english_messages() -> list[str]:
    """Return all questions of the evaluation and all examples of the training data, each once."""
    texts = {turn for question in read_questions("questions") for turn in question.turns}
    for file in sorted((ROOT / "data" / "nlu").rglob("*.yml")):
        for block in yaml.safe_load(file.read_text(encoding="utf-8")).get("nlu", ()):
            texts.update(_ENTITY.sub(r"\1", line[2:]) for line in block.get("examples", "").splitlines() if "intent" in block)
    return sorted(texts)


def main() -> None:
    """Print what was mistaken."""
    knows = spacy.load(ROOT / "models" / "usher_en").get_pipe("usher_spelling").spelling.knows
    english, foreign = english_messages(), foreign_messages()
    begun = time.process_time()
    taken = [text for text in english if is_foreign(text, knows)]
    each = (time.process_time() - begun) / len(english) * 1000
    print(f"English taken for foreign: {len(taken)} of {len(english)} {taken}; {each:.3f} ms each")
    missed = [text for texts in foreign.values() for text in texts if not is_foreign(text, knows)]
    print(f"Foreign and not seen to be: {len(missed)} of {sum(map(len, foreign.values()))} {missed}")


if __name__ == "__main__":
    main()

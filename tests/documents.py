"""What the tests of the facts need of the five published documents, without the documents: counts, stems and hashes.

`python -m tests.documents FOLDER` makes tests/documents.json anew from a folder of their texts, 000*.txt to 004*.txt. Nothing of a
document can be read back out of it: of its words there are hashes of seven in a row, and of each bullet the beginnings of its words.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from pathlib import Path
from typing import Any

import yaml

from settings import ROOT

KEPT = Path(__file__).with_name("documents.json")
RUN = 7  # words in a row
# which trust's file of facts restates which document; a section opens with its own name there, or with the heading that is given here
DOCUMENTS: dict[str, tuple[str, dict[str, str]]] = {
    "schoolsworks": ("000", {}),
    "aspire_partner": ("001", {}),
    "clpt": ("002", {"Introduction": "Joining the Trust/Academy Sponsorship"}),
    "partnership": ("003", {}),
    "school_trust": ("004", {}),
}


def words(text: str) -> list[str]:
    """Return the words of a text in small letters, without punctuation."""
    return [word.strip(".'") for word in re.findall(r"[a-z0-9£@.']+", text.lower().replace("’", "'")) if word.strip(".'")]


def runs(of: list[str], length: int = RUN) -> list[tuple[str, ...]]:
    """Return all so many words in a row."""
    return [tuple(of[start : start + length]) for start in range(len(of) - length + 1)]


def hash_of(run: tuple[str, ...]) -> str:
    """Return a run as it is kept."""
    return hashlib.sha256(" ".join(run).encode()).hexdigest()[:12]


def stems(text: str) -> set[str]:
    """Return how the long words of a text begin."""
    return {stem(word) for word in words(text) if len(word) > 4}


def stem(word: str) -> str:
    """Return how a word begins."""
    return word[:5]


def kept() -> dict[str, Any]:
    """Return what is kept of each document, by trust."""
    found: dict[str, Any] = json.loads(KEPT.read_text(encoding="utf-8"))
    return found


def digest(text: str, units: list[str], opening: dict[str, str]) -> dict[str, Any]:
    """Return what is kept of one document whose sections are given."""
    found = sections(text, units, opening)
    return {
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "words": len(words(text)),
        "sections": {
            name: {"before": sentences(before), "bullets": [sorted(stems(bullet)) for bullet in bullets], "behind": sentences(behind)}
            for name, (before, bullets, behind) in found.items()
        },
        "runs": [hash_of(run) for run in runs(words(text))],
    }


def sections(text: str, units: list[str], opening: dict[str, str]) -> dict[str, tuple[list[str], list[str], list[str]]]:
    """Return each section's lines: the prose before its bullets, the bullets, the prose behind them."""
    headings = {opening.get(name, name).replace("’", "'"): name for name in units}
    found: dict[str, tuple[list[str], list[str], list[str]]] = {}
    current = None
    for line in text.replace("’", "'").splitlines():
        if line.strip() in headings:
            current = found.setdefault(headings[line.strip()], ([], [], []))
        elif current is not None and line.strip():
            bullet = re.match(r"\s*[-•]\s*(.+)", line)
            if not bullet and line.strip()[-1] not in ".:?!":
                continue  # a heading within the section
            place = 1 if bullet else 2 if current[1] else 0
            current[place].append(bullet.group(1) if bullet else line.strip())
    return found


def sentences(lines: list[str]) -> int:
    """Return the number of sentences, each line one at least."""
    return sum(max(1, len(re.findall(r"[.!?:](?=\s|$)", line))) for line in lines)


def main() -> None:
    """Make the file anew."""
    folder, made = Path(sys.argv[1]), {}
    for trust, (number, opening) in DOCUMENTS.items():
        (path,) = folder.glob(f"{number}*.txt")
        facts = yaml.safe_load((ROOT / "data" / "facts" / f"{trust}.yml").read_text(encoding="utf-8"))
        (document,) = facts["documents"].values()
        made[trust] = digest(path.read_text(encoding="utf-8"), list(document["units"]), opening)
    lines = [f"{json.dumps(trust)}: {json.dumps(document, ensure_ascii=False)}" for trust, document in made.items()]
    KEPT.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()

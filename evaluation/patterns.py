"""How much of what reads language is written by hand: characters of patterns and of word lists, by file, the most first.

`python -m evaluation.patterns [folder]`. A pattern's characters are those of its string literals, and of the module's strings it is put together
from, each once. A word list is a collection of ten strings or more in code, or a list of `language/lexicon/`.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("language", "office", "actions", "bot")
_COMPILES = ("compile", "match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer")
SHORTEST_LIST = 10  # words


@dataclass(frozen=True)
class PatternCount:
    """Characters of one file: of its patterns, of the longest of them, of its word lists."""

    path: str
    patterns: int
    longest: int
    words: int


def counted(root: Path) -> list[PatternCount]:
    """Return the counts of all files below the packages that have patterns or word lists, the most first."""
    modules = [_of_module(path, root) for package in PACKAGES for path in (root / package).rglob("*.py")]
    lists = [_of_list(path, root) for path in (root / "language" / "lexicon").rglob("*.txt")]
    found = [count for count in [*modules, *lists] if count.patterns or count.words]
    return sorted(found, key=lambda count: (-count.patterns, -count.words, count.path))


def _of_module(path: Path, root: Path) -> PatternCount:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assigned = {
        name: node.value for node in tree.body for name in _names(node) if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value
    }
    seen: set[int] = set()
    lengths = [_pattern(node.args[0], assigned, seen) for node in ast.walk(tree) if isinstance(node, ast.Call) and _is_compiled(node)]
    words = sum(_words(node) for node in assigned.values() if id(node) not in seen)
    return PatternCount(str(path.relative_to(root)), sum(lengths), max(lengths, default=0), words)


def _of_list(path: Path, root: Path) -> PatternCount:
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return PatternCount(str(path.relative_to(root)), 0, 0, sum(map(len, lines)))


def _names(node: ast.stmt) -> Iterator[str]:
    for target in node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []:
        if isinstance(target, ast.Name):
            yield target.id


def _is_compiled(node: ast.Call) -> bool:
    called = node.func
    return isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) and called.value.id == "re" and called.attr in _COMPILES


def _pattern(node: ast.expr, assigned: dict[str, ast.expr], seen: set[int]) -> int:
    """Return the characters of a pattern, those of the strings it names with them, each string once in a module."""
    length = 0
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            length += len(part.value)
        elif isinstance(part, ast.Name) and part.id in assigned and id(assigned[part.id]) not in seen:
            seen.add(id(assigned[part.id]))
            length += _pattern(assigned[part.id], assigned, seen)
    return length


def _words(node: ast.expr) -> int:
    """Return the characters of a list of words, 0 where it is none."""
    strings = [part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    count = sum(len(string.split()) for string in strings)
    is_list = isinstance(node, (ast.Set, ast.Tuple, ast.List, ast.Dict, ast.Call, ast.BinOp))
    return sum(map(len, strings)) if is_list and count >= SHORTEST_LIST else 0


def main() -> None:
    """Print the table."""
    counts = counted(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT)
    print(f"{'patterns':>9} {'longest':>8} {'words':>8}  file")
    for count in counts:
        print(f"{count.patterns:9,} {count.longest:8,} {count.words:8,}  {count.path}")
    print(f"{sum(c.patterns for c in counts):9,} {max(c.longest for c in counts):8,} {sum(c.words for c in counts):8,}  all")


if __name__ == "__main__":
    main()

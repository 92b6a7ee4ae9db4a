"""What holds of the tests themselves."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).parent
CLOCKS = {"now", "utcnow", "today", "time", "monotonic"}


def run_at_import(node: ast.AST) -> Iterator[ast.Call]:
    """Yield each call that runs when a module is imported: all but those in the bodies of functions."""
    for child in ast.iter_child_nodes(node):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) and child in _body(node):
            continue
        if isinstance(child, ast.Call):
            yield child
        yield from run_at_import(child)


def _body(function: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> list[ast.AST]:
    return [function.body] if isinstance(function, ast.Lambda) else list(function.body)


def clocks_read(source: str) -> list[int]:
    """Return the lines that read the machine's clock at import."""
    calls = list(run_at_import(ast.parse(source)))
    return [call.lineno for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr in CLOCKS and not call.args[1:]]


def test_no_test_takes_its_time_at_import() -> None:
    """On a slow machine minutes pass between collection and the test itself; see tests/clock.py."""
    files = sorted(TESTS.rglob("*.py"))
    assert len(files) > 100
    assert {str(file.relative_to(TESTS)): lines for file in files if (lines := clocks_read(file.read_text(encoding="utf-8")))} == {}


def test_a_clock_that_is_read_at_import_is_found() -> None:
    assert clocks_read("NOW = datetime.now(timezone.utc)") == [1]
    assert clocks_read("class Desk:\n    day = date.today()") == [2]
    assert clocks_read("def at(now=datetime.now()):\n    return datetime.now()") == [1]
    assert clocks_read("@parametrize('at', [time.time()])\ndef test_it(at): ...") == [1]
    assert clocks_read("def now():\n    return datetime.now()\nclock = lambda: time.time()") == []

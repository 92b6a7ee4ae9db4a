"""Private parts of libraries are touched in `bot/compat/` only, so that an upgrade has one place to break for each library."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from settings import ROOT

OURS = ("actions", "bot", "language", "office")
# public, whatever their names look like: os._exit, logging's FileHandler._open, SQLAlchemy's Row._mapping, spaCy's doc._
DOCUMENTED = {"_exit", "_open", "_mapping", "_"}
STARTS = ("__main__", "language.encoder.build")  # start something, or need torch


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def files() -> Iterator[Path]:
    for package in OURS:
        yield from (file for file in (ROOT / package).rglob("*.py") if not {"migrations", "compat"} & set(file.parts))


def own_names(tree: ast.AST) -> set[str]:
    """Return what a module defines: functions, classes, and attributes that it sets."""
    names = {node.name for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))}
    return names | {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)}


def private_used(tree: ast.AST) -> set[str]:
    """Return private names that a class defines itself, or takes of `self`, `cls` and `super()`."""
    used = {node.name for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            of = node.value.func if isinstance(node.value, ast.Call) else node.value
            used |= {node.attr} if isinstance(of, ast.Name) and of.id in ("self", "cls", "super") else set()
    return {name for name in used if is_private(name)}


def source_of(one: type) -> ast.AST:
    return ast.parse(textwrap.dedent(inspect.getsource(one)))


def modules() -> Iterator[ModuleType]:
    for package in OURS:
        for found in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
            if "migrations" not in found.name and "compat" not in found.name and not found.name.endswith(STARTS):
                yield importlib.import_module(found.name)


def test_no_module_but_a_compat_module_takes_or_imports_a_private_part_of_another_package() -> None:
    found = set()
    for file in files():
        tree = ast.parse(file.read_text(encoding="utf-8"))
        own = own_names(tree) | DOCUMENTED
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and is_private(node.attr) and node.attr not in own:
                found.add((str(file.relative_to(ROOT)), node.attr))
            if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] not in OURS:
                taken = {*node.module.split("."), *(alias.name for alias in node.names)}
                found |= {(str(file.relative_to(ROOT)), name) for name in taken if is_private(name)}
    assert not found, f"private parts of libraries belong into bot/compat/<library>.py, each with a test: {sorted(found)}"


@pytest.mark.slow
def test_no_class_but_those_of_compat_builds_on_a_private_part_of_the_class_it_extends() -> None:
    from bot.dialogue.spare import spare_imports

    spare_imports()
    found = set()
    for module in modules():
        for one in [one for one in vars(module).values() if inspect.isclass(one) and one.__module__ == module.__name__]:
            for base in one.__mro__[1:]:
                package = base.__module__.split(".")[0]
                if package not in OURS and package not in sys.stdlib_module_names and package != "sqlalchemy":
                    found |= {
                        (module.__name__, one.__name__, name) for name in private_used(source_of(one)) & private_used(source_of(base))
                    }
    assert not found, f"build on a class of bot/compat/<library>.py that has public names for this: {sorted(found)}"

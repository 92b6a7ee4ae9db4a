"""What must agree: settings, .env.example and docs; commands in the docs and the Makefile; the lock and pyproject.toml."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

from bot.commands.doctor import examine  # noqa: F401  every module of the commands can be imported
from settings import ROOT, Settings

DOCS = [path for path in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))] if path.exists()]
SETTING = re.compile(r"USHER_[A-Z_]+")


def settings_read() -> set[str]:
    return set(SETTING.findall((ROOT / "settings.py").read_text()))


def example() -> dict[str, str]:
    """Give the settings of .env.example with the values they show."""
    return dict(re.findall(r"^# (USHER_[A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.M))


def test_every_setting_stands_in_env_example_and_no_other() -> None:
    assert set(example()) == settings_read()


def test_every_setting_stands_in_the_table_and_no_other() -> None:
    table = re.findall(r"^\| `(USHER_[A-Z_]+)` \|", (ROOT / "docs" / "running.md").read_text(), re.M)
    assert sorted(table) == sorted(settings_read())


def test_the_values_shown_are_the_defaults() -> None:
    assert Settings.read(example()) == Settings.read({})
    table = dict(re.findall(r"^\| `(USHER_[A-Z_]+)` \| `([^`]+)` \|", (ROOT / "docs" / "running.md").read_text(), re.M))
    shown = {name: value for name, value in example().items() if value}
    assert shown == table


def test_env_example_is_a_file_that_can_be_read_as_it_stands() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    assert all(not line or line.startswith("#") for line in lines)


def test_every_setting_named_in_a_document_exists() -> None:
    for document in DOCS:
        unknown = set(SETTING.findall(document.read_text())) - settings_read() - {"USHER_TEST_POSTGRES_URL"}
        assert not unknown, f"{document.name} names {unknown}"


def targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.M))


def test_every_make_command_in_a_document_exists() -> None:
    for document in DOCS:
        named = set(re.findall(r"`make ([a-z-]+)", document.read_text())) | set(re.findall(r"^make ([a-z-]+)", document.read_text(), re.M))
        assert named <= targets(), f"{document.name} names {named - targets()}"


def test_every_module_that_the_makefile_and_the_procfile_start_exists() -> None:
    for file in (ROOT / "Makefile", ROOT / "Procfile"):
        for module in re.findall(r"(?:\$\(PYTHON\)|python) -m ([a-z_.]+)", file.read_text()):
            assert importlib.util.find_spec(module), f"{file.name} starts {module}"


def test_the_lock_pins_everything_with_hashes_and_names_no_address() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    assert "://" not in lock and "--index" not in lock and "--find-links" not in lock
    packages = re.findall(r"^(\S+)==\S+ \\$\n(\s+--hash=sha256:)?", lock, re.M)
    assert len(packages) > 100 and all(digest for _, digest in packages)
    locked = {re.sub(r"[-_.]+", "-", re.sub(r"\[.*\]", "", name)).lower() for name, _ in packages}
    project = (ROOT / "pyproject.toml").read_text().split("[tool.")[0]
    wanted = re.findall(r'^  "([A-Za-z0-9_.-]+)', project, re.M)
    assert wanted and {re.sub(r"[-_.]+", "-", name).lower() for name in wanted} <= locked


def test_no_file_knows_this_machine() -> None:
    paths = [path for pattern in ("*", ".ci/*", "bot/**/*.py", "docs/*.md", "tests/**/*.py") for path in ROOT.glob(pattern)]
    for path in paths:
        if path.is_file() and path.suffix in ("", ".sh", ".py", ".toml", ".yml", ".md") and path != Path(__file__):
            assert str(ROOT) + "/" not in path.read_text(errors="ignore"), path


def test_a_class_has_a_name_of_its_own() -> None:
    """One name, one thing: who searches for a class finds one."""
    found: dict[str, list[str]] = {}
    for top in ("office", "language", "actions", "bot", "evaluation", "benchmarks"):
        for path in sorted((ROOT / top).rglob("*.py")):
            for name in re.findall(r"^class (\w+)", path.read_text(encoding="utf-8"), re.M):
                found.setdefault(name, []).append(path.relative_to(ROOT).as_posix())
    assert {name: paths for name, paths in found.items() if len(paths) > 1} == {}

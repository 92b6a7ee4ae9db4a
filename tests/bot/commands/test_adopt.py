"""`make adopt` in a checkout of its own: the example is gone from all that a visitor or a member of staff reads, and it answers."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
import yaml

from bot.commands.adopt import contrast_with_white, run_adopt
from bot.starting.refusal import CannotStart
from office.facts.files import read_all, read_examples
from settings import ROOT, Settings
from tests.living import Usher, clean_environment

OLD = re.compile(r"schoolsworks|\bclpt\b|central learning|aspire connect|school trust\b|\blouise\b|01903 739988", re.I)
READ_BY_PEOPLE = (  # what becomes a page, a reply, a button, an e-mail or a row of training
    "data/**/*.yml", "domain.yml", "config.yml", "bot/**/*.html", "bot/**/*.js", "bot/**/*.css", "bot/messages/*.py", "bot/website/*.py",
    "bot/inbox/*.py", "bot/telegram/words/*.py", "language/lexicon/words.txt", "language/lexicon/entities.yml", "evaluation/**/*.yml",
    "README.md", ".env.example", "settings.py", "docs/running.md",
)  # fmt: skip
ANSWERS = {
    "name": "Oakdale Academy Trust", "short": "Oakdale", "person": "Jo Field", "role": "Executive PA", "phone": "01632 960001",
    "email": "office@oakdale.example", "address": "1 High Street, Anytown", "colour": "#7a1f5c",
}  # fmt: skip
pytestmark = pytest.mark.example


def flags(**others: str) -> list[str]:
    return [f"--{option}={answer}" for option, answer in {**ANSWERS, **others}.items()]


def git(folder: Path, *words: str) -> None:
    identity = ("-c", "user.name=Test", "-c", "user.email=test@oakdale.example")
    subprocess.run(["git", *identity, *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def cloned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout as somebody has just cloned it."""
    folder = tmp_path_factory.mktemp("adopted") / "usher"
    named = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in named.splitlines():
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    for learned in (ROOT / "models").glob("*.npz"):  # what adopting leaves as it is need not be learned again
        shutil.copy(learned, folder / "models")
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "as it was cloned")
    return folder


@pytest.fixture(scope="module")
def adopted(cloned: Path) -> Path:
    """The same, adopted, with a database of the example put away."""
    var = cloned / "var"
    var.mkdir()
    (var / "usher.db").write_text("the example's")
    run_adopt(flags(), Settings.read({"USHER_VAR": str(var)}), cloned)
    return cloned


def test_no_old_name_is_left_where_somebody_reads(adopted: Path) -> None:
    for pattern in READ_BY_PEOPLE:
        for path in adopted.glob(pattern):
            found = [line for line in path.read_text(encoding="utf-8").splitlines() if OLD.search(line)]
            assert not found, f"{path.relative_to(adopted)}: {found[:3]}"
    assert not (adopted / "docs" / "conversation.png").exists() and "conversation.png" not in (adopted / "README.md").read_text()


def test_topics_and_examples_still_agree(adopted: Path) -> None:
    topics, files = read_all(adopted / "data" / "facts")
    assert [file.trust["id"] for file in files] == ["oakdale"] and len(topics) > 150
    examples = read_examples(adopted / "data" / "nlu")
    assert set(examples) == set(topics) and min(map(len, examples.values())) >= 5
    for topic in topics.values():
        assert topic.next and not {other for other in (*topic.next, *topic.near) if topics[other].not_known}, topic.id


def test_no_sentence_on_what_is_not_known_states_a_fact(adopted: Path) -> None:
    topics, _ = read_all(adopted / "data" / "facts")
    sentences = [topic.not_known for topic in topics.values() if topic.not_known]
    assert len(set(sentences)) == len(sentences)
    assert not [said for said in sentences if re.search(r"£|\bbut\b|hold (?:say that|give a|give one|name|list|mention) ", said)]


def test_the_trust_is_at_home_with_its_contact(adopted: Path) -> None:
    assert '"USHER_HOME_TRUST", "oakdale"' in (adopted / "settings.py").read_text()
    _, (file,) = read_all(adopted / "data" / "facts")
    who, address = file.facts
    assert file.trust["contact"] == who["id"] and "Jo Field, Executive PA: 01632 960001" in who["says"]
    assert {value["kind"]: value["value"] for value in who["values"]}["email"] == "office@oakdale.example"
    assert address["says"] == "The office of Oakdale is at 1 High Street, Anytown."
    assert not (adopted / "var" / "usher.db").exists() and (adopted / "var" / "example" / "usher.db").exists()


def test_the_colour_is_the_widgets_and_can_be_read_in_light_and_dark(adopted: Path) -> None:
    for name in ("usher-chat.css", "site.css"):
        style = (adopted / "bot" / "website" / "static" / name).read_text()
        light, dark = re.findall(r"(?m)^  +(?:--usher-|--)accent: (#\w{6})", style)
        assert light == "#7a1f5c" and contrast_with_white(dark) < 2.5 and "#1d4e89" not in style


def test_the_evaluations_questions_can_still_be_read(adopted: Path) -> None:
    files = [path for folder in ("questions", "tuning") for path in (adopted / "evaluation" / folder).glob("*.yml")]
    kept = [row for path in files for row in yaml.safe_load(path.read_text())]
    assert kept and all(row["expect"] != "answered" for row in kept)


@pytest.mark.parametrize(
    ("option", "answer", "said"),
    [
        ("colour", "#ffee00", "white text cannot be read"),
        ("colour", "blue", "looks like #1d4e89"),
        ("email", "office", "an e-mail address looks like"),
        ("phone", "123", "at least six digits"),
        ("short", "…", "letters"),
        ("name", "", "please give one"),
    ],
)
def test_an_answer_that_cannot_be_used_changes_nothing(adopted: Path, tmp_path: Path, option: str, answer: str, said: str) -> None:
    git(adopted, "add", "-A")
    git(adopted, "commit", "-q", "--allow-empty", "-m", "adopted")
    with pytest.raises(CannotStart, match=f"--{option}: .*{said}"):
        run_adopt(flags(**{option: answer}), Settings.read({"USHER_VAR": str(tmp_path)}), adopted)
    assert not subprocess.run(["git", "status", "--porcelain", "data"], cwd=adopted, capture_output=True, check=True).stdout


def test_each_answer_is_asked_for_again_until_it_can_be_used(
    adopted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = iter(
        ["Oakdale Academy Trust", "Oakdale", "Jo Field", "PA", "12", "01632 960001", "office", "o@oakdale.example", "", "#ffffff", ""]
    )
    monkeypatch.setattr("sys.stdin", SimpleNamespace(isatty=lambda: True))
    monkeypatch.setattr("builtins.input", lambda _: next(typed))
    taken = []
    monkeypatch.setattr("bot.commands.adopt.adopt", lambda _root, adopter, today: taken.append(adopter))
    monkeypatch.setattr("bot.commands.adopt._check_way_back", lambda _: None)
    run_adopt([], Settings.read({"USHER_VAR": str(tmp_path)}), adopted)
    assert (taken[0].id, taken[0].phone, taken[0].email, taken[0].colour) == ("oakdale", "01632 960001", "o@oakdale.example", "")
    said = capsys.readouterr().out
    assert "at least six digits" in said and "looks like office@" in said and "White text" in said


def test_what_git_could_not_bring_back_is_not_touched(adopted: Path, tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match="no git checkout"):
        run_adopt(flags(), Settings.read({"USHER_VAR": str(tmp_path)}), tmp_path)
    (adopted / "notes.txt").write_text("not committed")
    try:
        with pytest.raises(CannotStart, match="not committed"):
            run_adopt(flags(), Settings.read({"USHER_VAR": str(tmp_path)}), adopted)
    finally:
        (adopted / "notes.txt").unlink()


@pytest.mark.skipif(not os.environ.get("CI"), reason="it trains a model, which takes a minute or two; CI does")
def test_it_starts_answers_what_staff_add_and_the_doctor_finds_nothing_wrong(adopted: Path, tmp_path: Path) -> None:
    (adopted / ".venv").symlink_to(Path(sys.prefix), target_is_directory=True)
    usher = Usher(tmp_path / "var", root=adopted)
    try:
        usher.start().until_ready()
        page = httpx.get(usher.website).text
        assert "Oakdale" in page and not OLD.search(page)
        for question in ("will my salary change", "how much is it?", "do you do insurance", "who do I contact?", "can someone ring me"):
            reply = httpx.post(f"{usher.website}/api/chat", json={"conversation": None, "message": question}, timeout=30).text
            assert not OLD.search(reply), reply
        assert "01632 960001" in httpx.post(f"{usher.website}/api/chat", json={"conversation": None, "message": "who do I contact?"}).text
        add = [sys.executable, "-c", ADD_FACT]
        subprocess.run(add, cwd=adopted, env={**clean_environment(), **usher.settings}, check=True)
        said = httpx.post(f"{usher.website}/api/chat", json={"conversation": None, "message": "how much does it cost to join?"}).text
        assert "£321" in said, said
        doctor = [sys.executable, "-m", "bot", "doctor"]
        looked = subprocess.run(
            doctor, cwd=adopted, env={**clean_environment(), **usher.settings}, capture_output=True, text=True, check=False
        )
        assert looked.returncode == 0, looked.stdout
    finally:
        usher.stop()


ADD_FACT = """
from datetime import datetime, timezone
from bot.inbox.preview.asking import topics
from language.encoder.vectors import encoder_version, sentence_vectors
from office.base.database import Database
from office.facts.editing import add_fact
from office.facts.typed import FactWords
from office.people.accounts import add_staff
from settings import Settings
now = datetime.now(timezone.utc)
with Database(Settings.read().database_url).transaction() as session:
    by = add_staff(session, name="Jo Field", email="jo@oakdale.example", role="admin", by=None, now=now)
    words = FactWords("cost", "It costs £321 to join Oakdale.", wordings=("How much does it cost to join?",))
    add_fact(session, "oakdale", words, topics(), by=by, encode=sentence_vectors, encoder=encoder_version(), now=now)
"""

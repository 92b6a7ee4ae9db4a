"""The model: trained only when what it learns from, or the language pipeline, is no longer what it was."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.starting.children import child_environment, die_with
from bot.starting.looking import look_at_folder
from bot.starting.progress import ProgressLine, end_line
from bot.starting.refusal import CannotStart
from settings import ROOT

MODELS = ROOT / "models"
ARCHIVE, PIPELINE, STAMP = MODELS / "usher.tar.gz", MODELS / "usher_en", MODELS / "usher.hash"
LEARNT_FROM = (
    "data/nlu/**/*", "data/stories/**/*", "data/rules/**/*", "data/facts/**/*", "domain.yml", "config.yml",
    "language/*.py", "language/reading/*.py", "language/lexicon/*", "language/encoder/vectors.py", "language/encoder/SHA256SUMS",
)  # fmt: skip
BAD_FILE = 3  # exit code of bot.starting.training where it said what is wrong with a file


def content_digest() -> str:
    """Return the sha256 of everything that training reads."""
    return _digest(sorted({path for pattern in LEARNT_FROM for path in ROOT.glob(pattern) if path.is_file()}), ROOT)


def _made_digest() -> str:
    """Return the sha256 of what training made, or nothing where it is not there: a file cut short shows as a difference."""
    if not ARCHIVE.is_file() or not PIPELINE.is_dir():
        return ""
    return _digest([ARCHIVE, *sorted(path for path in PIPELINE.rglob("*") if path.is_file())], MODELS)


def _digest(files: list[Path], base: Path) -> str:
    total = hashlib.sha256()
    for path in files:
        total.update(f"{path.relative_to(base).as_posix()}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def why_train() -> str:
    """Return the reason for a training in a few words, or nothing where the model is the one it should be."""
    made = _made_digest()
    if not made:
        return "there is no model yet"
    try:
        stamp = json.loads(STAMP.read_text())
        content, whole = stamp["content"], stamp["made"] == made
    except (OSError, ValueError, TypeError, KeyError):
        return "it is not known what the model was made from"
    if not whole:
        return "the model is not the one that was trained"
    return "" if content == content_digest() else "what it learns from has changed"


def ensure_model(log: Path, *, always: bool = False) -> None:
    """Train where needed, and say so. Raises CannotStart where it did not work; the training's own words are in the log."""
    look_at_reading()
    if not always and not why_train():
        print("Model: up to date", flush=True)
        return
    look_at_folder(MODELS, "the trained model has to go there")
    with _one_training_at_a_time():
        reason = why_train() or ("you asked for it" if always else "")
        if not reason:
            print("Model: another start has just trained it", flush=True)
            return
        content = content_digest()
        STAMP.unlink(missing_ok=True)  # a training that is killed leaves no stamp, so the next start trains anew
        _train(log, f"Training the model, since {reason} (about half a minute)")
        STAMP.write_text(json.dumps({"content": content, "made": _made_digest()}))


def look_at_reading() -> None:
    """Raise CannotStart where a file that training needs is not there."""
    for name in ("domain.yml", "config.yml", "data/nlu", "data/rules", "data/facts", "language/encoder/SHA256SUMS"):
        if not (ROOT / name).exists():
            raise CannotStart(f"{name} is missing; restore it with git.")


def _train(log: Path, text: str) -> None:
    log.parent.mkdir(parents=True, exist_ok=True)
    line, runner = ProgressLine(text), os.getpid()
    with log.open("w") as noise:
        training = subprocess.Popen(
            [sys.executable, "-m", "bot.starting.training"], cwd=ROOT, env=child_environment(), stdout=noise,
            stderr=subprocess.STDOUT, start_new_session=True, preexec_fn=lambda: die_with(runner),
        )  # fmt: skip
        try:
            while not _ended(training):
                line.tick()
        finally:
            training.kill()
            training.wait()
    if training.returncode == 0:
        line.done()
        return
    end_line()
    if training.returncode == BAD_FILE:
        raise CannotStart(log.read_text().strip().splitlines()[-1])
    raise CannotStart(f"the model could not be trained; what went wrong stands in {log}.")


def _ended(process: subprocess.Popen[bytes]) -> bool:
    try:
        process.wait(timeout=1)
    except subprocess.TimeoutExpired:
        return False
    return True


@contextmanager
def _one_training_at_a_time() -> Iterator[None]:
    with (MODELS / "training.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield

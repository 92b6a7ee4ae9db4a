"""Checking the files that people write, without training or a database."""

from __future__ import annotations

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from bot.starting.refusal import CannotStart
from language.encoder.vectors import EncoderBroken, encoder_version
from office.base.errors import BadFactFile
from office.facts.files import TrustFile, read_all
from settings import ROOT


def check_facts() -> list[TrustFile]:
    """Give the checked files of `data/facts`. Raises CannotStart with file, line and reason."""
    try:
        return read_all(ROOT / "data" / "facts")[1]
    except BadFactFile as error:
        raise CannotStart(f"data/facts/{error}") from None
    except OSError as error:
        raise CannotStart(f"{error.filename} cannot be read ({error.strerror}).") from None


def check_examples() -> None:
    """Raise CannotStart with file, line and reason where a file that Rasa learns from is no YAML."""
    for folder in ("nlu", "stories", "rules"):
        for path in sorted((ROOT / "data" / folder).glob("*.yml")):
            try:
                YAML(typ="safe").load(path.read_text(encoding="utf-8"))
            except MarkedYAMLError as error:
                line = error.problem_mark.line + 1 if error.problem_mark else 1
                raise CannotStart(f"data/{folder}/{path.name}, line {line}: {error.problem or error.context}") from None
            except (YAMLError, OSError, UnicodeDecodeError) as error:
                raise CannotStart(f"data/{folder}/{path.name} cannot be read: {' '.join(str(error).split())}") from None


def check_encoder() -> str:
    """Give the encoder's version. Raises CannotStart where its files are not the ones they should be."""
    try:
        return encoder_version()
    except EncoderBroken as error:
        raise CannotStart(f"{error}.") from None

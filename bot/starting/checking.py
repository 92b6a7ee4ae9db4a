"""Checking the files that people write, without training or a database."""

from __future__ import annotations

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from bot.starting.refusal import CannotStart
from language.encoder.vectors import EncoderBroken, encoder_version
from office.base.errors import BadFactFile
from office.facts.files import TrustFile, read_all, read_topics
from settings import ROOT


def check_facts() -> list[TrustFile]:
    """Return the checked files of `data/facts`. Raises CannotStart with file, line and reason."""
    try:
        return read_all(ROOT / "data" / "facts")[1]
    except BadFactFile as error:
        raise CannotStart(f"data/facts/{error}") from None
    except OSError as error:
        raise CannotStart(f"{error.filename} cannot be read ({error.strerror}).") from None


def check_examples() -> None:
    """Raise CannotStart with file, line and reason where a file that Rasa learns from is no YAML, or an example has no intent."""
    for folder in ("nlu", "stories", "rules"):
        for path in sorted((ROOT / "data" / folder).glob("*.yml")):
            try:
                YAML(typ="safe").load(path.read_text(encoding="utf-8"))
            except MarkedYAMLError as error:
                line = error.problem_mark.line + 1 if error.problem_mark else 1
                raise CannotStart(f"data/{folder}/{path.name}, line {line}: {error.problem or error.context}") from None
            except (YAMLError, OSError, UnicodeDecodeError) as error:
                raise CannotStart(f"data/{folder}/{path.name} cannot be read: {' '.join(str(error).split())}") from None
    _check_intents()


def _check_intents() -> None:
    """Raise CannotStart where data/nlu names an intent that domain.yml does not know: Rasa would learn it, and no rule would ever answer it."""
    reader = YAML(typ="safe")
    listed = reader.load((ROOT / "domain.yml").read_text(encoding="utf-8"))["intents"]
    intents = {next(iter(one)) if isinstance(one, dict) else one for one in listed}
    topics = read_topics(ROOT / "data" / "facts" / "topics.yml")
    for path in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for item in (reader.load(path.read_text(encoding="utf-8")) or {}).get("nlu") or []:
            intent, _, topic = item.get("intent", "").partition("/")
            if topic and topic not in topics:
                raise CannotStart(f"data/nlu/{path.name}: intent {intent}/{topic}, but data/facts/topics.yml has no topic {topic}.")
            if intent and intent not in intents:
                now = f"; topics are written ask/{intent[4:]} (`make learn` writes learned.yml anew)" if intent.startswith("ask_") else ""
                raise CannotStart(f"data/nlu/{path.name}: intent {intent} is not in domain.yml{now}.")


def check_encoder() -> str:
    """Return the encoder's version. Raises CannotStart where its files are not the ones they should be."""
    try:
        return encoder_version()
    except EncoderBroken as error:
        raise CannotStart(f"{error}.") from None

"""`make adopt`: make this checkout a trust's own. The example's facts go, the trust's name, contact and colour come."""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bot.starting.looking import runner_of
from bot.starting.refusal import CannotStart
from settings import ROOT, Settings

FEWEST_EXAMPLES = 2  # of an intent, or Rasa does not learn it
ON_WHITE = 4.5  # contrast that text needs (WCAG 2.2, 1.4.3)
NOT_HELD = re.compile(r"The documents I hold (?:do not|say nothing|give no|name no|list no)\b(?!.*\bbut\b)")
TRIES = 3


@dataclass(frozen=True)
class Adopter:
    """The trust that takes Usher over, as its people typed it."""

    id: str
    name: str
    short: str
    person: str
    role: str
    phone: str
    email: str
    address: str = ""
    colour: str = ""


def run_adopt(words: list[str], settings: Settings, root: Path = ROOT) -> None:
    """Ask for what is not given, then change the files. Raises CannotStart with one sentence; nothing is changed then."""
    chosen = _parser().parse_args(words)
    _check_way_back(root)
    if runner := runner_of(settings.var):
        raise CannotStart(f"Usher is running (process {runner}); stop it first.")
    adopter = _ask_all(chosen)
    adopt(root, adopter, today=date.today())  # noqa: DTZ011  the day on the wall of who types it
    put_away(settings.var)
    print(
        f"\nThis is {adopter.name}'s Usher now. Look at what changed with `git diff --stat`, then:\n\n"
        "  make run       trains anew, and starts\n"
        "  make staff     adds who may sign in to the inbox, where the trust's own facts are written\n"
        "  git add -A && git commit -m 'Our own trust'\n\n"
        "To go back instead: git restore . && git clean -fd data\n"
        "What else to make your own: docs/make-it-yours.md"
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot adopt", description="Make this checkout your trust's. Asks for what is not given.")
    for option, what in QUESTIONS.items():
        parser.add_argument(f"--{option}", help=what)
    return parser


QUESTIONS = {
    "name": "The trust's name in full (Oakdale Academy Trust)",
    "short": "How a sentence names it (Oakdale)",
    "person": "Whom schools may contact (Jo Field)",
    "role": "Their role (Executive PA)",
    "phone": "Their phone number",
    "email": "Their e-mail address",
    "address": "The office's postal address, in one line (may be left empty)",
    "colour": "The colour of the chat's buttons, dark enough for white text (#1d4e89; empty keeps it)",
}
MAY_BE_EMPTY = ("address", "colour")


def _ask_all(chosen: argparse.Namespace) -> Adopter:
    answers = {option: _answer(option, getattr(chosen, option), what) for option, what in QUESTIONS.items()}
    return Adopter(id=identifier_of(answers["short"]), **answers)


def _answer(option: str, given: str | None, what: str) -> str:
    """Return what was given or is typed, checked at once; on a terminal it is asked for again. Raises CannotStart."""
    asks = given is None and sys.stdin.isatty()
    for left in reversed(range(TRIES)):
        answer = " ".join((input(f"{what}: ") if asks else given or "").split())
        fault = _fault(option, answer)
        if not fault:
            return answer
        if not asks or not left:
            raise CannotStart(f"--{option}: {fault}")
        print(fault[0].upper() + fault[1:])
    raise AssertionError("the last try returns or raises")


def _fault(option: str, answer: str) -> str:
    """Return why an answer cannot be taken, "" where it can."""
    if not answer:
        return "" if option in MAY_BE_EMPTY else "please give one."
    if len(answer) > 100 or not answer.isprintable():
        return "please take at most 100 characters."
    if option == "short" and not identifier_of(answer):
        return "please take letters of the Latin alphabet or digits."
    if option == "email" and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[a-z]+", answer):
        return "an e-mail address looks like office@ourtrust.example."
    if option == "phone" and len(re.sub(r"\D", "", answer)) < 6:
        return "a phone number has at least six digits."
    if option == "colour" and not re.fullmatch(r"#[0-9a-fA-F]{6}", answer):
        return "a colour looks like #1d4e89."
    if option == "colour" and contrast_with_white(answer) < ON_WHITE:
        return "white text cannot be read on this colour; please take a darker one."
    return ""


def identifier_of(short: str) -> str:
    """Return the id of a trust: its short name in small letters, digits and _."""
    return re.sub(r"[^a-z0-9]+", "_", short.lower()).strip("_")[:40]


def _check_way_back(root: Path) -> None:
    """Raise CannotStart where git could not bring back what is going to change."""
    looked = subprocess.run(["git", "status", "--porcelain"], cwd=root, capture_output=True, text=True, check=False)
    if looked.returncode != 0:
        raise CannotStart(
            "this folder is no git checkout, so that nothing could bring back what is changed; clone the project and call it there."
        )
    if looked.stdout.strip():
        raise CannotStart(
            "there are changes that are not committed; commit them or `git stash` them first, so that git can bring everything back."
        )


def adopt(root: Path, adopter: Adopter, *, today: date) -> None:
    """Change the files of a checkout. Raises CannotStart before anything is changed where the example is no longer there."""
    old = _old_trusts(root)
    names = _pattern(_names(old) - {adopter.name.lower(), adopter.short.lower()})
    topics = _clean_topics(root / "data" / "facts" / "topics.yml", names)
    for path in sorted((root / "data" / "nlu").glob("*.yml")):
        if path.stem in ("acts", "help"):  # rows of what a message does: they name no trust
            continue
        _write(path, _clean_examples(path.read_text(encoding="utf-8"), names, topics))
    words = root / "language" / "lexicon" / "words.txt"
    _write(words, "".join(_without_words(line, names) for line in words.read_text(encoding="utf-8").splitlines(keepends=True)))
    for path in old:
        path.unlink()
    _write(root / "data" / "facts" / f"{adopter.id}.yml", first_facts(adopter, today))
    for path in sorted(path for folder in ("questions", "tuning") for path in (root / "evaluation" / folder).glob("*.yml")):
        _write(path, _clean_questions(path.read_text(encoding="utf-8"), names, answered=r"expect: answered|says:"))
    gaps = root / "evaluation" / "gaps.yml"
    _write(gaps, _clean_questions(gaps.read_text(encoding="utf-8"), names))
    _set_home(root, adopter.id)
    if adopter.colour:
        _set_colours(root / "bot" / "website" / "static", adopter.colour)
    _clean_readme(root / "README.md")
    (root / "docs" / "conversation.png").unlink(missing_ok=True)


def put_away(var: Path) -> None:
    """Move a database that holds the example's facts aside, so that the next start begins with the trust's own."""
    aside = var / "example"
    for name in ("usher.db", "usher.db-wal", "usher.db-shm", "contact.json"):
        if (var / name).exists():
            aside.mkdir(exist_ok=True)
            (var / name).replace(aside / name)
    if aside.exists():
        print(f"The database so far is put away in {aside}.")


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _yaml() -> YAML:
    yaml: Any = YAML(typ="rt")
    yaml.width, yaml.preserve_quotes = 4096, True
    return yaml


def _old_trusts(root: Path) -> list[Path]:
    return [path for path in sorted((root / "data" / "facts").glob("*.yml")) if path.name not in ("topics.yml", "general.yml")]


def _names(files: Iterable[Path]) -> set[str]:
    """Return what the old trusts and their contacts are called, in small letters: no sentence may keep one of these."""
    names: set[str] = set()
    for path in files:
        content: Any = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
        head = content["trust"]
        names |= {head["name"], head["short"], *head.get("aliases", [])}
        if " " in (bare := head["short"].removeprefix("the ")):  # "the School Trust" is called so without its article too
            names.add(bare)
        for value in (value for fact in content["facts"] for value in fact.get("values", [])):
            if value["kind"] in ("person", "email", "phone"):
                names.add(str(value["value"]))
            if value["kind"] == "person":
                names.add(str(value["value"]).split()[0])
    return {name.lower() for name in names}


def _pattern(names: Iterable[str]) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)(?:" + "|".join(sorted(map(re.escape, names), key=len, reverse=True)) + r")(?!\w)", re.I)


def _clean_topics(path: Path, names: re.Pattern[str]) -> set[str]:
    """Take out topics that name an old trust, and sentences that say what an old trust's documents hold; return the ids taken out."""
    yaml = _yaml()
    content = yaml.load(path.read_text(encoding="utf-8"))
    topics = content["topics"]
    gone = {topic["id"] for topic in topics if names.search(f"{topic['title']} {topic['choice']} {topic['button']}")}
    for place in reversed(range(len(topics))):
        topic = topics[place]
        if topic["id"] in gone:
            del topics[place]
            continue
        for key in ("next", "near"):
            for other in [other for other in topic.get(key, []) if other in gone]:
                topic[key].remove(other)
        if not topic["next"]:
            topic["next"].append("contacts")
        sentence = topic.get("not_known", "")
        if sentence and (names.search(sentence) or not NOT_HELD.match(sentence)):
            topic["not_known"] = f"I hold nothing yet {_after_nothing(topic['choice'])}."
    with path.open("w", encoding="utf-8") as out:
        yaml.dump(content, out)
    return gone


def _after_nothing(choice: str) -> str:
    """Return the words of a choice as they follow "nothing": "that says how …", or "about …"."""
    asks = re.match(r"(?:how|what|when|where|which|who|whom|why|whether)\b", choice)
    return f"that says {choice}" if asks else f"about {choice}"


def _clean_examples(text: str, names: re.Pattern[str], gone: set[str]) -> str:
    """Return a file of examples without the intents that are gone and without the examples that name an old trust."""
    blocks = re.split(r"(?m)^(?=- intent: )", text)
    kept = [blocks[0]] + [block for block in blocks[1:] if block.split(None, 3)[2].removeprefix("ask/") not in gone]
    lines: list[str] = []
    for line in "".join(kept).splitlines(keepends=True):
        if line.lstrip().startswith("#"):
            lines.append(names.sub("a trust", line))
        elif not (line.startswith("    - ") and names.search(line)):
            lines.append(line)
    cleaned = "".join(lines)
    for block in re.split(r"(?m)^(?=- intent: )", cleaned)[1:]:
        if len(re.findall(r"(?m)^    - ", block)) < FEWEST_EXAMPLES:
            raise CannotStart(
                f"the intent {block.split(None, 3)[2]} would be left with fewer than {FEWEST_EXAMPLES} examples; add some first."
            )
    return cleaned


def _without_words(line: str, names: re.Pattern[str]) -> str:
    return (
        line if line.lstrip().startswith("#") else re.sub(r"\S+ ?", lambda word: "" if names.fullmatch(word[0].strip()) else word[0], line)
    )


def _clean_questions(text: str, names: re.Pattern[str], answered: str = r"(?!)") -> str:
    """Return a file of the evaluation without what the example's facts answer and without what names an old trust."""
    blocks = re.split(r"(?m)^(?=- )", text)
    kept = [block for block in blocks[1:] if not names.search(block) and not re.search(answered, block)]
    return names.sub("a trust", blocks[0]) + ("".join(kept) or "[]\n")


def first_facts(adopter: Adopter, today: date) -> str:
    """Return the text of the trust's file of facts: its names and how to reach it."""
    says = f"To find out more about {adopter.short}, contact {adopter.person}, {adopter.role}: {adopter.phone} or {adopter.email}."
    values = {"person": adopter.person, "role": adopter.role, "phone": adopter.phone, "email": adopter.email}
    facts: list[dict[str, Any]] = [
        _fact(
            adopter,
            "who",
            says,
            [{"kind": kind, "of": "first contact", "value": value} for kind, value in values.items()],
            ASKED_WHO,
            today,
        )
    ]
    if adopter.address:
        where = f"The office of {adopter.short} is at {adopter.address}."
        facts.append(
            _fact(adopter, "address", where, [{"kind": "place", "of": "the office", "value": adopter.address}], ASKED_WHERE, today)
        )
    content = {
        "trust": {"id": adopter.id, "name": adopter.name, "short": adopter.short, "aliases": [], "contact": f"{adopter.id}.contact.who"},
        "documents": {},
        "subjects": {"contact": {"title": "How to reach us", "topic": "contacts", "asked_as": []}},
        "facts": facts,
    }
    from io import StringIO

    out = StringIO()
    out.write(f"# {adopter.name}: its facts. Most are written in the inbox; the format: docs/adding-facts.md\n")
    _yaml().dump(content, out)
    return out.getvalue()


ASKED_WHO = (
    "Who do I contact?", "what is your phone number", "what is your e-mail address", "how do I get in touch", "who can we talk to about joining",
    "contact details please",
)  # fmt: skip
ASKED_WHERE = ("What is your postal address?", "where is your office", "which address do we write to")


def _fact(adopter: Adopter, name: str, says: str, values: list[dict[str, str]], asked_as: tuple[str, ...], today: date) -> dict[str, Any]:
    return {
        "id": f"{adopter.id}.contact.{name}", "topic": "contacts", "subject": "contact", "says": says, "values": values,
        "person": adopter.person, "as_of": today.isoformat(), "asked_as": list(asked_as),
    }  # fmt: skip


def _set_home(root: Path, trust: str) -> None:
    """Make the trust the default home, and the one of `.env` where that names another."""
    places: dict[str, Callable[[str], str]] = {
        "settings.py": lambda text: re.sub(r'("USHER_HOME_TRUST", ")\w+"', rf'\g<1>{trust}"', text),
        ".env.example": lambda text: re.sub(r"(?m)^(# USHER_HOME_TRUST=).*$", rf"\g<1>{trust}", text),
        "docs/running.md": lambda text: re.sub(r"(\| `USHER_HOME_TRUST` \| `)\w+`", rf"\g<1>{trust}`", text),
        ".env": lambda text: re.sub(r"(?m)^(\s*(?:export )?USHER_HOME_TRUST\s*=).*$", rf"\g<1>{trust}", text),
    }
    for path in sorted((root / "evaluation").glob("*.py")):
        places[f"evaluation/{path.name}"] = lambda text: re.sub(r'(?m)^(HOME = ")\w+"', rf'\g<1>{trust}"', text)
    for name, change in places.items():
        if (root / name).exists():
            _write(root / name, change((root / name).read_text(encoding="utf-8")))


def _set_colours(static: Path, colour: str) -> None:
    """Give the chat and the example page the colour: as it is on white, lightened on dark."""
    for name in ("usher-chat.css", "site.css"):
        light, dark, rest = re.split(
            r"(?m)(?=^@media \(prefers-color-scheme: dark\))|(?<=\n\}\n)(?=\n\*,)", (static / name).read_text(), maxsplit=2
        )
        tints = (
            (light, colour, _mixed(colour, "#000000", 0.25), colour),
            (dark, *[_mixed(colour, "#ffffff", part) for part in (0.65, 0.75)], colour),
        )
        parts = []
        for text, accent, strong, visitor in tints:
            for prefix in ("--usher-", "--"):
                for key, value in (("accent", accent), ("accent-strong", strong), ("visitor", visitor)):
                    text = re.sub(rf"(?m)^(\s+{prefix}{key}: )#\w+;", rf"\g<1>{value};", text)
            parts.append(text)
        _write(static / name, "".join(parts) + rest)


def _mixed(colour: str, other: str, part: float) -> str:
    pairs = zip(_channels(colour), _channels(other))
    return "#" + "".join(f"{round(one * (1 - part) + two * part):02x}" for one, two in pairs)


def _channels(colour: str) -> list[int]:
    return [int(colour[place : place + 2], 16) for place in (1, 3, 5)]


def contrast_with_white(colour: str) -> float:
    """Return how well white text is read on a colour (WCAG's ratio, 1 to 21)."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (channel / 255 for channel in _channels(colour))]
    return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)


def _clean_readme(path: Path) -> None:
    """Take out of the README what is about the example."""
    _write(path, re.sub(r"(?s)<!-- example -->.*?<!-- /example -->\n*", "", path.read_text(encoding="utf-8")))

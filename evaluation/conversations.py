"""What becomes of whole conversations that leave a lead, or call one off: `python -m evaluation.conversations [open|blind]`.

Each conversation of evaluation/form/ is held with the office itself, in a database of its own. Of the blind ones only counts are
printed, and nobody reads the file; of the open ones `--mistakes` shows what was said.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select

from evaluation.form import interval, is_same_value
from evaluation.offline import WORK, Offline
from language.acts.learned import danger_in
from office.answering.decide import decide
from office.answering.help import IN_DANGER_FROM
from office.answering.message import as_received
from office.base.database import Database
from office.choosing.choose import Memory
from office.leads.model import Lead, LeadConversation
from settings import Settings

FOLDER = Path(__file__).parent / "form"
FIELDS = ("school", "name", "role", "email", "phone", "wish")


@dataclass(frozen=True)
class HeldConversation:
    """A conversation as it went: what both sides said, the leads that were kept of it, and those that were meant."""

    title: str
    said: Sequence[tuple[str, str]]
    leads: Sequence[Mapping[str, str]]
    wanted: Sequence[Mapping[str, str]]

    @property
    def has_its_leads(self) -> bool:
        """Whether as many leads were kept as were meant."""
        return len(self.leads) == len(self.wanted)

    @property
    def details(self) -> list[tuple[str, bool]]:
        """Each detail that was meant, and whether a lead holds it."""
        return [
            (name, any(is_same_value(lead[name], name, value) for lead in self.leads)) for one in self.wanted for name, value in one.items()
        ]

    @property
    def is_right(self) -> bool:
        """Whether it ended as it should, with every detail."""
        return self.has_its_leads and all(is_kept for _, is_kept in self.details)


def main() -> None:
    """Print how many conversations end as they should, and how many of the details are kept rightly."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("set", nargs="?", choices=("open", "blind"), default="open")
    parser.add_argument("--mistakes", action="store_true", help="show them; of the open ones only")
    arguments = parser.parse_args()
    held = hold(arguments.set)
    for one in held:
        if arguments.mistakes and arguments.set == "open" and not one.is_right:
            _show(one)
    print("\n".join(_lines(arguments.set, held)))


def summaries() -> Iterator[str]:
    """Yield for each set a line for the conversations, and one for the details of the leads that were meant."""
    for name in ("open", "blind"):
        yield from _lines(name, hold(name))


def hold(name: str) -> list[HeldConversation]:
    """Hold the conversations of a set, in a database of their own."""
    conversations = yaml.safe_load((FOLDER / f"conversations_{name}.yml").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        office = _Office(Path(folder))
        return [office.hold(f"evaluation-{number}", one) for number, one in enumerate(conversations)]


def _lines(name: str, held: Sequence[HeldConversation]) -> Iterator[str]:
    right = sum(one.is_right for one in held)
    low, high = interval(right, len(held))
    leads = sum(one.has_its_leads for one in held)
    yield (
        f"conversations, {name}: {right} of {len(held)} end as they should ({low:.1f} to {high:.1f} %), {leads} with as many leads as meant"
    )
    details = [detail for one in held for detail in one.details]
    kept, of = (Counter(name for name, is_kept in details if is_kept or every) for every in (False, True))
    yield f"conversations, {name}: details kept: " + ", ".join(f"{name} {kept[name]}/{of[name]}" for name in FIELDS)


def _show(one: HeldConversation) -> None:
    """Print what was said in a conversation that ended otherwise than it should."""
    print(f"\n== {one.title}\nmeant: {one.wanted}\nkept:  {one.leads}")
    for says, hears in one.said:
        print(f"  > {says}\n    {' / '.join(hears.splitlines())[:300]}")


def _wanted(expect: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the details of each lead that is meant; none where the conversation leaves none."""
    if not expect["lead"]:
        return []
    return [{name: str(one[name]) for name in FIELDS if one.get(name)} for one in (expect, expect.get("second")) if one]


class _Office:
    """The office, asked message by message as the website's assistant asks it."""

    def __init__(self, folder: Path) -> None:
        self._offline = Offline.open()
        copy = folder / "usher.db"
        shutil.copy(WORK / "facts.db", copy)
        self._database = Database(f"sqlite:///{copy}")
        self._home = Settings.read().home_trust

    def hold(self, conversation: str, planned: Mapping[str, Any]) -> HeldConversation:
        """Say all of it, one message after the other, whatever is answered."""
        memory, in_form, asked = Memory(), False, ""
        said = []
        for text in planned["says"]:
            heard, withheld = as_received(text, in_danger=danger_in(text) >= IN_DANGER_FROM)
            message = self._offline.hear(conversation, heard, withheld=withheld, in_form=in_form, form_asked=asked)
            with self._database.transaction() as session:
                decided = decide(message, memory, session, knows=self._offline.knowledge(self._home), now=datetime.now(timezone.utc))
            memory, in_form = decided.memory, decided.form_open
            asked = str(decided.messages[-1]["custom"].get("form") or "")
            said.append((text, decided.text))
        return HeldConversation(planned["title"], said, self._leads(conversation), _wanted(planned["expect"]))

    def _leads(self, conversation: str) -> list[dict[str, str]]:
        query = select(Lead).join(LeadConversation, LeadConversation.lead == Lead.id).where(LeadConversation.conversation == conversation)
        with self._database.transaction() as session:
            found = session.execute(query).scalars().unique().all()
            return [{name: str(getattr(lead, name) or "") for name in FIELDS} for lead in found]


if __name__ == "__main__":
    main()

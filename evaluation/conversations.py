"""What becomes of whole conversations that leave a lead, or call one off: `python -m evaluation.conversations`.

Each conversation of evaluation/form/conversations.yml is held with the office itself, in a database of its own. Only counts are
printed; nobody reads the file.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
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

CONVERSATIONS = Path(__file__).parent / "form" / "conversations.yml"
FIELDS = ("school", "name", "role", "email", "phone", "wish")


def main() -> None:
    """Print how many conversations end as they should, and how many of the details are kept rightly."""
    print("\n".join(summaries()))


def summaries() -> Iterator[str]:
    """Yield a line for the conversations, and one for the details of the leads that were meant."""
    conversations = yaml.safe_load(CONVERSATIONS.read_text(encoding="utf-8"))
    right, leads, fields, of = 0, 0, Counter[str](), Counter[str]()
    with tempfile.TemporaryDirectory(dir=WORK.parent if WORK.exists() else None) as folder:
        held = _Held(Path(folder))
        for number, conversation in enumerate(conversations):
            found = held.leads_of(f"evaluation-{number}", conversation["says"])
            wanted = _wanted(conversation["expect"])
            leads += len(found) == len(wanted)
            kept = [(name, any(is_same_value(lead[name], name, value) for lead in found)) for one in wanted for name, value in one.items()]
            of.update(name for name, _ in kept)
            fields.update(name for name, is_kept in kept if is_kept)
            right += len(found) == len(wanted) and all(is_kept for _, is_kept in kept)
    low, high = interval(right, len(conversations))
    yield f"conversations, blind: {right} of {len(conversations)} end as they should ({low:.1f} to {high:.1f} %); leads, or none, as meant {leads}"
    yield "conversations, blind: details kept rightly: " + ", ".join(f"{name} {fields[name]}/{of[name]}" for name in FIELDS)


def _wanted(expect: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the details of each lead that is meant; none where the conversation leaves none."""
    if not expect["lead"]:
        return []
    return [{name: str(one[name]) for name in FIELDS if one.get(name)} for one in (expect, expect.get("second")) if one]


class _Held:
    """The office, asked message by message as the website's assistant asks it."""

    def __init__(self, folder: Path) -> None:
        self._offline = Offline.open()
        copy = folder / "usher.db"
        shutil.copy(WORK / "facts.db", copy)
        self._database = Database(f"sqlite:///{copy}")
        self._home = Settings.read().home_trust

    def leads_of(self, conversation: str, says: list[str]) -> list[dict[str, str]]:
        """Return the details of the leads that are kept once all of this has been said."""
        memory, in_form, asked = Memory(), False, ""
        for text in says:
            heard, withheld = as_received(text, in_danger=danger_in(text) >= IN_DANGER_FROM)
            message = self._offline.hear(conversation, heard, withheld=withheld, in_form=in_form, form_asked=asked)
            with self._database.transaction() as session:
                decided = decide(message, memory, session, knows=self._offline.knowledge(self._home), now=datetime.now(timezone.utc))
            memory, in_form = decided.memory, decided.form_open
            asked = str(decided.messages[-1]["custom"].get("form") or "")
        with self._database.transaction() as session:
            query = (
                select(Lead).join(LeadConversation, LeadConversation.lead == Lead.id).where(LeadConversation.conversation == conversation)
            )
            found = session.execute(query).scalars().unique().all()
            return [{name: str(getattr(lead, name) or "") for name in FIELDS} for lead in found]


if __name__ == "__main__":
    main()

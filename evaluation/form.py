"""How often a message's act is read rightly: `python -m evaluation.form [open|blind]`.

The turns of evaluation/form/ are never trained on. Of blind.yml only counts are printed, and nobody reads it; of open.yml the
mistakes are shown too.
"""

from __future__ import annotations

import argparse
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import yaml

from language.acts.learned import acts_of, wish_of
from office.answering.form_reading import read_form_message
from office.leads.form import Draft, take

NOW = datetime(2026, 9, 1, 12, tzinfo=timezone.utc)
TURNS = Path(__file__).parent / "form"
INSTEAD = {"cancel": {"refuse"}, "refuse": {"cancel", "skip"}, "skip": {"refuse"}}  # alike in what they lead to


def read_turns(name: str) -> list[dict[str, Any]]:
    """Return the turns of one file: step, says, act, and acts that would do as well."""
    turns: list[dict[str, Any]] = yaml.safe_load((TURNS / f"{name}.yml").read_text(encoding="utf-8"))
    return turns


def is_right(turn: dict[str, Any], act: str) -> bool:
    """Return whether an act is the turn's, or leads to the same there."""
    meant = {turn["act"], *turn.get("also", ())}
    if turn["step"] == "consent" or turn["act"] != "cancel":  # a cancel must be one, except where no is as good
        meant |= {other for one in meant for other in INSTEAD.get(one, ())} - ({"skip"} if turn["step"] in ("consent", "offer") else set())
    return act in meant


def interval(right: int, count: int) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson), in percent."""
    share, z = right / count, 1.96
    middle = share + z * z / (2 * count)
    spread = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    return 100 * (middle - spread) / (1 + z * z / count), 100 * (middle + spread) / (1 + z * z / count)


@dataclass(frozen=True)
class JudgedTurn:
    """A turn, the act it was read as and how surely, whether that is right, and whether the form does right (None outside of it)."""

    turn: dict[str, Any]
    act: str
    sure: float
    is_read: bool
    done: bool | None


SO_FAR = {
    "school": "Oak Lane Primary",
    "name": "Jo Sample",
    "role": "head",
    "email": "jo@oak.example.org",
    "wish": "call_back",
    "message": "x",
}
BEFORE = {
    "school": (), "name": ("school",), "role": ("school", "name"), "contact": ("school", "name", "role"),
    "wish": ("school", "name", "role", "email"), "term": ("school", "name", "role", "email", "wish"),
    "message": ("school", "name", "role", "email", "wish"), "confirm": tuple(SO_FAR), "change": tuple(SO_FAR),
}  # fmt: skip


def form_does_right(turn: dict[str, Any]) -> bool:
    """Return whether the form does with a turn what its act asks for: ends, keeps the values, keeps nothing, goes on."""
    known = {name: SO_FAR[name] for name in BEFORE.get(turn["step"], ())}
    draft = Draft(turn["step"], {**known, "wish": "membership"} if turn["step"] == "term" else known)
    message = read_form_message(turn["says"], draft, NOW, acts_of, wish_of)
    done = take(draft, message)
    new = {name: value for name, value in done.draft.details.items() if known.get(name) != value and name != "wish"}
    act, step = turn["act"], turn["step"]
    if act == "cancel" or act == "refuse" and step == "consent":
        return done.ends == "cancelled"
    if act == "agree":
        return {"consent": done.draft.asking != "consent", "confirm": done.ends == "sent"}.get(step, not new) and done.ends != "cancelled"
    if act in ("give", "introduce", "correct") and turn.get("values"):
        return done.ends == "" and all(_is_kept(done.draft, name, str(value)) for name, value in turn["values"].items())
    if act in ("skip", "refuse"):
        return not new and done.ends == ""
    if step == "message" and act in ("ask", "say_more", "want_lead"):
        return done.ends == ""
    return done.ends == "" and not new.keys() & {"school", "name", "role"}


def _is_kept(draft: Draft, name: str, value: str) -> bool:
    checked = draft.check and name == ("email" if draft.asking == "contact" else draft.asking)
    return is_same_value(draft.check if checked else draft.details.get(name, ""), name, value)


def is_same_value(kept: str, name: str, value: str) -> bool:
    """Return whether what was kept is the value that was meant, however it is written; any wish or term is one."""
    if name == "phone":
        digits = "".join(c for c in value.split("ext")[0] if c.isdigit()).removeprefix("44").lstrip("0")
        return digits in "".join(c for c in kept if c.isdigit())
    if name in ("wish", "term"):
        return bool(kept)
    return value.casefold().strip(" .,") in kept.casefold() or (len(kept) > 3 and kept.casefold() in value.casefold())


def judged(turns: list[dict[str, Any]]) -> Iterator[JudgedTurn]:
    """Yield each turn with what was made of it."""
    for turn in turns:
        act, sure = next(iter(acts_of(turn["says"], turn["step"]).items()))
        inside = turn["step"] not in ("outside", "offer")
        yield JudgedTurn(turn, act, sure, is_right(turn, act), form_does_right(turn) if inside else None)


def summary(name: str, of: Sequence[JudgedTurn] | None = None) -> str:
    """Return in one line with how many turns of a set the form does right, and of how many the act is read rightly."""
    some = list(judged(read_turns(name))) if of is None else of
    done = [one.done for one in some if one.done is not None]
    return f"form, {name}: right with {_share(done)}; act right of {_share([one.is_read for one in some])}"


def _share(right: Sequence[bool]) -> str:
    low, high = interval(sum(right), len(right))
    return f"{sum(right)} of {len(right)}, {100 * sum(right) / len(right):.1f} % ({low:.1f} to {high:.1f})"


def main() -> None:
    """Print counts by act and step."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("set", nargs="?", choices=("open", "blind"), default="open")
    parser.add_argument("--mistakes", action="store_true", help="show them; of the open turns only")
    arguments = parser.parse_args()
    some = list(judged(read_turns(arguments.set)))
    if arguments.mistakes and arguments.set == "open":
        for one in some:
            _show(one)
    inside = [one for one in some if one.done is not None]
    for title, key, counted, right in (
        ("act", "act", some, [one for one in some if one.is_read]),
        ("step", "step", some, [one for one in some if one.is_read]),
        ("form", "act", inside, [one for one in inside if one.done]),
    ):
        of, hits = (Counter(one.turn[key] for one in part) for part in (counted, right))
        print("\n".join(f"{title} {name:14} {hits[name]:4} of {of[name]:4}" for name in sorted(of)))
    print(summary(arguments.set, some))


def _show(one: JudgedTurn) -> None:
    """Print what is wrong with a turn."""
    turn = one.turn
    if not one.is_read:
        print(f"{turn['step']:8} {turn['act']:14} read as {one.act} ({one.sure:.2f}): {turn['says']}")
    if one.done is False:
        print(f"form {turn['step']:8} {turn['act']:12} {turn['says']} {turn.get('values', '')}")


if __name__ == "__main__":
    main()

"""How often a message's act is read rightly: `python -m evaluation.form [open|blind]`.

The turns of evaluation/form/ are never trained on. Of blind.yml only counts are printed, and nobody reads it; of open.yml the
mistakes are shown too.
"""

from __future__ import annotations

import argparse
import math
from collections import Counter
from pathlib import Path
from typing import Any

import yaml

from language.acts.learned import acts_of

TURNS = Path(__file__).parent / "form"
INSTEAD = {"cancel": {"refuse"}, "refuse": {"cancel", "skip"}, "skip": {"refuse"}}  # alike in what they lead to


def read_turns(name: str) -> list[dict[str, Any]]:
    """Return the turns of one file: step, says, act, and acts that would do as well."""
    turns: list[dict[str, Any]] = yaml.safe_load((TURNS / f"{name}.yml").read_text(encoding="utf-8"))
    return turns


def is_right(turn: dict[str, Any], act: str) -> bool:
    """Say whether an act is the turn's, or leads to the same there."""
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


def main() -> None:
    """Print counts by act and step."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("set", nargs="?", choices=("open", "blind"), default="open")
    parser.add_argument("--mistakes", action="store_true", help="show them; of the open turns only")
    arguments = parser.parse_args()
    turns = read_turns(arguments.set)
    by_act: Counter[str] = Counter()
    by_step: Counter[str] = Counter()
    for turn in turns:
        act, sure = next(iter(acts_of(turn["says"], turn["step"]).items()))
        right = is_right(turn, act)
        by_act[turn["act"]] += right
        by_step[turn["step"]] += right
        if not right and arguments.mistakes and arguments.set == "open":
            print(f"{turn['step']:8} {turn['act']:14} read as {act} ({sure:.2f}): {turn['says']}")
    for title, counted, key in (("act", by_act, "act"), ("step", by_step, "step")):
        of = Counter(turn[key] for turn in turns)
        print("\n".join(f"{title} {name:14} {counted[name]:4} of {of[name]:4}" for name in sorted(of)))
    right = sum(by_act.values())
    low, high = interval(right, len(turns))
    print(f"{arguments.set}: {right} of {len(turns)} turns right, {100 * right / len(turns):.1f} % ({low:.1f} to {high:.1f})")


if __name__ == "__main__":
    main()

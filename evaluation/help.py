"""How often somebody in danger is recognised, and how often words that only sound like it are taken for it: `python -m evaluation.help`.

Counts by kind only; nobody reads evaluation/help/blind.yml.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import yaml

from evaluation.form import interval
from language.acts.learned import danger_in
from office.answering.help import IN_DANGER_FROM


def main() -> None:
    """Print counts of both sets, by who writes."""
    print("\n".join(summaries()))


def summaries() -> Iterator[str]:
    """Yield a line for those in danger and for those who only sound like it, of each set."""
    for name in ("open", "blind"):
        messages = yaml.safe_load((Path(__file__).parent / "help" / f"{name}.yml").read_text(encoding="utf-8"))
        for danger in (True, False):
            some = [message for message in messages if message["danger"] is danger]
            found = Counter(message["who"] for message in some if danger_in(message["says"]) >= IN_DANGER_FROM)
            of = Counter(message["who"] for message in some)
            low, high = interval(found.total(), len(some))
            yield (f"danger, {name}: {'in danger' if danger else 'only sounds like it'}: {found.total()} of {len(some)} get help first "
                  f"({low:.1f} to {high:.1f} %); " + ", ".join(f"{who} {found[who]}/{of[who]}" for who in sorted(of)))  # fmt: skip


if __name__ == "__main__":
    main()

"""What `make` calls: python -m bot run | train | doctor | check-facts."""

from __future__ import annotations

import sys
from collections.abc import Callable

from bot.starting.refusal import AlreadySaid, CannotStart
from settings import Settings, SettingsError


def run() -> None:
    """Start everything and stay."""
    from bot.starting.run import run as start

    start(Settings.read())
    print("Stopped.")


def train() -> None:
    """Train the model anew."""
    from bot.starting.model import ensure_model

    ensure_model(Settings.read().var / "log" / "train.log", always=True)


def doctor() -> None:
    """Look at everything and say what is wrong."""
    from bot.starting.doctor import examine

    if not examine():
        sys.exit(1)


def check_facts() -> None:
    """Check the files of facts."""
    from bot.starting.checking import check_facts as check

    files = check()
    print(f"data/facts is in order: {sum(len(file.facts) for file in files)} facts of {len(files)} trusts.")


COMMANDS: dict[str, Callable[[], None]] = {"run": run, "train": train, "doctor": doctor, "check-facts": check_facts}


def main() -> None:
    """Do what the first argument says; where it does not work, say why in one sentence."""
    command = COMMANDS.get(" ".join(sys.argv[1:]))
    if command is None:
        sys.exit("\n".join(["usage: python -m bot COMMAND", *(f"  {name:12} {f.__doc__}" for name, f in COMMANDS.items())]))
    try:
        command()
    except AlreadySaid:
        sys.exit(1)
    except (SettingsError, CannotStart) as error:
        sys.exit(f"Usher {'is not running' if command is run else 'cannot do that'}: {error}")
    except KeyboardInterrupt:
        print("\nStopped." if command is run else "")


if __name__ == "__main__":
    main()

"""What `make` calls: python -m bot run | train | doctor | check-facts | staff."""

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
    from bot.commands.doctor import examine

    if not examine():
        sys.exit(1)


def check_facts() -> None:
    """Check the files of facts."""
    from bot.starting.checking import check_facts as check

    files = check()
    print(f"data/facts is in order: {sum(len(file.facts) for file in files)} facts of {len(files)} trusts.")


def staff() -> None:
    """Add and withdraw the inbox's people: staff add | list | password | withdraw."""
    from bot.commands.staff import run_staff

    run_staff(sys.argv[2:], Settings.read())


def learn() -> None:
    """Bring learned wordings and reviewed questions from the database to the files."""
    from bot.commands.learning import run_learn

    run_learn(Settings.read())


def export_facts() -> None:
    """Bring staff's facts and edits from the database to data/facts."""
    from bot.commands.learning import run_export

    run_export(Settings.read())


def adopt() -> None:
    """Make this checkout your trust's: adopt --name … --short … --person … (asks for what is not given)."""
    from bot.commands.adopt import run_adopt

    run_adopt(sys.argv[2:], Settings.read())


def demo() -> None:
    """Fill a throw-away database with sample leads and serve the inbox on it."""
    from bot.commands.demo import run_demo

    run_demo(Settings.read())


def telegram() -> None:
    """Invite a member of staff to Telegram: telegram invite --email ADDRESS."""
    from bot.commands.telegram import run_telegram

    run_telegram(sys.argv[2:], Settings.read())


COMMANDS: dict[str, Callable[[], None]] = {
    "run": run,
    "train": train,
    "doctor": doctor,
    "check-facts": check_facts,
    "staff": staff,
    "telegram": telegram,
    "learn": learn,
    "export-facts": export_facts,
    "demo": demo,
    "adopt": adopt,
}
TAKES_MORE = (staff, telegram, adopt)  # commands that read the words behind their name


def main() -> None:
    """Do what the first argument says; where it does not work, say why in one sentence."""
    name, *more = sys.argv[1:] or [""]
    command = COMMANDS.get(name)
    if command is None or (more and command not in TAKES_MORE):
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

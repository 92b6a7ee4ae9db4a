"""One training in a process of its own: check the files, let Rasa learn, which builds the spaCy pipeline first."""

from __future__ import annotations

import shutil
import sys

from bot.starting.checking import check_encoder, check_examples, check_facts
from bot.starting.model import BAD_FILE, PIPELINE
from bot.starting.refusal import CannotStart


def main() -> None:
    """Train; where a file cannot be used, say so in the last line and leave with a code of its own."""
    try:
        check_encoder()
        check_facts()
        check_examples()
    except CannotStart as error:
        print(error)
        sys.exit(BAD_FILE)
    _train()


def _train() -> None:
    import bot.dialogue.train as rasa_training  # isort: skip  # not at the top: a refusal needs no Rasa

    shutil.rmtree(PIPELINE, ignore_errors=True)  # it may be cut short; language/rasa_parts.py builds it anew
    from language.acts.learned import act_reader, danger_reader, wish_reader

    rasa_training.main()
    for learn in (act_reader, danger_reader, wish_reader):
        learn()  # learned where their rows have changed, so that no visitor waits for it


if __name__ == "__main__":
    main()

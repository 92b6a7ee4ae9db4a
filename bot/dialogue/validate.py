"""What `rasa data validate --fail-on-warnings` looks at, without TensorFlow: `python -m bot.dialogue.validate`.

Left out is its search for responses that no story utters: ours are frames, which the actions fill in.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Mapping, MutableMapping
from typing import Any

os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ.setdefault("LOG_LEVEL", "ERROR")  # no progress bars
os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
warnings.filterwarnings("ignore")

from bot.dialogue.spare import spare_imports  # noqa: E402

spare_imports()

import structlog  # noqa: E402
from rasa.shared.importers.rasa import RasaFileImporter  # noqa: E402
from rasa.validator import Validator  # noqa: E402

from bot.dialogue.train import LEARNT_FROM  # noqa: E402
from settings import ROOT  # noqa: E402

NEWS = "Slot auto-fill has been removed"  # Rasa tells everybody who comes from version 2


def complaints() -> list[str]:
    """Return what Rasa's validator says of domain.yml, config.yml and the training data."""
    said: list[str] = []

    def keep(_logger: object, method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
        if method in ("warning", "error"):
            said.append(" ".join(f"{key}={value}" for key, value in event.items() if value))
        raise structlog.DropEvent

    structlog.configure(processors=[keep])
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("ignore")
        warnings.simplefilter("always", UserWarning)
        importer = RasaFileImporter(
            config_file=str(ROOT / "config.yml"),
            domain_path=str(ROOT / "domain.yml"),
            training_data_paths=[str(ROOT / folder) for folder in LEARNT_FROM],
        )
        validator = Validator.from_importer(importer)
        well = {
            "the domain": validator.verify_domain_validity(),
            "the intents": validator.verify_intents(ignore_warnings=False),
            "intents in stories and rules": validator.verify_intents_in_stories(ignore_warnings=False),
            "examples, each under one intent": validator.verify_example_repetition_in_intents(ignore_warnings=False),
            "actions in stories and rules": validator.verify_actions_in_stories_rules(),
            "forms": validator.verify_forms_in_stories_rules() and validator.verify_form_slots(),
            "slot mappings": validator.verify_slot_mappings(),
            "the stories' structure": validator.verify_story_structure(ignore_warnings=False),
        }
    texts = [" ".join(str(one.message).split()) for one in warned if issubclass(one.category, UserWarning)]
    said += [text for text in texts if not text.startswith(NEWS)]
    return said + [f"{part}: not valid" for part, valid in well.items() if not valid]


def main() -> None:
    """Print each complaint once; leave with exit code 1 where there is one."""
    found = list(dict.fromkeys(complaints()))
    print("\n".join(found) or "Rasa's data is valid.")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()

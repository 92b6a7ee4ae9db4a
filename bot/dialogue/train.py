"""Train the model with Rasa, from exactly data/nlu, data/stories and data/rules: `python -m bot.dialogue.train`."""

from __future__ import annotations

import os
import sys
import warnings

os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
warnings.filterwarnings("ignore")

from bot.dialogue.spare import spare_imports  # noqa: E402

spare_imports()

import rasa.model_training  # noqa: E402

from settings import ROOT  # noqa: E402

LEARNT_FROM = ("data/nlu", "data/stories", "data/rules")


def main() -> None:
    """Train anew, whatever Rasa's cache holds, and leave the model in models/."""
    result = rasa.model_training.train(
        domain=str(ROOT / "domain.yml"),
        config=str(ROOT / "config.yml"),
        training_files=[str(ROOT / folder) for folder in LEARNT_FROM],
        output=str(ROOT / "models"),
        force_training=True,
        fixed_model_name=sys.argv[1] if len(sys.argv) > 1 else "usher",
    )
    if result.code != 0 or result.model is None:
        sys.exit("Usher cannot start: Rasa could not train the model (its own words stand above)")


if __name__ == "__main__":
    main()

"""The frames of replies: `responses` of domain.yml, read once at first use."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from string import Formatter

import yaml

DOMAIN = Path(__file__).resolve().parents[2] / "domain.yml"


@lru_cache(maxsize=1)
def _frames() -> dict[str, str]:
    content = yaml.load(DOMAIN.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return {name: variants[0]["text"] for name, variants in content["responses"].items()}


def frame(name: str, **values: str) -> str:
    """Return the sentence of that name with its places filled in. Raises KeyError for a name or place that is not there."""
    return Formatter().vformat(_frames()[f"utter_{name}"], (), values)


def has_frame(name: str) -> bool:
    """Return whether there is a sentence of that name."""
    return f"utter_{name}" in _frames()

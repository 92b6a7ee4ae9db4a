"""What every page of the inbox needs: the database, the settings, the clock, the templates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from bot.inbox.wording import FILTERS
from office.base.database import Database
from settings import Settings

SAMPLE = "sample"  # a file in the folder of `make demo`: each page says that all of it is made up


def _clock() -> datetime:
    return datetime.now(timezone.utc)


def _templates() -> Environment:
    folder = Path(__file__).parent / "templates"
    environment = Environment(
        loader=FileSystemLoader(folder), autoescape=select_autoescape(), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters.update(FILTERS)
    return environment


@dataclass
class InboxState:
    """One running inbox. `clock` is what it takes for now."""

    settings: Settings
    database: Database
    clock: Callable[[], datetime] = _clock
    templates: Environment = field(default_factory=_templates)

    def __post_init__(self) -> None:
        """Let the pages know whether what they show is made up."""
        self.templates.globals["sample"] = (self.settings.var / SAMPLE).exists()

"""Start Rasa's server: `python -m bot.dialogue` (a line of the Procfile)."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import warnings
from collections.abc import MutableMapping
from typing import Any

os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
warnings.filterwarnings("ignore", category=DeprecationWarning)
warnings.filterwarnings("ignore", category=FutureWarning)

from bot.dialogue.spare import spare_imports  # noqa: E402

spare_imports()

import structlog  # noqa: E402
from rasa.core.run import serve_application  # noqa: E402
from rasa.core.utils import AvailableEndpoints  # noqa: E402
from rasa.utils.endpoints import EndpointConfig  # noqa: E402

from actions.office_access import read_facts  # noqa: E402
from bot.dialogue.inside import InsideActions, check_answers_once  # noqa: E402
from bot.process.memory import keep_what_is_loaded  # noqa: E402
from office.base.errors import OfficeError  # noqa: E402
from settings import LOOPBACK, ROOT, Settings, SettingsError  # noqa: E402


def main() -> None:
    """Serve the newest model on loopback, with the actions inside."""
    try:
        settings = Settings.read()
    except SettingsError as error:
        sys.exit(f"Usher cannot start: {error}")
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    # Rasa logs users' texts at every level: nothing of it below an error, and no text with one
    structlog.configure(
        processors=[_without_texts, structlog.stdlib.render_to_log_kwargs],
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    check_answers_once()
    serve_application(
        model_path=str(ROOT / "models" / "usher.tar.gz"),
        interface=LOOPBACK,
        port=settings.rasa_port,
        credentials=str(ROOT / "credentials.yml"),
        endpoints=AvailableEndpoints(
            tracker_store=EndpointConfig(type="bot.dialogue.tracker.RecentTrackerStore", database_url=settings.database_url),
            action=InsideActions("actions"),
        ),
        enable_api=True,
        server_listeners=[(_warm_up, "after_server_start")],
        response_timeout=settings.turn_timeout_seconds * 4 or 3600,
    )


async def _warm_up(_app: Any, _loop: Any) -> None:
    """Read the facts before the first visitor asks; where the database is away, the first question will say so."""
    try:
        await asyncio.to_thread(read_facts)
    except OfficeError:
        logging.getLogger(__name__).exception("the facts cannot be read yet")
    keep_what_is_loaded()


def _without_texts(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: value for key, value in event.items() if key not in ("text", "user_text", "message", "event_info", "slot_value")}


if __name__ == "__main__":
    main()

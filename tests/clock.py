"""The moment at which tests take place: a Tuesday in term time, in summer time, whenever they run."""

from __future__ import annotations

from datetime import datetime, timezone

NOW = datetime(2026, 9, 1, 12, 0, tzinfo=timezone.utc)

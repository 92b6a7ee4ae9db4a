"""The assistant's own memory of conversations: the office has it shown and erased, and does not know how it is kept.

A process that erases says at its start who keeps it (`use_memory`); without that nothing can be erased, so that no erasure leaves it out.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from sqlalchemy.orm import Session


class AssistantMemory(Protocol):
    """What keeps it offers, inside the caller's transaction."""

    def shown(self, session: Session, conversation: str) -> list[dict[str, Any]]:
        """Return what is kept of a conversation, oldest first."""

    def forget(self, session: Session, conversation: str, *, until: datetime | None = None) -> int:
        """Erase what is kept of a conversation, all of it or what is from before `until`; return how much."""

    def forget_before(self, session: Session, moment: datetime) -> None:
        """Erase what is older than a moment, of all conversations."""


_memory: AssistantMemory | None = None


def use_memory(memory: AssistantMemory) -> None:
    """Have this process show and erase the assistant's memory by way of `memory`."""
    global _memory
    _memory = memory


def assistant_memory() -> AssistantMemory:
    """Return who keeps the assistant's memory. Raises LookupError where nobody was named: then nothing may be erased."""
    if _memory is None:
        raise LookupError("nobody keeps the assistant's memory: call use_memory() when the process starts")
    return _memory

"""How people read what the database keeps as short words: one table for each, used by pages, e-mails, Telegram and exports."""

from __future__ import annotations

OUTCOME_TITLES = {
    "help": "Somebody in danger", "answered": "Answered", "general": "Answered in general", "nearest": "Nearest fact given",
    "clarify": "Asked back", "not_known": "Not known", "declined": "Out of scope", "chitchat": "Small talk", "form": "Left details",
    "handover": "Passed to a person", "unavailable": "Could not answer",
}  # fmt: skip
STATUS_TITLES = {
    "new": "New", "contacted": "Contacted", "conversation": "In conversation", "visit": "Visit", "associate": "Associate member",
    "deciding": "Governors deciding", "due_diligence": "Due diligence", "joined": "Joined", "not_now": "Not now", "closed": "Closed",
}  # fmt: skip
WISH_TITLES = {
    "call_back": "a call back", "visit": "a school visit", "observe": "to observe a meeting",
    "membership": "associate membership", "question": "an answer in writing",
}  # fmt: skip
BY_HAND = {"phone": "Phone", "in person": "In person"}  # channels of leads that staff take down
CHANNEL_TITLES = {"website": "Website", "rest": "Website", "telegram": "Telegram", **BY_HAND}  # "rest" is Rasa's own name for a browser


def outcome_title(outcome: str) -> str:
    """Return an outcome as people read it."""
    return OUTCOME_TITLES.get(outcome, outcome)


def channel_title(channel: str) -> str:
    """Return a channel as people read it."""
    return CHANNEL_TITLES.get(channel, channel.capitalize())

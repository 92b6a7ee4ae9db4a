"""The intents that are no question to the facts."""

SMALL_TALK = frozenset("greet goodbye thank affirm deny chitchat insult something_else more repeat help human_handoff complaint".split())
WANTS_LEAD = "human_handoff"  # who asks for a person, or to be rung

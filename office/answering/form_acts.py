"""What the act of a message means in the form: one row an act. The act is learned (language/acts/learned.py), never a pattern's guess.

A detail is only kept from a message that gives something. What is neither surely a detail nor surely anything else is read back
("I have “Chestnut Lane” as the school: is that right?"), so that no refusal, farewell or question is ever kept as a name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from office.leads.form import CONFIRM, CONSENT, Draft, FormMessage, field_before

SURE = 0.6  # from which an act counts; below it a message is what its details say it is, or is read back
SURE_YES = 0.75  # from which a yes is a consent, where it is no plain "yes"
SURE_END = 0.4  # from which the likeliest act ends the form, or leaves a detail out: nothing is worse than a cancel kept as a name
SURE_CANCEL = {"message": 0.7}  # where a free sentence is asked for, one that only resembles a cancel is a sentence
LONGEST_YES = 3  # words of a yes to "is there anything you would like to add?"
GIVING = ("give", "introduce", "correct", "say_more")

Change = Callable[[FormMessage, Draft], FormMessage]


def likely(acts: Mapping[str, float], *names: str) -> float:
    """Return how likely a message does one of these, 0 to 1."""
    return sum(acts.get(name, 0.0) for name in names)


def _is(**what: Any) -> Change:
    """Return a change that sets these and keeps no guessed detail."""
    return lambda message, draft: replace(message, told=_certain(message), corrected=None, question="", **what)


def _asks(message: FormMessage, draft: Draft) -> FormMessage:
    """A question is answered, and the form goes on; at the message it may be meant for the trust, and the form decides that."""
    told = _certain(message)
    return replace(message, told=told, corrected=None, question=message.question or message.text)


def _goes_back(message: FormMessage, draft: Draft) -> FormMessage:
    return FormMessage(text=message.text, field_meant=field_before(draft)) if draft.asking != CONSENT else message


def _adds(message: FormMessage, draft: Draft) -> FormMessage:
    return replace(message, adds=True, told={}, question="") if draft.asking in (CONFIRM, "change") else message


def _is_polite(message: FormMessage, draft: Draft) -> FormMessage:
    """Thanks at the message, where something may be added, add nothing; elsewhere they are a pleasantry. A question behind them is one."""
    if message.question:
        return _asks(message, draft)
    return _is(remarks="pleasantry", skips=draft.asking == "message")(message, draft)


def _agrees(message: FormMessage, draft: Draft) -> FormMessage:
    """A yes is one; more than a yes where something may be added ("yes, that's all, send it") says that there is nothing."""
    is_all = draft.asking == "message" and len(message.text.split()) > LONGEST_YES
    return _is(skips=is_all, confirms=not is_all)(message, draft)


def _corrects(message: FormMessage, draft: Draft) -> FormMessage:
    """What corrects, and names neither a value nor a field, is asked what to change."""
    is_open = not (message.told or message.corrected or message.field_meant or message.drops or message.reached_by or message.unreadable)
    return replace(message, field_meant="change") if is_open and draft.asking == CONFIRM else message


BY_ACT: Mapping[str, Change] = {
    "cancel": _is(cancels=True),
    "agree": _agrees,
    "refuse": _is(refuses=True),
    "skip": _is(skips=True),
    "go_back": _goes_back,
    "ask_why": _is(asks_why=True),
    "ask_privacy": _is(asks_why=True, asks_of_data=True),
    "doubt": _is(asks_why=True, asks_of_data=True),
    "ask_status": _is(asks_of_sent=True),
    "ask": _asks,
    "complain": _is(remarks="grumble"),
    "correct": _corrects,
    "thank": _is_polite,
    "greet": _is_polite,
    "farewell": _is_polite,
    "want_lead": _is(remarks="pleasantry"),
    "resume": _is(remarks="pleasantry"),
    "say_more": _adds,
    "unclear": _is(is_no_value=True),
}


def read_by_act(message: FormMessage, draft: Draft, acts: Mapping[str, float]) -> FormMessage:
    """Return the message as its act has it. `acts` has their probabilities, likeliest first."""
    if message.pressed or message.drops or not acts:
        return message
    act, sure = next(iter(acts.items()))
    if _surely_told(message, draft) and act not in ("cancel", "refuse"):
        return message  # an address or a number is what it is, whatever stands round it
    if act in BY_ACT and sure >= _enough(act, draft):
        return BY_ACT[act](message, draft)
    return replace(message, doubtful=message.doubtful or likely(acts, *GIVING) < 0.5 and not _plainly_said(message))


def _enough(act: str, draft: Draft) -> float:
    if act in ("cancel", "skip"):
        return SURE_CANCEL.get(draft.asking, SURE_END)
    return SURE_YES if act == "agree" and draft.asking == CONSENT else SURE


def _certain(message: FormMessage) -> dict[str, str]:
    """Return the details that have a form of their own, and cannot be a whole sentence taken for one."""
    return {name: value for name, value in message.told.items() if name in ("email", "phone", "wish", "term")}


def _surely_told(message: FormMessage, draft: Draft) -> bool:
    """Return whether a message holds a detail that is one whatever stands round it; a free sentence is asked for at the message."""
    if draft.asking == "message":
        return False
    if not message.told and not message.corrected:
        return bool(message.unreadable) and draft.asking == "contact"
    return bool({"email", "phone"} & message.told.keys()) or bool(message.corrected) or bool(message.unreadable)


def _plainly_said(message: FormMessage) -> bool:
    """Return whether something else than a detail was read, which the act need not repeat."""
    return bool(message.asks_why or message.question or message.field_meant)

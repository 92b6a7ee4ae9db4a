"""How the lead form words itself: what it asks for, what it would send, what can be pressed instead of typed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from office.answering.frames import frame, has_frame
from office.answering.places import place_sentences
from office.answering.turn import AnsweringTurn
from office.base.workdays import LONDON, london_day
from office.leads.form import CONFIRM, CONSENT, KEPT, OPTIONAL, PERSONAL, Draft
from office.leads.model import STAFF_ASK, WISHES
from office.leads.places import places_ahead, term_title

STUCK = 2  # how often the same may be asked in a row before it is put another way


def custom(outcome: str) -> dict[str, Any]:
    """Return the payload of a reply that answers no question."""
    return {"outcome": outcome, "questions": [], "next": []}


def message(text: str, outcome: str, more: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return a message of the form, with `more` in its payload."""
    return {"text": text, "buttons": [], "custom": {**custom(outcome), **(more or {})}}


def prompt(draft: Draft, turn: AnsweringTurn) -> str:
    """Return the sentence that asks for what comes next; never the same one a third time."""
    if draft.check and draft.asking == "contact":
        return said("lead_ask_meant", turn, value=draft.check)
    if draft.check:
        return said("lead_ask_check", turn, field=frame(f"lead_field_{draft.asking}").lower(), value=draft.check)
    if draft.again >= STUCK and draft.asking not in (CONFIRM, "change"):
        told = told_so_far(draft)
        so_far = frame("lead_so_far", told=told) + " " if told and draft.asking != CONSENT else ""
        return f"{so_far}{said(f'lead_stuck_{draft.asking}', turn)}"
    if draft.asking == CONFIRM:
        return said("lead_ask_confirm", turn, summary=summary(draft, turn))
    if draft.asking == "term":
        return said("lead_ask_term", turn, places="".join(f"{says} " for _, says in place_sentences(turn.session, london_day(turn.now))))
    return said(f"lead_ask_{draft.asking}", turn)


def told_so_far(draft: Draft) -> str:
    """Return what somebody told of themselves so far, in one line; "" for nothing."""
    return ", ".join(value for name in PERSONAL if (value := draft.details.get(name)))


def summary(draft: Draft, turn: AnsweringTurn) -> str:
    """Return the lines of what would be sent."""
    shown = {**draft.details, "wish": frame(f"lead_wish_{draft.details['wish']}")}
    if "term" in shown:
        shown["term"] = term_title(shown["term"])
    lines = [(name, shown[name]) for name in KEPT if shown.get(name)]
    return "\n".join(frame("lead_line", field=said(f"lead_field_{name}", turn), value=value) for name, value in lines)


def buttons(draft: Draft, turn: AnsweringTurn) -> list[dict[str, str]]:
    """Return what can be pressed instead of typed."""
    if draft.asking == CONSENT:
        titles = [said("lead_yes_button", turn), said("lead_no_button", turn)]
    elif draft.check:
        titles = [frame("lead_right_button"), frame("lead_wrong_button")]
    elif draft.asking == CONFIRM:
        titles = [frame(f"lead_{name}_button") for name in ("send", "change", "cancel")]
    elif draft.asking == "wish":
        titles = [frame(f"lead_wish_{wish}") for wish in WISHES]
    else:
        titles = [frame("lead_skip_button")] if draft.asking in OPTIONAL else []
        if draft.asking == "term":
            titles = [term_title(term.id) for term, _, _ in places_ahead(turn.session, london_day(turn.now))][:3] + titles
    if draft.asking not in (CONSENT, CONFIRM):
        titles.append(frame("lead_cancel_button"))
    return [{"title": title, "payload": title} for title in titles]


def by_when(promised: datetime) -> str:
    """Return the day a reply is promised for, as it is said in London."""
    here = promised.astimezone(LONDON)
    return f"{here:%A} {here.day} {here:%B}"


def said(name: str, turn: AnsweringTurn, **more: str) -> str:
    """Return a sentence of the form, with what is promised and whom to ring put in; to staff, who leave somebody else's details, of them."""
    promises = turn.knows.promises
    values = {
        "contact": turn.knows.contact.text, "trust": turn.knows.trust, "kept": kept_for(promises.kept_days), "privacy": promises.privacy_page,
    }  # fmt: skip
    of_others = f"{name}_staff"
    return frame(of_others if turn.message.channel in STAFF_ASK and has_frame(of_others) else name, **values, **more)


def kept_for(days: int) -> str:
    """Return a number of days as people say it: "two years", "90 days"."""
    years, rest = divmod(days, 365)
    return {1: "a year", 2: "two years", 3: "three years"}.get(years, f"{years} years") if years and not rest else f"{days} days"

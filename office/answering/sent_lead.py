"""What is said to somebody whose lead is sent: how it stands, and what they add to it, set right in it, or take back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from language import details as read
from office.answering.form_acts import SURE, likely
from office.answering.form_reading import ASKING, opening_details
from office.answering.lead_words import by_when, message, said
from office.answering.message import GROUP_CHANNEL, STAFF_CHANNEL
from office.answering.questions import answer_questions
from office.answering.turn import AnsweringTurn, Decision
from office.leads.form import CONFIRM, PERSONAL, SentLead, latest_sent
from office.leads.model import add_to_lead
from office.leads.working import ask_withdrawal

_WITHDRAWS = re.compile(
    r"\b(?:cancel\w*|delet\w+|remov\w+|eras\w+|withdraw\w*|destroy|unsubscribe|take (?:it |that |this |me )?(?:back|down|off))\b", re.I
)
_SEND = re.compile(r"\b(?:send|submit)\b", re.I)
LONGEST_BARE = 3  # words of an address or number that is told and nothing else
ADDS_WITHIN = timedelta(hours=12)  # of what was sent: later, a message is more likely about something else


def sent_before(turn: AnsweringTurn, lead: SentLead) -> Decision:
    """Go on after a lead whose sender never heard that it was sent: Rasa was stopped in between."""
    acts = turn.knows.acts(turn.message.text, CONFIRM)
    if likely(acts, "agree") >= SURE:
        return sent_now(turn, lead)
    stands = how_it_stands(turn, lead)
    if likely(acts, "ask") < SURE:
        return turn.noted(stands, "form")
    answered = answer_questions(turn)
    first, *others = answered.messages
    return replace(answered, messages=[{**first, "text": f"{stands}\n\n{first['text']}"}, *others])


def sent_now(turn: AnsweringTurn, lead: SentLead) -> Decision:
    """Return that a lead is sent: its reference, and by when somebody gets back to them."""
    name = "lead_status_late" if lead.promised < turn.now else "lead_again" if lead.link.again else "lead_sent"
    text = said(name, turn, reference=lead.reference, by=by_when(lead.promised))
    return Decision([message(text, "form", {"reference": lead.reference, "ended": "sent"})], turn.memory)


def sends_again(turn: AnsweringTurn) -> bool:
    """Return whether a message sends something off ("yes, send it"), as who never heard that it was sent says again."""
    text = turn.message.text
    return bool(_SEND.search(text)) and likely(turn.knows.acts(text, CONFIRM), "agree") >= SURE


def sent_already(turn: AnsweringTurn) -> Decision | None:
    """Return how it stands with what was sent: to who asks for it, sends it again, or wants something in it changed. None for the rest."""
    heard = turn.message
    text = heard.text
    if heard.channel in (STAFF_CHANNEL, GROUP_CHANNEL) or heard.withheld:
        return None
    acts = turn.knows.acts(text, "outside")
    asks, cancels = likely(acts, "ask_status") >= SURE, likely(acts, "cancel") >= SURE
    sends = sends_again(turn)
    lead = latest_sent(turn.session, heard.conversation)
    if lead is None:
        return turn.word("lead_none", "form") if asks else turn.word("deny", "chitchat") if cancels else None
    withdraws = likely(acts, "cancel", "ask_privacy") >= SURE and "?" not in text and bool(_WITHDRAWS.search(text))
    if withdraws:  # "never mind" takes nothing back
        if not turn.only_try:
            ask_withdrawal(turn.session, lead.lead, now=turn.now, link=lead.link)
        return turn.noted(said("lead_withdraw", turn, reference=lead.reference), "form")
    if likely(acts, *ASKING) < 0.5 and (more := _added(turn, lead, acts)):
        if not turn.only_try:
            add_to_lead(turn.session, lead.link, more, now=turn.now)
        return _with_reference(turn.noted(said("lead_added_later", turn, reference=lead.reference), "form"), lead)
    if asks or sends or cancels or likely(acts, "correct") >= SURE:
        return _with_reference(turn.noted(how_it_stands(turn, lead), "form"), lead)
    return None


def _added(turn: AnsweringTurn, lead: SentLead, acts: Mapping[str, float]) -> dict[str, str]:
    """Return what a message adds to the lead that was sent, or sets right in it; nothing where it does neither.

    A bare address or number that is told soon after belongs to it too; what is said of somebody else does not.
    """
    text = turn.message.text
    if likely(acts, "another_person", "want_lead", "resume") >= SURE:
        return {}
    if changed := read.corrected(text, {name: value for name, value in lead.given.items() if name in PERSONAL}):
        return changed
    if turn.now - lead.link.at > ADDS_WITHIN:
        return {}
    reached = {name: value for name, value in opening_details(text, turn.now, turn.knows.wish).items() if name in ("email", "phone")}
    if reached and likely(acts, "correct", "give", "say_more") >= 0.5:
        return {**reached, **({"message": text.strip()} if len(text.split()) > LONGEST_BARE else {})}
    return {"message": text.strip()} if likely(acts, "say_more") >= SURE else {}


def _with_reference(noted: Decision, lead: SentLead) -> Decision:
    """Return a reply with the reference in its payload: a program that lost the first reply finds it where that one had it."""
    first, *others = noted.messages
    return replace(noted, messages=[{**first, "custom": {**first["custom"], "reference": lead.reference}}, *others])


def how_it_stands(turn: AnsweringTurn, lead: SentLead) -> str:
    """Return the sentence that says where a lead is, and what may be done."""
    late = lead.promised < turn.now or not lead.owed
    return said("lead_status_late" if late else "lead_status", turn, reference=lead.reference, by=by_when(lead.promised))

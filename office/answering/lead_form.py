"""The lead form in conversation: each message read, decided by the office, kept only after consent, and worded."""

from __future__ import annotations

import re
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from language import details as read
from language.acts.small_talk import WANTS_LEAD
from language.text import with_clauses
from office.answering.form_acts import SURE
from office.answering.form_reading import ASKING, likely, opening_details, read_form_message, step_of
from office.answering.frames import frame
from office.answering.message import GROUP_CHANNEL, STAFF_CHANNEL, HeardMessage
from office.answering.places import place_sentences
from office.answering.questions import answer_after_all, answer_questions
from office.answering.turn import AnsweringTurn, Decision
from office.base.workdays import LONDON, london_day
from office.leads.form import (
    CONFIRM,
    CONSENT,
    FIELDS,
    OPTIONAL,
    Draft,
    FormMessage,
    FormTurn,
    SentLead,
    begin,
    details_before,
    drop_draft,
    just_sent,
    keep_draft,
    latest_sent,
    read_draft,
    send_draft,
    take,
)
from office.leads.limits import is_over, mark_flood
from office.leads.model import STAFF_ASK, WISHES
from office.leads.places import places_ahead, term_title
from office.leads.working import ask_withdrawal

_A_PERSON = re.compile(r"\b(?:speak|talk|chat|person|human|somebody|someone|agent|operator|staff)\b", re.I)
_GET_IN_TOUCH = re.compile(r"\b(?:ring|call|phone|e-?mail|contact|get back|write|in touch)\b", re.I)
_WHEN = re.compile(
    r"\b\d{1,2}(?:st|nd|rd|th)?(?: of)? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b|\b(?:mon|tues|wednes|thurs|fri)day\b"
    r"|\b\d{1,2}(?:[:.]\d\d)? ?(?:am|pm)\b|\b(?:mornings?|afternoons?|(?:after|before) (?:\d{1,2}|lunch|school))\b",
    re.I,
)
_WITHDRAWS = re.compile(
    r"\b(?:cancel\w*|delet\w+|remov\w+|eras\w+|withdraw\w*|destroy|unsubscribe|take (?:it |that |this |me )?(?:back|down|off))\b", re.I
)
_SEND = re.compile(r"\b(?:send|submit)\b", re.I)
_SAME_SCHOOL = re.compile(r"(?:the )?same school", re.I)
_OTHER_SCHOOL = re.compile(r"\b(?:another|a different|(?:my|our|the) (?:other|second)|a second) school\b", re.I)
FIELDS_KEPT = ("school", "name", "role", "email", "phone")
ASKED = (CONSENT, *FIELDS, CONFIRM, "change")
WANTS, TELLS = ("agree", "want_lead"), ("give", "introduce", "correct", "another_person", "want_lead")  # acts that take up an offer
SURE_WANT = 0.75  # whoever asks whom to ring is told, and is not taken into a form
SURER_WANT = 0.96  # below it a fact that answers comes first
ANOTHER_FROM = 0.5  # below SURE: a form that begins empty costs a minute, a stranger's details in a lead cost trust
SHORT_NO = 8  # words up to which a no is an answer to the offer and nothing more
STUCK = 2  # how often the same may be asked in a row before it is put another way
PENDING_SECONDS, MOST_PENDING = 900.0, 1000


class Pending:
    """What was told before consent: in this process's memory only, for a quarter of an hour."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[float, Draft]] = OrderedDict()

    def keep(self, conversation: str, draft: Draft) -> None:
        """Remember a draft nobody has agreed to yet."""
        self._kept[conversation] = (time.monotonic(), draft)
        self._kept.move_to_end(conversation)
        while len(self._kept) > MOST_PENDING:
            self._kept.popitem(last=False)

    def of(self, conversation: str) -> Draft | None:
        """Return it; None where it is too long ago, or this process began later."""
        kept_at, draft = self._kept.get(conversation, (0.0, None))
        return draft if time.monotonic() - kept_at < PENDING_SECONDS else None

    def forget(self, conversation: str) -> None:
        """Forget it: the form has ended."""
        self._kept.pop(conversation, None)


_pending = Pending()


def wants_contact(turn: AnsweringTurn) -> bool:
    """Return whether a message surely asks to be contacted, for oneself or somebody else, or takes up a form that was called off."""
    acts = turn.knows.acts(turn.message.text, "outside")
    return likely(acts, "want_lead") >= SURE_WANT or likely(acts, "resume", "another_person") >= SURE


def _may_ask(turn: AnsweringTurn, invited: bool) -> bool:
    """Return whether who seems to want a call may be asking whom to ring, which a fact may answer: "can I talk to any of your schools?"."""
    wants = likely(turn.knows.acts(turn.message.text, "outside"), "want_lead")
    return not invited and turn.message.intent != WANTS_LEAD and SURE_WANT <= wants < SURER_WANT


def _with_offer(answered: Decision) -> Decision:
    """Return an answer that asks at its end whether they would like to be contacted."""
    *others, last = answered.messages
    text = "\n\n".join((last["text"], frame("lead_offer")))
    return replace(answered, messages=[*others, {**last, "text": text}], memory=replace(answered.memory, offered=True))


def take_offer(turn: AnsweringTurn) -> Decision | None:
    """Begin the form for who says yes to "shall I ask them to contact you?", or tells how to be reached; a no ends the offer."""
    heard = turn.message
    if heard.channel in (STAFF_CHANNEL, GROUP_CHANNEL) or heard.withheld:
        return None
    told = opening_details(heard.text, turn.now)
    tells = bool({"email", "phone"} & told.keys())
    if not (turn.memory.offered or tells):
        return None
    acts = turn.knows.acts(heard.text, "offer" if turn.memory.offered else "outside")
    wants = sum(acts.get(act, 0.0) for act in (WANTS if turn.memory.offered else ()) + (TELLS if tells else ()))
    if wants >= SURE:
        return open_form(turn, invited=True)
    no = turn.memory.offered and acts.get("refuse", 0.0) + acts.get("cancel", 0.0) >= SURE and len(heard.text.split()) <= SHORT_NO
    return turn.word("deny", "chitchat") if no else None


def open_form(turn: AnsweringTurn, *, invited: bool = False) -> Decision:
    """Begin the form, unless the message is better answered; details are taken in nobody else's presence.

    `invited`: the visitor takes up our own offer, or told unasked how to be reached.
    """
    heard = turn.message
    if unreadable := None if invited else turn.unreadable():
        return unreadable
    wish = read.wish_in(heard.text) or ("call_back" if invited or wants_contact(turn) else None)
    if wish is None and (found := sent_already(turn)):
        return found
    if wish is None and heard.doubtful and (found := answer_after_all(turn)):
        return found
    if _may_ask(turn, invited) and (found := answer_after_all(turn)):
        return _with_offer(found)
    if heard.channel == GROUP_CHANNEL or heard.withheld:  # no details before others, and none beside a pupil's
        return turn.word("human_handoff", "handover")
    if _is_over(turn):
        return turn.noted(_said("lead_too_many", turn), "handover")
    draft = begin({**({"wish": wish} if wish else {}), **_told_at_first(turn)}, _told_before(turn))
    if not turn.only_try:
        drop_draft(turn.session, heard.conversation, erase=True)  # of a form that Rasa lost
        _pending.keep(heard.conversation, draft)
    # who asks for a person, and not to be rung, is first told where to find one
    handed_over = not wish or (_A_PERSON.search(heard.text) and not _GET_IN_TOUCH.search(heard.text))
    text = f"{_said('lead_handover', turn)} {_said('lead_consent', turn)}" if handed_over else _said("lead_consent", turn)
    noted = turn.noted(text, "handover" if handed_over else "form")
    message = {**noted.messages[0], "buttons": _buttons(draft, turn)}
    message["custom"] = {**message["custom"], "form": CONSENT}
    return replace(noted, messages=[message], form_open=True)


def _told_at_first(turn: AnsweringTurn) -> dict[str, str]:
    """Return the details that the message which begins the form tells; a day or an hour is worth passing on in its own words."""
    heard = turn.message
    told = opening_details(heard.text, turn.now)
    if _SAME_SCHOOL.fullmatch(told.get("school", "")):
        del told["school"]
    return {**told, "message": heard.text.strip()} if _WHEN.search(heard.text) and not heard.doubtful else told


def _told_before(turn: AnsweringTurn) -> dict[str, str]:
    """Return the details that this conversation sent before: nothing for another person, nor its school where that is another.

    Staff in Telegram leave somebody else's details each time.
    """
    if turn.message.channel in STAFF_ASK:
        return {}
    before = details_before(turn.session, turn.message.conversation)
    if _is_of_another(turn, "outside"):
        return {"school": before["school"]} if "school" in before and _SAME_SCHOOL.search(turn.message.text) else {}
    return {name: value for name, value in before.items() if name != "school" or not _OTHER_SCHOOL.search(turn.message.text)}


def go_on_with_form(turn: AnsweringTurn, answer: Callable[[AnsweringTurn], Decision]) -> Decision:
    """Take a message into the open form; `answer` answers what is asked in between."""
    heard = turn.message
    draft = read_draft(turn.session, heard.conversation)
    if draft is None and heard.form_asked == CONFIRM and (sent := just_sent(turn.session, heard.conversation, now=turn.now)):
        return _sent_before(turn, sent)
    is_forgotten = False
    if draft is None:
        kept = _pending.of(heard.conversation)
        draft, is_forgotten = kept or Draft(), kept is None
    elif heard.form_asked in ASKED:  # what the visitor saw last: a reply may have been lost after the draft was kept
        draft = replace(draft, asking=heard.form_asked)
    step = _take(turn, draft, read_form_message(heard.text, draft, turn.now, turn.knows.acts))
    stuck = step.draft.asking == draft.asking and step.draft.details == draft.details and not step.draft.check and not step.question
    step = replace(step, draft=replace(step.draft, again=draft.again + 1 if stuck else 0))
    if is_forgotten and not step.ends:
        step = replace(step, says=("lead_forgotten", *step.says))
    if step.ends:
        return _end(turn, step)
    if draft.asking == CONSENT == step.draft.asking:
        _pending.keep(heard.conversation, step.draft)
    else:
        keep_draft(turn.session, heard.conversation, step.draft, now=turn.now)
    return _ask(turn, step, answer)


def stands_open(turn: AnsweringTurn) -> bool:
    """Return whether a form is open that Rasa has lost: its draft stands, and the message sends it, cancels it, or answers what it asked."""
    heard = turn.message
    if turn.only_try or heard.channel == GROUP_CHANNEL:
        return False
    draft = read_draft(turn.session, heard.conversation)
    if draft is None:
        return False
    acts = turn.knows.acts(heard.text, step_of(draft))
    return heard.form_asked in ASKED or likely(acts, "cancel") >= SURE or draft.asking == CONFIRM and likely(acts, "agree") >= SURE


def failed_form(heard: HeardMessage) -> dict[str, Any] | None:
    """Return what the form asks for still, and its buttons, once a turn of it has failed; asks no database."""
    if heard.form_asked not in ASKED:
        return None
    buttons = {CONSENT: ("yes", "no"), CONFIRM: ("send", "change", "cancel")}.get(heard.form_asked, ())
    titles = [frame(f"lead_{name}_button") for name in buttons]
    return {"asked": heard.form_asked, "buttons": [{"title": title, "payload": title} for title in titles]}


def _is_of_another(turn: AnsweringTurn, step: str) -> bool:
    """Return whether a message, or a clause of it, asks for somebody else than who was spoken of so far ("my colleague Ann would too")."""
    return max(turn.knows.acts(part, step).get("another_person", 0.0) for part in with_clauses(turn.message.text)) >= ANOTHER_FROM


def _take(turn: AnsweringTurn, draft: Draft, message: FormMessage) -> FormTurn:
    """Take a message into the form; nothing of another person goes into it, but for what is said in the message itself."""
    is_other = draft.asking not in (CONSENT, "message", "change") and not message.cancels and _is_of_another(turn, draft.asking)
    return FormTurn(draft, ("lead_one_at_a_time",)) if is_other else take(draft, message)


def _is_over(turn: AnsweringTurn) -> bool:
    """Return whether as many leads came from here today as are taken; staff in Telegram take down as many as they like."""
    heard, promises = turn.message, turn.knows.promises
    return heard.channel not in STAFF_ASK and is_over(
        turn.session, heard.conversation, heard.source, per_conversation=promises.leads_per_conversation,
        per_address=promises.leads_per_address, now=turn.now,
    )  # fmt: skip


def _end(turn: AnsweringTurn, step: FormTurn) -> Decision:
    heard = turn.message
    _pending.forget(heard.conversation)
    if step.ends == "sent" and not _is_over(turn):
        sent = send_draft(
            turn.session, heard.conversation, step.draft, channel=heard.channel, source=heard.source,
            reply_within=turn.knows.promises.reply_within_days, now=turn.now,
        )  # fmt: skip
        mark_flood(turn.session, sent.lead, heard.source, now=turn.now)
        return _sent(turn, sent)
    if step.ends == "sent":
        step = replace(step, says=("lead_too_many",))
    drop_draft(turn.session, heard.conversation, erase=True)
    return Decision([_message(" ".join(_said(name, turn) for name in step.says), "form", {"ended": "cancelled"})], turn.memory)


def _sent_before(turn: AnsweringTurn, lead: SentLead) -> Decision:
    """Go on after a lead whose sender never heard that it was sent: Rasa was stopped in between."""
    acts = turn.knows.acts(turn.message.text, CONFIRM)
    if likely(acts, "agree") >= SURE:
        return _sent(turn, lead)
    stands = _how_it_stands(turn, lead)
    if likely(acts, "ask") < SURE:
        return turn.noted(stands, "form")
    answered = answer_questions(turn)
    first, *others = answered.messages
    return replace(answered, messages=[{**first, "text": f"{stands}\n\n{first['text']}"}, *others])


def _sent(turn: AnsweringTurn, lead: SentLead) -> Decision:
    name = "lead_status_late" if lead.promised < turn.now else "lead_again" if lead.link.again else "lead_sent"
    text = _said(name, turn, reference=lead.reference, by=by_when(lead.promised))
    return Decision([_message(text, "form", {"reference": lead.reference, "ended": "sent"})], turn.memory)


def _ask(turn: AnsweringTurn, step: FormTurn, answer: Callable[[AnsweringTurn], Decision]) -> Decision:
    """Answer what was asked in between, and ask for what comes next."""
    answered, custom, memory = "", None, turn.memory
    if step.question:
        decided = answer(replace(turn, message=turn.message.concealing(step.draft.details.get("name", ""))))
        answered, custom, memory = decided.text, decided.messages[-1]["custom"], decided.memory
    asks_already = step.says == ("lead_needs_yes",) and step.draft.again < STUCK
    sentences = " ".join([*(_said(name, turn) for name in step.says), *(() if asks_already else (_prompt(step.draft, turn),))])
    text = f"{answered}\n\n{sentences}" if answered else sentences
    asked = {**(custom or _custom("form")), "form": step.draft.asking, **({"check": step.draft.check} if step.draft.check else {})}
    return Decision([{"text": text, "buttons": _buttons(step.draft, turn), "custom": asked}], memory, form_open=True)


def sent_already(turn: AnsweringTurn) -> Decision | None:
    """Return how it stands with what was sent: to who asks for it, sends it again, or wants something in it changed. None for the rest."""
    heard = turn.message
    text = heard.text
    if heard.channel in (STAFF_CHANNEL, GROUP_CHANNEL) or heard.withheld:
        return None
    acts = turn.knows.acts(text, "outside")
    asks, cancels = likely(acts, "ask_status") >= SURE, likely(acts, "cancel") >= SURE
    sends = bool(_SEND.search(text)) and likely(turn.knows.acts(text, CONFIRM), "agree") >= SURE
    lead = latest_sent(turn.session, heard.conversation)
    if lead is None:
        return turn.word("lead_none", "form") if asks else turn.word("deny", "chitchat") if cancels else None
    withdraws = likely(acts, "cancel", "ask_privacy") >= SURE and "?" not in text and bool(_WITHDRAWS.search(text))
    if withdraws:  # "never mind" takes nothing back
        if not turn.only_try:
            ask_withdrawal(turn.session, lead.lead, now=turn.now, link=lead.link)
        return turn.noted(_said("lead_withdraw", turn, reference=lead.reference), "form")
    before = {name: value for name, value in lead.given.items() if name in FIELDS_KEPT}
    corrects = likely(acts, *ASKING) < 0.5 and (likely(acts, "correct") >= SURE or bool(read.corrected(text, before)))
    if not (asks or sends or cancels or corrects):
        return None
    noted = turn.noted(_how_it_stands(turn, lead), "form")
    # a program that lost the first reply, and sends again, finds the reference where that one had it
    message = {**noted.messages[0], "custom": {**noted.messages[0]["custom"], "reference": lead.reference}}
    return replace(noted, messages=[message])


def _how_it_stands(turn: AnsweringTurn, lead: SentLead) -> str:
    late = lead.promised < turn.now or not lead.owed
    return _said("lead_status_late" if late else "lead_status", turn, reference=lead.reference, by=by_when(lead.promised))


def _custom(outcome: str) -> dict[str, Any]:
    return {"outcome": outcome, "questions": [], "next": []}


def _message(text: str, outcome: str, more: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"text": text, "buttons": [], "custom": {**_custom(outcome), **(more or {})}}


def _prompt(draft: Draft, turn: AnsweringTurn) -> str:
    """Return the sentence that asks for what comes next; never the same one a third time."""
    if draft.check:
        return _said("lead_ask_check", turn, field=frame(f"lead_field_{draft.asking}").lower(), value=draft.check)
    if draft.again >= STUCK and draft.asking not in (CONFIRM, "change"):
        told = ", ".join(value for name in ("school", "name", "role", "email", "phone") if (value := draft.details.get(name)))
        so_far = frame("lead_so_far", told=told) + " " if told and draft.asking != CONSENT else ""
        return f"{so_far}{_said(f'lead_stuck_{draft.asking}', turn)}"
    if draft.asking == CONFIRM:
        return _said("lead_ask_confirm", turn, summary=summary(draft))
    if draft.asking == "term":
        return _said("lead_ask_term", turn, places="".join(f"{says} " for _, says in place_sentences(turn.session, london_day(turn.now))))
    return _said(f"lead_ask_{draft.asking}", turn)


def summary(draft: Draft) -> str:
    """Return the lines of what would be sent."""
    shown = {**draft.details, "wish": frame(f"lead_wish_{draft.details['wish']}")}
    if "term" in shown:
        shown["term"] = term_title(shown["term"])
    order = ("school", "name", "role", "email", "phone", "wish", "term", "message")
    lines = [(name, shown[name]) for name in order if shown.get(name)]
    return "\n".join(frame("lead_line", field=frame(f"lead_field_{name}"), value=value) for name, value in lines)


def _buttons(draft: Draft, turn: AnsweringTurn) -> list[dict[str, str]]:
    """Return what can be pressed instead of typed."""
    if draft.asking == CONSENT:
        titles = [frame("lead_yes_button"), frame("lead_no_button")]
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


def _said(name: str, turn: AnsweringTurn, **more: str) -> str:
    promises = turn.knows.promises
    values = {
        "contact": turn.knows.contact.text, "trust": turn.knows.trust, "days": str(promises.kept_days), "privacy": promises.privacy_page,
    }  # fmt: skip
    return frame(name, **values, **more)

"""The lead form in conversation: each message read, decided by the office, kept only after consent, and worded."""

from __future__ import annotations

import re
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from language.acts.small_talk import WANTS_LEAD
from language.text import with_clauses
from office.answering.form_acts import SURE, likely
from office.answering.form_reading import opening_details, read_form_message, step_of
from office.answering.frames import frame
from office.answering.lead_words import STUCK, buttons, custom, message, prompt, said, told_so_far
from office.answering.message import GROUP_CHANNEL, STAFF_CHANNEL, HeardMessage
from office.answering.questions import answer_after_all
from office.answering.sent_lead import sends_again, sent_already, sent_before, sent_now
from office.answering.turn import AnsweringTurn, Decision
from office.leads.form import (
    CONFIRM,
    CONSENT,
    FIELDS,
    Draft,
    FormMessage,
    FormTurn,
    begin,
    details_before,
    drop_draft,
    just_sent,
    keep_draft,
    read_draft,
    send_draft,
    take,
)
from office.leads.limits import is_over, mark_flood
from office.leads.model import STAFF_ASK

_A_PERSON = re.compile(r"\b(?:speak|talk|chat|person|human|somebody|someone|agent|operator|staff)\b", re.I)
_GET_IN_TOUCH = re.compile(r"\b(?:ring|call|phone|e-?mail|contact|get back|write|in touch)\b", re.I)
_WHEN = re.compile(
    r"\b\d{1,2}(?:st|nd|rd|th)?(?: of)? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b|\b(?:mon|tues|wednes|thurs|fri)day\b"
    r"|\b\d{1,2}(?:[:.]\d\d)? ?(?:am|pm)\b|\b(?:mornings?|afternoons?|(?:after|before) (?:\d{1,2}|lunch|school))\b",
    re.I,
)
_SAME_SCHOOL = re.compile(r"(?:the )?same school", re.I)
_OTHER_SCHOOL = re.compile(r"\b(?:another|a different|(?:my|our|the) (?:other|second)|a second) school\b", re.I)
ASKED = (CONSENT, *FIELDS, CONFIRM, "change")
WANTS, TELLS = ("agree", "want_lead"), ("give", "introduce", "correct", "another_person", "want_lead")  # acts that take up an offer
SURE_WANT = 0.75  # whoever asks whom to ring is told, and is not taken into a form
MAY_WANT = 0.25  # from which who gets an answer is asked whether they would like to be contacted too
SURER_WANT = 0.96  # below it a fact that answers comes first
ANOTHER_FROM = 0.5  # below SURE: a form that begins empty costs a minute, a stranger's details in a lead cost trust
SHORT_NO = 8  # words up to which a no is an answer to the offer and nothing more
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
    if sends_again(turn):
        return False
    acts = turn.knows.acts(turn.message.text, "outside")
    return likely(acts, "want_lead", "another_person", "resume") >= SURE_WANT or likely(acts, "resume", "another_person") >= SURE


def _may_ask(turn: AnsweringTurn, invited: bool) -> bool:
    """Return whether who seems to want a call may be asking whom to ring, which a fact may answer: "can I talk to any of your schools?"."""
    wants = likely(turn.knows.acts(turn.message.text, "outside"), "want_lead")
    return not invited and turn.message.intent != WANTS_LEAD and SURE_WANT <= wants < SURER_WANT


def answer_with_offer(turn: AnsweringTurn, answered: Decision) -> Decision:
    """Return an answer; who may also wish to be contacted ("we would like to join, how do we start?") is asked at its end whether they do."""
    heard = turn.message
    is_public = heard.channel not in (STAFF_CHANNEL, GROUP_CHANNEL) and not heard.withheld
    if not is_public or answered.outcome != "answered" or answered.memory.offered:
        return answered
    wants = likely(turn.knows.acts(heard.text, "outside"), "want_lead") >= MAY_WANT and turn.knows.wish(heard.text)
    return _with_offer(answered) if wants else answered


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
    told = opening_details(heard.text, turn.now, turn.knows.wish)
    tells = bool({"email", "phone"} & told.keys())
    if not (turn.memory.offered or tells):
        return None
    acts = turn.knows.acts(heard.text, "offer" if turn.memory.offered else "outside")
    wants = likely(acts, *(WANTS if turn.memory.offered else ()), *(TELLS if tells else ()))
    if wants >= SURE:
        return open_form(turn, invited=True)
    no = turn.memory.offered and likely(acts, "refuse", "cancel") >= SURE and len(heard.text.split()) <= SHORT_NO
    return turn.word("deny", "chitchat") if no else None


def open_form(turn: AnsweringTurn, *, invited: bool = False) -> Decision:
    """Begin the form, unless the message is better answered; details are taken in nobody else's presence.

    `invited`: the visitor takes up our own offer, or told unasked how to be reached.
    """
    heard = turn.message
    if unreadable := None if invited else turn.unreadable():
        return unreadable
    wish = turn.knows.wish(heard.text) or ("call_back" if invited or wants_contact(turn) else None)
    if wish is None and (found := sent_already(turn)):
        return found
    if wish is None and heard.doubtful and (found := answer_after_all(turn)):
        return found
    if _may_ask(turn, invited) and (found := answer_after_all(turn)):
        return _with_offer(found)
    if heard.channel == GROUP_CHANNEL or heard.withheld:  # no details before others, and none beside a pupil's
        return turn.word("human_handoff", "handover")
    if _is_over(turn):
        return turn.noted(said("lead_too_many", turn), "handover")
    draft = begin({**({"wish": wish} if wish else {}), **_told_at_first(turn)}, _told_before(turn))
    if not turn.only_try:
        drop_draft(turn.session, heard.conversation, erase=True)  # of a form that Rasa lost
        _pending.keep(heard.conversation, draft)
    # who asks for a person, and not to be rung, is first told where to find one
    handed_over = not wish or (_A_PERSON.search(heard.text) and not _GET_IN_TOUCH.search(heard.text))
    text = f"{said('lead_handover', turn)} {said('lead_consent', turn)}" if handed_over else said("lead_consent", turn)
    noted = turn.noted(text, "handover" if handed_over else "form")
    message = {**noted.messages[0], "buttons": buttons(draft, turn)}
    message["custom"] = {**message["custom"], "form": CONSENT}
    return replace(noted, messages=[message], form_open=True)


def _told_at_first(turn: AnsweringTurn) -> dict[str, str]:
    """Return the details that the message which begins the form tells; a day or an hour is worth passing on in its own words."""
    heard = turn.message
    told = opening_details(heard.text, turn.now, turn.knows.wish)
    if _SAME_SCHOOL.fullmatch(told.get("school", "")):
        del told["school"]
    is_meant = not heard.doubtful or wants_contact(turn)
    return {**told, "message": heard.text.strip()} if _WHEN.search(heard.text) and is_meant else told


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
        return sent_before(turn, sent)
    is_forgotten = False
    if draft is None:
        kept = _pending.of(heard.conversation)
        draft, is_forgotten = kept or Draft(), kept is None
    elif heard.form_asked in ASKED:  # what the visitor saw last: a reply may have been lost after the draft was kept
        draft = replace(draft, asking=heard.form_asked)
    step = _take(turn, draft, read_form_message(heard.text, draft, turn.now, turn.knows.acts, turn.knows.wish))
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
        return sent_now(turn, sent)
    if step.ends == "sent":
        step = replace(step, says=("lead_too_many",))
    drop_draft(turn.session, heard.conversation, erase=True)
    return Decision([message(" ".join(said(name, turn) for name in step.says), "form", {"ended": "cancelled"})], turn.memory)


def _ask(turn: AnsweringTurn, step: FormTurn, answer: Callable[[AnsweringTurn], Decision]) -> Decision:
    """Answer what was asked in between, and ask for what comes next."""
    answered, payload, memory = "", custom("form"), turn.memory
    if step.question:
        decided = answer(replace(turn, message=turn.message.concealing(step.draft.details.get("name", ""))))
        answered, payload, memory = decided.text, decided.messages[-1]["custom"], decided.memory
    asks_already = step.says == ("lead_needs_yes",) and step.draft.again < STUCK
    told = told_so_far(step.draft)
    says = [said("lead_needs_yes_told", turn, told=told) if told and name == "lead_needs_yes" else said(name, turn) for name in step.says]
    sentences = " ".join([*says, *(() if asks_already else (prompt(step.draft, turn),))])
    text = f"{answered}\n\n{sentences}" if answered else sentences
    asked = {**payload, "form": step.draft.asking, **({"check": step.draft.check} if step.draft.check else {})}
    return Decision([{"text": text, "buttons": buttons(step.draft, turn), "custom": asked}], memory, form_open=True)

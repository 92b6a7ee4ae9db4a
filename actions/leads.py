"""The lead form in conversation: each message read, decided by the office, kept only after consent, and worded."""

from __future__ import annotations

import re
import time
from collections import OrderedDict
from dataclasses import asdict
from datetime import datetime
from typing import Any

from actions.deciding import GROUP_CHANNEL, Decided, Turn, answered_after_all
from actions.office_door import today
from actions.places import place_sentences
from actions.wording import frame
from language import details as read
from office.leadform import (
    CONFIRM,
    CONSENT,
    FIELDS,
    OPTIONAL,
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
from office.leads import WISHES, Lead
from office.places import places_ahead, term_title
from office.workdays import LONDON

_BARE_FIELD = re.compile(r"(?:the |my |our )?(school|name|role|e-?mail|phone|number|address|wish|term|message)(?:,? please)?\W*", re.I)
_A_PERSON = re.compile(r"\b(?:speak|talk|chat|person|human|somebody|someone|agent|operator|staff)\b", re.I)
_GET_IN_TOUCH = re.compile(r"\b(?:ring|call|phone|e-?mail|contact|get back|write|in touch)\b", re.I)
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

    def take(self, conversation: str) -> Draft:
        """Give it, and forget it; an empty one where it is too long ago, or this process began later."""
        kept_at, draft = self._kept.pop(conversation, (0.0, Draft()))
        return draft if time.monotonic() - kept_at < PENDING_SECONDS else Draft()


_pending = Pending()


class LeadTurn:
    """One turn of the form. `ended` says afterwards whether it was the last."""

    def __init__(self, *, opening: bool) -> None:
        self.opening = opening
        self.ended = opening  # a form that could not be opened is none

    def take(self, turn: Turn) -> Decided:
        """Open the form, or take the message into it."""
        return self._open(turn) if self.opening else self._go_on(turn)

    def _open(self, turn: Turn) -> Decided:
        heard = turn.heard
        if unreadable := turn.unreadable():
            return unreadable
        wish = read.wants_lead(heard.text)
        if wish is None and heard.doubtful and (found := answered_after_all(turn)):
            return found
        if heard.channel == GROUP_CHANNEL or heard.withheld:  # no details before others, and none beside a pupil's
            return turn.word("human_handoff", "handover")
        told = opening_details(heard.text, turn.now)
        draft = begin({**({"wish": wish} if wish else {}), **told}, details_before(turn.session, heard.conversation))
        _pending.keep(heard.conversation, draft)
        self.ended = False
        # who asks for a person, and not to be rung, is first told where to find one
        handed_over = not wish or (_A_PERSON.search(heard.text) and not _GET_IN_TOUCH.search(heard.text))
        text = f"{_said('lead_handover', turn)} {_said('lead_consent', turn)}" if handed_over else _said("lead_consent", turn)
        messages, memory = turn.noted(text, "handover" if handed_over else "form")
        return [{**messages[0], "buttons": _buttons(draft, turn)}], memory

    def _go_on(self, turn: Turn) -> Decided:
        heard = turn.heard
        draft = read_draft(turn.session, heard.conversation)
        message = form_message(heard.text, draft or Draft(), turn.now)
        if draft is None:
            if message.confirms and (lead := just_sent(turn.session, heard.conversation, now=turn.now)):
                self.ended = True
                return self._sent(turn, lead)
            draft = _pending.take(heard.conversation)
        step = take(draft, message)
        if step.ends:
            return self._end(turn, step)
        if draft.asking == CONSENT == step.draft.asking:
            _pending.keep(heard.conversation, step.draft)
        else:
            keep_draft(turn.session, heard.conversation, step.draft, now=turn.now)
        return self._ask(turn, step)

    def _end(self, turn: Turn, step: FormTurn) -> Decided:
        heard = turn.heard
        self.ended = True
        if step.ends == "sent":
            lead = send_draft(
                turn.session, heard.conversation, step.draft, channel=heard.channel,
                reply_within=turn.door.settings.reply_within_days, now=turn.now,
            )  # fmt: skip
            return self._sent(turn, lead)
        drop_draft(turn.session, heard.conversation, erase=True)
        return [_message(" ".join(_said(name, turn) for name in step.says), "form")], asdict(turn.heard.memory)

    def _sent(self, turn: Turn, lead: Lead) -> Decided:
        name = "lead_again" if lead.asked_again else "lead_sent"
        text = _said(name, turn, reference=lead.reference, by=by_when(lead.promised))
        return [_message(text, "form", {"reference": lead.reference})], asdict(turn.heard.memory)

    def _ask(self, turn: Turn, step: FormTurn) -> Decided:
        """Answer what was asked in between, and ask for what comes next."""
        answered, custom, memory = "", None, asdict(turn.heard.memory)
        if step.question:
            messages, memory = turn.answer()
            answered, custom = "\n\n".join(message["text"] for message in messages), messages[-1]["custom"]
        sentences = " ".join([*(_said(name, turn) for name in step.says), _prompt(step.draft, turn)])
        text = f"{answered}\n\n{sentences}" if answered else sentences
        asked = {**(custom or _custom("form")), "form": step.draft.asking}
        return [{"text": text, "buttons": _buttons(step.draft, turn), "custom": asked}], memory


def _custom(outcome: str) -> dict[str, Any]:
    return {"outcome": outcome, "questions": [], "next": []}


def _message(text: str, outcome: str, more: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"text": text, "buttons": [], "custom": {**_custom(outcome), **(more or {})}}


def form_message(text: str, draft: Draft, now: datetime) -> FormMessage:
    """Read a message of the form, for what was asked last."""
    is_question = read.asks(text) and not read.asks_why(text)
    # who asks has not told what was asked for; but "I'm Jo Field, and how much is it?" tells and asks
    asked = draft.asking if draft.asking in FIELDS and not is_question else None
    told = opening_details(text, now, asked)
    rest = read.told_in(text, asked)
    question = "" if read.asks_why(text) else text if is_question and not told else rest.rest if read.asks(rest.rest) else ""
    pressed = {frame(f"lead_{name}_button").casefold(): name for name in ("send", "change", "cancel", "skip", "yes", "no")}.get(
        text.strip().casefold(), ""
    )
    return FormMessage(
        text=text,
        told={} if pressed else told,
        corrected=read.corrected(text, draft.details) if draft.asking != CONSENT else None,
        field_meant=_field_meant(text, draft),
        unreadable="email" if rest.bad_email else "phone" if rest.bad_phone else None,
        confirms=pressed in ("send", "yes") or read.confirms(text),
        refuses=pressed in ("change", "no") or read.refuses(text),
        skips=pressed == "skip" or read.skips(text),
        cancels=pressed == "cancel" or read.cancels(text),
        asks_why=read.asks_why(text),
        question=question,
    )


def _field_meant(text: str, draft: Draft) -> str | None:
    """Give the field somebody wants to tell again; where they were asked which, its bare name will do."""
    if draft.asking == CONSENT:
        return None
    bare = _BARE_FIELD.fullmatch(text.strip()) if draft.asking in (CONFIRM, "change") else None
    meant = bare[1].lower().replace("-", "") if bare else read.field_meant(text)
    return {"email": "contact", "phone": "contact", "number": "contact", "address": "contact"}.get(meant or "", meant)


def opening_details(text: str, now: datetime, asked: str | None = None) -> dict[str, str]:
    """Give the details a message tells, by their name."""
    told = read.told_in(text, asked)
    found = {"name": told.name, "role": told.role, "school": told.school, "email": told.email, "phone": told.phone, "wish": told.wish}
    if asked == "term" or told.wish == "membership":
        found["term"] = read.term_in(text, now.astimezone(LONDON).date())
    return {name: value for name, value in found.items() if value}


def _prompt(draft: Draft, turn: Turn) -> str:
    """Give the sentence that asks for what comes next."""
    if draft.asking == CONFIRM:
        return _said("lead_ask_confirm", turn, summary=summary(draft))
    if draft.asking == "term":
        return _said("lead_ask_term", turn, places="".join(f"{says} " for _, says in place_sentences(turn.session)))
    return _said(f"lead_ask_{draft.asking}", turn)


def summary(draft: Draft) -> str:
    """Give the lines of what would be sent."""
    shown = {**draft.details, "wish": frame(f"lead_wish_{draft.details['wish']}")}
    if "term" in shown:
        shown["term"] = term_title(shown["term"])
    order = ("school", "name", "role", "email", "phone", "wish", "term", "message")
    lines = [(name, shown[name]) for name in order if shown.get(name)]
    return "\n".join(frame("lead_line", field=frame(f"lead_field_{name}"), value=value) for name, value in lines)


def _buttons(draft: Draft, turn: Turn) -> list[dict[str, str]]:
    """Give what can be pressed instead of typed."""
    if draft.asking == CONSENT:
        titles = [frame("lead_yes_button"), frame("lead_no_button")]
    elif draft.asking == CONFIRM:
        titles = [frame(f"lead_{name}_button") for name in ("send", "change", "cancel")]
    elif draft.asking == "wish":
        titles = [frame(f"lead_wish_{wish}") for wish in WISHES]
    else:
        titles = [frame("lead_skip_button")] if draft.asking in OPTIONAL else []
        if draft.asking == "term":
            titles = [term_title(term.id) for term, _, _ in places_ahead(turn.session, today())][:3] + titles
    return [{"title": title, "payload": title} for title in titles]


def by_when(promised: datetime) -> str:
    """Give the day a reply is promised for, as it is said in London."""
    here = promised.astimezone(LONDON)
    return f"{here:%A} {here.day} {here:%B}"


def _said(name: str, turn: Turn, **more: str) -> str:
    settings = turn.door.settings
    values = {
        "contact": turn.contact.text, "trust": turn.trust, "days": str(settings.retention_leads_days),
        "privacy": f"{settings.website_address}/privacy",
    }  # fmt: skip
    return frame(name, **values, **more)

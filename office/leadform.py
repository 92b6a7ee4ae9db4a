"""The lead form: what is asked next, what a message changes, and how it ends. Plain decisions; the actions word and keep them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from office.leads import WISHES, Lead, LeadConversation, LeadDetails, LeadDraft, log_lead
from office.transcripts import withdraw_messages

FIELDS = ("school", "name", "role", "contact", "wish", "term", "message")  # in the order they are asked
OPTIONAL = ("role", "term", "message")
CONSENT, CONFIRM = "consent", "confirm"
LONGEST = {"school": 200, "name": 200, "role": 200, "message": 2000}
AGAIN_WITHIN = timedelta(minutes=15)
KEPT = ("school", "name", "role", "email", "phone", "wish", "term", "message")


@dataclass(frozen=True)
class Draft:
    """What is known of somebody so far. `asking` is consent, a field, confirm, or "change" where they said something is wrong."""

    asking: str = CONSENT
    details: dict[str, str] = field(default_factory=dict)
    skipped: tuple[str, ...] = ()
    asked_twice: bool = False  # the field could not be read once already


@dataclass(frozen=True)
class FormMessage:
    """What a message of the form says, as the language room reads it. `told` holds details by their name."""

    text: str
    told: dict[str, str] = field(default_factory=dict)
    corrected: dict[str, str] | None = None
    field_meant: str | None = None
    unreadable: str | None = None  # "email" or "phone": looks like one and cannot be one
    confirms: bool = False
    refuses: bool = False
    skips: bool = False
    cancels: bool = False
    asks_why: bool = False
    question: str = ""  # the part of the message that asks for something


@dataclass(frozen=True)
class FormTurn:
    """What a message led to: the draft as it now is, the sentences to say (names of frames), and whether the form ends."""

    draft: Draft
    says: tuple[str, ...] = ()
    question: str = ""  # to be answered before the form goes on
    ends: str = ""  # sent, cancelled or "" while it goes on


def begin(told: dict[str, str], before: dict[str, str] | None = None) -> Draft:
    """Give the draft of a form that begins: with what the opening message told, and what an earlier lead of the conversation did."""
    kept = {name: value for name, value in {**(before or {}), **told}.items() if name in KEPT and value}
    return Draft(CONSENT, kept)


def take(draft: Draft, message: FormMessage) -> FormTurn:
    """Decide what a message does to the form. Pure: nothing is kept here."""
    if message.cancels:
        return FormTurn(draft, ("lead_cancelled",), ends="cancelled")
    if draft.asking == CONSENT:
        return _take_consent(draft, message)
    if message.asks_why:
        return FormTurn(draft, (f"lead_why_{_asked_field(draft)}",))
    return _take_details(draft, message)


def _take_consent(draft: Draft, message: FormMessage) -> FormTurn:
    told = replace(draft, details=_merged(draft, message.told))
    if message.confirms:
        return FormTurn(_onward(told), question=message.question)
    if message.refuses:
        return FormTurn(draft, ("lead_declined",), ends="cancelled")
    if message.asks_why:
        return FormTurn(told, ("lead_why_consent",))
    if message.question:
        return FormTurn(told, question=message.question)
    return FormTurn(told, ("lead_needs_yes",))


def _take_details(draft: Draft, message: FormMessage) -> FormTurn:
    if message.corrected:
        changed = _onward(replace(draft, details=_merged(draft, message.corrected), asking=""))
        return FormTurn(changed, ("lead_changed",), question=message.question)
    if draft.asking == CONFIRM and message.confirms and not message.told and not message.question:
        return FormTurn(draft, ends="sent")
    if message.field_meant and not message.told:
        return FormTurn(replace(draft, asking=message.field_meant, skipped=_without(draft.skipped, message.field_meant)))
    told = _told_here(draft, message)
    if told:
        return FormTurn(_onward(replace(draft, details=_merged(draft, told), asking="")), question=message.question)
    if message.question and draft.asking != "message":
        return FormTurn(draft, question=message.question)
    if message.question:  # a wish that is a question has its question for a message
        if draft.details.get("wish") != "question":
            return FormTurn(draft, question=message.question)
        return FormTurn(_onward(_with(draft, "message", message.text)), question=message.question)
    if message.unreadable:
        return FormTurn(replace(draft, asked_twice=True), (f"lead_bad_{message.unreadable}",))
    if draft.asking in OPTIONAL and (message.skips or message.refuses):
        return FormTurn(_onward(replace(draft, skipped=(*draft.skipped, draft.asking), asking="")))
    if draft.asking == CONFIRM:
        return FormTurn(replace(draft, asking="change") if message.refuses else draft, () if message.refuses else ("lead_not_read",))
    if message.skips or message.refuses:
        return FormTurn(draft, ("lead_is_needed",))
    return _take_as_it_is(draft, message)


def _told_here(draft: Draft, message: FormMessage) -> dict[str, str]:
    """Give the details of a message. What fits the field that was asked may also be what somebody asks or refuses with."""
    told = {name: value for name, value in message.told.items() if value and name in KEPT}
    if draft.asking == "message" and set(told) - {"email", "phone"}:
        return {}  # "please ring Jane Smith at Oak Primary" is a message, not a new name
    return told


def _take_as_it_is(draft: Draft, message: FormMessage) -> FormTurn:
    """Take a whole message for the value of a field that may be anything."""
    name = draft.asking
    text = " ".join(message.text.split()) if name != "message" else message.text.strip()
    if name not in LONGEST or not any(c.isalnum() for c in text):
        return FormTurn(replace(draft, asked_twice=True), ("lead_not_read",))
    if len(text) > LONGEST[name]:
        return FormTurn(draft, ("lead_too_long",))
    return FormTurn(_onward(_with(draft, name, text)))


def _asked_field(draft: Draft) -> str:
    return draft.asking if draft.asking in FIELDS else "consent"


def _merged(draft: Draft, told: dict[str, str]) -> dict[str, str]:
    told = {name: value[: LONGEST.get(name, 254)] for name, value in told.items() if name in KEPT and value}
    if told.get("wish") not in (None, *WISHES):
        del told["wish"]
    return {**draft.details, **told}


def _with(draft: Draft, name: str, value: str) -> Draft:
    return replace(draft, details={**draft.details, name: value}, asking="")


def _without(names: tuple[str, ...], name: str) -> tuple[str, ...]:
    return tuple(one for one in names if one != name)


def _onward(draft: Draft) -> Draft:
    """Give the draft with what is to be asked next."""
    return replace(draft, asking=next((name for name in FIELDS if _is_missing(draft, name)), CONFIRM), asked_twice=False)


def _is_missing(draft: Draft, name: str) -> bool:
    if name in draft.skipped:
        return False
    if name == "contact":
        return not (draft.details.get("email") or draft.details.get("phone"))
    if name == "term":
        return draft.details.get("wish") == "membership" and not draft.details.get("term")
    return not draft.details.get(name)


def read_draft(session: Session, conversation: str) -> Draft | None:
    """Give what is kept of a form that is under way; None before consent, and after the end."""
    row = session.get(LeadDraft, conversation)
    if row is None:
        return None
    kept = row.details
    return Draft(kept["asking"], dict(kept["details"]), tuple(kept["skipped"]), bool(kept["asked_twice"]))


def keep_draft(session: Session, conversation: str, draft: Draft, *, now: datetime) -> None:
    """Keep what somebody who agreed has told so far."""
    row = session.get(LeadDraft, conversation) or LeadDraft(conversation=conversation, consented=now)
    row.details = {"asking": draft.asking, "details": draft.details, "skipped": list(draft.skipped), "asked_twice": draft.asked_twice}
    row.changed = now
    session.add(row)


def drop_draft(session: Session, conversation: str, *, erase: bool) -> None:
    """End a form. With `erase`, what was said in it since the consent goes too: it was cancelled, or left lying."""
    row = session.get(LeadDraft, conversation)
    if row is not None:
        if erase:
            withdraw_messages(session, conversation, since=row.consented)
        session.delete(row)


def send_draft(session: Session, conversation: str, draft: Draft, *, channel: str, reply_within: int, now: datetime) -> Lead:
    """Make the lead of a finished draft and end the form, in one transaction. Raises ConsentMissing where none is kept."""
    row = session.get(LeadDraft, conversation)
    d = draft.details
    details = LeadDetails(
        conversation=conversation, channel=channel, name=d["name"], school=d["school"], wish=d["wish"], role=d.get("role", ""),
        email=d.get("email"), phone=d.get("phone"), term=d.get("term"), message=d.get("message", ""),
        consented=row.consented if row else None,
    )  # fmt: skip
    lead = log_lead(session, details, reply_within=reply_within, now=now)
    drop_draft(session, conversation, erase=False)
    return lead


def just_sent(session: Session, conversation: str, *, now: datetime) -> Lead | None:
    """Give the lead that this conversation sent a moment ago: its sender may not have heard so, and say "send it" again."""
    query = (
        select(Lead)
        .join(LeadConversation, LeadConversation.lead == Lead.id)
        .where(LeadConversation.conversation == conversation, LeadConversation.at >= now - AGAIN_WITHIN)
        .order_by(LeadConversation.at.desc())
        .limit(1)
    )
    return session.execute(query).scalar_one_or_none()


def has_agreed(session: Session, conversation: str) -> bool:
    """Say whether somebody agreed, in this conversation, that their details are kept."""
    if session.get(LeadDraft, conversation) is not None:
        return True
    return session.execute(select(LeadConversation.id).where(LeadConversation.conversation == conversation)).first() is not None


def details_before(session: Session, conversation: str) -> dict[str, str]:
    """Give what the latest lead of the conversation told, so that nobody is asked twice; its wish and message are of their own time."""
    query = (
        select(Lead)
        .join(LeadConversation, LeadConversation.lead == Lead.id)
        .where(LeadConversation.conversation == conversation)
        .order_by(LeadConversation.at.desc())
        .limit(1)
    )
    lead = session.execute(query).scalar_one_or_none()
    if lead is None:
        return {}
    return {name: value for name in ("school", "name", "role", "email", "phone") if (value := getattr(lead, name))}

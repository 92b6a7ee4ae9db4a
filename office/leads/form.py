"""The lead form: what is asked next, what a message changes, and how it ends. Plain decisions; the actions word and keep them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from office.base.audit import audit
from office.base.limits import LONGEST_MESSAGE, LONGEST_OF_LEAD
from office.base.staff import staff_of_chat
from office.enquiries.masking import masked
from office.enquiries.transcripts import NOT_KEPT, form_asked, withdraw_messages
from office.facts.published import published_details
from office.leads.model import STAFF_ASK, WISHES, Lead, LeadConversation, LeadDetails, LeadDraft, folded, log_lead

FIELDS = ("school", "name", "role", "contact", "wish", "term", "message")  # in the order they are asked
OPTIONAL = ("role", "term", "message")
READ_BACK = ("school", "name", "role")  # what may be anything, so that a sentence can be taken for it
CONSENT, CONFIRM = "consent", "confirm"
LONGEST = {name: LONGEST_OF_LEAD[name] for name in ("school", "name", "role")} | {"message": LONGEST_MESSAGE}
AGAIN_WITHIN = timedelta(minutes=15)
_TELLS_NOBODY = frozenset(
    "yes yeah yep yup y ok okay sure fine please thanks thank you no nope n never mind not now i we do don't dont agree consent accept "
    "go on ahead then that's it's right good of course why what who how cancel stop forget it skip maybe hello hi a the to my me is".split()
)
PERSONAL = ("school", "name", "role", "email", "phone")
KEPT = (*PERSONAL, "wish", "term", "message")


@dataclass(frozen=True)
class Draft:
    """What is known of somebody so far. `asking` is consent, a field, confirm, or "change" where they said something is wrong."""

    asking: str = CONSENT
    details: dict[str, str] = field(default_factory=dict)
    skipped: tuple[str, ...] = ()
    asked_twice: bool = False  # the field could not be read once already
    check: str = ""  # a value of the field that is asked, read back because nobody could be sure of it
    again: int = 0  # how often the same was asked in a row


@dataclass(frozen=True)
class FormMessage:
    """What a message of the form says, as the language room reads it. `told` holds details by their name."""

    text: str
    told: dict[str, str] = field(default_factory=dict)
    corrected: dict[str, str] | None = None
    field_meant: str | None = None
    unreadable: str | None = None  # "email" or "phone": looks like one and cannot be one
    meant: str = ""  # the address that one with a slip in it ("gmial.com") likely should be
    as_typed: str = ""  # that address as it stands, where it may be one all the same
    drops: str | None = None  # the detail that is to be left out again
    reached_by: str | None = None  # "email" or "phone": the one they want instead of the other
    remarks: str | None = None  # "pleasantry" or "grumble": it is about the conversation, and tells nothing
    confirms: bool = False
    refuses: bool = False
    skips: bool = False
    cancels: bool = False
    asks_why: bool = False
    asks_of_data: bool = False  # what is done with the details, rather than why this one is asked for
    question: str = ""  # the part of the message that asks for something
    tells_more: bool = False  # words besides the details it tells
    asks_of_sent: bool = False  # what became of it, as if it were sent
    pressed: str = ""  # the button whose title it is
    doubtful: bool = False  # it may be no detail: what would be kept of it is read back first
    is_no_value: bool = False  # nothing of it can be kept
    adds: bool = False  # a sentence to be passed on, said where nothing was asked for


@dataclass(frozen=True)
class FormTurn:
    """What a message led to: the draft as it now is, the sentences to say (names of frames), and whether the form ends."""

    draft: Draft
    says: tuple[str, ...] = ()
    question: str = ""  # to be answered before the form goes on
    ends: str = ""  # sent, cancelled or "" while it goes on


def begin(told: dict[str, str], before: dict[str, str] | None = None) -> Draft:
    """Return the draft of a form that begins: with what the opening message told, and what an earlier lead of the conversation did."""
    kept = {name: value for name, value in {**(before or {}), **told}.items() if name in KEPT and value}
    return Draft(CONSENT, kept)


def take(draft: Draft, message: FormMessage) -> FormTurn:
    """Decide what a message does to the form. Pure: nothing is kept here."""
    if message.cancels:
        return FormTurn(draft, ("lead_cancelled",), ends="cancelled")
    if draft.asking == CONSENT:
        return _take_consent(draft, message)
    if draft.check:
        waiting, draft = draft.check, replace(draft, check="")
        name = "email" if draft.asking == "contact" else draft.asking
        if message.confirms:
            return FormTurn(_onward(_with(draft, name, waiting)))
        if message.meant == waiting and message.as_typed:  # typed again as it was: then it is no slip
            return FormTurn(_onward(_with(draft, name, message.as_typed)))
        if message.refuses and not message.told and not message.meant:
            return FormTurn(draft)
    return _ask_meant(draft, message, _read_back(draft, message, _take_told(draft, message)))


def _ask_meant(before: Draft, message: FormMessage, turn: FormTurn) -> FormTurn:
    """Return the turn, or one that asks whether an address with a likely slip in it is meant; it is not kept before."""
    if not message.meant or turn.ends or turn.question or "email" in message.told or turn.draft.details.get("email") == message.meant:
        return turn
    if "lead_bad_email" not in turn.says and "contact" not in (before.asking, turn.draft.asking):
        return turn
    return FormTurn(replace(turn.draft, asking="contact", check=message.meant))


def _read_back(before: Draft, message: FormMessage, turn: FormTurn) -> FormTurn:
    """Return the turn, or one that reads back what it would keep of a message that may be no detail at all."""
    name = before.asking
    value = turn.draft.details.get(name, "")
    if not message.doubtful or name not in READ_BACK or value == before.details.get(name, "") or turn.question:
        return turn
    kept = {key: one for key, one in turn.draft.details.items() if key in ("email", "phone") or key in before.details}
    return FormTurn(replace(before, details=kept, check=value))


def _take_told(draft: Draft, message: FormMessage) -> FormTurn:
    if message.asks_why:
        return FormTurn(draft, ("lead_why_consent" if message.asks_of_data else f"lead_why_{_asked_field(draft)}",))
    if message.asks_of_sent:
        return FormTurn(draft, ("lead_not_sent",))
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
    if message.remarks:
        return FormTurn(told, _to_remark(message))
    return FormTurn(told, ("lead_needs_yes",))


def _take_details(draft: Draft, message: FormMessage) -> FormTurn:
    if message.corrected:
        beside = {name: value for name, value in message.told.items() if name in ("email", "phone") and not draft.details.get(name)}
        changed = _onward(replace(draft, details=_merged(draft, {**beside, **message.corrected}), asking=""))
        return FormTurn(changed, ("lead_changed",), question=message.question)
    if dropped := _dropped(draft, message):
        return FormTurn(_onward(replace(dropped, asking="")), ("lead_changed",))
    if message.adds and draft.asking in (CONFIRM, "change") and not message.corrected:
        before = draft.details.get("message", "")
        more = f"{before}\n{message.text.strip()}".strip()
        if len(more) > LONGEST["message"]:
            return FormTurn(draft, ("lead_too_long",))
        return FormTurn(_onward(replace(draft, details={**draft.details, "message": more}, asking="")), ("lead_added",))
    if draft.asking == CONFIRM and message.confirms and not message.told and not message.question:
        ready = _onward(draft)
        return FormTurn(ready, ends="sent") if ready.asking == CONFIRM else FormTurn(ready)
    if message.field_meant and not message.told:
        return FormTurn(replace(draft, asking=message.field_meant, skipped=_without(draft.skipped, message.field_meant)))
    told = _not_answered_yet(draft, _told_here(draft, message))
    if told:
        return FormTurn(_onward(replace(draft, details=_merged(draft, told), asking="")), question=message.question)
    if message.question and draft.asking != "message":
        return FormTurn(draft, question=message.question)
    if message.question:  # asked where something may be added, it is answered here and passed on as well
        return FormTurn(_onward(_with(draft, "message", message.text)), question=message.question)
    if message.unreadable:
        return FormTurn(replace(draft, asked_twice=True), (f"lead_bad_{message.unreadable}",))
    if draft.asking in OPTIONAL and (message.skips or message.refuses):
        return FormTurn(_onward(replace(draft, skipped=(*draft.skipped, draft.asking), asking="")))
    if message.remarks and not (message.skips or message.refuses):
        return FormTurn(draft, _to_remark(message))
    if draft.asking == CONFIRM:
        return FormTurn(replace(draft, asking="change") if message.refuses else draft, () if message.refuses else ("lead_not_read",))
    if draft.asking == "change" and (message.skips or message.refuses or message.confirms):
        return FormTurn(_onward(draft))  # after all, there is nothing to change
    if message.skips or message.refuses:
        stays = draft.asking in FIELDS and not _is_missing(draft, draft.asking)  # asked once more: it stays as it was
        return FormTurn(_onward(draft)) if stays else FormTurn(draft, ("lead_is_needed",))
    if draft.asking == "message" and message.confirms:  # a yes to "anything you would like to add?"
        return FormTurn(draft, ("lead_add_it",))
    if message.confirms or message.reached_by:  # a yes to "what is your name?", or the yes that was said before it came
        return FormTurn(draft)
    return _take_as_it_is(draft, message)


def _to_remark(message: FormMessage) -> tuple[str, ...]:
    return ("lead_grumble",) if message.remarks == "grumble" else ()


def _dropped(draft: Draft, message: FormMessage) -> Draft | None:
    """Return the draft without a detail that is to be left out again, or without the way they do not want to be reached by."""
    instead = {"email": "phone", "phone": "email"}.get(message.reached_by or "")
    out = message.drops or instead
    if not out or out not in draft.details or message.told:
        return None
    details = {name: value for name, value in draft.details.items() if name != out}
    return replace(draft, details=details, skipped=(*draft.skipped, out) if out in OPTIONAL else draft.skipped)


def _told_here(draft: Draft, message: FormMessage) -> dict[str, str]:
    """Return the details of a message. What fits the field that was asked may also be what somebody asks or refuses with."""
    told = {name: value for name, value in message.told.items() if value and name in KEPT}
    if draft.asking == "message" and (set(told) - {"email", "phone"} or message.tells_more):
        return {}  # "please ring Jane Smith on 020 7946 0018" is a message, not a new name and number
    if draft.asking == "contact" and message.tells_more and "?" not in message.text and ("email" in told or "phone" in told):
        return {"message": message.text.strip(), **told}  # "020 7946 0018, or 07700 900123 after four"
    return told


def _not_answered_yet(draft: Draft, told: dict[str, str]) -> dict[str, str]:
    """Return what may be taken of what a message tells: what is told by the way replaces no detail that was given before."""
    if draft.asking not in FIELDS:
        return told
    asked = ("email", "phone") if draft.asking == "contact" else (draft.asking,)
    return {name: value for name, value in told.items() if name in asked or name not in PERSONAL or not draft.details.get(name)}


def _take_as_it_is(draft: Draft, message: FormMessage) -> FormTurn:
    """Take a whole message for the value of a field that may be anything."""
    name = draft.asking
    if message.is_no_value:
        return FormTurn(replace(draft, asked_twice=True), ("lead_not_read",))
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
    """Return the draft with what is to be asked next."""
    return replace(draft, asking=next((name for name in FIELDS if _is_missing(draft, name)), CONFIRM), asked_twice=False, check="")


def field_before(draft: Draft) -> str:
    """Return the field that was told, or left out, before the one that is asked for; that one again where none was."""
    before = FIELDS[: FIELDS.index(draft.asking)] if draft.asking in FIELDS else FIELDS
    told = [
        name for name in before if name in draft.skipped or not _is_missing(draft, name) and (name != "term" or draft.details.get(name))
    ]
    return told[-1] if told else draft.asking


def _is_missing(draft: Draft, name: str) -> bool:
    if name in draft.skipped:
        return False
    if name == "contact":
        return not (draft.details.get("email") or draft.details.get("phone"))
    if name == "term":
        return draft.details.get("wish") == "membership" and not draft.details.get("term")
    return not draft.details.get(name)


def read_draft(session: Session, conversation: str) -> Draft | None:
    """Return what is kept of a form that is under way; None before consent, and after the end."""
    row = session.get(LeadDraft, conversation)
    if row is None:
        return None
    kept = row.details
    return Draft(
        kept["asking"],
        dict(kept["details"]),
        tuple(kept["skipped"]),
        bool(kept["asked_twice"]),
        kept.get("check", ""),
        kept.get("again", 0),
    )


def keep_draft(session: Session, conversation: str, draft: Draft, *, now: datetime) -> None:
    """Keep what somebody who agreed has told so far."""
    row = session.get(LeadDraft, conversation) or LeadDraft(conversation=conversation, consented=now)
    row.details = {"asking": draft.asking, "details": draft.details, "skipped": list(draft.skipped), "asked_twice": draft.asked_twice,
                   "check": draft.check, "again": draft.again}  # fmt: skip
    row.changed = now
    session.add(row)


def drop_draft(session: Session, conversation: str, *, erase: bool) -> None:
    """End a form. With `erase`, what was said in it since the consent goes too: it was cancelled, or left lying."""
    row = session.get(LeadDraft, conversation)
    if row is not None:
        if erase:
            withdraw_messages(session, conversation, since=row.consented)
        session.delete(row)


@dataclass(frozen=True)
class SentLead:
    """A lead as the conversation that sent it may know it: nothing that another conversation gave, and nothing that staff do.

    Who names a person that is known already hears what a new person hears.
    """

    lead: Lead
    link: LeadConversation

    @property
    def reference(self) -> str:
        """The reference this conversation was told."""
        return self.link.reference or self.lead.reference

    @property
    def promised(self) -> datetime:
        """The reply this conversation was promised."""
        return self.link.promised or self.lead.promised

    @property
    def owed(self) -> bool:
        """Whether the reply may still come by then. An unconfirmed conversation is not told that somebody has been in touch."""
        return not self.link.confirmed or self.lead.owed

    @property
    def given(self) -> dict[str, str]:
        """The details this conversation gave."""
        return {name: str(value) for name, value in (self.link.given or {}).items() if value}


def send_draft(
    session: Session, conversation: str, draft: Draft, *, channel: str, reply_within: int, now: datetime, source: str = ""
) -> SentLead:
    """Make the lead of a finished draft and end the form, in one transaction. Raises ConsentMissing where none is kept.

    Whoever erases the conversation at this moment comes before, and there is no consent any more, or after, and finds the lead.
    """
    row = session.get(LeadDraft, conversation, with_for_update=True, populate_existing=True)
    d = draft.details
    details = LeadDetails(
        conversation=conversation, channel=channel, name=d["name"], school=d["school"], wish=d["wish"], role=d.get("role", ""),
        email=d.get("email"), phone=d.get("phone"), term=d.get("term"), message=d.get("message", ""),
        consented=row.consented if row else None, source=source,
    )  # fmt: skip
    by = staff_of_chat(session, conversation) if channel in STAFF_ASK else None
    lead = log_lead(session, details, reply_within=reply_within, now=now, by=by)
    if by is not None:
        audit(session, "add", f"lead {lead.reference}", by=by, now=now, channel=channel)
    drop_draft(session, conversation, erase=False)
    return SentLead(lead, session.execute(_links(conversation).where(LeadConversation.lead == lead.id)).scalar_one())


def just_sent(session: Session, conversation: str, *, now: datetime) -> SentLead | None:
    """Return the lead that this conversation sent a moment ago: its sender may not have heard so, and say "send it" again."""
    return latest_sent(session, conversation, since=now - AGAIN_WITHIN)


def latest_sent(session: Session, conversation: str, *, since: datetime | None = None) -> SentLead | None:
    """Return the lead that this conversation sent last."""
    query = _links(conversation)
    if since is not None:
        query = query.where(LeadConversation.at >= since)
    link = session.execute(query.limit(1)).scalar_one_or_none()
    return SentLead(session.get(Lead, link.lead), link) if link is not None else None


def _links(conversation: str) -> Any:
    query = select(LeadConversation).where(LeadConversation.conversation == conversation)
    return query.order_by(LeadConversation.at.desc(), LeadConversation.id.desc())


def has_agreed(session: Session, conversation: str) -> bool:
    """Return whether somebody agreed, in this conversation, that their details are kept."""
    if session.get(LeadDraft, conversation) is not None:
        return True
    return session.execute(select(LeadConversation.id).where(LeadConversation.conversation == conversation)).first() is not None


def as_heard(session: Session, conversation: str, text: str) -> str:
    """Return a visitor's words as they may be kept: before they agree, with no name, address or number, and nothing but a question or a yes
    or no while they are asked whether they agree, since a bare name is what somebody would type there."""
    if has_agreed(session, conversation):
        return text
    words = text.lower().replace("’", "'").strip(" .,!?").split()
    harmless = text.rstrip().endswith("?") or all(word.strip(".,!") in _TELLS_NOBODY for word in words)
    if not harmless and form_asked(session, conversation) == CONSENT:
        return NOT_KEPT
    return text if masked(text) == text else masked(text, published_details(session))


def details_before(session: Session, conversation: str) -> dict[str, str]:
    """Return what this conversation told in its latest lead, so that nobody is asked twice; its wish and message are of their own time.

    Nothing where it has spoken of two people: who of them asks again is not known.
    """
    links = session.execute(_links(conversation)).scalars().all()
    given = [link.given or {} for link in links]
    if len({folded(one.get("name") or "") for one in given}) != 1:
        return {}
    return {name: str(value) for name in PERSONAL if (value := given[0].get(name))}

"""Leads in the PA's chat: the list, one lead, what is due, the buttons under a lead, notes and next actions as replies."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.messages.texts import Button, cut, day, lead_buttons, moment, one_line, telegram
from bot.telegram.updates.staff_bot import StaffBot
from bot.telegram.updates.turn import TelegramReply, TelegramTurn
from bot.telegram.words import wording
from bot.telegram.words.days import read_plan
from bot.telegram.words.formatting import TelegramPart, as_telegram, ready_made, with_choice
from office.base.errors import BadInput, NotFound
from office.base.titles import STATUS_TITLES, WISH_TITLES
from office.base.workdays import london_day
from office.leads.changes import change_of, lead_of, undo
from office.leads.lists import COUNTED_TO, LeadFilter, count_leads, list_leads, urgent_leads
from office.leads.model import Lead
from office.leads.places import term_title
from office.leads.status import change_status
from office.leads.urgency import NEVER
from office.leads.working import add_note, note_view, notes_of, plan_action
from office.outbox.telegram import choose, message_of, remember_message

SHOWN = 5
SHOWN_TODAY = 20
SHOWN_NOTES = 3
LONGEST_QUOTE = 500
PROMPTED_AGAIN_AFTER = timedelta(minutes=2)
REFERENCE = re.compile(r"\bU-[2-9A-HJ-NP-Z]{6}\b")


def list_open(turn: TelegramTurn, session: Session) -> TelegramReply:
    """/leads: the most urgent, each a message of its own, so that it has its buttons and can be replied to."""
    wanted = LeadFilter(view="open")
    leads = [lead for _, lead in list_leads(session, wanted, now=turn.now, limit=SHOWN).rows]
    if not leads:
        return turn.says(wording.NO_LEADS, "leads")
    count = count_leads(session, wanted, now=turn.now)
    of = f"{COUNTED_TO:,}+" if count > COUNTED_TO else f"{count:,}"
    head = wording.LEADS_ALL if count <= len(leads) else wording.LEADS.format(shown=len(leads), count=of)
    staff = turn.staff(session)
    for lead in leads:
        note_view(session, lead, by=staff, now=turn.now, how="telegram list", glance=True)
    return TelegramReply("leads", [*as_telegram(head), *(lead_part(turn, lead) for lead in leads)])


def show(turn: TelegramTurn, session: Session) -> TelegramReply:
    """/lead U-7K3F9Q: all that is known of one lead."""
    if not turn.rest:
        return turn.says(wording.WHICH_LEAD, "lead")
    reference = reference_in(turn.rest)
    try:
        lead = lead_of(session, reference)
    except NotFound:
        return turn.says(wording.NO_SUCH_LEAD.format(reference=one_line(turn.rest, 20)), "no such lead")
    note_view(session, lead, by=turn.staff(session), now=turn.now, how="telegram")
    notes = [f"{name}, {moment(note.at)}: {one_line(note.text, 300)}" for note, name in notes_of(session, lead)[:SHOWN_NOTES]]
    return TelegramReply(f"lead {reference}", [lead_part(turn, lead, notes=notes, in_full=True)])


def today(turn: TelegramTurn, session: Session) -> TelegramReply:
    """/today: what is overdue or due, visits, and how many leads are new."""
    here = london_day(turn.now)
    urgent = urgent_leads(session, today=here, limit=SHOWN_TODAY)
    visits = session.execute(
        select(Lead).where(Lead.visit >= turn.now - timedelta(days=1), Lead.visit <= turn.now + timedelta(days=1))
    ).scalars()
    new = session.execute(select(func.count()).select_from(Lead).where(Lead.status == "new", Lead.survivor.is_(None))).scalar_one()
    lines = [f"{day(here)}. {new:,} new {'lead' if new == 1 else 'leads'}."]
    lines += [f"• {lead.reference} {one_line(lead.school, 60)}: {_due(lead, turn.now)}" for lead in urgent]
    lines += [
        f"• {lead.reference} {one_line(lead.school, 60)}: visit, {moment(lead.visit)}"
        for lead in visits
        if lead.visit is not None and london_day(lead.visit) == here
    ]
    if len(lines) == 1:
        lines.append("Nothing is overdue or due today.")
    staff = turn.staff(session)
    for lead in urgent:
        note_view(session, lead, by=staff, now=turn.now, how="telegram today", glance=True)
    return turn.says("\n".join(lines), "today")


def _due(lead: Lead, now: datetime) -> str:
    what = one_line(lead.next_action, 120) or ("reply promised" if lead.owed else STATUS_TITLES[lead.status])
    late = " (overdue)" if lead.urgent_at <= now else ""
    return f"{what}, by {day(london_day(lead.urgent_at - timedelta(seconds=1)))}{late}"


def lead_part(turn: TelegramTurn, lead: Lead, *, notes: list[str] | None = None, in_full: bool = False) -> TelegramPart:
    """Return a lead as a message with its buttons; a reply to it is a note."""
    rows = [
        ("School", lead.school), ("Name", f"{lead.name}, {lead.role}" if lead.role else lead.name), ("Phone", lead.phone), ("E-mail", lead.email),
        ("Wish", WISH_TITLES.get(lead.wish, lead.wish)), ("Term", term_title(lead.term)), ("Next", lead.next_action),
        ("By", _due_day(lead)), ("Received", moment(lead.received)),
    ]  # fmt: skip
    sample = "Sample: " if lead.sample else ""
    blocks = [("b", f"{sample}{lead.reference} · {STATUS_TITLES[lead.status]}")]
    blocks.append(("", "\n".join(f"{title}: {one_line(value, 200)}" for title, value in rows if value)))
    quotes = [("They asked", lead.first_question)]
    if in_full:
        quotes += [("Their message", lead.message), ("Not answered", "\n".join(lead.unanswered or [])), ("Notes", "\n".join(notes or []))]
    for title, text in quotes:
        if text.strip():
            blocks += [("", f"{title}:"), ("blockquote", cut(text.strip(), LONGEST_QUOTE * (3 if in_full else 1)))]
    return ready_made(telegram(blocks, buttons_of(turn, lead)), about=f"lead {lead.reference}")


def _due_day(lead: Lead) -> str:
    return day(london_day(lead.urgent_at - timedelta(seconds=1))) if lead.urgent_at < NEVER else ""


def buttons_of(turn: TelegramTurn, lead: Lead, undo_change: int | None = None) -> list[list[Button]]:
    """Return the buttons under a lead; for one that was just contacted, Undo in the first one's place."""
    rows = lead_buttons(lead, turn.settings.inbox_address)
    if undo_change is not None:
        return [[("Undo", f"lead:{lead.reference}:undo-{undo_change}"), *rows[0][1:]], *rows[1:]]
    return rows if lead.status == "new" else [rows[0][1:], *rows[1:]]


def reference_in(text: str) -> str:
    """Return a reference as it is kept, out of what somebody typed: “u-7k3f9q”, “7K3F9Q”."""
    typed = text.split()[0].strip(".,;:").upper()
    return typed if typed.startswith("U-") else f"U-{typed.removeprefix('U')}" if len(typed) in (6, 7) else typed


async def press(bot: StaffBot, turn: TelegramTurn) -> None:
    """A button under a lead."""
    await bot.acknowledge(turn)
    _, reference, what = (*turn.data.split(":", 2), "", "")[:3]
    views = {"contacted": _contacted, "next": _ask_for_plan, "note": _ask_for_note}
    view = views.get(what) or (_undone if re.fullmatch(r"undo-\d{1,9}", what) else None)
    if view is None:
        await bot.settle(turn, lambda turn, _: turn.says(wording.OLD_BUTTON, "old button"))
    else:
        await bot.settle(turn, lambda turn, session: _with_lead(view, turn, session, reference, what))


def _with_lead(view: object, turn: TelegramTurn, session: Session, reference: str, what: str) -> TelegramReply:
    try:
        lead = lead_of(session, reference, for_change=True)
    except NotFound:
        return turn.says(wording.NO_SUCH_LEAD.format(reference=reference), "no such lead")
    return view(turn, session, lead, what)  # type: ignore[operator, no-any-return]


def _contacted(turn: TelegramTurn, session: Session, lead: Lead, _: str) -> TelegramReply:
    is_first = turn.message is None or choose(session, turn.chat, turn.message.message_id, "contacted", now=turn.now)
    change = change_status(session, lead, "contacted", by=turn.staff(session), now=turn.now) if lead.status == "new" else None
    if change is None:
        sentence = wording.CONTACTED_BEFORE.format(reference=lead.reference, status=STATUS_TITLES[lead.status])
        return turn.says(sentence, "contacted before") if is_first else TelegramReply("pressed again")
    said = f"Contacted: {turn.person.name}, {moment(turn.now)}"
    return TelegramReply(f"contacted {lead.reference}", edit=_edited(turn, said, buttons_of(turn, lead, change.id)))


def _undone(turn: TelegramTurn, session: Session, lead: Lead, what: str) -> TelegramReply:
    change = change_of(session, int(what.partition("-")[2]))
    if change.lead != lead.id or change.undone:
        return TelegramReply("pressed again")
    undo(session, change, by=turn.staff(session), now=turn.now)
    session.refresh(lead)
    back = f"Back to {STATUS_TITLES[lead.status]}: {turn.person.name}, {moment(turn.now)}"
    return TelegramReply(f"undone {lead.reference}", edit=_edited(turn, back, buttons_of(turn, lead)))


def _edited(turn: TelegramTurn, choice: str, rows: list[list[Button]]) -> TelegramPart | None:
    message = turn.message
    if message is None or not message.text:
        return None
    part = with_choice(message.text_html, message.text, choice) or TelegramPart(message.text, message.text_html)
    return replace(part, rows=rows)


def _ask_for_plan(turn: TelegramTurn, session: Session, lead: Lead, _: str) -> TelegramReply:
    return _prompt(turn, session, wording.NEXT_HOW, f"action {lead.reference}", lead)


def _ask_for_note(turn: TelegramTurn, session: Session, lead: Lead, _: str) -> TelegramReply:
    return _prompt(turn, session, wording.NOTE_HOW, f"note {lead.reference}", lead)


def _prompt(turn: TelegramTurn, session: Session, words: str, about: str, lead: Lead) -> TelegramReply:
    """Ask for a reply; a second press within two minutes asks nothing more."""
    mark = f"{about.split()[0]} {turn.message.message_id if turn.message is not None else lead.id}"
    if not remember_message(session, turn.chat, mark, about, now=turn.now):
        known = message_of(session, turn.chat, mark)
        if known is not None and turn.now - known.at < PROMPTED_AGAIN_AFTER:
            return TelegramReply("pressed again")
        if known is not None:
            known.at = turn.now
    return turn.says(words.format(reference=lead.reference), about, about=about, wants_reply=True)


def note(turn: TelegramTurn, session: Session, reference: str) -> TelegramReply:
    """A reply to a lead's message is a note on it."""
    lead = lead_of(session, reference)
    add_note(session, lead, turn.text, by=turn.staff(session), now=turn.now, update=turn.key)
    return turn.says(wording.NOTED.format(reference=reference), f"note {reference}", about=f"lead {reference}")


def plan(turn: TelegramTurn, session: Session, reference: str) -> TelegramReply:
    """A reply to the question for the next action plans it."""
    action, due = read_plan(turn.text, london_day(turn.now))
    if due is None:
        return turn.says(wording.WHICH_DAY.format(text=one_line(action, 100)), "no day", about=f"action {reference}", wants_reply=True)
    try:
        plan_action(session, lead_of(session, reference), action or "Get in touch", due, by=turn.staff(session), now=turn.now)
    except BadInput as error:
        return turn.says(str(error), "refused", about=f"action {reference}", wants_reply=True)
    planned = wording.PLANNED.format(reference=reference, text=one_line(action or "Get in touch", 200), day=day(due))
    return turn.says(planned, f"action {reference}", about=f"lead {reference}")

"""One lead: its details, next action, notes, history and conversations; each step of the work is one form, and can be undone."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import quote

from starlette.responses import Response
from starlette.routing import Route

from bot.inbox.leads.change_words import TITLES, ToldChange, owners_in, told, value_in_words
from bot.inbox.leads.rows import idle_days, staff_names
from bot.inbox.web import Visit, local_path, page
from bot.inbox.wording import age
from office.base.dates import london_moment, read_day, read_time
from office.base.errors import BadInput, Conflict, NoPlace, NotFound
from office.base.titles import BY_HAND, OUTCOME_TITLES, STATUS_TITLES, WISH_TITLES, channel_title
from office.leads.changes import change_of, changes_since, history, lead_of, plain, undo, why_not_undone
from office.leads.lists import GROUPS, group_of, possible_duplicates
from office.leads.mail_link import mail_draft
from office.leads.model import Lead, LeadChange, LeadNote
from office.leads.places import place_of_lead, places_ahead, term_title
from office.leads.status import call_off_visit, called_off, change_status
from office.leads.talks import talks_of
from office.leads.typed import DETAILS
from office.leads.unconfirmed import WordBeside, leave_beside, take_details, words_beside
from office.leads.visits import clock_name, visit_calendar
from office.leads.working import (
    add_lead,
    add_note,
    edit_details,
    mark_read,
    mark_unread,
    note_view,
    notes_of,
    owners,
    plan_action,
    take_over,
)

STEPS = {"contacted": "c", "conversation": "i", "deciding": "g", "due_diligence": "d", "joined": "o"}  # one click, one key
HIDDEN = ("csrf", "version")


def show(visit: Visit) -> Response:
    """A lead; it is read once somebody who works leads was here."""
    lead = _lead(visit)
    note_view(visit.session, lead, by=visit.staff, now=visit.now)
    return _page(visit, lead)


def _lead(visit: Visit, *, for_change: bool = False) -> Lead:
    return lead_of(visit.session, str(visit.request.path_params["reference"]), for_change=for_change)


def _page(visit: Visit, lead: Lead, status: int = 200, **more: Any) -> Response:
    changes = history(visit.session, lead)
    names = staff_names(visit.session, owners_in([change for change, _ in changes]) | ({lead.owner} if lead.owner else set()))
    ahead = places_ahead(visit.session, visit.today)
    places = [(term_title(term.id), _free(free), place_of_lead(visit.session, lead, term.id)) for term, _, free in ahead]
    about_membership = lead.wish == "membership" or lead.status == "associate" or bool(lead.term) or any(held for *_, held in places)
    shown = {
        **_details(visit, lead, names),
        "words_beside": _beside(visit, lead), "wishes": WISH_TITLES,
        "talks": talks_of(visit.session, lead), "by_hand": BY_HAND, "outcome_titles": OUTCOME_TITLES, "channel_title": channel_title,
        "notes": notes_of(visit.session, lead), "history": _history(visit, lead, changes, names),
        "steps": [(step, STATUS_TITLES[step], key) for step, key in STEPS.items()],
        "owners": [("", "Nobody"), *((str(one.id), one.name) for one in owners(visit.session))],
        "terms": [(term.id, f"{term_title(term.id).capitalize()}: {_free(free)}") for term, _, free in ahead],
        "places": places, "about_membership": about_membership, "mail": mail_draft(lead, visit.staff.name), "nonce": secrets.token_hex(8),
        "off": called_off(visit.session, lead), "duplicate": possible_duplicates(visit.session, [lead]).get(lead.id, ""),
    }  # fmt: skip
    return visit.render("leads/show.html", status, **{**shown, **more})


def _beside(visit: Visit, lead: Lead) -> list[WordBeside]:
    """What other conversations said of the lead, the details in words: title, the lead's own, theirs."""

    def in_words(name: str, ours: str | None, theirs: str) -> tuple[str, str | None, str]:
        return TITLES[name], value_in_words(name, ours, {}), value_in_words(name, theirs, {})

    return [replace(word, details=tuple(in_words(*detail) for detail in word.details)) for word in words_beside(visit.session, lead)]


def _history(visit: Visit, lead: Lead, changes: list[tuple[LeadChange, str]], names: dict[int, str]) -> list[ToldChange]:
    """The changes in words, those that can be undone with a button: not what was changed again since."""
    can_work = visit.may("work leads") and lead.survivor is None
    return [told(change, who, names, can_undo=can_work and not why_not_undone(visit.session, change, lead)) for change, who in changes]


def _details(visit: Visit, lead: Lead, names: dict[int, str]) -> dict[str, Any]:
    return {
        "lead": lead, "status_title": STATUS_TITLES[lead.status], "wish": WISH_TITLES[lead.wish], "owner": names.get(lead.owner or 0, ""),
        "channel": channel_title(lead.channel), "age": age(lead.received, visit.now), "idle": idle_days(lead, visit.now),
        "group": GROUPS[group_of(lead, now=visit.now)], "clock": clock_name(lead.visit) if lead.visit else "",
        "term": term_title(lead.term), "survivor": visit.session.get(Lead, lead.survivor) if lead.survivor else None,
    }  # fmt: skip


def _free(free: int) -> str:
    return "no place free" if not free else f"{free} place{'' if free == 1 else 's'} free"


def print_page(visit: Visit) -> Response:
    """A lead on paper: details, what was asked, the notes."""
    lead = _lead(visit)
    note_view(visit.session, lead, by=visit.staff, now=visit.now, how="print")
    names = staff_names(visit.session, {lead.owner} if lead.owner else set())
    return visit.render("leads/print.html", **_details(visit, lead, names), notes=notes_of(visit.session, lead))


def calendar(visit: Visit) -> Response:
    """A booked visit as a calendar file; of one that was called off, the file that takes it out of the calendar."""
    lead = _lead(visit)
    off = called_off(visit.session, lead)
    if lead.visit is None and off is None:
        raise NotFound("no visit is booked")
    note_view(visit.session, lead, by=visit.staff, now=visit.now, how="calendar")
    file = visit_calendar(lead, address=f"{visit.settings.inbox_address}/leads/{lead.reference}", now=visit.now, off=off)
    headers = {"Content-Disposition": f'attachment; filename="visit-{lead.reference}.ics"'}
    return Response(file, media_type="text/calendar; charset=utf-8", headers=headers)


def _work(visit: Visit, do: Callable[[Lead], LeadChange | LeadNote | None], said: Callable[[Lead], str]) -> Response:
    """Do one step with a lead and say it, with a button to undo it; show the form again where something is missing.

    Whoever saw an older state is told what changed meanwhile, unless the step changes nothing any more.
    """
    lead = _lead(visit, for_change=True)
    overtaken = changes_since(visit.session, lead, _version(visit))
    if overtaken:
        return _overtaken(visit, lead, overtaken)
    back = local_path(str(visit.form.get("back", "")) or f"/leads/{lead.reference}")
    try:
        done = do(lead)
    except BadInput as error:
        field = "visit_day" if error.field == "visit" else error.field
        return _page(visit, lead, 400, problems={field: error.reason}, form=visit.form)
    except NoPlace as error:
        return _page(visit, lead, 409, problems={"term": str(error)}, form=visit.form)
    if done is None:
        return visit.go(back, "That is so already; nothing was changed.")
    change = done if isinstance(done, LeadChange) else history(visit.session, lead, 1)[0][0]
    return visit.go(back, said(lead), f"/leads/{lead.reference}/undo/{change.id}?next={quote(back)}")


def _version(visit: Visit) -> int:
    text = str(visit.form.get("version", ""))
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise BadInput("version", "This form is not complete. Load the lead again.")
    return int(text)


def _overtaken(visit: Visit, lead: Lead, overtaken: list[tuple[LeadChange, str]], **more: Any) -> Response:
    """What others changed since the form was opened, with the visitor's own input kept; nothing is overwritten."""
    names = staff_names(visit.session, owners_in([change for change, _ in overtaken]))
    kept = [(name, str(value)) for name, value in visit.form.multi_items() if name not in HIDDEN]
    shown = {
        "lead": lead, "changes": [told(change, who, names) for change, who in overtaken], "kept": kept, "action": visit.request.url.path,
        "mine": [(TITLES.get(name, name.capitalize()), value) for name, value in _readable(kept)], "fields": [],
        "wishes": [], "terms": [],
    }  # fmt: skip
    return visit.render("leads/conflict.html", 409, **{**shown, **more})


def _readable(kept: list[tuple[str, str]]) -> list[tuple[str, str]]:
    titles = {"status": STATUS_TITLES}
    return [(name, titles.get(name, {}).get(value, value)) for name, value in kept if value and name not in ("back", "nonce", "owner")]


def set_status(visit: Visit) -> Response:
    """Bring the lead to another status, with what that status needs."""
    lead, status = _lead(visit), str(visit.form.get("status", ""))
    if status in STEPS and lead.status == status and changes_since(visit.session, lead, _version(visit)):
        return visit.go(f"/leads/{lead.reference}", f"The status is {STATUS_TITLES[status]} already; nothing was changed.")

    def do(lead: Lead) -> LeadChange | None:
        return change_status(
            visit.session, lead, status, by=visit.staff, now=visit.now, reason=_text(visit, "reason"),
            revisit=read_day(_text(visit, "revisit"), "revisit"), visit=_visit_time(visit) if status == "visit" else None,
            term=_text(visit, "term")[:20] or None,
        )  # fmt: skip

    return _work(visit, do, lambda lead: f"Status changed to {STATUS_TITLES[lead.status]}.")


def call_off(visit: Visit) -> Response:
    """Call the booked visit off."""
    return _work(
        visit,
        lambda lead: call_off_visit(visit.session, lead, by=visit.staff, now=visit.now),
        lambda lead: "The visit is called off. The calendar file now takes it out of your calendar.",
    )


def _visit_time(visit: Visit) -> datetime | None:
    day, at = read_day(_text(visit, "visit_day"), "visit_day"), read_time(_text(visit, "visit_time"), "visit_time")
    if day is None and at is None:
        return None
    if day is None:
        raise BadInput("visit_day", "Choose the day of the visit.")
    if at is None:
        raise BadInput("visit_time", "Choose the hour of the visit.")
    return london_moment(day, at, "visit_time")


def _text(visit: Visit, name: str) -> str:
    return str(visit.form.get(name, ""))


def plan(visit: Visit) -> Response:
    """Plan what is done next, or clear it."""

    def do(lead: Lead) -> LeadChange | None:
        if visit.form.get("clear"):
            return plan_action(visit.session, lead, "", None, by=visit.staff, now=visit.now)
        due = read_day(_text(visit, "due"), "due")
        return plan_action(visit.session, lead, _text(visit, "next_action"), due, by=visit.staff, now=visit.now)

    return _work(visit, do, lambda lead: "The next action is kept." if lead.next_action else "There is no next action any more.")


def own(visit: Visit) -> Response:
    """Give the lead to somebody, or to nobody."""

    def do(lead: Lead) -> LeadChange | None:
        owner = _text(visit, "owner")
        if owner and not (owner.isascii() and owner.isdigit() and len(owner) < 10):
            raise BadInput("owner", "Choose somebody who works leads.")
        return take_over(visit.session, lead, int(owner) if owner else None, by=visit.staff, now=visit.now)

    return _work(visit, do, lambda lead: "The lead has another owner." if lead.owner else "The lead has no owner.")


def note(visit: Visit) -> Response:
    """Write a note. The form's own number makes a form that is sent twice one note."""
    lead = _lead(visit)
    try:
        nonce = _text(visit, "nonce")[:40] or secrets.token_hex(8)
        kept = add_note(visit.session, lead, _text(visit, "note"), by=visit.staff, now=visit.now, update=f"page:{visit.staff.id}:{nonce}")
    except BadInput as error:
        return _page(visit, lead, 400, problems={error.field: error.reason}, form=visit.form)
    except Conflict as error:
        return _page(visit, lead, 409, problems={"note": str(error)}, form=visit.form)
    change = next((change for change, _ in history(visit.session, lead) if change.fields.get("note") == [None, kept.id]), None)
    return visit.go(f"/leads/{lead.reference}", "The note is kept.", f"/leads/{lead.reference}/undo/{change.id}" if change else "")


def see_to_beside(visit: Visit) -> Response:
    """Take the details that another conversation gave, or leave the lead's own as they are."""
    number = visit.number("link")

    def do(lead: Lead) -> LeadChange | None:
        return take_details(visit.session, lead, number, by=visit.staff, now=visit.now)

    if visit.form.get("take"):
        try:
            return _work(visit, do, lambda lead: "The lead has these details now.")
        except Conflict as error:
            return _page(visit, _lead(visit), 409, problems={"beside": str(error)})
    lead = _lead(visit, for_change=True)
    leave_beside(visit.session, lead, number, by=visit.staff, now=visit.now)
    return visit.go(f"/leads/{lead.reference}", "The lead stays as it is.")


def unread(visit: Visit) -> Response:
    """Mark the lead as unread, or read."""
    lead = _lead(visit, for_change=True)
    mark = mark_read if visit.form.get("read") else mark_unread
    mark(visit.session, lead, by=visit.staff, now=visit.now)
    return visit.go("/leads", f"{lead.reference} is marked as {'read' if visit.form.get('read') else 'unread'}.")


def undo_change(visit: Visit) -> Response:
    """Take one change back."""
    lead, change = _lead(visit), change_of(visit.session, visit.number("change"))
    if change.lead != lead.id:
        raise NotFound("no such change of this lead")
    undo(visit.session, change, by=visit.staff, now=visit.now)
    return visit.go(local_path(visit.request.query_params.get("next", f"/leads/{lead.reference}")), "Undone: it is as before.")


def edit(visit: Visit) -> Response:
    """The form to correct what is known of the lead, filled in."""
    lead = _lead(visit)
    note_view(visit.session, lead, by=visit.staff, now=visit.now, how="edit")
    return _edit(visit, lead, form={name: getattr(lead, name) or "" for name in DETAILS}, version=lead.version)


def _edit(visit: Visit, lead: Lead, status: int = 200, **more: Any) -> Response:
    return visit.render("leads/edit.html", status, lead=lead, **_choices(visit, lead), **more)


def _choices(visit: Visit, lead: Lead) -> dict[str, Any]:
    terms = {term.id: term_title(term.id).capitalize() for term, _, _ in places_ahead(visit.session, visit.today)}
    if lead.term:
        terms.setdefault(lead.term, term_title(lead.term).capitalize())
    return {"wishes": _wishes(), "terms": list(terms.items())}


def new(visit: Visit, status: int = 200, **more: Any) -> Response:
    """The form to take down somebody who rang or came by."""
    terms = [(term.id, term_title(term.id).capitalize()) for term, _, _ in places_ahead(visit.session, visit.today)]
    shown = {"nonce": secrets.token_hex(8), "channels": list(BY_HAND.items()), "wishes": _wishes(), "terms": terms, **more}
    return visit.render("leads/new.html", status, **shown)


def add(visit: Visit) -> Response:
    """Keep who was taken down."""
    written = {name: _text(visit, name) for name in DETAILS}
    nonce = _text(visit, "nonce")[:40] or secrets.token_hex(8)
    try:
        lead = add_lead(
            visit.session, written, channel=_text(visit, "channel"), agreed=bool(visit.form.get("agreed")),
            form=f"{visit.staff.id}-{nonce}", reply_within=visit.settings.reply_within_days, by=visit.staff, now=visit.now,
        )  # fmt: skip
    except BadInput as error:
        return new(visit, 400, problems={error.field: error.reason}, form=visit.form, nonce=nonce)
    said = f"{lead.name} has an open lead already, which is marked as asked again." if lead.asked_again else f"{lead.name} is added."
    return visit.go(f"/leads/{lead.reference}", said)


def _wishes() -> list[tuple[str, str]]:
    return [(wish, title.capitalize()) for wish, title in WISH_TITLES.items()]


def save(visit: Visit) -> Response:
    """Keep the corrected details; where somebody else changed the lead meanwhile, show both and keep neither."""
    lead, version = _lead(visit, for_change=True), _version(visit)
    written = {name: _text(visit, name) for name in DETAILS}
    overtaken = changes_since(visit.session, lead, version)
    if overtaken:
        return _overtaken_edit(visit, lead, overtaken, written)
    try:
        change = edit_details(visit.session, lead, written, by=visit.staff, now=visit.now)
    except BadInput as error:
        return _edit(visit, lead, 400, problems={error.field: error.reason}, form=visit.form, version=version)
    except Conflict as error:
        return _edit(visit, lead, 409, problems={"name": str(error)}, form=visit.form, version=version)
    if change is None:
        return visit.go(f"/leads/{lead.reference}", "Nothing was changed.")
    return visit.go(f"/leads/{lead.reference}", "The details are kept.", f"/leads/{lead.reference}/undo/{change.id}")


def _overtaken_edit(visit: Visit, lead: Lead, overtaken: list[tuple[LeadChange, str]], written: dict[str, str]) -> Response:
    """Beside each field: what it was when the form was opened, what it is now, what was written. Untouched fields take what is new."""
    opened = {name: getattr(lead, name) for name in DETAILS}
    for change, _ in reversed(overtaken):
        opened |= {name: was for name, (was, _) in change.fields.items() if name in DETAILS}
    fields, form = [], {}
    for name in DETAILS:
        was, now, mine = (value_in_words(name, value, {}) for value in (opened[name], plain(getattr(lead, name)), written[name]))
        is_mine = mine.split() != was.split()
        form[name] = written[name] if is_mine else getattr(lead, name) or ""
        if is_mine or was != now:
            fields.append((TITLES[name], was, now, mine if is_mine else ""))
    more = {"fields": fields, "form": form, "version": lead.version, "kept": [], "mine": [], **_choices(visit, lead)}
    return _overtaken(visit, lead, overtaken, **more)


ROUTES = [
    Route("/leads/new", page(new, needs="work leads")),
    Route("/leads/new", page(add, needs="work leads"), methods=["POST"]),
    Route("/leads/{reference}", page(show, needs="read leads")),
    Route("/leads/{reference}/print", page(print_page, needs="read leads")),
    Route("/leads/{reference}/visit.ics", page(calendar, needs="read leads")),
    Route("/leads/{reference}/edit", page(edit, needs="work leads")),
    Route("/leads/{reference}/edit", page(save, needs="work leads"), methods=["POST"]),
    Route("/leads/{reference}/status", page(set_status, needs="work leads"), methods=["POST"]),
    Route("/leads/{reference}/visit/off", page(call_off, needs="work leads"), methods=["POST"]),
    Route("/leads/{reference}/plan", page(plan, needs="work leads"), methods=["POST"]),
    Route("/leads/{reference}/owner", page(own, needs="work leads"), methods=["POST"]),
    Route("/leads/{reference}/note", page(note, needs="work leads"), methods=["POST"]),
    Route("/leads/{reference}/beside/{link}", page(see_to_beside, needs="work leads"), methods=["POST"]),
    Route("/leads/{reference}/unread", page(unread, needs="work leads"), methods=["POST"]),
    Route("/leads/{reference}/undo/{change}", page(undo_change, needs="work leads"), methods=["POST"]),
]

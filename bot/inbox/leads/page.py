"""The page of one lead: its details, next action, notes, history and conversations; and the same on paper."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Any

from starlette.responses import Response

from bot.inbox.leads.change_words import TITLES, DescribedChange, described, owners_in, value_in_words
from bot.inbox.leads.rows import idle_days, staff_names
from bot.inbox.web import StaffRequest
from bot.inbox.wording import age
from office.base.titles import BY_HAND, OUTCOME_TITLES, STATUS_TITLES, WISH_TITLES, channel_title
from office.leads.changes import history, lead_of, why_not_undone
from office.leads.lists import GROUPS, group_of, possible_duplicates
from office.leads.mail_link import mail_draft
from office.leads.model import Lead, LeadChange
from office.leads.places import place_of_lead, places_ahead, term_title
from office.leads.status import called_off
from office.leads.talks import talks_of
from office.leads.unconfirmed import UnconfirmedWord, unconfirmed_words
from office.leads.visits import clock_name
from office.leads.working import note_view, notes_of, owners

STEPS = {"contacted": "c", "conversation": "i", "deciding": "g", "due_diligence": "d", "joined": "o"}  # one click, one key


def show(request: StaffRequest) -> Response:
    """A lead; it is read once somebody who works leads was here."""
    lead = lead_in(request)
    note_view(request.session, lead, by=request.staff, now=request.now)
    return render_lead(request, lead)


def print_page(request: StaffRequest) -> Response:
    """A lead on paper: details, what was asked, the notes."""
    lead = lead_in(request)
    note_view(request.session, lead, by=request.staff, now=request.now, how="print")
    names = staff_names(request.session, {lead.owner} if lead.owner else set())
    return request.render("leads/print.html", **_details(request, lead, names), notes=notes_of(request.session, lead))


def lead_in(request: StaffRequest, *, for_change: bool = False) -> Lead:
    """Return the lead of the address. Raises NotFound."""
    return lead_of(request.session, str(request.http.path_params["reference"]), for_change=for_change)


def render_lead(request: StaffRequest, lead: Lead, status: int = 200, **more: Any) -> Response:
    """Return the page of a lead; `more` are what was typed and what is wrong with it."""
    changes = history(request.session, lead)
    names = staff_names(request.session, owners_in([change for change, _ in changes]) | ({lead.owner} if lead.owner else set()))
    ahead = places_ahead(request.session, request.today)
    places = [(term_title(term.id), _free(free), place_of_lead(request.session, lead, term.id)) for term, _, free in ahead]
    about_membership = lead.wish == "membership" or lead.status == "associate" or bool(lead.term) or any(held for *_, held in places)
    shown = {
        **_details(request, lead, names),
        "unconfirmed_words": _unconfirmed(request, lead), "wishes": WISH_TITLES,
        "talks": talks_of(request.session, lead), "by_hand": BY_HAND, "outcome_titles": OUTCOME_TITLES, "channel_title": channel_title,
        "notes": notes_of(request.session, lead), "history": _history(request, lead, changes, names),
        "steps": [(step, STATUS_TITLES[step], key) for step, key in STEPS.items()],
        "owners": [("", "Nobody"), *((str(one.id), one.name) for one in owners(request.session))],
        "terms": [(term.id, f"{term_title(term.id).capitalize()}: {_free(free)}") for term, _, free in ahead],
        "places": places, "about_membership": about_membership, "mail": mail_draft(lead, request.staff.name), "nonce": secrets.token_hex(8),
        "off": called_off(request.session, lead), "duplicate": possible_duplicates(request.session, [lead]).get(lead.id, ""),
    }  # fmt: skip
    return request.render("leads/show.html", status, **{**shown, **more})


def _unconfirmed(request: StaffRequest, lead: Lead) -> list[UnconfirmedWord]:
    """What other conversations said of the lead, the details in words: title, the lead's own, theirs."""

    def in_words(name: str, ours: str | None, theirs: str) -> tuple[str, str | None, str]:
        return TITLES[name], value_in_words(name, ours, {}), value_in_words(name, theirs, {})

    return [replace(word, details=tuple(in_words(*detail) for detail in word.details)) for word in unconfirmed_words(request.session, lead)]


def _history(request: StaffRequest, lead: Lead, changes: list[tuple[LeadChange, str]], names: dict[int, str]) -> list[DescribedChange]:
    """The changes in words, those that can be undone with a button: not what was changed again since."""
    can_work = request.may("work leads") and lead.survivor is None
    return [
        described(change, who, names, can_undo=can_work and not why_not_undone(request.session, change, lead)) for change, who in changes
    ]


def _details(request: StaffRequest, lead: Lead, names: dict[int, str]) -> dict[str, Any]:
    return {
        "lead": lead, "status_title": STATUS_TITLES[lead.status], "wish": WISH_TITLES[lead.wish], "owner": names.get(lead.owner or 0, ""),
        "channel": channel_title(lead.channel), "age": age(lead.received, request.now), "idle": idle_days(lead, request.now),
        "group": GROUPS[group_of(lead, now=request.now)], "clock": clock_name(lead.visit) if lead.visit else "",
        "term": term_title(lead.term), "survivor": request.session.get(Lead, lead.survivor) if lead.survivor else None,
    }  # fmt: skip


def _free(free: int) -> str:
    return "no place free" if not free else f"{free} place{'' if free == 1 else 's'} free"

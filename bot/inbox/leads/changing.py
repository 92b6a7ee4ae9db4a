"""One change of a lead, as every form of its page makes it: checked against what others changed meanwhile, and with its undo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from starlette.responses import Response

from bot.inbox.leads.change_words import TITLES, described, owners_in
from bot.inbox.leads.page import lead_in, render_lead
from bot.inbox.leads.rows import staff_names
from bot.inbox.web import StaffRequest, local_path
from office.base.errors import BadInput, NoPlace, NotFound
from office.base.titles import STATUS_TITLES
from office.leads.changes import change_of, changes_since, history, undo
from office.leads.model import Lead, LeadChange, LeadNote

HIDDEN = ("csrf", "version")  # fields that are not what somebody wrote


def change_lead(request: StaffRequest, do: Callable[[Lead], LeadChange | LeadNote | None], said: Callable[[Lead], str]) -> Response:
    """Do one step with a lead and say it, with a button to undo it; show the form again where something is missing.

    Whoever saw an older state is told what changed meanwhile, unless the step changes nothing any more.
    """
    lead = lead_in(request, for_change=True)
    overtaken = changes_since(request.session, lead, version_in(request))
    if overtaken:
        return render_conflict(request, lead, overtaken)
    back = local_path(str(request.form.get("back", "")) or f"/leads/{lead.reference}")
    try:
        done = do(lead)
    except BadInput as error:
        field = "visit_day" if error.field == "visit" else error.field
        return render_lead(request, lead, 400, problems={field: error.reason}, form=request.form)
    except NoPlace as error:
        return render_lead(request, lead, 409, problems={"term": str(error)}, form=request.form)
    if done is None:
        return request.go(back, "That is so already; nothing was changed.")
    change = done if isinstance(done, LeadChange) else history(request.session, lead, 1)[0][0]
    return request.go(back, said(lead), f"/leads/{lead.reference}/undo/{change.id}?next={quote(back)}")


def version_in(request: StaffRequest) -> int:
    """Return the version of the lead that the form was opened with. Raises BadInput."""
    text = str(request.form.get("version", ""))
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise BadInput("version", "This form is not complete. Load the lead again.")
    return int(text)


def render_conflict(request: StaffRequest, lead: Lead, overtaken: list[tuple[LeadChange, str]], **more: Any) -> Response:
    """What others changed since the form was opened, with the visitor's own input kept; nothing is overwritten."""
    names = staff_names(request.session, owners_in([change for change, _ in overtaken]))
    kept = [(name, str(value)) for name, value in request.form.multi_items() if name not in HIDDEN]
    shown = {
        "lead": lead, "changes": [described(change, who, names) for change, who in overtaken], "kept": kept, "action": request.http.url.path,
        "mine": [(TITLES.get(name, name.capitalize()), value) for name, value in _readable(kept)], "fields": [],
        "wishes": [], "terms": [],
    }  # fmt: skip
    return request.render("leads/conflict.html", 409, **{**shown, **more})


def _readable(kept: list[tuple[str, str]]) -> list[tuple[str, str]]:
    titles = {"status": STATUS_TITLES}
    return [(name, titles.get(name, {}).get(value, value)) for name, value in kept if value and name not in ("back", "nonce", "owner")]


def undo_change(request: StaffRequest) -> Response:
    """Take one change back."""
    lead, change = lead_in(request), change_of(request.session, request.number("change"))
    if change.lead != lead.id:
        raise NotFound("no such change of this lead")
    undo(request.session, change, by=request.staff, now=request.now)
    return request.go(local_path(request.http.query_params.get("next", f"/leads/{lead.reference}")), "Undone: it is as before.")

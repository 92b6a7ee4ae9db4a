"""One change of a lead, as every form of its page makes it: checked against what others changed meanwhile, and with its undo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from starlette.responses import Response

from bot.inbox.leads.change_words import TITLES, owners_in, told
from bot.inbox.leads.page import lead_in, render_lead
from bot.inbox.leads.rows import staff_names
from bot.inbox.web import Visit, local_path
from office.base.errors import BadInput, NoPlace, NotFound
from office.base.titles import STATUS_TITLES
from office.leads.changes import change_of, changes_since, history, undo
from office.leads.model import Lead, LeadChange, LeadNote

HIDDEN = ("csrf", "version")  # fields that are not what somebody wrote


def change_lead(visit: Visit, do: Callable[[Lead], LeadChange | LeadNote | None], said: Callable[[Lead], str]) -> Response:
    """Do one step with a lead and say it, with a button to undo it; show the form again where something is missing.

    Whoever saw an older state is told what changed meanwhile, unless the step changes nothing any more.
    """
    lead = lead_in(visit, for_change=True)
    overtaken = changes_since(visit.session, lead, version_in(visit))
    if overtaken:
        return render_conflict(visit, lead, overtaken)
    back = local_path(str(visit.form.get("back", "")) or f"/leads/{lead.reference}")
    try:
        done = do(lead)
    except BadInput as error:
        field = "visit_day" if error.field == "visit" else error.field
        return render_lead(visit, lead, 400, problems={field: error.reason}, form=visit.form)
    except NoPlace as error:
        return render_lead(visit, lead, 409, problems={"term": str(error)}, form=visit.form)
    if done is None:
        return visit.go(back, "That is so already; nothing was changed.")
    change = done if isinstance(done, LeadChange) else history(visit.session, lead, 1)[0][0]
    return visit.go(back, said(lead), f"/leads/{lead.reference}/undo/{change.id}?next={quote(back)}")


def version_in(visit: Visit) -> int:
    """Return the version of the lead that the form was opened with. Raises BadInput."""
    text = str(visit.form.get("version", ""))
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise BadInput("version", "This form is not complete. Load the lead again.")
    return int(text)


def render_conflict(visit: Visit, lead: Lead, overtaken: list[tuple[LeadChange, str]], **more: Any) -> Response:
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


def undo_change(visit: Visit) -> Response:
    """Take one change back."""
    lead, change = lead_in(visit), change_of(visit.session, visit.number("change"))
    if change.lead != lead.id:
        raise NotFound("no such change of this lead")
    undo(visit.session, change, by=visit.staff, now=visit.now)
    return visit.go(local_path(visit.request.query_params.get("next", f"/leads/{lead.reference}")), "Undone: it is as before.")

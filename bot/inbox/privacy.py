"""Privacy: an admin finds what is held on a person, looks at it, gives it out as JSON, and erases it everywhere."""

from __future__ import annotations

import json

from starlette.responses import Response
from starlette.routing import Route

from bot.inbox.web import Visit, page
from bot.inbox.wording import counted
from bot.letters.mail_folder import forget_mail_about
from office.base.errors import BadInput
from office.personal.erasure import erase_person, erased_counts
from office.personal.person_file import PersonFile, export_person, file_of_conversation, file_of_lead, find_person, look_at_person

LONGEST_QUERY = 200
ERASED = {
    "leads": ("lead",), "notes": ("note",), "changes": ("change",), "messages": ("message",), "enquiries": ("enquiry", "enquiries"),
    "drafts": ("form begun and not sent", "forms begun and not sent"), "notifications": ("notification",), "e-mails": ("e-mail",),
    "telegram_messages": ("record of a message in Telegram", "records of messages in Telegram"), "mentions": ("mention",),
    "assistant_memory": ("entry of the assistant’s memory", "entries of the assistant’s memory"),
}  # fmt: skip


def find(visit: Visit) -> Response:
    """The search, and what it found."""
    q = visit.request.query_params.get("q", "")[:LONGEST_QUERY]
    found = find_person(visit.session, q, by=visit.staff, now=visit.now) if q.strip() else None
    return visit.render("privacy/find.html", q=q, found=found, erased=erased_counts(visit.session), periods=visit.settings)


def show(visit: Visit, status: int = 200, **more: object) -> Response:
    """What is held on one person."""
    file = _file(visit)
    held = look_at_person(visit.session, file, by=visit.staff, now=visit.now)
    numbers = {name: len(rows) for name, rows in held.items() if rows and name not in ("audit", "conversations_of_leads")}
    told = [row for row in held["notifications"] if row["sent"]]
    return visit.render(
        "privacy/show.html", status, file=file, held=held, numbers=numbers, told=told, query=visit.request.url.query, **more
    )  # fmt: skip


def export(visit: Visit) -> Response:
    """All of it as a JSON file."""
    file = _file(visit)
    held = export_person(visit.session, file, by=visit.staff, now=visit.now)
    held = {"made": visit.now.isoformat(), "by": visit.staff.name, **held}
    name = (file.references or ["conversation"])[0]
    text = json.dumps(held, ensure_ascii=False, indent=2)
    headers = {"Content-Disposition": f'attachment; filename="usher-{name}.json"', "Cache-Control": "no-store"}
    return Response(text.encode("utf-8", "replace"), media_type="application/json", headers=headers)


def erase(visit: Visit) -> Response:
    """Erase it everywhere, once the reference was typed."""
    file = _file(visit)
    references = file.references
    try:
        erased = erase_person(visit.session, file, typed=visit.text("typed"), by=visit.staff, now=visit.now)
    except BadInput as error:
        return show(visit, 422, problems={error.field: error.reason}, form=visit.form)
    erased["e-mails"] += forget_mail_about(visit.settings.var / "mail", references)
    said = ", ".join(counted(erased[kind], *words) for kind, words in ERASED.items() if erased[kind])
    return visit.go("/privacy", f"Erased: {said or 'nothing more was held'}.")


def _file(visit: Visit) -> PersonFile:
    reference = visit.request.path_params.get("reference")
    if reference is not None:
        return file_of_lead(visit.session, str(reference)[:20])
    return file_of_conversation(visit.session, visit.request.query_params.get("id", "")[:200])


ROUTES = [
    Route("/privacy", page(find, needs="see to privacy")),
    Route("/privacy/leads/{reference}", page(show, needs="see to privacy")),
    Route("/privacy/leads/{reference}/export", page(export, needs="see to privacy"), methods=["POST"]),
    Route("/privacy/leads/{reference}/erase", page(erase, needs="see to privacy"), methods=["POST"]),
    Route("/privacy/conversation", page(show, needs="see to privacy")),
    Route("/privacy/conversation/export", page(export, needs="see to privacy"), methods=["POST"]),
    Route("/privacy/conversation/erase", page(erase, needs="see to privacy"), methods=["POST"]),
]

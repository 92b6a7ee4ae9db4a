"""Privacy: an admin finds what is held on a person, looks at it, gives it out as JSON, and erases it everywhere."""

from __future__ import annotations

import json

from starlette.responses import Response
from starlette.routing import Route

from bot.inbox.web import StaffRequest, page
from bot.inbox.wording import counted
from bot.messages.mail_folder import forget_mail_about
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


def find(request: StaffRequest) -> Response:
    """The search, and what it found."""
    q = request.http.query_params.get("q", "")[:LONGEST_QUERY]
    found = find_person(request.session, q, by=request.staff, now=request.now) if q.strip() else None
    return request.render("privacy/find.html", q=q, found=found, erased=erased_counts(request.session), periods=request.settings)


def show(request: StaffRequest, status: int = 200, **more: object) -> Response:
    """What is held on one person."""
    file = _file(request)
    held = look_at_person(request.session, file, by=request.staff, now=request.now)
    numbers = {name: len(rows) for name, rows in held.items() if rows and name not in ("audit", "conversations_of_leads")}
    told = [row for row in held["notifications"] if row["sent"]]
    return request.render(
        "privacy/show.html", status, file=file, held=held, numbers=numbers, told=told, query=request.http.url.query, **more
    )  # fmt: skip


def export(request: StaffRequest) -> Response:
    """All of it as a JSON file."""
    file = _file(request)
    held = export_person(request.session, file, by=request.staff, now=request.now)
    held = {"made": request.now.isoformat(), "by": request.staff.name, **held}
    name = (file.references or ["conversation"])[0]
    text = json.dumps(held, ensure_ascii=False, indent=2)
    headers = {"Content-Disposition": f'attachment; filename="usher-{name}.json"', "Cache-Control": "no-store"}
    return Response(text.encode("utf-8", "replace"), media_type="application/json", headers=headers)


def erase(request: StaffRequest) -> Response:
    """Erase it everywhere, once the reference was typed."""
    file = _file(request)
    references = file.references
    try:
        erased = erase_person(request.session, file, typed=request.text("typed"), by=request.staff, now=request.now)
    except BadInput as error:
        return show(request, 422, problems={error.field: error.reason}, form=request.form)
    erased["e-mails"] += forget_mail_about(request.settings.var / "mail", references)
    said = ", ".join(counted(erased[kind], *words) for kind, words in ERASED.items() if erased[kind])
    return request.go("/privacy", f"Erased: {said or 'nothing more was held'}.")


def _file(request: StaffRequest) -> PersonFile:
    reference = request.http.path_params.get("reference")
    if reference is not None:
        return file_of_lead(request.session, str(reference)[:20])
    return file_of_conversation(request.session, request.http.query_params.get("id", "")[:200])


ROUTES = [
    Route("/privacy", page(find, needs="see to privacy")),
    Route("/privacy/leads/{reference}", page(show, needs="see to privacy")),
    Route("/privacy/leads/{reference}/export", page(export, needs="see to privacy"), methods=["POST"]),
    Route("/privacy/leads/{reference}/erase", page(erase, needs="see to privacy"), methods=["POST"]),
    Route("/privacy/conversation", page(show, needs="see to privacy")),
    Route("/privacy/conversation/export", page(export, needs="see to privacy"), methods=["POST"]),
    Route("/privacy/conversation/erase", page(erase, needs="see to privacy"), methods=["POST"]),
]

"""The way every page of the inbox goes: who asks, may they, one transaction, and a kind sentence where it does not work."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any
from urllib.parse import quote, urlsplit

from markupsafe import Markup
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import Message

from bot.inbox import cookies
from bot.inbox.state import InboxState
from bot.web.bodies import BodyTooLarge, BodyTooSlow, read_body
from office.base.database import LARGEST_NUMBER
from office.base.errors import BadInput, Conflict, NoPlace, NotAllowed, NotFound, OfficeError
from office.base.staff import Staff, may, require
from office.base.workdays import london_day
from office.leads.unread import unread_counts
from office.people.signing_in import who_is
from settings import Settings

LARGEST_BODY = 1024 * 1024  # bytes
BODY_WITHIN = 30.0  # seconds
CSRF = "csrf"
ANYBODY = ""  # needs no permission, only to be signed in: signing out
WRITTEN = ("note", "message", "says", "reason", "next_action")  # fields in which somebody writes at length
NOTHING_WAITS = {"leads": 0, "gaps": 0}
View = Callable[["StaffRequest"], Response]
Endpoint = Callable[[Request], Awaitable[Response]]
STATUSES: dict[type[OfficeError], int] = {NotFound: 404, NotAllowed: 403, Conflict: 409, NoPlace: 409, BadInput: 400}
SENTENCES = {
    400: ("That cannot be taken", "What was sent is not what this page takes."),
    403: ("Not allowed", "Your role does not include this. An admin can change your role."),
    404: ("Nothing here", "There is nothing at this address, or no longer."),
    409: ("Nothing was changed", "This was changed meanwhile, so nothing was overwritten. Go back and look at it as it is now."),
}
FORGED = "This form is no longer valid: you may have signed in anew, or it came from another page. Go back, load the page again and send it once more."


@dataclass(frozen=True)
class PageViewer:
    """Who looks at the page, as its head shows it."""

    id: int
    name: str
    role: str


@dataclass
class StaffRequest:
    """One request of a signed-in member of staff, inside one transaction."""

    http: Request
    session: Session
    staff: Staff
    now: datetime
    settings: Settings
    form: FormData
    token: str  # of this sign-in
    inbox: InboxState
    keep: bool = False  # set by a view whose refusal is to keep what it wrote

    @property
    def today(self) -> date:
        """The day it is in London."""
        return london_day(self.now)

    def render(self, template: str, status: int = 200, **context: Any) -> Response:
        """Return a page. A status of 400 or above also takes back what the view wrote."""
        me = PageViewer(self.staff.id, self.staff.name, self.staff.role)
        counts = unread_counts(self.session)
        return render(self.http, self.inbox, template, status, token=self.token, me=me, now=self.now, counts=counts, **context)

    def go(self, path: str, said: str = "", undo: str = "") -> Response:
        """Go to another page after a POST. That page shows `said`; with `undo`, a path to POST to, also a button to undo it."""
        response = RedirectResponse(local_path(path), 303)
        if said:
            cookies.set_cookie(response, cookies.SAID, cookies.write_said(self.token, said, undo), self.settings, seconds=60)
        return response

    def may(self, permission: str) -> bool:
        """Return whether who looks may do that."""
        return may(self.staff, permission)

    def text(self, name: str) -> str:
        """Return a field of the form, without spaces around it; nothing where it was not sent."""
        value = self.form.get(name, "")
        return value.strip() if isinstance(value, str) else ""

    def typed(self, name: str) -> str:
        """Return a field of the form as it was typed, spaces and all."""
        return str(self.form.get(name, ""))

    def number(self, name: str) -> int:
        """Return a number in the address. Raises NotFound for what cannot be an id."""
        text = str(self.http.path_params[name])
        if not (text.isascii() and text.isdigit() and len(text) <= 10 and 0 < int(text) <= LARGEST_NUMBER):
            raise NotFound("there is nothing of that number")
        return int(text)


class _TakenBack(Exception):
    """The view returned a refusal: what it wrote is rolled back, and the response sent all the same."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status_code)
        self.response = response


def page(view: View, *, needs: str) -> Endpoint:
    """Return the endpoint of a view for staff who have a permission: sign-in, CSRF, one transaction, errors as pages."""
    if needs != ANYBODY:
        may(None, needs)  # a misspelt permission is found at the start

    async def endpoint(request: Request) -> Response:
        inbox: InboxState = request.app.state.inbox
        form = await read_form(request) if request.method == "POST" else FormData()
        return await run_in_threadpool(_respond, view, needs, request, inbox, form)

    return endpoint


def _respond(view: View, needs: str, request: Request, inbox: InboxState, form: FormData) -> Response:
    token, now = cookies.read_cookie(request, cookies.SIGNED_IN, inbox.settings), inbox.clock()
    me: PageViewer | None = None
    try:
        with inbox.database.transaction() as session:
            staff = who_is(session, token, hours=inbox.settings.session_hours, now=now) if token else None
            if staff is None:
                return signed_out(request, inbox, token, form, now) or to_sign_in(request)
            me = PageViewer(staff.id, staff.name, staff.role)
            if request.method == "POST" and not is_own_form(request, inbox.settings, token, form):
                return sentence(request, inbox, 403, "This form cannot be sent", FORGED, token=token, me=me, now=now)
            if needs != ANYBODY:
                require(staff, needs)
            staff_request = StaffRequest(request, session, staff, now, inbox.settings, form, token, inbox)
            response = view(staff_request)
            if response.status_code >= 400 and not staff_request.keep:
                raise _TakenBack(response)
            return response
    except _TakenBack as taken_back:
        return taken_back.response
    except (NotFound, NotAllowed, Conflict, NoPlace, BadInput) as error:
        status = next(status for kind, status in STATUSES.items() if isinstance(error, kind))
        title, usual = SENTENCES[status]
        said = str(error) if isinstance(error, (Conflict, BadInput)) and str(error) else usual
        return sentence(request, inbox, status, title, said, token=token, me=me, now=now)


def render(
    request: Request,
    inbox: InboxState,
    template: str,
    status: int = 200,
    *,
    token: str,
    me: PageViewer | None,
    now: datetime,
    counts: dict[str, int] | None = None,
    **context: Any,
) -> Response:
    """Return a page for somebody signed in, or (`me` None) to anybody. A message of the page before is shown once."""
    said = cookies.read_cookie(request, cookies.SAID, inbox.settings)
    flash = cookies.read_said(token, said) if said and token else None
    field = Markup('<input type="hidden" name="{}" value="{}">').format(CSRF, cookies.csrf_of(token))
    shown = {
        "me": me, "may": partial(may, me), "now": now, "today": london_day(now), "path": request.url.path, "counts": counts or NOTHING_WAITS, "flash": flash,
        "csrf": cookies.csrf_of(token), "csrf_field": lambda: field, "settings": inbox.settings, "problems": {}, "form": {},
    }  # fmt: skip
    response = HTMLResponse(inbox.templates.get_template(template).render({**shown, **context}), status)
    if said:
        cookies.drop_cookie(response, cookies.SAID, inbox.settings)
    return response


def sentence(
    request: Request,
    inbox: InboxState,
    status: int,
    title: str,
    said: str,
    *,
    token: str = "",
    me: PageViewer | None = None,
    now: datetime | None = None,
) -> Response:
    """Return a page that says in one sentence why something did not work, and leads back to the form that was sent. Asks no database."""
    back = page_before(request) if me and request.method == "POST" else "/"
    return render(request, inbox, "error.html", status, token=token, me=me, now=now or inbox.clock(), title=title, said=said, back=back)


def to_sign_in(request: Request) -> Response:
    """Send somebody to sign in, and back afterwards to the page they wanted to see."""
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    back = f"?next={quote(wanted)}" if request.method == "GET" and wanted != "/" and len(wanted) <= 2000 else ""
    return RedirectResponse(f"/sign-in{back}", 303)


def signed_out(request: Request, inbox: InboxState, token: str, form: FormData, now: datetime) -> Response | None:
    """Return the page that gives back what somebody wrote whose sign-in ended meanwhile, so that it is not lost; None where there is nothing to give back."""
    texts = [str(form.get(name, "")) for name in WRITTEN]
    if not any(texts) or not (is_own_form(request, inbox.settings, token, form) if token else is_own_page(request, inbox.settings)):
        return None
    shown: dict[str, Any] = {"texts": [text for text in texts if text], "back": f"/sign-in?next={quote(page_before(request))}"}
    return render(request, inbox, "signing_in/signed_out.html", 401, token=token, me=None, now=now, **shown)


def page_before(request: Request) -> str:
    """Return the path of the page that a form was sent from, as the browser says; the first page where it does not."""
    return local_path("/" + "/".join(request.headers.get("referer", "").split("/")[3:]))


def local_path(path: str) -> str:
    """Return a path of this inbox; the first page for whatever leads out of it."""
    return path if path.startswith("/") and not path.startswith("//") and path.isprintable() and "\\" not in path else "/"


def is_own_form(request: Request, settings: Settings, token: str, form: FormData) -> bool:
    """Return whether a POST comes from a page of ours: the browser's word for it, and the token that only our page knows."""
    return is_own_page(request, settings) and cookies.is_csrf(token, form.get(CSRF))


def is_own_page(request: Request, settings: Settings) -> bool:
    """Return whether a request comes from a page of ours, by the browser's word for it."""
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site", "same-origin")
    own = {settings.inbox_address.rstrip("/"), f"{request.url.scheme}://{request.headers.get('host', '')}"}
    own |= {f"{one.scheme}://{one.netloc}" for one in (urlsplit(settings.inbox_address),)}
    return (origin is None or origin in own) and site in ("same-origin", "none")


async def read_form(request: Request) -> FormData:
    """Return what a form sent. Raises HTTPException: 413 for more than a megabyte, 408 where it takes too long."""
    try:
        body = await read_body(request, largest=LARGEST_BODY, within=BODY_WITHIN)
    except BodyTooLarge:
        raise HTTPException(413) from None
    except BodyTooSlow:
        raise HTTPException(408) from None
    except ClientDisconnect:
        raise HTTPException(400) from None

    async def again() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    try:
        return await Request(request.scope, again).form(max_files=0)
    except (ValueError, UnicodeError):
        raise HTTPException(400) from None

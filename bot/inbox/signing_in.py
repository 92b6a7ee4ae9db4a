"""Signing in and out, and setting a password by a one-time link: the pages that need no sign-in."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.inbox import cookies
from bot.inbox.devices import device_of
from bot.inbox.state import InboxState
from bot.inbox.web import is_own_form, local_path, read_form, render, sentence
from bot.web.addresses import address_of
from office.base.errors import BadInput, NotFound
from office.base.staff import Staff
from office.people.accounts import has_staff, plain_email, refresh_hash, staff_by_email, use_password_link, who_has_link
from office.people.passwords import is_password
from office.people.signing_in import LONGEST_SIGN_IN, attempt_was_right, begin_attempt, begin_sign_in, refuse_attempt, sign_out, who_is

KNOWN_FOR = 180 * 24 * 60 * 60  # seconds for which a browser is known again
WRONG = "This e-mail address and password do not belong together. Please try again."
STALE = "This page had been open for too long, or your browser keeps no cookies. Please try again."
SET = "Your password is set. Please sign in with it."
LINK_GONE = "This link was used already, or is older than a week. Ask an admin for another."


async def show_sign_in(request: Request) -> Response:
    """The form, or straight on for who is signed in."""
    return await run_in_threadpool(_show_sign_in, request)


def _show_sign_in(request: Request) -> Response:
    inbox: InboxState = request.app.state.inbox
    token = cookies.read_cookie(request, cookies.SIGNED_IN, inbox.settings)
    wanted = local_path(request.query_params.get("next", "/"))
    with inbox.database.transaction() as session:
        if token and who_is(session, token, hours=inbox.settings.session_hours, now=inbox.clock()):
            return RedirectResponse(wanted, 303)
        return _form(request, inbox, wanted, is_empty=not has_staff(session))


async def sign_in(request: Request) -> Response:
    """Look at the password, and sign in."""
    form = await read_form(request)
    return await run_in_threadpool(_sign_in, request, form)


def _sign_in(request: Request, form: FormData) -> Response:
    inbox: InboxState = request.app.state.inbox
    settings, now, database = inbox.settings, inbox.clock(), inbox.database
    email, password = plain_email(_text(form, "email"))[:1000], _text(form, "password")
    wanted = local_path(_text(form, "next") or "/")
    if not is_own_form(request, settings, cookies.read_cookie(request, cookies.BEFORE, settings), form):
        return _form(request, inbox, wanted, 403, said=STALE, email=email)
    address = address_of(request, trust_proxy=settings.trust_proxy)
    with database.transaction() as session:
        staff = staff_by_email(session, email)
        known = _known(request, inbox, staff)
        wait = begin_attempt(session, email, address, now=now, known=known)
    if wait:
        response = _form(request, inbox, wanted, 429, said=please_wait(wait), email=email)
        response.headers["Retry-After"] = str(wait)
        return response
    kept = staff.password if staff and staff.withdrawn is None else None
    is_right = is_password(password, kept)  # outside any transaction: it takes a while
    with database.transaction() as session:
        staff = staff_by_email(session, email)
        if not (is_right and staff and staff.withdrawn is None and staff.password == kept):
            refuse_attempt(session, staff, now=now)
            return _form(request, inbox, wanted, 401, said=WRONG, email=email)
        refresh_hash(staff, password)
        device = device_of(request.headers.get("user-agent", ""))
        attempt_was_right(session, email, address, known=known)
        token = begin_sign_in(session, staff, device=device, hours=settings.session_hours, now=now)
        old = cookies.read_cookie(request, cookies.SIGNED_IN, settings)
        if old:
            sign_out(session, old, now=now)
        name = known or cookies.new_token()
        recognised = f"{name}.{_recognised(staff, name)}"
    response = RedirectResponse(wanted, 303)
    cookies.set_cookie(response, cookies.SIGNED_IN, token, settings, seconds=int(LONGEST_SIGN_IN.total_seconds()))
    cookies.set_cookie(response, cookies.KNOWN, recognised, settings, seconds=KNOWN_FOR)
    cookies.drop_cookie(response, cookies.BEFORE, settings)
    return response


def _form(
    request: Request, inbox: InboxState, wanted: str, status: int = 200, *, said: str = "", email: str = "", is_empty: bool = False
) -> Response:
    before = cookies.read_cookie(request, cookies.BEFORE, inbox.settings) or cookies.new_token()
    context: dict[str, Any] = {"wanted": wanted, "said": said, "form": {"email": email}, "is_empty": is_empty}
    response = render(request, inbox, "signing_in/sign_in.html", status, token=before, me=None, now=inbox.clock(), **context)
    cookies.set_cookie(response, cookies.BEFORE, before, inbox.settings)
    return response


def please_wait(seconds: int) -> str:
    """Return the sentence for somebody who tried too often."""
    minutes = -(-seconds // 60)
    wait = f"{seconds} seconds" if seconds < 60 else f"{minutes} minute{'s' if minutes > 1 else ''}"
    return (
        f"There were several wrong attempts. Please wait {wait} and try again; if you forgot your password, an admin can give you a link."
    )


def _recognised(staff: Staff, name: str) -> str:
    return hmac.new(str(staff.password).encode(), f"{staff.id} {name}".encode(), hashlib.sha256).hexdigest()


def _known(request: Request, inbox: InboxState, staff: Staff | None) -> str:
    """Return the name of this browser, where this person was signed in with it since they set their password."""
    name, _, seal = cookies.read_cookie(request, cookies.KNOWN, inbox.settings).partition(".")
    is_genuine = staff is not None and staff.password and hmac.compare_digest(_recognised(staff, name).encode(), seal.encode())
    return name if is_genuine else ""


async def show_link(request: Request) -> Response:
    """The form to set a password by a one-time link."""
    return await run_in_threadpool(_link, request, None)


async def use_link(request: Request) -> Response:
    """Set the password; then they sign in with it, so that their browser can keep it."""
    form = await read_form(request)
    return await run_in_threadpool(_link, request, form)


def _link(request: Request, form: FormData | None) -> Response:
    inbox: InboxState = request.app.state.inbox
    code, now = str(request.path_params["code"]), inbox.clock()
    before = cookies.read_cookie(request, cookies.BEFORE, inbox.settings) or cookies.new_token()
    problems: dict[str, str] = {}
    try:
        with inbox.database.transaction() as session:
            staff = who_has_link(session, code, now=now)
            name, email = staff.name, staff.email
            if form is not None and not is_own_form(request, inbox.settings, before, form):
                problems = {"password": STALE}
            elif form is not None and _text(form, "password") != _text(form, "again"):
                problems = {"again": "The two passwords are not the same."}
            elif form is not None:
                use_password_link(session, code, _text(form, "password"), now=now)
                to_sign_in = RedirectResponse("/sign-in", 303)
                cookies.set_cookie(to_sign_in, cookies.SAID, cookies.write_said(before, SET, ""), inbox.settings, seconds=60)
                return to_sign_in
    except BadInput as error:
        problems = {error.field: error.reason}
    except NotFound:
        return sentence(request, inbox, 404, "This link no longer works", LINK_GONE)
    status = 422 if problems else 200
    context: dict[str, Any] = {"name": name, "email": email, "problems": problems}
    response = render(request, inbox, "signing_in/set_password.html", status, token=before, me=None, now=now, **context)
    cookies.set_cookie(response, cookies.BEFORE, before, inbox.settings)
    return response


def _text(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


ROUTES = [
    Route("/sign-in", show_sign_in),
    Route("/sign-in", sign_in, methods=["POST"]),
    Route("/set-password/{code}", show_link),
    Route("/set-password/{code}", use_link, methods=["POST"]),
]

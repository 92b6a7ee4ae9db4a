"""Your account: who you are here, where you are signed in, your password, your Telegram; and signing out."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from bot.inbox import cookies
from bot.inbox.signing_in import please_wait
from bot.inbox.web import ANYBODY, StaffRequest, page
from bot.web.addresses import address_of
from office.base.errors import BadInput
from office.people.accounts import set_password
from office.people.passwords import is_password
from office.people.signing_in import attempt_was_right, begin_attempt, end_sign_in, is_this, sign_ins_of, sign_out, sign_out_everywhere

WRONG = "This is not your present password."
DIFFERENT = "The two new passwords are not the same."


def show(request: StaffRequest, status: int = 200, **more: object) -> Response:
    """My name, role, sign-ins, password and Telegram."""
    sign_ins = sign_ins_of(request.session, request.staff, hours=request.settings.session_hours, now=request.now)
    listed = [(sign_in, is_this(sign_in, request.token)) for sign_in in sign_ins]
    return request.render("account/show.html", status, staff=request.staff, sign_ins=listed, **more)


def change_password(request: StaffRequest) -> Response:
    """Take a new password, and sign out all other browsers."""
    old, new = _raw(request, "old"), _raw(request, "password")
    of = f"password of staff {request.staff.id}"
    address = address_of(request.http, trust_proxy=request.settings.trust_proxy)
    request.keep = True  # attempts count, wrong ones above all
    wait = begin_attempt(request.session, of, address, now=request.now)
    if wait:
        return show(request, 429, problems={"old": please_wait(wait)})
    if not is_password(old, request.staff.password):
        return show(request, 422, problems={"old": WRONG})
    attempt_was_right(request.session, of, address)
    if new != _raw(request, "again"):
        return show(request, 422, problems={"again": DIFFERENT})
    try:
        set_password(request.session, request.staff, new, by=request.staff, now=request.now, keep=request.token)
    except BadInput as error:
        return show(request, 422, problems={error.field: error.reason})
    return request.go("/account", "Your password is changed. All your other browsers are signed out.")


def _raw(request: StaffRequest, name: str) -> str:
    value = request.form.get(name, "")
    return value if isinstance(value, str) else ""


def end_one(request: StaffRequest) -> Response:
    """End one of my other sign-ins."""
    end_sign_in(request.session, request.staff, str(request.http.path_params["sign_in"]), now=request.now)
    return request.go("/account", "That browser is signed out.")


def leave(request: StaffRequest) -> Response:
    """Sign out here."""
    sign_out(request.session, request.token, now=request.now)
    return _left(request)


def leave_everywhere(request: StaffRequest) -> Response:
    """Sign out here and in all other browsers."""
    sign_out_everywhere(request.session, request.staff, by=request.staff, now=request.now)
    return _left(request)


def _left(request: StaffRequest) -> Response:
    response = request.go("/sign-in")
    cookies.drop_cookie(response, cookies.SIGNED_IN, request.settings)
    return response


ROUTES = [
    Route("/account", page(show, needs="keep an account")),
    Route("/account/password", page(change_password, needs="keep an account"), methods=["POST"]),
    Route("/account/sign-ins/{sign_in}/end", page(end_one, needs="keep an account"), methods=["POST"]),
    Route("/sign-out", page(leave, needs=ANYBODY), methods=["POST"]),
    Route("/sign-out-everywhere", page(leave_everywhere, needs=ANYBODY), methods=["POST"]),
]

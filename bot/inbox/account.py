"""Your account: who you are here, where you are signed in, your password, your Telegram; and signing out."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from bot.inbox import cookies
from bot.inbox.signing_in import please_wait
from bot.inbox.web import ANYBODY, Visit, page
from bot.web.addresses import address_of
from office.base.errors import BadInput
from office.people.accounts import set_password
from office.people.passwords import is_password
from office.people.signing_in import attempt_was_right, begin_attempt, end_sign_in, is_this, sign_ins_of, sign_out, sign_out_everywhere

WRONG = "This is not your present password."
DIFFERENT = "The two new passwords are not the same."


def show(visit: Visit, status: int = 200, **more: object) -> Response:
    """My name, role, sign-ins, password and Telegram."""
    sign_ins = sign_ins_of(visit.session, visit.staff, hours=visit.settings.session_hours, now=visit.now)
    listed = [(sign_in, is_this(sign_in, visit.token)) for sign_in in sign_ins]
    return visit.render("account/show.html", status, staff=visit.staff, sign_ins=listed, **more)


def change_password(visit: Visit) -> Response:
    """Take a new password, and sign out all other browsers."""
    old, new = _raw(visit, "old"), _raw(visit, "password")
    of = f"password of staff {visit.staff.id}"
    address = address_of(visit.request, trust_proxy=visit.settings.trust_proxy)
    visit.keep = True  # attempts count, wrong ones above all
    wait = begin_attempt(visit.session, of, address, now=visit.now)
    if wait:
        return show(visit, 429, problems={"old": please_wait(wait)})
    if not is_password(old, visit.staff.password):
        return show(visit, 422, problems={"old": WRONG})
    attempt_was_right(visit.session, of, address)
    if new != _raw(visit, "again"):
        return show(visit, 422, problems={"again": DIFFERENT})
    try:
        set_password(visit.session, visit.staff, new, by=visit.staff, now=visit.now, keep=visit.token)
    except BadInput as error:
        return show(visit, 422, problems={error.field: error.reason})
    return visit.go("/account", "Your password is changed. All your other browsers are signed out.")


def _raw(visit: Visit, name: str) -> str:
    value = visit.form.get(name, "")
    return value if isinstance(value, str) else ""


def end_one(visit: Visit) -> Response:
    """End one of my other sign-ins."""
    end_sign_in(visit.session, visit.staff, str(visit.request.path_params["sign_in"]), now=visit.now)
    return visit.go("/account", "That browser is signed out.")


def leave(visit: Visit) -> Response:
    """Sign out here."""
    sign_out(visit.session, visit.token, now=visit.now)
    return _left(visit)


def leave_everywhere(visit: Visit) -> Response:
    """Sign out here and in all other browsers."""
    sign_out_everywhere(visit.session, visit.staff, by=visit.staff, now=visit.now)
    return _left(visit)


def _left(visit: Visit) -> Response:
    response = visit.go("/sign-in")
    cookies.drop_cookie(response, cookies.SIGNED_IN, visit.settings)
    return response


ROUTES = [
    Route("/account", page(show, needs="keep an account")),
    Route("/account/password", page(change_password, needs="keep an account"), methods=["POST"]),
    Route("/account/sign-ins/{sign_in}/end", page(end_one, needs="keep an account"), methods=["POST"]),
    Route("/sign-out", page(leave, needs=ANYBODY), methods=["POST"]),
    Route("/sign-out-everywhere", page(leave_everywhere, needs=ANYBODY), methods=["POST"]),
]

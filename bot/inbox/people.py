"""People: an admin adds staff, changes their roles, gives them links, and withdraws them."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from bot.inbox.web import StaffRequest, page
from bot.inbox.wording import ROLE_TITLES, role_title
from office.base.errors import BadInput, Conflict
from office.base.staff import Staff
from office.people import invitations
from office.people.accounts import add_staff, all_staff, change_person, make_password_link, open_account, staff_of, withdraw_staff
from office.people.signing_in import sign_ins_of, sign_out_everywhere

ROLES = list(ROLE_TITLES.items())


def list_people(request: StaffRequest, status: int = 200, **more: object) -> Response:
    """Everybody, and the form to add somebody."""
    return request.render("people/list.html", status, people=all_staff(request.session), roles=ROLES, **more)


def add(request: StaffRequest) -> Response:
    """Add somebody, and show the link by which they set their password, this once."""
    try:
        person = add_staff(
            request.session,
            name=request.text("name"),
            email=request.text("email"),
            role=request.text("role"),
            by=request.staff,
            now=request.now,
        )
    except BadInput as error:
        return list_people(request, 422, form=request.form, problems={error.field: error.reason})
    except Conflict as error:
        return list_people(request, 409, form=request.form, problems={"email": str(error)})
    return _show_password_link(request, person)


def show(request: StaffRequest) -> Response:
    """One person, and what can be done."""
    return _page(request, open_account(request.session, request.number("person"), by=request.staff, now=request.now))


def _page(request: StaffRequest, person: Staff, status: int = 200, **more: object) -> Response:
    sign_ins = sign_ins_of(request.session, person, hours=request.settings.session_hours, now=request.now)
    return request.render("people/show.html", status, person=person, sign_ins=sign_ins, roles=ROLES, **more)


def change(request: StaffRequest) -> Response:
    """Change somebody's name or role."""
    person = _person(request)
    if request.text("was") not in ("", person.role):
        raise Conflict(f"Somebody else changed this role meanwhile: it is now “{role_title(person.role)}”. Nothing was overwritten.")
    try:
        change_person(request.session, person, name=request.text("name"), role=request.text("role"), by=request.staff, now=request.now)
    except BadInput as error:
        return _page(request, person, 422, form=request.form, problems={error.field: error.reason})
    except Conflict as error:
        return _page(request, person, 409, form=request.form, problems={"role": str(error)})
    return request.go(f"/people/{person.id}", "The change is saved.")


def give_password_link(request: StaffRequest) -> Response:
    """Show a new one-time link to set a password, this once."""
    return _show_password_link(request, _person(request))


def _show_password_link(request: StaffRequest, person: Staff) -> Response:
    code = make_password_link(request.session, person, by=request.staff, now=request.now)
    secret = f"{request.settings.inbox_address}/set-password/{code}"
    return request.render("people/secret.html", person=person, kind="password", secret=secret)


def invite(request: StaffRequest) -> Response:
    """Show a one-time link that binds a Telegram account, this once."""
    person = _person(request)
    code = invitations.invite(request.session, person, by=request.staff, now=request.now)
    link = invitations.link(request.session, code)
    return request.render("people/secret.html", person=person, kind="telegram" if link else "code", secret=link or f"/start {code}")


def withdraw_telegram(request: StaffRequest) -> Response:
    """Unbind somebody's Telegram account."""
    person = _person(request)
    invitations.withdraw(request.session, person, by=request.staff, now=request.now)
    return request.go(f"/people/{person.id}", f"{person.name} can no longer use Telegram.")


def sign_out_person(request: StaffRequest) -> Response:
    """Sign somebody out everywhere."""
    person = _person(request)
    sign_out_everywhere(request.session, person, by=request.staff, now=request.now)
    return request.go(f"/people/{person.id}", f"{person.name} is signed out everywhere.")


def withdraw(request: StaffRequest) -> Response:
    """Withdraw somebody at once."""
    person = _person(request)
    try:
        withdraw_staff(request.session, person, by=request.staff, now=request.now)
    except Conflict as error:
        return _page(request, person, 409, problems={"withdraw": str(error)})
    return request.go("/people", f"{person.name} is withdrawn, and signed out everywhere.")


def _person(request: StaffRequest) -> Staff:
    return staff_of(request.session, request.number("person"))


ROUTES = [
    Route("/people", page(list_people, needs="manage people")),
    Route("/people", page(add, needs="manage people"), methods=["POST"]),
    Route("/people/{person}", page(show, needs="manage people")),
    Route("/people/{person}/change", page(change, needs="manage people"), methods=["POST"]),
    Route("/people/{person}/password-link", page(give_password_link, needs="manage people"), methods=["POST"]),
    Route("/people/{person}/telegram", page(invite, needs="manage people"), methods=["POST"]),
    Route("/people/{person}/telegram/withdraw", page(withdraw_telegram, needs="manage people"), methods=["POST"]),
    Route("/people/{person}/sign-out", page(sign_out_person, needs="manage people"), methods=["POST"]),
    Route("/people/{person}/withdraw", page(withdraw, needs="manage people"), methods=["POST"]),
]

"""People: an admin adds staff, changes their roles, gives them links, and withdraws them."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from bot.inbox.web import Visit, page
from bot.inbox.wording import ROLE_TITLES, role_title
from office.base.errors import BadInput, Conflict
from office.base.staff import Staff
from office.people import invitations
from office.people.accounts import add_staff, all_staff, change_person, make_password_link, open_account, staff_of, withdraw_staff
from office.people.signing_in import sign_ins_of, sign_out_everywhere

ROLES = list(ROLE_TITLES.items())


def list_people(visit: Visit, status: int = 200, **more: object) -> Response:
    """Everybody, and the form to add somebody."""
    return visit.render("people/list.html", status, people=all_staff(visit.session), roles=ROLES, **more)


def add(visit: Visit) -> Response:
    """Add somebody, and show the link by which they set their password, this once."""
    try:
        person = add_staff(
            visit.session, name=visit.text("name"), email=visit.text("email"), role=visit.text("role"), by=visit.staff, now=visit.now
        )
    except BadInput as error:
        return list_people(visit, 422, form=visit.form, problems={error.field: error.reason})
    except Conflict as error:
        return list_people(visit, 409, form=visit.form, problems={"email": str(error)})
    return _show_password_link(visit, person)


def show(visit: Visit) -> Response:
    """One person, and what can be done."""
    return _page(visit, open_account(visit.session, visit.number("person"), by=visit.staff, now=visit.now))


def _page(visit: Visit, person: Staff, status: int = 200, **more: object) -> Response:
    sign_ins = sign_ins_of(visit.session, person, hours=visit.settings.session_hours, now=visit.now)
    return visit.render("people/show.html", status, person=person, sign_ins=sign_ins, roles=ROLES, **more)


def change(visit: Visit) -> Response:
    """Change somebody's name or role."""
    person = _person(visit)
    if visit.text("was") not in ("", person.role):
        raise Conflict(f"Somebody else changed this role meanwhile: it is now “{role_title(person.role)}”. Nothing was overwritten.")
    try:
        change_person(visit.session, person, name=visit.text("name"), role=visit.text("role"), by=visit.staff, now=visit.now)
    except BadInput as error:
        return _page(visit, person, 422, form=visit.form, problems={error.field: error.reason})
    except Conflict as error:
        return _page(visit, person, 409, form=visit.form, problems={"role": str(error)})
    return visit.go(f"/people/{person.id}", "The change is saved.")


def give_password_link(visit: Visit) -> Response:
    """Show a new one-time link to set a password, this once."""
    return _show_password_link(visit, _person(visit))


def _show_password_link(visit: Visit, person: Staff) -> Response:
    code = make_password_link(visit.session, person, by=visit.staff, now=visit.now)
    secret = f"{visit.settings.inbox_address}/set-password/{code}"
    return visit.render("people/secret.html", person=person, kind="password", secret=secret)


def invite(visit: Visit) -> Response:
    """Show a one-time link that binds a Telegram account, this once."""
    person = _person(visit)
    code = invitations.invite(visit.session, person, by=visit.staff, now=visit.now)
    link = invitations.link(visit.session, code)
    return visit.render("people/secret.html", person=person, kind="telegram" if link else "code", secret=link or f"/start {code}")


def withdraw_telegram(visit: Visit) -> Response:
    """Unbind somebody's Telegram account."""
    person = _person(visit)
    invitations.withdraw(visit.session, person, by=visit.staff, now=visit.now)
    return visit.go(f"/people/{person.id}", f"{person.name} can no longer use Telegram.")


def sign_out_person(visit: Visit) -> Response:
    """Sign somebody out everywhere."""
    person = _person(visit)
    sign_out_everywhere(visit.session, person, by=visit.staff, now=visit.now)
    return visit.go(f"/people/{person.id}", f"{person.name} is signed out everywhere.")


def withdraw(visit: Visit) -> Response:
    """Withdraw somebody at once."""
    person = _person(visit)
    try:
        withdraw_staff(visit.session, person, by=visit.staff, now=visit.now)
    except Conflict as error:
        return _page(visit, person, 409, problems={"withdraw": str(error)})
    return visit.go("/people", f"{person.name} is withdrawn, and signed out everywhere.")


def _person(visit: Visit) -> Staff:
    return staff_of(visit.session, visit.number("person"))


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

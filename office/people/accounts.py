"""People: staff are added, changed and withdrawn, and set their passwords. One admin always remains. `by` is None at the command line."""

from __future__ import annotations

import secrets
import unicodedata
from datetime import datetime, timedelta
from hashlib import sha256

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from office.base.audit import audit
from office.base.database import take_turn
from office.base.errors import BadInput, Conflict, NotAllowed, NotFound
from office.base.staff import ROLES, PasswordLink, Staff, may, require, roles_that
from office.people import invitations
from office.people.passwords import check_new_password, hash_password, is_outdated
from office.people.signing_in import sign_out_everywhere

LINK_VALID = timedelta(days=7)
LONGEST_NAME = 200


def has_staff(session: Session) -> bool:
    """Return whether anybody can sign in at all."""
    return session.execute(select(Staff.id).where(Staff.withdrawn.is_(None)).limit(1)).scalar() is not None


def all_staff(session: Session) -> list[Staff]:
    """Return everybody, those who are withdrawn last, by name."""
    return list(session.execute(select(Staff).order_by(Staff.withdrawn.is_not(None), func.lower(Staff.name), Staff.id)).scalars())


def staff_of(session: Session, number: int) -> Staff:
    """Return a member of staff. Raises NotFound."""
    staff = session.get(Staff, number)
    if staff is None:
        raise NotFound("nobody of that number")
    return staff  # type: ignore[no-any-return]


def open_account(session: Session, number: int, *, by: Staff, now: datetime) -> Staff:
    """Return a member of staff to whoever looks at their account, which is noted. Raises NotFound."""
    require(by, "manage people")
    staff = staff_of(session, number)
    audit(session, "view", f"staff {staff.id}", by=by, now=now)
    return staff


def staff_by_email(session: Session, email: str) -> Staff | None:
    """Return the member of staff with that e-mail address, who may be withdrawn."""
    return session.execute(select(Staff).where(Staff.email == plain_email(email))).scalar_one_or_none()  # type: ignore[no-any-return]


def plain_email(email: str) -> str:
    """Return an address as it is kept and compared: no spaces around it, lower case."""
    return unicodedata.normalize("NFC", email).strip().lower()


def add_staff(session: Session, *, name: str, email: str, role: str, by: Staff | None, now: datetime) -> Staff:
    """Add somebody, or bring back who was withdrawn; they have no password yet.

    Raises BadInput for a name, an address or a role that cannot be taken, Conflict where the address has an account.
    """
    require(by, "manage people", or_system=True)
    name, email = checked_name(name), _checked_email(email)
    check_role(role)
    take_turn(session, "staff")
    staff = _check_free(session, email)
    if staff is None:
        staff = Staff(email=email, made=now)
        session.add(staff)
    staff.name, staff.role, staff.withdrawn, staff.password, staff.email_failing = name, role, None, None, None
    session.flush()
    audit(session, "add", f"staff {staff.id}", by=by, now=now, role=role)
    return staff


def change_person(session: Session, staff: Staff, *, name: str, role: str, by: Staff | None, now: datetime) -> None:
    """Change somebody's name or role. Raises BadInput, and Conflict for the last admin's role."""
    require(by, "manage people", or_system=True)
    name = checked_name(name)
    check_role(role)
    _alone(session, staff)
    if staff.withdrawn is not None:
        raise Conflict("This account is withdrawn. Add the person anew to bring it back.")
    if may(staff, "manage people") and role not in roles_that("manage people"):
        _check_other_admin(session, staff)
    changed = {"name": True} if name != staff.name else {}
    roles = {"role": [staff.role, role]} if role != staff.role else {}
    staff.name, staff.role = name, role
    if changed or roles:
        audit(session, "change", f"staff {staff.id}", by=by, now=now, **changed, **roles)


def withdraw_staff(session: Session, staff: Staff, *, by: Staff | None, now: datetime) -> None:
    """Withdraw somebody: signed out everywhere, links and Telegram included. Raises Conflict for the last admin."""
    require(by, "manage people", or_system=True)
    _alone(session, staff)
    if staff.withdrawn is not None:
        return
    if may(staff, "manage people"):
        _check_other_admin(session, staff)
    session.execute(delete(PasswordLink).where(PasswordLink.staff == staff.id))
    audit(session, "withdraw", f"staff {staff.id}", by=by, now=now)
    invitations.withdraw(session, staff, by=by, now=now)
    sign_out_everywhere(session, staff, by=by, now=now)
    staff.withdrawn, staff.password = now, None  # last: an admin who withdraws themselves may do all of the above
    session.flush()


def set_password(session: Session, staff: Staff, password: str, *, by: Staff | None, now: datetime, keep: str = "") -> None:
    """Give somebody a new password, which they or the command line chose, and end their sign-ins, but for the one with the token `keep`.

    Raises BadInput.
    """
    if by is not None and by.id != staff.id:
        raise NotAllowed("nobody sets another's password")
    check_new_password(password, name=staff.name, email=staff.email)
    staff.password = hash_password(password)
    session.execute(delete(PasswordLink).where(PasswordLink.staff == staff.id))
    audit(session, "change", f"staff {staff.id}", by=by, now=now, password=True)
    sign_out_everywhere(session, staff, by=by, now=now, but=keep)


def refresh_hash(staff: Staff, password: str) -> None:
    """Keep a password that was just found right with today's parameters, where it was kept with others."""
    if staff.password is not None and is_outdated(staff.password):
        staff.password = hash_password(password)


def make_password_link(session: Session, staff: Staff, *, by: Staff | None, now: datetime) -> str:
    """Return the code of a one-time link to set a password, valid for LINK_VALID; earlier ones no longer work."""
    require(by, "manage people", or_system=True)
    if staff.withdrawn is not None:
        raise Conflict("This account is withdrawn. Add the person anew to bring it back.")
    code = secrets.token_urlsafe(24)
    session.execute(delete(PasswordLink).where((PasswordLink.staff == staff.id) | (PasswordLink.expires <= now)))
    session.add(PasswordLink(code=_hash(code), staff=staff.id, made=now, expires=now + LINK_VALID))
    audit(session, "invite", f"staff {staff.id}", by=by, now=now, to="set a password")
    return code


def who_has_link(session: Session, code: str, *, now: datetime) -> Staff:
    """Return whose one-time link this is. Raises NotFound where it was used, is too old, or never was."""
    link = session.get(PasswordLink, _hash(code))
    if link is None or link.expires <= now:
        raise NotFound("no such link")
    return staff_of(session, link.staff)


def use_password_link(session: Session, code: str, password: str, *, now: datetime) -> Staff:
    """Set the password by a one-time link; of two at once only one does. Raises NotFound, BadInput."""
    staff = who_has_link(session, code, now=now)
    check_new_password(password, name=staff.name, email=staff.email)
    if not session.execute(delete(PasswordLink).where(PasswordLink.code == _hash(code))).rowcount:
        raise NotFound("no such link")
    set_password(session, staff, password, by=staff, now=now)
    return staff


def _alone(session: Session, staff: Staff) -> None:
    """Hold back all others who would change an account, and read this one as it is now."""
    take_turn(session, "staff")
    session.refresh(staff)


def _check_other_admin(session: Session, staff: Staff) -> None:
    others = select(Staff.id).where(Staff.role.in_(roles_that("manage people")), Staff.withdrawn.is_(None), Staff.id != staff.id).limit(1)
    if session.execute(others).scalar() is None:
        raise Conflict("This is the last admin. Make somebody else an admin first.")


def check_role(role: str) -> None:
    """Raise BadInput for an unknown role."""
    if role not in ROLES:
        raise BadInput("role", f"Please choose one of the roles: {', '.join(ROLES)}.")


def checked_name(name: str) -> str:
    """Return a name as it is kept. Raises BadInput."""
    name = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    if not name:
        raise BadInput("name", "Please enter a name.")
    if len(name) > LONGEST_NAME:
        raise BadInput("name", f"Please enter a name of at most {LONGEST_NAME} characters.")
    return name


def check_new_email(session: Session, email: str) -> None:
    """Raise BadInput for what is no address, Conflict where it has an account."""
    _check_free(session, _checked_email(email))


def _check_free(session: Session, email: str) -> Staff | None:
    """Return the withdrawn member of staff with that address, if there is one. Raises Conflict where the address has an account."""
    staff = staff_by_email(session, email)
    if staff is not None and staff.withdrawn is None:
        raise Conflict("There is an account with this e-mail address already.")
    return staff


def _checked_email(email: str) -> str:
    try:
        # no test whether the domain takes mail: the inbox may stand in a network without names
        return plain_email(str(validate_email(email.strip(), check_deliverability=False, test_environment=True).normalized))
    except EmailNotValidError:
        raise BadInput("email", "Please enter an e-mail address, like name@school.example.") from None


def _hash(code: str) -> str:
    return sha256(code.encode("utf-8", "replace")).hexdigest()

"""Signing in: attempts and their throttling, sign-ins and their end."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from office.base.audit import audit
from office.base.database import take_turn
from office.base.errors import NotFound
from office.base.staff import FailedSignIn, SignIn, Staff, require

LONGEST_SIGN_IN = timedelta(days=30)
NOTED_EVERY = timedelta(minutes=2)  # how exactly the last use of a sign-in is known: not every page view writes
FREE_OF_EMAIL, FREE_OF_ADDRESS = 5, 30  # attempts before anybody waits; a school's people share one network address
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=15), timedelta(minutes=15)
REMEMBERED = timedelta(hours=12)  # how long a failed attempt counts


def begin_attempt(session: Session, email: str, address: str, *, now: datetime, known: str = "") -> int:
    """Count an attempt to sign in as failed before the password is looked at; return the seconds to wait, 0 for none.

    While somebody must wait, the attempt is not counted, so nobody is locked out for ever. `known` names a browser in which this
    person was signed in before: it is counted for itself, so that a stranger's guesses do not keep the person out.
    Commit before the password is checked: of many attempts at once each then counts.
    """
    keys = {_key(f"email:{email}:{known}"): FREE_OF_EMAIL, _key(f"address:{address}"): FREE_OF_ADDRESS}
    take_turn(session, f"sign-in {email}")
    session.execute(delete(FailedSignIn).where(FailedSignIn.at < now - REMEMBERED))
    wait = max(_wait(session, key, free, now) for key, free in keys.items())
    if wait <= timedelta():
        session.add_all([FailedSignIn(of=key, at=now) for key in keys])
        return 0
    audit(session, "refused", "sign in: too many attempts", by=None, now=now)
    return int(wait.total_seconds()) + 1


def _wait(session: Session, key: str, free: int, now: datetime) -> timedelta:
    number, last = session.execute(select(func.count(), func.max(FailedSignIn.at)).where(FailedSignIn.of == key)).one()
    if number < free:
        return timedelta()
    wait = min(FIRST_WAIT * 2 ** min(number - free, 10), LONGEST_WAIT)
    return wait - (now - last)


def refuse_attempt(session: Session, staff: Staff | None, *, now: datetime) -> None:
    """Note in the audit log that a password was wrong; of an address nobody has, only that."""
    audit(session, "refused", f"staff {staff.id}" if staff else "sign in: unknown address", by=None, now=now)


def attempt_was_right(session: Session, email: str, address: str, *, known: str = "") -> None:
    """Forget the attempts of this address that failed, and no longer count the last one of the network address."""
    session.execute(delete(FailedSignIn).where(FailedSignIn.of == _key(f"email:{email}:{known}")))
    newest = select(func.max(FailedSignIn.id)).where(FailedSignIn.of == _key(f"address:{address}")).scalar_subquery()
    session.execute(delete(FailedSignIn).where(FailedSignIn.id == newest).execution_options(synchronize_session=False))


def begin_sign_in(session: Session, staff: Staff, *, device: str, hours: int, now: datetime) -> str:
    """Sign somebody in whose password was right; return the token for their browser."""
    token = secrets.token_urlsafe(32)
    session.execute(delete(SignIn).where(SignIn.staff == staff.id, (SignIn.expires <= now) | (SignIn.used <= now - timedelta(hours=hours))))
    session.add(SignIn(token=_hash(token), staff=staff.id, begun=now, used=now, expires=now + LONGEST_SIGN_IN, device=device[:200]))
    audit(session, "sign in", f"staff {staff.id}", by=staff, now=now)
    return token


def who_is(session: Session, token: str, *, hours: int, now: datetime) -> Staff | None:
    """Return who is signed in with this token; None after `hours` without use, 30 days in all, or once they are withdrawn."""
    row = session.execute(select(SignIn, Staff).join(Staff, SignIn.staff == Staff.id).where(SignIn.token == _hash(token))).one_or_none()
    if row is None:
        return None
    sign_in, staff = row
    if staff.withdrawn is not None or sign_in.expires <= now or sign_in.used <= now - timedelta(hours=hours):
        return None
    if sign_in.used <= now - NOTED_EVERY:
        session.execute(update(SignIn).where(SignIn.token == sign_in.token).values(used=now))
    return staff  # type: ignore[no-any-return]


def sign_out(session: Session, token: str, *, now: datetime) -> None:
    """End one sign-in; nothing where it has ended."""
    signed_in = select(Staff).join(SignIn, SignIn.staff == Staff.id).where(SignIn.token == _hash(token))
    staff = session.execute(signed_in).scalar_one_or_none()
    if staff is not None:
        session.execute(delete(SignIn).where(SignIn.token == _hash(token)))
        audit(session, "sign out", f"staff {staff.id}", by=staff, now=now)


def sign_out_everywhere(session: Session, staff: Staff, *, by: Staff | None, now: datetime, but: str = "") -> int:
    """End all sign-ins of a person, or all but the one with the token `but`; return how many ended.

    One's own everybody may end; `by` is None at the command line.
    """
    if by is None or by.id != staff.id:
        require(by, "manage people", or_system=True)
    ended = session.execute(delete(SignIn).where(SignIn.staff == staff.id, SignIn.token != (_hash(but) if but else ""))).rowcount
    if ended:
        audit(session, "sign out", f"staff {staff.id}", by=by, now=now, ended=ended)
    return int(ended)


def end_sign_in(session: Session, staff: Staff, token_hash: str, *, now: datetime) -> None:
    """End one of somebody's own sign-ins, named as `sign_ins_of` gives it. Raises NotFound for another's, or one that has ended."""
    ended = session.execute(delete(SignIn).where(SignIn.staff == staff.id, SignIn.token == token_hash)).rowcount
    if not ended:
        raise NotFound("no such sign-in")
    audit(session, "sign out", f"staff {staff.id}", by=staff, now=now, ended=1)


def sign_ins_of(session: Session, staff: Staff, *, hours: int, now: datetime) -> list[SignIn]:
    """Return a person's sign-ins that have not ended, the latest used first."""
    query = select(SignIn).where(SignIn.staff == staff.id, SignIn.expires > now, SignIn.used > now - timedelta(hours=hours))
    return list(session.execute(query.order_by(SignIn.used.desc(), SignIn.token)).scalars())


def is_this(sign_in: SignIn, token: str) -> bool:
    """Return whether a sign-in is the one with this token."""
    return bool(sign_in.token == _hash(token))


def _key(of: str) -> str:
    return sha256(of.encode("utf-8", "replace")).hexdigest()


def _hash(token: str) -> str:
    return sha256(token.encode("utf-8", "replace")).hexdigest()

"""Invitations: one-time links by which a member of staff binds their Telegram account."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from office.base.audit import audit
from office.base.errors import Conflict, NotAllowed, NotFound
from office.base.staff import Invitation, Staff, require
from office.outbox.telegram import give_up_all, latest_bot

HOLDS_FOR = timedelta(days=7)


def invite(session: Session, staff: Staff, *, by: Staff | None, now: datetime) -> str:
    """Return a new code for a member of staff; one that was given before stops working.

    `by` is None where it is made at the command line. Raises NotAllowed for somebody whose access was withdrawn.
    """
    require(by, "manage people", or_system=True)
    if staff.withdrawn is not None:
        raise NotAllowed("this person's access was withdrawn")
    _withdraw_open(session, staff)
    code = secrets.token_urlsafe(24)
    session.add(Invitation(code=_kept(code), staff=staff.id, made_by=by.id if by is not None else None, made=now, expires=now + HOLDS_FOR))
    audit(session, "invite", f"staff {staff.id}", by=by, now=now, channel="telegram")
    session.flush()
    return code


def accept(session: Session, code: str, account: int, *, now: datetime) -> Staff:
    """Bind a Telegram account to the person the code was made for; give that person.

    Raises NotFound for a code nobody was given or that no longer holds, Conflict for one that somebody else used or an account
    that belongs to another person. The one who comes first by the clock of the database wins.
    """
    key = _kept(code)
    holds = (Invitation.code == key, Invitation.used.is_(None), Invitation.withdrawn.is_(False), Invitation.expires > now)
    is_first = bool(session.execute(update(Invitation).where(*holds).values(used=now)).rowcount)
    invitation = session.execute(select(Invitation).where(Invitation.code == key)).scalar_one_or_none()
    staff = session.get(Staff, invitation.staff) if invitation is not None else None
    if invitation is None or staff is None or staff.withdrawn is not None:
        raise NotFound("no such invitation")
    if not is_first:
        if invitation.used is not None and staff.telegram == account:
            return staff
        raise Conflict("used") if invitation.used is not None else NotFound("no longer valid")
    other = session.execute(select(Staff.id).where(Staff.telegram == account, Staff.id != staff.id)).scalar()
    if other is not None:
        raise Conflict("another person's account")
    staff.telegram, staff.telegram_blocked = account, None
    try:
        session.flush()
    except IntegrityError:
        raise Conflict("another person's account") from None
    audit(session, "change", f"staff {staff.id}", by=staff, now=now, telegram="bound")
    return staff


def withdraw(session: Session, staff: Staff, *, by: Staff | None, now: datetime) -> None:
    """Take a person's access in Telegram away at once: the account is unbound, what waits is left unanswered, open invitations end.

    `by` is None where it is done at the command line.
    """
    require(by, "manage people", or_system=True)
    _withdraw_open(session, staff)
    if staff.telegram is not None:
        give_up_all(session, staff.telegram)
    staff.telegram = staff.telegram_blocked = staff.telegram_quiet = None
    audit(session, "withdraw", f"staff {staff.id}", by=by, now=now, channel="telegram")
    session.flush()


def link(session: Session, code: str) -> str | None:
    """Return the address that carries the code to the bot, or None where the bot's name is not known yet."""
    bot = latest_bot(session)
    return f"https://t.me/{bot.username}?start={code}" if bot is not None and bot.username else None


def _withdraw_open(session: Session, staff: Staff) -> None:
    query = update(Invitation).where(Invitation.staff == staff.id, Invitation.used.is_(None))
    session.execute(query.values(withdrawn=True).execution_options(synchronize_session=False))


def _kept(code: str) -> str:
    return sha256(code.encode("utf-8", "replace")).hexdigest()

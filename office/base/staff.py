"""Staff: who works for the trust, what each may do, and how they prove who they are."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Integer, String, select
from sqlalchemy.orm import Mapped, Session

from office.base.database import Moment, Name, Table
from office.base.errors import NotAllowed

READING = frozenset({"keep an account", "read leads", "read facts"})  # facts with their gaps and conversations, and asking as staff do
WORKING = frozenset({"work leads", "work facts", "export"})
RUNNING = frozenset({"manage people", "see to privacy", "switch channels", "read the audit log"})
PERMISSIONS = {
    "staff": READING,
    "pa": READING | WORKING | {"be told first"},  # of leads: an admin is told where there is no PA
    "admin": READING | WORKING | RUNNING,
}
ROLES = tuple(PERMISSIONS)
_KNOWN = frozenset[str]().union(*PERMISSIONS.values())


class Actor(Protocol):
    """Whoever acts, as far as their permissions go: a member of staff, or what a process keeps of one."""

    @property
    def role(self) -> Any:
        """The name of their role."""


def may(who: Actor | None, permission: str) -> bool:
    """Return whether somebody may do that. A role that PERMISSIONS does not list has none, nor has who is withdrawn.

    Raises ValueError for a permission that no role has: it is misspelt.
    """
    if permission not in _KNOWN:
        raise ValueError(f"no such permission: {permission}")
    if who is None or getattr(who, "withdrawn", None) is not None:
        return False
    return permission in PERMISSIONS.get(who.role, frozenset())


def require(who: Actor | None, permission: str, *, or_system: bool = False) -> None:
    """Raise NotAllowed unless somebody may do that. `or_system`: so may the system itself, a visitor, the command line, which are None."""
    if not may(who, permission) and not (or_system and who is None):
        raise NotAllowed(f"this needs the permission to {permission}")


def roles_that(permission: str) -> list[str]:
    """Return the roles that have a permission. Raises ValueError for one that no role has."""
    if permission not in _KNOWN:
        raise ValueError(f"no such permission: {permission}")
    return [role for role, permissions in PERMISSIONS.items() if permission in permissions]


class Staff(Table):
    """Somebody who works for the trust. Who leaves is withdrawn, not deleted: what they did keeps their name."""

    __tablename__ = "staff"
    id: Mapped[int] = Column(Integer, primary_key=True)
    name: Mapped[str] = Column(Name(200), nullable=False)
    email: Mapped[str] = Column(Name(254), nullable=False, unique=True)  # in lower case
    role: Mapped[str] = Column(String(10), nullable=False)
    password: Mapped[str | None] = Column(String(200))  # argon2's own text; None until one is set
    made: Mapped[datetime] = Column(Moment, nullable=False)
    withdrawn: Mapped[datetime | None] = Column(Moment)
    telegram: Mapped[int | None] = Column(BigInteger, unique=True)  # the account that an invitation was bound to
    telegram_blocked: Mapped[datetime | None] = Column(Moment)  # since when the bot cannot write to them
    telegram_quiet: Mapped[str | None] = Column(String(11))  # hours without notifications, London time: 22:00-07:00
    email_failing: Mapped[str | None] = Column(String(300))  # what the mail server said last, where it refuses their address


class SignIn(Table):
    """One browser in which somebody is signed in. Only a hash of its token is kept."""

    __tablename__ = "sign_in"
    token: Mapped[str] = Column(Name(64), primary_key=True)  # sha256, in hex
    staff: Mapped[int] = Column(ForeignKey("staff.id", ondelete="CASCADE"), nullable=False, index=True)
    begun: Mapped[datetime] = Column(Moment, nullable=False)
    used: Mapped[datetime] = Column(Moment, nullable=False)
    expires: Mapped[datetime] = Column(Moment, nullable=False)
    device: Mapped[str] = Column(Name(200), nullable=False, default="")


class FailedSignIn(Table):
    """An attempt to sign in that failed: by its e-mail address and by the network address it came from."""

    __tablename__ = "failed_sign_in"
    id: Mapped[int] = Column(Integer, primary_key=True)
    of: Mapped[str] = Column(String(64), nullable=False, index=True)  # sha256 of "email:…" or "address:…": no list of who tried
    at: Mapped[datetime] = Column(Moment, nullable=False, index=True)


class PasswordLink(Table):
    """A one-time link by which somebody sets a password. Only a hash of its code is kept."""

    __tablename__ = "password_link"
    code: Mapped[str] = Column(String(64), primary_key=True)  # sha256, in hex
    staff: Mapped[int] = Column(ForeignKey("staff.id", ondelete="CASCADE"), nullable=False, index=True)
    made: Mapped[datetime] = Column(Moment, nullable=False)
    expires: Mapped[datetime] = Column(Moment, nullable=False)


class Invitation(Table):
    """A one-time link that binds a Telegram account to a member of staff. Only a hash of its code is kept."""

    __tablename__ = "invitation"
    code: Mapped[str] = Column(String(64), primary_key=True)  # sha256, in hex
    staff: Mapped[int] = Column(ForeignKey("staff.id", ondelete="CASCADE"), nullable=False, index=True)
    made_by: Mapped[int | None] = Column(ForeignKey("staff.id", ondelete="SET NULL"))
    made: Mapped[datetime] = Column(Moment, nullable=False)
    expires: Mapped[datetime] = Column(Moment, nullable=False)
    used: Mapped[datetime | None] = Column(Moment)
    withdrawn: Mapped[bool] = Column(Boolean, nullable=False, default=False)


def staff_of_chat(session: Session, conversation: str) -> Staff | None:
    """Return the member of staff whose private Telegram chat a conversation is ("telegram-4711"), or None."""
    account = conversation.removeprefix("telegram-")
    if account == conversation or not account.isdecimal():
        return None
    return session.execute(select(Staff).where(Staff.telegram == int(account))).scalar_one_or_none()

"""Passwords: argon2, checked in the same time whether or not there is such a person, and which ones are refused."""

from __future__ import annotations

import threading
import unicodedata
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from office.base.errors import BadInput

SHORTEST, LONGEST = 12, 200  # characters; no rule on which kinds, after NCSC's advice
AT_ONCE = threading.BoundedSemaphore(2)  # a check takes 64 MB for a moment, so that a flood of them would fill the machine
hasher = PasswordHasher()  # at argon2-cffi's own recommendation; tests put a cheaper one in its place
# The parts out of which most of the very common long passwords are made; a password of such parts alone is refused.
COMMON_PARTS = (
    "password", "passwort", "passw0rd", "pa55word", "letmein", "welcome", "qwertyuiop", "qwerty", "asdfghjkl", "zxcvbnm", "administrator",
    "admin", "iloveyou", "monkey", "dragon", "football", "liverpool", "arsenal", "chelsea", "sunshine", "princess", "charlie", "master",
    "superman", "batman", "changeme", "secret", "school", "teacher", "trust", "usher", "abc", "summer", "winter", "autumn", "spring",
    "login", "computer", "internet", "pokemon", "starwars", "whatever", "trustno", "hello", "my", "is", "the", "this", "user", "test",
)  # fmt: skip


def hash_password(password: str) -> str:
    """Return argon2's text of a password."""
    with AT_ONCE:
        return str(hasher.hash(_normal(password)))


def is_password(password: str, kept: str | None) -> bool:
    """Return whether it is the password that was kept; takes as long where none was."""
    if len(password) > LONGEST:
        return False
    with AT_ONCE:
        try:
            return bool(hasher.verify(kept or _nobodys(hasher), _normal(password))) and kept is not None
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(kept: str) -> bool:
    """Return whether a password was kept with other parameters than today's."""
    return bool(hasher.check_needs_rehash(kept))


def check_new_password(password: str, *, name: str, email: str) -> None:
    """Raise BadInput where a new password is too short, too long, very common, or the person's own name or address."""
    if len(password) < SHORTEST:
        raise BadInput("password", f"Please take at least {SHORTEST} characters, for example three or four words.")
    if len(password) > LONGEST:
        raise BadInput("password", f"Please take at most {LONGEST} characters.")
    plain = _letters(password)
    own = [part for part in (*name.split(), email.partition("@")[0], email, name) if len(_letters(part)) >= 3]
    if not _without(plain, [_letters(part) for part in own]) or not _letters(plain).strip(plain[:1]):
        raise BadInput("password", "Please take a password that is not made of your own name or e-mail address, or of one character.")
    if len(_without(plain, [*COMMON_PARTS, *(_letters(part) for part in own)])) <= 2 or len(set(plain)) < 4:
        raise BadInput("password", "This password is very common and easily guessed. Please take another, for example three or four words.")


def _without(text: str, parts: list[str]) -> str:
    """Return what is left of a text without these parts, digits and runs of the keyboard."""
    for part in sorted(filter(None, parts), key=len, reverse=True):
        text = text.replace(part, "")
    return "".join(c for c in text if c.isalpha())


def _letters(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text).casefold() if c.isalnum())


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password).encode("utf-8", "replace").decode()  # one keyboard's é is another's e and ´


@lru_cache(maxsize=1)
def _nobodys(by: PasswordHasher) -> str:
    return str(by.hash("of nobody"))

"""The inbox's cookies, and what is bound to a sign-in by them: the CSRF token and the message for the next page."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from itsdangerous import BadData, URLSafeSerializer
from starlette.requests import Request
from starlette.responses import Response

from settings import Settings

SIGNED_IN = "usher_inbox"
BEFORE = "usher_inbox_form"  # of somebody who is not signed in: guards the sign-in form itself
KNOWN = "usher_inbox_known"  # of a browser in which somebody was signed in before: a stranger's guesses do not keep them out
SAID = "usher_inbox_said"
LONGEST_SAID = 500  # characters; a cookie holds some 4,000 bytes


def cookie_name(name: str, settings: Settings) -> str:
    """Return a cookie's name: over https one that no other host and no path can set."""
    return f"__Host-{name}" if _is_https(settings) else name


def set_cookie(response: Response, name: str, value: str, settings: Settings, *, seconds: int | None = None) -> None:
    """Set a cookie that no script reads and no other site sends."""
    name = cookie_name(name, settings)
    response.set_cookie(name, value, max_age=seconds, path="/", secure=_is_https(settings), httponly=True, samesite="lax")


def drop_cookie(response: Response, name: str, settings: Settings) -> None:
    """Take a cookie back."""
    response.delete_cookie(cookie_name(name, settings), path="/", secure=_is_https(settings), httponly=True, samesite="lax")


def read_cookie(request: Request, name: str, settings: Settings) -> str:
    """Return a cookie's value, or nothing."""
    return request.cookies.get(cookie_name(name, settings), "")


def csrf_of(token: str) -> str:
    """Return what a form must bring back, made of a secret that only this browser's cookie holds."""
    return hmac.new(token.encode(), b"usher.inbox.csrf", hashlib.sha256).hexdigest()


def is_csrf(token: str, brought: object) -> bool:
    """Return whether a form brought back what was given to it."""
    return isinstance(brought, str) and hmac.compare_digest(csrf_of(token).encode(), brought.encode("utf-8", "replace"))


def new_token() -> str:
    """Return an unguessable token."""
    return secrets.token_urlsafe(32)


def write_said(token: str, said: str, undo: str) -> str:
    """Return the cookie's text for a message that the next page shows, signed so that only this sign-in's pages make one."""
    return str(_said(token).dumps([said[:LONGEST_SAID], undo]))


def read_said(token: str, text: str) -> tuple[str, str] | None:
    """Return the message and its path to undo; None where there is none of this sign-in."""
    try:
        said, undo = _said(token).loads(text)
    except (BadData, ValueError, TypeError):
        return None
    return str(said), str(undo)


def _said(token: str) -> URLSafeSerializer:
    return URLSafeSerializer(token, salt="usher.inbox.said", signer_kwargs={"digest_method": hashlib.sha256, "key_derivation": "hmac"})


def _is_https(settings: Settings) -> bool:
    return settings.inbox_address.startswith("https://")

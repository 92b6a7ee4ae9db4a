"""Conversation ids: issued here, unguessable, signed; whoever holds one may read and continue the conversation."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from datetime import date
from pathlib import Path

from itsdangerous import Signer

LONGEST = 200  # characters, as wide as the database's column


class NoSecret(Exception):
    """The secret that signs conversation ids can neither be read nor made; the text says where."""


class Identity:
    """Issues conversation ids and knows its own again."""

    def __init__(self, secret: str) -> None:
        self._secret = hashlib.sha256(f"usher.source {secret}".encode()).digest()
        self._signer = Signer(secret, salt="usher.conversation", digest_method=hashlib.sha256)

    def issue(self) -> str:
        """Return a new conversation id."""
        return self._signer.sign(secrets.token_urlsafe(18)).decode()

    def source_of(self, address: str, day: date) -> str:
        """Return a keyed hash by which the messages of one address on one day are known to belong together, and no address is known."""
        return hmac.new(self._secret, f"{day.isoformat()} {address}".encode(), hashlib.sha256).hexdigest()

    def issued(self, conversation: str) -> bool:
        """Return whether this id was issued here."""
        if len(conversation) > LONGEST or not conversation.isascii():
            return False
        token = conversation.partition(".")[0]
        return secrets.compare_digest(self._signer.sign(token).decode(), conversation)  # unsign() takes several spellings of one signature


def kept_secret(file: Path) -> str:
    """Return the secret in the file, made at the first start and readable by its owner only; two starts at once give the same.

    Raises NoSecret.
    """
    try:
        if not file.exists():
            _make_secret(file)
        secret = file.read_text().strip()
    except (OSError, ValueError) as error:
        raise NoSecret(f"the secret in {file} can be neither read nor made: {error}") from error
    if len(secret) < 32:
        raise NoSecret(f"the secret in {file} is too short; delete the file, and a new one is made")
    return secret


def _make_secret(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as writing:
        writing.write(secrets.token_urlsafe(48))
    try:
        os.link(draft, file)  # all at once, and only where no other start was first
    except FileExistsError:
        pass
    finally:
        draft.unlink()

"""E-mail: by the mail server of the settings, or into a maildir where there is none."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import secrets
import socket
from contextlib import suppress
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as MAIL_POLICY
from email.utils import format_datetime, getaddresses, parseaddr
from pathlib import Path
from urllib.parse import unquote, urlsplit

import aiosmtplib
import idna

from bot.messages.mail_folder import ABOUT
from bot.worker.delivery import DeliveryFailed, DeliveryRefused, Undelivered

PATIENCE = 8.0  # seconds for each answer of the mail server
WITHIN = 25.0  # seconds for one e-mail in all; less than what is left of a claim when sending begins
FAREWELL = 1.0  # seconds
NEVER = 500  # answers from here on are for good
ADDRESS = re.compile(r"[^\s@<>,;:\\\"]{1,64}@[^\s@<>,;:\\\"]{1,255}")
LOOPBACK = ("localhost", "127.0.0.1", "::1")
POLICY = MAIL_POLICY.clone(cte_type="7bit", raise_on_defect=False)  # header lines that hide another are refused by the policy itself


class EmailSender:
    """Delivers e-mails. `folder` is the maildir used where no server is set."""

    def __init__(self, server: str, sender: str, folder: Path) -> None:
        self._server, self._sender, self._folder = server, sender, folder

    @property
    def domain(self) -> str:
        """The domain that Message-IDs carry: the sender's."""
        return _in_ascii(parseaddr(self._sender)[1]).rpartition("@")[2] or "localhost"

    async def deliver(self, to: str, subject: str, text: str, *, number: str, about: str, now: datetime, reply_to: str = "") -> str:
        """Deliver one e-mail; `number` is its Message-ID. Give "", or why some of its addresses did not get it.

        Raises DeliveryRefused where it never can be delivered, DeliveryFailed where not now.
        """
        message = write_message(self._sender, to, subject, text, number=number, about=about, now=now, plain=not self._server)
        reply_to = _in_ascii(reply_to)
        if reply_to.isascii() and ADDRESS.fullmatch(reply_to):
            message["Reply-To"] = reply_to
        if not self._server:
            await asyncio.to_thread(put_into_maildir, self._folder, message)
            return ""
        client = _client(self._server)
        try:
            refused = await asyncio.wait_for(self._send(client, message), WITHIN)
        except asyncio.TimeoutError:
            raise DeliveryFailed(f"the mail server took more than {WITHIN:.0f} seconds", unsure=True) from None
        else:  # it is delivered, whatever the server makes of the farewell
            with suppress(aiosmtplib.SMTPException, OSError, asyncio.TimeoutError):
                await asyncio.wait_for(client.quit(), FAREWELL)
            return refused
        finally:
            client.close()

    async def _send(self, client: aiosmtplib.SMTP, message: EmailMessage) -> str:
        begun = False
        try:
            await client.connect()
            begun = True
            refused, _ = await client.send_message(message, sender=_in_ascii(parseaddr(self._sender)[1]))
            return "; ".join(f"not to {to}: the mail server said {said[0]} {' '.join(said[1].split())}" for to, said in refused.items())
        except aiosmtplib.SMTPRecipientsRefused as error:
            first = error.recipients[0]
            never = all(recipient.code >= NEVER for recipient in error.recipients)
            raise _refusal("the address", first.code, first.message, never) from None
        except aiosmtplib.SMTPDataError as error:
            raise _refusal("the e-mail", error.code, error.message, error.code >= NEVER) from None
        except aiosmtplib.SMTPAuthenticationError as error:  # from here on it is the settings that are wrong, not the address
            raise _refusal("user or password", error.code, error.message, False) from None
        except aiosmtplib.SMTPSenderRefused as error:
            raise _refusal("the sender", error.code, error.message, False) from None
        except aiosmtplib.SMTPResponseException as error:
            raise _refusal("us", error.code, error.message, False) from None
        except aiosmtplib.SMTPNotSupported as error:
            raise DeliveryFailed(f"the mail server lacks something: {error.message}") from None
        except (aiosmtplib.SMTPException, OSError) as error:
            raise DeliveryFailed(f"the mail server cannot be reached ({type(error).__name__})", unsure=begun) from None
        except (MessageError, ValueError) as error:
            raise DeliveryRefused(f"the e-mail cannot be written ({type(error).__name__})") from None


def _in_ascii(address: str) -> str:
    """Return an address with its domain as mail servers know it ("schöle.de" is "xn--schle-lua.de"); unchanged where there is no such way."""
    name, at, domain = address.rpartition("@")
    try:
        return name + at + idna.encode(domain, uts46=True).decode()
    except (idna.IDNAError, UnicodeError):
        return address


def _refusal(what: str, code: int, said: str, never: bool) -> Undelivered:
    """Return the error for what a mail server refused, with its own words, which speak of addresses and not of leads."""
    return (DeliveryRefused if never else DeliveryFailed)(f"the mail server refused {what}: {code} {' '.join(said.split())}")


def _client(server: str) -> aiosmtplib.SMTP:
    """Return a client for smtp://… or smtps://…. A password is never sent to another machine without encryption."""
    parts = urlsplit(server)
    host, implicit = parts.hostname or "localhost", parts.scheme == "smtps"
    here = host in LOOPBACK
    user, password = (unquote(part) if part is not None else None for part in (parts.username, parts.password))
    return aiosmtplib.SMTP(
        hostname=host,
        port=parts.port or (465 if implicit else 587 if user else 25),
        username=user,
        password=password,
        use_tls=implicit,
        start_tls=False if implicit else True if user and not here else None,  # None: where the server offers it
        validate_certs=not here,  # the certificate of a mail server on this machine names another
        timeout=PATIENCE,
        local_hostname=socket.gethostname(),
    )


async def try_server(server: str) -> None:
    """Sign in at the mail server and leave again, sending nothing. Raises Undelivered with why that cannot be done."""
    client = _client(server)
    try:
        await asyncio.wait_for(client.connect(), PATIENCE)
    except aiosmtplib.SMTPResponseException as error:
        raise _refusal("us", error.code, error.message, False) from None
    except aiosmtplib.SMTPNotSupported as error:
        raise DeliveryFailed(f"the mail server lacks something: {error.message}") from None
    except (aiosmtplib.SMTPException, OSError, asyncio.TimeoutError) as error:
        raise DeliveryFailed(f"the mail server cannot be reached ({type(error).__name__})") from None
    else:
        with suppress(aiosmtplib.SMTPException, OSError, asyncio.TimeoutError):
            await asyncio.wait_for(client.quit(), FAREWELL)
    finally:
        client.close()


def write_message(sender: str, to: str, subject: str, text: str, *, number: str, about: str, now: datetime, plain: bool) -> EmailMessage:
    """Return an e-mail as text in UTF-8; with `plain` a person can read its file. Raises DeliveryRefused for what is no address or no header."""
    addresses = [_in_ascii(address) for _, address in getaddresses([to])]
    if not addresses or not to.isprintable() or not all(ADDRESS.fullmatch(address) for address in addresses):
        raise DeliveryRefused("there is no e-mail address to send to")
    message = EmailMessage(policy=POLICY)
    try:
        name, address = parseaddr(sender)
        message["From"] = Address(display_name=name, addr_spec=_in_ascii(address))
        message["To"] = ", ".join(addresses)
        message["Subject"] = subject.replace("=?", "= ?")  # Python decodes "=?…?=", a line break in it included, and writes that out
        message["Date"] = format_datetime(now)
        message["Message-ID"] = number
        message["Auto-Submitted"] = "auto-generated"  # no out-of-office note comes back
        message[ABOUT] = about
        message.set_content(text, charset="utf-8", cte="8bit" if plain else "quoted-printable")
    except (MessageError, ValueError, UnicodeError, IndexError) as error:
        raise DeliveryRefused(f"the e-mail cannot be written ({type(error).__name__})") from None
    return message


def put_into_maildir(folder: Path, message: EmailMessage) -> None:
    """Put an e-mail into a maildir, all at once, under a name made of its Message-ID: a second delivery finds the first.

    Raises DeliveryFailed where the folder cannot be written.
    """
    name = message["Message-ID"].strip("<>").partition("@")[0] + ".usher"
    try:
        for part in ("tmp", "new", "cur"):  # mailbox.Maildir fails where two make it at once
            (folder / part).mkdir(mode=0o700, parents=True, exist_ok=True)
        if (folder / "new" / name).exists() or any((folder / "cur").glob(f"{name}*")):
            return
        draft = folder / "tmp" / f"{name}.{secrets.token_hex(8)}"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as writing:
            writing.write(message.as_bytes(policy=POLICY.clone(linesep="\n", cte_type="8bit")))
            writing.flush()
            os.fsync(writing.fileno())
        try:
            os.link(draft, folder / "new" / name)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    except OSError as error:
        logging.getLogger(__name__).warning("the folder for e-mails cannot be written (%s)", error.strerror)
        raise DeliveryFailed(f"the folder for e-mails cannot be written: {error.strerror}") from None

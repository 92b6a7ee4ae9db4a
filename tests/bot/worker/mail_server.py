"""A mail server written by hand for tests: it speaks SMTP over a real socket, and misbehaves as it is told."""

from __future__ import annotations

import asyncio
import base64
import ssl
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class MailServer:
    """`mode`: accept, refuse (550 at the address), greylist (451), spam (554 at the data), hang, drop (takes it and says nothing), close, wrong_password."""

    port: int = 0
    mode: str = "accept"
    refuse_only: str = ""  # the one address that is refused in the mode refuse
    tls: ssl.SSLContext | None = None
    passwords: bool = False
    taken: list[tuple[str, EmailMessage]] = field(default_factory=list)  # recipient and message, as they arrived
    raw: list[bytes] = field(default_factory=list)
    moments: list[tuple[str, float]] = field(default_factory=list)  # Message-ID, and when it arrived (time.monotonic)
    connections: int = 0
    secure: list[bool] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)  # of the envelopes
    logins: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def ids(self) -> Counter[str]:
        """How often each Message-ID arrived."""
        return Counter(message["Message-ID"] for _, message in self.taken)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        self.connections += 1
        with suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            await self._talk(reader, writer)
        writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.mode == "close":
            return
        if self.mode == "hang":
            await reader.read()
            return

        async def say(text: str) -> None:
            writer.write(f"{text}\r\n".encode())
            await writer.drain()

        await say("220 mail.example ready")
        recipients: list[str] = []
        secure = False
        while line := (await reader.readline()).decode().strip():
            verb = line.split()[0].upper()
            if verb == "EHLO":
                offers = ["mail.example", "8BITMIME"]
                offers += ["STARTTLS"] if self.tls and not secure else []
                offers += ["AUTH PLAIN LOGIN"] if self.passwords else []
                for offer in offers[:-1]:
                    await say(f"250-{offer}")
                await say(f"250 {offers[-1]}")
            elif verb == "STARTTLS":
                await say("220 go ahead")
                assert self.tls is not None
                loop = asyncio.get_running_loop()
                protocol = writer.transport.get_protocol()
                transport = await loop.start_tls(writer.transport, protocol, self.tls, server_side=True)
                assert transport is not None
                reader._transport = transport  # type: ignore[attr-defined]
                writer._transport = transport  # type: ignore[attr-defined]
                secure = True
            elif verb == "AUTH":
                if self.mode == "wrong_password":
                    await say("535 5.7.8 authentication failed")
                    continue
                word = line.split()[2] if len(line.split()) > 2 else ""
                self.logins.append(base64.b64decode(word).decode() if word else "")
                await say("235 welcome")
            elif verb == "MAIL":
                self.senders.append(line.split("<")[1].split(">")[0])
                await say("250 ok")
            elif verb == "RCPT":
                address = line.split("<")[1].split(">")[0]
                if self.mode == "refuse" and self.refuse_only in ("", address):
                    await say(f"550 5.1.1 <{address}>: no such user")
                elif self.mode == "greylist":
                    await say("451 4.7.1 try again later")
                else:
                    recipients.append(address)
                    await say("250 ok")
            elif verb == "DATA":
                await say("354 go on")
                body = b""
                while (part := await reader.readline()) != b".\r\n":
                    if not part:
                        return
                    body += part[1:] if part.startswith(b"..") else part
                if self.mode == "spam":
                    await say("554 5.7.1 we do not like it")
                    continue
                self.raw.append(body)
                message = message_from_bytes(body, policy=policy.default)
                self.taken += [(recipient, message) for recipient in recipients]  # type: ignore[list-item]
                self.moments.append((str(message["Message-ID"]), time.monotonic()))
                self.secure.append(secure)
                if self.mode == "drop":
                    return
                await say("250 taken")
                recipients = []
            elif verb == "QUIT":
                await say("221 bye")
                return
            else:
                await say("250 ok")


@contextmanager
def mail_server(port: int = 0, **options: object) -> Iterator[MailServer]:
    """Gives a running mail server, in a thread."""
    server = MailServer(**options)  # type: ignore[arg-type]
    loop = asyncio.new_event_loop()
    listening = loop.run_until_complete(asyncio.start_server(server.talk, "127.0.0.1", port))
    server.port = listening.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(listening.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)

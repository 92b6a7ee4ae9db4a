"""E-mail: by a real mail server on this machine, and into a maildir without one."""

from __future__ import annotations

import mailbox
import ssl
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot.messages.mail_folder import forget_mail, forget_mail_about
from bot.worker.delivery import DeliveryRefused
from bot.worker.mail import put_into_maildir, write_message
from office.outbox.queue import owe_word_of_danger
from settings import Settings

from .desk import Desk
from .mail_server import MailServer, mail_server


def test_a_new_lead_reaches_the_trust_by_email(desk: Desk, server: MailServer) -> None:
    reference = desk.lead("Zoë O’Example", message="Could we visit?\nThank you", phone="+44 7700 900123")
    desk.work_until(desk.all_settled)
    ((recipient, message),) = server.taken
    assert recipient == "office@anytown.example"
    assert message["Subject"] == f"New lead {reference}: Anytown Primary, a school visit"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"].endswith("@anytown.example>") and message["Reply-To"] == "robin@school.example"
    text = message.get_content()
    for said in (
        "Zoë O’Example",
        "+44 7700 900123",
        "robin@school.example",
        "  Could we visit?",
        f"/leads/{reference}",
        "A reply is promised by",
    ):
        assert said in text
    assert desk.outbox()[0].sent is not None


@pytest.mark.parametrize(
    ("sender", "header"),
    [
        ("Team, Joining <joining@anytown.example>", '"Team, Joining" <joining@anytown.example>'),
        ("Zoë, for the Trust <joining@anytöwn.example>", "Zoë, for the Trust <joining@xn--anytwn-zxa.example>"),
    ],
)
def test_the_sender_is_the_one_of_the_settings_whatever_stands_in_the_name(
    desk: Desk, server: MailServer, sender: str, header: str
) -> None:
    desk.lead()
    desk.work_until(desk.all_settled, replace(desk.settings, mail_from=Settings.read({"USHER_MAIL_FROM": sender}).mail_from))
    ((_, message),) = server.taken
    (address,) = message["From"].addresses
    assert f"{address.display_name} <{address.addr_spec}>" == header.replace('"', "")
    assert server.senders == [address.addr_spec]


@pytest.mark.parametrize(
    "school",
    [
        "Anytown\r\nBcc: everybody@example.org",
        "Anytown\nX: y",
        "Anytown\0\x0b\x85\u2028\u2029 Primary",
        "😀" * 200,
        "=?utf-8?q?=0D=0ABcc:_x?=",
    ],
)
def test_nothing_in_a_lead_becomes_a_header(desk: Desk, server: MailServer, school: str) -> None:
    desk.lead(school=school, name="Robin\r\nBcc: x@example.org"[:200])
    desk.work_until(desk.all_settled)
    ((recipient, message),) = server.taken
    assert recipient == "office@anytown.example"
    assert set(message.keys()) == {
        "From", "To", "Reply-To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Usher-About", "Content-Type",
        "Content-Transfer-Encoding", "MIME-Version",
    }  # fmt: skip
    assert b"\nBcc:" not in server.raw[0].partition(b"\r\n\r\n")[0]


def test_an_address_that_is_refused_is_given_up_noted_and_cleared_by_a_later_success(desk: Desk, server: MailServer) -> None:
    pa = desk.hire()
    server.mode = "refuse"
    desk.lead("Robin One")
    desk.work_until(desk.all_settled)
    (row,) = desk.outbox()
    assert row.given_up is not None and "550" in row.error and row.attempts == 1
    assert "no such user" in str(desk.person(pa).email_failing)
    server.mode = "accept"
    desk.lead("Robin Two")
    desk.work_until(desk.all_settled)
    assert desk.person(pa).email_failing is None


@pytest.mark.parametrize(("mode", "why"), [("greylist", "451"), ("close", "cannot be reached"), ("wrong_password", "user or password")])
def test_what_may_pass_is_tried_again_later_and_nobody_is_marked(desk: Desk, server: MailServer, mode: str, why: str) -> None:
    pa = desk.hire()
    server.mode, server.passwords = mode, True
    desk.lead()
    settings = replace(desk.settings, mail_server=f"smtp://usher:p%40ss%3Aword@127.0.0.1:{server.port}")
    desk.work_until(lambda: desk.outbox()[0].error, settings)
    (row,) = desk.outbox()
    assert why in row.error and row.given_up is None and row.sent is None
    assert row.due - datetime.now(timezone.utc) > timedelta(seconds=50)
    assert desk.person(pa).email_failing is None


def test_an_email_the_server_does_not_like_is_given_up(desk: Desk, server: MailServer) -> None:
    server.mode = "spam"
    desk.lead()
    desk.work_until(desk.all_settled)
    assert "554" in desk.outbox()[0].error


def test_what_the_server_took_without_a_word_is_not_sent_again_within_two_minutes(desk: Desk, server: MailServer) -> None:
    server.mode = "drop"
    desk.lead()
    desk.work_until(lambda: desk.outbox()[0].error)
    (row,) = desk.outbox()
    assert row.due - datetime.now(timezone.utc) > timedelta(seconds=110)
    assert len(server.taken) == 1


def test_a_password_is_decoded_and_used(desk: Desk, server: MailServer) -> None:
    server.passwords = True
    desk.lead()
    desk.work_until(desk.all_settled, replace(desk.settings, mail_server=f"smtp://us%3Aer:p%40ss%25@127.0.0.1:{server.port}"))
    assert server.logins == ["\0us:er\0p@ss%"]
    assert len(server.taken) == 1


def test_encryption_is_used_where_the_server_offers_it(desk: Desk, tmp_path: Path) -> None:
    with mail_server(tls=certificate(tmp_path)) as server:
        desk.lead()
        desk.work_until(desk.all_settled, replace(desk.settings, mail_server=server.url))
        assert server.secure == [True]


def certificate(folder: Path) -> ssl.SSLContext:
    """A server's side of TLS, with a certificate nobody has heard of."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.example")])
    now = datetime.now(timezone.utc)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
    signed = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1)).sign(key, hashes.SHA256())
    file = folder / "mail.pem"
    plain = serialization.NoEncryption()
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    file.write_bytes(secret + signed.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def test_without_a_server_it_lies_in_a_maildir_readable_and_only_once(desk: Desk) -> None:
    settings = replace(desk.settings, mail_server="")
    reference = desk.lead("Zoë Example")
    desk.work_until(desk.all_settled, settings)
    folder = mailbox.Maildir(desk.settings.var / "mail")
    (message,) = list(folder)
    assert message["X-Usher-About"] == reference
    (file,) = (desk.settings.var / "mail" / "new").iterdir()
    assert "Zoë Example" in file.read_text() and f"/leads/{reference}" in file.read_text()
    assert file.stat().st_mode & 0o077 == 0
    with desk.database.transaction() as session:  # as if a worker was killed before it could note it
        for row in desk.outbox():
            session.merge(row).sent = None
    file.rename(file.parent.parent / "cur" / f"{file.name}:2,S")  # and somebody read it meanwhile
    desk.work_until(desk.all_settled, settings)
    assert len(list(mailbox.Maildir(desk.settings.var / "mail"))) == 1


def test_the_first_emails_may_all_be_written_at_once(tmp_path: Path) -> None:
    def write(number: int) -> None:
        now = datetime.now(timezone.utc)
        put_into_maildir(
            tmp_path / "mail", write_message("u@x.example", "a@x.example", "s", "t", number=f"<{number}@x>", about="", now=now, plain=True)
        )

    with ThreadPoolExecutor(16) as threads:
        list(threads.map(write, range(16)))
    assert len(list((tmp_path / "mail" / "new").iterdir())) == 16


def test_emails_about_a_lead_and_old_ones_can_be_removed_from_the_maildir(desk: Desk) -> None:
    first, _ = desk.lead("Robin One"), desk.lead("Robin Two")
    desk.work_until(desk.all_settled, replace(desk.settings, mail_server=""))
    mail = desk.settings.var / "mail"
    (mail / "new" / "somebody.elses").write_text("kept")
    assert forget_mail_about(mail, [first]) == 1
    assert forget_mail(mail, before=datetime.now(timezone.utc) - timedelta(days=1)) == 0
    assert forget_mail(mail, before=datetime.now(timezone.utc) + timedelta(days=1)) == 1
    assert (mail / "new" / "somebody.elses").exists()
    assert forget_mail(desk.settings.var / "nowhere", before=datetime.now(timezone.utc)) == 0


@pytest.mark.parametrize("to", ["", "nobody", "a@b\r\nBcc: c@d", "\0", "x" * 10_000, "@", ", ,"])
def test_what_is_no_address_is_refused(to: str) -> None:
    with pytest.raises(DeliveryRefused):
        write_message("usher@x.example", to, "s", "t", number="<1@x>", about="", now=datetime.now(timezone.utc), plain=False)


def test_a_domain_of_other_letters_is_written_as_mail_servers_know_it() -> None:
    to = "jo@schöle.example, bo@elm.example"
    message = write_message("usher@x.example", to, "s", "t", number="<1@x>", about="", now=datetime.now(timezone.utc), plain=False)
    assert message["To"] == "jo@xn--schle-lua.example, bo@elm.example"


def test_several_addresses_of_the_trust_all_get_it(desk: Desk, server: MailServer) -> None:
    desk.lead()
    desk.work_until(desk.all_settled, replace(desk.settings, mail_to="Office <one@anytown.example>, two@anytown.example"))
    assert sorted(recipient for recipient, _ in server.taken) == ["one@anytown.example", "two@anytown.example"]


def test_of_several_addresses_the_one_that_is_refused_is_named_beside_what_was_sent(desk: Desk, server: MailServer) -> None:
    server.mode, server.refuse_only = "refuse", "two@anytown.example"
    desk.lead()
    desk.work_until(desk.all_settled, replace(desk.settings, mail_to="one@anytown.example, two@anytown.example"))
    assert [recipient for recipient, _ in server.taken] == ["one@anytown.example"]
    (row,) = desk.outbox()
    assert row.sent is not None and row.given_up is None
    assert "two@anytown.example" in row.error and "550" in row.error and "one@" not in row.error


def test_the_safeguarding_lead_is_told_when_and_where_and_nothing_else(desk: Desk, server: MailServer) -> None:
    with desk.database.transaction() as session:
        owe_word_of_danger(session, "website", now=datetime.now(timezone.utc))
    desk.work_until(desk.all_settled, replace(desk.settings, safeguarding_to="dsl@anytown.example"))
    ((recipient, message),) = server.taken
    assert recipient == "dsl@anytown.example" and message["Subject"] == "Somebody in danger wrote to the assistant"
    assert "(Website)" in message.get_content() and "we do not keep" in message.get_content()

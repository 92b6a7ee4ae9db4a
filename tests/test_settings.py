"""Settings: what cannot be used is refused with a sentence, what can be is understood."""

from __future__ import annotations

import pytest

from settings import Settings, SettingsError


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("usher@ourtrust.example", "usher@ourtrust.example"),
        ("Usher <usher@ourtrust.example>", '"Usher" <usher@ourtrust.example>'),
        ("Team, Joining <a@b.example>", '"Team, Joining" <a@b.example>'),
        ('"Team, Joining" <a@b.example>', '"Team, Joining" <a@b.example>'),
        ("Our Trust: Office (joining) <a@b.example>", '"Our Trust: Office (joining)" <a@b.example>'),
    ],
)
def test_a_sender_is_one_address_whatever_stands_in_its_name(written: str, read: str) -> None:
    assert Settings.read({"USHER_MAIL_FROM": written}).mail_from == read


@pytest.mark.parametrize(
    "written",
    [
        "usher",
        "a@b.example, c@d.example",
        "Team, Joining a@b.example",
        "Team <a@b.example> x",
        "Team <a@b.example",
        "A <b>",
        "A\n<a@b.example>",
    ],
)
def test_a_sender_that_is_no_address_is_refused_at_the_start(written: str) -> None:
    with pytest.raises(SettingsError, match="USHER_MAIL_FROM is .* it must be one e-mail address"):
        Settings.read({"USHER_MAIL_FROM": written})


@pytest.mark.parametrize("written", ["office", "Team, Joining <a@b.example>", "one@a.example; two@a.example"])
def test_receivers_that_are_no_addresses_are_refused_at_the_start(written: str) -> None:
    with pytest.raises(SettingsError, match="USHER_MAIL_TO is .* separated by commas"):
        Settings.read({"USHER_MAIL_TO": written})

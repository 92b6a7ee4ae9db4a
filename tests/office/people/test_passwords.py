"""Passwords: any that is long and not everybody's first guess."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher

from office.base.errors import BadInput
from office.people.passwords import check_new_password, hash_password, is_outdated, is_password


@pytest.mark.parametrize(
    "password",
    [
        "three brown teapots",
        "größe-äpfel-öfen!",
        "лошадь батарея скоба",
        "correct horse battery",
        "🫖🫖 four hot teapots",
        "x7#Qp2!vZ9&k",
        "a" * 150 + "bcd e f",
    ],
)
def test_a_long_password_of_any_kind_is_taken(password: str) -> None:
    check_new_password(password, name="Pat Assistant", email="pat@example.org")


@pytest.mark.parametrize(
    "password",
    [
        "", "short", "elevenchars", "x" * 201, "passwordpassword", "Password123456", "123456789012", "qwertyuiop123", "letmein letmein",
        "aaaaaaaaaaaaaa", "abababababab", "PatAssistant", "pat.assistant1", "assistant-pat-2026", "pat@example.org", "welcome2026!!", "            ",
    ],
)  # fmt: skip
def test_what_is_short_or_common_or_ones_own_name_is_refused_in_a_sentence(password: str) -> None:
    with pytest.raises(BadInput) as refused:
        check_new_password(password, name="Pat Assistant", email="pat@example.org")
    assert refused.value.field == "password" and refused.value.reason.startswith(("Please", "This"))


def test_the_same_password_typed_on_another_keyboard_is_the_same() -> None:
    assert is_password("cafe\u0301 au lait!", hash_password("caf\u00e9 au lait!"))


def test_another_password_is_not_it_and_nobody_has_none() -> None:
    kept = hash_password("three brown teapots")
    assert not is_password("three brown teapotS", kept)
    assert not is_password("of nobody", None) and not is_password("", None)


@pytest.mark.parametrize("password", ["\0", "x" * 10_000, "\ud83d", "🫖" * 200])
def test_strange_passwords_are_wrong_and_break_nothing(password: str) -> None:
    assert not is_password(password, hash_password("three brown teapots"))


def test_what_is_kept_is_no_password_is_wrong() -> None:
    assert not is_password("three brown teapots", "plain text")


def test_a_guess_costs_what_owasp_asks_for_at_least(real_hasher: PasswordHasher) -> None:
    assert (real_hasher.memory_cost, real_hasher.time_cost) >= (19 * 1024, 2)  # KiB and rounds
    assert real_hasher.type.name == "ID"
    assert is_password("three brown teapots", hash_password("three brown teapots"))


@pytest.mark.usefixtures("real_hasher")
def test_a_password_kept_with_weaker_parameters_is_outdated() -> None:
    assert is_outdated(PasswordHasher(time_cost=1, memory_cost=1024).hash("three brown teapots"))
    assert not is_outdated(hash_password("three brown teapots"))

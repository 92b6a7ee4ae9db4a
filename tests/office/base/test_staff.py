"""Permissions: what each role may do, and that nobody else may do anything."""

from __future__ import annotations

import ast
import re
from datetime import datetime, timezone
from pathlib import Path

import pytest

from bot.inbox.wording import ROLE_TITLES
from office.base.errors import NotAllowed
from office.base.staff import PERMISSIONS, ROLES, Staff, may, require, roles_that

ROOT = Path(__file__).parents[3]
EVERY = sorted(set().union(*PERMISSIONS.values()))
LITERAL = re.compile(r"""\.role\s*(==|!=|(not\s+)?in\b)|[=!]=\s*['"](pa|admin)['"]|in\s*[(\[{]\s*['"](staff|pa|admin)['"]""")
NOT_OF_STAFF = ("lead.role", "details.role")  # what somebody is at their school


def of(role: str) -> Staff:
    return Staff(name="Sample", role=role)


def test_staff_read_the_pa_works_and_an_admin_sees_to_people_too() -> None:
    assert may(of("staff"), "read leads") and may(of("staff"), "read facts")
    assert not may(of("staff"), "work leads") and not may(of("staff"), "export")
    assert may(of("pa"), "work leads") and may(of("pa"), "work facts") and not may(of("pa"), "manage people")
    assert may(of("admin"), "work facts") and may(of("admin"), "see to privacy")
    assert roles_that("work leads") == ["pa", "admin"] and roles_that("read leads") == ["staff", "pa", "admin"]


@pytest.mark.parametrize("permission", EVERY)
def test_a_role_that_is_not_in_the_table_nobody_and_who_is_withdrawn_may_nothing(permission: str) -> None:
    gone = Staff(name="Sample", role="admin", withdrawn=datetime(2026, 9, 1, tzinfo=timezone.utc))
    for nobody in (of("auditor"), of(""), of("Admin"), gone, None):
        assert not may(nobody, permission)
        with pytest.raises(NotAllowed):
            require(nobody, permission)
    assert "auditor" not in roles_that(permission)


def test_a_misspelt_permission_is_a_mistake_of_ours() -> None:
    for ask in (lambda: may(of("admin"), "work lead"), lambda: may(None, ""), lambda: roles_that("work lead")):
        with pytest.raises(ValueError):
            ask()


def test_every_role_has_a_title() -> None:
    assert tuple(ROLE_TITLES) == ROLES


def test_no_door_compares_roles_itself() -> None:
    """Whoever asks by name of a role gives a new one something, or nothing, without being asked."""
    files = [*ROOT.glob("office/**/*.py"), *ROOT.glob("bot/**/*.py"), *ROOT.glob("actions/**/*.py"), *ROOT.glob("bot/**/*.html")]
    found = []
    for file in files:
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if LITERAL.search(line) and not any(one in line for one in NOT_OF_STAFF):
                found.append(f"{file.relative_to(ROOT)}:{number}: {line.strip()}")
    assert found == []
    assert LITERAL.search('if visit.staff.role in ("pa", "admin"):') and LITERAL.search('{% if me.role == "admin" %}')


def test_every_permission_that_is_asked_for_is_in_the_table() -> None:
    """A misspelt one would only be noticed by whoever comes that way."""
    asked = set()
    for file in [*ROOT.glob("office/**/*.py"), *ROOT.glob("bot/**/*.py")]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if name in ("may", "require", "roles_that"):
                    asked |= {arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)}
                asked |= {key.value.value for key in node.keywords if key.arg == "needs" and isinstance(key.value, ast.Constant)}
    for file in ROOT.glob("bot/inbox/templates/**/*.html"):
        asked |= set(re.findall(r'\bmay\("([^"]*)"\)', file.read_text(encoding="utf-8")))
    assert {"work leads", "work facts", "export", "see to privacy"} <= asked <= set(EVERY)

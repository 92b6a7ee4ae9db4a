"""People, as an admin sees to them."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from office.outbox.telegram import note_bot

from .inbox import PASSWORD, Inbox, csrf_in, give_password, post, words_of

SignIn = Callable[..., httpx.Client]
KIM = {"name": "Kim Example", "email": "kim@example.org", "role": "pa"}


def test_somebody_is_added_and_their_link_shown_once(inbox: Inbox, sign_in: SignIn) -> None:
    admin = sign_in("admin")
    page = post(admin, "/people", **KIM)
    assert "http://127.0.0.1:8001/set-password/" in page.text
    listed = admin.get("/people")
    assert "Kim Example" in listed.text and "no password yet" in listed.text and "/set-password/" not in listed.text
    path = re.search(r"/set-password/[\w-]+", page.text)[0]
    kim = inbox.browser()
    data = {"csrf": csrf_in(kim.get(path)), "password": PASSWORD, "again": PASSWORD}
    assert kim.post(path, data=data).headers["location"] == "/sign-in"
    assert "Your password is set" in words_of(kim.get("/sign-in"))
    assert give_password(kim, "kim@example.org", PASSWORD).status_code == 303 and kim.get(path).status_code == 404


@pytest.mark.parametrize(
    ("field", "value", "status"),
    [("name", "", 422), ("name", "x" * 10_000, 422), ("email", "kim", 422), ("email", "x" * 10_000, 422), ("email", "admin@example.org", 409),
     ("role", "owner", 422)],
)  # fmt: skip
def test_what_cannot_be_taken_stays_in_the_form_beside_a_sentence(sign_in: SignIn, field: str, value: str, status: int) -> None:
    admin = sign_in("admin")
    page = post(admin, "/people", **{**KIM, field: value})
    assert page.status_code == status and f'id="wrong-{field}"' in page.text and 'aria-invalid="true"' in page.text
    assert "Kim Example" in page.text or field == "name"
    assert "kim@example.org" not in admin.get("/people").text


def test_a_name_is_text_wherever_it_stands(sign_in: SignIn) -> None:
    admin = sign_in("admin")
    post(admin, "/people", name="<script>alert('x')</script>", email="kim@example.org", role="pa")
    for path in ("/people", "/people/2", "/audit"):
        assert "<script>alert" not in admin.get(path).text


def test_a_double_click_adds_one_person(inbox: Inbox, sign_in: SignIn) -> None:
    admin = sign_in("admin")
    with ThreadPoolExecutor(2) as threads:
        statuses = sorted(response.status_code for response in threads.map(lambda _: post(admin, "/people", **KIM), range(2)))
    assert statuses == [200, 409]
    assert len(inbox.rows("SELECT id FROM staff")) == 2


def test_a_role_is_changed_and_holds_at_once(inbox: Inbox, sign_in: SignIn) -> None:
    admin, pa = sign_in("admin"), sign_in("pa")
    assert pa.get("/people").status_code == 403
    assert post(admin, "/people/2/change", name="Pat Assistant", role="admin", was="pa").status_code == 303
    assert pa.get("/people").status_code == 200


def test_of_two_admins_who_change_one_role_the_second_is_told(inbox: Inbox, sign_in: SignIn) -> None:
    admin = sign_in("admin")
    inbox.add("pa")
    post(admin, "/people/2/change", name="Pat", role="staff", was="pa")
    late = post(admin, "/people/2/change", name="Pat", role="admin", was="pa")
    assert late.status_code == 409 and "it is now “Staff (reads)”" in words_of(late)
    assert inbox.rows("SELECT role FROM staff WHERE id = 2") == [("staff",)]


def test_the_last_admin_stays(inbox: Inbox, sign_in: SignIn) -> None:
    admin = sign_in("admin")
    for path, fields in (("/people/1/withdraw", {}), ("/people/1/change", {"name": "Alex", "role": "pa", "was": "admin"})):
        page = post(admin, path, **fields)
        assert page.status_code == 409 and "last admin" in words_of(page)
    assert inbox.rows("SELECT role, withdrawn FROM staff") == [("admin", None)]


def test_two_admins_who_withdraw_each_other_at_once_leave_one(inbox: Inbox, sign_in: SignIn) -> None:
    one, other = sign_in("admin"), sign_in("admin", email="second@example.org")
    with ThreadPoolExecutor(2) as threads:
        done = [threads.submit(post, one, "/people/2/withdraw"), threads.submit(post, other, "/people/1/withdraw")]
        assert {future.result().status_code for future in done} <= {303, 409}
    assert len(inbox.rows("SELECT id FROM staff WHERE role = 'admin' AND withdrawn IS NULL")) == 1


def test_withdrawing_signs_out_at_once(sign_in: SignIn) -> None:
    admin, pa = sign_in("admin"), sign_in("pa")
    assert post(admin, "/people/2/withdraw").status_code == 303
    assert pa.get("/account").status_code == 303
    page = words_of(admin.get("/people/2"))
    assert "Withdrawn on" in page and "Invite to Telegram" not in page


def test_an_invitation_to_telegram_is_a_link_once_the_bot_is_known(inbox: Inbox, sign_in: SignIn) -> None:
    admin = sign_in("admin")
    inbox.add("pa")
    assert "/start " in words_of(post(admin, "/people/2/telegram"))
    with inbox.database.transaction() as session:
        note_bot(session, 1, "usher_example_bot", "", now=inbox.app.state.inbox.clock())
    assert "https://t.me/usher_example_bot?start=" in post(admin, "/people/2/telegram").text


def test_telegram_is_disconnected(inbox: Inbox, sign_in: SignIn) -> None:
    admin = sign_in("admin")
    inbox.add("pa")
    with inbox.database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE staff SET telegram = 4711 WHERE id = 2")
    assert "Disconnect Telegram" in words_of(admin.get("/people/2"))
    post(admin, "/people/2/telegram/withdraw")
    assert inbox.rows("SELECT telegram FROM staff WHERE id = 2") == [(None,)]


def test_a_lost_phone_is_signed_out_by_an_admin(sign_in: SignIn) -> None:
    admin, pa = sign_in("admin"), sign_in("pa")
    post(admin, "/people/2/sign-out")
    assert pa.get("/account").status_code == 303 and admin.get("/account").status_code == 200


def test_all_of_it_is_noted(inbox: Inbox, sign_in: SignIn) -> None:
    admin = sign_in("admin")
    post(admin, "/people", **KIM)
    admin.get("/people/2")
    post(admin, "/people/2/change", name="Kim", role="staff", was="pa")
    post(admin, "/people/2/telegram")
    post(admin, "/people/2/withdraw")
    noted = inbox.rows("SELECT action, staff FROM audit_entry WHERE about = 'staff 2' ORDER BY id")
    assert [action for action, _ in noted] == ["add", "invite", "view", "change", "invite", "withdraw", "withdraw"]
    assert {by for _, by in noted} == {1}

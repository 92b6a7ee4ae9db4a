from __future__ import annotations

import pytest
from sqlalchemy import update

from office.leads.model import Lead, LeadDetails, log_lead
from tests.clock import NOW

from .inbox import Inbox, post, words_of


@pytest.fixture
def pair(inbox: Inbox) -> tuple[str, str]:
    """Two leads with one office address; their references."""
    with inbox.database.transaction() as session:
        made = [
            log_lead(
                session, LeadDetails(f"c-{name}", "website", name, "Sample School", "visit", NOW, email="office@example.org"),
                reply_within=2, now=NOW,
            ).reference
            for name in ("<b>Sample Head</b>", "Sample Bursar")
        ]  # fmt: skip
    return made[0], made[1]


def test_two_leads_are_seen_side_by_side_joined_and_parted(inbox: Inbox, pair: tuple[str, str]) -> None:
    first, second = pair
    pa = inbox.sign_in("pa")
    page = pa.get(f"/leads/{first}/duplicates")
    assert "Same e-mail address, but another name" in words_of(page)
    assert "<b>Sample" not in page.text
    assert post(pa, f"/leads/{first}/join", other=second, survivor=second).status_code == 303
    page = pa.get(f"/leads/{second}/duplicates")
    assert f"{first} was merged into {second}." in words_of(page)
    assert f'action="/leads/{first}/part"' in page.text  # undo
    assert "Separate them again" in pa.get(f"/leads/{first}/duplicates").text
    assert post(pa, f"/leads/{first}/part").status_code == 303
    assert [row.survivor for row in inbox.rows("SELECT survivor FROM lead")] == [None, None]


def test_a_lead_that_has_ended_is_not_offered_to_be_kept_and_the_page_says_why(inbox: Inbox, pair: tuple[str, str]) -> None:
    first, second = pair
    pa = inbox.sign_in("pa")
    with inbox.database.transaction() as session:
        session.execute(update(Lead).where(Lead.reference == first).values(status="closed"))
    page = words_of(pa.get(f"/leads/{first}/duplicates"))
    assert f"Merge, and keep Sample Bursar, Sample School, New ({second})" in page
    assert f"({first}) has ended as “Closed”" in page and page.count("Merge, and keep") == 1
    refused = post(pa, f"/leads/{first}/join", other=second, survivor=first)
    assert refused.status_code == 409 and "keep that one, so that nobody is forgotten" in words_of(refused)


def test_a_double_click_joins_once_and_says_so(inbox: Inbox, pair: tuple[str, str]) -> None:
    first, second = pair
    pa = inbox.sign_in("pa")
    assert post(pa, f"/leads/{first}/join", other=second, survivor=first).status_code == 303
    again = post(pa, f"/leads/{first}/join", other=second, survivor=first)
    assert again.status_code == 409
    assert f"was merged into {first} already" in words_of(again)
    post(pa, f"/leads/{second}/part")
    assert post(pa, f"/leads/{second}/part").status_code == 409


@pytest.mark.parametrize(
    ("other", "said"),
    [("U-NOBODY", "no lead of that reference"), ("x" * 10_000, "no lead"), ("self", "this lead itself"), ("\0", "no lead")],
)
def test_a_reference_that_is_none_is_refused_in_words(inbox: Inbox, pair: tuple[str, str], other: str, said: str) -> None:
    page = inbox.sign_in("pa").get(f"/leads/{pair[0]}/duplicates", params={"other": pair[0] if other == "self" else other})
    assert page.status_code == 400
    assert said in words_of(page)


@pytest.mark.parametrize(
    ("other", "survivor", "status"), [("", "", 404), ("U-NOBODY", "U-NOBODY", 404), ("second", "", 400), ("first", "first", 400)]
)
def test_a_form_that_names_no_two_leads_joins_nothing(inbox: Inbox, pair: tuple[str, str], other: str, survivor: str, status: int) -> None:
    named = {"first": pair[0], "second": pair[1]}
    response = post(inbox.sign_in("pa"), f"/leads/{pair[0]}/join", other=named.get(other, other), survivor=named.get(survivor, survivor))
    assert response.status_code == status
    assert [row.survivor for row in inbox.rows("SELECT survivor FROM lead")] == [None, None]


def test_staff_look_and_do_not_join_and_each_look_is_audited(inbox: Inbox, pair: tuple[str, str]) -> None:
    first, second = pair
    staff = inbox.sign_in("staff")
    assert "keep" not in words_of(staff.get(f"/leads/{first}/duplicates")).lower()
    for path in (f"/leads/{first}/join", f"/leads/{second}/part"):
        assert post(staff, path, other=second, survivor=first).status_code == 403
    assert {row.about for row in inbox.rows("SELECT about FROM audit_entry WHERE action = 'view'")} == {f"lead {first}", f"lead {second}"}


def test_a_lead_that_is_not_there_has_no_duplicates(inbox: Inbox) -> None:
    pa = inbox.sign_in("pa")
    for reference in ("U-NOBODY", "x" * 5000, "%00"):
        assert pa.get(f"/leads/{reference}/duplicates").status_code == 404
        assert post(pa, f"/leads/{reference}/part").status_code == 404

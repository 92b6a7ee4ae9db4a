from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from office.answering.places import with_places
from office.choosing.choose import Answer
from tests.clock import NOW

from .inbox import Inbox, post, words_of

NEXT_YEAR = str(NOW.year + 1)
SPRING = f"{NEXT_YEAR}-spring"
TERM = {"year": NEXT_YEAR, "season": "spring", "begins": f"{NEXT_YEAR}-01-04", "ends": f"{NEXT_YEAR}-03-31", "places": "2"}


@pytest.fixture
def pa(sign_in: Callable[..., httpx.Client]) -> httpx.Client:
    """The PA's browser; the spring term of next year is recorded with two places."""
    browser = sign_in("pa")
    assert post(browser, "/places/terms", **TERM).status_code == 303
    return browser


def test_a_pa_records_a_term_gives_its_places_and_takes_one_back(pa: httpx.Client, inbox: Inbox) -> None:
    assert "2 of 2 free" in words_of(pa.get("/places"))
    for number in (1, 2):
        assert post(pa, f"/places/terms/{SPRING}/give", to=f"Sample Primary School {number}").status_code == 303
    assert f"Sample Primary School 2 has place 2 of the spring term {NEXT_YEAR}." in words_of(pa.get("/places"))
    assert "0 of 2 free" in words_of(pa.get("/places"))
    post(pa, f"/places/terms/{SPRING}/give", to="Sample Primary School 3")
    assert "Every place of the spring term" in words_of(pa.get("/places"))
    place = inbox.rows("SELECT id FROM place WHERE number = 1")[0].id
    for _ in range(2):  # a double click
        assert post(pa, f"/places/{place}/take-back").status_code == 303
    page = words_of(pa.get("/places"))
    assert "1 of 2 free" in page
    assert f"Pat Assistant took place 1 of the spring term {NEXT_YEAR} back from Sample Primary School 1" in page


@pytest.mark.parametrize(
    ("asked", "topic", "outcome", "from_the_list"),
    [
        ("Is there a place next term?", "membership_renewal", "not_known", True),
        (f"is there any room for us in spring {NEXT_YEAR}", "membership_duration", "answered", True),
        (f"Do you have a place from January {NEXT_YEAR}?", "pupil_places", "not_known", True),
        ("can we still get a place?", "eligibility", "not_known", True),
        ("Are there places left?", "associate_places", "not_known", True),
        ("How long do we have a place for this term?", "membership_duration", "answered", False),
        ("Is there a way to keep our place next term?", "membership_renewal", "not_known", False),
        ("Is there a place in Year 3 next term?", "pupil_places", "not_known", False),
    ],
)
def test_the_assistant_answers_from_the_list_of_places(
    pa: httpx.Client, inbox: Inbox, asked: str, topic: str, outcome: str, from_the_list: bool
) -> None:
    post(pa, "/places/terms", year="2030", season="spring", begins="2030-01-07", ends="2030-03-31", places="2")
    with inbox.database.transaction() as session:
        said = with_places(Answer(asked, outcome, "anytown", topic), session, "anytown", NOW.date())
        assert {fact.source_title for fact in said.facts} == ({"The list of places"} if from_the_list else set())


def test_a_term_nobody_recorded_is_not_answered_by_another(pa: httpx.Client, inbox: Inbox) -> None:
    with inbox.database.transaction() as session:
        asked = Answer(f"how many places are left for the summer term {NEXT_YEAR}?", "not_known", "anytown", "associate_places")
        said = with_places(asked, session, "anytown", NOW.date())
    assert (said.outcome, said.facts, said.topic) == ("not_known", [], "associate_places")
    assert [fact.source_title for fact in said.near] == ["The list of places"]


def test_the_same_school_given_twice_holds_one_place(pa: httpx.Client, inbox: Inbox) -> None:
    for name in ("Sample School", "SAMPLE  school"):
        post(pa, f"/places/terms/{SPRING}/give", to=name)
    assert len(inbox.rows("SELECT * FROM place")) == 1


def test_a_term_is_changed_but_not_below_what_is_given(pa: httpx.Client) -> None:
    post(pa, f"/places/terms/{SPRING}/give", to="Sample Primary School 1")
    assert f'value="{NEXT_YEAR}-01-04"' in pa.get(f"/places/terms/{SPRING}").text
    refused = post(pa, f"/places/terms/{SPRING}", **{**TERM, "places": "0"})
    assert refused.status_code == 400
    assert "1 place is given already" in words_of(refused)
    assert post(pa, f"/places/terms/{SPRING}", **{**TERM, "places": "3"}).status_code == 303
    assert "2 of 3 free" in words_of(pa.get("/places"))


@pytest.mark.parametrize(
    "change",
    [
        {"year": ""}, {"year": "x" * 10_000}, {"year": "٢٠٢٧"}, {"season": "winter"}, {"begins": ""}, {"begins": f"{NEXT_YEAR}-02-30"},
        {"begins": "x" * 10_000}, {"ends": f"{NEXT_YEAR}-01-01"}, {"places": "-1"}, {"places": "1.5"}, {"places": "9" * 10_000}, {"places": "\0"},
    ],
)  # fmt: skip
def test_a_term_that_cannot_be_is_refused_in_words_and_the_form_keeps_its_values(
    sign_in: Callable[..., httpx.Client], inbox: Inbox, change: dict[str, str]
) -> None:
    refused = post(sign_in("pa"), "/places/terms", **{**TERM, **change})
    assert refused.status_code == 400
    assert "Something is not right yet" in words_of(refused)
    assert not inbox.rows("SELECT * FROM term")


@pytest.mark.parametrize(
    ("to", "said"),
    [
        ("", "Say which school"),
        ("x" * 10_000, "may have 200 characters"),
        ("U-NOBODY", "no lead of that reference"),
        ("  ", "Say which school"),
    ],
)
def test_a_place_goes_to_nobody_who_is_not_named(pa: httpx.Client, inbox: Inbox, to: str, said: str) -> None:
    refused = post(pa, f"/places/terms/{SPRING}/give", to=to)
    assert refused.status_code == 400
    assert said in words_of(refused)
    assert not inbox.rows("SELECT * FROM place")


def test_odd_names_stay_text(pa: httpx.Client) -> None:
    post(pa, f"/places/terms/{SPRING}/give", to="<script>alert(1)</script>")
    post(pa, f"/places/terms/{SPRING}/give", to="=1+1 🏫")
    page = pa.get("/places")
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text


@pytest.mark.parametrize(
    "path", ["/places/terms/2099-autumn", "/places/terms/x", "/places/terms/2027-spring%00", "/places/terms/" + "x" * 5000]
)
def test_an_unknown_term_is_not_there(pa: httpx.Client, path: str) -> None:
    assert pa.get(path).status_code == 404
    assert post(pa, f"{path}/give", to="Sample School").status_code == 404


@pytest.mark.parametrize("place", ["0", "x", "9" * 30, "-1"])
def test_a_number_that_is_none_is_not_there(pa: httpx.Client, place: str) -> None:
    assert post(pa, f"/places/{place}/take-back").status_code == 404


def test_staff_see_the_places_and_change_nothing(pa: httpx.Client, sign_in: Callable[..., httpx.Client]) -> None:
    staff = sign_in("staff")
    page = staff.get("/places")
    assert "2 of 2 free" in words_of(page)
    assert "Record a term" not in page.text
    assert staff.get(f"/places/terms/{SPRING}").status_code == 403
    for path in ("/places/terms", f"/places/terms/{SPRING}", f"/places/terms/{SPRING}/give", "/places/1/take-back"):
        assert post(staff, path, **TERM, to="Sample School").status_code == 403


def test_a_forged_form_changes_nothing(pa: httpx.Client, inbox: Inbox) -> None:
    assert pa.post(f"/places/terms/{SPRING}/give", data={"to": "Sample School", "csrf": "0" * 64}).status_code == 403
    assert pa.post(f"/places/terms/{SPRING}/give", data={"to": "Sample School"}).status_code == 403
    assert not inbox.rows("SELECT * FROM place")

"""What holds on every page: who may see it, forged forms, what is too big, headers, and sentences where something breaks."""

from __future__ import annotations

import re
from collections.abc import Callable

import httpx
import pytest

from bot.inbox.app import FAMILIES
from bot.inbox.cookies import csrf_of, read_said, write_said
from bot.inbox.web import local_path

from .inbox import Inbox, post, words_of

SignIn = Callable[..., httpx.Client]
PUBLIC = {"/sign-in", "/set-password/{code}", "/accessibility", "/health"}
FOR_WHOEVER_IS_SIGNED_IN = {"/sign-out", "/sign-out-everywhere"}
ADMIN_ONLY = ("/people", "/people/1", "/switches", "/audit")


def filled(path: str) -> str:
    """A path with something in place of its parameters."""
    return re.sub(r"\{[^}]*\}", "1", path)


ROUTES = [(route.path, sorted(route.methods - {"HEAD"})[0]) for family in FAMILIES for route in family.ROUTES if route.path not in PUBLIC]


def test_every_page_asks_who_it_is(inbox: Inbox) -> None:
    stranger = inbox.browser()
    for path, method in ROUTES:
        response = stranger.request(method, filled(path))
        assert response.status_code == 303 and response.headers["location"].startswith("/sign-in"), path


def test_no_form_works_without_its_token_or_with_anothers(inbox: Inbox) -> None:
    with_forms = inbox.sign_in("admin")
    other = csrf_of(inbox.sign_in("pa").cookies["usher_inbox"])
    forms = [path for path, method in ROUTES if method == "POST"]
    asked = [(path, token) for path in forms for token in ({}, {"csrf": other})]
    asked += [(forms[0], token) for token in ({"csrf": ""}, {"csrf": "é"}, {"csrf": ["a", "b"]})]  # one function looks at the token of all
    for path, token in asked:
        response = with_forms.post(filled(path), data=token)
        assert response.status_code == 403 and "no longer valid" in response.text, (path, token)


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}],
)
def test_a_form_sent_by_another_site_is_refused_even_with_the_token(sign_in: SignIn, headers: dict[str, str]) -> None:
    browser = sign_in("pa")
    response = browser.post("/sign-out", data={"csrf": csrf_of(browser.cookies["usher_inbox"])}, headers=headers)
    assert response.status_code == 403
    assert browser.get("/account").status_code == 200


def test_a_form_of_ours_says_where_it_comes_from_and_is_taken(inbox: Inbox, sign_in: SignIn) -> None:
    browser = sign_in("pa")
    headers = {"Origin": inbox.url, "Sec-Fetch-Site": "same-origin"}
    assert browser.post("/sign-out", data={"csrf": csrf_of(browser.cookies["usher_inbox"])}, headers=headers).status_code == 303


def test_pages_of_another_role_are_refused_in_a_sentence(sign_in: SignIn) -> None:
    for browser in (sign_in("staff"), sign_in("pa")):
        for path in ADMIN_ONLY:
            response = browser.get(path)
            assert response.status_code == 403 and "Your role does not include this" in words_of(response), path


def test_a_role_that_nobody_gave_permissions_gets_nothing_but_the_way_out(inbox: Inbox) -> None:
    inbox.add("auditor", "Ody Auditor")
    browser = inbox.sign_in("auditor")
    before = inbox.rows("SELECT count(*) FROM audit_entry")
    for path, method in ROUTES:
        if path not in FOR_WHOEVER_IS_SIGNED_IN:
            response = browser.get(filled(path)) if method == "GET" else post(browser, filled(path))
            assert response.status_code == 403 and "Your role does not include this" in words_of(response), path
            assert re.findall(r'<li><a href="/(?!static)', response.text) == [], path  # nor does the menu offer anything
    assert inbox.rows("SELECT count(*) FROM audit_entry") == before
    assert post(browser, "/sign-out").status_code == 303


def test_numbers_nobody_has_are_not_found(sign_in: SignIn) -> None:
    admin = sign_in("admin")
    for number in ("99", "0", "-1", "x", "1.0", "1e3", "99999999999999999999", "%00", "²", "1%20OR%201=1"):
        response = admin.get(f"/people/{number}")
        assert response.status_code == 404 and "nothing at this address" in words_of(response), number


def test_an_unknown_address_is_not_found_signed_in_or_not(inbox: Inbox, sign_in: SignIn) -> None:
    assert inbox.browser().get("/nothing").status_code == 404
    assert sign_in("pa").get("/nothing/<script>").status_code == 404


def test_what_is_larger_than_a_megabyte_is_refused(sign_in: SignIn) -> None:
    browser = sign_in("admin")
    assert post(browser, "/people", name="x" * 900_000, email="", role="").status_code == 422
    response = post(browser, "/people", name="x" * 1_100_000)
    assert response.status_code == 413 and "one megabyte" in words_of(response)


def test_what_is_no_form_is_refused(sign_in: SignIn) -> None:
    browser = sign_in("admin")
    multipart = {"Content-Type": "multipart/form-data; boundary=x"}
    assert browser.post("/people", content=b"\xff\xfe\0", headers=multipart).status_code in (400, 403)
    assert browser.post("/people", content=b'{"a": 1}', headers={"Content-Type": "application/json"}).status_code == 403
    assert browser.post("/people", files={"name": ("x.txt", b"x")}).status_code in (400, 403)


def test_every_response_says_what_the_browser_may_do(inbox: Inbox, sign_in: SignIn) -> None:
    for response in (sign_in("pa").get("/account"), inbox.browser().get("/nothing"), inbox.browser().get("/sign-in")):
        policy = response.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy
        assert response.headers["cache-control"] == "no-store"
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["referrer-policy"] == "same-origin"


def test_the_pages_files_are_there(inbox: Inbox) -> None:
    for name, kind in (("inbox.css", "text/css"), ("inbox.js", "text/javascript"), ("favicon.svg", "image/svg+xml")):
        response = inbox.browser().get(f"/static/{name}")
        assert response.status_code == 200 and response.headers["content-type"].startswith(kind), name


def test_no_page_holds_inline_script_or_style(sign_in: SignIn) -> None:
    browser = sign_in("admin")
    for path in ("/account", *ADMIN_ONLY, "/accessibility"):
        page = browser.get(path).text
        assert "<style" not in page and "style=" not in page and "onclick" not in page and "<script>" not in page


def test_while_the_database_is_away_a_sentence_says_so(inbox: Inbox, sign_in: SignIn) -> None:
    browser = sign_in("pa")
    with inbox.database.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE sign_in RENAME TO sign_in_away")
        connection.exec_driver_sql("ALTER TABLE revision RENAME TO revision_away")
    response = browser.get("/account")
    assert response.status_code == 503 and "try again in a minute" in words_of(response) and "sign_in" not in response.text
    assert inbox.browser().get("/health").status_code == 503


def test_health_is_for_anybody(inbox: Inbox) -> None:
    response = inbox.browser().get("/health")
    assert response.json() == {"status": "ok", "parts": {"inbox": "ok", "database": "ok"}}


def test_what_breaks_is_a_sentence_and_no_traceback(inbox: Inbox, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = sign_in("admin")
    monkeypatch.delitem(inbox.app.state.inbox.templates.filters, "moment")  # a fault in the program
    inbox.app.state.inbox.templates.cache.clear()
    response = browser.get("/audit")
    assert response.status_code == 500 and "Something went wrong on our side" in words_of(response)
    assert "Traceback" not in response.text and "moment" not in response.text


def test_a_message_is_shown_once(sign_in: SignIn) -> None:
    browser = sign_in("admin")
    post(browser, "/switches/website", off="yes", **{"reason-website": "a holiday"})
    assert "The chat on the website is off" in words_of(browser.get("/account"))
    assert "The chat on the website is off" not in words_of(browser.get("/account"))


def test_nobody_else_can_make_a_message_appear() -> None:
    assert read_said("mine", write_said("mine", "<b>done</b>", "/leads/undo")) == ("<b>done</b>", "/leads/undo")
    assert read_said("mine", write_said("another's", "done", "")) is None
    assert read_said("mine", "nonsense\0é") is None


@pytest.mark.parametrize(
    ("path", "led"),
    [("/leads?status=new&q=a+b", "/leads?status=new&q=a+b"), ("", "/"), ("leads", "/"), ("//x", "/"), ("/a\\b", "/"),
     ("http://[", "/"), ("/[", "/[")],
)  # fmt: skip
def test_only_paths_of_our_own_are_gone_to(path: str, led: str) -> None:
    assert local_path(path) == led

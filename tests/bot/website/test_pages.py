"""The pages, the widget's files, the opening words, and what every response says about safety."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bot.website.openapi import OPENAPI
from office.answering.lead_form import ASKED
from office.facts.model import Fact, Subject
from settings import Settings, SettingsError

from .conftest import ROBIN
from .site import Site, keeps_contract, open_site

POLICY = "default-src 'self'; connect-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; base-uri 'none'"


@pytest.mark.parametrize("path", ["/", "/privacy", "/nowhere", "/api/start", "/api/nowhere", "/health", "/static/usher-chat.js"])
def test_every_response_is_safe_to_show(site: Site, path: str) -> None:
    headers = site.client.get(path).headers
    assert headers["Content-Security-Policy"].startswith(POLICY)
    assert "frame-ancestors 'self'" in headers["Content-Security-Policy"] and "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] and headers["Permissions-Policy"]
    assert "Server" not in headers and "Set-Cookie" not in headers


def test_the_first_page_has_the_chat_and_the_contact(site: Site) -> None:
    text = site.client.get("/").text
    assert "Anytown Academy Trust" in text and ROBIN.phone in text and ROBIN.email in text
    assert 'src="/static/usher-chat.js"' in text
    assert "(as of spring 2024)" in text and "its published documents of spring 2024" in text
    assert "<script>" not in text and "style=" not in text


def test_the_privacy_page_says_for_how_long_each_kind_is_kept(settings: Settings) -> None:
    days = {
        "retention_days": 71,
        "retention_leads_days": 72,
        "retention_tracker_days": 73,
        "retention_log_days": 74,
        "retention_audit_days": 75,
    }
    with open_site(replace(settings, **days)) as site:
        page = site.client.get("/privacy").text
        assert all(f"{number} days" in page for number in days.values())
        for said in (
            "Anytown Academy Trust is responsible",
            "Article 6(1)(a)",
            "withdraw it at any time",
            "ICO",
            "24 hours",
            "Your rights",
        ):
            assert said in page
        assert "Telegram" not in page
    with open_site(replace(settings, telegram_token="1:a", retention_days=1)) as site:
        page = site.client.get("/privacy").text
        assert "Telegram" in page and "1 day" in page and "1 days" not in page


def test_the_chat_opens_with_words_and_questions(site: Site) -> None:
    response = keeps_contract(site.client.get("/api/start"), "/api/start")
    start = response.json()
    assert start["name"] == "Anytown Academy Trust" and start["contact"] == f"Please ask {ROBIN.text}."
    assert "automated" in start["greeting"] and "Anytown" in start["covers"]
    assert len(start["questions"]) == 4 and all(question.endswith("?") for question in start["questions"])
    assert response.headers["Cache-Control"] == "no-store"


def test_the_chat_and_the_privacy_notice_say_how_long_a_rest_is(settings: Settings) -> None:
    for minutes, said in ((60, "After 60 minutes without a word"), (1, "After 1 minute without a word"), (0, None)):
        with open_site(replace(settings, rest_minutes=minutes)) as site:
            assert keeps_contract(site.client.get("/api/start"), "/api/start").json()["rest_minutes"] == minutes
            page = site.client.get("/privacy").text
            assert said in page if said else "without a word" not in page


def test_a_rest_is_a_whole_number_of_minutes() -> None:
    assert Settings.read({}).rest_minutes == 60
    assert Settings.read({"USHER_REST_MINUTES": "0"}).rest_minutes == 0
    for wrong in ("an hour", "-1", "1.5"):
        with pytest.raises(SettingsError, match="USHER_REST_MINUTES"):
            Settings.read({"USHER_REST_MINUTES": wrong})


def test_the_widget_has_words_for_each_step_of_the_form_and_for_no_other(site: Site) -> None:
    table = site.client.get("/static/asked.js").text.partition("const STEPS = {")[2].partition("}")[0]
    words = dict(re.findall(r'^  (\w+): "(.+)",$', table, re.M))
    assert list(words) == list(ASKED)
    assert all(len(said) <= 34 for said in words.values())  # longer ones are cut off on a phone


def test_the_first_questions_are_those_the_trust_itself_answers(site: Site) -> None:
    with site.database.transaction() as session:
        session.add(Subject(id="anytown.cost", trust="anytown", title="Cost", topic="cost"))
        session.flush()
        session.add(Fact(id="anytown.cost.fee", trust="anytown", topic="cost", subject="anytown.cost", position=1, says="It costs £1.", values=[],
                         person="Pat", as_of="2026-11-01", audience="public"))  # fmt: skip
    assert site.client.get("/api/start").json()["questions"] == ["What does it cost?"]


def test_the_widgets_files_are_of_the_right_kind_and_kept_for_a_short_while(site: Site) -> None:
    for name, kind in (("usher-chat.js", "text/javascript"), ("usher-chat.css", "text/css"), ("favicon.svg", "image/svg+xml")):
        response = site.client.get(f"/static/{name}")
        assert response.headers["Content-Type"].startswith(kind)
        assert response.headers["Cache-Control"] == "public, max-age=60"
        again = site.client.get(f"/static/{name}", headers={"If-None-Match": response.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")


def test_the_description_names_every_address_of_the_api(site: Site) -> None:
    assert site.client.get("/api/openapi.json").json() == OPENAPI
    served = {route.path for route in site.app.routes if route.path.startswith(("/api", "/health"))}  # type: ignore[attr-defined]
    assert served - {"/api/openapi.json"} == set(OPENAPI["paths"])


def test_other_origins_may_use_the_chat_only_where_the_setting_names_them(settings: Settings) -> None:
    asking = {
        "Origin": "https://www.anytown.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type, idempotency-key, usher-conversation",
    }
    with open_site(settings) as site:
        assert "Access-Control-Allow-Origin" not in site.client.get("/api/start", headers=asking).headers
    with open_site(replace(settings, allowed_origins=("https://www.anytown.example",))) as site:
        asked = site.client.options("/api/chat", headers=asking)
        assert asked.status_code == 200 and asked.headers["Access-Control-Allow-Origin"] == "https://www.anytown.example"
        refused = site.client.post("/api/chat", content=b"", headers=asking)
        assert refused.status_code == 400 and refused.headers["Access-Control-Allow-Origin"] == "https://www.anytown.example"
        stranger = site.client.get("/api/start", headers={"Origin": "https://stranger.example"})
        assert "Access-Control-Allow-Origin" not in stranger.headers


def test_the_setting_takes_origins_and_nothing_else() -> None:
    read = Settings.read({"USHER_ALLOWED_ORIGINS": "https://www.anytown.example, http://localhost:3000"})
    assert read.allowed_origins == ("https://www.anytown.example", "http://localhost:3000")
    for wrong in ("*", "www.anytown.example", "https://anytown.example/path"):
        with pytest.raises(SettingsError, match="USHER_ALLOWED_ORIGINS"):
            Settings.read({"USHER_ALLOWED_ORIGINS": wrong})

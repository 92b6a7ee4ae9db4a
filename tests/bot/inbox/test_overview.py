from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from datetime import timedelta

import pytest

from office.enquiries.log import log_enquiry
from office.gaps.model import Gap
from office.leads.model import LeadDetails, log_lead
from tests.clock import NOW

from .inbox import Inbox, words_of

CHARTS = ("weeks", "topics", "outcomes", "statuses", "sources", "hours")


@pytest.fixture
def busy(inbox: Inbox) -> Inbox:
    """An inbox with four enquiries of today, one of two years ago, one lead and one gap."""
    with inbox.database.transaction() as session:
        asked = [("answered", "cost", 0)] * 3 + [("not_known", "cost", 0), ("declined", None, 730)]
        for number, (outcome, topic, days) in enumerate(asked):
            question = {"text": "?", "trust": None, "topics": [topic] if topic else [], "outcome": outcome, "facts": [], "confidence": 1.0}
            log_enquiry(
                session, conversation=f"c-{number}", channel="website", text="?", withheld=False, outcome=outcome, questions=[question],
                now=NOW - timedelta(days=days),
            )  # fmt: skip
        details = LeadDetails("c-1", "website", "Sample Head", "Sample School", "visit", NOW, email="head@example.org")
        log_lead(session, details, reply_within=2, now=NOW).contacted = NOW + timedelta(minutes=6)
        session.add(Gap(text="Do you run <b>a farm</b>?", state="open", asked=7, latest=NOW, centre=b""))
    return inbox


def test_the_overview_tells_what_came_in_and_what_became_of_it(busy: Inbox) -> None:
    page = busy.sign_in("staff").get("/overview")
    said = words_of(page)
    for part in ("4 enquiries", "75 % of questions about a trust answered", "1 lead", "same day to first contact", "100 % of 1 first reply came by the time promised",
                 "Cost", "New", "Website", "asked 7 times"):  # fmt: skip
        assert part in said, part
    assert "<b>a farm" not in page.text


def test_an_overview_of_nothing_says_so(inbox: Inbox) -> None:
    page = inbox.sign_in("staff").get("/overview")
    assert page.status_code == 200
    assert "No enquiry came in these days." in words_of(page)
    assert "<img" not in page.text


def test_a_range_stands_in_the_address_and_in_every_chart_of_the_page(busy: Inbox) -> None:
    browser = busy.sign_in("staff")
    since = (NOW - timedelta(days=800)).date().isoformat()
    page = browser.get(f"/overview?from={since}&to={NOW.date().isoformat()}")
    assert "5 enquiries" in words_of(page)
    sources = re.findall(r'src="(/overview/[^"]+)"', page.text)
    assert {re.search(r"/overview/(\w+)\.svg", source)[1] for source in sources} == set(CHARTS)
    assert all(f"from={since}" in source for source in sources)
    assert browser.get(sources[0].replace("&amp;", "&")).status_code == 200


@pytest.mark.parametrize("chart", CHARTS)
def test_each_chart_is_an_image_without_a_script(busy: Inbox, chart: str) -> None:
    browser = busy.sign_in("staff")
    for query in ("", "?days=7", "?days=365", "?from=2017-01-01&to=2026-12-31", "?from=2020-02-29&to=2020-02-29"):
        response = browser.get(f"/overview/{chart}.svg{query}")
        assert response.headers["content-type"] == "image/svg+xml", query
        assert response.headers["content-security-policy"] == "default-src 'none'; style-src 'unsafe-inline'", query
        tags = {element.tag.split("}")[-1] for element in ET.fromstring(response.text).iter() if isinstance(element.tag, str)}
        assert "svg" in tags, query
        assert not tags & {"script", "foreignObject", "image", "a"}, query


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("from=2026-02-30", "There is no 30 February 2026"), ("from=2027-02-29", "not a leap year"), ("from=x", "day/month/year"),
        ("from=2026-05-02&to=2026-05-01", "must not be before"), ("from=1900-01-01", "more than ten years"), ("days=0", "Choose one of the ranges"),
        ("days=%00", "Choose one of the ranges"), ("to=" + "9" * 500, "day/month/year"), ("from=<script>", "day/month/year"),
    ],
)  # fmt: skip
def test_a_range_that_cannot_be_is_refused_in_words(busy: Inbox, query: str, said: str) -> None:
    browser = busy.sign_in("staff")
    page = browser.get(f"/overview?{query}")
    assert page.status_code == 400
    assert said in words_of(page)
    assert "<script>" not in page.text
    assert browser.get(f"/overview/weeks.svg?{query}").status_code == 400


@pytest.mark.parametrize("chart", ["x", "weeks%00", "..", "x" * 5000])
def test_an_unknown_chart_is_not_there(busy: Inbox, chart: str) -> None:
    assert busy.sign_in("staff").get(f"/overview/{chart}.svg").status_code == 404


def test_nobody_sees_it_without_signing_in(busy: Inbox) -> None:
    for path in ("/overview", "/overview/weeks.svg"):
        assert busy.browser().get(path).headers["location"].startswith("/sign-in")

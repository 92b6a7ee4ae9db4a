from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

import httpx
import pytest
from openpyxl import load_workbook

from office.enquiries.log import log_enquiry
from office.exports.tables import BOM
from office.gaps.model import Gap
from office.leads.model import Lead, LeadDetails, log_lead
from tests.clock import NOW

from .inbox import Inbox

SUMMER = datetime(2026, 7, 6, 23, 30, tzinfo=timezone.utc)


@pytest.fixture
def leads(inbox: Inbox) -> list[str]:
    """Three leads, one of them with a name that is a formula, one closed; their references."""
    people = [("=HYPERLINK(1)", "+44 20 7946 0123 ext. 12"), ("Zoë O’Sample", "+44 7700 900123"), ("Sample\x0bHead", None)]
    with inbox.database.transaction() as session:
        made = []
        for number, (name, phone) in enumerate(people):
            details = LeadDetails(
                f"c-{number}", "website", name, "St Sample’s, “Upper”", "visit", SUMMER, email=f"head{number}@example.org", phone=phone,
                message="- one\r\n- two" if number == 1 else "", term="2027-spring" if number == 1 else None,
            )  # fmt: skip
            made.append(log_lead(session, details, reply_within=2, now=SUMMER))
        made[2].status, made[2].reason = "closed", "=1+1"
        session.flush()
        return [lead.reference for lead in made]


def rows_of(response: httpx.Response) -> list[dict[str, str]]:
    assert response.status_code == 200, response.text
    assert response.content.startswith(BOM)
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))


def test_leads_go_out_as_the_filter_shows_them(sign_in: Callable[..., httpx.Client], leads: list[str], inbox: Inbox) -> None:
    pa = sign_in("pa")
    assert {row["Reference"] for row in rows_of(pa.get("/leads.csv"))} == set(leads[:2])  # of those that are open
    assert [row["Reference"] for row in rows_of(pa.get("/leads.csv?view=ended"))] == [leads[2]]
    assert [row["Reference"] for row in rows_of(pa.get("/leads.csv", params={"view": "all", "q": "zoe"}))] == [leads[1]]
    everything = {row["Reference"]: row for row in rows_of(pa.get("/leads.csv?view=all"))}
    assert everything[leads[0]]["Name"] == "'=HYPERLINK(1)"
    assert everything[leads[0]]["Phone"] == "+44 20 7946 0123 ext. 12"
    assert everything[leads[0]]["Received"] == "2026-07-07 00:30"  # in London
    assert everything[leads[1]]["Message"] == "'- one\n- two"
    assert [everything[lead]["Term"] for lead in leads[:2]] == ["", "spring term 2027"]
    assert everything[leads[2]]["Name"] == "SampleHead"
    assert (everything[leads[2]]["Status"], everything[leads[2]]["Wish"], everything[leads[2]]["Reason"]) == (
        "Closed",
        "a school visit",
        "'=1+1",
    )


def test_the_same_leads_go_out_as_xlsx_with_every_text_a_text(sign_in: Callable[..., httpx.Client], leads: list[str]) -> None:
    response = sign_in("pa").get("/leads.xlsx?view=all")
    assert response.headers["content-type"].endswith("spreadsheetml.sheet")
    assert "leads-" in response.headers["content-disposition"]
    sheet = load_workbook(io.BytesIO(response.content)).active
    head, *rows = [{cell.column: cell for cell in row} for row in sheet.iter_rows()]
    places = {cell.value: column for column, cell in head.items()}
    by_reference = {row[places["Reference"]].value: row for row in rows}
    assert set(by_reference) == set(leads)
    name, phone, received = (by_reference[leads[0]][places[title]] for title in ("Name", "Phone", "Received"))
    assert (name.data_type, name.value) == ("s", "=HYPERLINK(1)")
    assert (phone.data_type, phone.value) == ("s", "+44 20 7946 0123 ext. 12")
    assert received.value == datetime(2026, 7, 7, 0, 30)  # noqa: DTZ001  a cell has no zone


def test_each_export_is_audited_with_its_count_and_without_the_words_searched_for(
    sign_in: Callable[..., httpx.Client], leads: list[str], inbox: Inbox
) -> None:
    rows_of(sign_in("pa").get("/leads.csv?view=all&q=zoe"))
    entry = inbox.rows("SELECT about, detail FROM audit_entry WHERE action = 'export'")
    assert [row.about for row in entry] == ["leads"]
    assert '"rows": 1' in entry[0].detail
    assert "zoe" not in entry[0].detail.lower()


def test_enquiries_and_gaps_go_out_too(sign_in: Callable[..., httpx.Client], inbox: Inbox) -> None:
    with inbox.database.transaction() as session:
        for days in (0, 400):
            question = {
                "text": "=cost?",
                "trust": "anytown",
                "topics": ["cost"],
                "outcome": "answered",
                "facts": ["a", "b"],
                "confidence": 0.9,
            }
            log_enquiry(
                session, conversation=f"c-{days}", channel="website", text="=cost?", withheld=False, outcome="answered", questions=[question],
                now=NOW - timedelta(days=days),
            )  # fmt: skip
        session.add_all(
            Gap(text=f"Do you run {kind}?", state=state, latest=NOW, centre=b"")
            for kind, state in (("a farm", "open"), ("a bus", "not_ours"))
        )
    pa = sign_in("pa")
    rows = rows_of(pa.get("/enquiries.csv?days=30"))
    assert [(row["Question"], row["Topics"], row["Facts"]) for row in rows] == [("'=cost?", "cost", "a\nb")]
    assert len(rows_of(pa.get("/gaps.csv"))) == 2
    assert [row["State"] for row in rows_of(pa.get("/gaps.csv?state=not_ours"))] == ["Not ours"]
    for kind in ("leads", "enquiries", "gaps"):
        assert load_workbook(io.BytesIO(pa.get(f"/{kind}.xlsx").content)).active["A1"].value


@pytest.mark.parametrize(
    "path",
    ["/leads.csv?status=nonsense", "/leads.csv?since=2026-02-30", "/leads.xlsx?owner=x", "/enquiries.csv?from=x", "/enquiries.csv?days=0",
     "/gaps.csv?state=x", "/leads.csv?q=" + "x" * 10_000],
)  # fmt: skip
def test_a_filter_that_means_nothing_exports_nothing(sign_in: Callable[..., httpx.Client], inbox: Inbox, path: str) -> None:
    assert sign_in("pa").get(path).status_code == 400
    assert not inbox.rows("SELECT * FROM audit_entry WHERE action = 'export'")


@pytest.mark.parametrize("path", ["/leads.csv", "/leads.xlsx", "/enquiries.csv", "/gaps.xlsx"])
def test_who_only_reads_exports_nothing(sign_in: Callable[..., httpx.Client], inbox: Inbox, path: str) -> None:
    assert sign_in("staff").get(path).status_code == 403
    assert inbox.browser().get(path).headers["location"].startswith("/sign-in")


def test_an_export_of_many_leads_is_whole(
    sign_in: Callable[..., httpx.Client], leads: list[str], inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("office.exports.rows.AT_ONCE", 20)  # rows fetched at a time: three times and a few
    with inbox.database.transaction() as session:
        for number in range(60):
            details = LeadDetails(
                f"m-{number}", "website", f"Sample Head {number}", "Sample School", "visit", NOW, email="office@example.org"
            )
            log_lead(session, details, reply_within=2, now=NOW)
        assert session.query(Lead).count() == 63
    rows = rows_of(sign_in("pa").get("/leads.csv?view=all"))
    assert len({row["Reference"] for row in rows}) == 63

"""The PA's list of leads and one lead's page, over real HTTP."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from urllib.parse import parse_qs, unquote, urlsplit

import httpx
import pytest
from icalendar import Calendar

from bot.inbox.cookies import SIGNED_IN, csrf_of
from office.base.workdays import LONDON
from office.enquiries.log import log_enquiry
from office.enquiries.transcripts import write_message
from office.leads.model import LeadDetails, log_lead
from office.leads.places import Term
from tests.clock import NOW

from .inbox import Inbox, post, words_of

SignIn = Callable[..., httpx.Client]
NASTY = ["<script>alert(1)</script>", "=1+1", "+44 7700 900123", "x" * 10_000, "\0", "🦊" * 50, "a\r\nb", "%00", "{{ 7*7 }}"]


def add(inbox: Inbox, conversation: str = "anna", received: datetime | None = None, **more: object) -> str:
    """Somebody leaves their details after a conversation; the reference."""
    told = {"name": "Zoë O’Brien", "school": "Oak Primary", "role": "Head", "email": "zoe+1@oak.example", "wish": "visit"} | more
    at = received or NOW
    with inbox.database.transaction() as session:
        details = LeadDetails(conversation=conversation, channel="website", consented=at, **told)
        return str(log_lead(session, details, reply_within=2, now=at).reference)


def talk(inbox: Inbox, conversation: str = "anna") -> None:
    """A conversation of two questions, the second of which nobody could answer."""
    at = NOW - timedelta(minutes=5)
    with inbox.database.transaction() as session:
        for asked, outcome, reply in (
            ("What does it cost?", "answered", "It costs £1."),
            ("May we keep our <b>hens</b>?", "not_known", "I do not know."),
        ):
            write_message(session, conversation, "visitor", asked, now=at)
            question = {"text": asked, "trust": "anytown", "topics": ["cost"], "outcome": outcome, "facts": [], "confidence": 0.83}
            enquiry = log_enquiry(
                session,
                conversation=conversation,
                channel="website",
                text=asked,
                withheld=False,
                outcome=outcome,
                questions=[question],
                now=at,
            )
            write_message(session, conversation, "assistant", reply, now=at, custom={"enquiry": enquiry.sequence})
            at += timedelta(seconds=30)


def version_in(page: httpx.Response) -> str:
    found = re.search(r'name="version" value="(\d+)"', page.text)
    assert found
    return found[1]


def step(pa: httpx.Client, lead: str, verb: str, **fields: str) -> httpx.Response:
    """Send one form of a lead's page, as it was just read."""
    return post(pa, f"/leads/{lead}/{verb}", version=version_in(pa.get(f"/leads/{lead}")), **fields)


def undo_path(page: httpx.Response) -> str:
    found = re.search(r'id="flash">.*?action="([^"]+)"', page.text, re.S)
    assert found, page.text
    return found[1].replace("&amp;", "&")


def test_the_first_page_is_the_open_leads_with_all_a_row_tells(inbox: Inbox, sign_in: SignIn) -> None:
    talk(inbox)
    lead = add(inbox)
    pa = sign_in("pa")
    assert pa.get("/").headers["location"] == "/leads"
    page = pa.get("/leads")
    shown = words_of(page)
    for words in ("Leads: Open", "Oak Primary", "Zoë O’Brien, Head", "What does it cost?", "not answered May we keep our <b>hens</b>?", "Website",
                  "Reply by", "unread", "no owner yet", "No next action"):  # fmt: skip
        assert words in shown, words
    assert f'href="/leads/{lead}"' in page.text and "<b>hens" not in page.text
    assert "reply overdue" not in shown
    step(pa, lead, "status", status="conversation")
    later = NOW.date() + timedelta(days=40)
    step(pa, lead, "plan", next_action="Ring", due=later.isoformat())
    add(inbox, "anna again")  # a reply is owed once more
    inbox.pass_time(timedelta(days=20))
    page = sign_in("pa").get("/leads")
    assert f"reply overdue Ring by {later:%a %-d %b %Y}" in words_of(page)
    assert page.text.count(" late") == 1  # of the two only what is late is marked so


def test_a_lead_page_shows_both_sides_with_outcomes_and_marks_as_read(inbox: Inbox, sign_in: SignIn) -> None:
    talk(inbox)
    lead = add(inbox)
    pa = sign_in("pa")
    shown = words_of(pa.get(f"/leads/{lead}"))
    for words in ("Visitor", "It costs £1.", "Not known May we keep our <b>hens</b>? confidence 83 %", "Answered What does it cost?"):
        assert words in shown, words
    assert shown.index("It costs £1.") < shown.index("I do not know.")
    assert inbox.rows("SELECT unread FROM lead") == [(0,)]
    assert inbox.rows(f"SELECT count(*) FROM audit_entry WHERE action = 'view' AND about = 'lead {lead}'") == [(1,)]


def test_a_transcript_that_was_erased_is_said_to_be(inbox: Inbox, sign_in: SignIn) -> None:
    lead = add(inbox)
    assert "transcript was erased" in words_of(sign_in("pa").get(f"/leads/{lead}"))


def test_staff_read_and_change_nothing(inbox: Inbox, sign_in: SignIn) -> None:
    lead = add(inbox)
    staff = sign_in("staff")
    page = staff.get(f"/leads/{lead}")
    assert page.status_code == 200 and 'name="status"' not in page.text and 'name="note"' not in page.text
    for verb in ("status", "plan", "owner", "note", "unread", "edit", "visit/off", "undo/1"):
        assert post(staff, f"/leads/{lead}/{verb}", status="contacted", version="1").status_code == 403
    assert staff.get("/leads/bulk").status_code == 403 and post(staff, "/leads/bulk").status_code == 403


def test_what_does_not_exist_is_not_found_and_strangers_sign_in(inbox: Inbox, sign_in: SignIn) -> None:
    lead = add(inbox)
    pa = sign_in("pa")
    for path in (
        "/leads/U-NOBODY",
        "/leads/%00",
        f"/leads/{'x' * 5000}",
        "/leads/U-NOBODY/print",
        f"/leads/{lead}/visit.ics",
        "/leads/U-NOBODY/edit",
    ):
        assert pa.get(path).status_code == 404, path
    for path in ("/leads/U-NOBODY/status", f"/leads/{lead}/undo/999", f"/leads/{lead}/undo/x", "/leads/undo/none", "/leads/views/9/rename"):
        assert post(pa, path, status="contacted", version="1", name="x").status_code == 404, path
    assert inbox.browser().get(f"/leads/{lead}").status_code == 303
    assert pa.post(f"/leads/{lead}/status", data={"status": "contacted", "version": "1"}).status_code == 403  # no CSRF token


def test_each_status_is_one_form_and_undone_by_one(inbox: Inbox, sign_in: SignIn) -> None:
    lead, pa = add(inbox), sign_in("pa")
    with inbox.database.transaction() as session:
        session.add(Term(id="2090-spring", begins=date(2090, 1, 4), ends=date(2090, 3, 31), places=1))
    soon = (NOW + timedelta(days=30)).date().isoformat()
    needs = {"associate": {"term": "2090-spring"}, "not_now": {"revisit": soon}, "closed": {"reason": "merged elsewhere"},
             "visit": {"visit_day": soon, "visit_time": "10:30"}}  # fmt: skip
    before = "new"
    for status in ("contacted", "conversation", "visit", "associate", "deciding", "due_diligence", "joined", "not_now", "closed"):
        answer = step(pa, lead, "status", status=status, **needs.get(status, {}))
        assert answer.status_code == 303, words_of(answer)
        assert inbox.rows("SELECT status FROM lead") == [(status,)]
        assert post(pa, undo_path(pa.get(answer.headers["location"]))).status_code == 303
        assert inbox.rows("SELECT status FROM lead") == [(before,)]
        step(pa, lead, "status", status=status, **needs.get(status, {}))
        before = status


def test_what_is_missing_is_asked_for_and_what_was_written_is_kept(inbox: Inbox, sign_in: SignIn) -> None:
    lead, pa = add(inbox), sign_in("pa")
    version = version_in(pa.get(f"/leads/{lead}"))
    for fields, says in (
        ({"status": "not_now"}, "Choose the day to come back"),
        ({"status": "not_now", "revisit": "2020-01-01"}, "is past"),
        ({"status": "not_now", "revisit": "2027-02-29"}, "not a leap year"),
        ({"status": "closed"}, "Write why it is closed"),
        ({"status": "associate", "term": "1999-spring"}, "nothing at this address"),
        ({"status": "associate"}, "Choose the term"),
        ({"status": "visit", "visit_day": "2027-03-28", "visit_time": "01:30"}, "the clocks go forward"),
        ({"status": "visit", "visit_day": "2027-03-28"}, "Choose the hour"),
        ({"status": "visit", "visit_time": "10:00"}, "Choose the day"),
        ({"status": "visit", "visit_day": "2020-01-01", "visit_time": "10:00"}, "is past"),
        ({"status": "visit", "visit_day": "soon", "visit_time": "25:00"}, "Write the date"),
        ({"status": "married"}, "no such status"),
        ({"status": "contacted", "version": "x"}, "not complete"),
    ):
        answer = post(pa, f"/leads/{lead}/status", **{"version": version, **fields})
        assert answer.status_code in (400, 404), (fields, answer.status_code)
        assert says in words_of(answer), words_of(answer)
    assert inbox.rows("SELECT status FROM lead") == [("new",)]


def test_the_last_place_is_said_to_be_taken(inbox: Inbox, sign_in: SignIn) -> None:
    with inbox.database.transaction() as session:
        session.add(Term(id="2090-spring", begins=date(2090, 1, 4), ends=date(2090, 3, 31), places=1))
    first, second, pa = (
        add(inbox, wish="membership"),
        add(inbox, "ben", name="Ben", school="Elm", email="b@elm.example", wish="membership"),
        sign_in("pa"),
    )
    assert "Spring term 2090: 1 place free" in words_of(pa.get(f"/leads/{second}"))
    step(pa, first, "status", status="associate", term="2090-spring")
    assert "Spring term 2090: no place free" in words_of(pa.get(f"/leads/{second}"))
    answer = step(pa, second, "status", status="associate", term="2090-spring")
    assert answer.status_code == 409 and "Every place of the spring term 2090 is taken." in words_of(answer)
    assert inbox.rows("SELECT count(*) FROM place") == [(1,)]


def test_a_plan_a_note_and_an_owner_are_kept_and_undone(inbox: Inbox, sign_in: SignIn) -> None:
    lead, pa = add(inbox), sign_in("pa")
    tomorrow = (NOW + timedelta(days=1)).astimezone(LONDON).date()
    step(pa, lead, "plan", next_action="Ring <b>her</b>", due=tomorrow.strftime("%d/%m/%Y"))
    step(pa, lead, "owner", owner="1")
    assert inbox.rows("SELECT next_action, due, owner FROM lead") == [("Ring <b>her</b>", tomorrow.isoformat(), 1)]
    page = pa.get(f"/leads/{lead}")
    assert "Ring <b>her</b>, by" in words_of(page) and "<b>her" not in page.text
    answer = post(pa, f"/leads/{lead}/note", note="Rang; on leave", nonce="n1")
    page = pa.get(answer.headers["location"])
    assert "Rang; on leave" in words_of(page)
    post(pa, undo_path(page))
    assert inbox.rows("SELECT count(*) FROM lead_note") == [(0,)]
    answer = step(pa, lead, "plan", clear="yes")
    assert inbox.rows("SELECT next_action, due FROM lead") == [("", None)]


def test_a_note_sent_twice_is_one_and_no_visitor_sees_it(inbox: Inbox, sign_in: SignIn) -> None:
    talk(inbox)
    lead, pa = add(inbox), sign_in("pa")
    for _ in range(2):
        post(pa, f"/leads/{lead}/note", note="secret", nonce="n1")
    assert inbox.rows("SELECT count(*) FROM lead_note") == [(1,)]
    post(pa, f"/leads/{lead}/note", note="another", nonce="n2")
    post(pa, undo_path(pa.get(post(pa, f"/leads/{lead}/note", note="secret", nonce="n1").headers["location"])))
    assert inbox.rows("SELECT text FROM lead_note") == [("another",)]  # undo is of the note that was sent
    assert inbox.rows("SELECT count(*) FROM message WHERE text LIKE '%secret%'") == [(0,)]


def test_what_is_written_is_given_back_where_it_cannot_be_kept(inbox: Inbox, sign_in: SignIn) -> None:
    lead, pa = add(inbox), sign_in("pa")
    other = add(inbox, "ben", name="Ben")
    post(pa, f"/leads/{lead}/join", other=other, survivor=other)
    answer = post(pa, f"/leads/{lead}/note", note="Rang <b>twice</b>")
    assert answer.status_code == 409 and "go on with that one" in words_of(answer) and "Rang &lt;b&gt;twice" in answer.text
    inbox.pass_time(timedelta(days=31))
    answer = pa.post(f"/leads/{other}/note", data={"csrf": csrf_of(pa.cookies[SIGNED_IN]), "note": "Rang <b>twice</b>"},
                     headers={"Referer": f"{inbox.url}/leads/{other}"})  # fmt: skip
    assert answer.status_code == 401 and "Rang <b>twice</b>" in words_of(answer) and f'href="/sign-in?next=/leads/{other}"' in answer.text
    assert pa.post(f"/leads/{other}/note", data={"csrf": "forged", "note": "Rang"}).status_code == 303
    signed_out = inbox.browser()  # in another tab: not even the cookie is left
    assert "Rang twice" in words_of(signed_out.post(f"/leads/{other}/note", data={"note": "Rang twice"}, headers={"Origin": inbox.url}))
    assert signed_out.post(f"/leads/{other}/note", data={"note": "Rang"}, headers={"Origin": "https://evil.example"}).status_code == 303
    assert inbox.rows("SELECT count(*) FROM lead_note") == [(0,)]


def test_who_saves_over_somebody_else_sees_what_changed_and_keeps_their_own(inbox: Inbox, sign_in: SignIn) -> None:
    lead, pa, other = add(inbox), sign_in("pa"), sign_in("admin")
    old = version_in(pa.get(f"/leads/{lead}/edit"))
    details = {"name": "Zoë O’Brien", "school": "Oak Primary", "role": "Head", "email": "zoe+1@oak.example", "wish": "visit"}
    post(other, f"/leads/{lead}/edit", version=old, **{**details, "role": "Executive head", "phone": "020 7946 0018"})
    answer = post(pa, f"/leads/{lead}/edit", version=old, **{**details, "school": "Oak Tree Primary"})
    shown = words_of(answer)
    assert answer.status_code == 409
    for words in (
        "Alex Admin",
        "Role: Head → Executive head",
        "Phone: nothing → +44 20 7946 0018",
        "School Oak Primary Oak Primary Oak Tree Primary",
    ):
        assert words in shown, words
    assert inbox.rows("SELECT school, role FROM lead") == [("Oak Primary", "Executive head")]
    kept = dict(re.findall(r'<input[^>]* name="(\w+)" value="([^"]*)"', answer.text))
    assert (kept["school"], kept["role"], kept["phone"]) == ("Oak Tree Primary", "Executive head", "+44 20 7946 0018")
    assert post(pa, f"/leads/{lead}/edit", **{k: v for k, v in kept.items() if k != "csrf"}, wish="visit").status_code == 303
    assert inbox.rows("SELECT school, role FROM lead") == [("Oak Tree Primary", "Executive head")]


def test_a_step_on_an_old_page_is_asked_about_and_then_done(inbox: Inbox, sign_in: SignIn) -> None:
    lead, pa, other = add(inbox), sign_in("pa"), sign_in("admin")
    old = version_in(pa.get(f"/leads/{lead}"))
    step(other, lead, "status", status="conversation")
    answer = post(pa, f"/leads/{lead}/status", version=old, status="closed", reason="wrong number")
    assert answer.status_code == 409 and "Status: New → In conversation" in words_of(answer) and "wrong number" in words_of(answer)
    kept = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', answer.text))
    del kept["csrf"]
    assert post(pa, f"/leads/{lead}/status", **kept).status_code == 303
    assert inbox.rows("SELECT status, reason FROM lead") == [("closed", "wrong number")]


def test_one_click_made_twice_is_no_conflict(inbox: Inbox, sign_in: SignIn) -> None:
    lead, pa = add(inbox), sign_in("pa")
    old = version_in(pa.get(f"/leads/{lead}"))
    for _ in range(2):
        assert post(pa, f"/leads/{lead}/status", version=old, status="contacted").status_code == 303
    assert inbox.rows("SELECT count(*) FROM lead_change") == [(1,)]


def test_what_was_changed_again_is_not_undone(inbox: Inbox, sign_in: SignIn) -> None:
    lead, pa = add(inbox), sign_in("pa")
    path = undo_path(pa.get(step(pa, lead, "status", status="contacted").headers["location"]))
    step(pa, lead, "status", status="visit")
    assert words_of(pa.get(f"/leads/{lead}")).count("Undo the change of") == 1  # the later one
    pa.headers["referer"] = f"{inbox.url}/leads/{lead}"
    answer = post(pa, path)
    assert answer.status_code == 409 and "Nothing was changed" in words_of(answer) and "changed again since" in words_of(answer)
    assert f'<a href="/leads/{lead}">Back to the page before</a>' in answer.text


def test_whatever_is_written_breaks_no_page(inbox: Inbox, sign_in: SignIn) -> None:
    pa = sign_in("pa")
    for number, nasty in enumerate(NASTY):
        lead = add(inbox, f"c{number}", name=f"Person {number}", email=f"p{number}@s.example")
        version = version_in(pa.get(f"/leads/{lead}"))
        for verb, field in (("status", "reason"), ("status", "status"), ("status", "revisit"), ("plan", "next_action"), ("plan", "due"), ("owner", "owner"),
                            ("note", "note"), ("note", "nonce"), ("edit", "name"), ("edit", "email"), ("edit", "phone"), ("edit", "message")):  # fmt: skip
            fields = {"status": "closed", "due": "2090-01-01", "next_action": "a", "version": version, "note": "a", "name": "a", "school": "b",
                      "email": "a@b.example", "wish": "visit", field: nasty}  # fmt: skip
            answer = post(pa, f"/leads/{lead}/{verb}", **fields)
            assert answer.status_code in (303, 400, 409), (verb, field, answer.status_code)
            if answer.status_code == 303:  # it was changed, and is shown
                version = version_in(pa.get(f"/leads/{lead}"))
            assert "<script>alert" not in answer.text
        for name in ("q", "status", "view", "owner", "since", "after", "term", "channel", "sample"):
            answer = pa.get("/leads", params={name: nasty})
            assert answer.status_code in (200, 400) and "<script>alert" not in answer.text, (name, answer.status_code)


def test_filters_live_in_the_address_and_views_are_saved(inbox: Inbox, sign_in: SignIn) -> None:
    add(inbox)
    add(inbox, "ben", name="Ben", school="Elm School", email="b@elm.example", wish="observe")
    pa = sign_in("pa")
    shown = words_of(pa.get("/leads?q=elm&wish=observe"))
    assert "Elm School" in shown and "Oak Primary" not in shown and "1 lead" in shown
    answer = post(pa, "/leads/views?q=elm&wish=observe", name="Elms <3")
    page = pa.get(answer.headers["location"])
    assert parse_qs(urlsplit(answer.headers["location"]).query) == {"q": ["elm"], "wish": ["observe"]}
    assert "Elms <3" in words_of(page)
    assert "Elms <3" not in words_of(sign_in("admin").get("/leads"))
    post(pa, "/leads/views/1/rename", name="Observers")
    assert "Observers" in words_of(pa.get("/leads"))
    assert post(pa, "/leads/views/1/rename", name="").status_code == 400
    assert post(pa, "/leads/views?q=elm", name="").status_code == 400
    post(pa, "/leads/views/1/delete")
    assert "Observers" not in words_of(pa.get("/leads"))


def test_a_broken_filter_shows_nobody_and_says_why(inbox: Inbox, sign_in: SignIn) -> None:
    add(inbox)
    answer = sign_in("pa").get("/leads?since=2027-02-29")
    assert answer.status_code == 400 and "2027 is not a leap year" in words_of(answer) and "Oak Primary" not in words_of(answer)
    assert "/leads.csv" not in answer.text  # it would hold everybody


TOLD = {
    "channel": "phone",
    "name": "Ann Sample",
    "school": "Elm Primary",
    "phone": "020 7946 0018",
    "wish": "call_back",
    "message": "Rang at noon.",
}


def test_who_rings_is_added_once_by_hand_and_another_time_asks_again(inbox: Inbox, sign_in: SignIn) -> None:
    pa, other = sign_in("pa"), inbox.add("pa", "Olga Other", "other@example.org")
    assert "They agreed that we keep their details" in words_of(pa.get("/leads/new"))
    first = [post(pa, "/leads/new", **TOLD, agreed="yes", nonce="one") for _ in range(2)]
    assert first[0].status_code == 303 and first[0].headers["location"] == first[1].headers["location"]
    page = words_of(pa.get(first[0].headers["location"]))
    for words in (
        "Ann Sample is added",
        "Phone, ",
        "Taken down by staff. They said: Rang at noon.",
        "Left their details with staff (phone)",
    ):
        assert words in page, words
    assert "transcript was erased" not in page
    assert "Elm Primary" in words_of(pa.get("/leads"))
    assert inbox.rows("SELECT staff FROM notification") == [(other,)]  # who took it down knows
    post(pa, "/leads/new", **{**TOLD, "channel": "in person"}, agreed="yes", nonce="two")
    assert inbox.rows("SELECT asked_again, channel FROM lead") == [(1, "phone")]
    assert inbox.rows("SELECT count(*) FROM audit_entry WHERE action = 'add' AND about LIKE 'lead %'") == [(3,)]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"agreed": ""}, "nobody’s details are kept unless they agree"), ({"channel": "website"}, "how they got in touch"),
        ({"phone": ""}, "an e-mail address or a phone number"), ({"name": "\0"}, "enter the name"), ({"wish": "x"}, "one of the wishes"),
    ],
)  # fmt: skip
def test_nobody_is_added_without_consent_or_by_half(inbox: Inbox, sign_in: SignIn, change: dict[str, str], said: str) -> None:
    answer = post(sign_in("pa"), "/leads/new", **{**TOLD, "agreed": "yes", "nonce": "one", **change})
    assert answer.status_code == 400 and said in words_of(answer) and "Rang at noon." in words_of(answer)
    assert not inbox.rows("SELECT * FROM lead")
    assert post(sign_in("staff"), "/leads/new", **TOLD, agreed="yes").status_code == 403


def test_all_that_is_shown_is_changed_as_one_and_undone_as_one(inbox: Inbox, sign_in: SignIn) -> None:
    for n in range(4):
        add(inbox, f"c{n}", name=f"Person {n}", school=f"School {n}", email=f"p{n}@s.example", wish="observe" if n else "visit")
    pa = sign_in("pa")
    page = pa.get("/leads/bulk?wish=observe")
    assert "Change 3 leads" in words_of(page)
    mark = re.search(r'name="mark" value="(\w+)"', page.text)[1]
    assert post(pa, "/leads/bulk?wish=observe", mark=mark, status="closed").status_code == 400
    answer = post(pa, "/leads/bulk?wish=observe", mark=mark, status="closed", reason="the meeting is over")
    assert [row[0] for row in inbox.rows("SELECT status FROM lead ORDER BY id")] == ["new", "closed", "closed", "closed"]
    answer = post(pa, undo_path(pa.get(answer.headers["location"])))
    assert answer.headers["location"] == "/leads?wish=observe"
    assert inbox.rows("SELECT DISTINCT status FROM lead") == [("new",)]
    add(inbox, "late", name="Late", school="Late School", email="l@s.example", wish="observe")
    answer = post(pa, "/leads/bulk?wish=observe", mark=mark, status="contacted")
    assert answer.status_code == 409 and "Change 4 leads" in words_of(answer)


def test_a_draft_email_has_the_details_and_fits(inbox: Inbox, sign_in: SignIn) -> None:
    talk(inbox)
    lead = add(inbox, message="y" * 1500)
    link = re.search(r'class="button" href="(mailto:[^"]+)"', sign_in("pa").get(f"/leads/{lead}").text)[1].replace("&amp;", "&")
    to, _, query = link.partition("?")
    assert unquote(to) == "mailto:zoe+1@oak.example" and len(link) <= 1800 and " " not in link and "+" not in link
    assert 'href="mailto:zoe%2B1@oak.example">zoe+1@oak.example<' in sign_in("pa").get(f"/leads/{lead}").text
    said = parse_qs(query)
    assert lead in said["subject"][0]
    assert "Dear Zoë O’Brien,\r\n" in said["body"][0] and "- May we keep our <b>hens</b>?" in said["body"][0]


def test_a_booked_visit_is_a_calendar_file_on_londons_clock(inbox: Inbox, sign_in: SignIn) -> None:
    inbox.app.state.inbox.clock = lambda: datetime(2027, 6, 1, 9, tzinfo=timezone.utc)
    lead, pa = add(inbox, school="Oak; Primary, " + "long " * 30), sign_in("pa")
    step(pa, lead, "status", status="visit", visit_day="29/02/2028", visit_time="14:30")
    answer = pa.get(f"/leads/{lead}/visit.ics")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))
    event = Calendar.from_ical(answer.content).walk("VEVENT")[0]
    assert event["dtstart"].dt == datetime(2028, 2, 29, 14, 30, tzinfo=LONDON)
    assert "Oak; Primary, long" in str(event["summary"])
    assert "Tue 29 Feb 2028, 14:30 (GMT)" in words_of(pa.get(f"/leads/{lead}"))


def test_a_visit_that_is_called_off_goes_out_of_the_calendar_again(inbox: Inbox, sign_in: SignIn) -> None:
    inbox.app.state.inbox.clock = lambda: datetime(2027, 6, 1, 9, tzinfo=timezone.utc)
    lead, pa = add(inbox), sign_in("pa")
    assert pa.get(f"/leads/{lead}/visit.ics").status_code == 404
    step(pa, lead, "status", status="visit", visit_day="2027-07-01", visit_time="14:30")
    booked = Calendar.from_ical(pa.get(f"/leads/{lead}/visit.ics").content)
    assert "The visit is called off" in words_of(pa.get(step(pa, lead, "visit/off").headers["location"]))
    assert inbox.rows("SELECT status, visit FROM lead") == [("visit", None)]
    off = Calendar.from_ical(pa.get(f"/leads/{lead}/visit.ics").content)
    assert (booked["method"], off["method"]) == ("PUBLISH", "CANCEL")
    was, now = booked.walk("VEVENT")[0], off.walk("VEVENT")[0]
    assert (was["status"], now["status"]) == ("CONFIRMED", "CANCELLED")
    assert (was["uid"], was["dtstart"].dt) == (now["uid"], now["dtstart"].dt) and now["sequence"] > was["sequence"]
    assert "nothing was changed" in words_of(pa.get(step(pa, lead, "visit/off").headers["location"]))


def test_a_lead_on_paper_has_no_forms_to_fill_in(inbox: Inbox, sign_in: SignIn) -> None:
    lead, pa = add(inbox), sign_in("pa")
    post(pa, f"/leads/{lead}/note", note="Rang", nonce="1")
    shown = words_of(pa.get(f"/leads/{lead}/print"))
    for words in ("Oak Primary", "Zoë O’Brien", "zoe+1@oak.example", "Rang", lead):
        assert words in shown
    assert inbox.rows(f"SELECT count(*) FROM audit_entry WHERE detail LIKE '%print%' AND about = 'lead {lead}'") == [(1,)]


def test_unread_is_one_button_and_back_again(inbox: Inbox, sign_in: SignIn) -> None:
    lead, pa = add(inbox), sign_in("pa")
    pa.get(f"/leads/{lead}")
    step(pa, lead, "unread")
    assert inbox.rows("SELECT unread FROM lead") == [(1,)]


def test_pages_follow_each_other(inbox: Inbox, sign_in: SignIn) -> None:
    for n in range(55):
        add(inbox, f"c{n}", name=f"Person {n}", school=f"School {n:02}", email=f"p{n}@s.example")
    pa = sign_in("pa")
    first = pa.get("/leads")
    second = pa.get(re.search(r'href="([^"]+)" rel="next"', first.text)[1].replace("&amp;", "&"))
    schools = re.findall(r"School \d\d", words_of(first)) + re.findall(r"School \d\d", words_of(second))
    assert len(set(schools)) == 55 and 'rel="next"' not in second.text


def test_what_another_conversation_gave_stands_beside_and_is_taken_with_one_click(inbox: Inbox, sign_in: SignIn) -> None:
    lead = add(inbox, phone="+44 7700 900555")
    add(inbox, "stranger", school="Fake School", phone="+44 7700 900999", message="Ring me instead.")
    pa = sign_in("pa")
    assert "unconfirmed" in words_of(pa.get("/leads"))
    page = pa.get(f"/leads/{lead}")
    shown = words_of(page)
    for words in (
        "Asked again, unconfirmed",
        "Fake School (here: Oak Primary)",
        "+44 7700 900999 (here: +44 7700 900555)",
        "Ring me instead.",
    ):
        assert words in shown, words
    path = re.search(rf'action="(/leads/{lead}/beside/\d+)"', page.text)
    assert path
    link = path[1].rpartition("/")[2]
    response = step(pa, lead, f"beside/{link}", take="yes")
    assert response.status_code == 303
    after = pa.get(f"/leads/{lead}")
    assert "Asked again, unconfirmed" not in words_of(after)
    assert inbox.rows("SELECT school, phone, unconfirmed FROM lead") == [("Fake School", "+44 7700 900999", 0)]
    post(pa, undo_path(after))
    assert inbox.rows("SELECT school, phone FROM lead") == [("Oak Primary", "+44 7700 900555")]


def test_what_another_conversation_gave_is_left_beside(inbox: Inbox, sign_in: SignIn) -> None:
    lead = add(inbox)
    add(inbox, "stranger", school="Fake School")
    pa = sign_in("pa")
    (link,) = inbox.rows("SELECT id FROM lead_conversation WHERE conversation = 'stranger'")[0]
    assert post(pa, f"/leads/{lead}/beside/{link}").status_code == 303
    assert "Asked again, unconfirmed" not in words_of(pa.get(f"/leads/{lead}"))
    assert inbox.rows("SELECT school, unconfirmed FROM lead") == [("Oak Primary", 0)]
    other = add(inbox, "else", name="Somebody Else", email="else@oak.example")
    assert post(pa, f"/leads/{other}/beside/{link}").status_code == 404


def test_its_other_reference_opens_the_lead(inbox: Inbox, sign_in: SignIn) -> None:
    add(inbox)
    add(inbox, "stranger")
    (told,) = inbox.rows("SELECT reference FROM lead_conversation WHERE conversation = 'stranger'")[0]
    pa = sign_in("pa")
    assert "Zoë O’Brien" in words_of(pa.get(f"/leads/{told}")) and "Zoë O’Brien" in words_of(pa.get(f"/leads?q={told}"))

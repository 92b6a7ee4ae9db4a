"""Gaps as the PA works them: read, answered after a preview, set aside, undone; and the conversations behind them."""

from __future__ import annotations

import re
from collections.abc import Callable

import httpx
import pytest
from sqlalchemy import select

from bot.inbox.preview.asking import encode, present_index
from office.base.audit import AuditEntry
from office.choosing.choose import Memory, answer
from office.choosing.judgement import fitted
from office.choosing.ranking import AskedQuestion
from office.enquiries.log import log_enquiry
from office.enquiries.transcripts import write_message
from office.gaps.grouping import group_new
from office.gaps.model import Gap
from tests.bot.inbox.inbox import Inbox, post, words_of

QUESTION = "Does TUPE apply when we convert?"
pytestmark = pytest.mark.usefixtures("readers")
ANSWER = "At Anytown all staff move under TUPE, and each gets a letter a term before."
SignIn = Callable[..., httpx.Client]


def ask(inbox: Inbox, text: str = QUESTION, outcome: str = "not_known", conversation: str = "talk-1") -> None:
    """Log a question nobody could answer, as the assistant would, and group it."""
    now = inbox.now()
    question = {"text": text, "trust": "anytown", "topics": ["tupe"], "outcome": outcome, "facts": [], "confidence": 0.31}
    with inbox.database.transaction() as session:
        write_message(session, conversation, "visitor", text, now=now)
        enquiry = log_enquiry(
            session, conversation=conversation, channel="website", text=text, withheld=False, outcome=outcome, questions=[question], now=now
        )
        custom = {"outcome": outcome, "enquiry": enquiry.sequence}
        write_message(session, conversation, "assistant", "I am sorry, I hold no fact.", now=now, custom=custom)
    with inbox.database.transaction() as session:
        group_new(session, encode, now=now, limit=100)


def outcome_of(inbox: Inbox, text: str) -> str:
    """What the assistant makes of a question at this moment."""
    with inbox.database.transaction() as session:
        index = present_index(inbox.database, session, inbox.now().date())
    return answer(AskedQuestion(text=text, vector=encode([text])[0], intents={}), Memory(), index, fitted(), "anytown").outcome


def fields(**changed: object) -> dict[str, object]:
    return {"says": ANSWER, "topic": "tupe", "trust": "anytown", "audience": "public", "wordings": QUESTION, "do": "preview", **changed}


def mark_in(page: httpx.Response) -> str:
    found = re.search(r'name="mark" value="([0-9a-f]*)"', page.text)
    assert found
    return found[1]


def publish(browser: httpx.Client, path: str, **changed: object) -> httpx.Response:
    """Answer as the page does: look at what would change, then publish."""
    preview = post(browser, path, **fields(**changed))
    assert preview.status_code == 200, words_of(preview)
    return post(browser, path, **fields(**{**changed, "do": "publish", "mark": mark_in(preview)}))


def test_a_gap_shows_its_questions_and_where_they_were_asked(inbox: Inbox, sign_in: SignIn) -> None:
    ask(inbox)
    ask(inbox, "does TUPE apply", conversation="talk-2")
    browser = sign_in("staff")
    page = browser.get("/gaps")
    assert QUESTION in words_of(page) and ">2<" in page.text
    page = browser.get("/gaps/1")
    assert 'href="/conversations/talk-1#question-1"' in page.text and 'href="/conversations/talk-2#question-2"' in page.text
    assert "Answer this" not in page.text  # staff only read


def test_the_answer_is_seen_first_then_published_and_given_at_once(inbox: Inbox, sign_in: SignIn) -> None:
    ask(inbox)
    browser = sign_in("pa")
    assert outcome_of(inbox, QUESTION) == "not_known"
    page = browser.get("/gaps/1")
    assert '<option value="tupe" selected>' in page.text  # the topic is proposed
    preview = post(browser, "/gaps/1/answer", **fields())
    said = words_of(preview)
    assert "What would change" in said and ANSWER in said and "not known" in said and "answered" in said
    assert "Source: Pat Assistant, Anytown" in said
    assert outcome_of(inbox, QUESTION) == "not_known"
    done = post(browser, "/gaps/1/answer", **fields(do="publish", mark=mark_in(preview)))
    assert (done.status_code, done.headers["location"]) == (303, "/gaps")
    assert outcome_of(inbox, QUESTION) == "answered"
    ((fact, person, closed),) = inbox.rows("SELECT fact.id, person, state FROM fact JOIN gap ON gap.fact = fact.id")
    assert fact.startswith("anytown.staff.tupe_") and (person, closed) == ("Pat Assistant", "answered")
    with inbox.database.transaction() as session:
        noted = session.execute(select(AuditEntry).where(AuditEntry.action != "sign in").order_by(AuditEntry.id)).scalars().all()
        assert [(entry.action, entry.about, entry.detail) for entry in noted] == [
            ("view", "gap 1", {}),
            ("add", f"fact {fact}", {"gap": 1}),  # as tests/bot/telegram/test_staff_work.py expects of Telegram
        ]


def test_what_was_changed_after_the_preview_is_shown_again(inbox: Inbox, sign_in: SignIn) -> None:
    ask(inbox)
    browser = sign_in("pa")
    mark = mark_in(post(browser, "/gaps/1/answer", **fields()))
    again = post(browser, "/gaps/1/answer", **fields(do="publish", mark=mark, says="Something else."))
    assert again.status_code == 200 and "Something else." in again.text
    assert inbox.rows("SELECT count(*) FROM fact")[0][0] == 0


def test_an_answer_can_be_taken_back(inbox: Inbox, sign_in: SignIn) -> None:
    ask(inbox)
    browser = sign_in("pa")
    assert publish(browser, "/gaps/1/answer").status_code == 303
    assert 'action="/gaps/1/undo"' in browser.get("/gaps").text
    assert post(browser, "/gaps/1/undo").status_code == 303
    assert outcome_of(inbox, QUESTION) == "not_known"
    assert "the answer taken back" in words_of(browser.get("/gaps/1"))


def test_a_second_answer_is_told_of_the_first(inbox: Inbox, sign_in: SignIn) -> None:
    ask(inbox)
    browser = sign_in("pa")
    publish(browser, "/gaps/1/answer")
    second = post(sign_in("admin"), "/gaps/1/answer", **fields(do="publish"))
    assert second.status_code == 409
    assert "Pat Assistant has answered it" in words_of(second)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"says": ""}, "Please write what the assistant should say."), ({"says": "x" * 501}, "up to 500 characters"),
        ({"says": "One. Two. Three."}, "in one sentence, or two"), ({"topic": "none"}, "choose one of the topics"),
        ({"trust": "elsewhere"}, "choose one of the trusts"), ({"wordings": " \n "}, "at least one way"),
        ({"valid_from": "2026-13-01"}, "no such date"), ({"valid_from": "29/02/2026"}, "not a leap year"),
        ({"valid_from": "2027-01-02", "valid_until": "2027-01-01"}, "cannot end before it begins"), ({"audience": "all"}, "who may read it"),
        ({"owner": "99"}, "somebody of the list"), ({"value_kind": "amount", "value_value": "much", "value_of": "", "value_unit": ""}, "must be a number"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_it(inbox: Inbox, sign_in: SignIn, changed: dict[str, object], reason: str) -> None:
    ask(inbox)
    page = post(sign_in("pa"), "/gaps/1/answer", **fields(**changed))
    assert page.status_code == 422
    assert reason in words_of(page)


def test_script_and_strange_letters_stay_text(inbox: Inbox, sign_in: SignIn) -> None:
    ask(inbox, "<script>alert(1)</script> =1+1 \0 😀 TUPE?")
    browser = sign_in("pa")
    assert "<script>alert" not in browser.get("/gaps").text
    page = browser.get("/gaps/1")
    assert "<script>alert" not in page.text and "😀" in page.text
    for text in ("<b>bold</b> é 😀", "nul\0here"):
        assert "<b>bold" not in post(browser, "/gaps/1/answer", **fields(says=text)).text
    assert post(browser, "/gaps/1/answer", **fields(wordings="x" * 10_000)).status_code == 422


def test_not_ours_wants_a_reason_and_can_be_undone(inbox: Inbox, sign_in: SignIn) -> None:
    ask(inbox)
    browser = sign_in("pa")
    assert post(browser, "/gaps/1/not-ours", reason=" ").status_code == 422
    assert post(browser, "/gaps/1/not-ours", reason="each school decides").status_code == 303
    assert QUESTION not in words_of(browser.get("/gaps"))
    assert "each school decides" in words_of(browser.get("/gaps/1"))
    assert QUESTION in words_of(browser.get("/gaps?state=not_ours"))
    post(browser, "/gaps/1/undo")
    assert QUESTION in words_of(browser.get("/gaps"))


def test_staff_may_read_and_not_close(inbox: Inbox, sign_in: SignIn) -> None:
    ask(inbox)
    browser = sign_in("staff")
    for path in ("answer", "not-ours", "undo"):
        assert post(browser, f"/gaps/1/{path}", **fields()).status_code == 403


@pytest.mark.parametrize(
    "path", ["/gaps/99", "/gaps/x", "/gaps/99999999999", "/conversations/none", "/conversations/%00", "/facts/none", "/facts/a'b"]
)
def test_what_is_not_there_is_said_kindly(inbox: Inbox, sign_in: SignIn, path: str) -> None:
    page = sign_in("pa").get(path)
    assert page.status_code == 404
    assert "There is nothing at this address" in words_of(page)


def test_the_list_goes_on_over_pages(inbox: Inbox, sign_in: SignIn) -> None:
    now = inbox.now()
    with inbox.database.transaction() as session:
        session.add_all(
            Gap(text=f"gap number {n}", trust="anytown", latest=now, heat=100 - n, asked=1, centre=b"\0" * 768) for n in range(60)
        )
    browser = sign_in("staff")
    first, third = browser.get("/gaps").text, browser.get("/gaps?page=3").text
    assert "gap number 0<" in first and "gap number 24<" in first and "gap number 25<" not in first and "page=2" in first
    assert "gap number 59<" in third and "page=4" not in third
    for strange in ("0", "-1", "x", "9999999999", "²"):
        assert browser.get(f"/gaps?page={strange}&state=odd&trust=odd").status_code == 200


def test_a_conversation_is_shown_with_what_was_made_of_it_and_that_is_audited(inbox: Inbox, sign_in: SignIn) -> None:
    ask(inbox)
    page = sign_in("staff").get("/conversations/talk-1")
    said = words_of(page)
    assert "Visitor" in said and QUESTION in said and "I am sorry, I hold no fact." in said
    assert "Not known" in said and "confidence 0.31" in said and 'href="/gaps/1"' in page.text
    assert ("conversation talk-1",) in inbox.rows("SELECT about FROM audit_entry WHERE action = 'view'")


def test_a_turn_becomes_a_regression_question_without_personal_details(inbox: Inbox, sign_in: SignIn) -> None:
    ask(inbox, "Does TUPE apply? I'm Jane Sample, 07700 900123")
    browser = sign_in("pa")
    assert "Keep as a test question" in browser.get("/conversations/talk-1").text
    assert post(browser, "/reviewed", question="1").status_code == 303
    assert inbox.rows("SELECT text, outcome FROM regression_question") == [("Does TUPE apply? I'm [name], [phone]", "not_known")]
    page = browser.get("/conversations/talk-1")
    assert "kept as a test question" in page.text and 'action="/reviewed"' not in page.text
    assert "kept already" in words_of(_follow(browser, post(browser, "/reviewed", question="1")))
    assert "Does TUPE apply?" in words_of(browser.get("/reviewed"))
    assert post(browser, "/reviewed/1/drop").status_code == 303
    assert inbox.rows("SELECT * FROM regression_question") == []
    for strange in ("", "99", "x", "9" * 30):
        assert post(browser, "/reviewed", question=strange).status_code == 404


def _follow(browser: httpx.Client, response: httpx.Response) -> httpx.Response:
    return browser.get(response.headers["location"])


def test_the_preview_says_what_would_be_said_and_why(inbox: Inbox, sign_in: SignIn) -> None:
    ask(inbox)
    browser = sign_in("pa")
    publish(browser, "/gaps/1/answer")
    page = post(browser, "/preview", question=QUESTION, trust="anytown")
    said = words_of(page)
    assert ANSWER in said and "Facts considered" in said and "somebody at the trust has answered this very question" in said
    assert "topics are guessed" in said  # no assistant runs beside this test
    for strange in ("", "x" * 2001):
        assert post(browser, "/preview", question=strange, trust="anytown").status_code == 422
    assert "<script>alert" not in post(browser, "/preview", question="<script>alert(1)</script>", trust="anytown").text
    with inbox.database.transaction() as session:
        assert len(session.execute(select(Gap.id)).all()) == 1

"""Facts as the PA works them: found, added after a preview, edited with history, retired, and what is flagged among them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select

from bot.inbox.preview.asking import encode, encoder, present_index, topics
from office.base.staff import Staff
from office.facts.editing import add_fact, mark_of
from office.facts.model import Document, Fact, Subject, keep_wordings
from office.facts.typed import FactWords
from tests.bot.inbox.inbox import Inbox, post, words_of
from tests.clock import NOW

FEE = "anytown.cost.fee"
pytestmark = pytest.mark.usefixtures("readers")
SAYS = "Associate membership of Anytown costs £250, as published."
SignIn = Callable[..., httpx.Client]


@pytest.fixture
def fee(inbox: Inbox) -> str:
    """A fact of a document; its id."""
    value = {"kind": "amount", "of": "associate membership", "value": 250, "unit": "GBP"}
    with inbox.database.transaction() as session:
        session.add(Document(id="anytown.page", trust="anytown", title="Joining Anytown", as_of="2025", dated="2025"))
        session.add(Subject(id="anytown.cost", trust="anytown", title="What it costs", topic="cost"))
        session.flush()
        session.add(
            Fact(id=FEE, trust="anytown", topic="cost", subject="anytown.cost", position=0, says=SAYS, values=[value],
                 document="anytown.page", section="Cost", as_of="2025", file_digest="x")
        )  # fmt: skip
        session.flush()
        texts = ["How much is associate membership?", "fee?", SAYS]
        keep_wordings(session, "fact", FEE, texts, encode(texts), encoder())
    return FEE


def form(inbox: Inbox, fact: str, **changed: object) -> dict[str, object]:
    """The edit form of a fact as its page shows it, with some fields changed."""
    with inbox.database.transaction() as session:
        row = session.get(Fact, fact)
        fields = {
            "says": row.says,
            "topic": row.topic,
            "audience": row.audience,
            "seen": mark_of(session, row),
            "do": "save",
            "wordings": "fee?",
        }
        for name in ("kind", "value", "of", "unit"):
            fields[f"value_{name}"] = [str(value.get(name, "")) for value in row.values]
    return {**fields, **changed}


def staff_fact(inbox: Inbox, **changed: object) -> str:
    """A fact that Pat added; its id."""
    by = inbox.add("pa")
    words = {"topic": "cost", "says": "Anytown lends associates a tablet.", "wordings": ("do we get tablets",), **changed}
    with inbox.database.transaction() as session:
        person = session.get(Staff, by)
        return str(add_fact(session, "anytown", FactWords(**words), topics(), by=person, encode=encode, encoder=encoder(), now=NOW).id)  # type: ignore[arg-type]


def stated(inbox: Inbox) -> dict[str, str]:
    """What the assistant may say at this moment."""
    with inbox.database.transaction() as session:
        index = present_index(inbox.database, session, inbox.now().date())
    return {fact.id: fact.says for fact in index.facts.values()}


def test_facts_are_browsed_by_trust_topic_and_words(inbox: Inbox, sign_in: SignIn, fee: str) -> None:
    browser = sign_in("staff")
    assert SAYS in words_of(browser.get("/facts"))
    assert SAYS in words_of(browser.get("/facts?q=how+much&trust=anytown&topic=cost"))
    for nothing in ("?q=aeroplane", "?trust=other", "?topic=tupe", "?state=retired", "?state=not_now", "?page=9"):
        assert SAYS not in words_of(browser.get(f"/facts{nothing}")), nothing
    for strange in ("%25", "%00", "x" * 5000, "%3Cscript%3Ealert(1)", "_"):
        page = browser.get(f"/facts?q={strange}&state=odd&page=odd")
        assert page.status_code == 200 and "<script>alert" not in page.text
    assert "Add a fact" not in browser.get("/facts").text


def test_an_edit_is_said_from_now_on_and_stands_in_the_history(inbox: Inbox, sign_in: SignIn, fee: str) -> None:
    browser = sign_in("pa")
    done = post(browser, f"/facts/{fee}/edit", **form(inbox, fee, says="It costs £275 at Anytown.", review="2027-02-28"))
    assert done.status_code == 303
    assert stated(inbox)[fee] == "It costs £275 at Anytown."
    said = words_of(browser.get(f"/facts/{fee}"))
    assert f"sentence: {SAYS} → It costs £275 at Anytown." in said and "look at it again on: nothing → 2027-02-28" in said
    assert "Pat Assistant" in said and "Joining Anytown" in said
    assert post(browser, f"/facts/{fee}/undo/1").status_code == 303
    assert stated(inbox)[fee] == SAYS


def test_who_saves_over_another_sees_what_changed_and_keeps_the_text(inbox: Inbox, sign_in: SignIn, fee: str) -> None:
    seen = form(inbox, fee)["seen"]
    post(sign_in("pa"), f"/facts/{fee}/edit", **form(inbox, fee, says="It costs £275 at Anytown."))
    second = post(sign_in("admin"), f"/facts/{fee}/edit", **form(inbox, fee, says="It costs £300 at Anytown.", seen=seen))
    assert second.status_code == 409
    said = words_of(second)
    assert "Pat Assistant has changed this fact meanwhile" in said and "It now says: It costs £275 at Anytown." in said
    assert "It costs £300 at Anytown." in second.text
    assert stated(inbox)[fee] == "It costs £275 at Anytown."


def test_an_edit_can_be_tried_out_and_changes_nothing(inbox: Inbox, sign_in: SignIn, fee: str) -> None:
    page = post(sign_in("pa"), f"/facts/{fee}/edit", **form(inbox, fee, says="It costs £275 at Anytown.", do="preview"))
    assert page.status_code == 200
    assert "What would change" in words_of(page) and "It costs £275 at Anytown." in words_of(page)
    assert stated(inbox)[fee] == SAYS


@pytest.mark.parametrize(
    ("changed", "reason"),
    [({"says": ""}, "Please write"), ({"says": "x" * 10_000}, "up to 500"), ({"valid_until": "2026-02-30"}, "no 30 February"),
     ({"value_value": ["lots"]}, "must be a number"), ({"value_kind": ["odd"]}, "choose a kind"), ({"owner": "x"}, "somebody of the list")],
)  # fmt: skip
def test_a_wrong_edit_is_refused_beside_its_field(inbox: Inbox, sign_in: SignIn, fee: str, changed: dict[str, object], reason: str) -> None:
    page = post(sign_in("pa"), f"/facts/{fee}/edit", **form(inbox, fee, **changed))
    assert page.status_code == 422 and reason in words_of(page)


def test_a_retired_fact_is_not_stated_and_comes_back(inbox: Inbox, sign_in: SignIn, fee: str) -> None:
    browser = sign_in("pa")
    post(browser, f"/facts/{fee}/retire")
    assert fee not in stated(inbox)
    assert SAYS in words_of(browser.get("/facts?state=retired"))
    assert f'action="/facts/{fee}/restore"' in browser.get(f"/facts/{fee}").text
    post(browser, f"/facts/{fee}/restore")
    assert fee in stated(inbox)


def test_a_new_fact_is_seen_first_and_then_published(inbox: Inbox, sign_in: SignIn, fee: str) -> None:
    browser = sign_in("pa")
    fields = {
        "says": "Anytown’s schools share one minibus.",
        "topic": "resources",
        "trust": "anytown",
        "audience": "public",
        "wordings": "minibus?",
    }
    fields["topic"] = next(iter(topics()))
    first = post(browser, "/facts/new", **fields, do="publish")  # nothing is published unseen
    assert first.status_code == 200 and len(stated(inbox)) == 1
    mark = re.search(r'name="mark" value="([0-9a-f]+)"', first.text)
    assert mark
    done = post(browser, "/facts/new", **fields, do="publish", mark=mark[1])
    assert done.status_code == 303
    assert "Anytown’s schools share one minibus." in stated(inbox).values()


def test_a_fact_for_staff_only_is_not_said_to_visitors(inbox: Inbox, sign_in: SignIn) -> None:
    fact = staff_fact(inbox, audience="staff")
    assert fact not in stated(inbox)
    assert "staff only" in words_of(sign_in("staff").get("/facts"))


def test_what_is_to_be_looked_at_is_listed_and_settled(inbox: Inbox, sign_in: SignIn, fee: str) -> None:
    yesterday, browser = (NOW - timedelta(days=2)).date(), sign_in("pa")
    other = staff_fact(inbox, says=SAYS, values=({"kind": "amount", "of": "associate membership", "value": 300, "unit": "GBP"},))
    gone = staff_fact(inbox, says="Anytown closes early today.", valid_until=yesterday)
    due = staff_fact(inbox, says="Anytown has four schools.", review=yesterday)
    with inbox.database.transaction() as session:
        session.get(Fact, due).file_offers = {"says": "Anytown has five schools.", "values": [], "digest": "y"}
    page = browser.get("/facts/flags")
    said = words_of(page)
    for heading in (
        "They contradict each other",
        "A file offers other words",
        "No longer true, by their dates",
        "To be looked at again",
        "They say nearly the same",
    ):
        assert heading in said, heading
    assert gone not in stated(inbox) and "it does not hold today" in words_of(browser.get(f"/facts/{gone}"))
    first, second = sorted((fee, other))
    for of in ("amount of associate membership", "the same"):
        assert post(browser, "/facts/flags/settle", first=first, second=second, of=of).status_code == 303
    assert post(browser, "/facts/flags/settle", first=first, second="none", of="the same").status_code == 404
    said = words_of(browser.get("/facts/flags"))
    assert "They contradict" not in said and "nearly the same" not in said
    assert "Anytown has five schools." in words_of(browser.get(f"/facts/{due}"))
    assert post(browser, f"/facts/{due}/words", keep="both").status_code == 400
    assert post(browser, f"/facts/{due}/words", keep="file").status_code == 303
    assert stated(inbox)[due] == "Anytown has five schools."
    assert post(browser, f"/facts/{due}/words", keep="staff").status_code == 409


def test_staff_read_facts_and_change_none(inbox: Inbox, sign_in: SignIn, fee: str) -> None:
    browser = sign_in("staff")
    assert browser.get(f"/facts/{fee}").status_code == 200 and 'action="/facts/' not in browser.get(f"/facts/{fee}").text
    assert browser.get("/facts/new").status_code == 403
    for path in (
        f"/facts/{fee}/edit",
        f"/facts/{fee}/retire",
        f"/facts/{fee}/restore",
        f"/facts/{fee}/words",
        "/facts/new",
        "/facts/flags/settle",
    ):
        assert post(browser, path, **form(inbox, fee)).status_code == 403, path
    with inbox.database.transaction() as session:
        assert session.execute(select(Fact.says)).scalars().all() == [SAYS]


def test_script_in_a_fact_stays_text(inbox: Inbox, sign_in: SignIn, fee: str) -> None:
    browser = sign_in("pa")
    post(browser, f"/facts/{fee}/edit", **form(inbox, fee, says="<script>alert(1)</script> costs =1+1."))
    for path in ("/facts", f"/facts/{fee}"):
        assert "<script>alert" not in browser.get(path).text and "&lt;script&gt;alert" in browser.get(path).text

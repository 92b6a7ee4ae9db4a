"""How leads, digests and tests read in an e-mail and in Telegram."""

from __future__ import annotations

from datetime import date, datetime, timezone
from html.parser import HTMLParser

import pytest

from bot.messages.texts import LONGEST_TELEGRAM, cut, digest_email, digest_telegram, lead_email, lead_telegram, one_line, units
from office.leads.model import Lead
from office.reports.digest import Digest, DigestLead

NOW = datetime(2026, 9, 1, 12, 0, tzinfo=timezone.utc)
INBOX = "https://inbox.anytown.example"


def lead(**more: object) -> Lead:
    values = {
        "reference": "U-7K3F9Q", "school": "Anytown Primary", "name": "Robin Example", "role": "Head", "email": "robin@school.example", "phone": None,
        "wish": "visit", "term": None, "status": "new", "next_action": "", "channel": "website", "received": NOW, "promised": NOW, "message": "",
        "first_question": "", "unanswered": [], "sample": False, "due": None, "revisit": None,
    }  # fmt: skip
    return Lead(**{**values, **more})


def test_the_subject_names_school_wish_and_reference_and_no_person() -> None:
    subject, text = lead_email(lead(), INBOX)
    assert subject == "New lead U-7K3F9Q: Anytown Primary, a school visit"
    assert "Name: Robin Example" in text and "Phone" not in text and f"{INBOX}/leads/U-7K3F9Q" in text
    assert "A reply is promised by Tue 1 Sep 2026, 13:00" in text


def test_a_sample_says_that_it_is_one() -> None:
    assert lead_email(lead(sample=True), INBOX)[0].startswith("Sample: New lead")
    assert lead_telegram(lead(sample=True), INBOX).plain.startswith("Sample: New lead")


def test_an_overdue_lead_says_what_is_late() -> None:
    late = date(2026, 8, 31)
    assert "The next action was due on Mon 31 Aug 2026." in lead_email(lead(due=late), INBOX, kind="overdue_lead", late=late)[1]
    assert "A reply was promised by" in lead_email(lead(), INBOX, kind="overdue_lead", late=date(2026, 9, 1))[1]
    assert "looked at again on" in lead_email(lead(status="not_now", revisit=late), INBOX, kind="overdue_lead", late=late)[1]


def test_what_could_not_be_answered_stands_there_in_their_words() -> None:
    _, text = lead_email(lead(first_question="What does it cost?", unanswered=["Is there parking?"], message="Two\nlines"), INBOX)
    assert "What they asked first:\n  What does it cost?" in text and "  - Is there parking?" in text and "  Two\n  lines" in text


@pytest.mark.parametrize(
    "words", ["<b>&amp;</b>", "😀" * 5000, "a\0\x1b[31m\u202eb", "x" * 10_000, "</blockquote><script>", "\n" * 1000, "=1+1"], ids=range(7)
)
def test_whatever_stands_in_a_lead_the_message_is_sound_html_and_short_enough(words: str) -> None:
    message = lead_telegram(
        lead(name=words[:200], school=words[:200], role=words[:200], message=words, first_question=words, unanswered=[words] * 5), INBOX
    )
    told = Balanced()
    told.feed(message.html)
    told.close()
    assert told.open == [] and set(told.tags) <= {"b", "blockquote"}
    assert units(told.text) <= LONGEST_TELEGRAM and units(message.plain) <= LONGEST_TELEGRAM
    assert all(len(what.encode()) <= 64 for row in message.rows for _, what in row if not what.startswith("http"))
    subject, text = lead_email(lead(name=words[:200], school=words[:200], message=words), INBOX)
    assert "\n" not in subject and "\r" not in subject and len(subject) <= 200 and "\0" not in text


class Balanced(HTMLParser):
    """Reads HTML and says which tags are open at its end."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.open.append(tag)
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_an_address_telegram_would_refuse_is_no_button() -> None:
    titles = [title for row in lead_telegram(lead(), "http://localhost:8001").rows for title, _ in row]
    assert titles == ["Contacted", "Next action", "Note"]


def test_the_digest_gives_numbers_urgent_leads_and_gaps() -> None:
    never = datetime(9999, 1, 1, tzinfo=timezone.utc)
    urgent = (
        DigestLead("U-7K3F9Q", "Anytown Primary", "new", "visit", NOW, "ring"),
        DigestLead("U-7K3F9R", "B <School>", "visit", "visit", never, ""),
    )
    digest = Digest("2026-W37", date(2026, 8, 31), date(2026, 9, 6), 2, 1, urgent, (("Is there <b>parking</b>?", 7),), 1, 3, 4, 3, 1)
    subject, text = digest_email(digest, INBOX)
    assert subject == "Your week: 2 open leads, 1 overdue"
    for said in (
        "Questions answered: 3 of 4 (75%)",
        "- U-7K3F9Q Anytown Primary: New, by Tue 1 Sep 2026, ring",
        "nothing planned",
        "(7×)",
        "1 notification could not be sent",
    ):
        assert said in text
    assert "Is there &lt;b&gt;parking&lt;/b&gt;?" in digest_telegram(digest, INBOX).html
    empty = Digest("2026-W37", date(2026, 8, 31), date(2026, 9, 6), 0, 0, (), (), 0, 0, 0, 0, 0)
    assert "Questions answered: 0 of 0\n" in digest_email(empty, INBOX)[1]


def test_a_text_is_cut_between_words_and_never_within_an_emoji() -> None:
    assert cut("one two three", 9) == "one two…"
    assert cut("short", 9) == "short"
    assert units(cut("😀" * 10, 6)) <= 6 and "\ud83d" not in cut("😀" * 10, 6)
    assert one_line("a\r\nb\u2028c\0", 99) == "a b c"

"""The draft of an e-mail to a lead, as a link that opens the PA's own mail program."""

from __future__ import annotations

from urllib.parse import quote

from office.base.titles import WISH_TITLES
from office.leads.model import Lead

LONGEST = 1800  # characters of the link: some mail programs take no more than about 2,000
LONGEST_QUESTION = 300


def mail_draft(lead: Lead, sender: str) -> str:
    """Return a mailto link with subject, greeting and the lead's questions filled in; "" where there is no address."""
    if not lead.email:
        return ""
    questions = [_short(text, LONGEST_QUESTION) for text in dict.fromkeys([lead.first_question, *lead.unanswered]) if text]
    while True:
        link = _link(lead, questions, sender)
        if len(link) <= LONGEST or not questions:
            return link if len(link) <= LONGEST else f"mailto:{_address(lead.email)}"
        questions.pop()  # rather one question less than half a letter


def _link(lead: Lead, questions: list[str], sender: str) -> str:
    asked = ["You asked:", *(f"- {question}" for question in questions), ""] if questions else []
    wish = f"Thank you for getting in touch. You would like {WISH_TITLES[lead.wish]}."
    lines = [f"Dear {_short(lead.name, 100)},", "", wish, "", *asked, "", "Kind regards", _short(sender, 100)]
    subject = f"Your enquiry {lead.reference}"
    body = "\r\n".join(lines)  # RFC 6068: line ends in a mailto link are %0D%0A
    return f"mailto:{_address(lead.email or '')}?subject={quote(subject, safe='')}&body={quote(body, safe='')}"


def _address(email: str) -> str:
    return quote(email, safe="@")


def _short(text: str, longest: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= longest else text[: longest - 1] + "…"

"""How a lead, a digest and a test read in an e-mail and in Telegram. Pure: words only, made of rows as they are when it is sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from html import escape
from urllib.parse import urlsplit

from office.base.titles import STATUS_TITLES, WISH_TITLES, channel_title
from office.base.workdays import LONDON
from office.leads.model import Lead
from office.leads.places import term_title
from office.reports.digest import Digest, DigestLead

LONGEST_SUBJECT = 180
LONGEST_TELEGRAM = 4096  # characters that Telegram takes, counted as it counts: in UTF-16 units, after its HTML is read
LONGEST_QUOTE = 700
LONGEST_FIELD = 200
WHY_YOU = "You get this because you work leads for the trust. Change how you are notified: {inbox}/notifications"
HEADS = {"new_lead": "New lead", "asked_again": "Asked again", "added": "Added to", "overdue_lead": "Overdue", "withdrawal": "Wants to be erased",
         "unconfirmed_withdrawal": "Wants to be erased, unconfirmed"}  # fmt: skip

Button = tuple[str, str]  # title; callback data, or an address that begins with http


@dataclass(frozen=True)
class TelegramText:
    """One message of Telegram: its HTML, the same as plain text, and rows of buttons."""

    html: str
    plain: str
    rows: list[list[Button]] = field(default_factory=list)


def lead_email(lead: Lead, inbox: str, *, kind: str = "new_lead", late: date | None = None) -> tuple[str, str]:
    """Return subject and text of the e-mail about a lead. The subject names school, wish and reference, and no person."""
    head = _head(lead, kind)
    subject = f"{head} {lead.reference}: {one_line(lead.school, 100)}, {WISH_TITLES.get(lead.wish, lead.wish)}"
    parts = [_opening(lead, kind, late), "\n".join(f"{title}: {value}" for title, value in _details(lead))]
    parts += [f"{title}:\n{_indented(text)}" for title, text in _quotes(lead)]
    parts += [f"Open it: {lead_address(lead, inbox)}", WHY_YOU.format(inbox=inbox)]
    return one_line(subject, LONGEST_SUBJECT), "\n\n".join(parts) + "\n"


def lead_telegram(lead: Lead, inbox: str, *, kind: str = "new_lead", late: date | None = None) -> TelegramText:
    """Return the message of Telegram about a lead, with the buttons by which staff work it."""
    head = f"{_head(lead, kind)} {lead.reference}"
    blocks: list[tuple[str, str]] = [("b", head), ("", _opening(lead, kind, late))]
    blocks.append(("", "\n".join(f"{title}: {value}" for title, value in _details(lead))))
    for title, text in _quotes(lead):
        blocks.append(("", f"{title}:"))
        blocks.append(("blockquote", cut(text, LONGEST_QUOTE)))
    return telegram(blocks, lead_buttons(lead, inbox))


def lead_buttons(lead: Lead, inbox: str) -> list[list[Button]]:
    """Return the buttons under a lead: what Telegram may do itself, and the way to the inbox."""
    data = f"lead:{lead.reference}"
    rows = [[("Contacted", f"{data}:contacted"), ("Next action", f"{data}:next"), ("Note", f"{data}:note")]]
    return rows + _open_button("Open in the inbox", lead_address(lead, inbox))


def digest_email(digest: Digest, inbox: str) -> tuple[str, str]:
    """Return subject and text of Monday's digest."""
    subject = f"Your week: {_counted(digest.open_leads, 'open lead')}, {digest.overdue_leads} overdue"
    parts = [_week(digest), "\n".join(_numbers(digest))]
    if digest.urgent:
        parts.append("Most urgent:\n" + "\n".join(f"- {_line(lead)}" for lead in digest.urgent))
    if digest.gaps:
        parts.append("Asked most, and not answered yet:\n" + "\n".join(f"- {_gap(*gap)}" for gap in digest.gaps))
    parts += [f"All leads: {inbox}/leads\nAll gaps: {inbox}/gaps", WHY_YOU.format(inbox=inbox)]
    return subject, "\n\n".join(parts) + "\n"


def digest_telegram(digest: Digest, inbox: str) -> TelegramText:
    """Return Monday's digest as a message of Telegram."""
    blocks = [("b", "Your week"), ("", _week(digest)), ("", "\n".join(_numbers(digest)))]
    if digest.urgent:
        blocks += [("b", "Most urgent"), ("", "\n".join(f"• {_line(lead)}" for lead in digest.urgent))]
    if digest.gaps:
        blocks += [("b", "Asked most, and not answered yet"), ("", "\n".join(f"• {_gap(*gap)}" for gap in digest.gaps))]
    return telegram(blocks, _open_button("Leads", f"{inbox}/leads") + _open_button("Gaps", f"{inbox}/gaps"))


def feedback_email(text: str, at: datetime, inbox: str) -> tuple[str, str]:
    """Return subject and text of the e-mail about what a member of staff thinks of the assistant."""
    said = _indented(cut(_plain(text), 4 * LONGEST_QUOTE))
    return "Feedback on the assistant", f"Given in Telegram on {moment(at)}:\n\n{said}\n\n{WHY_YOU.format(inbox=inbox)}\n"


def feedback_telegram(text: str, at: datetime) -> TelegramText:
    """Return the message of Telegram about what a member of staff thinks of the assistant."""
    return telegram([("b", "Feedback on the assistant"), ("", f"Given on {moment(at)}:"), ("blockquote", _plain(text))], [])


def danger_email(channel: str, at: datetime, inbox: str) -> tuple[str, str]:
    """Return subject and text of the e-mail which tells the safeguarding lead that somebody in danger wrote; it says no more than that."""
    parts = [
        f"Somebody who may be in danger, or who wrote of somebody who is, used the assistant on {moment(at)} ({channel_title(channel)}).",
        "They were given the numbers to ring at once. What they wrote, and who they are, we do not keep and cannot look up.",
        f"How often it happened: {inbox}/overview",
    ]
    return "Somebody in danger wrote to the assistant", "\n\n".join(parts) + "\n"


def check_email(inbox: str) -> tuple[str, str]:
    """Return subject and text of the message by which staff try whether e-mail reaches them."""
    return "Test from Usher", f"This is a test. Notifications reach you by e-mail.\n\nYou asked for it on {inbox}/notifications\n"


def check_telegram() -> TelegramText:
    """Return the message by which staff try whether Telegram reaches them."""
    return telegram([("b", "Test from Usher"), ("", "Notifications reach you in Telegram.")], [])


def telegram(blocks: Sequence[tuple[str, str]], rows: list[list[Button]]) -> TelegramText:
    """Return a message of blocks (an HTML tag or "", and its text), cut between words where it is too long for Telegram."""
    html, plain, left = [], [], LONGEST_TELEGRAM - 2 * len(blocks)
    for tag, text in blocks:
        text = cut(text, left) if left > 1 else ""
        if not text:
            break
        left -= units(text)
        html.append(f"<{tag}>{escape(text, quote=False)}</{tag}>" if tag else escape(text, quote=False))
        plain.append(text)
    return TelegramText("\n\n".join(html), "\n\n".join(plain), rows)


def lead_address(lead: Lead, inbox: str) -> str:
    """Return the address of a lead's page."""
    return f"{inbox}/leads/{lead.reference}"


def one_line(text: str, longest: int) -> str:
    """Return a text as one line without control characters, as a header of an e-mail wants it."""
    return cut(" ".join("".join(c if c.isprintable() else " " for c in text).split()), longest)


def cut(text: str, longest: int) -> str:
    """Return a text of at most `longest` UTF-16 units, cut between words where there are any."""
    if units(text) <= longest:
        return text
    kept, used = [], 1
    for character in text:
        used += units(character)
        if used > longest:
            break
        kept.append(character)
    short = "".join(kept)
    at = short.rfind(" ")
    return (short[:at] if at > longest // 2 else short).rstrip() + "…"


def units(text: str) -> int:
    """Count a text's UTF-16 units: Telegram's measure of length."""
    return len(text.encode("utf-16-le", "replace")) // 2


def moment(at: datetime) -> str:
    """Return a moment as it is in London: “Tue 3 Nov 2026, 14:05”."""
    return at.astimezone(LONDON).strftime("%a %-d %b %Y, %H:%M")


def day(at: date) -> str:
    """Return a day: “Tue 3 Nov 2026”."""
    return at.strftime("%a %-d %b %Y")


def _head(lead: Lead, kind: str) -> str:
    return ("Sample: " if lead.sample else "") + HEADS[kind]


def _opening(lead: Lead, kind: str, late: date | None) -> str:
    if kind == "asked_again" and lead.unconfirmed:
        named = f"{one_line(lead.name, LONGEST_FIELD)} of {one_line(lead.school, LONGEST_FIELD)}"
        return f"Somebody asked again in another conversation, as {named}: unconfirmed. What it gave is shown beside the lead. A reply is promised by {moment(lead.promised)}."
    if kind == "asked_again":
        return f"{one_line(lead.name, LONGEST_FIELD)} of {one_line(lead.school, LONGEST_FIELD)} asked again. A reply is promised by {moment(lead.promised)}."
    if kind == "added" and lead.unconfirmed:
        return "Another conversation that asked for the same person has something to add: unconfirmed. It is shown beside the lead."
    if kind == "added":
        return f"{one_line(lead.name, LONGEST_FIELD)} of {one_line(lead.school, LONGEST_FIELD)} has something to add, or to set right."
    if kind == "unconfirmed_withdrawal":
        return "Another conversation than theirs asked that their details are erased. That is unconfirmed: ask them before anything is."
    if kind == "withdrawal":
        return "They asked in the chat to have their enquiry withdrawn and their details erased. An admin can do so on the page Privacy."
    if kind == "overdue_lead" and late is not None and lead.due == late:
        return f"The next action was due on {day(late)}."
    if kind == "overdue_lead" and lead.status == "not_now" and late is not None and lead.revisit == late:
        return f"It was to be looked at again on {day(late)}."
    if kind == "overdue_lead":
        return f"A reply was promised by {moment(lead.promised)}."
    return f"Somebody would like {WISH_TITLES.get(lead.wish, lead.wish)}. A reply is promised by {moment(lead.promised)}."


def _details(lead: Lead) -> list[tuple[str, str]]:
    rows = [
        ("School", lead.school), ("Name", lead.name), ("Role", lead.role), ("Phone", lead.phone), ("E-mail", lead.email),
        ("Wish", WISH_TITLES.get(lead.wish, lead.wish)), ("Term", term_title(lead.term)), ("Status", STATUS_TITLES.get(lead.status, lead.status)),
        ("Next action", lead.next_action), ("Came by", channel_title(lead.channel)), ("Received", moment(lead.received)),
    ]  # fmt: skip
    return [(title, one_line(value, LONGEST_FIELD)) for title, value in rows if value]


def _quotes(lead: Lead) -> list[tuple[str, str]]:
    unanswered = "\n".join(f"- {one_line(text, LONGEST_FIELD)}" for text in lead.unanswered or [])
    rows = (("Their message", lead.message), ("What they asked first", lead.first_question), ("What we could not answer", unanswered))
    return [(title, cut(_plain(text), 4 * LONGEST_QUOTE)) for title, text in rows if text.strip()]


def _plain(text: str) -> str:
    """Return a text of several lines without control characters."""
    return "\n".join(line for line in (one_line(line, 10_000) for line in text.splitlines()) if line)


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines())


def _open_button(title: str, address: str) -> list[list[Button]]:
    """Return a row with a button that opens an address; none for a host without a dot, such as localhost, which Telegram refuses."""
    return [[(title, address)]] if "." in (urlsplit(address).hostname or "") else []


def _week(digest: Digest) -> str:
    return f"{day(digest.since)} to {day(digest.until)}"


def _numbers(digest: Digest) -> list[str]:
    share = f" ({round(100 * digest.answered / digest.questions)}%)" if digest.questions else ""
    lines = [
        f"Last week: {_counted(digest.new_leads, 'new lead')}, {_counted(digest.enquiries, 'enquiry', 'enquiries')}",
        f"Questions answered: {digest.answered} of {digest.questions}{share}",
        f"Now: {_counted(digest.open_leads, 'open lead')}, {digest.overdue_leads} overdue",
    ]
    return lines + ([f"{_counted(digest.given_up, 'notification')} could not be sent"] if digest.given_up else [])


def _line(lead: DigestLead) -> str:
    due = f"by {day(lead.urgent_at.astimezone(LONDON).date())}" if lead.urgent_at.year < 9999 else "nothing planned"
    action = f", {one_line(lead.next_action, 80)}" if lead.next_action else ""
    return f"{lead.reference} {one_line(lead.school, 80)}: {STATUS_TITLES.get(lead.status, lead.status)}, {due}{action}"


def _gap(text: str, number: int) -> str:
    return f"{one_line(text, 160)} ({number}×)"


def _counted(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"

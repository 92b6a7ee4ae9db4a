"""What is exported: rows of leads, enquiries and gaps, read as columns and one by one, never as a hundred thousand objects."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, case, func, select
from sqlalchemy.orm import Session

from office.base.database import Moment
from office.base.staff import Staff
from office.base.titles import STATUS_TITLES, WISH_TITLES
from office.base.workdays import london_day
from office.enquiries.log import Enquiry, Question
from office.exports.tables import Cell
from office.gaps.model import STATE_TITLES, Gap
from office.leads.lists import LeadFilter, conditions_of
from office.leads.model import Lead
from office.leads.places import term_title
from office.leads.urgency import DATED, ENDED, UNPLANNED, end_of
from office.reports.overview import ReportSpan

AT_ONCE = 500  # rows fetched from the database at a time
LEADS = (
    ("Reference", Lead.reference), ("Status", Lead.status), ("School", Lead.school), ("Name", Lead.name), ("Role", Lead.role),
    ("E-mail", Lead.email), ("Phone", Lead.phone), ("Wish", Lead.wish), ("Term", Lead.term), ("Message", Lead.message),
    ("First question", Lead.first_question), ("Not answered", Lead.unanswered), ("Channel", Lead.channel), ("Received", Lead.received),
    ("Reply promised by", Lead.promised), ("First contact", Lead.contacted), ("Next action", Lead.next_action), ("Due", Lead.due),
    ("Owner", Staff.name), ("Visit", Lead.visit), ("Come back to it", Lead.revisit), ("Reason", Lead.reason), ("Asked again", Lead.asked_again),
    ("Unread", Lead.unread), ("Last change", Lead.changed), ("Sample", Lead.sample),
)  # fmt: skip
ENQUIRIES = (
    ("Received", Enquiry.received), ("Channel", Enquiry.channel), ("Question", Question.text), ("Trust", Question.trust),
    ("Topics", Question.topics), ("Outcome", Question.outcome), ("Facts", Question.facts), ("Confidence", Question.confidence),
)  # fmt: skip
GAPS = (
    ("Question", Gap.text), ("Trust", Gap.trust), ("State", Gap.state), ("Asked", Gap.asked), ("Last asked", Gap.latest),
    ("Reason", Gap.reason), ("Closed by", Staff.name), ("Closed", Gap.closed),
)  # fmt: skip
SAID: dict[str, Callable[[str], str]] = {
    "Status": STATUS_TITLES.__getitem__, "Wish": WISH_TITLES.__getitem__, "State": STATE_TITLES.__getitem__, "Term": term_title,
}  # fmt: skip


def heads(table: tuple[tuple[str, Any], ...]) -> list[str]:
    """Return the heads of a table's columns."""
    return [head for head, _ in table]


def widths(table: tuple[tuple[str, Any], ...]) -> list[int]:
    """Return how wide a table's columns are, in characters, by the kind of their content."""
    return [max(len(head) + 2, _width(column.type)) for head, column in table]


def _width(kind: Any) -> int:
    if isinstance(kind, Moment):
        return 18
    longest = getattr(kind, "length", 0)  # of a text; none of a number or a day
    if longest is None:
        return 60
    return 40 if isinstance(kind, JSON) or longest > 254 else 30 if longest >= 100 else 20 if longest else 12


def lead_rows(session: Session, wanted: LeadFilter, *, now: datetime) -> Iterator[list[Cell]]:
    """Return what a filter shows, in the order of the list: overdue and due today, none planned, the rest, ended."""
    urgent = Lead.urgent_at <= end_of(london_day(now))
    group = case((urgent, 0), (Lead.standing == UNPLANNED, 1), (Lead.standing == DATED, 2), else_=3)
    latest_ended = case((Lead.standing == ENDED, Lead.changed))
    query = select(*(column for _, column in LEADS)).outerjoin(Staff, Staff.id == Lead.owner)
    query = query.where(*conditions_of(session, wanted, now=now)).order_by(group, Lead.urgent_at, latest_ended.desc(), Lead.id)
    return _rows(session, LEADS, query)


def count_lead_rows(session: Session, wanted: LeadFilter, *, now: datetime) -> int:
    """Return how many rows `lead_rows` gives."""
    return int(session.execute(select(func.count()).select_from(Lead).where(*conditions_of(session, wanted, now=now))).scalar_one())


def enquiry_rows(session: Session, span: ReportSpan) -> Iterator[list[Cell]]:
    """Return the questions of the enquiries that came in a span, the earliest first; withheld words stay withheld."""
    query = select(*(column for _, column in ENQUIRIES)).join(Question, Question.enquiry == Enquiry.id)
    came = (Enquiry.received >= span.begins, Enquiry.received < span.ends)
    return _rows(session, ENQUIRIES, query.where(*came).order_by(Enquiry.received, Enquiry.id, Question.position))


def gap_rows(session: Session, state: str) -> Iterator[list[Cell]]:
    """Return the gaps of a state, or all for "", in the order of their list."""
    query = select(*(column for _, column in GAPS)).outerjoin(Staff, Staff.id == Gap.closed_by)
    query = query.where(Gap.state == state) if state else query
    return _rows(session, GAPS, query.order_by(Gap.heat.desc(), Gap.id))


def _rows(session: Session, table: tuple[tuple[str, Any], ...], query: Any) -> Iterator[list[Cell]]:
    said = [SAID.get(head) for head in heads(table)]
    for row in session.execute(query.execution_options(yield_per=AT_ONCE)):
        yield [say(cell) if say and cell else cell for say, cell in zip(said, row)]

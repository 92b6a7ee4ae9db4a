"""Lists of leads: filters that live in an address, a search, the views of the day, and the order of urgency."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta, timezone
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import and_, case, false, func, literal, or_, select, text, tuple_
from sqlalchemy.orm import Session

from office.base.database import Moment, is_postgresql
from office.base.dates import read_day
from office.base.errors import BadInput
from office.base.workdays import london_day
from office.leads.model import STATUSES, WISHES, Lead, search_words
from office.leads.urgency import DATED, ENDED, MERGED, NEVER, OPEN, UNPLANNED, end_of

VIEWS = {
    "open": "Open", "today": "Needs a reply today", "overdue": "Overdue", "unplanned": "No next action",
    "waiting": "Waiting on the school", "unread": "Unread", "suspect": "Perhaps false", "ended": "Ended", "all": "All",
}  # fmt: skip
WAITING = ("contacted", "conversation", "visit", "associate", "deciding", "due_diligence")  # it is the school's turn
GROUPS = {"overdue": "Overdue", "today": "Due today", "unplanned": "No next action", "later": "Planned for later", "ended": "Ended"}
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
COUNTED_TO = 1000  # "more than 1,000": nobody reads further, and counting on would take longer than the page
SHOWN = 50
LONGEST_QUERY = 200
MOST_WORDS = 8
NOBODY = "none"
_NUMBER = re.compile(r"(?<!\w)[+(]?[0+(](?:[\s().\-/]{0,3}\d){6,15}(?!\w)")


@dataclass(frozen=True)
class LeadFilter:
    """What a list of leads shows. Days are London's; `owner` is a staff id, or "none" for leads that nobody took."""

    view: str = "open"
    q: str = ""
    status: str = ""
    wish: str = ""
    channel: str = ""
    term: str = ""
    owner: str = ""
    sample: str = ""  # "yes", "no" or both
    since: date | None = None
    until: date | None = None

    @classmethod
    def read(cls, query: Mapping[str, str]) -> LeadFilter:
        """Return the filter of an address. Raises BadInput for a value that no filter has: nothing is shown rather than too much."""
        values = {field.name: str(query.get(field.name, "")).strip() for field in fields(cls)}
        allowed = {"view": (*VIEWS, ""), "status": (*STATUSES, ""), "wish": (*WISHES, ""), "sample": ("yes", "no", "")}
        for name, choices in allowed.items():
            if values[name] not in choices:
                raise BadInput(name, f"There is no such {name} to filter by.")
        if values["owner"] not in ("", NOBODY) and not (
            values["owner"].isascii() and values["owner"].isdigit() and len(values["owner"]) < 10
        ):
            raise BadInput("owner", "There is no such owner to filter by.")
        if len(values["q"]) > LONGEST_QUERY:
            raise BadInput("q", f"A search may have {LONGEST_QUERY} characters.")
        since, until = (read_day(values.pop(name), name) for name in ("since", "until"))
        if since and until and since > until:
            raise BadInput("until", "Received until: choose the same day as “Received from”, or a later one.")
        values["view"] = values["view"] or "open"
        values["channel"], values["term"] = values["channel"][:30], values["term"][:20]
        return cls(**values, since=since, until=until)  # type: ignore[arg-type]

    def query(self, **changed: Any) -> str:
        """Return the filter as an address says it, without what is not filtered."""
        it = replace(self, **changed)
        values = {field.name: getattr(it, field.name) for field in fields(it)}
        return urlencode({name: value for name, value in values.items() if value and (name, value) != ("view", "open")})

    @property
    def narrows(self) -> bool:
        """Return whether anything but the view is filtered."""
        return self != LeadFilter(view=self.view)


@dataclass(frozen=True)
class LeadPage:
    """Some leads in order of urgency, each with its group, and where the next page begins ("" after the last).

    `found` is how many a search found in all, which comes with it: COUNTED_TO + 1 means "more", None for a list without search.
    """

    rows: list[tuple[str, Lead]]
    following: str
    found: int | None = None


def list_leads(session: Session, wanted: LeadFilter, *, now: datetime, after: str = "", limit: int = SHOWN) -> LeadPage:
    """Return what a filter shows: overdue, due today, none planned, the rest, and last what has ended."""
    conditions, total = _conditions(session, wanted, now), None
    if wanted.q:
        conditions, total = _few_found(session, conditions)
    begun, mark = _read_mark(after)
    rows: list[tuple[str, Lead]] = []
    for group, (belongs, order, descending) in _groups(now).items():
        if list(GROUPS).index(group) < begun or len(rows) > limit or not _may_hold(group, wanted.view):
            continue
        query = select(Lead).where(belongs, *conditions)
        if mark is not None and list(GROUPS).index(group) == begun:
            position = tuple_(order, Lead.id)
            query = query.where(position < mark if descending else position > mark)
        by = (order.desc(), Lead.id.desc()) if descending else (order, Lead.id)
        found = session.execute(query.order_by(*by).limit(limit + 1 - len(rows))).scalars()
        rows += [(group, lead) for lead in found]
    following = _mark(*rows[limit - 1]) if len(rows) > limit else ""
    return LeadPage(rows[:limit], following, total)


def all_leads(session: Session, wanted: LeadFilter, *, now: datetime, limit: int) -> list[Lead]:
    """Return all that a filter shows, in the same order, but not more than `limit`."""
    return [lead for _, lead in list_leads(session, wanted, now=now, limit=limit).rows]


def count_leads(session: Session, wanted: LeadFilter, *, now: datetime) -> int:
    """Count what a filter shows; COUNTED_TO + 1 means "more"."""
    return int(session.execute(select(_capped(_conditions(session, wanted, now)))).scalar_one())


def conditions_of(session: Session, wanted: LeadFilter, *, now: datetime) -> list[Any]:
    """Return a filter as conditions on leads, for who reads columns instead of leads: the exports."""
    return _conditions(session, wanted, now)


def count_views(session: Session, *, now: datetime) -> dict[str, int]:
    """Count what each view shows without filters; COUNTED_TO + 1 means "more"."""
    counts = [_capped(_conditions(session, LeadFilter(view=view), now)).label(view) for view in VIEWS]
    return dict(session.execute(select(*counts)).one()._mapping)


def urgent_leads(session: Session, *, today: date, limit: int) -> list[Lead]:
    """Return the leads that are overdue or due by the end of that day, the most urgent first."""
    query = select(Lead).where(Lead.urgent_at <= end_of(today))
    return list(session.execute(query.order_by(Lead.urgent_at, Lead.id).limit(limit)).scalars())


def known_channels(session: Session) -> list[str]:
    """Return the channels that leads came by. Hops along an index, so that no number of leads makes it slow."""
    found: list[str] = []
    while len(found) < 20:
        later = select(func.min(Lead.channel)).where(Lead.channel > (found[-1] if found else ""))
        channel = session.execute(later).scalar()
        if channel is None:
            break
        found.append(channel)
    return found


def possible_duplicates(session: Session, leads: list[Lead]) -> dict[int, str]:
    """Return for each lead whether another one has the same address or number ("person") or only the same school ("school")."""
    other = Lead.__table__.alias("other")
    here = Lead.__table__

    def has_other(column: str) -> Any:
        same = and_(other.c[column] == here.c[column], other.c.id != here.c.id, other.c.standing != MERGED)
        return select(literal(1)).select_from(other).where(same).correlate(here).exists()

    person = or_(has_other("email_key"), has_other("phone_key"))
    kind = case((person, "person"), (has_other("school_key"), "school"), else_="")
    found = session.execute(select(here.c.id, kind).where(here.c.id.in_([lead.id for lead in leads])))
    return {lead: kind for lead, kind in found if kind}


def group_of(lead: Lead, *, now: datetime) -> str:
    """Return a lead's group of urgency."""
    if lead.standing not in OPEN:
        return "ended"
    if lead.urgent_at <= now:
        return "overdue"
    if lead.urgent_at <= end_of(london_day(now)):
        return "today"
    return "unplanned" if lead.standing == UNPLANNED else "later"


def _groups(now: datetime) -> dict[str, tuple[Any, Any, bool]]:
    """Return for each group its condition, what it is ordered by, and whether the latest comes first."""
    today_ends = end_of(london_day(now))
    return {  # of what has ended, `urgent_at` is never
        "overdue": (Lead.urgent_at <= now, Lead.urgent_at, False),
        "today": (and_(Lead.urgent_at > now, Lead.urgent_at <= today_ends), Lead.urgent_at, False),
        "unplanned": (and_(Lead.standing == UNPLANNED, Lead.urgent_at > today_ends), Lead.urgent_at, False),
        "later": (and_(Lead.standing == DATED, Lead.urgent_at > today_ends), Lead.urgent_at, False),
        "ended": (Lead.standing == ENDED, Lead.changed, True),
    }


def _may_hold(group: str, view: str) -> bool:
    """Skip queries whose result is known to be empty."""
    groups = {"today": ("overdue", "today"), "overdue": ("overdue",), "waiting": ("later",), "ended": ("ended",)}
    groups["unplanned"] = ("overdue", "today", "unplanned")
    groups["open"] = ("overdue", "today", "unplanned", "later")
    return group in groups.get(view, GROUPS)


def _conditions(session: Session, wanted: LeadFilter, now: datetime) -> list[Any]:
    conditions = [_of_view(wanted.view, now)]
    for column in ("status", "wish", "channel", "term"):
        if getattr(wanted, column):
            conditions.append(getattr(Lead, column) == getattr(wanted, column))
    if wanted.owner:
        conditions.append(Lead.owner.is_(None) if wanted.owner == NOBODY else Lead.owner == int(wanted.owner))
    if wanted.sample:
        conditions.append(Lead.sample.is_(wanted.sample == "yes"))
    if wanted.since:
        conditions.append(Lead.received >= end_of(wanted.since - timedelta(days=1)))
    if wanted.until:
        conditions.append(Lead.received < end_of(wanted.until))
    if wanted.q:
        conditions.append(_found(session, wanted.q))
    return conditions


def _of_view(view: str, now: datetime) -> Any:
    today_ends = end_of(london_day(now))
    conditions: dict[str, Callable[[], Any]] = {
        "open": lambda: Lead.standing.in_(OPEN),
        "today": lambda: Lead.urgent_at <= today_ends,
        "overdue": lambda: Lead.urgent_at <= now,
        "unplanned": lambda: Lead.standing == UNPLANNED,
        "waiting": lambda: and_(Lead.standing == DATED, Lead.urgent_at > today_ends, Lead.status.in_(WAITING)),
        "unread": lambda: and_(Lead.standing != MERGED, Lead.unread),
        "suspect": lambda: and_(Lead.suspect, Lead.standing.in_(OPEN), Lead.status == "new"),  # who was got in touch with is real
        "ended": lambda: Lead.standing == ENDED,
        "all": lambda: Lead.standing != MERGED,
    }
    return conditions[view]()


def _found(session: Session, q: str) -> Any:
    """Every word begins one of the lead's words. They are letters and digits only, so nothing in them is a sign of the search's own."""
    words = list(dict.fromkeys(search_words(_NUMBER.sub(_in_one, q))))[:MOST_WORDS]
    if not words:
        return false()
    if is_postgresql(session):
        prefixes = " & ".join(f"'{word}':*" for word in words)
        return text("lead.words @@ to_tsquery('simple', :prefixes)").bindparams(prefixes=prefixes)  # the migration made that column
    return and_(*(func.instr(" " + Lead.search, f" {word}") > 0 for word in words))


def _in_one(number: re.Match[str]) -> str:
    """Return a phone number of a search as `search_text` keeps it, however it is grouped: national, its digits in one."""
    return " " + re.sub(r"^(?:00)?440?(?=[1-9])", "0", re.sub(r"\D", "", number.group())) + " "


def _few_found(session: Session, conditions: list[Any]) -> tuple[list[Any], int]:
    """Return the leads that a search found in place of its conditions, where they are few, and how many they are.

    PostgreSQL would otherwise read all leads in order of urgency until it has a page of the rare word: two seconds where there is none.
    """
    found = session.execute(select(Lead.id).where(*conditions).limit(COUNTED_TO + 1)).scalars().all()
    return [Lead.id.in_(found)] if len(found) <= COUNTED_TO else conditions, len(found)


def _capped(conditions: list[Any]) -> Any:
    some = select(literal(1)).select_from(Lead).where(*conditions).limit(COUNTED_TO + 1).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def _mark(group: str, lead: Lead) -> str:
    """Return where a page ended, as an address has it: group, moment in microseconds, number."""
    at = lead.changed if group == "ended" else lead.urgent_at
    return f"{list(GROUPS).index(group)}.{(at - EPOCH) // timedelta(microseconds=1)}.{lead.id}"


def _read_mark(after: str) -> tuple[int, Any]:
    """Return the group a page begins in, and behind what; the first group for an address that means nothing."""
    parts = re.fullmatch(r"([0-4])\.(\d{1,18})\.(\d{1,9})", after)
    if parts is None:
        return 0, None
    at = EPOCH + timedelta(microseconds=min(int(parts[2]), (NEVER - EPOCH) // timedelta(microseconds=1)))
    return int(parts[1]), tuple_(literal(at, Moment()), literal(int(parts[3])))

"""The overview: what came in, what was answered, what became of the leads; each chart with its table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from urllib.parse import urlencode

from starlette.responses import Response
from starlette.routing import Route

from bot.inbox.charts import as_response, dots, lying_bars, stacked_bars
from bot.inbox.web import StaffRequest, page
from office.base.dates import WEEKDAYS, read_day
from office.base.errors import BadInput, NotFound
from office.base.titles import OUTCOME_TITLES, STATUS_TITLES, channel_title, outcome_title
from office.enquiries.counts import count_new
from office.facts.files import Topic, read_topics
from office.leads.model import STATUSES
from office.reports.overview import (
    JUDGED,
    PRESETS,
    USUAL_PRESET,
    ReportSpan,
    all_outcomes,
    enquiries_of,
    first_contact_of,
    leads_of,
    top_gaps,
    topics_of,
)
from settings import ROOT

MOST_DAYS = 3660
HOURS = range(24)


@dataclass(frozen=True)
class DateRange:
    """The span a request asks for, and how its address says so."""

    span: ReportSpan
    preset: str  # "" for a range of one's own
    query: str


def show_overview(request: StaffRequest) -> Response:
    """Everything of a span on one page."""
    try:
        asked, problems = read_span(request.http.query_params, request.today), {}
    except BadInput as error:
        asked, problems = read_span({}, request.today), {error.field: error.reason}
    count_new(request.session, now=request.now)
    span = asked.span
    enquiries, leads = enquiries_of(request.session, span), leads_of(request.session, span, now=request.now)
    outcomes = all_outcomes(enquiries.outcomes)
    wrong = {"from": request.http.query_params.get("from", "")[:40], "to": request.http.query_params.get("to", "")[:40]}
    return request.render(
        "overview/show.html",
        400 if problems else 200,
        problems=problems,
        form=wrong if problems else {"from": span.since.isoformat(), "to": span.until.isoformat()},
        asked=asked, presets=PRESETS, enquiries=enquiries, leads=leads, first=first_contact_of(request.session, span, leads),
        outcomes=outcomes, titles=OUTCOME_TITLES, judged=JUDGED,
        statuses=[(STATUS_TITLES[status], leads.statuses[status]) for status in STATUSES if leads.statuses[status]],
        sources=[(channel_title(channel), n) for channel, n in leads.channels.most_common()],
        topics=[(topic_title(topic), counts) for topic, counts in topics_of(request.session, span)],
        gaps=top_gaps(request.session, span), weekdays=WEEKDAYS, hours=_hours_shown(enquiries.hours),
    )  # fmt: skip


def show_chart(request: StaffRequest) -> Response:
    """One chart of the same span. Raises NotFound for an unknown one."""
    make = CHARTS.get(request.http.path_params["chart"])
    if make is None:
        raise NotFound("no such chart")
    return as_response(make(request, read_span(request.http.query_params, request.today).span))


def read_span(query: Mapping[str, str], today: date) -> DateRange:
    """Return the days of an address: `from` and `to`, or `days` up to today. Raises BadInput for days that cannot be."""
    texts = {name: query.get(name, "").strip()[:40] for name in ("from", "to")}
    if not any(texts.values()):
        preset = query.get("days", USUAL_PRESET)
        if preset not in PRESETS:
            raise BadInput("from", "Choose one of the ranges, or say from which day to which.")
        return DateRange(ReportSpan.of_days(int(preset), today), preset, urlencode({"days": preset}))
    since, until = (read_day(texts[name], name) for name in ("from", "to"))
    until = until or today
    since = since or ReportSpan.of_days(int(USUAL_PRESET), until).since
    if since > until:
        raise BadInput("to", "The last day must not be before the first.")
    if (until - since).days >= MOST_DAYS:
        raise BadInput("from", "That is more than ten years: choose a shorter range.")
    return DateRange(ReportSpan(since, until), "", urlencode({"from": since.isoformat(), "to": until.isoformat()}))


def topic_title(topic: str) -> str:
    """Return a topic as people read it."""
    return _topics()[topic].title if topic in _topics() else topic or "No topic recognised"


def _weeks(request: StaffRequest, span: ReportSpan) -> bytes:
    weeks = enquiries_of(request.session, span).weeks
    series = [(OUTCOME_TITLES[outcome], [week.outcomes[outcome] for week in weeks]) for outcome in JUDGED]
    other = [week.total - sum(week.outcomes[outcome] for outcome in JUDGED) for week in weeks]
    return stacked_bars([f"{week.begins:%-d %b %y}" for week in weeks], [*series, ("Other", other)])


def _outcomes(request: StaffRequest, span: ReportSpan) -> bytes:
    outcomes = enquiries_of(request.session, span).outcomes
    return lying_bars([(outcome_title(outcome), outcomes[outcome]) for outcome in all_outcomes(outcomes)])


def _topic_bars(request: StaffRequest, span: ReportSpan) -> bytes:
    return lying_bars([(topic_title(topic), sum(counts.values())) for topic, counts in topics_of(request.session, span)])


def _statuses(request: StaffRequest, span: ReportSpan) -> bytes:
    statuses = leads_of(request.session, span, now=request.now).statuses
    return lying_bars([(STATUS_TITLES[status], statuses[status]) for status in STATUSES if statuses[status]])


def _sources(request: StaffRequest, span: ReportSpan) -> bytes:
    return lying_bars(
        [(channel_title(channel), n) for channel, n in leads_of(request.session, span, now=request.now).channels.most_common()]
    )


def _hours(request: StaffRequest, span: ReportSpan) -> bytes:
    hours = enquiries_of(request.session, span).hours
    return dots([f"{hour:02}:00" for hour in HOURS], [(name, [hours[day, hour] for hour in HOURS]) for day, name in enumerate(WEEKDAYS)])


def _hours_shown(hours: Mapping[tuple[int, int], int]) -> range:
    """The hours a table needs: from the first to the last in which anything came."""
    used = [hour for (_, hour), n in hours.items() if n]
    return range(min(used), max(used) + 1) if used else range(0)


@lru_cache(maxsize=1)
def _topics() -> dict[str, Topic]:
    return read_topics(ROOT / "data" / "facts" / "topics.yml")


CHARTS: dict[str, Callable[[StaffRequest, ReportSpan], bytes]] = {
    "weeks": _weeks, "outcomes": _outcomes, "topics": _topic_bars, "statuses": _statuses, "sources": _sources, "hours": _hours,
}  # fmt: skip
ROUTES = [Route("/overview", page(show_overview, needs="read leads")), Route("/overview/{chart}.svg", page(show_chart, needs="read leads"))]

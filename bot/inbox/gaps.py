"""Gaps: what nobody could answer, the conversations it came up in, and the form that makes a fact of an answer."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response
from starlette.routing import Route

from bot.inbox.factform import choices, mark, shown, trust_titles, words_from
from bot.inbox.preview.asking import encode, encoder, topics
from bot.inbox.preview.trial import MOST_QUESTIONS, Trial, try_out
from bot.inbox.web import StaffRequest, page
from office.base.errors import BadInput, NotFound
from office.base.staff import Staff
from office.facts.model import Fact
from office.facts.typed import checked
from office.gaps.answering import answer_gap, must_be_open, proposed_wordings, reopen, set_aside, undo_answer
from office.gaps.model import (
    STATE_TITLES,
    STATES,
    WHY_TITLES,
    Gap,
    count_gaps,
    get_gap,
    note_gap_view,
    questions_of,
    ranked_gaps,
    topics_of,
)

ON_A_PAGE = 25


def list_gaps(request: StaffRequest) -> Response:
    """The gaps of a state and a trust, those asked often and lately first."""
    asked = request.http.query_params
    state = asked.get("state", "open")
    state = state if state in STATES else "open"
    trusts = trust_titles(request)
    trust = asked.get("trust", "")
    trust = trust if trust in dict(trusts) else ""
    number = page_number(asked.get("page", "1"))
    found = ranked_gaps(
        request.session, limit=ON_A_PAGE + 1, offset=(number - 1) * ON_A_PAGE, now=request.now, state=state, trust=trust or None
    )

    def address(at: int) -> str:
        return "/gaps?" + urlencode({"state": state, "trust": trust, "page": at})

    return request.render(
        "gaps/list.html",
        gaps=found[:ON_A_PAGE], counted=count_gaps(request.session, trust=trust or None), states=list(STATE_TITLES.items()), trusts=trusts,
        form={"state": state, "trust": trust}, trust_titles=dict(trusts), number=number,
        earlier=address(number - 1) if number > 1 else "", later=address(number + 1) if len(found) > ON_A_PAGE else "",
    )  # fmt: skip


def page_number(text: str) -> int:
    """Return the number of a page as the address has it; 1 for anything that is no number."""
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) <= 6 else 1


def show(request: StaffRequest) -> Response:
    """One gap with its questions, and the form to answer it."""
    gap = get_gap(request.session, request.number("gap"))
    note_gap_view(request.session, gap, by=request.staff, now=request.now)
    return _page(request, gap, _proposed(request, gap))


def _proposed(request: StaffRequest, gap: Gap) -> dict[str, Any]:
    """Return the form with what can be proposed from the gap's questions."""
    known = [topic for topic in topics_of(request.session, gap) if topic in topics()]
    review = request.today.replace(day=min(request.today.day, 28), year=request.today.year + 1)
    return {
        "topic": known[0] if known else "", "trust": gap.trust or request.settings.home_trust, "review": review.isoformat(),
        "wordings": "\n".join(proposed_wordings(request.session, gap)), "audience": "public", "owner": request.staff.id, "values": [],
    }  # fmt: skip


def _page(request: StaffRequest, gap: Gap, form: dict[str, Any], status: int = 200, **more: Any) -> Response:
    number = page_number(request.http.query_params.get("page", "1"))
    asked = questions_of(request.session, gap, limit=ON_A_PAGE + 1, offset=(number - 1) * ON_A_PAGE)
    fact = request.session.get(Fact, gap.fact) if gap.fact else None
    closer = request.session.get(Staff, gap.closed_by) if gap.closed_by else None
    given = {"trial": None, "mark": "", "problems": {}, **more}
    return request.render(
        "gaps/show.html", status, gap=gap, asked=asked[:ON_A_PAGE], fact=fact, closer=closer.name if closer else "", why_titles=WHY_TITLES,
        states=STATE_TITLES, form=form, number=number, is_more=len(asked) > ON_A_PAGE,
        **choices(request, form), **given,
    )  # fmt: skip


def answer(request: StaffRequest) -> Response:
    """Show what an answer would change, or publish it once that was shown."""
    gap = get_gap(request.session, request.number("gap"))
    must_be_open(request.session, gap)
    form = shown(request)
    trust = request.text("trust")
    try:
        words = checked(words_from(request), topics())
        if trust not in dict(trust_titles(request)):
            raise BadInput("trust", "Please choose one of the trusts.")
        if not words.wordings:
            raise BadInput("wordings", "Please leave at least one way in which people ask it.")
    except BadInput as error:
        return _page(request, gap, form, 422, problems={error.field: error.reason})
    if request.text("do") != "publish" or request.text("mark") != mark(words, trust):
        return _page(request, gap, form, trial=_try_out(request, gap, words, trust), mark=mark(words, trust))
    answer_gap(
        request.session, gap, words, topics(), trust=trust, by=request.staff, encode=encode, encoder=encoder(), now=request.now
    )  # fmt: skip
    return request.go("/gaps", "Published: the assistant gives this answer from now on.", undo=f"/gaps/{gap.id}/undo")


def _try_out(request: StaffRequest, gap: Gap, words: Any, trust: str) -> Trial:
    texts = [*proposed_wordings(request.session, gap, most=MOST_QUESTIONS // 2), *words.wordings]
    return try_out(
        words, trust, texts, database=request.inbox.database, session=request.session, settings=request.settings, now=request.now,
        says_who=request.staff.name,
    )  # fmt: skip


def not_ours(request: StaffRequest) -> Response:
    """Set a gap aside, with the reason."""
    gap = get_gap(request.session, request.number("gap"))
    try:
        set_aside(request.session, gap, request.text("reason"), by=request.staff, now=request.now)
    except BadInput as error:
        return _page(request, gap, {**_proposed(request, gap), "reason": request.text("reason")}, 422, problems={error.field: error.reason})
    return request.go("/gaps", "Set aside as not ours.", undo=f"/gaps/{gap.id}/undo")


def undo(request: StaffRequest) -> Response:
    """Open a gap again; where it was answered, retire the fact that answered it."""
    gap = get_gap(request.session, request.number("gap"))
    if gap.state == "open":
        raise NotFound("it is open")
    was = gap.state
    put_back = undo_answer if was == "answered" else reopen
    put_back(request.session, gap, by=request.staff, now=request.now)
    return request.go(f"/gaps/{gap.id}", "The gap is open again." + (" Its answer is retired." if was == "answered" else ""))


ROUTES = [
    Route("/gaps", page(list_gaps, needs="read facts")),
    Route("/gaps/{gap}", page(show, needs="read facts")),
    Route("/gaps/{gap}/answer", page(answer, needs="work facts"), methods=["POST"]),
    Route("/gaps/{gap}/not-ours", page(not_ours, needs="work facts"), methods=["POST"]),
    Route("/gaps/{gap}/undo", page(undo, needs="work facts"), methods=["POST"]),
]

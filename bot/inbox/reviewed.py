"""Conversations read turn by turn, and the questions in them that are to go well for ever."""

from __future__ import annotations

from urllib.parse import quote

from sqlalchemy import select
from starlette.responses import Response
from starlette.routing import Route

from bot.inbox.gaps import page_number
from bot.inbox.preview.asking import present_index, preview, read, topics
from bot.inbox.web import StaffRequest, page
from office.base.errors import BadInput, Conflict, NotFound
from office.base.titles import OUTCOME_TITLES
from office.enquiries.log import Enquiry, Question
from office.facts.model import Fact
from office.gaps.reviewing import drop_regression, make_regression, question_of, regressions, transcript, turns_before

ON_A_PAGE = 50
LONGEST_CONVERSATION = 200


def show_conversation(request: StaffRequest) -> Response:
    """One conversation, with what was made of each question."""
    conversation = str(request.http.path_params["conversation"])
    if len(conversation) > LONGEST_CONVERSATION or "\0" in conversation:
        raise NotFound("there is no such conversation")
    turns = transcript(request.session, conversation, by=request.staff, now=request.now)
    named = {fact for turn in turns for asked in turn.asked for fact in asked.question.facts}
    says = dict(request.session.execute(select(Fact.id, Fact.says).where(Fact.id.in_(named))).all())
    titles = {topic.id: topic.title for topic in topics().values()}
    return request.render(
        "reviewed/conversation.html", conversation=conversation, turns=turns, says=says, topic_titles=titles,
        outcome_titles=OUTCOME_TITLES,
    )  # fmt: skip


def list_reviewed(request: StaffRequest) -> Response:
    """The regression questions."""
    number = page_number(request.http.query_params.get("page", "1"))
    found = regressions(request.session, limit=ON_A_PAGE + 1, offset=(number - 1) * ON_A_PAGE)
    return request.render(
        "reviewed/list.html", kept=found[:ON_A_PAGE], is_more=len(found) > ON_A_PAGE, number=number, outcome_titles=OUTCOME_TITLES,
    )  # fmt: skip


def add(request: StaffRequest) -> Response:
    """Make a turn of a conversation a regression question, with the turns before it where it cannot be understood without them."""
    text = request.text("question")
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else 0
    question, enquiry = question_of(request.session, number)
    back = f"/conversations/{quote(enquiry.conversation, safe='')}"
    try:
        kept = make_regression(request.session, number, leans=_leans(request, question, enquiry), by=request.staff, now=request.now)
    except (BadInput, Conflict) as error:
        return request.go(back, str(error))
    turns = len(kept.before.splitlines())
    along = f", with the {'turn' if turns == 1 else f'{turns} turns'} before it" if turns else ""
    return request.go(back, f"Kept as a test question{along}: “{kept.text[:200]}”", undo=f"/reviewed/{kept.id}/drop")


def _leans(request: StaffRequest, question: Question, enquiry: Enquiry) -> bool:
    """Return whether a question, asked at the beginning of a conversation, would get another answer than it got here."""
    if not turns_before(request.session, question) or not question.text.strip():
        return False
    index = present_index(request.inbox.database, request.session, request.today, staff=enquiry.channel == "telegram")
    (reading,) = read([" ".join(question.text.split())], request.settings, index, request.session)
    tried = preview(reading, index, request.settings.home_trust, request.session, request.settings, request.now)
    return tried.said != (question.outcome, tuple(question.facts))


def drop(request: StaffRequest) -> Response:
    """Forget a regression question."""
    drop_regression(request.session, request.number("kept"), by=request.staff, now=request.now)
    return request.go("/reviewed", "The question is no longer kept.")


ROUTES = [
    Route("/conversations/{conversation:path}", page(show_conversation, needs="read facts")),
    Route("/reviewed", page(list_reviewed, needs="read facts")),
    Route("/reviewed", page(add, needs="work facts"), methods=["POST"]),
    Route("/reviewed/{kept}/drop", page(drop, needs="work facts"), methods=["POST"]),
]

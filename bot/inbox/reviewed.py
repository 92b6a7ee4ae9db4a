"""Conversations read turn by turn, and the questions in them that are to go well for ever."""

from __future__ import annotations

from urllib.parse import quote

from sqlalchemy import select
from starlette.responses import Response
from starlette.routing import Route

from bot.asking import topics
from bot.inbox.gaps import page_number
from bot.inbox.web import Visit, page
from office.audit import audit
from office.enquiries import Enquiry, Question
from office.errors import BadInput, Conflict, NotFound
from office.facts import Fact
from office.reviewing import drop_regression, make_regression, regressions, transcript

ON_A_PAGE = 50
LONGEST_CONVERSATION = 200
OUTCOME_TITLES = {
    "answered": "answered", "clarify": "asked back", "not_known": "not known", "declined": "declined", "chitchat": "small talk",
    "form": "form", "handover": "handed over", "unavailable": "unavailable",
}  # fmt: skip


def show_conversation(visit: Visit) -> Response:
    """One conversation, with what was made of each question."""
    conversation = str(visit.request.path_params["conversation"])
    if len(conversation) > LONGEST_CONVERSATION or "\0" in conversation:
        raise NotFound("there is no such conversation")
    turns = transcript(visit.session, conversation)
    audit(visit.session, "view", f"conversation {conversation}"[:200], by=visit.staff.id, now=visit.now)
    named = {fact for turn in turns for asked in turn.asked for fact in asked.question.facts}
    says = dict(visit.session.execute(select(Fact.id, Fact.says).where(Fact.id.in_(named))).all())
    titles = {topic.id: topic.title for topic in topics().values()}
    return visit.render(
        "reviewed/conversation.html", conversation=conversation, turns=turns, says=says, topic_titles=titles,
        outcome_titles=OUTCOME_TITLES, can_work=visit.staff.role != "staff",
    )  # fmt: skip


def list_reviewed(visit: Visit) -> Response:
    """The regression questions."""
    number = page_number(visit.request.query_params.get("page", "1"))
    found = regressions(visit.session, limit=ON_A_PAGE + 1, offset=(number - 1) * ON_A_PAGE)
    return visit.render(
        "reviewed/list.html", kept=found[:ON_A_PAGE], is_more=len(found) > ON_A_PAGE, number=number, outcome_titles=OUTCOME_TITLES,
        can_work=visit.staff.role != "staff",
    )  # fmt: skip


def add(visit: Visit) -> Response:
    """Make a turn of a conversation a regression question."""
    text = visit.text("question")
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else 0
    where = select(Enquiry.conversation).join(Question, Question.enquiry == Enquiry.id).where(Question.id == number)
    conversation = visit.session.execute(where).scalar()
    if conversation is None:
        raise NotFound("there is no such question")
    back = f"/conversations/{quote(conversation, safe='')}"
    try:
        kept = make_regression(visit.session, number, by=visit.staff, now=visit.now)
    except (BadInput, Conflict) as error:
        return visit.go(back, str(error))
    audit(visit.session, "add", f"regression question {kept.id}", by=visit.staff.id, now=visit.now)
    return visit.go(back, f"Kept as a regression question: “{kept.text[:200]}”", undo=f"/reviewed/{kept.id}/drop")


def drop(visit: Visit) -> Response:
    """Forget a regression question."""
    kept = drop_regression(visit.session, visit.number("kept"))
    audit(visit.session, "erase", f"regression question {kept.id}", by=visit.staff.id, now=visit.now)
    return visit.go("/reviewed", "The question is no longer kept.")


ROUTES = [
    Route("/conversations/{conversation:path}", page(show_conversation)),
    Route("/reviewed", page(list_reviewed)),
    Route("/reviewed", page(add, role="pa"), methods=["POST"]),
    Route("/reviewed/{kept}/drop", page(drop, role="pa"), methods=["POST"]),
]

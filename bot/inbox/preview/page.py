"""The preview: what the assistant would answer to a question now, and why."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from bot.inbox.factform import trust_titles
from bot.inbox.preview.asking import Preview, present_index, preview, read, topics
from bot.inbox.web import StaffRequest, page
from office.base.limits import LONGEST_MESSAGE


def show(request: StaffRequest) -> Response:
    """The box to type a question into."""
    return _page(request, {"trust": request.settings.home_trust})


def try_question(request: StaffRequest) -> Response:
    """What would be said to the question, and why. Nothing is asked, logged or remembered."""
    question, trust = request.text("question"), request.text("trust")
    trust = trust if trust in dict(trust_titles(request)) else request.settings.home_trust
    form = {"question": question, "trust": trust, "staff": request.text("staff")}
    if not question or len(question) > LONGEST_MESSAGE:
        return _page(request, form, 422, problems={"question": f"Please type a question of up to {LONGEST_MESSAGE:,} characters."})
    index = present_index(request.inbox.database, request.session, request.today, staff=bool(request.text("staff")))
    (reading,) = read([" ".join(question.split())], request.settings, index, request.session)
    return _page(request, form, tried=preview(reading, index, trust, request.session, request.settings, request.now))


def _page(request: StaffRequest, form: dict[str, Any], status: int = 200, tried: Preview | None = None, **more: Any) -> Response:
    titles = {topic.id: topic.title for topic in topics().values()}
    return request.render(
        "preview/show.html", status, form=form, trusts=trust_titles(request), trust_titles=dict(trust_titles(request)), topic_titles=titles,
        preview=tried, **more,
    )  # fmt: skip


ROUTES = [Route("/preview", page(show, needs="read facts")), Route("/preview", page(try_question, needs="read facts"), methods=["POST"])]

"""The preview: what the assistant would answer to a question now, and why."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from bot.inbox.factform import trust_titles
from bot.inbox.preview.asking import Preview, present_index, preview, read, topics
from bot.inbox.web import Visit, page
from office.base.limits import LONGEST_MESSAGE


def show(visit: Visit) -> Response:
    """The box to type a question into."""
    return _page(visit, {"trust": visit.settings.home_trust})


def try_question(visit: Visit) -> Response:
    """What would be said to the question, and why. Nothing is asked, logged or remembered."""
    question, trust = visit.text("question"), visit.text("trust")
    trust = trust if trust in dict(trust_titles(visit)) else visit.settings.home_trust
    form = {"question": question, "trust": trust, "staff": visit.text("staff")}
    if not question or len(question) > LONGEST_MESSAGE:
        return _page(visit, form, 422, problems={"question": f"Please type a question of up to {LONGEST_MESSAGE:,} characters."})
    index = present_index(visit.desk.database, visit.session, visit.today, staff=bool(visit.text("staff")))
    (reading,) = read([" ".join(question.split())], visit.settings, index, visit.session)
    return _page(visit, form, tried=preview(reading, index, trust, visit.session, visit.settings, visit.now))


def _page(visit: Visit, form: dict[str, Any], status: int = 200, tried: Preview | None = None, **more: Any) -> Response:
    titles = {topic.id: topic.title for topic in topics().values()}
    return visit.render(
        "preview/show.html", status, form=form, trusts=trust_titles(visit), trust_titles=dict(trust_titles(visit)), topic_titles=titles,
        preview=tried, **more,
    )  # fmt: skip


ROUTES = [Route("/preview", page(show, needs="read facts")), Route("/preview", page(try_question, needs="read facts"), methods=["POST"])]

"""Notifications: what waits, what was sent, what failed and why; a test; and how I want to be notified myself."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from bot.inbox.web import StaffRequest, page
from office.base.errors import BadInput
from office.base.heartbeats import is_alive, last_beat
from office.outbox.queue import waiting_count
from office.reports.sent import choice_of, choose, failed, owe_test, retry, sent_lately, unreachable, waiting

KIND_TITLES = {
    "new_lead": "New lead", "asked_again": "Asked again", "added": "Added to a lead", "overdue_lead": "Overdue lead", "withdrawal": "Wants to be erased", "danger": "Somebody in danger", "digest": "Monday’s digest", "feedback": "Feedback", "test": "Test",
}  # fmt: skip
CHANNEL_TITLES = {"email": "E-mail", "telegram": "Telegram"}


def show(request: StaffRequest, status: int = 200, **more: object) -> Response:
    """The outbox, who cannot be reached, and my own choice."""
    session, now = request.session, request.now
    begins, _, ends = (request.staff.telegram_quiet or "").partition("-")
    return request.render(
        "notifications/show.html",
        status,
        waiting=waiting(session),
        in_all=waiting_count(session),
        failed=failed(session, now=now),
        sent=sent_lately(session, now=now),
        unreachable=unreachable(session),
        alive=is_alive(session, "worker", now=now),
        last=last_beat(session, "worker"),
        choice=choice_of(session, request.staff),
        quiet={"begins": begins, "ends": ends},
        staff=request.staff,
        kinds=KIND_TITLES,
        channels=CHANNEL_TITLES,
        **more,
    )


def send_test(request: StaffRequest) -> Response:
    """Send me a test by each channel I have."""
    owe_test(request.session, request.staff, now=request.now)
    ways = "e-mail and Telegram" if request.staff.telegram is not None else "e-mail"
    return request.go("/notifications", f"A test is on its way to you by {ways}. Its result is shown below.")


def try_again(request: StaffRequest) -> Response:
    """Try one again at once."""
    retry(request.session, request.number("notification"), by=request.staff, now=request.now)
    return request.go("/notifications", "It is tried again now.")


def keep_choice(request: StaffRequest) -> Response:
    """Save how I want to be notified."""
    ways = {channel: request.text(channel) == "yes" for channel in CHANNEL_TITLES}
    try:
        choose(request.session, request.staff, **ways, begins=request.text("begins"), ends=request.text("ends"), now=request.now)
    except BadInput as error:
        field = {"quiet": "begins"}.get(error.field, error.field)
        return show(request, 422, problems={field: error.reason}, form=request.form)
    return request.go("/notifications", "Your choice is saved.")


ROUTES = [
    Route("/notifications", page(show, needs="read leads")),
    Route("/notifications/test", page(send_test, needs="keep an account"), methods=["POST"]),
    Route("/notifications/mine", page(keep_choice, needs="keep an account"), methods=["POST"]),
    Route("/notifications/{notification}/retry", page(try_again, needs="work leads"), methods=["POST"]),
]

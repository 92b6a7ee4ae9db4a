"""Facts: browsed by trust and topic, edited with history, retired and brought back, and what to look at among them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response
from starlette.routing import Route

from bot.inbox.factform import AUDIENCE_TITLES, choices, filled, mark, shown, trust_titles, words_from
from bot.inbox.gaps import page_number
from bot.inbox.preview.asking import encode, encoder, topics
from bot.inbox.preview.trial import try_out
from bot.inbox.web import StaffRequest, page
from office.base.errors import BadInput, Conflict
from office.facts.browse import FactFilter, browse
from office.facts.editing import (
    add_fact,
    edit_fact,
    get_fact,
    history_of,
    keep_staffs_words,
    mark_of,
    restore,
    retire,
    take_files_words,
    undo_to,
    wordings_of,
)
from office.facts.flags import flags, settle, unsettle
from office.facts.model import Document, Fact, Subject, is_current
from office.facts.typed import FactWords, checked
from office.people.accounts import all_staff

ON_A_PAGE = 50
STATE_TITLES = [
    ("current", "Stated now"),
    ("not_now", "Not stated now, by date"),
    ("retired", "Retired"),
    ("staff", "By staff"),
    ("all", "All"),
]
FIELD_TITLES = {
    "topic": "topic", "says": "sentence", "values": "figures, dates, names", "section": "role", "valid_from": "true from",
    "valid_until": "true until", "review": "look at it again on", "audience": "who may read it", "owner": "who looks after it",
    "retired": "retired", "person": "who vouches for it", "as_of": "as of", "wordings": "ways people ask it",
}  # fmt: skip


def list_facts(request: StaffRequest) -> Response:
    """Facts by trust, topic and words."""
    asked = {name: request.http.query_params.get(name, "").strip()[:200] for name in ("trust", "topic", "q", "state")}
    asked["state"] = asked["state"] if asked["state"] in dict(STATE_TITLES) else "current"
    number = page_number(request.http.query_params.get("page", "1"))
    wanted = FactFilter(asked["trust"], asked["topic"], asked["q"], asked["state"])
    found, total = browse(request.session, wanted, today=request.today, limit=ON_A_PAGE, offset=(number - 1) * ON_A_PAGE)

    def address(at: int) -> str:
        return "/facts?" + urlencode({**asked, "page": at})

    return request.render(
        "facts/list.html", facts=[(fact, is_current(fact, request.today)) for fact in found], total=total, form=asked, states=STATE_TITLES,
        flagged=flags(request.session, today=request.today).count, number=number, earlier=address(number - 1) if number > 1 else "",
        later=address(number + 1) if number * ON_A_PAGE < total else "", **_titles(request),
    )  # fmt: skip


def _titles(request: StaffRequest) -> dict[str, Any]:
    trusts = trust_titles(request)
    known = sorted(((topic.id, topic.title) for topic in topics().values()), key=lambda pair: pair[1].lower())
    return {"trusts": trusts, "trust_titles": dict(trusts), "topics": known, "topic_titles": dict(known)}


def _fact(request: StaffRequest) -> Fact:
    return get_fact(request.session, str(request.http.path_params["fact"]))


def show(request: StaffRequest) -> Response:
    """One fact with its source, wordings and history, and the form to change it."""
    fact = _fact(request)
    return _page(request, fact, filled(fact, wordings_of(request.session, fact)), seen=mark_of(request.session, fact))


def _page(request: StaffRequest, fact: Fact, form: dict[str, Any], status: int = 200, **more: Any) -> Response:
    people = {person.id: person.name for person in all_staff(request.session)}
    given = {"trial": None, "mark": "", "problems": {}, "conflict": "", **more}
    return request.render(
        "facts/show.html", status, fact=fact, document=request.session.get(Document, fact.document) if fact.document else None,
        subject=request.session.get(Subject, fact.subject), history=history_of(request.session, fact), field_titles=FIELD_TITLES,
        people_names=people, wordings=wordings_of(request.session, fact), current=is_current(fact, request.today), form=form,
        audience_titles=dict(AUDIENCE_TITLES), trust_titles=dict(trust_titles(request)),
        **choices(request, form), **given,
    )  # fmt: skip


def edit(request: StaffRequest) -> Response:
    """Show what an edit would change, or save it."""
    fact, form, seen = _fact(request), shown(request), request.text("seen")
    form.setdefault("wordings", "")
    try:
        words = checked(words_from(request), topics()) if fact.document is None else checked(_of_a_file(request, fact), topics())
        if fact.document is None and not words.wordings:
            raise BadInput("wordings", "Please leave at least one way in which people ask it.")
    except BadInput as error:
        return _page(request, fact, form, 422, problems={error.field: error.reason}, seen=seen)
    if request.text("do") == "preview":
        trial = try_out(
            words, fact.trust, [*words.wordings, *wordings_of(request.session, fact)], database=request.inbox.database, session=request.session,
            settings=request.settings, now=request.now, says_who=request.staff.name, fact=fact,
        )  # fmt: skip
        return _page(request, fact, form, trial=trial, seen=seen)
    try:
        edit_fact(request.session, fact, words, topics(), by=request.staff, encode=encode, encoder=encoder(), now=request.now, seen=seen)
    except Conflict as error:
        return _page(request, fact, form, 409, conflict=str(error), seen=mark_of(request.session, fact))
    return request.go(f"/facts/{fact.id}", "Saved. The assistant says it from now on.", undo=_undo_path(request, fact))


def _of_a_file(request: StaffRequest, fact: Fact) -> FactWords:
    """Return the form of a fact that comes from a document: its topic and wordings stay with the file."""
    words = words_from(request)
    return FactWords(
        fact.topic, words.says, words.audience, words.values, (), "", words.valid_from, words.valid_until, words.review, words.owner
    )


def _undo_path(request: StaffRequest, fact: Fact) -> str:
    history = history_of(request.session, fact)
    return f"/facts/{fact.id}/undo/{history[0].id}" if history and history[0].fields else ""


def undo(request: StaffRequest) -> Response:
    """Make a fact what it was before a change."""
    fact = _fact(request)
    undo_to(request.session, fact, request.number("version"), by=request.staff, encode=encode, encoder=encoder(), now=request.now)
    return request.go(f"/facts/{fact.id}", "The fact is what it was before.", undo=_undo_path(request, fact))


def retire_fact(request: StaffRequest) -> Response:
    """State a fact no more."""
    fact = retire(request.session, _fact(request), by=request.staff, now=request.now)
    return request.go(f"/facts/{fact.id}", "Retired: it is no longer stated.", undo=f"/facts/{fact.id}/restore")


def restore_fact(request: StaffRequest) -> Response:
    """State a retired fact again."""
    fact = restore(request.session, _fact(request), by=request.staff, now=request.now)
    return request.go(f"/facts/{fact.id}", "It is stated again.")


def choose_words(request: StaffRequest) -> Response:
    """Settle between staff's words and the newer ones of a file."""
    fact = _fact(request)
    if request.text("keep") == "file":
        take_files_words(request.session, fact, by=request.staff, encode=encode, encoder=encoder(), now=request.now)
    elif request.text("keep") == "staff":
        keep_staffs_words(request.session, fact, by=request.staff, now=request.now)
    else:
        raise BadInput("keep", "Please choose the words of staff or of the file.")
    return request.go("/facts/flags", "Settled.")


def new(request: StaffRequest) -> Response:
    """The form for a new fact."""
    form = {"trust": request.settings.home_trust, "audience": "public", "owner": request.staff.id, "values": []}
    return _new_page(request, form)


def _new_page(request: StaffRequest, form: dict[str, Any], status: int = 200, **more: Any) -> Response:
    given = {"trial": None, "mark": "", "problems": {}, **more}
    return request.render("facts/new.html", status, form=form, **choices(request, form), **given)


def add(request: StaffRequest) -> Response:
    """Show what a new fact would change, or publish it once that was shown."""
    form, trust = shown(request), request.text("trust")
    try:
        words = checked(words_from(request), topics())
        if trust not in dict(trust_titles(request)):
            raise BadInput("trust", "Please choose one of the trusts.")
        if not words.wordings:
            raise BadInput("wordings", "Please write at least one way in which people ask it.")
    except BadInput as error:
        return _new_page(request, form, 422, problems={error.field: error.reason})
    if request.text("do") != "publish" or request.text("mark") != mark(words, trust):
        trial = try_out(
            words, trust, words.wordings, database=request.inbox.database, session=request.session, settings=request.settings,
            now=request.now, says_who=request.staff.name,
        )  # fmt: skip
        return _new_page(request, form, trial=trial, mark=mark(words, trust))
    fact = add_fact(request.session, trust, words, topics(), by=request.staff, encode=encode, encoder=encoder(), now=request.now)
    return request.go(f"/facts/{fact.id}", "Published: the assistant gives it from now on.", undo=f"/facts/{fact.id}/retire")


def show_flags(request: StaffRequest) -> Response:
    """What to look at among the facts."""
    found = flags(request.session, today=request.today)
    return request.render("facts/flags.html", flags=found, **_titles(request))


def settle_pair(request: StaffRequest) -> Response:
    """Keep both of two flagged facts."""
    pair = settle(request.session, request.text("first"), request.text("second"), request.text("of"), by=request.staff, now=request.now)
    return request.go("/facts/flags", "Both are right, and stay as they are.", undo=f"/facts/flags/{pair.id}/undo")


def unsettle_pair(request: StaffRequest) -> Response:
    """Flag two facts again."""
    unsettle(request.session, request.number("pair"), by=request.staff, now=request.now)
    return request.go("/facts/flags", "The two are flagged again.")


ROUTES = [
    Route("/facts", page(list_facts, needs="read facts")),
    Route("/facts/new", page(new, needs="work facts")),
    Route("/facts/new", page(add, needs="work facts"), methods=["POST"]),
    Route("/facts/flags", page(show_flags, needs="read facts")),
    Route("/facts/flags/settle", page(settle_pair, needs="work facts"), methods=["POST"]),
    Route("/facts/flags/{pair}/undo", page(unsettle_pair, needs="work facts"), methods=["POST"]),
    Route("/facts/{fact}", page(show, needs="read facts")),
    Route("/facts/{fact}/edit", page(edit, needs="work facts"), methods=["POST"]),
    Route("/facts/{fact}/retire", page(retire_fact, needs="work facts"), methods=["POST"]),
    Route("/facts/{fact}/restore", page(restore_fact, needs="work facts"), methods=["POST"]),
    Route("/facts/{fact}/words", page(choose_words, needs="work facts"), methods=["POST"]),
    Route("/facts/{fact}/undo/{version}", page(undo, needs="work facts"), methods=["POST"]),
]

"""Verbs of staff: each asks for a permission and writes its own entry into the audit log, whichever process calls it."""

from __future__ import annotations

import ast
import inspect
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from office.base.audit import AuditEntry, AuditFilter, audit, read_audit
from office.base.database import Database
from office.base.errors import NotAllowed
from office.base.staff import Staff
from office.base.switches import turn
from office.enquiries.log import Question, log_enquiry
from office.exports.rows import GAPS, gap_rows
from office.exports.writing import ExportTable, write_export
from office.facts.editing import add_fact, edit_fact, history_of, keep_staffs_words, restore, retire, take_files_words, undo_to
from office.facts.flags import THE_SAME, settle, unsettle
from office.facts.model import Fact, Subject, Trust
from office.facts.typed import FactWords
from office.gaps.answering import answer_gap, reopen, set_aside, undo_answer
from office.gaps.model import Gap, get_gap, note_gap_view
from office.gaps.reviewing import drop_regression, make_regression, transcript
from office.leads.bulk import BulkChange, change_all, leads_shown, mark_of
from office.leads.changes import keep_change, undo
from office.leads.duplicates import join, part
from office.leads.form import send_draft
from office.leads.lists import LeadFilter
from office.leads.model import Lead, LeadDetails, link_of, log_lead
from office.leads.places import Place, Term, add_term, change_term, give_place, take_back
from office.leads.saved_views import delete_view, rename_view, save_view
from office.leads.status import call_off_visit, change_status
from office.leads.unconfirmed import dismiss_unconfirmed, take_details
from office.leads.working import add_lead, add_note, edit_details, mark_read, mark_unread, note_view, plan_action, take_over
from office.outbox.feedback import give_feedback
from office.outbox.queue import Notification
from office.people import invitations
from office.people.accounts import (
    add_staff,
    change_person,
    make_password_link,
    open_account,
    set_password,
    use_password_link,
    withdraw_staff,
)
from office.people.signing_in import begin_attempt, begin_sign_in, end_sign_in, refuse_attempt, sign_ins_of, sign_out, sign_out_everywhere
from office.personal.erasure import erase_person
from office.personal.person_file import export_person, file_of_lead, find_person, look_at_person
from office.reports.sent import choose, keep_quiet, retry
from tests.office.fact_folder import CountingEncoder
from tests.office.made_up import KNOWN, alex, words_of

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 9, 1, 12, 0, tzinfo=timezone.utc)
FEE, VISIT = "oakdale.fee.membership", "oakdale.fee.visit"
WORDS = FactWords("cost", "Tea is included.", wordings=("is tea included",))
DETAILS = {"name": "Zoë Example", "school": "Oak Primary", "email": "zoe@oak.example", "wish": "visit"}
ENCODER: dict[str, Any] = {"encode": CountingEncoder(), "encoder": "encoder-1"}
GOOD_PASSWORD = "three brown teapots"
# what writes and is no act of staff: each line says whose it is instead
NOT_OF_STAFF = {
    "base.heartbeats": {"beat", "stop_beating"},  # the processes
    "enquiries.counts": {"count_new", "count_before_forgetting"},  # numbers without anybody in them
    "enquiries.log": {"log_enquiry"},  # what visitors ask
    "enquiries.transcripts": {"write_message", "take_back", "withdraw_messages", "rate_message", "name_enquiry", "forget_words"},  # what visitors and the assistant say
    "facts.loading": {"load_facts"},  # the files
    "facts.model": {"note_change", "keep_wordings", "note_contradictions"},  # parts of the verbs of facts
    "gaps.grouping": {"group_new"},  # the worker
    "gaps.learning": {"learn", "export_facts"},  # the command line, into files
    "leads.form": {"keep_draft", "drop_draft"},  # the visitor who fills it in
    "leads.limits": {"mark_flood"},  # the visitors, who send many at once
    "leads.model": {"log_lead", "add_to_lead", "note_conversations"},  # the visitor who sends it; where staff took it down, `add_lead` writes the entry
    "leads.talks": {"talks_of"}, "reports.overview": {"leads_of"},  # build what they return
    "leads.working": {"ask_withdrawal"},  # the visitor who takes their consent back
    "outbox.queue": {"owe", "owe_word_of_danger", "postpone", "postpone_recipient", "claim_due", "mark_sent", "mark_failed", "give_up", "try_again"},  # the worker
    "outbox.telegram": {
        "take_in", "give_up", "give_up_all", "remember_message", "choose", "note_bot", "note_blocked", "forget_updates",
    },  # the bot's ledger
    "people.signing_in": {"attempt_was_right", "who_is"},  # every page
    "personal.erasure": {"erase_leads", "erase_conversations", "finish_erasures", "forget_enquiries_where", "mend_gaps"},  # of erase_person
    "personal.retention": {"forget_some", "clear_expired"},  # the worker
}  # fmt: skip


@dataclass
class Office:
    """A small office: a trust with two facts, a gap, a conversation, two leads, a term with places, and an admin who works in it."""

    session: Session
    me: Staff
    other: Staff
    fact: Fact
    gap: Gap
    lead: Lead
    second: Lead
    question: int

    def entries(self) -> list[AuditEntry]:
        self.session.flush()
        return list(self.session.execute(select(AuditEntry).order_by(AuditEntry.id)).scalars())


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    with database.transaction() as session:
        me, other = alex(session, NOW), Staff(name="Ben Example", email="ben@oakdale.example", role="staff", made=NOW)
        session.add_all([other, Trust(id="oakdale", name="Oakdale Academy Trust", short="Oakdale", aliases=[])])
        session.flush()
        session.add(Subject(id="oakdale.fee", trust="oakdale", title="What it costs", topic="cost"))
        session.flush()
        fact, visit = (
            Fact(id=name, trust="oakdale", topic="cost", subject="oakdale.fee", position=1, says=says, as_of="2026-09-01", values=[])
            for name, says in ((FEE, "A term costs £499."), (VISIT, "A visit is free."))
        )
        gap = Gap(text="is there a pool?", asked=1, latest=NOW, centre=bytes(768), trust="oakdale")
        session.add_all([fact, visit, gap, Term(id="2027-spring", begins=date(2027, 1, 4), ends=date(2027, 3, 31), places=2)])
        asked = {"text": "is there tea?", "trust": "oakdale", "topics": [], "outcome": "not_known", "facts": [], "confidence": 0.4}
        log_enquiry(
            session, conversation="talk-1", channel="website", text="is there tea?", withheld=False, outcome="not_known",
            questions=[asked], now=NOW,
        )  # fmt: skip
        lead, second = (
            log_lead(session, LeadDetails(f"talk-{name}", "website", name, "Elm Primary", "visit", NOW, email=f"{name}@elm.example"),
                     reply_within=2, now=NOW)
            for name in ("Kim", "Lee")
        )  # fmt: skip
        question = session.execute(select(Question.id)).scalars().first()
        yield Office(session, me, other, fact, gap, lead, second, question)


Act = Callable[[Staff], Any]
ACTS: dict[Callable[..., Any], tuple[Callable[[Office], Act], list[tuple[str, str]]]] = {}
OWN: set[Callable[..., Any]] = set()  # acts by which somebody proves who they are, or that are their own affair: they take no `by`


def case(verb: Callable[..., Any], *entries: tuple[str, str], own: bool = False) -> Callable[[Callable[[Office], Act]], None]:
    """Say how a verb is done: what is decorated makes ready and returns the act; `entries` are what it leaves in the log."""

    def keep(prepare: Callable[[Office], Act]) -> None:
        assert verb not in ACTS
        ACTS[verb] = (prepare, list(entries))
        if own:
            OWN.add(verb)

    return keep


def simple(verb: Callable[..., Any], *entries: tuple[str, str], own: bool = False) -> Callable[[Callable[[Office, Staff], Any]], None]:
    """As `case`, where nothing has to be made ready."""
    return lambda act: case(verb, *entries, own=own)(lambda o: lambda by: act(o, by))


LEAD, FACT, GAP = "lead {lead}", f"fact {FEE}", "gap 1"
simple(read_audit, ("view", "audit log"))(lambda o, by: read_audit(o.session, AuditFilter(), before=None, limit=5, by=by, now=NOW))
simple(turn, ("switch", "channel website"))(lambda o, by: turn(o.session, "website", off=True, reason="test", by=by, now=NOW))
simple(write_export, ("export", "gaps"))(
    lambda o, by: write_export(
        o.session, ExportTable("gaps", GAPS, gap_rows(o.session, "")), io.BytesIO(), kind="csv", filtered_by="", by=by, now=NOW
    )
)

simple(add_fact, ("add", "fact {new}"))(lambda o, by: add_fact(o.session, "oakdale", WORDS, KNOWN, by=by, now=NOW, **ENCODER))
simple(edit_fact, ("change", FACT))(
    lambda o, by: edit_fact(o.session, o.fact, words_of(o.session, o.fact, says="A term costs £520."), KNOWN, by=by, now=NOW, **ENCODER)
)
simple(retire, ("change", FACT))(lambda o, by: retire(o.session, o.fact, by=by, now=NOW))
simple(restore, ("change", FACT))(lambda o, by: restore(o.session, o.fact, by=by, now=NOW))


@case(undo_to, ("change", FACT))
def _undo_to(o: Office) -> Act:
    retire(o.session, o.fact, by=o.me, now=NOW)
    version = history_of(o.session, o.fact)[0].id
    return lambda by: undo_to(o.session, o.fact, version, by=by, now=NOW, **ENCODER)


def _offered(o: Office) -> None:
    o.fact.file_offers = {"says": "A term costs £510.", "values": [], "digest": "d"}
    o.session.flush()


@case(take_files_words, ("change", FACT))
def _take_files_words(o: Office) -> Act:
    _offered(o)
    return lambda by: take_files_words(o.session, o.fact, by=by, now=NOW, **ENCODER)


@case(keep_staffs_words, ("change", FACT))
def _keep_staffs_words(o: Office) -> Act:
    _offered(o)
    return lambda by: keep_staffs_words(o.session, o.fact, by=by, now=NOW)


simple(settle, ("change", FACT))(lambda o, by: settle(o.session, FEE, VISIT, THE_SAME, by=by, now=NOW))


@case(unsettle, ("change", FACT))
def _unsettle(o: Office) -> Act:
    pair = settle(o.session, FEE, VISIT, THE_SAME, by=o.me, now=NOW)
    return lambda by: unsettle(o.session, pair.id, by=by, now=NOW)


def _answer(o: Office, by: Staff) -> Fact:
    return answer_gap(o.session, o.gap, WORDS, KNOWN, trust="oakdale", by=by, now=NOW, **ENCODER)


simple(note_gap_view, ("view", GAP))(lambda o, by: note_gap_view(o.session, o.gap, by=by, now=NOW))
simple(set_aside, ("change", GAP))(lambda o, by: set_aside(o.session, o.gap, "each school decides", by=by, now=NOW))
simple(answer_gap, ("add", "fact {new}"))(_answer)


@case(undo_answer, ("change", "fact {new}"), ("change", GAP))
def _undo_answer(o: Office) -> Act:
    _answer(o, o.me)
    return lambda by: undo_answer(o.session, o.gap, by=by, now=NOW)


@case(reopen, ("change", GAP))
def _reopen(o: Office) -> Act:
    set_aside(o.session, o.gap, "each school decides", by=o.me, now=NOW)
    return lambda by: reopen(o.session, o.gap, by=by, now=NOW)


simple(transcript, ("view", "conversation talk-1"))(lambda o, by: transcript(o.session, "talk-1", by=by, now=NOW))
simple(make_regression, ("add", "regression question 1"))(lambda o, by: make_regression(o.session, o.question, leans=False, by=by, now=NOW))


@case(drop_regression, ("erase", "regression question 1"))
def _drop_regression(o: Office) -> Act:
    kept = make_regression(o.session, o.question, leans=False, by=o.me, now=NOW)
    return lambda by: drop_regression(o.session, kept.id, by=by, now=NOW)


simple(add_lead, ("add", "lead {new}"))(
    lambda o, by: add_lead(o.session, DETAILS, channel="phone", agreed=True, form="1", reply_within=2, by=by, now=NOW)
)
simple(note_view, ("view", LEAD))(lambda o, by: note_view(o.session, o.lead, by=by, now=NOW))
simple(keep_change, ("change", LEAD))(lambda o, by: keep_change(o.session, o.lead, {"role": "head"}, by=by, now=NOW))
simple(change_status, ("change", LEAD))(lambda o, by: change_status(o.session, o.lead, "contacted", by=by, now=NOW))
simple(plan_action, ("change", LEAD))(lambda o, by: plan_action(o.session, o.lead, "Ring", date(2026, 9, 3), by=by, now=NOW))
simple(take_over, ("change", LEAD))(lambda o, by: take_over(o.session, o.lead, o.me.id, by=by, now=NOW))
simple(edit_details, ("change", LEAD))(lambda o, by: edit_details(o.session, o.lead, DETAILS, by=by, now=NOW))
simple(mark_read, ("change", LEAD))(lambda o, by: mark_read(o.session, o.lead, by=by, now=NOW))
simple(add_note, ("change", LEAD))(lambda o, by: add_note(o.session, o.lead, "Rang.", by=by, now=NOW))


def beside(o: Office) -> int:
    """Another conversation gives another number of the lead's person; give the link's."""
    told = LeadDetails("talk-other", "website", o.lead.name, o.lead.school, "visit", NOW, email=o.lead.email, phone="+44 1632 960 999")
    log_lead(o.session, told, reply_within=2, now=NOW)
    return int(link_of(o.session, o.lead, "talk-other").id)


@case(take_details, ("change", LEAD))
def _take_details(o: Office) -> Act:
    number = beside(o)
    return lambda by: take_details(o.session, o.lead, number, by=by, now=NOW)


@case(dismiss_unconfirmed, ("change", LEAD))
def _dismiss_unconfirmed(o: Office) -> Act:
    number = beside(o)
    return lambda by: dismiss_unconfirmed(o.session, o.lead, number, by=by, now=NOW)


@case(mark_unread, ("change", LEAD))
def _mark_unread(o: Office) -> Act:
    mark_read(o.session, o.lead, by=o.me, now=NOW)
    return lambda by: mark_unread(o.session, o.lead, by=by, now=NOW)


@case(call_off_visit, ("change", LEAD))
def _call_off_visit(o: Office) -> Act:
    change_status(o.session, o.lead, "visit", visit=NOW + timedelta(days=3), by=o.me, now=NOW)
    return lambda by: call_off_visit(o.session, o.lead, by=by, now=NOW)


@case(undo, ("change", LEAD))
def _undo(o: Office) -> Act:
    change = change_status(o.session, o.lead, "contacted", by=o.me, now=NOW)
    return lambda by: undo(o.session, change, by=by, now=NOW)


@case(change_all, ("change", LEAD), ("change", "lead {second}"))
def _change_all(o: Office) -> Act:
    mark = mark_of(leads_shown(o.session, LeadFilter(), now=NOW))
    return lambda by: change_all(o.session, LeadFilter(), BulkChange(status="contacted"), mark, by=by, now=NOW)


simple(save_view, ("add", "saved view 1"))(lambda o, by: save_view(o.session, "Mine", LeadFilter(), by=by, now=NOW))


@case(rename_view, ("change", "saved view 1"))
def _rename_view(o: Office) -> Act:
    view = save_view(o.session, "Mine", LeadFilter(), by=o.me, now=NOW)
    return lambda by: rename_view(o.session, view.id, "Ours", by=by, now=NOW)


@case(delete_view, ("erase", "saved view 1"))
def _delete_view(o: Office) -> Act:
    view = save_view(o.session, "Mine", LeadFilter(), by=o.me, now=NOW)
    return lambda by: delete_view(o.session, view.id, by=by, now=NOW)


simple(give_feedback, ("add", "feedback 1"))(lambda o, by: give_feedback(o.session, "It knows the fee.", by=by, now=NOW))
simple(join, ("change", "lead {second}"), ("change", LEAD))(lambda o, by: join(o.session, o.lead, o.second, by=by, now=NOW))


@case(part, ("change", "lead {second}"), ("change", LEAD))
def _part(o: Office) -> Act:
    join(o.session, o.lead, o.second, by=o.me, now=NOW)
    return lambda by: part(o.session, o.second, by=by, now=NOW)


simple(add_term, ("add", "term 2027-autumn"))(
    lambda o, by: add_term(o.session, 2027, "autumn", date(2027, 9, 1), date(2027, 12, 17), 2, by=by, now=NOW)
)
simple(change_term, ("change", "term 2027-spring"))(
    lambda o, by: change_term(o.session, "2027-spring", date(2027, 1, 4), date(2027, 3, 31), 3, by=by, now=NOW)
)
simple(give_place, ("add", "place 2027-spring"))(lambda o, by: give_place(o.session, "2027-spring", o.lead, by=by, now=NOW))


@case(take_back, ("change", "place 2027-spring"))
def _take_back(o: Office) -> Act:
    place: Place = give_place(o.session, "2027-spring", o.lead, by=o.me, now=NOW)
    return lambda by: take_back(o.session, place, by=by, now=NOW)


@case(retry, ("change", "notification {number}"))
def _retry(o: Office) -> Act:
    number = o.session.execute(select(Notification.id).order_by(Notification.id)).scalars().first()
    return lambda by: retry(o.session, number, by=by, now=NOW)


simple(open_account, ("view", "staff {other}"))(lambda o, by: open_account(o.session, o.other.id, by=by, now=NOW))
simple(add_staff, ("add", "staff 3"))(
    lambda o, by: add_staff(o.session, name="Cat Example", email="cat@oakdale.example", role="pa", by=by, now=NOW)
)
simple(change_person, ("change", "staff {other}"))(lambda o, by: change_person(o.session, o.other, name="Ben", role="pa", by=by, now=NOW))
simple(withdraw_staff, ("withdraw", "staff {other}"), ("withdraw", "staff {other}"))(
    lambda o, by: withdraw_staff(o.session, o.other, by=by, now=NOW)
)
simple(make_password_link, ("invite", "staff {other}"))(lambda o, by: make_password_link(o.session, o.other, by=by, now=NOW))
simple(invitations.invite, ("invite", "staff {other}"))(lambda o, by: invitations.invite(o.session, o.other, by=by, now=NOW))
simple(invitations.withdraw, ("withdraw", "staff {other}"))(lambda o, by: invitations.withdraw(o.session, o.other, by=by, now=NOW))
simple(set_password, ("change", "staff {me}"))(lambda o, by: set_password(o.session, o.me, GOOD_PASSWORD, by=by, now=NOW))


@case(sign_out_everywhere, ("sign out", "staff {other}"))
def _sign_out_everywhere(o: Office) -> Act:
    begin_sign_in(o.session, o.other, device="", hours=8, now=NOW)
    return lambda by: sign_out_everywhere(o.session, o.other, by=by, now=NOW)


simple(find_person, ("view", "search for a person"))(lambda o, by: find_person(o.session, "Kim", by=by, now=NOW))
simple(look_at_person, ("view", LEAD))(lambda o, by: look_at_person(o.session, file_of_lead(o.session, o.lead.reference), by=by, now=NOW))
simple(export_person, ("export", LEAD))(lambda o, by: export_person(o.session, file_of_lead(o.session, o.lead.reference), by=by, now=NOW))
simple(erase_person, ("erase", LEAD))(
    lambda o, by: erase_person(o.session, file_of_lead(o.session, o.lead.reference), typed=o.lead.reference, by=by, now=NOW)
)

simple(choose, ("change", "staff {me}"), own=True)(
    lambda o, by: choose(o.session, o.me, email=True, telegram=False, begins="22:00", ends="07:00", now=NOW)
)


@case(use_password_link, ("change", "staff {me}"), own=True)
def _use_password_link(o: Office) -> Act:
    code = make_password_link(o.session, o.me, by=o.me, now=NOW)
    return lambda by: use_password_link(o.session, code, GOOD_PASSWORD, now=NOW)


simple(keep_quiet, ("change", "staff {me}"), own=True)(lambda o, by: keep_quiet(o.session, o.me, "22:00-07:00", now=NOW))
simple(refuse_attempt, ("refused", "staff {me}"), own=True)(lambda o, by: refuse_attempt(o.session, o.me, now=NOW))
simple(begin_sign_in, ("sign in", "staff {me}"), own=True)(lambda o, by: begin_sign_in(o.session, o.me, device="", hours=8, now=NOW))


@case(begin_attempt, ("refused", "sign in: too many attempts"), own=True)
def _begin_attempt(o: Office) -> Act:
    for _ in range(5):
        begin_attempt(o.session, "alex@oakdale.example", "192.0.2.1", now=NOW)
    return lambda by: begin_attempt(o.session, "alex@oakdale.example", "192.0.2.1", now=NOW)


@case(sign_out, ("sign out", "staff {me}"), own=True)
def _sign_out(o: Office) -> Act:
    token = begin_sign_in(o.session, o.me, device="", hours=8, now=NOW)
    return lambda by: sign_out(o.session, token, now=NOW)


@case(end_sign_in, ("sign out", "staff {me}"), own=True)
def _end_sign_in(o: Office) -> Act:
    begin_sign_in(o.session, o.me, device="", hours=8, now=NOW)
    (mine,) = sign_ins_of(o.session, o.me, hours=8, now=NOW)
    return lambda by: end_sign_in(o.session, o.me, mine.token, now=NOW)


@case(invitations.accept, ("change", "staff {me}"), own=True)
def _accept(o: Office) -> Act:
    code = invitations.invite(o.session, o.me, by=o.me, now=NOW)
    return lambda by: invitations.accept(o.session, code, 4711, now=NOW)


# What is a verb


def modules() -> Iterator[tuple[str, ast.Module]]:
    for file in sorted((ROOT / "office").rglob("*.py")):
        name = ".".join(file.relative_to(ROOT).with_suffix("").parts)
        if "migrations" not in name and file.name != "__init__.py":
            yield name, ast.parse(file.read_text(encoding="utf-8"))


def functions(module: ast.Module) -> dict[str, ast.FunctionDef]:
    return {node.name: node for node in module.body if isinstance(node, ast.FunctionDef)}


def called(function: ast.AST) -> set[str]:
    """Names of functions that are called by name."""
    return {node.func.id for node in ast.walk(function) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}


WRITING = {"insert", "update", "delete", *functions(ast.parse((ROOT / "office/base/upsert.py").read_text(encoding="utf-8")))}


def writes(function: ast.FunctionDef) -> bool:
    """Say whether a function puts something into the session, sends a statement that changes rows, or sets a column."""
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            of_session = isinstance(node.func.value, ast.Name) and node.func.value.id == "session"
            if (of_session and node.func.attr in ("add", "add_all", "delete", "merge")) or node.func.attr == "insert":
                return True
        targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AugAssign) else []
        for target in targets:
            for one in target.elts if isinstance(target, ast.Tuple) else [target]:
                if isinstance(one, ast.Attribute):
                    return True
    return bool(called(function) & WRITING)


def verbs() -> set[Callable[..., Any]]:
    """Give every public function that takes `by`, or writes into the audit log by itself or by another of its module."""
    found = set()
    for name, module in modules():
        own = functions(module)
        takes_by = {f for f, node in own.items() if "by" in {argument.arg for argument in (*node.args.args, *node.args.kwonlyargs)}}
        noting = closed({f for f, node in own.items() if "audit" in called(node)}, own)
        found |= {getattr(import_module(name), f) for f in takes_by | noting if not f.startswith("_")}
    return found - {audit, log_lead, send_draft}


def closed(some: set[str], own: dict[str, ast.FunctionDef]) -> set[str]:
    """Give functions with those of their module that call them, and so on."""
    while more := {f for f, node in own.items() if called(node) & some} - some:
        some = some | more
    return some


def named(verb: Callable[..., Any]) -> str:
    return f"{verb.__module__}.{verb.__name__}".removeprefix("office.")


def test_every_verb_of_staff_has_a_case_here() -> None:
    assert sorted(map(named, verbs())) == sorted(map(named, ACTS))


@pytest.mark.parametrize("verb", ACTS, ids=named)
def test_a_verb_takes_who_does_it_as_one_of_the_staff(verb: Callable[..., Any]) -> None:
    by = inspect.signature(verb).parameters.get("by")
    assert (by is None) is (verb in OWN)
    if by is not None:
        assert by.kind is by.KEYWORD_ONLY and by.default is by.empty and by.annotation in ("Staff", "Staff | None")
        says_when = inspect.getdoc(verb) or "", inspect.getdoc(inspect.getmodule(verb)) or ""
        assert by.annotation == "Staff" or any("`by` is None" in text for text in says_when), "say when nobody of the staff does it"


@pytest.mark.parametrize("verb", ACTS, ids=named)
def test_a_verb_leaves_its_entry_in_the_audit_log_once(office: Office, verb: Callable[..., Any]) -> None:
    prepare, expected = ACTS[verb]
    references = {"lead": office.lead.reference, "second": office.second.reference, "me": office.me.id, "other": office.other.id}
    act = prepare(office)
    before = {entry.id for entry in office.entries()}
    act(office.me)
    written = [entry for entry in office.entries() if entry.id not in before]
    new = next((entry.about.partition(" ")[2] for entry in written if entry.about.startswith(("fact oakdale.staff", "lead U-"))), "")
    number = next((entry.about.split()[1] for entry in written if entry.about.startswith("notification")), "")
    said = [(action, about.format(**references, new=new, number=number)) for action, about in expected]
    assert sorted((entry.action, entry.about) for entry in written) == sorted(said)
    assert {entry.at for entry in written} == {NOW}
    if verb not in (refuse_attempt, begin_attempt):  # nobody has proved yet who they are
        assert {entry.staff for entry in written} == {office.me.id}


@pytest.mark.parametrize("verb", [verb for verb in ACTS if verb not in OWN], ids=named)
def test_a_verb_does_nothing_for_a_role_that_nobody_gave_permissions(office: Office, verb: Callable[..., Any]) -> None:
    stranger = Staff(name="Ody Example", email="ody@oakdale.example", role="auditor", made=NOW)
    office.session.add(stranger)
    act = ACTS[verb][0](office)
    before = {entry.id for entry in office.entries()}
    with pytest.raises(NotAllowed):
        act(stranger)
    assert {entry.id for entry in office.entries()} == before


def test_whatever_else_writes_is_said_whose_act_it_is() -> None:
    """A new function that changes rows takes `by` and gets a case above, or a place in NOT_OF_STAFF."""
    others = {f"office.{module}.{name}" for module, names in NOT_OF_STAFF.items() for name in names}
    known = {f"office.{named(verb)}" for verb in ACTS} | {"office.base.audit.audit"}
    found = set()
    for name, module in modules():
        if name == "office.base.upsert":
            continue
        own = functions(module)
        takes_session = {f for f, node in own.items() if node.args.args and node.args.args[0].arg == "session" and not f.startswith("_")}
        private = {f: node for f, node in own.items() if f.startswith("_")}
        writing = closed({f for f, node in private.items() if writes(node)}, private)
        found |= {f"{name}.{f}" for f in takes_session if writes(own[f]) or called(own[f]) & writing}
    assert found - known == others


def test_no_process_writes_into_the_audit_log_itself() -> None:
    for file in [*(ROOT / "bot").rglob("*.py"), *(ROOT / "actions").rglob("*.py")]:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}
        assert not {"audit"} & imported | {"AuditEntry"} & called(tree), file


def test_an_answer_to_a_gap_names_the_gap_and_its_undoing_the_fact_too(office: Office) -> None:
    fact = _answer(office, office.me)
    undo_answer(office.session, get_gap(office.session, office.gap.id), by=office.me, now=NOW)
    assert [(entry.action, entry.about, entry.detail) for entry in office.entries()] == [
        ("add", f"fact {fact.id}", {"gap": office.gap.id}),
        ("change", f"fact {fact.id}", {"what": "retired"}),
        ("change", f"gap {office.gap.id}", {"state": "answered → open"}),
    ]

"""The one decision: a message, what is remembered and a session go in, and everything that will be said comes out.

The chat, Telegram, the inbox's preview and trials, regression questions and the evaluation all call `decide`. Nothing changes the
reply after it leaves.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from language.acts.small_talk import SMALL_TALK, WANTS_LEAD
from office.answering.help import help_first, needs_help
from office.answering.lead_form import answer_with_offer, go_on_with_form, open_form, stands_open, take_offer, wants_contact
from office.answering.message import HeardMessage, Knowledge
from office.answering.questions import answer_after_all, answer_questions
from office.answering.sent_lead import sent_already
from office.answering.turn import AnsweringTurn, Decision
from office.choosing.choose import Memory

ASKED_OF_FACTS = ("more", "something_else")  # small talk to the reader, yet answered from the facts
HANDED_OVER = ("complaint", WANTS_LEAD)


def decide(message: HeardMessage, memory: Memory, session: Session, *, knows: Knowledge, now: datetime, only_try: bool = False) -> Decision:
    """Return what is said to a message, what to remember of it, and whether the lead form is open afterwards.

    `only_try`: nothing is logged, kept or promised, so that the inbox and the evaluation can ask what would be said.
    """
    turn = AnsweringTurn(session, knows, message, memory, now, only_try)
    if needs_help(turn):
        return help_first(turn)
    if message.in_form or stands_open(turn):
        return go_on_with_form(turn, _answer_or_talk)
    if message.intent == WANTS_LEAD or wants_contact(turn):
        return open_form(turn)
    return sent_already(turn) or take_offer(turn) or answer_with_offer(turn, _answer_or_talk(turn))


def _answer_or_talk(turn: AnsweringTurn) -> Decision:
    """Answer from the facts, or give a short word to small talk; what only sounds like small talk is put to the facts first."""
    intent = turn.message.intent
    if unreadable := turn.unreadable():
        return unreadable
    if intent not in SMALL_TALK or intent in ASKED_OF_FACTS:
        return answer_questions(turn)
    if turn.message.doubtful and (found := answer_after_all(turn)):
        return found
    return turn.word(intent, "handover" if intent in HANDED_OVER else "chitchat")


def decide_alone(message: HeardMessage, session: Session, *, knows: Knowledge, now: datetime) -> Decision:
    """Return what would be said to a message that begins a conversation; nothing is kept."""
    return decide(message, Memory(), session, knows=knows, now=now, only_try=True)

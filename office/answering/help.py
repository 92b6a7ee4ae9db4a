"""Somebody in danger: first of all the numbers to ring, kindly, on every door and in mid-form. Of the message nothing is kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from language.text import with_clauses
from office.answering.frames import frame
from office.answering.message import HeardMessage
from office.answering.questions import answered_questions
from office.answering.replies import HELP
from office.answering.turn import AnsweringTurn, Decision
from office.answering.wording import reply_messages
from office.enquiries.transcripts import NOT_KEPT
from office.leads.form import CONSENT
from office.outbox.queue import owe_word_of_danger

IN_DANGER_FROM = 0.7  # rather a kind word too many than one too few (`python -m evaluation.help` counts both)


def needs_help(turn: AnsweringTurn) -> bool:
    """Return whether somebody in danger writes, or writes of somebody who is."""
    return turn.knows.danger(turn.message.text) >= IN_DANGER_FROM


def help_first(turn: AnsweringTurn) -> Decision:
    """Return the numbers to ring, then the answer to a question that was asked too. An open form stays open and asks nothing now.

    The trust's safeguarding lead is owed a word of it where the settings name one.
    """
    heard, home = turn.message, turn.knows.home
    answers = answered_questions(replace(turn, message=_besides(turn)))
    text = frame("in_danger")
    custom: dict[str, Any] = {"outcome": HELP, "questions": [_of_nothing(home)], "next": []}
    if answers:
        said = reply_messages(answers, turn.knows.index, turn.knows.contact, home, offers=False)
        text = "\n\n".join([text, *(message["text"] for message in said)])
        custom["questions"] = [_of_nothing(home), *said[-1]["custom"]["questions"]]
    unsaid = {"text": NOT_KEPT, "trust": home, "topics": [], "outcome": HELP, "facts": [], "confidence": 1.0}
    custom |= replace(turn, message=replace(heard, text=NOT_KEPT)).log(HELP, [unsaid])
    if turn.knows.promises.tells_of_danger and not turn.only_try:
        owe_word_of_danger(turn.session, heard.channel, now=turn.now)
    if heard.in_form:
        custom["form"] = heard.form_asked or CONSENT
    messages = [{"text": text, "buttons": [], "custom": custom}]
    return Decision(messages, replace(turn.memory, offered=False), form_open=heard.in_form)


def _besides(turn: AnsweringTurn) -> HeardMessage:
    """Return the message with the questions that stand beside its danger: "how much is it and i cant go on" asks how much it is."""
    questions = []
    for question in turn.message.questions:
        _, *clauses = with_clauses(question["text"])
        harmless = [clause for clause in clauses if turn.knows.danger(clause) < IN_DANGER_FROM]
        if harmless and len(harmless) < len(clauses):
            question = {**question, **{key: harmless[0] for key in ("text", "own", "bare") if key in question}}
        questions.append(question)
    return replace(turn.message, questions=tuple(questions))


def _of_nothing(home: str) -> dict[str, Any]:
    """Return what the payload says of a message of which nothing is passed on."""
    return {"topic": None, "trust": home, "outcome": HELP, "facts": [], "sources": []}

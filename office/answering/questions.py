"""The questions of one message, each answered from the facts or from the places that staff record, and said together."""

from __future__ import annotations

from dataclasses import replace

from language.acts.small_talk import SMALL_TALK
from office.answering.asked import asked_from
from office.answering.message import GROUP_CHANNEL, STAFF_CHANNEL
from office.answering.places import with_places
from office.answering.replies import worst
from office.answering.turn import AnsweringTurn, Decision
from office.answering.wording import reply_messages
from office.base.workdays import london_day
from office.choosing.choose import Answer, Memory, answer, more_of, remember, shortened, without_repeats
from office.choosing.judgement import fitted

SURE_SMALL_TALK = 0.5  # from which a part of a message beside a question is small talk and nothing else


def answer_questions(turn: AnsweringTurn) -> Decision:
    """Answer each question of the message from the facts, or say honestly that no fact answers."""
    if turn.message.intent == "something_else":
        return turn.word("something_else", "chitchat")
    answers, memory = _answers(turn)
    return _given(turn, answers, memory) if answers else turn.word("nothing_more", "not_known")


def answer_after_all(turn: AnsweringTurn) -> Decision | None:
    """Return an answer where facts have one: "I'd love to talk to a teacher at one of your schools" sounds like asking for a person."""
    answers, memory = _answers(turn)
    return _given(turn, answers, memory) if answers and all(one.outcome == "answered" for one in answers) else None


def answered_questions(turn: AnsweringTurn) -> list[Answer]:
    """Return the answers that facts have to questions of the message, which are few and short; nothing is logged."""
    return [one for one in _answers(turn)[0] if one.outcome == "answered"] if turn.message.questions else []


def _answers(turn: AnsweringTurn) -> tuple[list[Answer], Memory]:
    """Return the answer to each question, and what the next message may lean on."""
    heard, knows, memory = turn.message, turn.knows, turn.memory
    if heard.intent == "more":
        further = more_of(memory, knows.index)
        return ([further], remember(memory, further)) if further else ([], memory)
    few, day = len(heard.questions) == 1, london_day(turn.now)
    asked = [q for q in heard.questions if few or q["intents"][0][0] not in SMALL_TALK or q["intents"][0][1] <= SURE_SMALL_TALK]
    answers: list[Answer] = []
    for question in asked:
        one = answer(asked_from(question, memory, knows.encode), memory, knows.index, fitted(), knows.home)
        one = with_places(one, turn.session, knows.home, day)
        answers.append(shortened(one, len(asked)) if len(asked) > 1 else one)
        memory = remember(memory, answers[-1])
    if heard.withheld:
        memory = replace(memory, text="")
    return without_repeats(answers), memory


def _given(turn: AnsweringTurn, answers: list[Answer], memory: Memory) -> Decision:
    """Log what was decided and return its messages."""
    heard, knows = turn.message, turn.knows
    offers = heard.channel not in (STAFF_CHANNEL, GROUP_CHANNEL)
    messages = reply_messages(answers, knows.index, knows.contact, knows.home, withheld=heard.withheld, offers=offers)
    questions = [
        {
            "text": turn.masked(one.own), "trust": one.trust, "topics": one.topics, "outcome": one.outcome,
            "facts": [fact.id for fact in [*one.facts, *one.near]], "confidence": round(one.confidence, 4),
        }
        for one in answers
    ]  # fmt: skip
    messages[-1]["custom"].update(turn.log(worst([one.outcome for one in answers]), questions))
    offered = offers and not heard.withheld and any(one.outcome == "not_known" for one in answers)
    return Decision(messages, replace(memory, text=turn.masked(memory.text), offered=offered), answers)

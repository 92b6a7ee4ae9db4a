"""Gaps in the PA's chat: what nobody could answer, and an answer as a reply, which is a fact once it is confirmed."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from html import escape

from sqlalchemy.orm import Session

from bot.messages.texts import day
from bot.telegram.handlers.commands import all_topics
from bot.telegram.updates.staff_bot import StaffBot
from bot.telegram.updates.turn import TelegramReply, TelegramTurn
from bot.telegram.words import wording
from bot.telegram.words.formatting import TelegramPart, as_telegram, with_choice
from office.base.errors import BadInput, Conflict, NotFound
from office.base.workdays import london_day
from office.facts.typed import FactWords, checked
from office.gaps.answering import answer_gap
from office.gaps.model import Gap, get_gap, note_gap_view, ranked_gaps, topics_of
from office.outbox.telegram import choose, message_of

SHOWN = 5
AUDIENCES = {"public": "to everybody", "staff": "to staff only"}
OTHERWISE = "membership"  # the topic of a gap that was taken for none


def list_open(turn: TelegramTurn, session: Session) -> TelegramReply:
    """/gaps: the most pressing, each a message of its own, so that it can be replied to."""
    gaps = [ranked.gap for ranked in ranked_gaps(session, limit=SHOWN, now=turn.now)]
    if not gaps:
        return turn.says(wording.NO_GAPS, "gaps")
    for gap in gaps:
        note_gap_view(session, gap, by=turn.staff(session), now=turn.now, how="telegram list")
    return TelegramReply("gaps", [*as_telegram(wording.GAPS), *(_gap_part(gap) for gap in gaps)])


def _gap_part(gap: Gap) -> TelegramPart:
    times = "once" if gap.asked == 1 else f"{gap.asked:,} times"
    words = wording.GAP.format(text=gap.text, times=times, day=day(london_day(gap.latest)))
    return replace(as_telegram(words)[-1], about=f"gap {gap.id}")


def propose(turn: TelegramTurn, session: Session, number: int) -> TelegramReply:
    """A reply to a gap is shown as the fact it would be, to be confirmed."""
    try:
        gap = get_gap(session, number)
    except NotFound:
        return turn.says(wording.GAP_GONE, "no such gap")
    if gap.state != "open":
        return turn.says(wording.GAP_CLOSED, "gap closed")
    try:
        words = checked(FactWords(_topic_of(session, gap), turn.text), all_topics())
    except BadInput as error:
        return turn.says(error.reason, "refused", about=f"gap {gap.id}", wants_reply=True)
    topic = all_topics()[words.topic].title
    rows = [
        [("Everybody", f"answer:{gap.id}:public"), ("Staff only", f"answer:{gap.id}:staff")],
        [("Do not publish", f"answer:{gap.id}:no")],
    ]
    text = wording.CONFIRM.format(gap=gap.text, says=words.says, topic=topic)
    return turn.says(text, f"proposed {gap.id}", rows, about=f"answer {gap.id}", detail=words.says)


async def press(bot: StaffBot, turn: TelegramTurn) -> None:
    """A button under a proposed answer."""
    await bot.acknowledge(turn)
    from language.encoder.vectors import sentence_vectors  # the encoder is opened by whoever publishes, and by nobody else

    await asyncio.to_thread(sentence_vectors, ["how much is it?"])
    await bot.settle(turn, _decided)


def _decided(turn: TelegramTurn, session: Session) -> TelegramReply:
    _, number, audience = (*turn.data.split(":"), "", "")[:3]
    message = turn.message
    known = message_of(session, turn.chat, message.message_id) if message is not None else None
    if known is not None and known.chosen:
        return TelegramReply("pressed again")
    if message is None or known is None or not known.detail or known.about != f"answer {number}":
        return turn.says(wording.OLD_BUTTON, "old button")
    choose(session, turn.chat, message.message_id, audience, now=turn.now)
    if audience not in AUDIENCES:
        return replace(turn.says(wording.NOT_PUBLISHED, f"not published {number}"), edit=_edited(turn, "Not published"))
    try:
        with session.begin_nested():  # what is refused in the middle leaves nothing behind
            _publish(turn, session, get_gap(session, int(number)), known.detail, audience)
    except NotFound:
        return turn.says(wording.GAP_GONE, "no such gap")
    except (Conflict, BadInput) as error:
        return replace(turn.says(str(error), "refused"), edit=_edited(turn, "Not published"))
    known.detail = None
    sentence = wording.PUBLISHED.format(audience=AUDIENCES[audience])
    return replace(turn.says(sentence, f"published {number}"), edit=_edited(turn, f"Published {AUDIENCES[audience]}"))


def _publish(turn: TelegramTurn, session: Session, gap: Gap, says: str, audience: str) -> None:
    from language.encoder.vectors import encoder_version, sentence_vectors

    answer_gap(
        session, gap, FactWords(_topic_of(session, gap), says, audience), all_topics(), trust=gap.trust or turn.settings.home_trust,
        by=turn.staff(session), encode=sentence_vectors, encoder=encoder_version(), now=turn.now,
    )  # fmt: skip


def _topic_of(session: Session, gap: Gap) -> str:
    return next((topic for topic in topics_of(session, gap) if topic in all_topics()), OTHERWISE)


def _edited(turn: TelegramTurn, choice: str) -> TelegramPart | None:
    message = turn.message
    if message is None or not message.text:
        return None
    return with_choice(message.text_html, message.text, choice) or TelegramPart(message.text, escape(message.text, quote=False))

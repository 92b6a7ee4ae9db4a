"""Grouping: each new question that nobody could answer goes to the gap of its meaning, once, whoever else is at it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Callable, Iterable

import numpy as np
from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, aliased

from office.base.database import take_turn
from office.enquiries.anonymous import without_details
from office.enquiries.log import Enquiry, Question
from office.enquiries.transcripts import Message
from office.facts.model import pack, unpack
from office.facts.published import published_details
from office.gaps.model import Gap, GapQuestion, GroupingProgress, SeenThumb, half_lives

Encode = Callable[[list[str]], np.ndarray]
ALIKE = 0.75  # the cosine to a gap's centre from which a question belongs to it (`python -m evaluation.gaps`)
ANSWERS_WITHIN = timedelta(hours=1)  # who was asked back and has said nothing for so long will not
LATE = timedelta(hours=2)  # how long after its moment an enquiry may still turn up, or a clarification turn out to have failed
UNANSWERED = ("not_known", "clarify")
LOCK = "gaps are grouped"  # no conversation's id has spaces


@dataclass(frozen=True)
class _New:
    question: int
    text: str
    trust: str | None
    received: datetime
    why: str


def group_new(session: Session, encode: Encode, *, now: datetime, limit: int = 200) -> int:
    """Put up to `limit` questions that nobody could answer, and that are in no gap yet, into one; give their number.

    They are: those not known, those asked back that led to no answer, and those whose answer got a thumbs-down. What was
    withheld stays out. In two workers at once one waits for the other, and no question is taken twice. `encode` gives unit
    vectors, shape (n, 384); it is called before anybody has to wait. Twice with nothing new, it does nothing.
    """
    new, until = _unanswered(session, now, limit)
    thumbs, seen = _thumbs_down(session, limit)
    new = list({one.question: one for one in [*thumbs, *new]}.values())
    texts = [without_details(one.text, published_details(session)) for one in new] if new else []
    vectors = encode(texts) if texts else np.zeros((0, 1), np.float32)
    if not new and not seen and until is None:
        return 0
    take_turn(session, LOCK)
    taken = _in_a_gap(session, [one.question for one in new])
    fresh = [(one, text, vector) for one, text, vector in zip(new, texts, vectors) if one.question not in taken]
    _put_away(session, fresh)
    known = set(session.execute(select(SeenThumb.message).where(SeenThumb.message.in_(seen))).scalars())
    session.add_all(SeenThumb(message=message) for message in seen if message not in known)
    _come_as_far_as(session, until)
    session.flush()
    return len(fresh)


def _unanswered(session: Session, now: datetime, limit: int) -> tuple[list[_New], datetime | None]:
    """Return the new questions that were not answered, also after a clarifying question, in order; and how far they reach."""
    progress = session.get(GroupingProgress, 1, populate_existing=True)
    following = aliased(Enquiry)
    in_vain = and_(
        Question.outcome == "clarify",
        or_(
            and_(following.outcome.is_not(None), following.outcome != "answered"),
            and_(following.outcome.is_(None), Enquiry.received < now - ANSWERS_WITHIN),
        ),
    )
    query = (
        select(Question.id, Question.text, Question.trust, Enquiry.received, Question.outcome)
        .join(Enquiry, Question.enquiry == Enquiry.id)
        .outerjoin(following, and_(following.conversation == Enquiry.conversation, following.sequence == Enquiry.sequence + 1))
        .outerjoin(GapQuestion, GapQuestion.question == Question.id)
        .where(Enquiry.withheld.is_(False), GapQuestion.id.is_(None), Question.text != "")
        .where(or_(Question.outcome == "not_known", in_vain))
        .order_by(Enquiry.received, Question.id)
        .limit(limit)
    )
    if progress is not None:
        query = query.where(Enquiry.received >= progress.until - LATE)
    rows = session.execute(query).all()
    if len(rows) == limit:
        until: datetime | None = rows[-1].received
    else:
        until = session.execute(select(Enquiry.received).order_by(Enquiry.received.desc()).limit(1)).scalar()
    if progress is not None and until is not None and until <= progress.until:
        until = None
    return [_New(*row) for row in rows], until


def _thumbs_down(session: Session, limit: int) -> tuple[list[_New], list[int]]:
    """Return the questions of answers that got a thumbs-down, and the messages that were looked at.

    A reply names the enquiry it answers.
    """
    query = (
        select(Message.id, Message.enquiry)
        .outerjoin(SeenThumb, SeenThumb.message == Message.id)
        .where(Message.thumb == "down", SeenThumb.message.is_(None))
        .order_by(Message.id)
        .limit(limit)
    )
    found: list[_New] = []
    seen: list[int] = []
    for message, enquiry in session.execute(query).all():
        seen.append(message)
        if enquiry is None:
            continue  # a reply of the form, or the enquiry is erased
        asked = (
            select(Question.id, Question.text, Question.trust, Enquiry.received)
            .join(Enquiry, Question.enquiry == Enquiry.id)
            .where(Enquiry.id == enquiry, Enquiry.withheld.is_(False))
            .where(Question.outcome.in_(("answered", *UNANSWERED)), Question.text != "")
        )
        found += [_New(row.id, row.text, row.trust, row.received, "thumbs_down") for row in session.execute(asked)]
    return found, seen


def _in_a_gap(session: Session, questions: list[int]) -> set[int]:
    return set(session.execute(select(GapQuestion.question).where(GapQuestion.question.in_(questions))).scalars())


def _come_as_far_as(session: Session, until: datetime | None) -> None:
    progress = session.get(GroupingProgress, 1, populate_existing=True)
    if progress is None and until is not None:
        session.add(GroupingProgress(id=1, until=until))
    elif progress is not None and until is not None and until > progress.until:
        progress.until = until


class GapCentres:
    """The centres of one trust's gaps; a question goes to the nearest that is near enough."""

    def __init__(self, numbers: list[int], vectors: np.ndarray) -> None:
        self.numbers, self._vectors = list(numbers), vectors
        self._places = {number: place for place, number in enumerate(numbers)}

    def nearest(self, vector: np.ndarray) -> int | None:
        """Return the number of the gap a question belongs to, or None where no gap is near enough."""
        if not self.numbers:
            return None
        near = self._vectors[: len(self.numbers)] @ vector
        best = int(near.argmax())
        return self.numbers[best] if near[best] >= ALIKE else None

    def centre(self, number: int) -> np.ndarray:
        """Return a gap's centre."""
        return np.asarray(self._vectors[self._places[number]])

    def move(self, number: int, vector: np.ndarray) -> None:
        """Keep a gap's centre, new or moved."""
        place = self._places.setdefault(number, len(self.numbers))
        if place == len(self.numbers):
            self.numbers.append(number)
            if place >= len(self._vectors):  # room for more than this one, so that many new gaps are not copied many times
                self._vectors = np.concatenate([self._vectors, np.zeros((max(64, place), len(vector)), np.float32)])
        self._vectors[place] = vector


def moved(centre: np.ndarray, count: int, vector: np.ndarray) -> np.ndarray:
    """Return the centre, unit length, of `count` questions and one more."""
    total = centre * count + vector
    return np.asarray(total / (np.linalg.norm(total) or 1.0), dtype=np.float32)


def _put_away(session: Session, fresh: Iterable[tuple[_New, str, np.ndarray]]) -> None:
    centres: dict[str | None, GapCentres] = {}
    for one, text, vector in fresh:
        if one.trust not in centres:
            centres[one.trust] = _centres(session, one.trust, len(vector))
        here = centres[one.trust]
        number = here.nearest(vector)
        gap = session.get(Gap, number) if number is not None else None
        if gap is None:
            gap = Gap(text=text, trust=one.trust, latest=one.received, centre=pack(vector), heat=half_lives(one.received), asked=1)
            session.add(gap)
            session.flush()
            here.move(gap.id, vector)
        else:
            centre = moved(here.centre(gap.id), gap.asked, vector)
            gap.centre, gap.asked, gap.latest = pack(centre), gap.asked + 1, max(gap.latest, one.received)
            gap.heat = float(np.logaddexp2(gap.heat, half_lives(one.received)))
            here.move(gap.id, centre)
            if gap.state == "answered" and gap.closed is not None and one.received > gap.closed:
                gap.state = "open"  # the fact did not help; it stays named
        session.add(GapQuestion(gap=gap.id, question=one.question, why=one.why))
    session.flush()


def _centres(session: Session, trust: str | None, width: int) -> GapCentres:
    rows = session.execute(select(Gap.id, Gap.centre).where(Gap.trust == trust if trust is not None else Gap.trust.is_(None))).all()
    vectors = unpack([row.centre for row in rows]) if rows else np.zeros((0, width), np.float32)
    return GapCentres([row.id for row in rows], vectors)

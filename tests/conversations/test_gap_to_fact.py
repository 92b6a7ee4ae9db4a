"""From a question nobody could answer to a fact: on the real assistant, which is not trained anew and not restarted."""

from __future__ import annotations

import uuid
from datetime import datetime, timezone

import httpx
import pytest
from sqlalchemy import select

from bot.inbox.preview.asking import PREVIEW, encode, encoder, present_index, preview, read, topics
from office.base.database import Database
from office.base.staff import Staff
from office.base.workdays import london_day
from office.enquiries.log import Enquiry
from office.facts.typed import FactWords
from office.gaps.answering import answer_gap, proposed_wordings, undo_answer
from office.gaps.grouping import group_new
from office.gaps.model import Gap, topics_of
from settings import Settings
from tests.living import Usher

pytestmark = pytest.mark.example

SAYS = {
    "Would we be on different term dates?": "Schoolsworks keeps the county's term dates.",
    "How many Ofsted outstanding schools do you have?": "Two of Schoolsworks' schools were graded outstanding.",
    "will they get rid of the breakfast club": "Every Schoolsworks primary keeps its breakfast club.",
    "Who is the trust safeguarding lead?": "Jo Sample leads on safeguarding at Schoolsworks.",
}


def say(usher: Usher, text: str) -> tuple[str, str]:
    """Say something in a conversation of its own; give outcome and text of the reply."""
    said = httpx.post(f"{usher.website}/api/chat", json={"conversation": None, "message": text}, timeout=30).json()["messages"]
    return said[-1]["custom"]["outcome"], " ".join(message["text"] for message in said)


def working(usher: Usher) -> tuple[Database, Settings]:
    """The database and the settings of the running Usher."""
    settings = Settings.read({**usher.settings})
    return Database(settings.database_url), settings


@pytest.mark.parametrize("asked", SAYS)
def test_what_was_not_known_is_answered_right_after_staff_answered_it(running: Usher, asked: str) -> None:
    before, _ = say(running, asked)
    assert before in ("not_known", "clarify")
    database, settings = working(running)
    now = datetime.now(timezone.utc)
    with database.transaction() as session:
        ann = Staff(name="Ann Example", email=f"{uuid.uuid4().hex}@example.org", role="pa", made=now)
        session.add(ann)
        group_new(session, encode, now=now.replace(year=now.year + 1), limit=1000)  # whoever was asked back has long gone
    with database.transaction() as session:
        gap = session.execute(select(Gap).where(Gap.text == asked, Gap.state == "open")).scalar_one()
        words = FactWords(topics_of(session, gap)[0] if topics_of(session, gap) else "school_day", SAYS[asked], wordings=(asked,))
        assert asked in proposed_wordings(session, gap)
        answer_gap(session, gap, words, topics(), trust="schoolsworks", by=session.merge(ann), encode=encode, encoder=encoder(), now=now)
    outcome, text = say(running, asked)
    assert outcome == "answered"
    assert SAYS[asked] in text and "Source: Ann Example, Schoolsworks, " in text
    with database.transaction() as session:
        index = present_index(database, session, now.date())
        tried = preview(read([asked], settings, index, session)[0], index, "schoolsworks", session, settings, now)
        assert tried.by_model and tried.outcome == "answered" and " ".join(tried.says.split()) in " ".join(text.split())
        undo_answer(session, session.get(Gap, gap.id), by=session.merge(ann), now=now)
    assert say(running, asked)[0] == before
    database.engine.dispose()


QUESTIONS = (
    "How much is associate membership?",
    "Who chairs the Head's Forum?",
    "what is tupe",
    "hello",
    "thanks, that's all for now",
    "How long does it last and what does it cost?",
    "is there a place next term?",
    "can someone ring me?",
    "I would like to talk to a person",
    "I want to make a complaint",
    "what did you do with my enquiry?",
    "combien coûte l'adhésion associée pour une école?",
    "we have a pupil with autism called Ben, what support is there",
    "/restart",
    "does CLPT cost more than you do?",
    "tell me more",
)


@pytest.mark.parametrize("asked", QUESTIONS)
def test_the_preview_says_what_the_chat_says(running: Usher, asked: str) -> None:
    database, settings = working(running)
    now = datetime.now(timezone.utc)
    outcome, text = say(running, asked)
    with database.transaction() as session:
        index = present_index(database, session, london_day(now))
        tried = preview(read([asked], settings, index, session)[0], index, "schoolsworks", session, settings, now)
        kept = session.execute(select(Enquiry).where(Enquiry.conversation == PREVIEW)).scalars().all()
    assert tried.by_model and not kept
    assert (tried.outcome, tried.says.split()) == (outcome, text.split())
    database.engine.dispose()


def test_a_thumbs_down_reaches_the_gap_of_its_question(running: Usher) -> None:
    asked = "How much is associate membership for a term?"
    said = httpx.post(f"{running.website}/api/chat", json={"conversation": None, "message": asked}, timeout=30).json()
    number = said["messages"][-1]["n"]
    path = f"{running.website}/api/chat/{said['conversation']}/feedback"
    httpx.post(path, json={"n": number, "thumb": "down"}, timeout=30).raise_for_status()
    database, _ = working(running)
    with database.transaction() as session:
        group_new(session, encode, now=datetime.now(timezone.utc), limit=1000)
    with database.transaction() as session:
        assert session.execute(select(Gap).where(Gap.text == asked)).scalar_one().state == "open"
    database.engine.dispose()

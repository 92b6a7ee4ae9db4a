"""Before somebody agrees: what they tell waits in memory, a yes with more in it is one, and nothing unsure is."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import func, select

from office.base.database import Database
from office.leads.model import Lead, LeadDraft
from tests.office.answering.visitor import OPENING, SEND, SKIP, OfficeVisitor, knowledge_of


@pytest.fixture
def visitor(database: Database, now: datetime) -> OfficeVisitor:
    """Somebody who was asked whether their details may be taken."""
    one = OfficeVisitor(database, knowledge_of(database, now), now)
    one.say(OPENING)
    return one


def drafts(database: Database) -> int:
    with database.transaction() as session:
        return int(session.execute(select(func.count()).select_from(LeadDraft)).scalar_one())


def test_what_is_typed_before_the_yes_is_not_asked_for_again_and_not_kept_until_then(database: Database, visitor: OfficeVisitor) -> None:
    assert "keep none of it until you agree" in visitor.say("Hill Road Primary")
    visitor.say("Jo Field")
    assert visitor.asked == "consent" and drafts(database) == 0
    visitor.say("yes")
    assert visitor.asked == "role" and drafts(database) == 1


@pytest.mark.parametrize(
    "typed",
    ["ok, but by e-mail please", "yes of course, I'm Jo Field from Hill Road Primary", "Yes, please put us down, and yes you may have my details.", "fine. Jo Field, head, Hill Road Primary, jo@hill.example.org"],
)  # fmt: skip
def test_a_yes_with_more_in_it_is_one(typed: str, visitor: OfficeVisitor) -> None:
    visitor.say(typed)
    assert visitor.asked not in ("", "consent")


def test_details_beside_the_yes_are_taken(database: Database, visitor: OfficeVisitor) -> None:
    visitor.say("Yes. Jo Field, head, Hill Road Primary, jo@hill.example.org")
    visitor.say(SKIP)
    visitor.say(SEND)
    with database.transaction() as session:
        lead = session.execute(select(Lead)).scalar_one()
        assert (lead.name, lead.role, lead.school, lead.email) == ("Jo Field", "head", "Hill Road Primary", "jo@hill.example.org")


@pytest.mark.parametrize(
    "typed",
    [
        "ok but what do you do with it?",
        "hmm, not sure",
        "I'd have to ask my chair first",
        "yes, no, I don't know",
        "ok but first, who sees it?",
    ],
)
def test_what_is_not_sure_is_no_consent(typed: str, database: Database, visitor: OfficeVisitor) -> None:
    visitor.say(typed)
    assert drafts(database) == 0


@pytest.mark.parametrize("typed", ["no thank you", "I'd rather not", "I do not consent", "nope, forget it", "wrong page, sorry"])
def test_a_refusal_ends_it(typed: str, database: Database, visitor: OfficeVisitor) -> None:
    visitor.say(typed)
    assert visitor.last["ended"] == "cancelled" and drafts(database) == 0

"""Whether a place is free: the one answer that comes from what staff record each term, and not from a document."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from language.details import term_in
from office.answering.frames import frame
from office.choosing.choose import Answer
from office.choosing.index import KnownFact
from office.leads.places import places_ahead, term_title

TOPICS = ("associate_places", "capacity")
# for which the model takes "is there a place next term?"; None where it takes it for nothing
NEAR = ("membership_renewal", "membership_duration", "membership", "how_to_join", "eligibility", "growth_plans", "pupil_places", None)
SHOWN_TERMS = 3
_FREE = re.compile(
    r"\b(?:places?|spaces?|slots?|spots?|room|vacanc\w+)\b.*\b(?:left|free|available|open|taken|gone|going|full|next|this|now|still|yet|spring|summer|autumn|term|year)\b"
    r"|\b(?:any|is there|are there|have you|do you have|got)\b.*\b(?:places?|spaces?|slots?|spots?|room|vacanc\w+)\b"
    r"|\b(?:fully? booked|full up|are (?:you|u) full|r u full|you(?:'re| are) full)\b"
    r"|\b(?:take|join|start|squeeze)\b.*\b(?:next|this|spring|summer|autumn) term\b"
    r"|\bassociate members?\b.*\b(?:next|this|spring|summer|autumn) term\b|\bget (?:a|one of the) places?\b",
    re.I,
)
_ASKED_FOR = re.compile(
    r"\b(?:is there|are there|any|got|have you|do you have|will there be|how many)\b[^.?!]*\b(?:places?|spaces?|slots?|spots?|room|vacanc\w+)\b"
    r"|\bget (?:a|one of the) places?\b",
    re.I,
)
_A_PUPILS = re.compile(
    r"\b(?:pupils?|child(?:ren)?|sons?|daughters?|kids?|boys?|girls?|reception|nursery|year \d|(?:my|her|his) \w+ old|sixth form|secondary|catchment|admissions?|"
    r"classes|meeting|training|course)\b",
    re.I,
)
_HELD = re.compile(r"\b(?:renew\w*|exten\w+|stay\w*|keep|lose|again|another|afterwards|how long)\b", re.I)  # a place that one has already


def place_sentences(session: Session, day: date) -> list[tuple[str, str]]:
    """Return for each term that runs or is to come its id and how many of its places are free; nothing where staff record none."""
    return [
        (term.id, frame("places_free" if free else "places_none", term=term_title(term.id), free=str(free), places=str(term.places)))
        for term, _, free in places_ahead(session, day)[:SHOWN_TERMS]
    ]


def with_places(answer: Answer, session: Session, home: str, day: date) -> Answer:
    """Answer from the recorded places where the question is whether one is free, and the documents cannot know it.

    A term that the question names is a condition; of one nobody has recorded it is not known.
    """
    near = answer.topic in NEAR and _ASKED_FOR.search(answer.text) and not _HELD.search(answer.text) and not _A_PUPILS.search(answer.text)
    if answer.trust != home or not (near or answer.topic in TOPICS and _FREE.search(answer.text)):
        return answer
    if (
        answer.outcome == "answered"
        and answer.topic == "capacity"
        and not re.search(r"\b(free|left|available|taken|full|next|now)\b", answer.text, re.I)
    ):
        return answer
    facts = [
        KnownFact(
            id=f"{home}.places.{term}", trust=home, topic="associate_places", subject=f"{home}.places", position=position, says=says,
            values=(), source_title=frame("places_source"), source_section="", as_of=day.isoformat(),
            dated=f"{day.day} {day:%B %Y}", audience="public", first_wording=says, by_staff=True,
        )
        for position, (term, says) in enumerate(place_sentences(session, day))
    ]  # fmt: skip
    term = term_in(answer.text, day)
    found = [fact for fact in facts if term is None or fact.id.endswith(f".{term}")]
    about = replace(answer, topic="associate_places", topics=["associate_places"], facts=found, near=[], missing=None, choices=[])
    if found:
        return replace(about, outcome="answered")
    return replace(about, outcome="not_known", near=facts[:1])  # of that term staff have recorded nothing: another one's is no answer

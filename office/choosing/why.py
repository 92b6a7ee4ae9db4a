"""Why an answer is what it is: what was considered, how sure the office was of it, and what it would have taken."""

from __future__ import annotations

from dataclasses import dataclass

from office.choosing.index import Index
from office.choosing.judgement import Judgement
from office.choosing.ranking import AskedQuestion, Candidate, features, preferring, rank


@dataclass(frozen=True)
class Considered:
    """A fact, or a subject's facts together, that stood to be the answer."""

    id: str
    kind: str
    trust: str
    topic: str
    says: str
    similarity: float
    score: float
    nearest: str  # the wording it resembles most


@dataclass(frozen=True)
class Why:
    """What was considered, best first; `sure` is how likely the best one is right, and from where it is given or asked back."""

    topics: list[tuple[str, float]]
    considered: list[Considered]
    not_known: list[tuple[str, float]]  # topics no document answers, with their similarity
    sure: float
    answer_from: float
    ask_from: float


def why(asked: AskedQuestion, index: Index, judgement: Judgement, home: str, *, most: int = 6) -> Why:
    """Return why a question that begins a conversation is answered as it is; the decision itself is `office.choosing.choose.answer`."""
    trusts = tuple(trust for trust in dict.fromkeys(asked.trusts) if trust in index.trusts)
    candidates, unknown = rank(asked, index, judgement, trusts, preferring(home))
    sure = 0.0
    if candidates:
        everywhere = rank(asked, index, judgement, (), preferring(home))[0][0] if trusts else candidates[0]
        sure = judgement.confidence(features(asked, index, candidates, unknown, everywhere))
    topics = sorted(((intent.removeprefix("ask/"), p) for intent, p in asked.intents.items()), key=lambda pair: -pair[1])
    return Why(
        topics[:3], [_considered(one, asked, index) for one in candidates[:most]], [(topic, near) for _, near, topic in unknown[:2]], sure,
        judgement.answer_from, judgement.ask_from,
    )  # fmt: skip


def _considered(one: Candidate, asked: AskedQuestion, index: Index) -> Considered:
    says = index.facts[one.owner].says if one.kind == "fact" else index.subject_title[one.owner]
    nearest = index.nearest_wording(one.kind, one.owner, asked.vector)[1]
    return Considered(one.owner, one.kind, one.trust, one.topic, says, one.similarity, one.score, nearest)

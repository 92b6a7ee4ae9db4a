"""The one decision: for each question, which facts answer it, or that none does. The rule every door and the preview use."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field, replace

import numpy as np

from office.attributes import Wanted, gives, wanted_by
from office.index import Index, KnownFact, content_words
from office.judgement import Judgement
from office.premises import Correction, false_premise

FACT_ROOM = 400  # characters of facts in a narrow answer; a reply may have 700
LIST_ROOM = 900  # in a list; a reply may have 1,400
SIBLING_WITHIN = 0.22  # how far behind the best fact a sibling may stand and still add something
COMPARE_INTENT = "compare"


@dataclass(frozen=True)
class Asked:
    """One question as it was read. `context` is the vector of the question together with the one before, where it leans on it."""

    text: str
    vector: np.ndarray
    intents: dict[str, float]
    trusts: tuple[str, ...] = ()
    loose_trusts: tuple[str, ...] = ()
    context: np.ndarray | None = None
    context_text: str = ""


@dataclass(frozen=True)
class Memory:
    """What of the conversation so far matters to the next answer."""

    trust: str | None = None
    text: str = ""
    topics: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    clarified: bool = False


@dataclass(frozen=True)
class Candidate:
    """A fact or a subject that may answer, with its score and what the score is made of."""

    kind: str
    owner: str
    trust: str
    topic: str
    score: float
    similarity: float
    words: float


@dataclass
class Answer:
    """What was decided for one question."""

    text: str
    outcome: str
    trust: str
    topic: str | None = None
    facts: list[KnownFact] = field(default_factory=list)
    near: list[KnownFact] = field(default_factory=list)  # said beside a "not known": what the documents do say
    missing: str | None = None  # the attribute that was asked and that no fact gives
    correction: Correction | None = None
    choices: list[Candidate] = field(default_factory=list)
    compared: list[Answer] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)
    confidence: float = 0.0
    is_list: bool = False


def answer(asked: Asked, memory: Memory, index: Index, judgement: Judgement, home: str, *, staff: bool = False) -> Answer:
    """Decide one question: `answered`, `clarify`, `not_known` or `declined`, with the facts to give.

    A named trust is a condition; where none is named, the one the conversation is about, or home, is preferred.
    """
    here = memory.trust or home
    trusts = tuple(trust for trust in dict.fromkeys(asked.trusts) if trust in index.trusts)
    if len(trusts) >= 2 or (trusts or memory.trust) and _wants_comparison(asked):
        pair = trusts[:2] if len(trusts) >= 2 else _pair(trusts, memory, home)
        if len(set(pair)) == 2:
            return _compare(asked, memory, index, judgement, pair, staff)
    return _decide(asked, memory, index, judgement, trusts, here, staff)


def _wants_comparison(asked: Asked) -> bool:
    return asked.intents.get(COMPARE_INTENT, 0.0) > 0.4 or bool(re.search(r"\b(compare[ds]?|comparison|versus|vs|differ(s|ent|ence)?)\b", asked.text, re.I))


def _pair(trusts: tuple[str, ...], memory: Memory, home: str) -> tuple[str, ...]:
    first = trusts[0] if trusts else home
    second = memory.trust if memory.trust and memory.trust != first else home
    return (first, second)


def rank(
    asked: Asked, index: Index, judgement: Judgement, trusts: tuple[str, ...], here: str, staff: bool = False
) -> tuple[list[Candidate], list[tuple[float, float, str]]]:
    """Give the candidates, best first, and the topics no document answers as (score, similarity, topic), best first."""
    similar = index.similarities(asked.vector)
    if asked.context is not None:
        similar = np.maximum(similar * 0.8, index.similarities(asked.context))
    words = set(content_words(asked.context_text or asked.text))
    weight = sum(index.rarity(word) for word in words) or 1.0
    candidates: list[Candidate] = []
    unknown: list[tuple[float, float, str]] = []
    for place, (kind, owner) in enumerate(index.owners):
        similarity = float(similar[place])
        if kind == "topic":
            if index.topics[owner].not_known:
                unknown.append((similarity + judgement.topic * _log(asked, owner), similarity, owner))
            continue
        head = index.facts[owner] if kind == "fact" else index.by_subject[owner][0]
        topic = head.topic if kind == "fact" else index.subject_topic[owner]
        if trusts and head.trust not in trusts or head.audience == "staff" and not staff:
            continue
        if not trusts and head.trust != here and topic in index.topics and not index.topics[topic].crosses:
            continue
        shared = sum(index.rarity(word) for word in words & _words(index, kind, owner, head)) / weight
        score = similarity + judgement.topic * _log(asked, topic) + judgement.words * shared
        score += judgement.here * (head.trust == here) + judgement.loose * (head.trust in asked.loose_trusts)
        candidates.append(Candidate(kind, owner, head.trust, topic, score, similarity, shared))
    candidates.sort(key=lambda c: -c.score)
    unknown.sort(reverse=True)
    return candidates, unknown


def _log(asked: Asked, topic: str) -> float:
    return math.log(asked.intents.get(f"ask_{topic}", 0.0) + 1e-3)


def _words(index: Index, kind: str, owner: str, head: KnownFact) -> frozenset[str]:
    if kind == "fact":
        return head.words
    return frozenset(word for fact in index.by_subject[owner] for word in fact.words)


def features(
    asked: Asked, index: Index, candidates: list[Candidate], unknown: list[tuple[float, float, str]], everywhere: Candidate
) -> dict[str, float]:
    """Give what the confidence is judged by."""
    best = candidates[0]
    known = sum(p for intent, p in asked.intents.items() if _is_known(index, intent))
    outside = asked.intents.get("out_of_scope", 0.0)
    subject = _subject(index, best)
    rival = next((c for c in candidates if _subject(index, c) != subject), best)
    return {
        "similarity": best.similarity,
        "ahead_of_unknown": best.score - unknown[0][0] if unknown else 0.0,
        "unknown_similarity": unknown[0][1] if unknown else 0.0,
        "known_topics": known,
        "own_topic": asked.intents.get(f"ask_{best.topic}", 0.0),
        "outside": outside,
        "words": best.words,
        "ahead_of_rival": best.score - rival.score,
        "behind_elsewhere": min(0.0, best.score - everywhere.score),
        "length": min(1.0, len(asked.text) / 150),
    }


def _is_known(index: Index, intent: str) -> bool:
    topic = index.topics.get(intent.removeprefix("ask_"))
    return intent.startswith("ask_") and topic is not None and topic.not_known is None


def _subject(index: Index, candidate: Candidate) -> str:
    return candidate.owner if candidate.kind == "subject" else index.facts[candidate.owner].subject


def _decide(
    asked: Asked, memory: Memory, index: Index, judgement: Judgement, trusts: tuple[str, ...], here: str, staff: bool
) -> Answer:
    about = trusts[0] if trusts else here
    candidates, unknown = rank(asked, index, judgement, trusts, here, staff)
    if not candidates:
        return Answer(asked.text, "not_known", about)
    everywhere = rank(asked, index, judgement, (), here, staff)[0][0] if trusts else candidates[0]
    sure = judgement.confidence(features(asked, index, candidates, unknown, everywhere))
    best = candidates[0]
    given, is_list = _facts_for(best, candidates, index)
    found = Answer(
        asked.text, "answered", best.trust, best.topic, given, topics=[best.topic], confidence=sure, is_list=is_list
    )
    correction = false_premise(asked.text, given)
    if sure >= judgement.answer_from:
        wanted = wanted_by(asked.text)
        if wanted is not None and correction is None:
            return _check_attribute(found, wanted, candidates, index, judgement)
        return replace(found, correction=correction)
    refused = _refuse(asked, found, candidates, unknown, index, about)
    if refused.outcome == "not_known" and sure >= judgement.ask_from and not memory.clarified:
        choices = _choices(candidates, index)
        if len(choices) >= 2:
            return replace(refused, outcome="clarify", choices=choices, near=[], facts=[])
    return refused


def _facts_for(best: Candidate, candidates: list[Candidate], index: Index) -> tuple[list[KnownFact], bool]:
    """Give the best fact and those of its subject that add something, within the room there is; and whether it is a list."""
    scores = {c.owner: c.score for c in candidates if c.kind == "fact"}
    members = index.by_subject[_subject(index, best)]
    if best.kind == "subject":
        return _fit(members, LIST_ROOM), len(members) > 1
    first = index.facts[best.owner]
    rest = [f for f in members if f.id != first.id and scores.get(f.id, -9.0) >= best.score - SIBLING_WITHIN]
    rest.sort(key=lambda f: (-scores[f.id], f.position))
    return _fit([first, *rest], FACT_ROOM), False


def _fit(facts: list[KnownFact], room: int) -> list[KnownFact]:
    """Give the first facts that fit into the room, leaving out those that repeat what has been said."""
    given: list[KnownFact] = []
    said: set[str] = set()
    for fact in facts:
        words = set(content_words(fact.says))
        if given and (room < len(fact.says) or len(words - said) < 3):
            continue
        given.append(fact)
        said |= words
        room -= len(fact.says)
    return given


def _check_attribute(found: Answer, wanted: Wanted, candidates: list[Candidate], index: Index, judgement: Judgement) -> Answer:
    """Keep the answer where a fact gives what was asked for, and put that fact first; else say that it is not there."""
    holding = [fact for fact in found.facts if gives(fact, wanted)]
    if not holding:
        near = [index.facts[c.owner] for c in candidates[:12] if c.kind == "fact" and c.topic == found.topic]
        holding = [fact for fact in near if gives(fact, wanted)][:1]
    if holding:
        facts = [holding[0], *(fact for fact in found.facts if fact.id != holding[0].id)]
        return replace(found, facts=_fit(facts, LIST_ROOM if found.is_list else FACT_ROOM))
    return replace(found, outcome="not_known", missing=wanted.name, near=found.facts[:1], facts=[])


def _refuse(
    asked: Asked, found: Answer, candidates: list[Candidate], unknown: list[tuple[float, float, str]], index: Index, about: str
) -> Answer:
    """Say no, as precisely as can be: the topic no document answers, or out of scope, or just "no fact"."""
    refused = replace(found, outcome="not_known", trust=about, facts=[], is_list=False)
    outside = asked.intents.get("out_of_scope", 0.0)
    likeliest = max((p for intent, p in asked.intents.items() if intent.startswith("ask_")), default=0.0)
    if outside > likeliest:
        return replace(refused, outcome="declined", topic=None, topics=[])
    best = candidates[0]
    if unknown:
        _, similarity, topic = unknown[0]
        if similarity >= 0.5 or asked.intents.get(f"ask_{topic}", 0.0) >= 0.25:
            near = [best.owner] if best.kind == "fact" and best.topic in index.topics[topic].near and best.similarity > 0.5 else []
            return replace(refused, topic=topic, topics=[topic], near=[index.facts[owner] for owner in near])
    near_facts = found.facts[:1] if best.similarity >= 0.55 else []
    return replace(refused, topic=best.topic if near_facts else None, topics=[best.topic] if near_facts else [], near=near_facts)


def _choices(candidates: list[Candidate], index: Index) -> list[Candidate]:
    """Give up to three candidates of different subjects to choose from."""
    chosen: dict[str, Candidate] = {}
    titles: set[str] = set()
    for candidate in candidates[:25]:
        subject = _subject(index, candidate)
        title = index.subject_title[subject].lower()
        if subject not in chosen and title not in titles:
            chosen[subject] = candidate
            titles.add(title)
        if len(chosen) == 3:
            break
    return list(chosen.values())


def _compare(
    asked: Asked, memory: Memory, index: Index, judgement: Judgement, pair: tuple[str, ...], staff: bool
) -> Answer:
    """Answer for each of two trusts, on the topic they are compared on."""
    halves = []
    for trust in pair:
        candidates, _ = rank(asked, index, judgement, (trust,), trust, staff)
        halves.append(candidates)
    topic = _shared_topic(asked, memory, halves, index)
    compared = []
    for trust, candidates in zip(pair, halves):
        fitting = [c for c in candidates if c.topic == topic]
        if not fitting:
            compared.append(Answer(asked.text, "not_known", trust, topic, topics=[topic] if topic else []))
            continue
        given, _ = _facts_for(fitting[0], fitting, index)
        compared.append(Answer(asked.text, "answered", trust, topic, _fit(given, FACT_ROOM), topics=[topic] if topic else []))
    outcome = "answered" if any(half.facts for half in compared) else "not_known"
    facts = [fact for half in compared for fact in half.facts]
    return Answer(
        asked.text, outcome, pair[0], topic, facts, compared=compared, topics=[topic] if topic else [], confidence=1.0
    )


def _shared_topic(asked: Asked, memory: Memory, halves: list[list[Candidate]], index: Index) -> str | None:
    """Give the topic two trusts are compared on: the one both have most to say on, or the one that was asked before."""
    best: dict[str, list[float]] = {}
    for half in halves:
        seen: set[str] = set()
        for candidate in half:
            if candidate.topic not in seen:
                seen.add(candidate.topic)
                best.setdefault(candidate.topic, []).append(candidate.score)
    named = max(
        ((p, intent.removeprefix("ask_")) for intent, p in asked.intents.items() if _is_known(index, intent)), default=(0.0, "")
    )
    if named[0] < 0.3 and memory.topics and not content_words(re.sub(r"compar\w+|differ\w*|versus|vs", "", asked.text)):
        return memory.topics[0]
    if named[0] >= 0.3:
        return named[1]
    if not best:
        return None
    return max(best, key=lambda topic: sum(best[topic]) - 0.4 * (len(halves) - len(best[topic])) * 2)


def more_of(memory: Memory, index: Index, home: str) -> Answer | None:
    """Give what the last answer's subject holds beyond what was said, or None where that was all."""
    said = [index.facts[fact] for fact in memory.facts if fact in index.facts]
    if not said:
        return None
    rest = [fact for fact in index.by_subject[said[0].subject] if fact.id not in memory.facts]
    if not rest:
        return None
    given = _fit(rest, LIST_ROOM)
    return Answer("", "answered", said[0].trust, said[0].topic, given, topics=[said[0].topic], confidence=1.0, is_list=True)

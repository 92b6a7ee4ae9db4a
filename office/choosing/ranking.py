"""Ranking: which facts and subjects a question resembles most, and what speaks for and against the best of them."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from office.choosing.attributes import gives, wanted_by
from office.choosing.index import Index, KnownFact, content_words
from office.choosing.judgement import Judgement

CONTEXT_WORD = 0.3  # what a word of the question before counts, beside one of the question itself


@dataclass(frozen=True)
class AskedQuestion:
    """One question as it was read, with its vectors, unit length, shape (384,).

    `text` is the corrected text, for reading only; `own` are the visitor's words as they spelt them. `bare` is the question's vector
    without the names of trusts, where it names one; `context` that of the question together with the one before, where it leans on it.
    """

    text: str
    vector: np.ndarray
    intents: dict[str, float]
    own: str = ""
    trusts: tuple[str, ...] = ()
    loose_trusts: tuple[str, ...] = ()
    bare: np.ndarray | None = None
    context: np.ndarray | None = None
    context_text: str = ""
    context_topics: tuple[str, ...] = ()


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


@dataclass(frozen=True)
class TrustPreference:
    """Where the talk is: the trust it is about, those whose cost, contacts and places may be given, whose facts it leans on."""

    trust: str
    own: frozenset[str]
    spoken: str | None = None


def preferring(trust: str) -> TrustPreference:
    """Return the place of a conversation that is about one trust and no other."""
    return TrustPreference(trust, frozenset({trust}))


def in_context(asked: AskedQuestion, index: Index) -> AskedQuestion:
    """Let a question that leans on the one before be about what the two together resemble."""
    if asked.context is None:
        return asked
    nearest = index.topic_weights(index.similarities(asked.context))
    blended = {f"ask/{topic}": 0.5 * weight + 0.5 * asked.intents.get(f"ask/{topic}", 0.0) for topic, weight in nearest.items()}
    rest = {intent: 0.5 * p for intent, p in asked.intents.items() if intent not in blended}
    return replace(asked, intents={**blended, **rest})


def rank(
    asked: AskedQuestion, index: Index, judgement: Judgement, trusts: tuple[str, ...], here: TrustPreference
) -> tuple[list[Candidate], list[tuple[float, float, str]]]:
    """Return the candidates, best first, and the topics no document answers as (score, similarity, topic), best first."""
    similar = _similarities(asked, index, asked.vector)
    unnamed = similar
    if asked.bare is not None:
        unnamed = _similarities(asked, index, asked.bare)
        similar = np.maximum(similar, unnamed)
    wanted = wanted_by(asked.text)
    words = dict.fromkeys(content_words(asked.context_text), CONTEXT_WORD) | dict.fromkeys(content_words(asked.text), 1.0)
    weights = {word: share * index.rarity(word) for word, share in words.items()}
    weight = sum(weights.values()) or 1.0
    candidates: list[Candidate] = []
    unknown: list[tuple[float, float, str]] = []
    for place, (kind, owner) in enumerate(index.owners):
        similarity = float(similar[place])
        if kind == "topic":
            similarity = float(unnamed[place])  # that a wording names the same trust tells nothing
            if index.topics[owner].not_known:
                unknown.append((similarity + judgement.topic * _log(asked, owner), similarity, owner))
            continue
        head = index.facts[owner] if kind == "fact" else index.by_subject[owner][0]
        topic = head.topic if kind == "fact" else index.subject_topic[owner]
        if trusts and head.trust not in trusts:
            continue
        if not trusts and head.trust not in here.own and topic in index.topics and not index.topics[topic].crosses:
            continue
        known = _words(index, kind, owner, head)
        shared = sum(w for word, w in weights.items() if word in known) / weight
        score = similarity + judgement.topic * _log(asked, topic) + judgement.words * shared
        score += judgement.here * (head.trust in (here.trust, here.spoken)) + judgement.loose * (head.trust in asked.loose_trusts)
        score += judgement.wanted * (wanted is not None and kind == "fact" and gives(head, wanted))
        score += judgement.stays * (topic in asked.context_topics)
        candidates.append(Candidate(kind, owner, head.trust, topic, score, similarity, shared))
    candidates.sort(key=lambda c: -c.score)
    unknown.sort(reverse=True)
    return candidates, unknown


def _similarities(asked: AskedQuestion, index: Index, vector: np.ndarray) -> np.ndarray:
    similar = index.similarities(vector)
    if asked.context is not None:  # the more a question says itself, the less what the talk is about counts
        own = min(0.8, 0.4 + 0.1 * len(content_words(asked.text)))
        similar = own * similar + (1 - own) * index.similarities(asked.context)
    return similar


def _log(asked: AskedQuestion, topic: str) -> float:
    return math.log(asked.intents.get(f"ask/{topic}", 0.0) + 1e-3)


def _words(index: Index, kind: str, owner: str, head: KnownFact) -> frozenset[str]:
    if kind == "fact":
        return head.words
    return frozenset(word for fact in index.by_subject[owner] for word in fact.words)


def features(
    asked: AskedQuestion, index: Index, candidates: list[Candidate], unknown: list[tuple[float, float, str]], everywhere: Candidate
) -> dict[str, float]:
    """Return what the confidence is judged by."""
    best = candidates[0]
    known = sum(p for intent, p in asked.intents.items() if _is_known(index, intent))
    outside = asked.intents.get("out_of_scope", 0.0)
    subject = subject_of(index, best)
    rival = next((c for c in candidates if subject_of(index, c) != subject), best)
    return {
        "similarity": best.similarity,
        "ahead_of_unknown": best.score - unknown[0][0] if unknown else 0.0,
        "unknown_similarity": unknown[0][1] if unknown else 0.0,
        "known_topics": known,
        "own_topic": asked.intents.get(f"ask/{best.topic}", 0.0),
        "outside": outside,
        "words": best.words,
        "strange": strange_words(asked, index),
        "ahead_of_rival": best.score - rival.score,
        "behind_elsewhere": min(0.0, best.score - everywhere.score),
        "length": min(1.0, len(asked.text) / 150),
        "leans": float(asked.context is not None),
    }


def strange_words(asked: AskedQuestion, index: Index) -> float:
    """Return the share of a question's words, weighed by rarity, that no fact and no wording of one ever used."""
    words = set(content_words(asked.text))
    weight = sum(index.rarity(word) for word in words) or 1.0
    return sum(index.rarity(word) for word in words if not index.uses(word)) / weight


def _is_known(index: Index, intent: str) -> bool:
    topic = index.topics.get(intent.removeprefix("ask/"))
    return intent.startswith("ask/") and topic is not None and (topic.not_known is None or topic.id in index.told_topics)


def subject_of(index: Index, candidate: Candidate) -> str:
    """Return the id of the subject a candidate belongs to."""
    return candidate.owner if candidate.kind == "subject" else index.facts[candidate.owner].subject

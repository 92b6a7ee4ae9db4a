"""The one decision: for each question, which facts answer it, or that none does. The rule every channel and the preview use."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from office.choosing.attributes import WantedAttribute, about_something_else, gives, wanted_by, wants_contact
from office.choosing.index import Index, KnownFact, content_words
from office.choosing.judgement import Judgement
from office.choosing.premises import PremiseCorrection, false_premise
from office.choosing.ranking import (
    AskedQuestion,
    Candidate,
    TrustPreference,
    features,
    in_context,
    preferring,
    rank,
    strange_words,
    subject_of,
)

FACT_ROOM = 430  # characters of facts in a narrow answer; a reply may have 700
COMPANY_ROOM = 1000  # for all questions of one message together
LIST_ROOM = 900  # in a list; a reply may have 1,400
SIBLING_WITHIN = 0.4  # how far behind the best fact a sibling may stand and still add something
SHARED = 0.15  # the share of a question's words a fact must have to be offered beside a "not known"
COMPARED_FROM = 0.5  # a side of a comparison may be half as sure as an answer: the other side shows what is meant
NEW_WORDS = 0.4  # the share of a sibling that must be new to be worth saying
RARE = 2.0  # the rarity from which a word is telling: about one fact in seven, or fewer, has it
WHOLE_WITHIN = 0.1  # how far behind its head fact a subject may stand for the question to want the whole list
ELSEWHERE_WITHIN = 0.25  # how far behind another trust's subject, on a broad question that names no trust
COMPANION_WITHIN = 0.3  # how far behind a fact of another subject, which holds what the best one lacks
SAME_QUESTION = 0.88  # the cosine from which two wordings without a telling word between them ask one thing (`python -m evaluation.gaps`)
SAME_WORDS = 0.97  # from which they are the same but for commas and capitals: then it does not matter what the talk was about
COMPARES_FROM = 0.5  # the probability of a comparison from which one that names no topic is asked what it is about
MEANT_FROM = 0.1  # the topic's probability from which a side of a comparison may be about it
NAMED_FROM = 0.25  # the topic's probability from which a "not known" names it; a wrong name reads worse than none ("bees": "sex education")
NAMED_STRANGE = 0.25  # what is asked on top of it of a question whose words no fact uses
NAMED_ALIKE = 0.75  # or the similarity to one of the topic's wordings
_COMPARES = re.compile(
    r"\b(compar\w+|versus|vs|differ\w* (to|from|than|between) (you\w*|them|us|the two)|(both|the two|two) trusts|than (you|yours)|or you(rs)?)\b",
    re.I,
)


@dataclass(frozen=True)
class Memory:
    """What of the conversation so far matters to the next answer: `trust` was named, `spoken` is whose facts were given last."""

    trust: str | None = None
    spoken: str | None = None
    text: str = ""
    topics: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    clarified: bool = False
    offered: bool = False  # the last reply offered that the trust gets in touch


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
    correction: PremiseCorrection | None = None
    choices: list[Candidate] = field(default_factory=list)
    compared: list[Answer] = field(default_factory=list)
    sides: tuple[str, ...] = ()  # of a comparison that does not say in what
    topics: list[str] = field(default_factory=list)
    confidence: float = 0.0
    is_list: bool = False
    named: str | None = None  # the trust the question named
    elsewhere: bool = False  # asked of nobody by name, so of the home trust, and only others' documents answer
    own: str = ""  # the question in the visitor's own spelling: what is kept and quoted back; `text` is the corrected one


def answer(asked: AskedQuestion, memory: Memory, index: Index, judgement: Judgement, home: str) -> Answer:
    """Decide one question: `answered`, `clarify`, `not_known` or `declined`, with the facts to give.

    A named trust is a condition; where none is named, the one the conversation is about, or home, is preferred.
    """
    here = TrustPreference(memory.trust or home, _own_trusts(asked, memory, home), memory.spoken if asked.context is not None else None)
    asked = in_context(asked, index) if not wants_contact(asked.text) else replace(asked, context=None, context_topics=())
    trusts = tuple(trust for trust in dict.fromkeys(asked.trusts) if trust in index.trusts)
    pair = _compared_pair(asked.text, trusts, memory, home)
    if pair:
        return replace(_compare(asked, memory, index, judgement, pair), own=asked.own or asked.text)
    decided = _decide(asked, memory, index, judgement, trusts, here)
    if decided.outcome == "not_known" and asked.context is not None:
        decided = _alone(asked, memory, index, judgement, trusts, here) or decided
    others = all(fact.trust not in (home, memory.trust, memory.spoken) for fact in decided.facts)
    elsewhere = bool(decided.facts) and not trusts and others
    return replace(decided, named=trusts[0] if trusts else None, elsewhere=elsewhere, own=asked.own or asked.text)


def _own_trusts(asked: AskedQuestion, memory: Memory, home: str) -> frozenset[str]:
    """A question of its own may be about home again; one that leans on the talk before is about what that was about."""
    about = memory.trust or home
    return frozenset({about}) if asked.context is not None else frozenset({about, home})


def _compared_pair(text: str, trusts: tuple[str, ...], memory: Memory, home: str) -> tuple[str, str] | None:
    """Return the two trusts that are to be set side by side, or None where the question is about one."""
    if len(trusts) >= 2:
        return trusts[0], trusts[1]
    if not _COMPARES.search(text) or not (trusts or memory.trust):
        return None
    first = trusts[0] if trusts else home
    second = memory.trust if memory.trust and memory.trust != first else home
    return (first, second) if first != second else None


def _decide(
    asked: AskedQuestion, memory: Memory, index: Index, judgement: Judgement, trusts: tuple[str, ...], here: TrustPreference
) -> Answer:
    about = trusts[0] if trusts else here.trust
    candidates, unknown = rank(asked, index, judgement, trusts, here)
    if not candidates:
        return Answer(asked.text, "not_known", about)
    everywhere = rank(asked, index, judgement, (), here)[0][0] if trusts else candidates[0]
    sure = judgement.confidence(features(asked, index, candidates, unknown, everywhere))
    best = candidates[0]
    if told := _told_by_staff(asked, candidates, index, trusts or tuple(here.own)):
        return told
    given, is_list = facts_for(best, candidates, index, asked)
    found = Answer(asked.text, "answered", best.trust, best.topic, given, topics=[best.topic], confidence=sure, is_list=is_list)
    wanted = wanted_by(asked.text)
    correction = false_premise(asked.text, given)
    if correction and wanted and not wanted.kinds & {str(value["kind"]) for value in correction.fact.values}:
        correction = None  # "is VAT added to the £499?" does not ask whether it is £499
    if sure >= judgement.answer_from:
        if wanted is not None and correction is None:
            return _check_attribute(found, wanted, candidates, index, judgement)
        return replace(found, correction=correction)
    refused = _refuse(asked, found, candidates, unknown, index, about)
    if wanted is not None and refused.outcome == "not_known" and wants_contact(asked.text):  # a trust that publishes no contact
        return replace(refused, topic=None, topics=[], missing=wanted.name, near=[])
    if refused.outcome == "not_known" and sure >= judgement.ask_from and not memory.clarified:
        choices = _choices(candidates, index)
        if len(choices) >= 2:
            return replace(refused, outcome="clarify", choices=choices, near=[], facts=[])
    return refused


def _alone(
    asked: AskedQuestion, memory: Memory, index: Index, judgement: Judgement, trusts: tuple[str, ...], here: TrustPreference
) -> Answer | None:
    """Return the answer to a question taken by itself, where it leads on from the talk before: "how long is it?", "how much is it?".

    Only to a topic that the one before leads on to: the price of membership is no answer to the price of something else.
    """
    found = _decide(replace(asked, context=None, context_text="", context_topics=()), memory, index, judgement, trusts, here)
    onward = {topic for before in memory.topics if before in index.topics for topic in index.topics[before].next}
    return found if found.outcome == "answered" and found.topic in onward else None


def _told_by_staff(asked: AskedQuestion, candidates: list[Candidate], index: Index, trusts: tuple[str, ...]) -> Answer | None:
    """Return what somebody at one of the trusts answered to this very question, however unlike the documents' facts it is.

    A telling word that the fact's wordings lack ("*parent* governors"), or another kind of thing asked for, makes it another question.
    """
    told = [index.facts[c.owner] for c in candidates if c.kind == "fact" and index.facts[c.owner].by_staff and c.trust in trusts]
    wanted = wanted_by(asked.text)
    for fact in told:
        near, wording = index.nearest_wording("fact", fact.id, asked.vector)
        if near < (SAME_QUESTION if asked.context is None else SAME_WORDS) or wording == fact.says:
            continue
        meant = wanted_by(wording)
        alike = set(content_words(asked.text)) <= fact.words and (wanted and wanted.name) == (meant and meant.name)
        if near >= SAME_WORDS or alike:
            return Answer(asked.text, "answered", fact.trust, fact.topic, [fact], topics=[fact.topic], confidence=near)
    return None


def facts_for(best: Candidate, candidates: list[Candidate], index: Index, asked: AskedQuestion) -> tuple[list[KnownFact], bool]:
    """Return the best fact, a companion that holds what it lacks, and siblings that add something; and whether it is a list."""
    scores = {c.owner: c.score for c in candidates if c.kind == "fact"}
    subject = subject_of(index, best)
    members = index.by_subject[subject]
    whole = next((c for c in candidates if c.kind == "subject" and c.owner == subject), None)
    if best.kind == "subject" or (whole and best.owner == members[0].id and whole.score >= best.score - WHOLE_WITHIN):
        if not asked.trusts and not asked.loose_trusts:
            members = [*members[:4], *_elsewhere(best, candidates, index), *members[4:]]
        return _fit(members, LIST_ROOM), len(members) > 1
    first = index.facts[best.owner]
    rest = [f for f in members if f.id != first.id and scores.get(f.id, -9.0) >= best.score - SIBLING_WITHIN]
    rest.sort(key=lambda f: (-scores[f.id], f.position))
    return _fit([first, *_companion(best, candidates, index, asked), *rest], FACT_ROOM), False


def _elsewhere(best: Candidate, candidates: list[Candidate], index: Index) -> list[KnownFact]:
    """Return what other trusts say first on a broad question that names none: two facts of each that comes close."""
    found: dict[str, list[KnownFact]] = {}
    for candidate in candidates:
        close = candidate.topic == best.topic and candidate.score >= best.score - ELSEWHERE_WITHIN
        if candidate.kind == "subject" and close and candidate.trust != best.trust:
            found.setdefault(candidate.trust, index.by_subject[candidate.owner][:2])
    return [fact for facts in found.values() for fact in facts]


def _companion(best: Candidate, candidates: list[Candidate], index: Index, asked: AskedQuestion) -> list[KnownFact]:
    """Return a fact of another subject that holds telling words of the question which the best one lacks: "maths *and English*"."""
    first = index.facts[best.owner]
    members = index.by_subject[first.subject]
    missing = set(content_words(asked.text)) - {word for fact in members for word in fact.words}
    missing = {word for word in missing if index.rarity(word) > RARE}
    for candidate in candidates[1:15]:
        if candidate.kind == "fact" and candidate.score >= best.score - COMPANION_WITHIN:
            fact = index.facts[candidate.owner]
            if fact.subject != first.subject and fact.trust == first.trust and missing & set(content_words(fact.says)):
                return [fact]
    return []


def _fit(facts: list[KnownFact], room: int) -> list[KnownFact]:
    """Return the first facts that fit into the room, leaving out those that repeat what has been said."""
    given: list[KnownFact] = []
    said: set[str] = set()
    for fact in facts:
        words = set(content_words(fact.says))
        if given and (room < len(fact.says) or len(words - said) < max(3, NEW_WORDS * len(words))):
            continue
        given.append(fact)
        said |= words
        room -= len(fact.says)
    return given


def _check_attribute(found: Answer, wanted: WantedAttribute, candidates: list[Candidate], index: Index, judgement: Judgement) -> Answer:
    """Keep the answer where a fact gives what was asked for, and put that fact first; else say that it is not there."""
    holding = [fact for fact in found.facts if gives(fact, wanted)]
    if wanted.name in ("phone", "email", "count"):
        holding = [fact for fact in holding if not about_something_else(wanted, found.text, fact, index)]
    elif not holding:
        near = [index.facts[c.owner] for c in candidates[:12] if c.kind == "fact" and c.topic == found.topic]
        holding = [fact for fact in near if gives(fact, wanted)][:1]
    if holding:
        facts = [holding[0], *(fact for fact in found.facts if fact.id != holding[0].id)]
        return replace(found, facts=_fit(facts, LIST_ROOM if found.is_list else FACT_ROOM))
    return replace(found, outcome="not_known", missing=wanted.name, near=found.facts[:1], facts=[])


def _refuse(
    asked: AskedQuestion, found: Answer, candidates: list[Candidate], unknown: list[tuple[float, float, str]], index: Index, about: str
) -> Answer:
    """Return a "not known", as precise as can be: the topic no document answers, or out of scope, or just "no fact"."""
    refused = replace(found, outcome="not_known", trust=about, facts=[], is_list=False)
    outside = asked.intents.get("out_of_scope", 0.0)
    likeliest = _likeliest(asked)
    if outside > likeliest:
        return replace(refused, outcome="declined", topic=None, topics=[])
    best = candidates[0]
    if unknown:
        _, similarity, topic = unknown[0]
        meant = asked.intents.get(f"ask/{topic}", 0.0)
        if meant >= NAMED_FROM + NAMED_STRANGE * strange_words(asked, index) or (similarity >= NAMED_ALIKE and meant >= MEANT_FROM):
            near = [best.owner] if best.kind == "fact" and best.topic in index.topics[topic].near and best.similarity > 0.5 else []
            return replace(refused, topic=topic, topics=[topic], near=[index.facts[owner] for owner in near])
    near_facts = found.facts[:1] if best.similarity >= 0.55 and best.words >= SHARED else []
    return replace(refused, topic=best.topic if near_facts else None, topics=[best.topic] if near_facts else [], near=near_facts)


def _likeliest(asked: AskedQuestion) -> float:
    """Return the probability of the topic that a question is most likely about."""
    return max((p for intent, p in asked.intents.items() if intent.startswith("ask/")), default=0.0)


def _choices(candidates: list[Candidate], index: Index) -> list[Candidate]:
    """Return up to three candidates of different subjects to choose from."""
    chosen: dict[str, Candidate] = {}
    titles: set[str] = set()
    for candidate in candidates[:25]:
        subject = subject_of(index, candidate)
        title = index.subject_title[subject].lower()
        if subject not in chosen and title not in titles:
            chosen[subject] = candidate
            titles.add(title)
        if len(chosen) == 3:
            break
    return list(chosen.values())


def _compare(asked: AskedQuestion, memory: Memory, index: Index, judgement: Judgement, pair: tuple[str, ...]) -> Answer:
    """Answer for each of two trusts: on the topic asked before where the question names none, else what each says on it."""
    likeliest = _likeliest(asked)
    leans = likeliest < NAMED_FROM and len(content_words(_COMPARES.sub("", asked.text))) <= 2
    topic = memory.topics[0] if memory.topics and leans else None
    if topic is None and not memory.clarified and asked.intents.get("compare", 0.0) >= COMPARES_FROM and likeliest < MEANT_FROM:
        return Answer(asked.text, "clarify", pair[0], sides=pair)
    halves = _of_one_topic([_half(asked, index, judgement, trust, topic) for trust in pair], asked, judgement)
    facts = [fact for half in halves for fact in half.facts]
    outcome = "answered" if all(half.facts for half in halves) else "not_known"
    about = next((half.topic for half in halves if half.topic), topic)
    return Answer(
        asked.text, outcome, pair[0], about, facts, compared=halves, topics=[about] if about else [], confidence=halves[0].confidence
    )


def _of_one_topic(halves: list[Answer], asked: AskedQuestion, judgement: Judgement) -> list[Answer]:
    """Where one side is sure of what is compared, an unsure one of a topic that was hardly meant says nothing on it."""
    sure = {half.topic for half in halves if half.confidence >= judgement.answer_from}

    def is_astray(half: Answer) -> bool:
        meant = half.topic in sure or asked.intents.get(f"ask/{half.topic}", 0.0) >= MEANT_FROM
        return bool(sure) and not meant and half.confidence < judgement.answer_from

    return [replace(half, outcome="not_known", facts=[]) if is_astray(half) else half for half in halves]


def _half(asked: AskedQuestion, index: Index, judgement: Judgement, trust: str, topic: str | None) -> Answer:
    """Return one side of a comparison."""
    candidates, unknown = rank(asked, index, judgement, (trust,), preferring(trust))
    candidates = [c for c in candidates if topic is None or c.topic == topic]
    if not candidates:
        return Answer(asked.text, "not_known", trust, topic)
    sure = judgement.confidence(features(asked, index, candidates, unknown, candidates[0]))
    if topic is None and sure < COMPARED_FROM * judgement.answer_from:
        return Answer(asked.text, "not_known", trust, topic, confidence=sure)
    best = candidates[0]
    facts, _ = facts_for(best, candidates, index, asked)
    return Answer(asked.text, "answered", trust, best.topic, _fit(facts, FACT_ROOM), topics=[best.topic], confidence=sure)


def shortened(one: Answer, questions: int) -> Answer:
    """Return an answer as it stands among others in one reply: shorter, and never asking back beside an answer."""
    if one.outcome == "clarify":
        one = replace(one, outcome="not_known", choices=[])
    return one if one.compared else replace(one, facts=_fit(one.facts, COMPANY_ROOM // questions))


def without_repeats(answers: list[Answer]) -> list[Answer]:
    """Leave a fact out where an earlier answer of the same reply gave it, unless nothing else would be left to say."""
    said: set[str] = set()
    spoken = []
    for one in answers:
        fresh = [fact for fact in one.facts if fact.id not in said]
        said |= {fact.id for fact in one.facts}
        spoken.append(replace(one, facts=fresh or one.facts[:1]))
    return spoken


def remember(memory: Memory, last: Answer) -> Memory:
    """Return what is worth remembering after an answer; one that led nowhere leaves the talk where it was."""
    if last.topic is None or last.outcome not in ("answered", "not_known"):
        return replace(memory, trust=last.named or memory.trust, clarified=last.outcome == "clarify")
    return Memory(
        trust=last.named or memory.trust,
        spoken=last.facts[0].trust if last.facts else memory.spoken,
        text=last.text or memory.text,
        topics=tuple(last.topics),
        facts=tuple(fact.id for fact in last.facts),
    )


def more_of(memory: Memory, index: Index) -> Answer | None:
    """Return what the last answer's subject holds beyond what was said, or None where that was all."""
    said = [index.facts[fact] for fact in memory.facts if fact in index.facts]
    if not said:
        return None
    rest = [fact for fact in index.by_subject[said[0].subject] if fact.id not in memory.facts]
    if not rest:
        return None
    given = _fit(rest, LIST_ROOM)
    return Answer("", "answered", said[0].trust, said[0].topic, given, topics=[said[0].topic], confidence=1.0, is_list=True)

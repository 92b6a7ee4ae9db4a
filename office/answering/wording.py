"""Saying it: the office's answers become texts, buttons and the payload. Decides nothing about facts."""

from __future__ import annotations

from collections import Counter
from typing import Any

from office.answering.frames import frame
from office.answering.replies import Contact, payload
from office.choosing.choose import Answer
from office.choosing.index import Index, KnownFact
from office.choosing.ranking import Candidate, subject_of

LONGEST_SOURCE = 160
NEXT_BUTTONS = 3


def reply_messages(
    answers: list[Answer], index: Index, contact: Contact, home: str, *, withheld: bool = False, offers: bool = True
) -> list[dict[str, Any]]:
    """Return the messages of a reply: one text with everything, its buttons, and the payload.

    `withheld`: the message told of a pupil or of somebody's health; the reply warns, and claims to have noted nothing.
    `offers`: whether a button offers that the trust gets in touch.
    """
    texts = [_text(answer, index, contact, home) for answer in answers]
    if len(answers) > 1:
        texts = [_in_longer_reply(answer, text) for answer, text in zip(answers, texts)]
    refused = [answer for answer in answers if answer.outcome == "not_known"]
    if withheld:
        texts.insert(0, frame("sensitive", contact=_upper(contact.text)))
    elif refused:
        texts.append(frame("way_on", contact=_upper(contact.text)))
    given = [fact for answer in answers for fact in [*answer.facts, *answer.near]]
    if given:
        texts.append(source_line(given, index))
    following = next_topics(answers, index)
    buttons = choice_buttons(answers, index) or next_buttons(answers, following, index, home)
    if offers and not withheld and not any(answer.outcome == "clarify" for answer in answers):
        title = frame("offer_button")
        buttons = [*buttons[: NEXT_BUTTONS - len(refused[:1])], {"title": title, "payload": title}]
    return [{"text": "\n\n".join(texts), "buttons": buttons, "custom": payload(answers, following)}]


def _text(answer: Answer, index: Index, contact: Contact, home: str) -> str:
    if answer.compared:
        return "\n".join(_half(half, index) for half in answer.compared)
    if answer.outcome == "answered":
        given = _given(answer, index)
        return frame("elsewhere", trust=index.trusts[home].short, said=given) if answer.elsewhere else given
    if answer.sides:
        return frame("compare_what", first=index.trusts[answer.sides[0]].short, second=index.trusts[answer.sides[1]].short)
    if answer.outcome == "clarify":
        return frame("clarify", choices=_or([_choice_text(choice, index) for choice in answer.choices]))
    if answer.outcome == "declined":
        return frame("declined", trust=index.trusts[home].short, contact=contact.text)
    return _not_known(answer, index, home)


def _given(answer: Answer, index: Index) -> str:
    lead = ""
    if answer.correction is not None:
        lead = frame("yes") if answer.correction.holds else frame("no", said=answer.correction.said)
        facts = [answer.correction.fact, *(f for f in answer.facts if f.id != answer.correction.fact.id)]
        return f"{lead} {_lines(facts)}"
    if answer.is_list and len(answer.facts) > 2:
        one_trust = len({fact.trust for fact in answer.facts}) == 1
        about = index.subject_title[answer.facts[0].subject] if one_trust or not answer.topic else index.topics[answer.topic].title
        title = frame("list_head", title=about)
        return "\n".join([title, *(f"- {fact.says}" for fact in answer.facts)])
    return _lines(answer.facts)


def _lines(facts: list[KnownFact]) -> str:
    """Return the best fact as a sentence, one sibling behind it, or more of them as a list."""
    if len(facts) <= 2:
        return " ".join(fact.says for fact in facts)
    return "\n".join([facts[0].says, *(f"- {fact.says}" for fact in facts[1:])])


def _half(half: Answer, index: Index) -> str:
    head = frame("compared", trust=index.trusts[half.trust].name)
    said = " ".join(fact.says for fact in half.facts) or frame("not_compared")
    return f"- {head[0].upper()}{head[1:]} {said}"


def _not_known(answer: Answer, index: Index, home: str) -> str:
    if answer.missing is not None:
        text = frame("missing", thing=frame(f"thing_{answer.missing}"))
    elif answer.topic is not None and (honest := index.topics[answer.topic].not_known):
        text = honest
    elif answer.trust != home:
        text = frame("no_fact_of_trust", trust=index.trusts[answer.trust].short)
    else:
        text = frame("no_fact")
    if answer.near:
        text += " " + frame("near", fact=answer.near[0].says)
    return text


def _in_longer_reply(answer: Answer, text: str) -> str:
    if answer.outcome in ("not_known", "declined"):
        return frame("one_half", question=answer.own.strip(" ?.!") + "?", text=text)
    return text


def _choice_text(choice: Candidate, index: Index) -> str:
    title = index.subject_title[subject_of(index, choice)]
    return title[0].lower() + title[1:] if title[1:2].islower() else title


def _or(things: list[str]) -> str:
    return ", ".join(things[:-1]) + " or " + things[-1] if len(things) > 1 else "".join(things)


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def source_line(facts: list[KnownFact], index: Index) -> str:
    """Return where the facts come from: each document once, with the sections and its date; each person once, with the day."""
    documents: dict[tuple[str, str, str], list[str]] = {}
    people: dict[str, None] = {}
    for fact in facts:
        if fact.by_staff:
            who = fact.source_section or _upper(index.trusts[fact.trust].short)
            people[f"{fact.source_title}, {who}, {fact.dated}"] = None
            continue
        sections = documents.setdefault((index.trusts[fact.trust].short, fact.source_title, fact.dated), [])
        if fact.source_section and fact.source_section not in sections:
            sections.append(fact.source_section)
    parts = []
    for (trust, title, dated), sections in documents.items():
        named = f"{_upper(trust)}, “{title}”"
        shown = ", ".join(sections[:3])
        if len(documents) <= 2 and len(shown) <= LONGEST_SOURCE // len(documents):
            named += f", {shown}"
        parts.append(f"{named} ({dated})")
    return frame("source", source="; ".join([*parts, *people]))


def next_topics(answers: list[Answer], index: Index) -> list[str]:
    """Return up to three topics to go on with, none that was just answered."""
    asked = [answer.topic for answer in answers if answer.topic]
    offered = [topic for answer in answers for topic in (index.topics[answer.topic].next if answer.topic else ())]
    offered = offered or ["membership", "benefits", "contacts"]
    return [topic for topic in dict.fromkeys(offered) if topic not in asked][:NEXT_BUTTONS]


def next_buttons(answers: list[Answer], following: list[str], index: Index, home: str) -> list[dict[str, str]]:
    """Return buttons for the next topics, asked of the trust that was spoken of, where it has facts on them."""
    trust = answers[-1].trust if answers else home
    buttons = []
    for topic in following:
        title = index.topics[topic].button
        has_facts = any(fact.topic == topic and fact.trust == trust for fact in index.facts.values())
        asked = f"{title} ({index.trusts[trust].short})" if trust != home and has_facts else title
        buttons.append({"title": title, "payload": asked})
    return buttons


def choice_buttons(answers: list[Answer], index: Index) -> list[dict[str, str]]:
    """Return buttons for a clarifying question; a choice asks in the words the fact is surest to be found by."""
    for answer in answers:
        if answer.sides:
            return compare_buttons(answer, index)
        if answer.outcome == "clarify":
            buttons = [
                {"title": _upper(_choice_text(choice, index)), "payload": _surest_wording(choice, index)} for choice in answer.choices
            ]
            title = frame("something_else_button")
            return [*buttons, {"title": title, "payload": title}]
    return []


def compare_buttons(answer: Answer, index: Index) -> list[dict[str, str]]:
    """Return buttons for what two trusts can be compared in: the topics on which both say most."""
    told = {trust: Counter(fact.topic for fact in index.facts.values() if fact.trust == trust) for trust in answer.sides}
    first, second = (told[trust] for trust in answer.sides)
    both = sorted(set(first) & set(second), key=lambda topic: (-min(first[topic], second[topic]), topic))
    names = [index.trusts[trust].short for trust in answer.sides]
    return [
        {"title": title, "payload": frame("compare_in", topic=title.lower(), first=names[0], second=names[1])}
        for title in (index.topics[topic].title for topic in both[:NEXT_BUTTONS])
    ]


def _surest_wording(choice: Candidate, index: Index) -> str:
    fact = index.facts[choice.owner] if choice.kind == "fact" else index.by_subject[choice.owner][0]
    return fact.first_wording

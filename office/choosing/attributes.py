"""The asked attribute: what kind of thing a question wants (a name, a date, a number of what), and whether a fact gives it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Iterable

from office.choosing.index import Index, KnownFact, content_words


@dataclass(frozen=True)
class WantedAttribute:
    """What a question wants: kinds of value that would do, and words that the fact itself must hold."""

    name: str
    kinds: frozenset[str]
    words: frozenset[str] = frozenset()


def _wanted(name: str, kinds: str, words: Iterable[str] = ()) -> WantedAttribute:
    return WantedAttribute(name, frozenset(kinds.split()), frozenset(words))


_EXACT = [  # things that are either in the fact's own words or not there at all
    (r"\b(mobile|cell ?phone)\b", ("mobile",)),
    (r"\b(direct line|direct dial|extension( number)?|ext)\b", ("extension", "line")),
    (r"\b(whats ?app|text (her|him|them|number))\b", ("whatsapp",)),
    (r"\bfax\b", ("fax",)),
    (r"\b(post ?code|(postal|street|office|school|home|what|which|the) address\b(?! (the|those|these|these|individual|each|all))|head ?office|hq)\b", ("postal", "postcode", "street")),
    (r"\b(opening (hours|times)|office hours|open (at|on|until)|what time do(es)? (you|they|the office) (open|close))\b", ("hours",)),
    (r"\b(twitter|facebook|linked ?in|instagram|social media)\b", ("twitter", "facebook")),
    (r"\b(linkedin|cv|salary|earns?|pay (of|for) (the|your|their)|how much (is|are|does|do) .{0,30}\b(paid|earn))\b", ("salary", "paid")),
    (r"\bvat\b", ("vat",)),
    (r"\b(refund(s|ed|able)?|(money|£\d+) back|discounts?|instal?ments?|deposit)\b", ("refund", "discount", "instalment", "deposit")),
]  # fmt: skip
_EXACT_NAMES = {"postal": "address"}  # where the first word is not the name of the thing in domain.yml
_EXACT_PATTERNS = [(re.compile(pattern, re.I), words) for pattern, words in _EXACT]
_KINDS: list[tuple[re.Pattern[str], WantedAttribute]] = [
    (re.compile(pattern, re.I), wanted)
    for pattern, wanted in [
        (r"\be-?mails?\b(?! (signature|system|account))", _wanted("email", "email")),
        (r"\b((tele)?phone|contact|landline) (number|no)\b|\bnumber (to|for|can|do|should|shall) (i |we )?(ring|call|phone)|\bwhat('s| is) (the|your|her|his|their) number\b|\b(who|whom) (do|can|should|shall|would) (i|we) (ring|phone|call)\b", _wanted("phone", "phone person role")),
        (r"\bwho(m)? (do|can|should|shall|would|could|must|might|to) ?(i|we|our \w+)? ?(get in touch with|get hold of|contact|speak|talk|write|e-?mail|approach|ask|reach|be speaking)\b|\b(contact (person|details)|named contact)\b", _wanted("contact", "person role phone email")),
        (r"\bwho (wrote|said|made|developed|invented|supplies|provides|sells|founded|owns)\b", _wanted("author", "person organisation group role")),
        (r"\bwho('s| is| are)? ?(it |they )?(chair|lead|run|head|organis|manag|in charge)\w*\b", _wanted("leader", "person role")),
        (r"\bhow often\b|\bhow (frequent|regular)(ly)?\b|\bhow many (times|meetings) (a|per|each) (week|month|term|year)", _wanted("frequency", "frequency")),
        (r"\bhow long (is|are|does|do|would|will|for|can|could)\b.*\b(membership|associate|last|run|member)|^(and |so )?how long( for)?\??$|\bfor how long\b", _wanted("duration", "duration frequency")),
        (r"\b(what|which) (date|day|time|month|year|term)s?\b(?! (meetings|support))|\bwhen('s| is| are)? (the|your|their) next\b|\bnext (meeting|session|forum|one)\b.*\bwhen\b|\bwhen exactly\b|\bdates? (of|for)\b|\bwhat time\b", _wanted("date", "date")),
        (r"\b(name|names) of\b|\bwhat('s| is| are) (her|his|their|the) names?\b|\bwhat (is|are) .*\bcalled\b|\bwhich (person|individual)\b|\bby name\b|\bsurname\b", _wanted("name", "person organisation group")),
        (r"^(so |and |but |ok )*(who|whos|who's|who is) (is |are )?(your|the|their|its)? ?(current |present )?(ceo|chief executive|cfo|chief financial officer|chair|trustees|directors|members|chair of (the )?(board|directors|trustees))\b", _wanted("name", "person group")),
        (r"\b(where|what (place|venue|location)|which (building|venue|town|city))\b.*\b(held|meet|meeting|based|located|take place|happen|is|are)\b|\bvenue\b", _wanted("place", "place link")),
        (r"\bset (us|me) back\b|^(and |so |but )?(what('s| is) )?(the |your |its )?(price|cost|fee)\??$", _wanted("amount", "amount")),
        (r"\bhow much (is|does|do|would|will|are|did|was)\b.*\b(cost|charge|pay|price|fee|set us back|membership|it|that|join)\b|\bwhat('s| is| does| would| are) .*\b(cost|price|fee|charge)s?\b|\bhow much\??$", _wanted("amount", "amount")),
    ]
]  # fmt: skip
_LEADS = re.compile(r"\b(lead|led|chair|run|head)(s|ed|ing)?\b", re.I)
UNFAMILIAR = 3.0  # the rarity from which a word names something of its own: at most one fact in twenty has it
_CONTACT_WORDS = frozenset(
    content_words(
        "email e mail phone telephone number ring call contact address line details office speak talk reach write message somebody someone"
    )
)
_TIMES = re.compile(r"(?:school |whole )?(?:term|week|month|day|year|hour)s?\b", re.I)
_MEETS = re.compile(r"\b(speak|talk|ask|meet)\b.*\b(there|while|during|visit)\b", re.I)
_HOW_MANY = re.compile(r"\b(?:how many|what number of|number of)\s+(?:of\s+)?((?:[a-z'-]+\s*){1,4})", re.I)
_COUNTED_END = re.compile(
    r"\b(do|does|are|is|can|could|will|would|should|have|has|at|in|on|per|a|an|there|you|we|they|would|get|sit|the|i|that|who)\b", re.I
)
_WHICH = re.compile(
    r"\b(?:which|what|whose)\s+((?:[a-z-]+\s+){0,2}(?:scheme|software|package|system|provider|company|supplier|brand|bank|firm|product|insurer|broker|programme name))\b",
    re.I,
)


def wanted_by(question: str) -> WantedAttribute | None:
    """Return the kind of answer that a question wants, or None where any statement on the matter will do."""
    for pattern, words in _EXACT_PATTERNS:
        if pattern.search(question):
            return WantedAttribute(_EXACT_NAMES.get(words[0], words[0]), frozenset(), frozenset(words))
    counted = _HOW_MANY.search(question)
    if counted and _TIMES.match(counted.group(1)):
        return WantedAttribute("duration", frozenset({"duration", "frequency"}))
    if counted and not re.search(r"how many (times|meetings) (a|per|each)", question, re.I):
        phrase = _COUNTED_END.split(counted.group(1))[0]
        return WantedAttribute("count", frozenset({"count", "capacity", "share"}), frozenset(content_words(phrase)))
    for pattern, wanted in _KINDS:
        if pattern.search(question):
            return wanted
    if which := _WHICH.search(question):
        return WantedAttribute("which", frozenset({"organisation", "group", "link", "person"}), frozenset(content_words(which.group(1))))
    return None


def gives(fact: KnownFact, wanted: WantedAttribute) -> bool:
    """Return whether a fact holds what is wanted."""
    if not wanted.kinds:  # only its own words can tell
        said = set(content_words(fact.says))
        return any(word in said for phrase in wanted.words for word in content_words(phrase))
    held = [value for value in fact.values if value["kind"] in wanted.kinds]
    if not held:
        return False
    if wanted.name == "count" and wanted.words:
        return any(_counts(value, wanted.words, fact) for value in held)
    if wanted.name == "leader":
        return bool(_LEADS.search(fact.says))
    return True


def about_something_else(wanted: WantedAttribute, question: str, fact: KnownFact, index: Index) -> bool:
    """Return whether a phone number, an address or a number is asked of somebody or something that the fact does not speak of."""
    asked = {word for word in content_words(question) if index.rarity(word) > UNFAMILIAR}
    if wanted.name == "count":
        asked = {word for word in asked if index.uses(word)}
    return bool(asked - fact.words - _CONTACT_WORDS)


def wants_contact(question: str) -> bool:
    """Return whether a question asks whom to ring or write to, whatever the talk was about before."""
    wanted = wanted_by(question)
    if wanted is None or wanted.name not in ("phone", "email", "contact"):
        return False
    return wanted.name != "contact" or not _MEETS.search(question)


def _counts(value: dict[str, object], words: frozenset[str], fact: KnownFact) -> bool:
    """Return whether a number counts just the things that were asked for: "parent governors" are not all governors."""
    named = set(content_words(f"{value.get('of', '')} {value.get('unit', '')}")) | set(content_words(fact.says))
    return words <= named

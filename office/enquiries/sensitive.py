"""What must not be kept in clear: words about one pupil, or about somebody's health."""

from __future__ import annotations

import re

_ONE_CHILD = r"(?:son|daughter|child|boy|girl|pupil|student|grandson|granddaughter|nephew|niece|twin|lad|kid)"
_CHILD = (  # one child, or one's own; "our pupils" are a matter of policy
    rf"(?:(?:my|our|the|her|his|a|this|that|one)\s+(?:\w+\s+){{0,2}}?(?:{_ONE_CHILD}|sons|daughters|nephews|nieces|twins)"
    rf"|(?:one|two|three)\s+of\s+(?:my|our|the|your|their)\s+(?:\w+\s+){{0,3}}?(?:{_ONE_CHILD}s|children))"
)
_HEALTH = (
    r"(?:autis\w+|asd|adhd|asperger\w*|dyslexi\w+|dyspraxi\w+|epilep\w+|diabet\w+|asthma\w*|allerg\w+|cancer|leukaemia|depress\w+|anxiety|"
    r"self[- ]?harm\w*|suicid\w+|eating disorder|anorexi\w+|cerebral palsy|down['’]?s syndrome|tourette\w*|medication|ritalin|insulin|"
    r"seizures?|wheelchair|panic attacks?|ptsd|bipolar|schizophreni\w+|pregnan\w+|miscarriage|chemo\w*|hiv|crohn\w*|mental health problems?)"
)
_NO_NAME = (  # words with a capital that name nobody
    r"(?:I|The|A|An|My|Our|Your|His|Her|Their|This|That|One|Two|What|Who|When|Where|Why|How|Which|Can|Could|Does|Do|Did|Is|Are|Was|Will|"
    r"Would|Should|May|Has|Have|Had|If|In|On|At|And|But|So|Please|Hello|Hi|Dear|Yes|No|Also|There|He|She|They|We|You|It|Year|Class|Key|Stage|"
    r"Reception|Schools?|Schoolsworks|Academy|Academies|Trusts?|Central|Learning|Partnership|Heads?|Chairs?|Board|Forum|Governors?|Associate|"
    r"Membership|Focus|Groups?|Team|Teachers?|Leaders?|Managers?|English|Maths|Ofsted|Insight|Aspire|Connect|Pupils?|Premium|Referral|Voice|"
    r"Admissions?|Council|Protection|Benefit|Development|Progress|Places?|Numbers|Services)"
)
_NAME = rf"(?-i:(?!{_NO_NAME}\b)[A-Z][\w'’-]*[a-z])"
_NAMED_CHILD = re.compile(rf"\b{_CHILD}\b,?\s+(?:called\s+|named\s+|is called\s+|\()?{_NAME}", re.I)
_PUPIL_NAMED = re.compile(
    rf"\b(?:pupil|student|child|boy|girl)\s+(?:called|named)\s+\w+|\b{_NAME}\s+{_NAME}\s+(?:in|from)\s+(?:year|class|y)\s?\d(?!\s+(?:of|schools?|teachers?)\b)",
    re.I,
)
_CHILD_HEALTH = re.compile(rf"\b{_CHILD}\b.{{0,80}}\b{_HEALTH}\b|\b{_HEALTH}\b.{{0,80}}\b{_CHILD}\b", re.I)
_ADULT = (
    r"(?:i|he|she|my (?!school|academ|trust|governor|class|team|budget|staff|question)\w+|"
    rf"our (?:head|sbm|bursar|teacher|colleague|deputy|chair|caretaker|secretary)\w*(?: teacher)?|{_NAME})"
)
_ON_PROVISION = (
    r"(?:training|unit|base|support|polic\w+|lead|awareness|provision|specialists?|charit\w+|team|cpd|course|access|ramp|group|network|by)"
)
_OWN_HEALTH = re.compile(
    rf"\b{_ADULT}(?:['’](?:ve|m|s|d)|\s+(?:have|has|had|am|is|was|suffer\w*))\b"
    r"(?:\W+(?!(?:about|for|support|train|question|lead|polic|teach|help|looking|interested|if|whether|not?)\w*\b)\w+){0,6}?\W+"
    rf"{_HEALTH}\b(?!(?:\W+(?:and|or)\W+{_HEALTH})?\W+{_ON_PROVISION}\b)",
    re.I,
)


_SOMEBODY = re.compile(r"\b(he|she|him|her|his|hers|they|them|their|my|our)\b|(?-i:[a-z,] [A-Z][a-z]+)", re.I)
_NAME_IS = re.compile(
    r"\b(?:pupil|student|child|son|daughter)'?s (?:\w+ )?name is\b|\b(?:wife|husband|partner|teacher|head|colleague) (?:who )?(?:has|is off with)\b.{0,20}\b"
    + _HEALTH
    + r"\b",
    re.I,
)


def is_sensitive(text: str) -> bool:
    """Return whether a message seems to tell of one pupil by name, or of a pupil's or an adult's health."""
    return any(pattern.search(text) for pattern in (_NAMED_CHILD, _PUPIL_NAMED, _CHILD_HEALTH, _OWN_HEALTH, _NAME_IS))


def withhold(text: str) -> str:
    """Return what may still be read of a sensitive message: its questions that speak of nobody, so often nothing at all."""
    sentences = re.split(r"(?<=[.?!])\s+", text)
    return " ".join(s for s in sentences if s.endswith("?") and not is_sensitive(s) and not _SOMEBODY.search(s))

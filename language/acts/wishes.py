"""What somebody wishes (a call back, a visit, to observe, membership, an answer), and for which term."""

from __future__ import annotations

import re
from datetime import date

from language.acts.plain import plain

_US = r"(?:me|us|our (?:\w+ ){0,2}\w+|my (?:\w+ ){0,2}\w+)"
_WHO = r"(?:someone|somebody|anyone|anybody|one of you|a person|a human|a colleague|a member of (?:staff|the team)|the team|the pa|a real person|a member of your team|you|u|they|one of your team|one of the team|the trust|your \w+)"
_REACH = rf"(?:(?:ring|call|phone|telephone|contact|text|email|e-mail|mail|message|whatsapp)\s+(?:{_US})|(?:get|be) (?:back )?in touch(?: with (?:{_US}))?|get back to (?:{_US})|give (?:{_US}) an? (?:ring|call|bell|buzz|shout|tinkle)|speak (?:to|with) (?:{_US})|talk (?:to|with) (?:{_US})|come back to (?:{_US})|reply to (?:{_US})|write to (?:{_US})|reach out(?: to (?:{_US}))?)"  # fmt: skip
_WANT = r"(?:(?:i|we)(?:'d| would| do|'m| am|'re| are)?(?: really| very much| both| all| just| also)? ?(?:like|love|want|wish|need|hope|hoping|looking|interested|keen|prefer|wanting|d like)|(?:would|d) like|keen|interested|hoping|looking|my wish is|i wish|^want)"  # fmt: skip
_CALL = re.compile(
    rf"(?:\b(?:can|could|would|please|pls|plz|may|get|have|ask|want|like|need|wants?|let|make)\s+(?:you )?(?:please )?|\bwill (?=you|someone|somebody))(?:get |have |ask )?(?:{_WHO})(?: else)?(?: from (?:the |your )?\w+)?(?: please)?(?: to)?(?: please)? {_REACH}|"
    rf"(?:^|[.!,;:]\s*|\b(?:please|pls|plz|just|kindly|then|and|so|do|hi|hello)\s+)(?:also\s+)?{_REACH}|"
    rf"\b{_WANT} (?:to (?:be )?|a |an )(?:(?:speak|talk|chat)(?: directly| in person)? (?:to|with) (?:{_WHO}|your|the (?:trust|team|office|pa|ceo|head of)|a member|louise)\b|(?:be )?(?:called|rung|contacted|phoned|emailed|spoken)\b|hear back\b|hear from (?:you|someone|somebody)\b|call ?back\b|call-back\b|(?:phone )?call\b|chat with (?:{_WHO})|conversation with (?:{_WHO})|callback\b|arrange a (?:call|chat|phone call|conversation|meeting)\b|book a (?:call|chat)\b|have a (?:call|chat|conversation|phone call|word)\b|discuss (?:this|it|things) (?:with|over|on)\b)|"
    r"\b(?:request(?:ing)?|arrange|schedule|book|leave)\b (?:for )?(?:a |an |me a )?(?:phone )?(?:call ?back|call-back|callback|call)\b|"
    r"^(?:a |just a |only a |just )?(?:phone )?(?:call ?back|call-back|callback)(?: please| pls)?[\s.!]*$|\bcall me\b(?! (?!back|on|at|please|after|before|between|when|if|tomorrow|today|in|later|this|next|any|asap|\d)\w)|"
    r"\b(?:take|leave) (?:my|our) (?:details|number|email|contact details)\b|\b(?:pass|put) (?:me|us) (?:on|through) to\b|\bput me in touch\b|\b(?:i|we) (?:am|'m|are|'re) happy to be (?:called|rung|contacted)\b",
    re.I,
)
_VISIT = re.compile(
    rf"\b{_WANT}(?: in)? (?:to |in )?(?:come (?:and|to|in to|for)?\s?)?(?:arrange |book |organise |have |make |pay |set up |plan |a |an |do )*(?:school )?(?:visit|visiting|(?:see|seeing)(?=(?: \w+){{0,4}} (?:school|schools|classrooms?|sites?|place|in action)\b)|look round|look around|tour|come and see|come to see|come round|be shown round)\b(?! (?:what|how|if|whether|the (?:fee|cost|price|documents?|polic|accounts)|your (?:polic|accounts|documents)|it in writing|more|a list|evidence|some))|"
    r"\b(?:please |can you |could you |let's |let us )?(?:book|arrange|organise|set up|schedule|sign) (?:us|me|our \w+) (?:in |up )?(?:for )?(?:a )?(?:school )?(?:visit|tour)\b|"
    r"^(?:please )?(?:arrange|book|organise|schedule) (?:me |us )?(?:a |an )?(?:school )?(?:visit|tour)\b|^(?:a |just a |only a )?(?:school )?(?:visit|tour) please[\s.!]*$",
    re.I,
)
_OF_VISIT = re.compile(  # what they would like to be rung, or written to, for
    r"\b(?:about|regarding|re|concerning|to (?:arrange|book|organise|discuss|plan|set up|talk about|fix))\s+(?:a |an |the |our |us |my )?(?:school |possible )?(?:visit\w*|tour|coming to (?:see|visit)|looking a?round)\b",
    re.I,
)
_OBSERVE = re.compile(
    rf"\b{_WANT}(?: in)? (?:to |in )?(?:come (?:and|to|along to)\s)?(?:observe|observing|sit in|sitting in|watch|attend|shadow|come along to|listen in)\b|"
    r"\b(?:(?:can|could|may|might) (?:i|we|you)|please|would it be possible for us) (?:please )?(?:to )?(?:come (?:and|to) )?(?:observe|sit in on|shadow|let us observe|let us sit in)\b.{0,50}\b(?:meeting|meetings|forum|board|lgb|governors?)\b|"
    r"^(?:please )?(?:book|put|sign) (?:us|me) (?:in|down|up)? ?(?:to|for) (?:observe|observing)\b",
    re.I,
)
_MEMBER = re.compile(
    rf"\b{_WANT}(?: in)? (?:to |in )?(?:please )?(?:become|becoming|be|being|apply|applying|sign|signing|join|joining|take|taking|reserve|reserving|book|booking|try|trying|start|starting)\b(?: (?:up|out|for|as|to be|on|an?|the|one of (?:the|your)|your|our|next|two|you|this|\w+'s))*\s?(?:associate|members?|membership|place|places|you|trust|the trust|schoolsworks|next term|term)\b|"
    r"\b(?:put|sign|pencil|count|book) (?:us|me|our school|my school|\w+ (?:school|primary|academy)) (?:down|up|in|on)\b(?! for (?:a |the )?(?:visit|tour|call|newsletter))|"
    r"\b(?:reserve|hold|keep|book|save|take) (?:us |me |our school )?(?:a|one|the|that|our) place\b|\bwe(?:'ll| will) take (?:a|the|that) place\b|"
    r"^(?:an? |the )?associate membership (?:please|for (?:us|next term))[\s.!]*$|"
    r"\b(?:we|i)(?:'d| would)? (?:like|want|wish|love|hope|need|are ready|'re ready|have decided|decided|'ve decided) (?:to )?(?:join|apply)\b|\bsign me up\b|\bsign us up\b|\bwe want in\b|\bapply for (?:associate )?membership\b",
    re.I,
)
_QUESTION = re.compile(r"\b(?:can|could|would|will) (?:you|u|i|we) (?:please )?(?:pass|send|forward|leave|take) (?:(?:on )?(?:a|my|this|the|our) message|(?:it|this|that) on)\b|\b(?:pass|send|forward|put) (?:on )?(?:my|this|the|our) question\b(?: (?:on|to|along|through))*|\bget (?:me |us )?(?:an? )?answer\b|\bask (?:someone|somebody|the team|a person|them|the pa) (?:for me|that|this|about it)\b", re.I)  # fmt: skip
_CALL_ME_JANE = re.compile(
    r"\bcall me (?=[A-Z])(?!(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*day|On\b|At\b|Back\b|Please\b|ASAP\b|BACK\b|ON\b|PLEASE\b)"
)
_ORDER = (("observe", _OBSERVE), ("visit", _VISIT), ("membership", _MEMBER), ("call_back", _CALL), ("question", _QUESTION))
_BARE = (
    ("observe", re.compile(r"\b(?:observ\w+|sit(?:ting)? in|watch|attend|shadow|(?:governors'?|forum|board|lgb) meetings?)\b", re.I)),
    ("visit", re.compile(r"\b(?:visit\w*|tour|look (?:a?round)|come and see|see (?:a|the|your|some) schools?|third|show (?:us|me) round)\b", re.I)),
    ("membership", re.compile(r"\b(?:associate|member(?:ship)?s?|join\w*|place|sign(?:ing)? up|apply)\b", re.I)),
    ("call_back", re.compile(r"\b(?:call(?:s|ed| ?back)?|callback|ring|rung|bell|phone|telephone|speak|talk|chat|e-?mail(?:ed)?|contact(?:ed)?|hear (?:back|from)|get (?:back|in touch)|conversation|text|reply|first)\b", re.I)),
    ("question", re.compile(r"\b(?:questions?|query|queries|answers?|ask|info|information)\b", re.I)),
)  # fmt: skip
_NOT = re.compile(
    r"\b(?:not|no|don't want|rather than|instead of|isn't)\b(?: (?:a|an|the|to|for|really|school|any))* [\w -]{1,20}?(?=,|;|\.|\bbut\b|\bjust\b|\bonly\b|\binstead\b|$)",
    re.I,
)
_NO_CALL = re.compile(r"\b(?:no|not|don't|dont|do not|never|rather than|instead of|without)\b(?: (?:a|an|by|to|be|need|want|you|phone|please))* (?:calls?|call ?backs?|callbacks?|calling|called|ring|rung|phone|phoned|telephone)\b", re.I)  # fmt: skip
_BY_EMAIL = re.compile(r"\be-?mail|\bin writing\b|\bwrit(?:e|ten)\b", re.I)
_ASKS_TRUST = re.compile(
    r"^(?:(?:hi|hello|ok|and|so|but|please)\b[\s,]*)*(?:how|what|when|where|which|why|who|whom|is|are|do|does|did|should|must|if|has|have)\b"
    r"|\b(?:can|could|may|do|does|will|would|should|might) (?:i|we|you|they|he|she|it|schools?|parents?|governors?|our \w+|my \w+|heads?|teachers?|staff|a \w+|the \w+|any \w+|it be possible for us to)\b",
    re.I,
)
_CAN_SOMEONE = re.compile(rf"\b(?:can|could|will|would|please)\b (?:you )?(?:please )?(?:get |have |ask )?{_WHO}\b", re.I)


def wants_lead(text: str) -> str | None:
    """Return the wish of somebody who asks to be rung back, to visit, observe or join, or None: "can we visit?" is a question.

    One of office's wishes: call_back, visit, observe, membership, question.
    """
    line = " ".join(plain(text).split())
    for sentence in re.split(r"(?<=[.!?])\s+", _CALL_ME_JANE.sub("", line)):
        for wish, pattern in _ORDER:
            match = pattern.search(sentence)
            if match and not _is_asked(wish, sentence, match):
                return "visit" if wish == "call_back" and _OF_VISIT.search(sentence) else wish
    return None


def _is_asked(wish: str, sentence: str, match: re.Match[str]) -> bool:
    if wish == "observe" and re.match(r"(?:can|could|may|might|please)", match.group(), re.I):
        return bool(re.match(r"^(?:how|what|when|where|which|why|who|if)\b", sentence, re.I))
    if (
        wish == "call_back"
        and _CAN_SOMEONE.search(sentence)
        and not re.match(r"(?:how|what|when|where|which|why|who|whom|if)\b", sentence, re.I)
    ):
        return False
    if wish in ("membership", "visit") and re.match(
        r"(?:can|could|please|will) (?:you )?(?:please )?(?:put|sign|pencil|book|reserve|count|arrange|organise|hold|save|keep)\b",
        sentence,
        re.I,
    ):
        return False
    return bool(_ASKS_TRUST.search(sentence[: match.start() + 1])) or bool(_ASKS_TRUST.match(sentence))


def wish_in(text: str, asked: bool = False) -> str | None:
    """Return the wish a message tells; `asked`: the form has just asked for it, so a word is enough ("visit", "ring me")."""
    line = " ".join(plain(text).split())
    said = _NOT.sub(" ", line) if asked else line
    wanted = wants_lead(said)
    if not wanted and asked and len(line) <= 120:
        wanted = next((wish for wish, pattern in _BARE if pattern.search(said)), None)
    if asked and wanted == "call_back" and _NO_CALL.search(line) and _BY_EMAIL.search(said):
        other = (wish for wish, pattern in _BARE if wish != "call_back" and pattern.search(said))
        return next(other, "question")  # "no call please, email only": an answer, and not by phone
    return wanted


_SEASONS = {"autumn": "autumn", "fall": "autumn", "michaelmas": "autumn", "winter": "autumn", "spring": "spring", "lent": "spring", "hilary": "spring", "easter": "spring", "summer": "summer", "trinity": "summer"}  # fmt: skip
_STARTS = {"spring": 1, "summer": 4, "autumn": 9}
_YEAR = r"(?:\s*(?:of|in)?\s*,?\s*(?P<year>20\d\d)(?:\s?[/-]\s?(?P<next>\d{2,4}))?)?"
_SEASON = re.compile(rf"\b(?P<season>autumn|fall|michaelmas|spring|lent|hilary|summer|trinity)\b(?: term)?(?:s)?{_YEAR}", re.I)
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
_MONTH = re.compile(
    r"\b(?P<when>from|in|since|starting|start|by|for|until|after|this|next|early|late|mid|beginning of|end of|of)?\s*"
    rf"\b(?P<month>{'|'.join(f'{m}|{m[:4]}|{m[:3]}' if len(m) > 4 else (f'{m}|{m[:3]}' if m != 'may' else m) for m in _MONTHS)})\b{_YEAR}",
    re.I,
)
_AFTER = re.compile(
    rf"\bafter\s+(?:the\s+)?(?P<feast>easter|christmas|xmas|new year|summer|half[- ]term)\b(?: holidays?| break)?{_YEAR}", re.I
)
_RELATIVE = re.compile(
    r"\b(?P<which>next|this|the current|current|coming|following|the one after next|term after next)\s+(?:school\s+|academic\s+)?(?P<what>term|year)\b|\bterm after next\b",
    re.I,
)


def term_in(text: str, today: date) -> str | None:
    """Return the term a message speaks of as "2027-spring" (autumn from September, spring from January, summer from mid-April), or None.

    A season without a year is the next one that has not ended on `today`.
    """
    line = " ".join(plain(text).split())
    if re.search(r"\bterm after next\b", line, re.I):
        return _following(_following(term_of(today)))
    if match := _AFTER.search(line):
        feast = match["feast"].lower()
        season = {"easter": "summer", "christmas": "spring", "xmas": "spring", "new year": "spring", "summer": "autumn"}.get(feast)
        if season is None:
            return None
        return _dated(season, match, today)
    if match := _SEASON.search(line):
        season = _SEASONS[match["season"].lower()]
        if re.search(rf"\bnext {match['season']}\b", line, re.I) and not match["year"] and term_of(today).endswith(season):
            return f"{int(term_of(today)[:4]) + 1}-{season}"
        return _dated(season, match, today)
    for match in _MONTH.finditer(line):
        number = next(i for i, name in enumerate(_MONTHS, 1) if name.startswith(match["month"].lower()[:3]))
        if match["month"].lower() in ("may", "mar", "march") and not (match["when"] or match["year"]):
            continue  # "may we", "march in"
        season = "spring" if number <= 3 else "summer" if number <= 7 else "autumn"
        if match["year"]:
            return _dated(season, match, today)
        return f"{today.year if number >= today.month else today.year + 1}-{season}"
    if match := _RELATIVE.search(line):
        if match["what"].lower() == "year":
            return _next_autumn(today) if match["which"].lower() in ("next", "coming", "following") else None
        on_holiday = today.month == 8  # then the autumn is what comes next
        return term_of(today) if on_holiday or match["which"].lower() in ("this", "current", "the current") else _following(term_of(today))
    return None


def term_of(day: date) -> str:
    """Return the term a day lies in; August counts to the autumn, the first half of April to the spring."""
    if day.month >= 8:
        return f"{day.year}-autumn"
    return f"{day.year}-spring" if (day.month, day.day) < (4, 15) else f"{day.year}-summer"


def _following(term: str) -> str:
    year, season = int(term[:4]), term[5:]
    return {"spring": f"{year}-summer", "summer": f"{year}-autumn", "autumn": f"{year + 1}-spring"}[season]


def _next_autumn(today: date) -> str:
    return f"{today.year if today.month < 8 else today.year + 1}-autumn"


def _dated(season: str, match: re.Match[str], today: date) -> str:
    if match["year"]:
        first = int(match["year"])
        return f"{first + 1 if match['next'] and season != 'autumn' else first}-{season}"  # "spring 2026/27" lies in 2027
    this = term_of(today)
    year = int(this[:4])
    ended = _STARTS[season] < _STARTS[this[5:]]
    return f"{year + 1 if ended else year}-{season}"

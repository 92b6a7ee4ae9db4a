"""What is written before somebody agrees to be kept: their words with addresses, phone numbers and names taken out.

Rather too much than too little is taken out; dates, years, sums and ordinary questions stay.
"""

from __future__ import annotations

import re
import unicodedata

EMAIL, PHONE, NAME = "[e-mail]", "[phone]", "[name]"

_INVISIBLE = "\u00ad\u200b-\u200f\u2060\ufeff"
_ADDRESS = re.compile(r"(?<![^\s,;<>()\[\]\"|@])[^\s,;<>()\[\]\"|@]+@+[^\s,;<>()\[\]\"|]*")
_SPACED = re.compile(r"(?<![\w.+-])[\w.+'-]{1,64}\s{0,2}@\s{0,2}[\w-]{1,63}(?:\s?\.\s?[\w-]{1,63}){1,5}")
_SPOKEN = re.compile(
    r"(?<![\w.+-])[\w.+'-]{1,64}(?:\s(?:dot|underscore|dash|hyphen)\s[\w+'-]{1,64}){0,3}\s?(?:\bat\b|\(at\)|\[at\]|\{at\})\s?"
    r"(?:[\w-]{1,63}(?:\s?(?:\bdot\b|\(dot\)|\[dot\])\s?[\w-]{1,63}){1,5}|[\w-]{1,63}(?:\.[\w-]{2,63}){1,4}\b)",
    re.I,
)
_RUN = re.compile(rf"(?:\+\s?|\(\s?\+?\s?)?\d(?:[\s().\-/–—_,·•:*{_INVISIBLE}]{{0,4}}\d){{4,40}}\)?")
_INSIDE = re.compile(rf"(?<![\d.])(?:\+|0)(?:[\s().\-/–—_,·•:*{_INVISIBLE}]{{0,4}}\d){{8,}}")
_EXTENSION = re.compile(r"[\s,;(]{0,3}(?:x|ext(?:n|ension)?|#)[\s.:]{0,2}(?:no\.? ?|number ?)?\d{1,6}\)?(?!\w)", re.I)
_DIGIT_SAID = r"(?:oh|o|zero|nought|one|two|three|four|five|six|seven|eight|nine|double|triple|treble|hundred|thousand|\d)"
_SAID = re.compile(rf"\b{_DIGIT_SAID}(?:[\s,.-]{{1,3}}{_DIGIT_SAID}\b){{6,30}}", re.I)
_CALLED = re.compile(
    r"\b(?:phone|tel|telephone|mob|mobile|cell|landline|number|call|ring|reach|text|whatsapp|fax|ext|extension|ends?|ending|digits)\W{0,3}"
    r"(?:(?:me|us|is|are|on|at|in|with|back|it's|its|number|no|my|our|the|direct|office|school)\W{1,3}){0,5}$",
    re.I,
)
_SHORT = re.compile(r"\d(?:[ .-]?\d){1,7}(?!\w)")
_DATE = re.compile(
    r"\d{1,2}[/.\- ]\d{1,2}[/.\- ](?:19|20)?\d\d|(?:19|20)\d\d[/.\-–]\d\d[/.\-–]\d\d|"
    r"(?:(?:19|20)\d\d(?:[/–-]\d\d)?[\s/.,\-–]{0,3}){1,6}|(?:19|20)\d\d[/–-]\d\d|[012]?\d[.:][0-5]\d\s?[-–]\s?[012]?\d[.:][0-5]\d|[012]\d[0-5]\d\s?[-–]\s?[012]\d[0-5]\d"
)
_SUM = re.compile(r"\d{1,3}(?:[, ]\d{3}){1,4}(?:\.\d\d)?|\d+\.\d{1,2}|\d+,\d{3}\s?[-–]\s?\d+,\d{3}")
_MONEY = re.compile(r"(?:[£$€]|\bgbp|\bsum of)\s?$", re.I)
_COUNTED = re.compile(
    r"\s?(?:pupils|children|students|places|pounds|per cent|staff|on roll|people|a year|per year|p\.?a\.?\b|quid|gbp)", re.I
)
_REFERENCE = re.compile(
    r"\b(?:urn|laestab|ukprn|upn|company (?:number|no\.?)|charity (?:number|no\.?)|dfe (?:number|no\.?))\W{0,3}(?:is\W)?$", re.I
)

_TITLE = r"(?:mr|mrs|ms|miss|mx|dr|revd?|reverend|sister|fr|father|prof|professor|sir|dame|cllr|canon)\b\.?"
_PART = r"[^\W\d_][\w'’.\-]*"
_CAPITAL = r"(?-i:(?![a-zà-öø-ÿ])[^\W\d_](?:[^\W\d_]|['’\-])*\.?(?!\w))"
_SMALL_PART = r"(?:de|da|dos|di|del|du|der|den|van|von|la|le|el|al|bin|ibn|ap|y)"
_NAME = rf"(?:{_TITLE}\s)?{_CAPITAL}(?:\s(?:{_SMALL_PART}\s){{0,2}}{_CAPITAL}){{0,4}}"
_NO_NAME = (
    r"(?:(?:a|an|the|not|just|also|so|very|really|too|in|at|on|from|here|there|this|that|it|about|with|for|to|of|by|as|if|and|or|but|we|you|they|i|our|my|your|his|her|"
    r"new|now|sure|unsure|sorry|happy|glad|keen|afraid|aware|able|unable|interested|worried|confused|curious|ready|back|all|only|still|what|how|why|when|where|who|which|"
    r"me|us|them|him|because|before|after|early|later|tomorrow|today|please|asap|great|good|fine|ok|okay|more|less|one|some|any|no|yes|is|are|was|"
    r"head|headteacher|deputy|chair|governor|bursar|parent|teacher|trustee|principal|clerk|sbm|senco|sendco|ceo|cfo|pa|acting|interim|assistant|senior|"
    r"associate|membership|academy|academies|school|schools|trust|schoolsworks|ofsted|dfe|monday|tuesday|wednesday|thursday|friday|spring|summer|autumn|"
    r"something|nothing|anything|exactly|correct|wrong|right|important|urgent|ridiculous|possible|confidential|free|cheaper|better|enough|quite|rather|responsible|off|done|lost|told|unhappy|ill|vice|union|cog|sbl|mat|ht|dht|people|bye|out|up|down|over|under|member|staff|someone|somebody|nobody|everyone|everybody|pleased|grateful|late|busy|free|away|home|well|bad|wondering|kind|sort|support|office|reception|admin)\b"
    r"|\w+ing\b)"
)
_SURE = re.compile(
    r"\b(?P<cue>(?:my|the|his|her|our|full|first|contact|sur|last)\s?(?:full |first |last )?name(?:\s?(?:is|was|:|=|-)|'s|’s|s)\s{0,2}(?:actually |now )?|\bname\s?[:=]\s?"
    r"|(?:please |just |you can |can you |people |they |everyone )call(?:s)? me\s|^call me\s|(?:i'm|i’m|i am|im|is|am) called\s|i go by\s|(?:it's |it’s |is |name )?(?:spelled|spelt)\s)"
    rf"(?!{_NO_NAME})(?P<name>(?:{_TITLE}\s)?{_PART}(?:\s(?!(?:and|from|at|of|the|i|we|you|my|is|am|can|what|how|who|do|does|but|or|in|a|please|here|with|head|deputy|chair|governor|for|to|on|not)\b){_PART}){{0,3}})",
    re.I | re.M,
)  # fmt: skip
_PERHAPS = re.compile(
    r"\b(?P<cue>(?:i'm|i’m|i am|im|this is|it's|it’s|it is|we are|we're|we’re|here is|speaking with|fao|ask for|speak to|regards,?|wishes,?|sincerely,?|faithfully,?|signed,?|thanks,|thank you,|cheers,)\s{1,3})"
    rf"(?!{_NO_NAME})(?P<name>{_NAME})",
    re.I,
)
_SMALL = re.compile(
    rf"\b(?P<cue>(?:i'm|i’m|i am|im|this is)\s(?={_TITLE}\s|(?:[\w'’-]+\s){{1,3}}(?:from|here|at|the head|head|deputy|chair|the chair|governor|bursar|sbm|and i|and my|,)|[\w'’-]+(?:\s[\w'’-]+)?\s?(?:,|$)))"
    rf"(?!{_NO_NAME}|\w+ed\b)(?P<name>(?:{_TITLE}\s)?[^\W\d_][\w'’-]*(?:\s(?!{_NO_NAME})[^\W\d_][\w'’-]*){{0,2}})",
    re.I,
)
_TITLED = re.compile(
    rf"(?P<cue>)\b(?P<name>(?-i:Mr|Mrs|Ms|Miss|Mx|Dr|Revd?|Reverend|Prof|Professor|Cllr|Dame|Canon)\.?\s{_CAPITAL}(?:\s{_CAPITAL}){{0,3}})"
)
_HERE = re.compile(
    rf"(?P<cue>(?:^|[.,!;:]\s|\b(?:hi|hello|hey|morning|afternoon)[,.!]?\s))(?!{_NO_NAME})(?P<name>{_NAME})(?=\s(?:here|speaking)\b)",
    re.I | re.M,
)
_SIGNED = re.compile(
    rf"(?P<cue>(?:regards|wishes|sincerely|faithfully|thanks|cheers)[,.!]?\s{{1,3}})(?!{_NO_NAME})(?P<name>{_PART}(?:\s{_PART}){{0,2}})(?=\s*[.,]?\s*$)",
    re.I | re.M,
)
_INTRODUCED = (_SURE, _PERHAPS, _SMALL, _TITLED, _HERE, _SIGNED)


def masked(text: str) -> str:
    """Return the text with e-mail addresses, phone numbers and self-introduced names as "[e-mail]", "[phone]", "[name]"."""
    text = _without(_contacts(text), text)
    for pattern in _INTRODUCED:
        text = pattern.sub(lambda match: match["cue"] + NAME, text)
    return text


def holds_contact(text: str) -> bool:
    """Return whether a text holds an e-mail address or a phone number."""
    return bool(_contacts(text))


def _contacts(text: str) -> list[tuple[int, int, str]]:
    """Return where addresses and numbers stand, in order and apart from each other."""
    plain = _plain(text)
    found = [(*match.span(), EMAIL) for match in _emails(plain)]
    found += [(start, end, PHONE) for start, end in _phones(plain)]
    apart: list[tuple[int, int, str]] = []
    for start, end, what in sorted(found):
        if apart and start < apart[-1][1]:
            start, end, what = apart[-1][0], max(end, apart[-1][1]), apart[-1][2]
            apart.pop()
        apart.append((start, end, what))
    return apart


def _plain(text: str) -> str:
    """Return the text in as many characters, its digits, full-width signs and odd spaces as plain ones."""
    if text.isascii():
        return text
    return "".join(_plain_character(c) for c in text)


def _plain_character(char: str) -> str:
    if char.isascii():
        return char
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    folded = unicodedata.normalize("NFKC", char)
    if folded in ("@", ".", "+", "-", "(", ")", " "):
        return folded
    return "-" if unicodedata.category(char) == "Pd" else char


def _emails(text: str) -> list[re.Match[str]]:
    found: list[re.Match[str]] = []
    if "@" in text:
        found += list(_ADDRESS.finditer(text)) + list(_SPACED.finditer(text))
    lower = text.lower()
    if "dot" in lower or "(at)" in lower or "[at]" in lower or "{at}" in lower:
        found += [match for match in _SPOKEN.finditer(text) if re.search(r"\bdot\b|[(\[{]at[)\]}]", match.group(), re.I)]
    return found


def _phones(text: str) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for match in _RUN.finditer(text):
        if _is_phone(match.group(), text[max(0, match.start() - 60) : match.start()], text[match.end() : match.end() + 12]):
            extension = _EXTENSION.match(text, match.end())
            found.append((match.start(), extension.end() if extension else match.end()))
        else:
            found += [(match.start() + inside.start(), match.end()) for inside in _INSIDE.finditer(match.group())]
    found += [match.span() for match in _SAID.finditer(text)]
    for match in _SHORT.finditer(text):
        if _CALLED.search(text[max(0, match.start() - 60) : match.start()]) and not _is_harmless(
            match.group(), "", text[match.end() : match.end() + 12]
        ):
            found.append(match.span())
    return found


def _is_phone(run: str, before: str, after: str) -> bool:
    digits = re.sub(r"\D", "", run)
    if run.lstrip("( ").startswith(("0", "+")) and len(digits) >= 7 and not _DATE.fullmatch(run):
        return True
    if _is_harmless(run, before, after):
        return False
    if len(digits) >= 7 and not re.search(r"[,:*]", run):
        return True
    return len(digits) >= 5 and bool(_CALLED.search(before))


def _is_harmless(run: str, before: str, after: str) -> bool:
    """Return whether digits are a date, years, times, a sum, a count or a school's public reference."""
    if _DATE.fullmatch(run.strip("() ")) or _MONEY.search(before) or _COUNTED.match(after) or _REFERENCE.search(before):
        return True
    return "," in run and bool(_SUM.fullmatch(run))


def _without(found: list[tuple[int, int, str]], text: str) -> str:
    for start, end, what in reversed(found):
        tail = re.search(r"[.!?:'’]+$", text[start:end])
        end -= len(tail.group()) if tail and what == EMAIL else 0
        text = text[:start] + what + text[end:]
    return text

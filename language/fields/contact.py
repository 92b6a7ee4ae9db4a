"""How a person can be reached: e-mail addresses by email-validator, phone numbers by phonenumbers, as people type them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

import phonenumbers
from email_validator import EmailNotValidError, validate_email

Span = tuple[int, int]
MOST = 10  # addresses, and numbers, looked at in one message

_ADDRESS = re.compile(r"(?<![^\s,;:<>()\[\]\"|@])[^\s,;:<>()\[\]\"|@]*@+[\w.\-@]*", re.UNICODE)
_SPACED = re.compile(r"(?<![\w.+@-])([\w.+-]{1,64}) ?@ ?([\w-]{1,63}(?:\.[\w-]{1,63}){1,5})(?![\w@])")
_SIGNS = {"dot": ".", "point": ".", "underscore": "_", "dash": "-", "hyphen": "-", "plus": "+"}  # as they are said aloud
_SIGN = rf"(?:{'|'.join(_SIGNS)})"
_SPOKEN = re.compile(
    rf"(?<![\w.+-])([\w.+'-]{{1,64}}(?: {_SIGN} [\w+'-]{{1,64}}){{0,4}}) ?(?:\bat\b|\(at\)|\[at\]|@) ?([\w-]{{1,63}}(?:(?: ?(?:\b{_SIGN}\b|\(dot\)|\[dot\]) ?|\.)[\w-]{{1,63}}){{1,6}})(?![\w@])",
    re.I,
)
_SAID_SIGN = re.compile(rf" ?(?:\b(?P<sign>{_SIGN})\b|\(dot\)|\[dot\]) ?", re.I)
_BEFORE_SPOKEN = re.compile(r"(?:^|[^\w\s'.-]|\n|\b(?:is|it's|its|that's|thats|on|by|to|via|at|me|us|or|and|yes|ok|okay|sure|please|use|try|so|hi|hello|e-?mail|mail|address|contact|sorry|actually))\s*$", re.I)  # fmt: skip
_NO_AT = re.compile(r"[\w+'-]+(?:\.[\w+'-]+)*\.(?:uk|com|org|net|eu|info|example|co)", re.I)

_EXTENSION = r"(?:[\s,;(]{0,3}(?:x|ext(?:n|ension)?|#)[\s.:]{0,2}(?:no\.? ?|number ?)?(\d{1,6})\)?(?!\w))?"
_RUN = re.compile(
    r"(?<![\w£$€@+#])(?<!\d[.,/:-])(?:\+ ?|\(\+ ?)?\(?\d(?:[\s().\-/–]{0,3}\d){4,30}(?!(?!x ?\d)[\w@%])(?![.,/:-]\d)" + _EXTENSION, re.I
)
_GROUP = re.compile(r"\d+")
_LABEL = re.compile(r"\b(?:phone|tel|telephone|mob|mobile|cell|landline|number|no|num|call|ring|reach|text|whatsapp|t|m)\W{0,3}(?:(?:me|us|is|on|at|back|it's|its|number|no)\W{1,3}){0,4}$", re.I)  # fmt: skip
_NO_PHONE_LABEL = re.compile(
    r"\b(?:urn|laestab|dfe|company|charity|upn|postcode|invoice|order|reference|ref|account|sort code|year|pupils|roll|budget|ukprn)\b[^\d\n]{0,20}$",
    re.I,
)
_FAX = re.compile(r"\bfax(?: (?:number|no|machine|is|on))*[^\w)]{0,3}$", re.I)
_TEL_AND_FAX = re.compile(r"(?:tel|telephone|phone|ph|t)\W{0,3}(?:(?:and|or) )?(?:fax|f)\W{0,3}$", re.I)
_FAX_AFTER = re.compile(r" ?(?:\(fax\)|(?:- )?fax\s*(?:$|[,;.]))", re.I)
_NO_PHONE_AFTER = re.compile(r" ?(?:pupils|children|students|places|pounds|k\b|per cent|staff|on roll|of them)", re.I)
_DATE = re.compile(
    r"\d{1,2}[/.\- ]\d{1,2}[/.\- ](?:19|20)?\d\d|(?:19|20)\d\d[/.\-–]\d\d[/.\-–]\d\d|(?:(?:19|20)\d\d[\s/.\-–]{0,3}){2,}|(?:19|20)\d\d[/–-]\d\d"
)
_SAID_DIGITS = {"oh": "0", "o": "0", "zero": "0", "nought": "0", "naught": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9"}  # fmt: skip
_SAID_DIGIT = rf"(?:(?:double|treble|triple)[\s-]+)?(?:{'|'.join(_SAID_DIGITS)}|\d+)"
_SAID = re.compile(rf"\b(?:plus\s+)?{_SAID_DIGIT}(?:[\s,.-]{{1,3}}{_SAID_DIGIT}\b){{4,20}}", re.I)
_TIMES = re.compile(r"[012]\d\.?[0-5]\d ?[-–] ?[012]\d\.?[0-5]\d|[012]?\d\.[0-5]\d ?[-–] ?[012]?\d\.[0-5]\d")
_DRAMA = re.compile(r"7700900\d{3}|1632960\d{3}")  # Ofcom's numbers for drama in no area: no list of valid numbers has them


@dataclass(frozen=True)
class FoundContact:
    """A value read, or what looks like one and cannot be it, and where it stands."""

    value: str | None
    bad: str | None
    span: Span


def valid_email(typed: str) -> str | None:
    """Return an address as it is kept (domain in lower case), or None where it cannot be one. Asks no server."""
    try:
        return str(validate_email(typed, check_deliverability=False).normalized)
    except (EmailNotValidError, ValueError):
        return None


def valid_phone(typed: str, extension: str | None = None) -> str | None:
    """Return a number in its international form ("+44 20 7946 0018 ext. 12"), a British one unless it says otherwise, or None."""
    try:
        number = phonenumbers.parse(typed, "GB")
    except phonenumbers.NumberParseException:
        return None
    national = str(number.national_number)
    known = phonenumbers.is_valid_number(number) or number.country_code == 44 and bool(_DRAMA.fullmatch(national))
    if not known or len(national) < 7:
        return None
    extension = extension or number.extension
    number.extension = None
    shown = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return f"{shown} ext. {extension}" if extension else shown


def emails_in(text: str, asked: bool = False) -> list[FoundContact]:
    """Return the e-mail addresses of a message, and what looks like one and cannot be it; `asked`: the form has just asked for one."""
    found: list[FoundContact] = []
    if "@" in text:
        for match in islice(_ADDRESS.finditer(text), MOST):
            found += _read_address(text, match, asked)
    if not any(f.value for f in found):
        spoken = _spoken(text, asked)
        if spoken is not None:
            return [spoken]
    if asked and not found:
        word = text.strip(" .,!?")
        if _NO_AT.fullmatch(word) and not word.lower().startswith("www."):
            start = text.index(word)
            found.append(FoundContact(None, word, (start, start + len(word))))
    return found


def _read_address(text: str, match: re.Match[str], asked: bool) -> list[FoundContact]:
    typed = match.group().rstrip(".-_'")
    start = match.start()
    while typed[:1] in ("'", "/", "*", "`"):
        typed, start = typed[1:], start + 1
    span = (start, start + len(typed))
    value = valid_email(typed)
    if value:
        return [FoundContact(value, None, span)]
    spaced = _SPACED.search(text, max(0, start - 66))
    if spaced and spaced.start() <= span[1] and (value := valid_email("@".join(spaced.groups()))):
        return [FoundContact(value, None, spaced.span())]
    if typed.strip("@") == "" or (typed.startswith("@") and not asked):
        return []
    return [FoundContact(None, typed, span)]


def _spoken(text: str, asked: bool) -> FoundContact | None:
    """Return an address said aloud ("head at oakfield dot org"): only with "dot", or with "at" in brackets.

    One with a word before it that may belong to it ("j o at oakfield dot org") cannot be read; never is half of it kept.
    """
    for match in _SPOKEN.finditer(text):
        said = match.group().lower()
        if not (re.search(r"\bdot\b", said) or re.search(r"[(\[]at[)\]]", said)):
            continue
        value = valid_email("@".join(_SAID_SIGN.sub(_sign, part) for part in match.groups()))
        if value and not _BEFORE_SPOKEN.search(text[: match.start()]):
            return FoundContact(None, match.group(), match.span()) if asked else None
        if value:
            return FoundContact(value, None, match.span())
    return None


def _sign(match: re.Match[str]) -> str:
    return _SIGNS[match["sign"].lower()] if match["sign"] else "."


def phones_in(text: str, asked: bool = False) -> list[FoundContact]:
    """Return the phone numbers of a message, and what looks like one and cannot be it; `asked`: the form has just asked for one."""
    found: list[FoundContact] = []
    for match in islice(_RUN.finditer(text), MOST):
        end = match.start(1) if match.group(1) else match.end()
        run = _bare(text[match.start() : end])
        before, after = text[max(0, match.start() - 40) : match.start()], text[match.end() : match.end() + 12]
        number = _numbers(run, match, text)
        if _FAX.search(before) and not _TEL_AND_FAX.search(before) or _FAX_AFTER.match(after):
            continue
        if number:
            found += [n for n in number if not _NO_PHONE_LABEL.search(before)]
        elif _looks_meant(run, before, after, asked):
            found.append(FoundContact(None, text[match.start() : match.end()].strip(), match.span()))
    return found or [said for said in [_said_aloud(text)] if said]


def _said_aloud(text: str) -> FoundContact | None:
    """Return a number said digit by digit ("oh seven seven double-oh nine …"), where that is a valid one."""
    for match in _SAID.finditer(text):
        digits, times = "", 1
        for word in re.findall(r"[a-z]+|\d+", match.group().lower()):
            if word in ("double", "treble", "triple"):
                times = 2 if word == "double" else 3
                continue
            digits += "+" if word == "plus" else _SAID_DIGITS.get(word, word) * times
            times = 1
        if value := valid_phone(digits):
            return FoundContact(value, None, match.span())
    return None


def _bare(run: str) -> str:
    return re.sub(r"[\s,;(]*(?:x|ext(?:n|ension)?|#)?[\s.:]*(?:no\.? ?|number ?)?$", "", run, flags=re.I)


def _numbers(run: str, match: re.Match[str], text: str) -> list[FoundContact]:
    """Return the number a run of digits is, or the two it is ("020 7946 0018 / 07700 900123")."""
    if _DATE.fullmatch(run) or _TIMES.fullmatch(run):
        return []
    whole = valid_phone(run, match.group(1))
    if whole and _is_written_as_one(run):
        return [FoundContact(whole, None, match.span())]
    groups = list(_GROUP.finditer(run))
    if len(groups) > 14:
        return []
    for count in range(len(groups) - 1, 0, -1):
        cut = groups[count].start()
        head, tail = run[:cut], run[cut:]
        first = valid_phone(head) if _is_written_as_one(head) else None
        second = valid_phone(tail, match.group(1)) if first and _is_written_as_one(tail) else None
        if first and second:
            middle = match.start() + len(head.rstrip(" /-("))
            return [FoundContact(first, None, (match.start(), middle)), FoundContact(second, None, (match.start() + cut, match.end()))]
    for group in groups[1:]:
        cut = match.start() + group.start()
        if text[cut] == "0" and (later := valid_phone(run[group.start() :], match.group(1))):
            return [FoundContact(later, None, (cut, match.end()))]  # "since 1998 07700 900123"
    return []


def _is_written_as_one(run: str) -> bool:
    """Return whether a number begins as people write one: 0, +, 44, or a mobile whose 0 a spreadsheet ate."""
    digits = re.sub(r"\D", "", run)
    return (
        run.lstrip("( ").startswith(("0", "+")) or digits.startswith("44") and len(digits) >= 12 or len(digits) == 10 and digits[0] in "127"
    )


def _looks_meant(run: str, before: str, after: str, asked: bool) -> bool:
    """Return whether digits that are no number were meant as one: begun like one, asked for, or called so."""
    digits = re.sub(r"\D", "", run)
    if _DATE.fullmatch(run) or _TIMES.fullmatch(run) or _NO_PHONE_LABEL.search(before) or _NO_PHONE_AFTER.match(after):
        return False
    begun = run.lstrip("( ").startswith(("0", "+")) and len(digits) >= 7
    return begun or asked or bool(_LABEL.search(before))

"""How a person can be reached: e-mail addresses by email-validator, phone numbers by phonenumbers, as people type and say them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from phonenumbers import Leniency, PhoneNumberMatcher

from language.fields.lexicon import pairs, phrases, words
from language.fields.names import is_given_name
from language.fields.spans import CERTAIN, HARDLY, IF_ASKED, LIKELY, PERHAPS, DetailSpan

MOST_TRIES = 500  # of phonenumbers, in one text
SHORTEST, SHORTEST_CALLED = 7, 5  # digits of a number, and of one that is called so
_STOP = frozenset(' \t\r\n\x0b\x0c\xa0,;:<>()[]"|')
_DOMAIN = re.compile(r"[\w.\-@]*")
_AT = re.compile(r"@+")
_FURTHER = re.compile(r"(?: ?\. ?[\w-]+){1,5}")
_WRITTEN = re.compile(r"[\w+'-]+(?:\.[\w+'-]+)*|[(\[{](?:at|dot)[)\]}]|@|\S", re.I)  # a word of a spoken address
_SIGNS, _DIGITS = pairs("spoken", "sign"), pairs("spoken", "digit")
_BEFORE = words("spoken", "before")
_SPACED_DOT = re.compile(r"(?<![\w.])(?P<part>[a-z]{1,20})\. $")
_SLIPS = pairs("mail_slips")
_NO_AT = re.compile(r"[\w+'-]+(?:\.[\w+'-]+)*\.(?:uk|com|org|net|eu|info|example|co)", re.I)

_INVISIBLE = "\u00ad\u200b-\u200f\u2060\ufeff"
_BETWEEN = rf"[\s().\-/–—_,·•:*{_INVISIBLE}]{{0,4}}"
_RUN = re.compile(rf"(?:\+\s?|\(\s?\+?\s?)?\d(?:{_BETWEEN}\d){{4,40}}\)?")
_SHORT = re.compile(r"\d(?:[ .-]?\d){1,7}(?!\w)")
_EXTENSION = re.compile(r"[\s,;(]{0,3}(?:x|ext(?:n|ension)?|#)[\s.:]{0,2}(?:no\.? ?|number ?)?(\d{1,6})\)?(?!\w)", re.I)
_DATES = (
    re.compile(r"\d{1,2}[/.\- ]\d{1,2}[/.\- ](?:19|20)?\d\d|(?:19|20)\d\d[/.\-–]\d\d[/.\-–]\d\d"),
    re.compile(r"(?:(?:19|20)\d\d(?:[/–-]\d\d)?[\s/.,\-–]{0,3}){1,6}"),
    re.compile(r"[012]?\d[.:]?[0-5]\d\s?[-–]\s?[012]?\d[.:]?[0-5]\d"),
)
_SUM = re.compile(r"\d{1,3}(?:[, ]\d{3}){1,4}(?:\.\d\d)?|\d+\.\d{1,2}|\d+,\d{3}\s?[-–]\s?\d+,\d{3}")
_MONEY = re.compile(r"[£$€]\s?$")
_NAMED_NUMBERS = ("room", "class", "item", "point", "option", "choice", "key", "stage", "fact", "step", "part", "form", "house", "lot")
_INSIDE = re.compile(rf"(?<![\d.])[+0](?:{_BETWEEN}\d){{8,}}")
_GROUP = re.compile(r"\d+")
_FAX_AFTER = re.compile(r" ?(?:\(fax\)|(?:- )?fax\s*(?:$|[,;.]))", re.I)
_WORD = re.compile(r"[^\W\d_][\w'-]*|\d+")
_WORDS = {kind: words("phone_words", kind) for kind in ("called", "ending", "between", "public", "private", "phone")}
_COUNTED = phrases("phone_words", "counted")
_SAID_WORDS = frozenset(_DIGITS)
_SAID_BEGINS = re.compile(
    r"\b(?:oh|o|zero|nought|double|treble|plus|one|two|three|four|five|six|seven|eight|nine|\d+)\b(?:[\s,.-]{1,3}[a-z\d]+\b){4}", re.I
)
_SAID = re.compile(rf"\b(?:{'|'.join(sorted(_DIGITS, key=len, reverse=True))}|\d+)\b", re.I)
_PLAIN_WORD = re.compile(r"[\w'-]+")
_DRAMA = re.compile(r"7700900\d{3}|1632960\d{3}")  # Ofcom's numbers for drama in no area: no list of valid numbers has them


def valid_email(typed: str) -> str | None:
    """Return an address as it is kept (domain in lower case), or None where it cannot be one. Asks no server."""
    try:
        return str(validate_email(typed, check_deliverability=False).normalized)
    except (EmailNotValidError, ValueError):
        return None


def likely_meant(email: str) -> str | None:
    """Return the address that one with a slip in its well-known provider ("gmial.com") likely means, or None where there is no such slip."""
    local, _, domain = email.rpartition("@")
    meant = _SLIPS.get(domain.lower())
    return f"{local}@{meant}" if meant else None


def valid_phone(typed: str, extension: str | None = None) -> str | None:
    """Return a number in its international form ("+44 20 7946 0018 ext. 12"), a British one unless it says otherwise, or None."""
    try:
        number = phonenumbers.parse(typed, "GB")
    except phonenumbers.NumberParseException:
        return None
    national = str(number.national_number)
    known = phonenumbers.is_valid_number(number) or number.country_code == 44 and bool(_DRAMA.fullmatch(national))
    if not known or len(national) < SHORTEST:
        return None
    extension = extension or number.extension
    number.extension = None
    shown = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return f"{shown} ext. {extension}" if extension else shown


@dataclass(frozen=True)
class FoundContact:
    """An address or a number as the form takes it: its value, or how it was typed where it cannot be one, with what was likely meant."""

    value: str | None
    bad: str | None
    span: tuple[int, int]
    meant: str | None = None


def emails_in(text: str, asked: bool = False) -> list[FoundContact]:
    """Return the e-mail addresses of a message, and what looks like one and cannot be it; `asked`: the form has just asked for one."""
    found = emails(text)
    if asked and not found and (word := without_at(text)):
        found = [word]
    return _taken(text, found, asked)


def phones_in(text: str, asked: bool = False) -> list[FoundContact]:
    """Return the phone numbers of a message, and what looks like one and cannot be it; `asked`: the form has just asked for one."""
    found = [span for span in phones(text) if span.kind == "phone"]
    long = [span for span in found if span.value or sum(c.isdigit() for c in text[span.start : span.end]) >= SHORTEST_CALLED]
    return _taken(text, sorted(long, key=lambda span: span.start), asked)


def _taken(text: str, spans: list[DetailSpan], asked: bool) -> list[FoundContact]:
    found: list[FoundContact] = []
    for span in spans:
        if span.value and span.certainty >= LIKELY:
            found.append(FoundContact(span.value, None, (span.start, span.end)))
        elif span.certainty >= LIKELY or asked or span.value and span.certainty >= PERHAPS:
            found.append(FoundContact(None, text[span.start : span.end], (span.start, span.end), span.value))
    return found


def emails(text: str) -> list[DetailSpan]:
    """Return the e-mail addresses of a text, typed or said aloud, and what looks like one and cannot be it."""
    found: list[DetailSpan] = []
    for cluster in _AT.finditer(text):
        if (not found or cluster.start() >= found[-1].end) and (span := _typed(text, *cluster.span(), found[-1].end if found else 0)):
            found.append(span)
    lower = text.lower()
    if "dot" in lower or "at)" in lower or "at]" in lower or "at}" in lower:
        found += _spoken(text)
    return found


def _typed(text: str, at: int, end: int, floor: int) -> DetailSpan | None:
    """Return the address round an "@"; where a space or a word before leaves open what belongs to it, without a value, or with the likely one."""
    left = at - len(text[max(floor, at - 2) : at]) + len(text[max(floor, at - 2) : at].rstrip(" "))
    right = end + len(text[end : end + 2]) - len(text[end : end + 2].lstrip(" "))
    start = left
    while start > floor and text[start - 1] not in _STOP:
        start -= 1
    while start < left and text[start] in "'/*`":
        start += 1
    stop = _domain_end(text, right)
    if left < at or right > end:
        value = valid_email(text[start:left] + "@" + text[right:stop]) if start < left and "." in text[right:stop] else None
        if value:
            return DetailSpan("email", start, stop, value, LIKELY)
        start, left, right, stop = (at if left < at else start), at, end, _domain_end(text, end)  # "cost @ £499?"
    if stop == end and start == at:
        return None
    value = valid_email(text[start:stop]) if start < at else None
    if (further := _FURTHER.match(text, stop)) and (joined := valid_email(text[start:stop] + further.group().replace(" ", ""))):
        return DetailSpan("email", start, further.end(), joined, PERHAPS)  # "jo@oak .sch.uk"
    if value is None:
        return DetailSpan("email", start, stop, None, LIKELY if start < at else IF_ASKED)
    if meant := likely_meant(value):
        return DetailSpan("email", start, stop, meant, PERHAPS)
    if (spaced := _SPACED_DOT.search(text[:start])) and _may_belong(spaced["part"], text[start:at]):
        joined = valid_email(spaced["part"] + "." + text[start:stop])  # "jo. bates@oak.sch.uk", as a phone's keyboard spaces it
        return DetailSpan("email", spaced.start("part"), stop, joined, PERHAPS)
    before = _word_before(text, start)
    if before and text[start - 1] == " " and _may_belong(before, text[start:at]):
        return DetailSpan("email", start - 1 - len(before), stop, None, LIKELY)  # "jo field@oak.sch.uk"
    return DetailSpan("email", start, stop, value, CERTAIN)


def _domain_end(text: str, start: int) -> int:
    found = _DOMAIN.match(text, start)
    return start + len(found.group().rstrip(".-_'")) if found else start


def _may_belong(before: str, local: str) -> bool:
    """Return whether a word before an address may be the first half of it: a first name that the address does not have in it."""
    lower = before.lower()
    return lower not in _BEFORE and "." not in local and (len(before) == 1 or is_given_name(before) and lower[:1] != local[:1].lower())


def _word_before(text: str, start: int) -> str:
    word = text[max(0, start - 40) : start].rstrip(" ").rpartition(" ")[2]
    return word if _PLAIN_WORD.fullmatch(word) else ""


def _spoken(text: str) -> list[DetailSpan]:
    """Return addresses said aloud ("head at oakfield dot org"): only with "dot", or with "at" in brackets.

    One with a word before it that may belong to it ("j o at oakfield dot org") cannot be read; never is half of it kept.
    """
    said = list(islice(_WRITTEN.finditer(text), 400))
    low = [word.group().lower() for word in said]
    found: list[DetailSpan] = []
    for at, word in enumerate(low):
        if word.strip("()[]{}") not in ("at", "@") or not 0 < at < len(low) - 1 or found and said[at].start() < found[-1].end:
            continue
        first, last = at - 1, at + 1
        while first > 1 and low[first - 1] in _SIGNS and at - first < 8 and _is_part(low[first - 2]):
            first -= 2
        while last + 2 < len(low) and low[last + 1].strip("()[]{}") in _SIGNS and last - at < 12 and _is_part(low[last + 2]):
            last += 2
        if not _is_part(low[first]) or not _is_part(low[last]) or "\n" in text[said[first].start() : said[last].end()]:
            continue
        aloud = "dot" in "".join(low[at + 1 : last + 1]) and last > at + 1 or word[0] in "([{" or "dot" in low[first:at]
        parts = ["".join(_SIGNS.get(one.strip("()[]{}"), one) for one in low[a:b]) for a, b in ((first, at), (at + 1, last + 1))]
        if not aloud or "." not in parts[1]:
            continue
        start, end = said[first].start(), said[last].end()
        value = valid_email("@".join(parts))
        before = _word_before(text, start)
        loose = bool(before) and before.lower() not in _BEFORE
        if loose and (len(before) == 1 or is_given_name(before)):
            start -= len(before) + 1
        if value and not loose and (meant := likely_meant(value)):
            found.append(DetailSpan("email", start, end, meant, PERHAPS))
            continue
        found.append(DetailSpan("email", start, end, None if loose else value, HARDLY if loose or not value else CERTAIN))
    return found


def _is_part(word: str) -> bool:
    return bool(_PLAIN_WORD.match(word)) and word not in ("at", "@", "dot")


def without_at(text: str) -> DetailSpan | None:
    """Return what was typed for an address without its "@" ("jo.oakfield.sch.uk"), where the text is nothing else."""
    word = text.strip(" .,!?")
    if not _NO_AT.fullmatch(word) or word.lower().startswith("www."):
        return None
    return DetailSpan("email", text.index(word), text.index(word) + len(word), None, LIKELY)


def phones(text: str) -> list[DetailSpan]:
    """Return the phone numbers of a text, typed or said aloud, and digits that may be meant as one."""
    found: list[DetailSpan] = []
    if _SHORT.search(text):
        for read in (_numbers, _runs, _short):
            found += read(_blanked(text, found))
    if not _SAID_WORDS.isdisjoint(text.lower().split()) and _SAID_BEGINS.search(text):
        found += _said_aloud(_blanked(text, found))
    return found


def _blanked(text: str, found: list[DetailSpan]) -> str:
    for span in found:
        text = text[: span.start] + "\x00" * (span.end - span.start) + text[span.end :]
    return text


def _numbers(text: str) -> list[DetailSpan]:
    """Return the numbers that phonenumbers finds, and that can be rung."""
    found: list[DetailSpan] = []
    for match in PhoneNumberMatcher(text, "GB", leniency=Leniency.POSSIBLE, max_tries=MOST_TRIES):
        value = valid_phone(match.raw_string) if _is_written_as_one(match.raw_string) else None
        if value:
            extension = None if " ext. " in value else _EXTENSION.match(text, match.end)
            value = f"{value} ext. {extension.group(1)}" if extension else value
            letter = text[max(0, match.start - 2) : match.start].lower() in ("o", " o", "\no")  # "O7700 900123"
            found += _number(text, match.start - letter, extension.end() if extension else match.end, value)
    return found


def _number(text: str, start: int, end: int, value: str) -> list[DetailSpan]:
    """Return a valid number for what the words round it say it is: a phone, a fax, or a company's number and none of both."""
    before = _words_before(text, start)
    kind = _called(before)
    if kind == "public":
        return []
    if kind == "fax" and not any(word in _WORDS["phone"] for word in before[1:3]) or _FAX_AFTER.match(text, end):
        return [DetailSpan("fax", start, end, value, CERTAIN)]
    return [DetailSpan("phone", start, end, value, HARDLY if kind == "private" else CERTAIN)]


def _runs(text: str) -> list[DetailSpan]:
    """Return runs of digits that phonenumbers found no number in, with how likely they were meant as one."""
    found: list[DetailSpan] = []
    for match in _RUN.finditer(text):
        run, start, end = match.group(), match.start(), match.end()
        if whole := valid_phone(run) if _is_written_as_one(run) else None:
            found += _number(text, start, end, whole)
        elif two := _two_numbers(run):
            cut, first, second = two
            found += [*_number(text, start, start + cut, first), *_number(text, start + cut, end, second)]
        elif certainty := _certainty(text, run, start, end):
            extension = _EXTENSION.match(text, end)
            found.append(DetailSpan("phone", start, extension.end() if extension else end, None, certainty))
        elif (inside := _INSIDE.search(run)) and _called(_words_before(text, start)) != "public":
            found.append(DetailSpan("phone", start + inside.start(), end, None, LIKELY))
    return found


def _two_numbers(run: str) -> tuple[int, str, str] | None:
    """Return where the second of two numbers in a row begins, and both."""
    for group in list(_GROUP.finditer(run))[1:14]:
        head, tail = run[: group.start()], run[group.start() :]
        if _is_written_as_one(head) and _is_written_as_one(tail) and (first := valid_phone(head)) and (second := valid_phone(tail)):
            return group.start(), first, second
    return None


def _certainty(text: str, run: str, start: int, end: int) -> float:
    """Return how likely digits that are no valid number were meant as one: begun like one, called so, or just as long."""
    length = sum(c.isdigit() for c in run)
    called = _called(_words_before(text, start))
    if called == "public" or _is_date(run):
        return 0.0
    if run.lstrip("( ").startswith(("0", "+")) and length >= SHORTEST:
        return HARDLY if called == "private" else LIKELY
    if _is_counted(text, run, start, end):
        return 0.0
    if called in ("called", "fax"):
        return LIKELY
    if length >= SHORTEST and not set(run) & set(",:*"):
        return HARDLY if called == "private" else PERHAPS
    return IF_ASKED


def _short(text: str) -> list[DetailSpan]:
    """Return the few digits of a local number ("call 234567"), or of the end of one ("the number ends 89")."""
    found: list[DetailSpan] = []
    for match in _SHORT.finditer(text):
        called = _called(_words_before(text, match.start()))
        enough = called == "ending" or called == "called" and len(match.group()) >= SHORTEST_CALLED
        if enough and not _is_date(match.group()) and not _is_counted(text, match.group(), *match.span()):
            found.append(DetailSpan("phone", *match.span(), None, HARDLY))
    return found


def _called(before: list[str]) -> str:
    """Return what the words before digits, the nearest first, call them: called, ending, fax, public, private or ""."""
    for place, word in enumerate(before):
        for kind in ("public", "private", "ending"):
            if word in _WORDS[kind]:
                return kind
        if word in _WORDS["called"] and word not in ("number", "no"):
            return "fax" if word == "fax" else "called"
        if word not in _WORDS["between"]:
            return "called" if place and before[place - 1] in ("number", "no") and word not in _NAMED_NUMBERS else ""
    return "called" if before and before[-1] in ("number", "no", "my") else ""


def _words_before(text: str, start: int) -> list[str]:
    """Return the words before digits, the nearest first, up to other digits or the line's begin."""
    found: list[str] = []
    for word in reversed(_WORD.findall(text[max(0, start - 60) : start].rpartition("\n")[2].rpartition(")")[2].lower())):
        if word[0].isdigit() or len(found) == 6:
            break
        found.append(word)
    return found


def _is_counted(text: str, run: str, start: int, end: int) -> bool:
    """Return whether digits are a sum, a time, or a number of something."""
    after = text[end : end + 14].lower().lstrip(" -")
    counted = any(after.startswith(word) and not after[len(word) : len(word) + 1].isalpha() for word in _COUNTED)
    return counted or bool(_MONEY.search(text[max(0, start - 3) : start])) or bool(set(run) & set(",.")) and bool(_SUM.fullmatch(run))


def _is_date(run: str) -> bool:
    return any(pattern.fullmatch(run.strip("() ")) for pattern in _DATES)


def _is_written_as_one(run: str) -> bool:
    """Return whether a number begins as people write one: 0, +, 44, or a mobile whose 0 a spreadsheet ate."""
    digits = "".join(c for c in run if c.isdigit())
    begun = (
        run.lstrip("( ").startswith(("0", "+")) or digits.startswith("44") and len(digits) >= 12 or len(digits) == 10 and digits[0] in "127"
    )
    return begun and not _is_date(run)


def _said_aloud(text: str) -> list[DetailSpan]:
    """Return numbers said digit by digit ("oh seven seven double-oh nine ...")."""
    found: list[DetailSpan] = []
    group: list[re.Match[str]] = []
    for word in [*_SAID.finditer(text), None]:
        if word and group and text[group[-1].end() : word.start()].strip(" ,.-") == "" and word.start() - group[-1].end() <= 3:
            group.append(word)
            continue
        if len(group) > 4 and (digits := _digits(group)) and len(digits) >= SHORTEST:
            value = valid_phone(digits)
            found.append(DetailSpan("phone", group[0].start(), group[-1].end(), value, CERTAIN if value else HARDLY))
        group = [word] if word else []
    return found


def _digits(said: list[re.Match[str]]) -> str:
    digits, times = "", 1
    for word in said:
        digit = _DIGITS.get(word.group().lower(), word.group())
        if digit.startswith("x"):
            times = int(digit[1:])
        else:
            digits, times = digits + digit * times, 1
    return digits if any(word.group().isalpha() for word in said) else ""

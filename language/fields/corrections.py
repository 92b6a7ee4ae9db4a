"""Corrections of what was told before: "no, the number ends 89", "it's Oakfield not Oakfeld", "not a visit, just a call back"."""

from __future__ import annotations

import re
from typing import Any

from language.fields.contact import emails_in, phones_in, valid_email, valid_phone
from language.fields.details import told_in
from language.fields.lexicon import phrase_pattern
from language.fields.names import is_given_name, is_role, is_title, name_at
from language.fields.schools import school_alone, school_asked
from language.plain import plain

_LIST = "correction_words"
_FIELD_WORDS = ("email", "phone", "school", "role", "name", "message", "term")


def _any(part: str) -> str:
    return phrase_pattern(_LIST, part)


_FIELD = "(?:" + "|".join(f"(?P<{field}>{_any(field)})" for field in _FIELD_WORDS) + ")"
_CUE = re.compile(rf"^{_any('begins')}|{_any('within')}", re.I)
_OPENING = re.compile(rf"^(?:{_any('opening')}[\s,.!:;-]*)+", re.I)
_OWN = rf"(?:(?:my|the|our)\s)?(?:{_any('adjective')}\s)?"
_SET = re.compile(rf"{_any('set')}\s+{_OWN}{_FIELD}\s+(?:{_any('to')}|from .{{1,60}}? to)\s+(?P<value>.+)$", re.I)
_IS = re.compile(rf"{_OWN}{_FIELD}(?:\s+{_any('is')}|\s*:|'s)(?:\s+(?:actually|now))?\s+(?P<value>.+)$", re.I)
_SPELT = re.compile(r"\b(?:spelled|spelt|spelling is)\s+(?:like |as |it )?(?P<value>[^\s,.;!?]+(?:[ -][^\s,.;!?]+){0,12})", re.I)
_LETTERS = re.compile(r"(?P<value>(?:[^\W\d_][ -]){2,20}[^\W\d_])[.!]*")  # S-I-O-B-H-A-N
_ENDS = re.compile(
    rf"{_any('ends')}\s+(?:{_any('link')}\s+){{0,2}}(?P<digits>\d(?:[\s-]?\d){{0,5}})(?:,?\s+not\s+\d[\d\s-]*)?\s*(?:{_any('tail')})?[.!]*$",
    re.I,
)
_EXTENSION = re.compile(r"\bext(?:ension|n)?\b\.?(?: (?:is|should be|number|no\.?))*\s*:?\s*(?P<digits>\d{1,6})\b(?!\s*\d)", re.I)
_TOLD = r"['\"]?(?P<{}>[^,;]{{1,80}}?)['\"]?"
_NOT = re.compile(
    rf"^(?:{_any('said')}\s)?{_TOLD.format('new')},?\s+(?:and )?(?:not|rather than|instead of)\s+{_TOLD.format('old')}[.!]*$", re.I
)
_BUT = re.compile(
    rf"^(?:{_any('lightly')}\s)?not\s+{_TOLD.format('old')}\s*(?:[,;]|\bbut\b|\s-\s)\s*(?:{_any('lightly')}\s)*{_TOLD.format('new')}[.!]*$",
    re.I,
)
_QUOTED = re.compile(
    r"(?<!\w)['\"]([^'\"]{2,60})['\"]|\b(?:it's|that's|its)\s+([^\W\d_][\w'-]{1,40})\s+with\s+(?:an?|two|one|no|double)\b", re.I
)
_STARRED = re.compile(r"\*+\s*(?P<before>[^*]+)|(?P<after>[^*]+?)\s*\*+")  # "*Joan", as one corrects a word in a chat
_MEANT = re.compile(rf"{_any('meant')}\s+", re.I)
_FRESH = re.compile(rf"^(?:(?:{_any('meant')}|{_any('fresh')})\s+)+", re.I)
_WORDED = ("school", "name", "role")
_TAIL = re.compile(rf"(?:[\s,]*(?:{_any('tail')}|\bnot\s.{{1,60}}\b))*[\s.!]*$", re.I)
_WRONG = re.compile(_any("wrong"), re.I)


def corrected(text: str, details: dict[str, Any]) -> dict[str, str] | None:
    """Return the fields a message sets right with their new values, or None where it corrects nothing, or it is not sure what.

    `details` is what was told so far: name, role, school, email, phone, wish, message, term. New values are valid ones.
    """
    line = _line(text)
    if not line or len(line) > 300 or not _CUE.search(line):
        return None
    said = _OPENING.sub("", line, count=1)
    for read in (_phone_end, _reached, _named_field, _one_for_another, _spelled, _bare_value):
        changes = read(said, line, details)
        if changes:
            return {field: value for field, value in changes.items() if value != details.get(field)} or None
    return None


def corrects_something(text: str, details: dict[str, Any], asked: str | None = None) -> bool:
    """Return whether a message puts a word in the place of one told before and leaves open of which: "actually it's Hillside", "*Hillside".

    `asked` is the field the form has just asked for: a name after "sorry," answers where the name was asked for.
    """
    line = _line(text)
    said = _OPENING.sub("", line, count=1)
    bare = _bare(said)
    meant = bool(_MEANT.search(line))
    if not (meant or said != line and _CUE.search(line) and asked not in ("name", "school")):
        return False
    if not any(details.get(field) for field in _WORDED) or asked == "name" and is_given_name(bare):
        return False
    is_new = re.fullmatch(r"[A-Z][\w'-]+(?: [A-Z][\w'-]+)?", bare) or meant and " " not in bare
    return bool(is_new and name_at(bare, sure=True) and not is_role(bare) and not corrected(text, details))


def _line(text: str) -> str:
    """Return a message in one line, and what is starred in it said in words."""
    line = " ".join(plain(text).split())
    starred = _STARRED.fullmatch(line)
    return f"I meant {starred['before'] or starred['after']}" if starred else line


def _bare(said: str) -> str:
    """Return what is left of a correction without what leads to it: "Joan" of "it should be Joan, sorry"."""
    return _TAIL.sub("", _FRESH.sub("", said)).strip(" '\"")


def _phone_end(said: str, line: str, details: dict[str, Any]) -> dict[str, str] | None:
    """Put the last digits, or the extension, of the number told before right."""
    phone = details.get("phone")
    if not phone:
        return None
    number, _, extension = str(phone).partition(" ext. ")
    if match := _ENDS.search(line):
        digits = re.sub(r"\D", "", match["digits"])
        kept = re.sub(r"\D", "", number)
        new = valid_phone(f"+{kept[: -len(digits)]}{digits}", extension or None) if len(digits) < len(kept) else None
        return {"phone": new} if new else None
    if (match := _EXTENSION.search(line)) and not any(found.value for found in phones_in(line)):
        new = valid_phone(number, match["digits"])
        return {"phone": new} if new else None
    return None


def _reached(said: str, line: str, details: dict[str, Any]) -> dict[str, str] | None:
    """Take a new address or number; of two, the one that is not after "not" and not known yet."""
    changes: dict[str, str] = {}
    known = bool(details.get("email") or details.get("phone"))  # else "07700 900123 but not before 9" tells the first one
    for field, found in (("email", emails_in(line)), ("phone", phones_in(line))):
        told = [one for one in found if one.value and not re.search(r"\b(?:not|than|of|from)\s*$", line[: one.span[0]], re.I)]
        new = [one for one in told if one.value != details.get(field)]
        if new and (known or len(told) < len(found)):
            changes[field] = str(new[-1].value)
    return changes or None


def _named_field(said: str, line: str, details: dict[str, Any]) -> dict[str, str] | None:
    """Take the value said for a field: "change the school to Oakfield", "the name should be Jayne"."""
    match = _SET.search(said) or _IS.search(said)
    if match is None:
        return None
    field = next(name for name in _FIELD_WORDS if match[name])
    value = _TAIL.sub("", match["value"]).strip(" '\".,;")
    if _WRONG.match(value):
        return None
    return _as_field(field, value, details, part=(match["name"] or "").lower())


def _as_field(field: str, value: str, details: dict[str, Any], part: str = "") -> dict[str, str] | None:
    kept: str | None = None
    if field == "email":
        kept = valid_email(value)
    elif field == "phone":
        kept = valid_phone(value)
    elif field == "school":
        kept = school_asked(value)
    elif field == "role":
        kept = re.sub(r"^(?:the|a|an)\s+", "", value, flags=re.I)
    elif field == "name":
        kept = name_at(value, sure=True)
        if kept and details.get("name") and part.startswith(("first", "last", "sur")):
            before = str(details["name"]).split(" ")
            kept = " ".join([kept, *before[1:]] if part.startswith("first") else [*before[:-1], kept])
    elif field == "message":
        kept = value
    return {field: kept} if kept else None


def _one_for_another(said: str, line: str, details: dict[str, Any]) -> dict[str, str] | None:
    """Put one word for another: "it's Oakfield not Oakfeld", "not Jane but Jayne"."""
    match = _BUT.match(said) or _BUT.match(line) or _NOT.match(said)
    if match is None:
        return None
    old, new = match["old"].strip(), match["new"].strip()
    for field in ("school", "name", "role", "phone", "email", "message"):
        value = str(details.get(field) or "")
        pattern = re.compile(rf"(?<!\w){re.escape(old)}(?!\w)", re.I)
        if value and pattern.search(value):
            put = _like(new, value).replace("\\", "")
            told = pattern.sub(put, value, count=1)
            first = put.split(" ")[0]  # "it's Jo Fields not Field" says again what stood before
            return _checked(field, re.sub(rf"(?<!\w){re.escape(first)} (?={re.escape(put)})", "", told, count=1), details)
    return _alike(new, details)


def _spelled(said: str, line: str, details: dict[str, Any]) -> dict[str, str] | None:
    """Take a spelling: "the name is spelled Siobhan", "it's spelt S-I-O-B-H-A-N", "that's 'Jayne' with a y"."""
    match = _SPELT.search(said) or _LETTERS.fullmatch(said)
    if match:
        value = match["value"].strip(" '\"")
        letters = re.split(r"[ -]", value)
        if len(letters) > 2 and all(len(letter) == 1 for letter in letters):
            value = "".join(letters).capitalize()
        about = said[: match.start()].lower()
        for field, words in (("school", "school"), ("name", "name")):
            if words in about and details.get(field):
                return _alike(value, {field: details[field]}) or (
                    _as_field(field, value, details) if " " not in str(details[field]) else None
                )
        return _alike(value, details)
    quoted = _QUOTED.search(said)
    return _alike(next(part for part in quoted.groups() if part), details) if quoted else None


def _bare_value(said: str, line: str, details: dict[str, Any]) -> dict[str, str] | None:
    """Take what is told after "no," or "sorry," where the message itself says what it is."""
    if said == line and not (_MEANT.search(line) or re.search(r"\b(?:actually|instead)\b", line, re.I)):
        return None
    bare = _bare(said)
    if alike := _alike(bare, details) or _other_name(bare, line, details):
        return alike
    told = told_in(said)
    changes = {field: getattr(told, field) for field in ("name", "role", "school") if getattr(told, field) and details.get(field)}
    if (
        changes.keys() == {"name"}
        and re.match(r"(?:it's|its|it is|that's|that is)\b", said, re.I)
        and not is_given_name(bare.split(" ")[0])
    ):
        return None  # "it's Hillside" may be the school
    if not changes and details.get("school") and bare[:1].isupper() and (school := school_alone(bare)):
        changes = {"school": school}
    if not changes and details.get("role") and is_role(bare):
        changes = {"role": re.sub(r"^(?:the|a|an)\s+", "", bare, flags=re.I)}
    if not changes and details.get("name") and is_given_name(bare.split(" ")[0]) and name_at(bare, sure=False) == bare:
        changes = {"name": bare}
    known = [field for field in _WORDED if details.get(field)]
    if not changes and len(known) == 1 and _MEANT.search(line) and not is_given_name(bare) and name_at(bare, sure=True) == bare:
        return _as_field(known[0], bare, details)  # "I meant Hillside", and nothing else was told
    return changes or None


def _other_name(new: str, line: str, details: dict[str, Any]) -> dict[str, str] | None:
    """Put one word in the place of the part of the name it is meant for: a first name, or one somewhat like it ("Joan" for "Jane")."""
    words = str(details.get("name") or "").split(" ")
    if " " in new or not words[0] or name_at(new, sure=True) is None or is_role(new):
        return None
    place = next((place for place, word in enumerate(words) if not is_title(word)), 0)
    if is_given_name(new) and not is_title(new):
        return {"name": " ".join([*words[:place], _like(new, words[place]), *words[place + 1 :]])}
    if not (new[0].isupper() or _MEANT.search(line)):
        return None
    for at, word in enumerate(words[place:], place):
        if word[:1].lower() == new[0].lower() and _distance(word.lower(), new.lower()) <= max(len(word), len(new)) // 2:
            return {"name": " ".join([*words[:at], _like(new, word), *words[at + 1 :]])}
    return None


def _alike(new: str, details: dict[str, Any]) -> dict[str, str] | None:
    """Put a word where one much like it stands in exactly one detail ("Jayne" for "Jane")."""
    if not re.fullmatch(r"[^\W\d_][\w'’.\- ]{1,60}", new):
        return None
    for field in ("name", "school", "role"):
        value = str(details.get(field) or "")
        words = value.split(" ")
        count = len(new.split(" "))
        for start in range(len(words) - count + 1):
            old = " ".join(words[start : start + count])
            if old.lower().strip(",") != new.lower() and _distance(old.lower().strip(","), new.lower()) <= max(
                1, min(len(new), len(old)) // 3
            ):
                tail = "," if old.endswith(",") else ""
                return _checked(field, " ".join([*words[:start], _like(new, value) + tail, *words[start + count :]]), details)
    return None


def _checked(field: str, value: str, details: dict[str, Any]) -> dict[str, str] | None:
    if field == "email":
        email = valid_email(value)
        return {"email": email} if email else None
    if field == "phone":
        phone = valid_phone(value.replace("ext.", "ext"))
        return {"phone": phone} if phone else None
    return {field: value}


def _like(new: str, value: str) -> str:
    """Return a new word with a capital where what it stands in has capitals."""
    return new[:1].upper() + new[1:] if new.islower() and value[:1].isupper() and "@" not in value else new


def _distance(one: str, other: str) -> int:
    """Return the least number of letters to change, add or leave out."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        diagonal, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (a != b))
    return row[-1]

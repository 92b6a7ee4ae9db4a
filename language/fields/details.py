"""What a person tells of themselves in one message of the form."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace

from language.fields.contact import FoundContact, emails_in, phones_in
from language.fields.lexicon import after_phrase, phrase_pattern, phrases, words
from language.fields.names import after_opening, bare_role, introduced, is_given_name, is_role, is_state, is_title, name_at
from language.fields.roles import role_at, roles_in
from language.fields.schools import is_kind_only, may_be_a_sentence, school_alone, school_asked, school_in
from language.plain import plain

LONGEST_ROLE = 100
Place = tuple[int, int]
WishOf = Callable[[str], str | None]  # what a text wishes, or None; learned, so it is passed in
TAKEN = "\n"  # stands where a detail was taken out
_PARTED = re.compile(r"[\s,.;:|/&()-]+")
_SET_RIGHT = re.compile(
    rf"^(?:\*\s*|(?:(?:no(?=,)|{phrase_pattern('form_words', 'set_right')})[\s,.!:-]+)+)(?=\S)|\*+$", re.I
)  # "sorry, bursar", "*bursar"
_FROM_NAME = re.compile(rf"(?:[\s,]+{phrase_pattern('form_words', 'from_name')})+(?:[\s.!]*$|(?=\s*[,;\n]))", re.I)
_ORPHANS, _NO_NAME_BEHIND, _BEFORE_LABEL = (words("form_words", part) for part in ("orphan", "no_name_behind", "before_label"))
_NICKNAME = re.compile(
    r"(?P<before>\w[.']?)\s*(?P<said>\([^()\n]{1,30}\)|\"[^\"\n]{1,30}\"|(?<=\s)'[^'\s]{1,30}')\s*(?P<following>[^\W\d_][\w'.-]*)"
)
_SURNAME_FIRST = re.compile(r"(?P<surname>[^\s,;]+(?: [^\s,;]+){0,2})\s*,\s*(?P<first>[^\s,;]+(?: [^\s,;]+)?)(?=\s*(?:$|[,;\n]))")
_LABEL = re.compile(rf"{phrase_pattern('form_words', 'label')}(?: is| are|'s)?[:\s=<-]*$", re.I)
_LABELLED = re.compile(
    r"(?:^|[,;.\n]\s*|: )(?:my )?(?P<label>name|school|role)(?: is)?[:\s=]+(?P<value>[^,;\n]{2,80}?)(?=\s*[,;\n]|\.\s|\.?$)", re.I
)
_SELF_ROLE = re.compile(rf"{phrase_pattern('role_leads', 'self')}(?:\s*[:=-])?\s*(?:{phrase_pattern('role_leads', 'filler')}\s+)*", re.I)
_SEGMENT = re.compile(r"\s*(?:[,;\n|]|\s[-–]\s|[()]|(?<=\w{4})\.(?=\s|$))\s*")
_ROLE_AT = re.compile(r"^(?:the |a |an |as )?(?P<role>.+?)\s+(?:at|of|from|for|in|@)\s+(?:the\s)?", re.I)
_BETWEEN = r"[,;\n()]| [-–] "
_AFTER_NAME = re.compile(rf"\s*(?:{_BETWEEN})\s*|\s+(?:here )?(?P<from>from)\s+(?=\S)|\s+at\s+(?=\S)", re.I)
_NAMED_AFTER = frozenset(phrases("school_words", "named_after"))  # schools named after people are: "St Mary's"
_STREETS = frozenset(phrases("school_words", "street"))
_PLACE = re.compile(r"[A-Z][\w'’-]+(?: (?:[A-Z][\w'’-]+|upon|on|in|the|of|le|under|by)){0,4}")


@dataclass(frozen=True)
class FoundDetails:
    """What one message tells: each None where it does not. `bad_email` and `bad_phone` look like one and cannot be, `meant_email` is what the former likely should be;
    `unsure` are the fields whose value is to be read back, since a sentence may have been taken for it;
    `others` are further addresses and numbers; `rest` is none of it."""

    name: str | None = None
    role: str | None = None
    school: str | None = None
    email: str | None = None
    phone: str | None = None
    wish: str | None = None
    bad_email: str | None = None
    bad_phone: str | None = None
    meant_email: str | None = None
    unsure: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    rest: str = ""

    @property
    def count(self) -> int:
        """How many details it tells."""
        return sum(bool(one) for one in (self.name, self.role, self.school, self.email, self.phone))


def no_wish(text: str) -> str | None:
    """Return None: nobody reads wishes here."""
    return None


def told_in(text: str, asked: str | None = None, wish_of: WishOf = no_wish) -> FoundDetails:
    """Read what a person tells of themselves; `wish_of` reads what a text wishes, which is learned.

    `asked` is the field the form has just asked for ("name", "role", "school", "contact", "wish", "message"), None for any:
    a bare word is a name, or a school, only where that was asked for. Of two addresses or numbers the first counts.
    """
    line = plain(text)
    if asked in ("school", "name"):
        line = _SET_RIGHT.sub("", line)
    told, left = _reached(line, asked)
    if labelled := _labelled(told, left):
        return replace(labelled, wish=wish_of(" ".join(line.split())))
    told = replace(told, wish=wish_of(" ".join(line.split())))
    if asked == "message":
        return replace(told, wish=None, rest=text.strip())
    whole = left.strip(" \n,.;")
    if asked == "role" and not introduced(left):
        return _asked_role(told, left)
    if asked == "school" and (name := _name_first(whole)):
        more = _with_more(told, whole, name, wish_of)
        if more.school or more.role and _PLACE.fullmatch(more.rest):
            return more if more.school else replace(more, school=more.rest, rest="")
    if asked == "school" and (listed := _listed(told, whole)):
        return listed
    if asked == "school" and _is_plain_school(whole, told):
        return replace(told, school=school_asked(_unlabelled(whole)), unsure=("school",) if may_be_a_sentence(whole) else ())
    if asked == "name":
        left = _name_only(left)
    if asked == "name" and (name := _asked_name(left)):
        return _with_more(told, left.replace("\n", " \n"), name, wish_of)
    return _with_more(told, left, None, wish_of)


def _labelled(told: FoundDetails, left: str) -> FoundDetails | None:
    """Read details that stand behind their labels: "name Farah Siddiqui, school Park Road Junior, role SENCO"; None for fewer than two."""
    found = {match["label"].lower(): match["value"].strip(" .") for match in _LABELLED.finditer(left)}
    if len(found) < 2:
        return None
    name = name_at(found["name"], sure=True) if "name" in found else None
    return replace(told, name=name, school=school_asked(found["school"]) if "school" in found else None, role=found.get("role"))


def _reached(line: str, asked: str | None) -> tuple[FoundDetails, str]:
    """Take e-mail addresses and numbers out of a message."""
    emails = emails_in(line, asked == "contact")
    left = _without(line, emails)
    phones = phones_in(left, asked == "contact")
    if asked in ("name", "school", "role"):
        phones = [found for found in phones if found.value or len(re.sub(r"\D", "", found.bad or "")) > 6]
    left = _without(left, phones)
    email, phone = _first(emails), _first(phones)
    told = FoundDetails(
        email=email.value if email else None,
        phone=phone.value if phone else None,
        bad_email=email.bad if email and not email.value else None,
        meant_email=email.meant if email and not email.value else None,
        bad_phone=phone.bad if phone and not phone.value else None,
        others=tuple(one.value for one in [*emails, *phones] if one.value and one not in (email, phone)),
    )
    return told, left


def _first(found: list[FoundContact]) -> FoundContact | None:
    return next((one for one in found if one.value), found[0] if found else None)


def _without(text: str, found: list[FoundContact]) -> str:
    for start, end in sorted((one.span for one in found), reverse=True):
        before = _without_label(text[:start].rstrip())
        text = before.rstrip() + TAKEN + text[end:].lstrip()
    return text


def _without_label(before: str) -> str:
    """Return what stands before an address or a number without what calls it so: "my e-mail is"."""
    label = _LABEL.search(before)
    if label is None:
        return before
    bare = before[: label.start()].rstrip()
    return bare[: len(bare) - len(bare.split()[-1])] if bare and bare.split()[-1].lower() in _BEFORE_LABEL else bare


def _is_orphan(part: str) -> bool:
    """Return whether a piece is words between details and none of them: "and my number is"."""
    return all(word in _ORPHANS for word in _PARTED.split(part.lower()) if word)


def _unlabelled(text: str) -> str:
    return "\n".join(part for part in text.split("\n") if part.strip() and not _is_orphan(part))


def _is_plain_school(whole: str, told: FoundDetails) -> bool:
    """Return whether a reply to "which school?" is only that: nobody introduces themselves in it."""
    whole = re.sub(r"^(?:(?:yes|ok|well|hi|hello)\W+)?(?:it's|its|it is|we're|we are|this is|that's)\s+", "", whole, flags=re.I)
    return bool(_unlabelled(whole)) and not introduced(whole) and not (_SELF_ROLE.search(whole) and roles_in(whole))


def _name_first(whole: str) -> str | None:
    """Return the name that a reply to "which school?" begins with, where a school stands behind it: "Jo Field, head, Oak Hill Primary"."""
    whole = after_opening(whole)
    match = _AFTER_NAME.search(whole)
    before = whole[: match.start()].strip() if match else ""
    if match is None or not before or before.split()[0].lower() in _NAMED_AFTER or before.endswith(("'s", "s'")):
        return None
    parts = [part.strip(" .") for part in re.split(_BETWEEN, whole[match.end() :]) if part.strip(" .")]
    role_at = _ROLE_AT.match(parts[0]) if parts else None
    from_there = bool(match["from"] or role_at and is_role(role_at["role"]))
    role = bool(parts) and is_role(parts[0])
    # "Oak Hill, Church of England Primary" is one school, and so may be "Oak Hill, head, Jo Field"
    behind = [part for part in parts[:3] if school_alone(part) and not is_kind_only(part)]
    if not (behind or from_there or role and len(parts) > 1 and " " not in parts[1] and not is_role(parts[1])):
        return None
    name = name_at(before, sure=role or from_there)
    return name if name and len(name.split(" ")) == len(before.split(" ")) and (match["from"] or role and behind or " " in name) else None


def _listed(told: FoundDetails, whole: str) -> FoundDetails | None:
    """Read a reply to "which school?" that goes on with name and role: "Oak Hill, Jo Field, SBM"."""
    parts = [part.strip(" .") for part in re.split(_BETWEEN, whole) if part.strip(" .")]
    if len(parts) < 2:
        return None
    role = next((part for part in parts[1:] if is_role(part)), None)
    names = {
        part: name
        for part in parts[1:]
        if part != role and " " in part and part.split()[-1].lower() not in _STREETS and (name := _whole_name(part))
    }
    towns = [part for part in parts[1:] if part != role and part not in names and _PLACE.fullmatch(part)]  # or one word of a name
    rest = [part for part in parts[1:] if part != role and part not in names and part not in towns]
    # else "Oak Hill Primary, Bishop Auckland" may be its town
    known = bool(told.email or told.phone) or any(is_given_name(part.split(" ")[0]) for part in names)
    sure = role or known and school_alone(parts[0])
    if not sure or len(names) > 1 or not _is_plain_school(parts[0], told) or rest and not school_alone(parts[0]):
        return None
    if not role and not names:
        return None
    name = next(iter(names.values()), None)
    return replace(told, school=school_asked(", ".join([parts[0], *towns])), role=role, name=name, rest=", ".join(rest))


def _whole_name(part: str, *, sure: bool = False) -> str | None:
    """Return the name that a piece is and nothing else; where it is not `sure`, in small letters only with a common first name."""
    name = name_at(part, sure=sure or is_given_name(part.split(" ")[0]))
    return name if name and len(name.split(" ")) == len(part.split(" ")) else None


def _asked_role(told: FoundDetails, left: str) -> FoundDetails:
    line = _SET_RIGHT.sub("", _unlabelled(left.strip()).split("\n")[0]).strip(" .,;*")
    split = _ROLE_AT.match(bare_role(line)) if line else None
    if split and is_role(split["role"]) and (school := school_in(line, introduced=True)):
        return replace(told, role=split["role"], school=school[0])
    role = bare_role(line)
    return replace(told, role=role if role and len(role) <= LONGEST_ROLE and any(c.isalpha() for c in role) else None)


def _name_only(left: str) -> str:
    """Return the reply to the question for the name without the words that lead to it and away from it: "you can put Jo Field", "jo speaking"."""
    left = "".join(" " if unicodedata.category(char) in ("So", "Sk") else char for char in left)  # "Jo 😀 Field"
    left = re.sub(r" ?\((?:she|he|they)\b[^()]{0,20}\)|[^\S\n]+(?=\s)", "", left, flags=re.I).strip(" \n,.;")
    bare = _FROM_NAME.sub("", _without_lead(left), count=1)
    if bare and not (bare != left and bare.islower() and is_state(bare.split()[0])):
        left = bare
    return _surname_last(_NICKNAME.sub(_without_nickname, left, count=1))


def _without_lead(left: str) -> str:
    """Return a reply without what leads to a name: "ok, you can put", unless what follows is none ("it's the head")."""
    bare = said = after_opening(left)
    while (shorter := after_phrase(bare, "form_words", "to_name")) != bare:
        bare = shorter
    return left if bare == said or bare.split(" ")[0].lower().strip(",.") in _NO_NAME_BEHIND else bare


def _without_nickname(match: re.Match[str]) -> str:
    """Return the name around a nickname, or a pronoun, in brackets or quotes: "Jo Field" of "Jo (she/her) Field"."""
    said, following = match["said"].strip("()\"' "), match["following"]
    return match.group() if is_role(said) or name_at(following, sure=True) is None else f"{match['before']} {following}"


def _surname_last(left: str) -> str:
    """Return "Field, Jo" as "Jo Field", but leave "Jo, bursar" and "Jo, Oak Hill"."""
    match = _SURNAME_FIRST.match(left)
    if match is None:
        return left
    surname, first = match["surname"], match["first"]
    last, given = _whole_name(surname, sure=True), _whole_name(first, sure=True)
    if not last or not given or is_role(first) or is_title(surname.split(" ")[0]):
        return left
    if (
        not is_given_name(first.split(" ")[0])
        and (" " in surname or is_given_name(surname))
        or " " in surname
        and is_given_name(surname.split(" ")[0])
    ):
        return left  # "Jo, Oakfield", "Jo Field, Leeds"
    return f"{given} {last}{left[match.end() :]}"


def _asked_name(left: str) -> str | None:
    """Return the name out of the reply to the question for it."""
    line = after_opening(left.strip(" \n,.;"))
    if introduced(line):
        return None
    first = re.split(r"\s*(?:[,;\n|(]|\s[-–]\s)", line, maxsplit=1)[0].strip()
    if not first or "?" in first:
        return None
    name = name_at(first, sure=True)
    if name is None:
        return None
    rest = first.split(" ")[len(name.split(" ")) :]
    if len(rest) > 1 and rest[0].lower() in ("and", "&") and (other := _whole_name(" ".join(rest[1:]), sure=True)):
        return f"{name} {rest[0]} {other}"  # two who share the post
    titled, *after = name.split(" ")
    if is_title(titled) and len(after) == 1 and len(rest) > 1 and rest[0] == "of" and not school_alone(" ".join(rest[1:])):
        return first  # "Sister Mary of the Cross"
    return name if not rest or _follows_name(" ".join(rest)) else None


def _follows_name(rest: str) -> bool:
    """Return whether words after a name are more about the person, rather than a sentence that began like a name."""
    return bool(re.match(r"(?:from|at|of|here|and|the|a|i'm|i am|\W)\b|\W", rest, re.I) or role_at(rest))


def _with_more(told: FoundDetails, left: str, name: str | None, wish_of: WishOf) -> FoundDetails:
    """Read name, role and school out of what is left."""
    taken: list[Place] = []
    role = school = None
    if name:
        start = left.lower().find(name.split(" ")[0].lower())
        taken.append((0, max(0, start) + len(name)))
    elif said := introduced(left, reached=bool(told.phone or told.email)):
        name, span = said
        taken.append(span)
    if found := _self_role(left, bool(name)):
        role, span = found
        taken.append(span)
    if spot := school_in(_blanked(left, taken), introduced=bool(name or role)):
        school, span = spot
        taken.append(span)
    left = _blanked(left, taken)
    known = bool(name or role or school or told.email or told.phone)
    rest: list[str] = []
    after_school = False
    for segment in (part.strip(" .?!\x00") for part in re.split(r"\x00|" + _SEGMENT.pattern, left) if part.strip(" .?!\x00")):
        bare = segment.strip()
        if _is_orphan(bare) or told.wish and len(bare.split()) < 4 and wish_of(bare) == told.wish:
            continue
        if known and role is None and is_role(bare):
            role = bare_role(bare)
        elif (
            known
            and role is None
            and (at := _ROLE_AT.match(bare))
            and is_role(at["role"])
            and (spot := school_in(_blanked(bare, [at.span("role")]), introduced=True))
        ):
            role, school = at["role"], school or spot[0]
        elif (known or told.wish) and school is None and (alone := school_alone(bare)):
            school, after_school = alone, True
            continue
        elif known and name is None and (one := name_at(bare, sure=False)) and len(one.split(" ")) == len(bare.split(" ")) > 1:
            name = one
        elif school and _PLACE.fullmatch(bare) and (after_school or _stands_after(school, bare, left)):
            school = f"{school}, {bare}"
        else:
            rest.append(bare)
        after_school = False
    return replace(told, name=name, role=role, school=school, rest=", ".join(rest))


def _stands_after(school: str, place: str, left: str) -> bool:
    """Return whether a place stands right after the school that was taken out ("St Mary's, Leeds")."""
    return bool(re.search(rf"\x00+[\s,]{{1,3}}{re.escape(place)}", left))


def _blanked(text: str, spans: list[Place]) -> str:
    for start, end in spans:
        text = text[:start] + "\x00" * (end - start) + text[end:]
    return text


def _self_role(left: str, known: bool) -> tuple[str, Place] | None:
    """Return the role a person says is theirs and where it stands: "I'm the head", or one between commas after a name."""
    for match in _SELF_ROLE.finditer(left):
        if end := role_at(left, match.end()):
            return left[match.end() : end], (match.start(), end)
    if not known:
        return None
    for start, end in roles_in(left):
        before = left[:start].rstrip().lower()
        if (
            not before
            or before.endswith((",", "(", "-", "–", ";", "\n", " the", " a", " an", " as", "here", "."))
            or re.search(r"[A-Za-z'’]$", before)
            and _ends_name(left[:start])
        ):
            return left[start:end], (start, end)
    return None


def _ends_name(before: str) -> bool:
    said = introduced(before)
    return bool(said and said[1][1] >= len(before.rstrip()))

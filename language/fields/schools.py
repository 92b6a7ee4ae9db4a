"""Names of schools as people type them: after "at", "from", "of", or by their last word ("Oakfield Primary")."""

from __future__ import annotations

import re

LONGEST_SCHOOL = 150  # characters
_KIND = r"(?:schools?|primary|secondary|academ(?:y|ies)|college|nurser(?:y|ies)|infants?|juniors?|high|grammar|federation|trust|centre|pru|sixth form|utc|prep|pre-?school|cofe|ce|rc|va|vc|mat|partnership|hub|comprehensive|middle|kindergarten|campus|multi-academy)"  # fmt: skip
_IS_KIND = re.compile(rf"{_KIND}[.,']*", re.I)
_SMALL = {"of", "the", "and", "&", "for", "on", "upon", "le", "in", "c", "e", "by", "with", "cum", "under", "next", "to", "de", "la", "st", "st.", "saint", "our", "lady", "at", "ce", "rc", "va", "vc", "cofe", "c.of.e", "coe", "-", "no", "no."}  # fmt: skip
_ENDS = re.compile(
    r"^(?:i|i'm|i'd|i've|im|we|we're|we'd|you|they|my|and|but|who|what|which|when|where|how|why|is|are|was|would|want|wants|wanting|would|like|looking|please|pls|can|could|"
    r"here|thanks|thank|interested|asking|currently|has|have|had|email|e-mail|phone|tel|mobile|number|contact|or|do|does|did|if|because|about|wondering|hoping|thinking|so|not|it|it's|"
    r"calling|writing|ringing|name|regards|on|me|us|near|as|that|this|tomorrow|today|next|soon)$",
    re.I,
)
_CUE = re.compile(
    r"\b(?:(?P<sure>(?:my|the|our)?\s*school(?:'s name)?(?: name)?(?:\s+is called\s+|\s+is\s+(?=(?-i:[A-Z]))|'s called\s+|\s*[:=]\s*)|(?:i|we)\s+(?:currently )?(?:work|teach|am based|are based|govern|come)\s+(?:at|for|from)\s+|on behalf of\s+|(?:i'm|i am|im|we're|we are|calling|ringing|writing|emailing|messaging|enquiring)\s+(?:here )?(?:from|at)\s+|we are called\s+)"
    r"|(?P<perhaps>at|from|of|for|@)\s+(?:a school called\s+)?|(?P<are>we are|we're|this is)\s+)",
    re.I,
)
_LEAD_IN = re.compile(
    r"^(?:(?:yes|ok|okay|sure|hi|hello|well|sorry|oh|thanks)[\s,.!]+)*"
    r"(?:(?:(?:it's|its|it is|that's|i'm|i am|im|we're|we are|this is|i|we)\s+)?(?:(?:currently\s+)?(?:work|teach|am based|are based|govern|come)\s+)?(?:at|from|for|with)\s+|"
    r"(?:(?:my|our|the)\s+)?school(?:'s name)?(?: name)?(?:\s+is(?: called)?\s+|'s\s+|\s*[:=-]\s*)|(?:it's|its|it is|that's|we're|we are|i'm|this is)(?: called)?\s+|called\s+)?",
    re.I,
)
_KEEP = {"utc", "pru", "ce", "rc", "va", "vc", "sen", "send", "mat", "uk", "ii"}
_NOT_A_SCHOOL = re.compile(r"^(?:a|an|our|my|your|the|this|that|another|any|one|some|each|which|what|small|large|local|other|two|three|all|single|maintained|church|special|rural|village)?\s?(?:small |large |local |rural |maintained |single |church |special |village |multi-?)?(?:schools?|academ(?:y|ies)|trusts?|primary|secondary|primary school|secondary school|nursery|college|high school|federation|centre|mat|academy trust)$", re.I)  # fmt: skip
_ADDRESS_END = re.compile(r",?\s+[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}\b")


def school_in(text: str, *, introduced: bool) -> tuple[str, tuple[int, int]] | None:
    """Give a school's name and where it stands (with the word that leads to it), or None.

    `introduced`: a name or a role stands in the same message, so a word with a capital after "at" or "from" is enough.
    """
    for match in _CUE.finditer(text):
        if match["perhaps"] and not _follows_person(text[: match.start()], introduced):
            continue
        said = _name_at(text, match.end(), sure=not match["are"])
        if said:
            return said[0], (match.start(), said[1])
    return None


def _follows_person(before: str, introduced: bool) -> bool:
    """Return whether "at" or "from" stands right after a name or a role that was taken out, or begins what somebody tells."""
    if re.search(r"\x00(?:[\s,()]|\b(?:here|and|of the|i'm|i am|im|i work|based|working)\b){0,8}$", before, re.I):
        return True
    return introduced and bool(re.search(r"(?:^|[\n,;.])\s*(?:i'm |i am |im |we're |we are )?$", before, re.I))


def school_alone(segment: str) -> str | None:
    """Return the school a piece between commas is ("Oakfield Primary School"), or None."""
    bare = segment.strip(" .!")
    said = _name_at(bare, 0, sure=False) if bare else None
    return said[0] if said and said[1] >= len(bare) - 1 else None


def school_asked(text: str) -> str | None:
    """Return the school out of the reply to the question which it is."""
    bare = _LEAD_IN.sub("", text.strip(), count=1).strip(" .,;!\"'-")
    if not bare or not any(c.isalnum() for c in bare) or len(bare) > LONGEST_SCHOOL:
        return None
    return well_cased(re.sub(r"\s*\n\s*", ", ", bare))


def _name_at(text: str, start: int, *, sure: bool) -> tuple[str, int] | None:
    """Return the school's name that begins at `start`, and where it ends."""
    end, kinds, capitals = start, 0, 0
    last = start
    count = 0
    small = text.islower() or sure and not text[start : start + 1].isupper()
    for word in re.finditer(r"[^\s]+", text[start : start + LONGEST_SCHOOL].replace("\x00", "\n").split("\n")[0]):
        raw = word.group()
        bare = raw.strip(',.;:!?()"')
        if not bare or raw[0] in "([" or count == 12 or _ENDS.match(bare) and not bare[0].isupper() and bare.lower() not in ("and",):
            break
        is_kind = bool(_IS_KIND.fullmatch(bare))
        if not (is_kind or bare[0].isupper() or bare.lower() in _SMALL or small):
            break
        if bare.lower() in ("and", "of", "the", "for", "in", "at", "to") and not _goes_on(text[start + word.end() :]):
            break
        count += 1
        end = start + word.end()
        kinds += is_kind
        capitals += bare[0].isupper() and not is_kind
        if is_kind or bare[0].isupper():
            last = end
        if raw[-1] in ",;:!?)" or raw.endswith(".") and len(bare) > 3:
            break
    name = text[start:last].strip(" ,.;:!?\"'")
    if (
        not (kinds and count > kinds or sure and (capitals or small and 0 < count < 4))
        or _NOT_A_SCHOOL.fullmatch(name)
        or kinds
        and count == 1
    ):
        return None
    if re.match(
        r"(?:a|an|any|your|this|that|another|which|all(?! (?:saints|hallows|souls))|each|every|other|these|those|some|our(?! lady)|my)\s",
        name,
        re.I,
    ):
        return None
    return well_cased(re.sub(r"^the\s", "", name)), last


def _goes_on(rest: str) -> bool:
    """Return whether a school's name may go on after a small word: the next one has a capital, or is a kind of school."""
    following = re.match(r"\s*(\S+)", rest)
    if following is None:
        return False
    bare = following.group(1).strip(",.;:!?()")
    return bool(bare) and (
        bare[0].isupper() and not _ENDS.match(bare) or bool(_IS_KIND.fullmatch(bare)) or bare.lower() in ("the", "e", "st", "our", "saint")
    )


def well_cased(name: str) -> str:
    """Give a school's name with capitals where it was typed all in small or all in capital letters."""
    letters = [c for c in name if c.isalpha()]
    if not (name.islower() or name.isupper() and len(letters) > 6):
        return name
    words = name.lower().split(" ")
    return " ".join(_case(word, place) for place, word in enumerate(words))


def _case(word: str, place: int) -> str:
    bare = word.strip(",.()")
    if bare in _KEEP:
        return word.upper()
    if bare == "cofe":
        return word.replace("cofe", "CofE")
    if place and bare in ("of", "the", "and", "for", "on", "upon", "le", "in", "by", "with", "at", "under", "de", "la"):
        return word
    if bare in ("c", "e"):
        return word.upper()
    return "-".join(part[:1].upper() + part[1:] for part in word.split("-"))

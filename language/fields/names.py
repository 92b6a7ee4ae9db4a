"""Names and roles as people type them: titles, apostrophes, hyphens, initials, one word, any script."""

from __future__ import annotations

import re
import unicodedata
from itertools import islice

LONGEST_NAME = 100  # characters
MOST_CUES = 20  # tried in one message
_TITLES = {
    "mr": "Mr", "mrs": "Mrs", "ms": "Ms", "miss": "Miss", "mx": "Mx", "dr": "Dr", "doctor": "Dr", "rev": "Rev", "revd": "Revd", "reverend": "Reverend",
    "sister": "Sister", "sr": "Sr", "fr": "Fr", "father": "Father", "prof": "Prof", "professor": "Professor", "sir": "Sir", "dame": "Dame",
    "lady": "Lady", "lord": "Lord", "canon": "Canon", "cllr": "Cllr", "councillor": "Councillor", "brother": "Brother", "mother": "Mother", "rabbi": "Rabbi",
    "imam": "Imam", "captain": "Captain", "major": "Major", "colonel": "Colonel", "deacon": "Deacon", "the": "The",
}  # fmt: skip
_SUFFIXES = {"obe": "OBE", "mbe": "MBE", "cbe": "CBE", "kbe": "KBE", "dbe": "DBE", "phd": "PhD", "ma": "MA", "msc": "MSc", "jr": "Jr", "jnr": "Jnr", "snr": "Snr", "ii": "II", "iii": "III", "iv": "IV", "esq": "Esq", "npqh": "NPQH", "med": "MEd", "ba": "BA", "bed": "BEd", "qc": "QC", "kc": "KC"}  # fmt: skip
_PARTICLES = {"de", "da", "do", "dos", "das", "di", "del", "della", "du", "der", "den", "des", "van", "von", "zu", "la", "le", "les", "el", "al", "bin", "ibn", "bint", "ap", "ab", "ferch", "y", "e", "af", "av", "ter", "ten", "san", "st", "ul", "ur", "o'", "mac", "mc", "na", "op", "het"}  # fmt: skip
_LEADING_PARTICLES = {"de", "von", "dos", "das", "du", "di"}
_NEVER = set(  # words no name is made of
    "yes yeah yep yup okay that's thats there's here's what's who's let's what why how who when where which whose whom the this these those that there here thanks thank please hello hi hey "
    "sorry not nothing none never now later maybe perhaps about because but if or with without for from at to of on by as is are was were am be been "
    "being have has had does did done would could should can't cannot don't dont won't isn't it's its i'm im i you your yours we our ours us they them their he him his she her it me my "
    "mine need want like looking look interested would-be know tell ask asking asked say said give given call ring phone email mail e-mail contact "
    "name names number school schools academy trust primary secondary nursery college federation infant infants junior juniors membership member associate visit "
    "join joining question help information info cost costs fee fees price much many more some any all anything something anyone "
    "someone skip cancel stop quit wrong correct right change changed mind wait great ok fine happy sure course anonymous "
    "unknown private secret rather prefer business forget test nobody people person human bot robot assistant usher governors "
    "headteacher headteachers headmaster headmistress senco sendco sbm bursar teacher teachers deputy governor trustee principal secretary parent parents role manager leader "
    "next term spring summer autumn meeting meetings back again really just very too also then than so's don't and via re way idea think thinking yet "
    "see below above same before already previously guess later tomorrow today hmm um er erm lol haha nope nah enough agree consent privacy data details "
    "were weren't will-not using use does-not mean means meant see-above".split()
) | {"n/a", "okay"}
_GIVEN = set(  # first names so common that a word after a school, or a correction, is rather one of them than a place
    "adam aisha alan alex alfred alexandra ali alice alison amanda amy andrea andrew angela anita ann anna anne annette anthony asha barbara ben beth brenda brian "
    "carol caroline catherine charlotte chris christine claire clare colin craig daniel dave david dawn deborah debbie denise diana diane donna dorothy edward "
    "elaine eleanor elizabeth ellen emily emma eva fatima fiona frances gail gary gemma geoff george georgina gillian graham greg hannah harriet hayley heather "
    "helen ian isabel jack jackie jacqueline james jan jane janet janice jason jayne jean jennifer jenny jessica jill jim jo joan joanna joanne joe john "
    "jonathan judith julia julian julie karen kate katherine kathryn katie keith kelly kevin kim laura lauren leanne lesley linda lisa liz louise lucy "
    "lynn maggie margaret maria marie mark martin mary matt matthew maureen megan melanie michael michelle mike mohammed natalie natasha neil nick nicola nicole "
    "nigel olivia pamela pat patricia patrick paul paula penny peter philip philippa phil priya rachel rebecca richard rob robert robin roger ruth "
    "sally sam samantha sandra sara sarah sean sharon sheila simon siobhan sofia sophie stephanie stephen steve steven stuart sue susan suzanne tanya teresa "
    "theresa tim tina tom tony tracey tracy valerie vanessa vicky victoria wendy yasmin yvonne zoe zoë".split()
)
_ALONE = {"na", "ok", "y", "n", "no", "so", "do", "an", "a", "in", "mr", "mrs", "ms", "miss", "dr", "go", "sir", "madam", "head", "chair", "clerk", "ceo", "cfo", "ta", "pa", "slt", "cheers", "er", "hm", "oh", "new", "good", "bad", "true", "false", "null", "undefined", "asdf", "x", "dunno", "idk", "guest", "user", "admin", "mum", "dad", "morning", "afternoon", "evening", "bye"}  # fmt: skip
_FEELINGS = set(  # what people are rather than are called: "i'm worried"
    "new keen curious unsure confused worried afraid glad pleased delighted excited nervous sorry struggling wondering hoping trying thinking calling ringing writing "
    "emailing contacting enquiring considering currently also really very quite still only just not a an the on in at from with out off here there back away "
    "ready happy interested looking sure afraid aware based working lost stuck busy free available in-charge responsible part one after fine good well ok okay great "
    "acting interim retired leaving moving starting joining representing chair head retiring exploring researching tired bored sick ill pregnant going able "
    "unable due bound set told asking speaking getting having being both all too so bit little partly mainly mostly getting leading running union rep member done over under down up unhappy vice".split()
)
_CUE = re.compile(
    r"\b(?P<sure>(?:my|the|full|first|contact)?\s*name(?:\s+is|'s|\s*[:=-])\s*|my names\s+|(?:you can |please |just |they |people )?call me\s+|(?:i'm|i am|im) called\s+|i go by\s+|(?:regards|wishes)[,.!\n]\s*|(?:kind |best |warm )(?:regards|wishes)\s+|yours (?:sincerely|faithfully|truly)[,\s]+|sincerely[,\s]+|signed[,:]\s*)"
    r"|\b(?P<perhaps>i'm\s+|i am\s+|im\s+|this is\s+|here is\s+|here's\s+|(?<!\w )(?:it's|it is|its)\s+|speaking is\s+|we are\s+|we're\s+|i was\s+|on behalf of\s+|for the attention of\s+|fao\s+)",
    re.I,
)
_SCHOOL_WORD = re.compile(
    r"schools?|primary|academy|college|nursery|infants?|juniors?|federation|trust|secondary|grammar|catholic|ce|rc", re.I
)
_THANKS = re.compile(r"\b(?:thanks|thank you|thx|cheers|ta)[,.!\n]\s*(?P<name>[^\s,.!?\d@]+(?: [^\s,.!?\d@]+){0,3})[\s.!]*$", re.I)
_HERE = re.compile(r"\s+here\b", re.I)
_LEAD_IN = re.compile(r"^(?:(?:yes|yeah|yep|ok|okay|sure|of course|certainly|hi|hello|hey|hiya|good (?:morning|afternoon|evening)|well|right|so|sorry|no problem|fine|thanks|thank you|ah|oh|um|erm|er)(?=[\s,.!:-])[\s,.!:-]+){1,4}", re.I)  # fmt: skip

_MODIFIER = r"(?:(?:acting|interim|deputy|assistant|associate|executive|exec|vice|co|new|newly appointed|incoming|outgoing|retired|former|senior|parent|staff|foundation|co-opted|local authority|la|class|school|lead|primary|secondary|trust|finance|office|operations|business|chief|joint|regional|year \d{1,2}|ks\d|eyfs|reception|nursery|maths|english|science|history|music|pe|phonics|inclusion|pastoral|safeguarding|curriculum|subject|link|chair|safeguarding|sen|send|community|part[- ]time|supply|trainee|premises|site|it|ict|data|attendance|admin|administrative|higher[- ]level|special needs|founding)[ -]){0,3}"  # fmt: skip
_CORE = (
    r"(?:head[- ]?teachers?|head ?master|head ?mistress|heads?(?: of (?:school|year(?: \d{1,2})?|ks\d|key stage \d|department|maths|english|science|sixth form|early years|eyfs|inclusion|finance|operations|centre|federation|primary|secondary|music|pe|sen|send|pastoral|lower school|upper school|juniors?|infants?|nursery|learning|faculty))?|"
    r"ht|dht|aht|sht|eht|hos|principals?|vice-principals?|deputy|deputies|"
    r"chair(?:man|woman|person|s)?(?: of (?:the )?(?:local )?(?:governors|governing (?:body|board)|board(?: of (?:governors|trustees|directors))?|trustees|lgb|directors|finance(?: committee)?|pta|friends))?|cog|"
    r"governors?|trustees?|directors?(?: of (?:\w+(?: and \w+)?))?|clerk(?: to (?:the )?(?:governors|governing (?:body|board)|board|trustees|lgb))?|"
    r"sbm|sbl|cfo|coo|ceo|cbo|bursars?|business (?:manager|leader)s?|(?:finance|office|operations|premises|site|facilities|hr|data|exams?|it|admin|estates|sen|send|network) (?:manager|officer|director|lead|assistant|team|administrator)s?|managers?|"
    r"chief (?:financial|executive|operating|finance|operations) officer|chief executive|"
    r"pa(?: to (?:the )?(?:head(?:teacher)?|principal|ceo))?|personal assistant|secretary|receptionist|administrator|"
    r"teachers?|nqt|ect|rqt|ta|tas|hlta|lsa|teaching assistants?|support staff|caretaker|lunchtime supervisor|midday supervisor|cook|librarian|technician|"
    r"sen(?:d)?cos?|send? (?:manager|coordinator|co-ordinator|lead)s?|dsl|family liaison officer|learning mentor|"
    r"slt|(?:senior |middle )?(?:leader|leadership)(?: team)?(?: member)?|member of (?:the )?(?:slt|senior leadership(?: team)?|leadership team|governing (?:body|board)|staff)|"
    r"(?:maths|english|science|phonics|eyfs|early years|ks\d|key stage \d|curriculum|pastoral|music|pe|computing|assessment|inclusion|sen|send|safeguarding|year \d|subject|phase|reading|pupil premium|pp) (?:lead|leader|coordinator|co-ordinator)|"
    r"parents?(?: of \w+)?|carer|mum|dad|grandparent|consultant|adviser|advisor|school improvement (?:partner|adviser|advisor)|education officer|nurse|counsellor|chaplain|vicar|foundation governor|treasurer|accountant|finance)"
)
ROLE = re.compile(rf"(?<![\w'-]){_MODIFIER}{_CORE}(?:(?: ?[/&,] ?| and ){_MODIFIER}{_CORE}){{0,2}}(?![\w'])", re.I)
_ARTICLE = re.compile(r"^(?:(?:the|a|an|our|their|its|your|as|is|currently|role|job title|title|position|[:=-])[\s:]+){1,3}", re.I)


def is_role(text: str) -> bool:
    """Return whether a text is a role and nothing else ("the deputy head")."""
    return bool(ROLE.fullmatch(_ARTICLE.sub("", text.strip(" .,!"))))


def is_given_name(word: str) -> bool:
    """Return whether a word is a common first name, or a title as before a name ("Mrs")."""
    lower = word.lower().strip(",.")
    return lower in _GIVEN or lower in _TITLES and lower != "the"


def is_state(word: str) -> bool:
    """Return whether a word in small letters is rather what somebody is than is called: "i'm worried", "just browsing"."""
    return word in _FEELINGS or len(word) > 4 and word.endswith(("ing", "ed")) and word not in _GIVEN


def bare_role(text: str) -> str:
    """Return a role without its article: "I'm the acting head" is asked for as "acting head"."""
    bare = re.sub(
        r"^(?:(?:yes|ok|well|oh|hi|sure),?\s+)?(?:i'm|i am|im|i work as|i serve as|my role is|my job(?: title)? is|role(?: is|:)|it's|its|it is|that's|as|we are|we're)\s+",
        "",
        text.strip(" .,!"),
        flags=re.I,
    )
    return _ARTICLE.sub("", bare).strip(" .,!")


def _is_letter(char: str) -> bool:
    return unicodedata.category(char)[0] in "LM"


def _is_name_word(word: str) -> bool:
    return _is_letter(word[0]) and all(_is_letter(c) or c in "'-.·・" for c in word) and "--" not in word and ".." not in word


def name_at(text: str, *, sure: bool) -> str | None:
    """Return the name a text begins with, as it is kept, or None. `sure`: it was asked for, or introduced as a name.

    Where that is not so, each word needs a capital, or a title has to stand before it.
    """
    words = text[: LONGEST_NAME + 50].strip(" '\"*").split(" ")
    taken: list[str] = []
    titled = False
    for place, word in enumerate(words):
        bare = word.rstrip(",;:!?)\"'") if not word.endswith("s'") else word
        lower = bare.lower().rstrip(".")
        if lower in _TITLES and lower != "the" and not any(not is_title(t) for t in taken):
            taken.append(bare)
            titled = True
        elif not bare or not _is_name_word(bare) or not _may_be_name(bare, lower, words, place, sure or titled):
            break
        else:
            taken.append(bare)
        if bare != word or (word.endswith(".") and len(word.strip(".")) > 3 and lower not in _TITLES):
            break
        if len(taken) == 7:
            break
    while taken and (
        taken[-1].lower() in _PARTICLES and len(taken) > 1 and taken[-1].islower() or taken[-1] in ("and", "And", "AND", "a", "an", "An")
    ):
        taken.pop()
    following = words[len(taken)].strip(',.;:!?()"') if taken and len(words) > len(taken) and not taken[-1].endswith(",") else ""
    if not sure and not titled and _SCHOOL_WORD.fullmatch(following):
        return None  # "this is Oakfield Primary"
    return _kept(taken, sure, titled)


def is_title(word: str) -> bool:
    """Return whether a word is a title as before a name ("Mrs", "Dr.")."""
    return word.lower().rstrip(".") in _TITLES


def _may_be_name(bare: str, lower: str, words: list[str], place: int, sure: bool) -> bool:
    if lower in _NEVER or lower in ("and",):
        return False
    if (
        place
        and re.match(rf"{_MODIFIER}{_CORE}(?![\w'])", " ".join(words[place:]), re.I)
        and (bare.islower() or lower not in ("head", "dean", "cook", "chair", "clerk"))
    ):
        return False
    if sure:
        return True
    return not bare[0].islower() or (place > 0 and lower in _PARTICLES)


def _kept(taken: list[str], sure: bool, titled: bool) -> str | None:
    core = [word for word in taken if not is_title(word)]
    if not core:
        return None
    whole = " ".join(taken).rstrip(".") if len(taken[-1]) > 2 else " ".join(taken)
    if len(core) == 1 and not titled and (core[0].lower().strip(".") in _ALONE or is_role(core[0])):
        return None
    if is_role(" ".join(core)) and not titled or len(whole) > LONGEST_NAME or not any(unicodedata.category(c)[0] == "L" for c in whole):
        return None
    if not sure and not titled and core[0].lower() in _FEELINGS:
        return None
    return well_cased(whole)


def well_cased(name: str) -> str:
    """Return a name with capitals where it was typed all in small or all in capital letters; any other is kept as typed."""
    words = name.split(" ")
    core = "".join(word for word in words if not is_title(word))
    letters = [c for c in core if c.isalpha()]
    plain = core.islower() or (core.isupper() and len(letters) > 3)
    cased = [_case(word, place, plain, place == len(words) - 1 and len(words) > 1) for place, word in enumerate(words)]
    return " ".join(cased)


def _case(word: str, place: int, plain: bool, last: bool) -> str:
    lower = word.lower()
    stem = lower.rstrip(".")
    if is_title(word) and stem != "the":
        return _TITLES[stem] + ("." if word.endswith(".") else "")
    if not plain:
        return word
    if last and stem in _SUFFIXES:
        return _SUFFIXES[stem]
    if stem in (_PARTICLES if place else _LEADING_PARTICLES) and not last:
        return lower
    return "-".join(_capital(part) for part in lower.split("-"))


def _capital(part: str) -> str:
    if re.fullmatch(r"(?:[^\W\d_]\.)+[^\W\d_]?", part):
        return part.upper()
    if re.match(r"(?:o|d|l|m|n|t)'\w", part):
        return part[0].upper() + "'" + _capital(part[2:])
    if re.match(r"mc[^\W\d_]{2,}", part):
        return "Mc" + part[2].upper() + part[3:]
    return part[:1].upper() + part[1:]


def introduced(text: str) -> tuple[str, tuple[int, int]] | None:
    """Return the name somebody introduces themselves by ("I'm Jane", "Jane Smith here", "regards, Jane") and where it stands, or None."""
    for match in islice(_CUE.finditer(text), MOST_CUES):
        sure = bool(match["sure"])
        name = name_at(text[match.end() :].split("\n")[0], sure=sure)
        if name is None and not sure and text == text.lower() and match.group().lower().split()[0] in ("i'm", "i", "im"):
            name = _in_small_letters(text[match.end() :].split("\n")[0])
        if name:
            return name, (match.start(), match.end() + _length(text[match.end() :], name))
    if signed := _THANKS.search(text):
        name = name_at(signed["name"], sure=False)
        if name and len(name.split()) == len(signed["name"].split()):
            return name, signed.span("name")
    for match in _HERE.finditer(text):
        before = LEADING.sub("", text[: match.start()].split("\n")[-1])
        name = name_at(before, sure=False)
        if name and len(name.split()) == len(before.split()):
            return name, (match.start() - len(before), match.end())
    return None


LEADING = _LEAD_IN


def _in_small_letters(text: str) -> str | None:
    """Return the name after "i'm" where all is in small letters: two words, or one before a comma, a role or "from"."""
    said = re.split(r"[,.;!?\n(]|\s+(?:from|at|here|and|the|a|of|-)\b", text)[0].strip()
    words = said.split()
    if not 0 < len(words) <= 3 or is_state(words[0]) or any(word in _FEELINGS for word in words):
        return None
    name = name_at(said, sure=True)
    return name if name and len(name.split()) == len(words) else None


def _length(text: str, name: str) -> int:
    """Return how far a name reaches in the text it was read from."""
    place = 0
    for word in name.split(" "):
        found = text.lower().find(word.lower(), place)
        place = found + len(word) if found >= 0 else place
    return place

"""What a message of the lead form says: its details by their readers, and what it does by its act, which is learned.

No pattern here guesses what somebody means. The acts of a whole message, of its last sentence and of what is left beside its
details are asked of the same reader (`Acts`), for the step that was asked last.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from language import details as read
from language.text import with_clauses
from office.answering.form_acts import GIVING, SURE, SURE_YES, likely, read_by_act
from office.answering.frames import frame, has_frame
from office.base.workdays import LONDON
from office.leads.form import CONFIRM, CONSENT, FIELDS, Draft, FormMessage

Acts = Callable[[str, str], Mapping[str, float]]  # of a text, and what was asked before it: each act's probability, likeliest first
OBJECTING = ("refuse", "cancel", "doubt", "ask_why", "ask_privacy")
ASKING = ("ask", "ask_why", "ask_privacy", "ask_status")
REACHED_BY = {"question": ("email", "phone"), "call_back": ("phone", "email")}  # of a wish: how they want to be reached, and how not
BUTTONS = ("send", "change", "cancel", "skip", "yes", "no", "right", "wrong")
FIRST_FIELDS = ("school", "name", "role")
LONGEST_NO = 4  # words of a clause that takes a yes back
LONGEST_VALUE = 8  # words of a bare school, name or role
CHECK = "check"  # the step of a value that is read back
# a field's bare name, where somebody was asked what to change, and anywhere in what corrects
_FIELD_WORD = re.compile(r"\b(school|academy|name|surname|role|job|e-?mail|phone|mobile|number|address|wish|term|message)\b", re.I)
_LEAVES_OUT = re.compile(r"\b(?:no|remove|delete|drop|leave|take|without|omit|lose|(?:don't|dont|not) (?:include|send|use))\b", re.I)
_LEADING_YES = re.compile(r"(?:yes|yep|yeah|ok|okay|sure|fine)\b[\s,.!-]*(?:please\b[\s,.!-]*)?(?=\w)", re.I)
_WAITS = re.compile(r"\b(?:but|first|before|if)\b", re.I)
_FIELD_OF = {"academy": "school", "surname": "name", "job": "role", "email": "contact", "phone": "contact", "mobile": "contact",
             "number": "contact", "address": "contact"}  # fmt: skip
_LAST_SENTENCE = re.compile(r"(?P<told>.*(?:(?<!\b(?:mr|ms|dr|st))(?<!\bmrs)[.!;](?=\s)|\n))\s*(?P<asks>[^.!;\n]+[.!]*)", re.I | re.S)
_IT_IS = re.compile(r"(?:it['’]s|its|it is|that['’]s|that is) (?-i:[A-Z])[\w'’-]+(?: (?-i:[A-Z])[\w'’-]+)?\W*", re.I)
_TERM = re.compile(r"\bterm\b", re.I)
_WORD = re.compile(r"\w{2,}")


def step_of(draft: Draft) -> str:
    """Return what was asked last, as the acts know it."""
    return CHECK if draft.check else draft.asking


def asks(text: str, acts: Acts) -> bool:
    """Return whether a text surely asks something of the trust, or about the form."""
    return bool(text.strip()) and likely(acts(text, "outside"), *ASKING) >= SURE


def read_form_message(text: str, draft: Draft, now: datetime, acts: Acts, wish_of: read.WishOf) -> FormMessage:
    """Return what a message of the form says, for what was asked last; `acts` and `wish_of` are what was learned."""
    told, question = _told_and_asked(text, draft, acts)
    if told:
        return replace(read_form_message(told, draft, now, acts, wish_of), question=question)
    done = acts(text, step_of(draft))
    message = read_by_act(_details(text, draft, now, done, acts, wish_of, question), draft, done)
    if draft.asking != CONSENT or message.pressed:
        return message
    if message.confirms or _agrees_in_passing(text, done, acts):
        asked = (message.question or text) if likely(done, "ask") >= 0.5 else ""
        return replace(message, confirms=True, refuses=False, told=_told_beside_yes(text, draft, now, acts, wish_of), question=asked)
    return message


def _told_beside_yes(text: str, draft: Draft, now: datetime, acts: Acts, wish_of: read.WishOf) -> dict[str, str]:
    """Return the details that a message tells beside its yes: "ok, Gwen Pugh, Ysgol y Bryn", "yes it's Oak Hill Primary"."""
    _, *clauses = with_clauses(text, shortest=1)
    first = clauses[0] if clauses else ""
    rest = text
    if first and first != text.strip(" .!") and likely(acts(first, CONSENT), "agree") >= SURE_YES:
        rest = text[text.find(first) + len(first) :].lstrip(" ,.;:!-")
    elif match := _LEADING_YES.match(text):
        rest = text[match.end() :]
    told = opening_details(rest, now, wish_of, None, draft.details.get("wish"))
    field = _first_field(rest, draft, acts)
    if field and not told.get(field):
        told = {**opening_details(rest, now, wish_of, field, draft.details.get("wish")), **told}
    return told


def _agrees_in_passing(text: str, done: Mapping[str, float], acts: Acts) -> bool:
    """Return whether a message begins or ends with a sure yes ("ok, by e-mail please"), and does not object as a whole.

    "ok but first, who would come?" waits for an answer.
    """
    _, *clauses = with_clauses(text, shortest=1)
    if likely(done, *OBJECTING) >= 0.5 or likely(done, "ask") >= 0.5 and _WAITS.search(text):
        return False
    short = [acts(clause, CONSENT) for clause in clauses if len(clause.split()) <= LONGEST_NO]
    if any(likely(one, *OBJECTING) >= SURE_YES for one in short):  # "yes, no, I don't know"
        return False
    return any(likely(acts(clause, CONSENT), "agree") >= SURE_YES for clause in (clauses[:1] + clauses[-1:]))


def _details(
    text: str, draft: Draft, now: datetime, done: Mapping[str, float], acts: Acts, wish_of: read.WishOf, asked_last: str
) -> FormMessage:
    """Return the details of a message and the button it is; `done` are its acts, `asked_last` a question that is its last sentence."""
    pressed = button_pressed(text)
    is_question = bool(asked_last) or likely(done, *ASKING) >= 0.5
    # who asks has not told what was asked for; but "I'm Jo Field, and how much is it?" tells and asks
    asked = _field_asked(text, draft, done, acts) if not is_question else None
    told = opening_details(text, now, wish_of, asked, draft.details.get("wish"))
    rest = read.told_in(text, asked, wish_of)
    around = read.told_in(text) if asked == "message" else rest
    question = text if is_question and not told else rest.rest if rest.rest != text.strip() and asks(rest.rest, acts) else ""
    # who is asked what to change, and says "Joan", means a name told before, and so does "it's Joan" where something else was asked
    instead = draft.asking == "change" or draft.asking not in ("school", "name", "message") and bool(_IT_IS.fullmatch(text.strip()))
    again = f"no, {text}" if instead else text
    gives = likely(done, *GIVING) >= 0.5 or max(done.values(), default=0.0) < SURE
    unclear = told.keys() <= {"name", "role"} and gives and not is_question and draft.asking in (*FIELDS, CONFIRM)
    if unclear and read.corrects_something(again, draft.details, draft.asking):
        return FormMessage(text=text, field_meant="change")
    adds = len(_WORD.findall(rest.rest)) > 1 and likely(acts(rest.rest, "message"), "thank", "greet", "farewell", "agree") < 0.5
    if asked in ("school", "name") and len(told) > 1 and not question and gives and adds:
        told["message"] = rest.rest  # "Jo Field, head, Oak Hill Primary, ring after 3"
    return FormMessage(
        text=text,
        pressed=pressed,
        asks_why=not any(c.isalnum() for c in text) and "?" in text,
        told={} if pressed else told,
        corrected=_corrected(text, again, draft, done, wish_of) if draft.asking != CONSENT else None,
        field_meant=_field_meant(text, draft, done),
        unreadable="email" if rest.bad_email else "phone" if rest.bad_phone else None,
        meant=rest.meant_email or "",
        doubtful=draft.asking in rest.unsure,
        as_typed=read.valid_email(rest.bad_email or "") or "",
        drops=_dropped(text, done),
        reached_by=REACHED_BY.get(wish_of(text) or "", (None,))[0] if likely(done, "correct") >= SURE else None,
        skips=pressed == "skip",
        refuses=pressed in ("change", "no", "wrong"),
        confirms=pressed in ("send", "yes", "right"),
        cancels=pressed == "cancel",
        question=question,
        tells_more=bool(around.others) or len(_WORD.findall(around.rest)) > 1,
    )


def button_pressed(text: str) -> str:
    """Return the name of the button whose title a message is, to whomever it was shown; "" where it is none."""
    titles = {f"lead_{name}_button{variant}": name for name in BUTTONS for variant in ("", "_staff")}
    shown = {frame(title).casefold(): name for title, name in titles.items() if has_frame(title)}
    return shown.get(text.strip().casefold(), "")


def _field_asked(text: str, draft: Draft, done: Mapping[str, float], acts: Acts) -> str | None:
    """Return the field a message may answer: the one that was asked; before consent the first that is missing, if it plainly gives one.

    Who hears what is needed, and types a school's name, has not agreed yet; once they do, they are not asked for it again.
    """
    if draft.asking in FIELDS:
        return draft.asking
    if draft.asking != CONSENT or likely(done, "agree", *OBJECTING) >= 0.5:
        return None
    return _first_field(text, draft, acts)


def _first_field(text: str, draft: Draft, acts: Acts) -> str | None:
    """Return the first field that is missing, where a text plainly gives it and little else."""
    first = next((name for name in FIRST_FIELDS if not draft.details.get(name)), None)
    if first is None or len(text.split()) > LONGEST_VALUE:
        return None
    return first if likely(acts(text, first), "give", "introduce") >= SURE else None


def _told_and_asked(text: str, draft: Draft, acts: Acts) -> tuple[str, str]:
    """Return the answer a message begins with, "" where that is none, and the question that is its last sentence, "" where it is none."""
    match = _LAST_SENTENCE.fullmatch(text.strip())
    if draft.asking not in FIELDS or match is None or draft.asking == "message" and draft.details.get("wish") == "question":
        return "", ""  # who wishes an answer has the whole of it for a message
    told, question = match["told"].strip(), match["asks"].strip()
    if likely(acts(question, "outside"), "ask") < SURE:
        return "", ""
    return told if likely(acts(told, step_of(draft)), "give", "introduce", "correct") >= SURE else "", question


def _field_meant(text: str, draft: Draft, done: Mapping[str, float]) -> str | None:
    """Return the field somebody wants to tell again; where they were asked which, its bare name will do."""
    words = _FIELD_WORD.findall(text)
    is_bare = draft.asking in (CONFIRM, "change") and len(text.split()) <= 3
    if draft.asking == CONSENT or not words or not (is_bare or likely(done, "correct", "go_back") >= SURE):
        return None
    word = words[0].lower().replace("-", "")
    return _FIELD_OF.get(word, word)


def _corrected(text: str, again: str, draft: Draft, done: Mapping[str, float], wish_of: read.WishOf) -> dict[str, str] | None:
    """Return the details a message sets right, another wish among them ("not a visit, just a call back")."""
    if changed := read.corrected(again, draft.details):
        return changed
    before, wish = draft.details.get("wish"), wish_of(text) if likely(done, "correct") >= SURE else None
    way, other = REACHED_BY.get(wish or "", ("", ""))
    if other in draft.details and way not in draft.details:
        return None  # "actually make it an e-mail": the number is to go, which the form does
    return {"wish": wish} if before and wish and wish != before else None


def _dropped(text: str, done: Mapping[str, float]) -> str | None:
    """Return the detail that is to be left out again: "remove the phone number"."""
    words = _FIELD_WORD.findall(text)
    if len(words) != 1 or likely(done, "correct", "cancel", "refuse", "skip") < 0.5 or not _LEAVES_OUT.search(text):
        return None
    word = words[0].lower().replace("-", "")
    return {"number": "phone", "mobile": "phone", "address": "email", "job": "role"}.get(word, word)


def opening_details(text: str, now: datetime, wish_of: read.WishOf, asked: str | None = None, wish: str | None = None) -> dict[str, str]:
    """Return the details a message tells, by their name; `wish` is the one told before, which only the question for it replaces."""
    told = read.told_in(text, asked, wish_of)
    if asked is None and (listed := read.told_in(text, "name", wish_of)).count > max(1, told.count):
        told = listed  # "Sue Dale, head, Elm Grove Primary, sue@elm.example"
    found = {"name": told.name, "role": told.role, "school": told.school, "email": told.email, "phone": told.phone}
    found["wish"] = told.wish if asked == "wish" or wish is None else None
    if asked == "term" or found["wish"] == "membership" or wish == "membership" and asked != "message" and _TERM.search(text):
        found["term"] = read.term_in(text, now.astimezone(LONDON).date())
    return {name: value for name, value in found.items() if value}

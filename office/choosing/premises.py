"""False premises: a number, an amount or a yes that the question takes for granted and a fact gives otherwise."""

from __future__ import annotations

import re
from dataclasses import dataclass

from office.base.numbers import NUMBERS
from office.choosing.index import KnownFact

_AMOUNT = re.compile(r"£\s?(\d[\d,]*(?:\.\d+)?)(k?)|\b(\d[\d,]*)(k?) ?(?:pounds|quid|gbp)\b", re.I)
_COUNT_WORDS = "|".join([*NUMBERS, r"\d{1,3}"])
_DURATION = re.compile(
    rf"\b(?<!once )(?<!twice )(?<!times )(?:({_COUNT_WORDS}|half an?|a|an|whole|full|half)[ -])(?:whole |full |school |academic )?(terms?|years?|months?|weeks?|days?)\b",
    re.I,
)
_FREQUENCY = re.compile(
    r"\b(daily|weekly|fortnightly|monthly|termly|half[- ]termly|yearly|annually|annual|every (?:day|week|fortnight|month|term|half[- ]term|year)|(?:once|twice) a (?:week|month|term|year))\b",
    re.I,
)
_SAME_FREQUENCY = {
    "every month": "monthly", "once a month": "monthly", "every term": "termly", "once a term": "termly", "every half term": "half-termly",
    "every half-term": "half-termly", "half termly": "half-termly", "every week": "weekly", "once a week": "weekly", "annual": "yearly",
    "every year": "yearly", "once a year": "yearly", "annually": "yearly", "twice a term": "half-termly", "every day": "daily", "every fortnight": "fortnightly",
}  # fmt: skip
_ASKS_IF = re.compile(
    r"^(?:so |and |but |ok |then |is it true |surely |am i right )*(?:is|are|isn't|aren't|does|do|doesn't|don't|can|could|will|would|has|have|it's|its|it|they|we|that|the|a|you|i|there|only|[\w'£,.]+ (costs?|lasts?|meets?|runs?|is|are))\b|\bright\?|\bcorrect\?|,? (?:isn't it|is it|is that right|yes|aren't there|doesn't it|don't they)\?*$",
    re.I,
)


_BESIDE = re.compile(  # the word that makes of a number a bound: "under £500" is right about £499
    r"\b((?:no|not) (?:more|over|above) than|(?:no|not) (?:more|over)|under|below|less than|fewer than|cheaper than|over|above|more than|"
    r"at least|at most|up to|within)\s+(?:about\s+)?$", re.I,
)  # fmt: skip
_LIMITS = re.compile(r"\b(only|just|limit(?:ed to)?|max(?:imum)?|at most|no more than|up to|the most)\b", re.I)


@dataclass(frozen=True)
class PremiseCorrection:
    """What was taken for granted, and the fact's own value; `holds` where they agree."""

    said: str
    fact: KnownFact
    value: str
    holds: bool


_ASKS_WHAT = re.compile(r"\b(what|who|whom|which|where|when|why|how)\b", re.I)
_ASKS_RIGHT = re.compile(r"\b(right|correct|true)\b", re.I)


def false_premise(question: str, facts: list[KnownFact]) -> PremiseCorrection | None:
    """Return the first number, amount, duration or frequency in the question that a fact to be given confirms or denies."""
    if not _ASKS_IF.search(question) or (_ASKS_WHAT.search(question) and not _ASKS_RIGHT.search(question)):
        return None
    for fact in facts[:2]:
        for value in fact.values:
            correction = _against(question, fact, value)
            if correction is not None:
                another_claim = value["kind"] == "amount" and correction.holds and _DURATION.search(question)
                return None if another_claim else correction  # "£499 a year?" is not simply right
    return None


def _against(question: str, fact: KnownFact, value: dict[str, object]) -> PremiseCorrection | None:
    kind = value["kind"]
    if kind == "amount" and (found := _AMOUNT.search(question)):
        said = float((found.group(1) or found.group(3)).replace(",", "")) * (1000 if found.group(2) or found.group(4) else 1)
        bound = _bound_before(question, found.start())
        asked = f"{bound} {found.group().strip()}".strip()
        return PremiseCorrection(asked, fact, f"£{value['value']}", _holds(float(str(value["value"])), bound, said))
    if kind == "duration" and (found := _DURATION.search(question)):
        number = found.group(1).lower()
        amount = {"a": "one", "an": "one", "1": "one", "whole": "one", "full": "one"}.get(number, number)
        unit = found.group(2).lower().rstrip("s")
        return PremiseCorrection(found.group(), fact, str(value["value"]), f"{amount} {unit}" == str(value["value"]).lower())
    if kind in ("capacity", "count") and value.get("unit"):
        return _against_count(question, fact, value)
    if kind == "frequency" and (found := _FREQUENCY.search(question)):
        said_often = found.group().lower()
        often = str(value["value"]).lower()
        return PremiseCorrection(
            found.group(), fact, often, _SAME_FREQUENCY.get(said_often, said_often).replace(" ", "-") == often.replace(" ", "-")
        )
    return None


def _bound_before(question: str, place: int) -> str:
    found = _BESIDE.search(question[:place])
    return found.group(1).lower() if found else ""


def _holds(known: float, bound: str, said: float) -> bool:
    """Return whether the known number is what was said of it: under 500, at least 5, 499."""
    if bound in ("under", "below", "less than", "fewer than", "cheaper than"):
        return known < said
    if bound in ("over", "above", "more than"):
        return known > said
    if bound == "at least":
        return known >= said
    return known <= said if bound else known == said


def _against_count(question: str, fact: KnownFact, value: dict[str, object]) -> PremiseCorrection | None:
    unit = str(value["unit"]).lower().rstrip("s")
    found = re.search(rf"\b({_COUNT_WORDS})\s+(?:\w+\s+){{0,2}}?{re.escape(unit)}", question, re.I)
    if not found:
        return None
    said = found.group(1).lower()
    number = NUMBERS.get(said) or (int(said) if said.isdigit() else 0)
    try:
        known = int(str(value["value"]))
    except ValueError:
        return None
    bound = _bound_before(question, found.start())
    if value["kind"] == "capacity" and not bound:  # two places are room for one; but "only one" is wrong
        holds = number == known if _LIMITS.search(question) else number <= known
    elif value["kind"] == "capacity" and _LIMITS.search(bound):
        holds = number == known
    else:
        holds = _holds(known, bound, number)
    return PremiseCorrection(f"{bound} {said} {value['unit']}".strip(), fact, str(value["value"]), holds)

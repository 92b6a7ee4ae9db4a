"""The term a message speaks of: "next spring", "after Easter", "from September 2027"."""

from __future__ import annotations

import re
from datetime import date

from language.plain import plain

_SEASONS = {"autumn": "autumn", "fall": "autumn", "michaelmas": "autumn", "winter": "autumn", "spring": "spring", "lent": "spring", "hilary": "spring", "easter": "spring", "summer": "summer", "trinity": "summer"}  # fmt: skip
_STARTS = {"spring": 1, "summer": 4, "autumn": 9}
_YEAR = r"(?:\s*(?:of|in)?\s*,?\s*(?P<year>20\d\d)(?:\s?[/-]\s?(?P<next>\d{2,4}))?)?"
_SEASON = re.compile(rf"\b(?P<season>autumn|fall|michaelmas|spring|lent|hilary|summer|trinity)\b(?: term)?(?:s)?{_YEAR}", re.I)
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
_LEADS = "from|in|since|starting|start|by|for|until|after|this|next|early|late|mid|beginning of|end of|of"
_MONTH = re.compile(rf"\b(?P<when>{_LEADS})?\s*\b(?P<month>[a-z]{{3,9}})\b{_YEAR}", re.I)
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
        number = _month(match["month"].lower())
        if number is None:
            continue
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


def _month(word: str) -> int | None:
    """Return the number of a month, by its name or three or four letters of it."""
    return next((i for i, name in enumerate(_MONTHS, 1) if word == name or len(word) in (3, 4) and name.startswith(word)), None)


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

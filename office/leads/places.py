"""Places: associate memberships that a term has room for, and which schools hold them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Integer, String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session

from office.base.audit import AuditEntry, audit
from office.base.database import Moment, Name, Table, take_turn
from office.base.errors import BadInput, Conflict, NoPlace, NotFound
from office.base.staff import Staff, require
from office.base.workdays import add_working_days, good_friday
from office.leads.model import Lead, contact_keys, folded

SEASONS = ("spring", "summer", "autumn")  # as they come in a year
TERM_ID = r"\d{4}-(spring|summer|autumn)"
USUAL_PLACES = 2  # two schools a term; each term says its own number
MOST_PLACES = 500
LONGEST_TERM_DAYS = 200
LONGEST_SCHOOL = 200
SAID_OR_NOT = {"the", "school"}  # words of a school's name that people leave out


class Term(Table):
    """A term: autumn, spring or summer of a year, with its dates and how many places it has."""

    __tablename__ = "term"
    id: Mapped[str] = Column(Name(20), primary_key=True)  # 2027-spring
    begins: Mapped[date] = Column(Date, nullable=False)
    ends: Mapped[date] = Column(Date, nullable=False)
    places: Mapped[int] = Column(Integer, nullable=False)


class Place(Table):
    """One school's associate membership in one term. The numbers run from 1: none is given twice in a term."""

    __tablename__ = "place"
    __table_args__ = (UniqueConstraint("term", "number"), UniqueConstraint("term", "school_key"), CheckConstraint("number >= 1"))
    id: Mapped[int] = Column(Integer, primary_key=True)
    term: Mapped[str] = Column(ForeignKey("term.id"), nullable=False)
    number: Mapped[int] = Column(Integer, nullable=False)
    school: Mapped[str] = Column(Name(200), nullable=False)
    school_key: Mapped[str] = Column(String(64), nullable=False)  # hash of the folded name: however it is written, it is one school
    lead: Mapped[int | None] = Column(ForeignKey("lead.id", ondelete="SET NULL"), index=True)
    given_by: Mapped[int | None] = Column(ForeignKey("staff.id", ondelete="SET NULL"))
    given: Mapped[datetime] = Column(Moment, nullable=False)


@dataclass(frozen=True)
class UsualTerm:
    """A term that is not recorded yet, with the dates and places it usually has."""

    id: str
    begins: date
    ends: date
    places: int = USUAL_PLACES


def term_title(term_id: str | None) -> str:
    """Return a term as people say it: "2027-spring" is "spring term 2027"; nothing for none."""
    if not term_id:
        return ""
    year, _, season = term_id.partition("-")
    return f"{season} term {year}"


def usual_term(year: int, season: str) -> UsualTerm:
    """Return a term with its usual dates, all of them working days: spring ends before Easter, and summer begins two weeks later."""
    april = date(year, 4, 7)
    breaks_up = min(
        good_friday(year) - timedelta(days=1), april - timedelta(days=(april.weekday() - 4) % 7)
    )  # its first Friday at the latest
    third_monday = breaks_up + timedelta(days=21 - breaks_up.weekday())
    begins, ends = {
        "spring": (date(year, 1, 4), breaks_up), "summer": (third_monday, date(year, 7, 20)), "autumn": (date(year, 9, 1), date(year, 12, 19)),
    }[season]  # fmt: skip
    return UsualTerm(f"{year}-{season}", add_working_days(begins, 0), _last_weekday(ends))


def _last_weekday(day: date) -> date:
    """Return the last weekday up to a day."""
    return day - timedelta(days=max(0, day.weekday() - 4))


def suggested_terms(session: Session, today: date, count: int = 3) -> list[UsualTerm]:
    """Return the next terms that nobody has recorded yet, the one that is running among them."""
    known = set(session.execute(select(Term.id)).scalars())
    usual = [usual_term(year, season) for year in range(today.year, today.year + count + 2) for season in SEASONS]
    return [term for term in usual if term.ends >= today and term.id not in known][:count]


def all_terms(session: Session) -> list[Term]:
    """Return every term, the latest first."""
    return list(session.execute(select(Term).order_by(Term.begins.desc())).scalars())


def the_term(session: Session, term_id: str) -> Term:
    """Return a term. Raises NotFound."""
    term = session.get(Term, term_id) if re.fullmatch(TERM_ID, term_id, re.ASCII) else None
    if term is None:
        raise NotFound("there is no such term")
    return term


def add_term(session: Session, year: int, season: str, begins: date, ends: date, places: int, *, by: Staff, now: datetime) -> Term:
    """Record a term. Raises BadInput where dates or places cannot be, Conflict where it is recorded already."""
    require(by, "work leads")
    if season not in SEASONS:
        raise BadInput("season", "Choose spring, summer or autumn.")
    term_id = f"{year}-{season}"
    take_turn(session, "terms")
    if session.get(Term, term_id) is not None:
        raise Conflict(f"The {term_title(term_id)} is recorded already.")
    if begins.year != year:
        raise BadInput("begins", f"The {term_title(term_id)} must begin in {year}.")
    _check(session, term_id, begins, ends, places)
    term = Term(id=term_id, begins=begins, ends=ends, places=places)
    session.add(term)
    audit(session, "add", f"term {term_id}", by=by, now=now, begins=begins.isoformat(), ends=ends.isoformat(), places=places)
    session.flush()
    return term


def change_term(session: Session, term_id: str, begins: date, ends: date, places: int, *, by: Staff, now: datetime) -> Term:
    """Change a term's dates and how many places it has. Raises NotFound, and BadInput: no place that was given may be lost."""
    require(by, "work leads")
    take_turn(session, "terms")
    take_turn(session, f"term {term_id}")
    term = the_term(session, term_id)
    session.refresh(term)
    if begins.year != int(term_id[:4]):
        raise BadInput("begins", f"The {term_title(term_id)} must begin in {term_id[:4]}.")
    _check(session, term_id, begins, ends, places)
    given = places_given(session, term_id)
    if places < given:
        raise BadInput("places", f"{given} {'place is' if given == 1 else 'places are'} given already: take one back first.")
    was = {"begins": term.begins.isoformat(), "ends": term.ends.isoformat(), "places": term.places}
    term.begins, term.ends, term.places = begins, ends, places
    new = {"begins": begins.isoformat(), "ends": ends.isoformat(), "places": places}
    changed = {name: [was[name], new[name]] for name in new if was[name] != new[name]}
    if changed:
        audit(session, "change", f"term {term_id}", by=by, now=now, **changed)
    session.flush()
    return term


def _check(session: Session, term_id: str, begins: date, ends: date, places: int) -> None:
    if not 0 <= places <= MOST_PLACES:
        raise BadInput("places", f"The number of places must be from 0 to {MOST_PLACES}.")
    if ends <= begins:
        raise BadInput("ends", "A term must end after it begins.")
    if (ends - begins).days > LONGEST_TERM_DAYS:
        raise BadInput("ends", f"A term cannot be longer than {LONGEST_TERM_DAYS} days.")
    overlaps = select(Term.id).where(Term.id != term_id, Term.begins <= ends, Term.ends >= begins)
    other = session.execute(overlaps.limit(1)).scalar()
    if other:
        raise BadInput("begins", f"These dates overlap with the {term_title(other)}.")


def places_given(session: Session, term_id: str) -> int:
    """Return how many places of a term are given."""
    return session.execute(select(func.count()).select_from(Place).where(Place.term == term_id)).scalar_one()


def free_places(session: Session, term_id: str) -> int:
    """Return how many places of a term are free. Raises NotFound for a term nobody recorded."""
    return max(0, the_term(session, term_id).places - places_given(session, term_id))


def next_term(session: Session, today: date) -> Term | None:
    """Return the first recorded term that begins after today."""
    return session.execute(select(Term).where(Term.begins > today).order_by(Term.begins).limit(1)).scalars().first()


def places_ahead(session: Session, today: date) -> list[tuple[Term, int, int]]:
    """Return the terms that run or are to come, in order, each with its places given and free."""
    given = select(Place.term, func.count().label("given")).group_by(Place.term).subquery()
    query = select(Term, func.coalesce(given.c.given, 0)).outerjoin(given, given.c.term == Term.id)
    rows = session.execute(query.where(Term.ends >= today).order_by(Term.begins)).all()
    return [(term, count, max(0, term.places - count)) for term, count in rows]


def places_of_term(session: Session, term_id: str) -> list[tuple[Place, Lead | None]]:
    """Return the places of a term that are given, by number, each with its lead where it has one."""
    query = select(Place, Lead).outerjoin(Lead, Lead.id == Place.lead).where(Place.term == term_id).order_by(Place.number)
    return [(place, lead) for place, lead in session.execute(query)]


def place_by_id(session: Session, number: int) -> Place:
    """Return a place that a school holds. Raises NotFound."""
    place = session.get(Place, number)
    if place is None:
        raise NotFound("there is no such place, or no longer")
    return place


def place_of_lead(session: Session, lead: Lead, term_id: str) -> Place | None:
    """Return the place that a lead's school holds in a term, or None."""
    key = contact_keys(None, None, lead.school)["school_key"]
    query = select(Place).where(Place.term == term_id, (Place.lead == lead.id) | (Place.school_key == key))
    return session.execute(query.order_by(Place.number).limit(1)).scalars().first()


def give_place(session: Session, term_id: str, lead_or_school: Lead | str, *, by: Staff, now: datetime) -> Place:
    """Give a school a place in a term, the lowest number that is free; a school that has one keeps it.

    Who gives the last place at the same moment as somebody else waits for them, and then gets NoPlace; the unique
    constraints stand behind that. Raises NoPlace, NotFound for an unknown term, BadInput for no name of a school, and for
    one that is only written differently from a school that has a place.
    """
    require(by, "work leads")
    lead = lead_or_school if isinstance(lead_or_school, Lead) else None
    school = " ".join((lead.school if lead else str(lead_or_school)).split())
    if not school:
        raise BadInput("school", "Say which school gets the place.")
    if len(school) > LONGEST_SCHOOL:
        raise BadInput("school", f"The name of a school may have {LONGEST_SCHOOL} characters.")
    take_turn(session, f"term {term_id}")
    term = the_term(session, term_id)
    session.refresh(term)
    key = contact_keys(None, None, school)["school_key"]
    taken = list(session.execute(select(Place).where(Place.term == term.id)).scalars())
    held = next((place for place in taken if place.school_key == key or (lead and place.lead == lead.id)), None)
    if held is not None:
        held.lead = held.lead or (lead.id if lead else None)
        session.flush()
        return held
    alike = next((place for place in taken if _plain_name(place.school) == _plain_name(school)), None)
    if alike is not None:
        has = f"“{alike.school}” has place {alike.number} of the {term_title(term.id)} already."
        raise BadInput("term", f"{has} If “{school}” is another school, add its town to the name.")
    if len(taken) >= term.places:
        raise NoPlace(f"Every place of the {term_title(term.id)} is taken.")
    numbers = {place.number for place in taken}
    number = next(number for number in range(1, len(taken) + 2) if number not in numbers)
    place = Place(term=term.id, number=number, school=school, school_key=key, lead=lead.id if lead else None, given_by=by.id, given=now)
    session.add(place)
    audit(session, "add", f"place {term.id}", by=by, now=now, number=number, **_whose(lead, school))
    session.flush()
    return place


def _plain_name(school: str) -> list[str]:
    """Return a school's name as it is compared: the same however it is spelled, "St. Mary's School" as "the St Marys"."""
    words = re.sub(r"[^\w\s]|_", "", re.sub(r"[-–/&,]", " ", folded(school))).split()
    return [word for word in words if word not in SAID_OR_NOT] or [folded(school)]


def take_back(session: Session, place: Place, *, by: Staff, now: datetime) -> None:
    """Take a place back: it is free again. Taking back what is gone changes nothing."""
    require(by, "work leads")
    take_turn(session, f"term {place.term}")
    here = session.execute(select(Place).where(Place.id == place.id)).scalars().first()
    if here is None:
        return
    lead = session.get(Lead, here.lead) if here.lead else None
    audit(session, "change", f"place {here.term}", by=by, now=now, taken_back=here.number, **_whose(lead, here.school))
    session.delete(here)
    session.flush()


def _whose(lead: Lead | None, school: str) -> dict[str, str]:
    return {"lead": lead.reference} if lead else {"school": school}


def history_of_places(session: Session, limit: int = 50) -> list[AuditEntry]:
    """Return what was done to terms and places, the latest first."""
    abouts = [f"{kind} {term_id}" for term_id in session.execute(select(Term.id)).scalars() for kind in ("term", "place")]
    query = select(AuditEntry).where(AuditEntry.about.in_(abouts))
    return list(session.execute(query.order_by(AuditEntry.id.desc()).limit(limit)).scalars())

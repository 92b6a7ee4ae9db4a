"""Places: associate memberships that a term has room for, and which schools hold them."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Integer, String, UniqueConstraint

from office.database import Moment, Name, Table


class Term(Table):
    """A term: autumn, spring or summer of a year, with its dates and how many places it has."""

    __tablename__ = "term"
    id = Column(String(20), primary_key=True)  # 2027-spring
    begins = Column(Date, nullable=False)
    ends = Column(Date, nullable=False)
    places = Column(Integer, nullable=False)


class Place(Table):
    """One school's associate membership in one term. The numbers run from 1 to the term's places: none is given twice."""

    __tablename__ = "place"
    __table_args__ = (UniqueConstraint("term", "number"), UniqueConstraint("term", "school"), CheckConstraint("number >= 1"))
    id = Column(Integer, primary_key=True)
    term = Column(ForeignKey("term.id"), nullable=False)
    number = Column(Integer, nullable=False)
    school = Column(Name(200), nullable=False)
    lead = Column(ForeignKey("lead.id", ondelete="SET NULL"), index=True)
    given_by = Column(ForeignKey("staff.id", ondelete="SET NULL"))
    given = Column(Moment, nullable=False)

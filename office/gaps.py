"""Gaps: questions nobody could answer, grouped by meaning, until staff close them."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, UniqueConstraint

from office.database import Moment, Name, Table, Words

STATES = ("open", "answered", "not_ours")


class Gap(Table):
    """Questions of one meaning that no fact answers; how often and how lately they came stands beside them for the list."""

    __tablename__ = "gap"
    __table_args__ = (Index("ix_gap_list", "state", "asked", "latest"),)
    id = Column(Integer, primary_key=True)
    text = Column(Words, nullable=False)  # the first, or the most telling, of its questions
    trust = Column(String(60))
    state = Column(String(20), nullable=False, default="open")
    asked = Column(Integer, nullable=False, default=0)
    latest = Column(Moment, nullable=False)
    centre = Column(LargeBinary, nullable=False)  # mean of its questions' vectors, unit length, float16
    fact = Column(ForeignKey("fact.id", ondelete="SET NULL"))
    reason = Column(Name(500))  # why it is not ours
    closed_by = Column(ForeignKey("staff.id", ondelete="SET NULL"))
    closed = Column(Moment)


class GapQuestion(Table):
    """One question that belongs to a gap."""

    __tablename__ = "gap_question"
    __table_args__ = (UniqueConstraint("question"),)
    id = Column(Integer, primary_key=True)
    gap = Column(ForeignKey("gap.id", ondelete="CASCADE"), nullable=False, index=True)
    question = Column(ForeignKey("question.id", ondelete="CASCADE"), nullable=False)
    why = Column(String(20), nullable=False)  # not_known, clarify or thumbs_down


class RegressionQuestion(Table):
    """A question out of a reviewed conversation, with the facts that answer it; `make learn` brings it to evaluation/questions."""

    __tablename__ = "regression_question"
    __table_args__ = (UniqueConstraint("text"),)
    id = Column(Integer, primary_key=True)
    text = Column(Name(1000), nullable=False)  # personal details removed
    trust = Column(String(60))
    outcome = Column(String(20), nullable=False)
    facts = Column(Name(1000), nullable=False, default="")  # ids, separated by spaces
    by = Column(ForeignKey("staff.id", ondelete="SET NULL"))
    at = Column(Moment, nullable=False)

"""The type checks see the tables: a misspelt column fails `make check` (docs/decisions/0008-types-of-the-tables.md)."""

from __future__ import annotations

import importlib
import pkgutil
import re
from pathlib import Path
from typing import Any

import pytest
from mypy import api
from sqlalchemy import JSON, DateTime

import office
from office.base.database import Table
from settings import ROOT

SNIPPET = """
from sqlalchemy import select
from sqlalchemy.orm import Session
from office.leads.model import Lead

def right(lead: Lead, session: Session) -> str:
    found = session.execute(select(Lead).where(Lead.name == "x").order_by(Lead.id)).scalars().all()
    session.execute(select(Lead.id, Lead.name)).all()
    return lead.name + "".join(one.school for one in found)

def wrong(lead: Lead, session: Session) -> None:
    lead.nmae                                                  # a row
    lead.nmae = "x"                                            # a change
    Lead.nmae                                                  # a query
    session.execute(select(Lead)).scalar_one().nmae            # what a query gives
    [one.nmae for one in session.execute(select(Lead).limit(1)).scalars()]
    session.get(Lead, 1).nmae
    lead.name = 3                                              # another kind of value
    lead.email.lower()                                         # may be None
"""


def test_a_misspelt_column_or_a_wrong_kind_of_value_is_found(tmp_path: Path) -> None:
    (tmp_path / "snippet.py").write_text(SNIPPET)
    said, _, _ = api.run(["--config-file", str(ROOT / "pyproject.toml"), str(tmp_path / "snippet.py")])
    lines = SNIPPET.split("\n")
    begins = lines.index("def wrong(lead: Lead, session: Session) -> None:") + 1
    wrong = {int(number) for number in re.findall(r"snippet\.py:(\d+): error", said)}
    assert wrong == set(range(begins + 1, len(lines))), said


def all_tables() -> list[Any]:
    """Return the classes of all tables of the office."""
    for module in pkgutil.walk_packages(office.__path__, "office."):
        if "migrations" not in module.name:
            importlib.import_module(module.name)
    return sorted((mapper.class_ for mapper in Table.registry.mappers), key=lambda table: table.__name__)


def kind_of(column: Any) -> str:
    """Return what a value of a column is, as an annotation says it."""
    if isinstance(column.type, JSON):
        made_by = getattr(column.default.arg if column.default is not None else None, "__name__", "")
        return {"list": "list[Any]", "dict": "dict[str, Any]"}.get(made_by, "Any")
    kind = getattr(column.type, "impl", column.type)  # ours are made on top of SQLAlchemy's
    name = "datetime" if isinstance(kind, DateTime) else kind.python_type.__name__
    return f"{name} | None" if column.nullable else name


@pytest.mark.parametrize("table", all_tables(), ids=lambda table: table.__name__)
def test_what_a_column_is_said_to_hold_is_what_the_database_takes(table: Any) -> None:
    said = {column.key: table.__annotations__.get(column.key, "no annotation") for column in table.__table__.columns}
    assert said == {column.key: f"Mapped[{kind_of(column)}]" for column in table.__table__.columns}

"""Writing rows that may exist already: on SQLite and PostgreSQL alike, and right where two write the same at once."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from office.base.database import is_postgresql


def insert_missing(session: Session, table: Any, *rows: Mapping[str, Any]) -> int:
    """Insert rows and return how many; those that a unique constraint keeps out are left unchanged."""
    insert = postgresql.insert if is_postgresql(session) else sqlite.insert
    return int(session.execute(insert(table.__table__).values(list(rows)).on_conflict_do_nothing()).rowcount) if rows else 0


def add_counts(session: Session, table: Any, key: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
    """Add each row's `n` to that of the row with the same key, or insert it where there is none."""
    if not rows:
        return
    name, columns = table.__tablename__, ", ".join(key)
    if is_postgresql(session):  # all in one statement: psycopg2 would send them one by one
        given = f"SELECT {columns}, n FROM json_populate_recordset(NULL::{name}, :rows)"
        sql = f"INSERT INTO {name} ({columns}, n) {given} ON CONFLICT ({columns}) DO UPDATE SET n = {name}.n + excluded.n"
        session.execute(text(sql), {"rows": json.dumps([dict(row) for row in rows], default=str)})
    else:
        new = sqlite.insert(table.__table__)
        session.execute(new.on_conflict_do_update(index_elements=list(key), set_={"n": table.n + new.excluded.n}), list(rows))

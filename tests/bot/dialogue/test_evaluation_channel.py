"""What `make evaluate` asks leaves nothing behind, though a conversation of it goes on from turn to turn."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import httpx

from evaluation.__main__ import ask
from evaluation.questions import EvaluationQuestion
from tests.living import Usher


def left_behind(usher: Usher) -> dict[str, int]:
    """Count the rows of each table that belong to a conversation of the evaluation."""
    with closing(sqlite3.connect(usher.var / "usher.db")) as connection:
        columns = connection.execute(
            "SELECT t.name, c.name FROM sqlite_master t JOIN pragma_table_info(t.name) c "
            "WHERE t.type = 'table' AND c.name IN ('conversation', 'sender_id')"
        ).fetchall()
        query = "SELECT count(*) FROM {} WHERE {} LIKE 'evaluation-%'"
        return {table: connection.execute(query.format(table, column)).fetchone()[0] for table, column in columns}


def test_a_conversation_of_the_evaluation_goes_on_and_leaves_nothing(running: Usher) -> None:
    with httpx.Client(base_url=running.rasa, timeout=30) as client:
        outcome, text, custom = ask(client, question("can someone ring me", "yes", "Oakfield Primary", "Sue Brown", "skip", "01632 960001"))
        assert outcome == "form" and custom["form"] == "message", text
        outcome, text, _ = ask(
            client, question("can someone ring me", "yes", "Oakfield Primary", "Sue Brown", "skip", "01632 960001", "no", "yes")
        )
        assert "reference" in text
        ask(client, question("is there a heated pool for beekeeping governors"))
    left = left_behind(running)
    assert {"enquiry", "message", "lead_conversation", "lead_draft", "events"} <= set(left) and not any(left.values()), left


def question(*turns: str) -> EvaluationQuestion:
    return EvaluationQuestion("q", "test", turns, "answered", "", (), False, "")

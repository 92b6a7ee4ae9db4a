"""A large inbox for the benchmark: the same rows each time, made with the office's own columns. Nobody in it is real."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from typing import Any

import numpy as np
from sqlalchemy import text

from office.base.database import Database
from office.base.staff import Staff
from office.base.workdays import promised_by
from office.leads.model import STATUSES, WISHES, Lead, contact_keys, person_key, search_text
from office.leads.places import add_term, give_place, suggested_terms
from office.leads.urgency import standing_of, urgent_at

NOW = datetime.now(timezone.utc).replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=1)
DAYS = 730
LEADS, ENQUIRIES, GAPS, AUDITED = 100_000, 1_000_000, 2_000, 200_000
TOPICS = ("cost", "membership", "membership_duration", "capacity", "eligibility", "how_to_join", "governance_structure", "chairs_forum",
          "board_meetings", "finance_meetings", "contacts", "pensions", "benefits", "heads_forum", "catering", "minibus")  # fmt: skip
FIRST = ("Ada", "Ben", "Chloë", "Dev", "Eilidh", "Femi", "Grace", "Hugh", "Iona", "Jo", "Kwame", "Lena", "Mo", "Nia", "Owen", "Priya")
LAST = ("Sample", "O’Sample", "Sample-Test", "Testing", "McTest", "Trial", "Example", "Specimen", "Proof", "Dummy", "Placeholder", "Mock")
KINDS = ("Primary School", "Infant School", "Junior School", "C of E Primary School", "Academy", "High School", "College")
ROLES = ("headteacher", "deputy head", "school business manager", "chair of governors", "governor", "office manager")
QUESTIONS = ("How much does it cost to join?", "Would we keep our own governors?", "Is there a place next term?", "What happens to our pensions?",
             "Can we observe a meeting of the board?", "Do you run the catering?", "How long does membership last?", "Who do I ring?")  # fmt: skip
LEAD_COLUMNS = [column.name for column in Lead.__table__.columns if column.name != "id"]
ENQUIRY_SQL = """
INSERT INTO enquiry (conversation, sequence, channel, text, withheld, outcome, received)
SELECT 'bench-' || (i / 4), i % 4 + 1, CASE WHEN i % 11 = 0 THEN 'telegram' ELSE 'website' END,
       (ARRAY[{questions}])[i % 8 + 1], false,
       CASE WHEN h < 620 THEN 'answered' WHEN h < 720 THEN 'clarify' WHEN h < 850 THEN 'not_known' WHEN h < 950 THEN 'chitchat' ELSE 'declined' END,
       timestamptz '{start}' + (i * {days} / {n}) * interval '1 day'
         + CASE WHEN h % 5 = 0 THEN (h * 7 % 24) ELSE 8 + (h % 10) END * interval '1 hour' + (h % 60) * interval '1 minute'
FROM (SELECT i, (i::bigint * 2654435761 % 4294967296 / 7) % 1000 AS h FROM generate_series(0, {n} - 1) AS i) AS s
"""
QUESTION_SQL = """
INSERT INTO question (enquiry, position, text, topics, outcome, facts, confidence)
SELECT id, 1, text, ('["' || (ARRAY[{topics}])[(id * 31 % 997) % {n} + 1] || '"]')::json, outcome, '[]', 0.8 FROM enquiry
"""
MESSAGE_SQL = """
INSERT INTO message (conversation, number, author, text, buttons, said)
SELECT conversation, sequence * 2 - 1 + side, CASE side WHEN 0 THEN 'visitor' ELSE 'assistant' END, text, '[]', received
FROM enquiry, generate_series(0, 1) AS side WHERE id % 10 < 4
"""
GAP_SQL = """
INSERT INTO gap (text, state, asked, latest, heat, centre)
SELECT (ARRAY[{questions}])[i % 8 + 1] || ' (' || i || ')', CASE WHEN i % 4 = 0 THEN 'answered' WHEN i % 9 = 0 THEN 'not_ours' ELSE 'open' END,
       asked, latest, extract(epoch FROM latest - timestamptz '2020-01-01T00:00:00Z') / 86400 / 30 + log(2, asked), :centre
FROM (SELECT i, 1 + i * 7919 % 60 AS asked, timestamptz '{now}' - (i * 104729 % {days}) * interval '1 day' AS latest
      FROM generate_series(1, {n}) AS i) AS s
"""
GAP_QUESTION_SQL = """
INSERT INTO gap_question (gap, question, why)
SELECT id % {n} + 1, id, outcome FROM question WHERE outcome = 'not_known' AND id % 2 = 0
"""
AUDIT_SQL = """
INSERT INTO audit_entry (at, staff, action, about, detail)
SELECT timestamptz '{now}' - i * interval '4 minutes', i % 3 + 1, (ARRAY['view', 'change', 'export'])[i % 3 + 1],
       'lead U-B' || lpad((i % 100000)::text, 5, '0'), '{{}}'::json
FROM generate_series(1, {n}) AS i
"""


def fill(database: Database) -> None:
    """Fill an empty, migrated PostgreSQL database: staff, terms, leads, enquiries, transcripts, gaps, audit log."""
    with database.transaction() as session:
        session.add_all(Staff(id=i, name=f"Sample Person {i}", email=f"sample{i}@example.org", role="admin", made=NOW) for i in (1, 2, 3))
        session.flush()
        session.execute(text("SELECT setval(pg_get_serial_sequence('staff', 'id'), 3)"))
        first = session.get(Staff, 1)
        for term in suggested_terms(session, NOW.date()):
            year, season = term.id.split("-")
            add_term(session, int(year), season, term.begins, term.ends, 2, by=first, now=NOW)
            give_place(session, term.id, f"Sample Primary School {season}", by=first, now=NOW)
    _fill_enquiries(database)
    _copy(database, "lead", LEAD_COLUMNS, _leads())
    links = ((i + 1, _conversation(i), "website", WISHES[i % len(WISHES)], "", _received(i)) for i in range(LEADS))
    _copy(database, "lead_conversation", ["lead", "conversation", "channel", "wish", "message", "at"], links)
    notes = ((i + 1, i % 3 + 1, f"Rang; will ring again ({i}).", _received(i) + timedelta(hours=5)) for i in range(0, LEADS, 3))
    _copy(database, "lead_note", ["lead", "staff", "text", "at"], notes)
    with database.transaction() as session:
        session.execute(text(AUDIT_SQL.format(now=NOW.isoformat(), n=AUDITED)))
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def _fill_enquiries(database: Database) -> None:
    questions = ", ".join("'" + question.replace("'", "''") + "'" for question in QUESTIONS)
    topics = ", ".join(f"'{topic}'" for topic in TOPICS)
    start = (NOW - timedelta(days=DAYS)).date().isoformat() + "T00:00:00Z"
    centre = np.full(384, 384**-0.5, dtype=np.float16).tobytes()
    with database.transaction() as session:
        session.execute(text(ENQUIRY_SQL.format(questions=questions, start=start, days=DAYS, n=ENQUIRIES)))
        session.execute(text(QUESTION_SQL.format(topics=topics, n=len(TOPICS))))
        session.execute(text(MESSAGE_SQL))
        session.execute(text(GAP_SQL.format(questions=questions, now=NOW.isoformat(), days=DAYS, n=GAPS)), {"centre": centre})
        session.execute(text(GAP_QUESTION_SQL.format(n=GAPS)))


def _conversation(i: int) -> str:
    return f"bench-{i * 5 // 2}"


def _received(i: int) -> datetime:
    return NOW - timedelta(days=DAYS * (LEADS - i) / LEADS, minutes=i * 7 % 400)


def _leads() -> Iterator[tuple[Any, ...]]:
    for i in range(LEADS):
        lead = _lead(i)
        yield tuple(lead[column] for column in LEAD_COLUMNS)


def _lead(i: int) -> dict[str, Any]:
    """Four in five of them have ended, as they will have after two years; the others stand at every step."""
    received = _received(i)
    is_open = i % 5 == 0
    status = STATUSES[i // 5 % 7] if is_open else ("joined", "closed", "not_now")[i % 3]
    due = (NOW + timedelta(days=i // 5 % 90 - 20)).date() if is_open and i % 3 else None
    revisit = (NOW + timedelta(days=20 + i % 300)).date() if status == "not_now" else None
    values = {column.name: None for column in Lead.__table__.columns} | {
        "reference": f"U-B{i:05d}", "version": 1, "conversation": _conversation(i), "channel": "telegram" if i % 11 == 0 else "website",
        "name": f"{FIRST[i % 16]} {LAST[i // 16 % 12]}", "role": ROLES[i % 6], "school": f"Sample {KINDS[i % 7]} {i // 3}",
        "email": f"office{i // 2}@school{i // 3}.example.org", "phone": f"+44 7700 9{i % 100000:05d}" if i % 2 else None,
        "wish": WISHES[i % len(WISHES)], "term": f"{NOW.year + 1}-spring" if i % 40 == 0 else None, "message": "Please ring after school." if i % 3 == 0 else "",
        "first_question": QUESTIONS[i % 8], "unanswered": json.dumps([QUESTIONS[5]] if i % 4 == 0 else []), "consented": received,
        "received": received, "promised": promised_by(received, 2), "changed": received + timedelta(days=i % 9),
        "contacted": None if status == "new" else received + timedelta(hours=3 + i % 80), "status": status, "reason": "",
        "owner": i % 3 + 1 if i % 4 else None, "next_action": "Ring the head" if due else "", "due": due, "revisit": revisit,
        "unread": is_open and i % 15 == 0, "asked_again": int(i % 25 == 0), "sample": False, "owed": status == "new",
    }  # fmt: skip
    lead = Lead(**{name: value for name, value in values.items() if name not in ("id", "unanswered")})
    decides = (status, None, due, revisit)
    return values | {
        **contact_keys(lead.email, lead.phone, lead.school), "search": search_text(lead), "standing": standing_of(*decides),
        "urgent_at": urgent_at(*decides, status == "new", lead.promised),
        "open_person": None if status in ("joined", "closed") else person_key(lead.name, lead.email, lead.phone),
    }  # fmt: skip


def _copy(database: Database, table: str, columns: list[str], rows: Iterator[tuple[Any, ...]]) -> None:
    file = io.StringIO("".join("\t".join(_field(value) for value in row) + "\n" for row in rows))
    connection = database.engine.raw_connection()
    try:
        connection.cursor().copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN", file)
        connection.commit()
    finally:
        connection.close()


def _field(value: Any) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(value).replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")

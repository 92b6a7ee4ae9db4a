"""Exports: what a list shows, as CSV or XLSX. Each one stands in the audit log with how many rows it had."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from tempfile import TemporaryFile
from typing import Any

from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from bot.inbox.overview import read_span
from bot.inbox.web import Visit, page
from office.base.errors import BadInput
from office.exports.rows import ENQUIRIES, GAPS, LEADS, enquiry_rows, gap_rows, lead_rows
from office.exports.tables import CHUNK, CSV_TYPE, XLSX_TYPE
from office.exports.writing import ExportTable, write_export
from office.gaps.model import STATES
from office.leads.lists import LeadFilter


def _leads(visit: Visit) -> ExportTable:
    return ExportTable("leads", LEADS, lead_rows(visit.session, LeadFilter.read(visit.request.query_params), now=visit.now))


def _enquiries(visit: Visit) -> ExportTable:
    return ExportTable("enquiries", ENQUIRIES, enquiry_rows(visit.session, read_span(visit.request.query_params, visit.today).span))


def _gaps(visit: Visit) -> ExportTable:
    state = visit.request.query_params.get("state", "")
    if state not in ("", *STATES):
        raise BadInput("state", "There is no such state of gaps.")
    return ExportTable("gaps", GAPS, gap_rows(visit.session, state))


TABLES: dict[str, Callable[[Visit], ExportTable]] = {"leads": _leads, "enquiries": _enquiries, "gaps": _gaps}


def export(visit: Visit, *, name: str, kind: str) -> Response:
    """The whole file is made before its first byte is sent, on disk: so it is complete, or an error page says why it is not."""
    table = TABLES[name](visit)
    file = TemporaryFile()  # noqa: SIM115  the response closes it, once it is sent
    size = write_export(visit.session, table, file, kind=kind, filtered_by=_filter(visit), by=visit.staff, now=visit.now)
    headers = {"Content-Disposition": f'attachment; filename="{name}-{visit.today.isoformat()}.{kind}"', "Content-Length": str(size)}
    return StreamingResponse(_read(file), media_type=CSV_TYPE if kind == "csv" else XLSX_TYPE, headers=headers)


def _read(file: Any) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while piece := file.read(CHUNK):
            yield piece


def _filter(visit: Visit) -> str:
    """What was filtered by, without the words of a search: they may be somebody's name."""
    return ", ".join(name for name, value in visit.request.query_params.items() if value and name.isalpha() and len(name) <= 20)[:200]


ROUTES = [
    Route(f"/{name}.{kind}", page(partial(export, name=name, kind=kind), needs="export"), name=f"{name} as {kind}")
    for name in TABLES
    for kind in ("csv", "xlsx")
]

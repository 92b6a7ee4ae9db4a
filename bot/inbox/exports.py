"""Exports: what a list shows, as CSV or XLSX. Each one is in the audit log, with its number of rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from tempfile import TemporaryFile
from typing import Any

from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from bot.inbox.overview import read_span
from bot.inbox.web import StaffRequest, page
from office.base.errors import BadInput
from office.exports.rows import ENQUIRIES, GAPS, LEADS, enquiry_rows, gap_rows, lead_rows
from office.exports.tables import CHUNK, CSV_TYPE, XLSX_TYPE
from office.exports.writing import ExportTable, write_export
from office.gaps.model import STATES
from office.leads.lists import LeadFilter


def _leads(request: StaffRequest) -> ExportTable:
    return ExportTable("leads", LEADS, lead_rows(request.session, LeadFilter.read(request.http.query_params), now=request.now))


def _enquiries(request: StaffRequest) -> ExportTable:
    return ExportTable("enquiries", ENQUIRIES, enquiry_rows(request.session, read_span(request.http.query_params, request.today).span))


def _gaps(request: StaffRequest) -> ExportTable:
    state = request.http.query_params.get("state", "")
    if state not in ("", *STATES):
        raise BadInput("state", "There is no such state of gaps.")
    return ExportTable("gaps", GAPS, gap_rows(request.session, state))


TABLES: dict[str, Callable[[StaffRequest], ExportTable]] = {"leads": _leads, "enquiries": _enquiries, "gaps": _gaps}


def export(request: StaffRequest, *, name: str, kind: str) -> Response:
    """The whole file is made before its first byte is sent, on disk: so it is complete, or an error page says why it is not."""
    table = TABLES[name](request)
    file = TemporaryFile()  # noqa: SIM115  the response closes it, once it is sent
    size = write_export(request.session, table, file, kind=kind, filtered_by=_filter(request), by=request.staff, now=request.now)
    headers = {"Content-Disposition": f'attachment; filename="{name}-{request.today.isoformat()}.{kind}"', "Content-Length": str(size)}
    return StreamingResponse(_read(file), media_type=CSV_TYPE if kind == "csv" else XLSX_TYPE, headers=headers)


def _read(file: Any) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while piece := file.read(CHUNK):
            yield piece


def _filter(request: StaffRequest) -> str:
    """What was filtered by, without the words of a search: they may be somebody's name."""
    return ", ".join(name for name, value in request.http.query_params.items() if value and name.isalpha() and len(name) <= 20)[:200]


ROUTES = [
    Route(f"/{name}.{kind}", page(partial(export, name=name, kind=kind), needs="export"), name=f"{name} as {kind}")
    for name in TABLES
    for kind in ("csv", "xlsx")
]

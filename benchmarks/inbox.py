"""How long the inbox's pages take with 100,000 leads and 1,000,000 enquiries: `make benchmark-inbox`.

Fills a PostgreSQL database of its own beside the one USHER_TEST_POSTGRES_URL names, asks the real inbox over HTTP for every list,
view, filter, search and the overview, one request at a time, and prints p50 and p95. Writes reports/inbox.json, the plan of every
query of every page into reports/plans/, and the figures with the plan of each page's slowest query into benchmarks/inbox.md, which is
kept: a plan that turns into a scan of all leads shows in its diff. Nothing fails by being slow.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Iterator

import httpx
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import make_url
from starlette.testclient import TestClient

from benchmarks.inbox_data import NOW, fill
from bot.inbox.app import build_app
from bot.inbox.cookies import SIGNED_IN
from bot.starting.facts import prepare
from office.base.database import Database
from office.base.staff import Staff
from office.enquiries.counts import count_new
from office.leads.lists import VIEWS
from office.people.signing_in import begin_sign_in
from settings import Settings

ROOT = Path(__file__).resolve().parent.parent
REPORTS = ROOT / "reports"
KEPT = ROOT / "benchmarks" / "inbox.md"
NAME = "usher_inbox_benchmark"
PORT = 8791
LIMITS = {"overview": 500.0, "chart": 500.0}  # ms at p95, by the beginning of a page's name; 150 for the rest
USUAL_LIMIT = 150.0
SINCE = (NOW - timedelta(days=40)).date().isoformat()
TERM = f"{NOW.year + 1}-spring"
LEAD = "U-B99995"
PAGES = {
    **{f"leads, view {view}": f"/leads?view={view}" for view in VIEWS},
    "leads, status": "/leads?status=contacted", "leads, wish": "/leads?wish=visit", "leads, channel": "/leads?channel=telegram",
    "leads, term": f"/leads?term={TERM}&view=all", "leads, owner": "/leads?owner=1", "leads, no owner": "/leads?owner=none",
    "leads, since": f"/leads?since={SINCE}&view=all", "leads, until": f"/leads?until={SINCE}&view=all",
    "leads, no samples": "/leads?sample=no&view=all", "leads, several": f"/leads?status=visit&wish=visit&owner=2&since={SINCE}",
    "search, every lead": "/leads?view=all&q=sample", "search, a name": "/leads?view=all&q=chloe+o%27sample",
    "search, a school": "/leads?view=all&q=school+33331", "search, a number": "/leads?view=all&q=07700900", "search, nothing": "/leads?view=all&q=zzzz",
    "search, open leads": "/leads?q=priya", "search with filters": f"/leads?q=sample&status=new&wish=visit&since={SINCE}",
    "lead": f"/leads/{LEAD}", "duplicates": f"/leads/{LEAD}/duplicates", "places": "/places", "gaps": "/gaps", "gaps, second page": "/gaps?page=2",
    "gaps, answered": "/gaps?state=answered", "a gap": "/gaps/5", "facts": "/facts", "facts, topic": "/facts?topic=cost", "facts, search": "/facts?q=cost",
    "notifications": "/notifications", "people": "/people", "audit log": "/audit", "audit, about": f"/audit?about={LEAD}",
    "audit, action": "/audit?action=export", "audit, since": f"/audit?from={SINCE}", "overview, 90 days": "/overview", "overview, a year": "/overview?days=365",
    "overview, two years": f"/overview?from={(NOW - timedelta(days=730)).date()}&to={NOW.date()}",
    **{f"chart {name}": f"/overview/{name}.svg?days=365" for name in ("weeks", "topics", "outcomes", "statuses", "sources", "hours")},
}  # fmt: skip


def settings_for(url: str) -> Settings:
    """Return the settings of an inbox on that database."""
    return Settings.read({"USHER_VAR": str(ROOT / "var" / "benchmark"), "USHER_DATABASE_URL": url, "USHER_INBOX_PORT": str(PORT)})


@contextmanager
def own_database(server: str, *, keep: bool) -> Iterator[str]:
    """Return the address of the benchmark's database, filled; with `keep` one that is there already is used, and stays."""
    url = make_url(server).set(database=NAME).render_as_string(hide_password=False)
    maker = create_engine(server, future=True, isolation_level="AUTOCOMMIT")
    with maker.connect() as connection:
        there = connection.execute(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": NAME}).scalar()
        if there and not keep:
            connection.execute(text(f"DROP DATABASE {NAME} WITH (FORCE)"))
        if not (there and keep):
            connection.execute(text(f"CREATE DATABASE {NAME}"))
            print("making 100,000 leads and 1,000,000 enquiries (some minutes)", flush=True)
            prepare(settings_for(url))
            _fill(url)
    try:
        yield url
    finally:
        if not keep:
            with maker.connect() as connection:
                connection.execute(text(f"DROP DATABASE {NAME} WITH (FORCE)"))
        maker.dispose()


def _fill(url: str) -> None:
    database = Database(url)
    fill(database)
    with database.transaction() as session:
        count_new(session, now=datetime.now(timezone.utc))
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    database.engine.dispose()


@contextmanager
def running_inbox(url: str) -> Iterator[httpx.Client]:
    """Start the inbox as the Procfile does; give the browser of somebody signed in."""
    settings = settings_for(url)
    environment = {**os.environ, "USHER_VAR": str(settings.var), "USHER_DATABASE_URL": url, "USHER_INBOX_PORT": str(PORT)}
    inbox = subprocess.Popen([sys.executable, "-m", "bot.inbox"], cwd=ROOT, env=environment)
    try:
        with httpx.Client(base_url=settings.inbox_address, cookies={SIGNED_IN: signed_in(url)}, timeout=120) as browser:
            deadline = time.monotonic() + 60
            while time.monotonic() < deadline:
                try:
                    browser.get("/sign-in")
                    break
                except httpx.ConnectError:
                    time.sleep(0.2)
            yield browser
    finally:
        inbox.terminate()
        inbox.wait(20)


def signed_in(url: str) -> str:
    """Return the token of a new sign-in."""
    database = Database(url)
    with database.transaction() as session:
        token = begin_sign_in(session, session.get(Staff, 1), device="benchmark", hours=12, now=datetime.now(timezone.utc))
    database.engine.dispose()
    return token


def measure(browser: httpx.Client, requests: int) -> dict[str, dict[str, Any]]:
    """Ask for each page so many times, in turn, so that no page has the machine's quiet minutes to itself."""
    times: dict[str, list[float]] = {name: [] for name in PAGES}
    states: dict[str, int] = {}
    for turn in range(requests + 2):
        for name, path in PAGES.items():
            started = time.perf_counter()
            response = browser.get(path)
            if turn >= 2:  # the first two warm up
                times[name].append((time.perf_counter() - started) * 1000)
            states[name] = response.status_code
    return {
        name: {"path": PAGES[name], "status": states[name], "p50": round(statistics.median(taken), 1),
               "p95": round(statistics.quantiles(taken, n=20)[18], 1), "limit": _limit(name)}
        for name, taken in times.items()
    }  # fmt: skip


def _limit(name: str) -> float:
    return next((limit for start, limit in LIMITS.items() if name.startswith(start)), USUAL_LIMIT)


def write_plans(url: str) -> dict[str, str]:
    """Write down how PostgreSQL goes about every query of every page, and give the plan of each page's slowest."""
    slowest: dict[str, str] = {}
    database = Database(url)
    folder = REPORTS / "plans"
    folder.mkdir(parents=True, exist_ok=True)
    asked: list[tuple[str, Any]] = []
    event.listen(database.engine, "before_cursor_execute", lambda _c, _cursor, sql, values, *_: asked.append((sql, values)))
    browser = TestClient(build_app(settings_for(url), database), base_url=f"http://127.0.0.1:{PORT}", cookies={SIGNED_IN: signed_in(url)})
    for name, path in PAGES.items():
        asked.clear()
        browser.get(path)
        queries = [(sql, values) for sql, values in asked if sql.lstrip().startswith("SELECT")]
        plans, worst = [f"{path}\n"], 0.0
        connection = database.engine.raw_connection()
        try:
            cursor = connection.cursor()
            for sql, values in queries:
                cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {sql}", values)
                plan = [line for (line,) in cursor.fetchall()]
                plans.append("\n".join([sql, "", *plan, ""]))
                took = float(plan[-1].split()[-2])  # "Execution Time: 0.030 ms"
                if took > worst:
                    worst, slowest[name] = took, _steps(plan)
            connection.rollback()
        finally:
            connection.close()
        (folder / f"{name.replace(', ', '-').replace(' ', '_')}.txt").write_text("\n".join(plans))
    database.engine.dispose()
    return slowest


def _steps(plan: list[str]) -> str:
    """Return a plan's steps without what differs from run to run: costs, times, buffers, memory, values."""
    steps = [re.sub(r"\s*\(cost=.*?\)|\(actual time=\S+ | loops=\d+\)", "", line) for line in plan if "->" in line or line == plan[0]]
    return "\n".join(re.sub(r" rows=(\d+)$", r" (\1 rows)", step.rstrip(")")) for step in steps)


def write_kept(figures: dict[str, dict[str, Any]], slowest: dict[str, str], busy: float) -> None:
    """Write the file that stays in the repository."""
    lines = [
        "# The inbox with 100,000 leads and 1,000,000 enquiries", "",
        f"Made by `make benchmark-inbox` on {datetime.now(timezone.utc):%-d %B %Y}; {busy:.1f} busy processes per core. The limit is p95's.", "",
        "| page | p50 ms | p95 ms | limit |", "|---|---:|---:|---:|",
        *(f"| {name} | {one['p50']:.0f} | {one['p95']:.0f} | {one['limit']:.0f} |" for name, one in figures.items()), "",
        "## The plan of each page's slowest query", "",
    ]  # fmt: skip
    pages: dict[str, list[str]] = {}
    for name, plan in slowest.items():
        pages.setdefault(plan, []).append(name)
    for plan, names in pages.items():
        lines += ["; ".join(names), "", "```", plan, "```", ""]
    KEPT.write_text("\n".join(lines).rstrip() + "\n")


def main() -> None:
    """Make, measure, print and write down."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=30, help="of each page")
    parser.add_argument("--keep", action="store_true", help="use the database of an earlier run, and leave it there")
    arguments = parser.parse_args()
    server = os.environ.get("USHER_TEST_POSTGRES_URL", "")
    if not server:
        sys.exit("Set USHER_TEST_POSTGRES_URL to a PostgreSQL server in which databases may be made.")
    with own_database(server, keep=arguments.keep) as url:
        with running_inbox(url) as browser:
            figures = measure(browser, arguments.requests)
        slowest = write_plans(url)
    busy = os.getloadavg()[1] / (os.cpu_count() or 1)
    print(f"\nBusy processes per core in the last five minutes: {busy:.1f}" + (" (far from a quiet machine)" if busy > 1 else ""))
    print(f"\n{'':26}{'p50 ms':>9}{'p95 ms':>9}{'limit':>7}")
    for name, one in figures.items():
        said = "" if one["status"] == 200 else f"  answered {one['status']}"
        print(f"{name:26}{one['p50']:9.1f}{one['p95']:9.1f}{one['limit']:7.0f}{'  over' if one['p95'] > one['limit'] else ''}{said}")
    (REPORTS / "inbox.json").write_text(
        json.dumps({"at": datetime.now(timezone.utc).isoformat(), "busy": round(busy, 1), "pages": figures}, indent=1)
    )
    write_kept(figures, slowest, busy)
    print("\nreports/inbox.json, query plans in reports/plans/, kept: benchmarks/inbox.md")


if __name__ == "__main__":
    main()

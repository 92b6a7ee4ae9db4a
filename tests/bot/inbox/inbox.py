"""The real inbox over real HTTP, in a thread, and the browsers of its people."""

from __future__ import annotations

import html
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import httpx
from jinja2 import Environment
from sqlalchemy import select
from starlette.applications import Starlette

from bot.inbox.app import build_app
from bot.inbox.cookies import SIGNED_IN, csrf_of
from bot.inbox.state import InboxState
from bot.web.serving import server_of
from office.base.database import Database
from office.base.staff import Staff
from office.people.passwords import hash_password
from settings import Settings
from tests.clock import NOW
from tests.databases import reopened

_compiled: dict[str, Environment] = {}
PASSWORD = "three brown teapots"
PEOPLE = {"staff": "Sam Staff", "pa": "Pat Assistant", "admin": "Alex Admin"}  # plainly made up; their addresses are staff@example.org …


class Inbox:
    """A running inbox. `database` is its database; its clock stands at `now()` until `pass_time` moves it."""

    def __init__(self, app: Starlette, url: str, database: Database, settings: Settings) -> None:
        self.app, self.url, self.database, self.settings = app, url, database, settings
        self._open = ExitStack()
        self._now = NOW
        app.state.inbox.clock = self.now

    def browser(self, **options: Any) -> httpx.Client:
        """A browser in which nobody is signed in. It follows no redirect by itself."""
        return self._open.enter_context(httpx.Client(base_url=self.url, timeout=30, trust_env=False, **options))

    def add(self, role: str, name: str = "", email: str = "") -> int:
        """Somebody with an account and PASSWORD; their number. The same address twice is the same person."""
        email = email or f"{role}@example.org"
        with self.database.transaction() as session:
            person = session.execute(select(Staff).where(Staff.email == email)).scalar_one_or_none()
            if person is None:
                person = Staff(name=name or PEOPLE[role], email=email, role=role, password=_password_hash(), made=self.now())
                session.add(person)
                session.flush()
            return int(person.id)

    def sign_in(self, role: str = "pa", email: str = "") -> httpx.Client:
        """The browser of somebody with that role, signed in through the page."""
        self.add(role, email=email)
        browser = self.browser()
        response = give_password(browser, email or f"{role}@example.org", PASSWORD)
        assert response.status_code == 303, response.text
        return browser

    def now(self) -> datetime:
        """What the inbox takes for now."""
        return self._now

    def rows(self, query: str) -> list[Any]:
        """What stands in the database."""
        with self.database.engine.connect() as connection:
            return list(connection.exec_driver_sql(query))

    def pass_time(self, time: timedelta) -> None:
        """Let time go by, for the inbox."""
        self._now += time

    def close(self) -> None:
        self._open.close()


@lru_cache(maxsize=1)
def _password_hash() -> str:
    return hash_password(PASSWORD)


def give_password(browser: httpx.Client, email: str, password: str, **more: str) -> httpx.Response:
    """Fill in the sign-in page and send it."""
    page = browser.get("/sign-in")
    return browser.post("/sign-in", data={"email": email, "password": password, "csrf": csrf_in(page), **more})


def csrf_in(page: httpx.Response) -> str:
    """The token in the forms of a page."""
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', page.text)
    assert found, page.text
    return found[1]


def post(browser: httpx.Client, path: str, **fields: Any) -> httpx.Response:
    """Send a form as a page of the inbox would, its CSRF token included. `fields` may hold lists. Redirects are not followed."""
    return browser.post(path, data={"csrf": csrf_of(browser.cookies[SIGNED_IN]), **fields})


def words_of(page: httpx.Response) -> str:
    """What a page says, without its tags and with single spaces."""
    text = re.sub(r"(?s)<(script|style).*?</\1>|<[^>]*>", " ", page.text)
    return " ".join(html.unescape(text).split())


def _share_templates(inbox: InboxState) -> None:
    """Let all inboxes of a run work with the same compiled templates: to compile a page takes longer than to make it."""
    inbox.templates = _compiled.setdefault("templates", inbox.templates)
    inbox.__post_init__()


@contextmanager
def open_inbox(settings: Settings) -> Iterator[Inbox]:
    """Serves the inbox on a free port for as long as the block lasts."""
    database = reopened(settings.database_url)
    app = build_app(settings, database)
    _share_templates(app.state.inbox)
    door = socket.create_server(("127.0.0.1", 0))
    server = server_of(app)
    thread = threading.Thread(target=server.run, args=([door],), daemon=True)
    thread.start()
    inbox = Inbox(app, f"http://127.0.0.1:{door.getsockname()[1]}", database, settings)
    yield inbox
    inbox.close()
    server.should_exit = True
    thread.join(10)
    assert not thread.is_alive()
    database.engine.dispose()

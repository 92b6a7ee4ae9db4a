"""The real inbox in a real Chromium: `open_page(role, …)` gives a page of somebody who is signed in, `check_page(page)` runs axe on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from tests.bot.inbox.conftest import empty_file, inbox, settings, sign_in
from tests.bot.inbox.inbox import Inbox

__all__ = ["empty_file", "inbox", "settings", "sign_in"]
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture
def open_page(browser: Browser, inbox: Inbox) -> Iterator[Callable[..., Page]]:
    """Gives a page of the inbox. Without a role nobody is signed in; `path` is opened at once; `scheme` is light or dark.

    A script error, a breach of the CSP or a page that scrolls sideways fails the test.
    """
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def look(message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            faults.append(message.text)

    def make(role: str = "", path: str = "", width: int = 1280, height: int = 800, scheme: str = "light", **options: object) -> Page:
        context = browser.new_context(  # type: ignore[arg-type]
            base_url=inbox.url, viewport={"width": width, "height": height}, color_scheme=scheme, **options
        )
        context.set_default_timeout(30_000)
        expect.set_options(timeout=30_000)  # a busy machine is slow, not wrong
        context.on("weberror", lambda fault: faults.append(str(fault.error)))
        context.on("console", look)
        contexts.append(context)
        if role:
            cookies = inbox.sign_in(role).cookies
            context.add_cookies([{"name": one.name, "value": str(one.value), "url": inbox.url} for one in cookies.jar])
        page = context.new_page()
        if path:
            page.goto(path)
        return page

    yield make
    for context in contexts:
        context.close()
    assert not faults


@pytest.fixture
def check_page() -> Callable[[Page], None]:
    """Looks at a page as axe does (WCAG 2.2 A and AA, best practice), and whether it scrolls sideways."""

    def check(page: Page) -> None:
        found = Axe().run(page, options={"runOnly": WCAG})
        where = urlsplit(page.url).path
        assert found.violations_count == 0, f"{where}\n{found.generate_report()}"
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{where} scrolls {wide} pixels sideways at {page.viewport_size}"

    return check

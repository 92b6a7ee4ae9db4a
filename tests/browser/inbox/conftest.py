"""The real inbox in a real Chromium: `open_page(role, …)` gives a page of somebody who is signed in, `check_page(page)` runs axe on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from tests.bot.inbox.conftest import empty_file, inbox, inbox_folder, readers, settings, sign_in
from tests.bot.inbox.inbox import Inbox

__all__ = ["empty_file", "inbox", "inbox_folder", "readers", "settings", "sign_in"]
SETTLED = "() => document.getAnimations().every(one => one.playState !== 'running')"  # one that is called off never says that it finished
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FOUND = """rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})
    .then(found => found.violations.flatMap(one => one.nodes.map(node => `${one.id}: ${node.failureSummary} ${node.html}`)))"""


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
        context.add_init_script(script=Axe().axe_script)  # quicker than handing it to each page that is looked at
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
    """Looks at a page as axe does (WCAG 2.2 A and AA, best practice), at its contrast in the other scheme too, and whether it scrolls
    sideways at any width."""

    def check(page: Page) -> None:
        where, size = urlsplit(page.url).path, page.viewport_size
        found = page.evaluate(FOUND, WCAG)
        assert not found, "\n".join([where, *found])
        dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
        page.emulate_media(color_scheme="light" if dark else "dark")
        page.evaluate("new Promise(requestAnimationFrame).then(() => true)")  # from which on the new colours are on their way
        page.wait_for_function(SETTLED)
        faint = page.evaluate(FOUND, ["color-contrast"])
        assert not faint, f"{where} in the other scheme: {faint}"
        page.emulate_media(color_scheme="dark" if dark else "light")
        assert size is not None
        for width in (320, 768, size["width"]):
            page.set_viewport_size({"width": width, "height": size["height"]})
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, f"{where} scrolls {wide} pixels sideways at {width}"

    return check

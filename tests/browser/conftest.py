"""A real Chromium, the fake website, and one visitor per test."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from .fake_api import FakeUsher
from .visitor import Visitor

CHROMIUM = Path("/usr/bin/chromium")


@pytest.fixture(scope="module")  # not longer: Playwright's loop would disturb asynchronous tests that run after
def browser() -> Iterator[Browser]:
    """Debian's Chromium. Without it the tests are skipped aloud, in CI they fail."""
    if not CHROMIUM.exists():
        if os.environ.get("CI"):
            pytest.fail(f"{CHROMIUM} is missing: apt-get install chromium")
        pytest.skip(f"{CHROMIUM} is missing, so no browser test ran: apt-get install chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-quic", "--disable-background-networking"]
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def server() -> Iterator[FakeUsher]:
    usher = FakeUsher()
    yield usher
    usher.stop()


@pytest.fixture
def usher(server: FakeUsher) -> FakeUsher:
    """The fake website, with nothing said yet."""
    server.reset()
    return server


@pytest.fixture
def new_context(browser: Browser, usher: FakeUsher) -> Iterator[Callable[..., BrowserContext]]:
    """Makes visitors' browsers; a script error or a breach of the CSP in any of them fails the test."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def look(message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            faults.append(message.text)

    def make(width: int = 1280, height: int = 800, **options: object) -> BrowserContext:
        context = browser.new_context(base_url=usher.url, viewport={"width": width, "height": height}, **options)  # type: ignore[arg-type]
        context.set_default_timeout(30_000)
        expect.set_options(timeout=30_000)  # a busy machine is slow, not wrong
        context.on("weberror", lambda fault: faults.append(str(fault.error)))
        context.on("console", look)
        contexts.append(context)
        return context

    yield make
    usher.hold.set()
    for context in contexts:
        context.close()
    assert not faults


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Page:
    """The first page of the website, at a desk."""
    page = new_context().new_page()
    page.goto("/")
    return page


@pytest.fixture
def visitor(page: Page) -> Visitor:
    return Visitor(page)

"""Fits small screens, is usable by everybody: sizes and axe. Screenshots go to USHER_SHOTS where that is set."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import BrowserContext, Page, expect

from .fake_api import FakeUsher
from .visitor import Visitor

STATES = ("closed", "open", "after a reply", "in the form", "written after a reload", "rested", "confirming", "error")
Context = Callable[..., BrowserContext]


def bring(page: Page, state: str, usher: FakeUsher) -> Visitor:
    """The widget in one of its states."""
    visitor = Visitor(page)
    page.goto("/")
    expect(visitor.launcher).to_be_visible()
    if state == "closed":
        return visitor
    visitor.opens()
    expect(visitor.button("How do we join?")).to_be_visible()
    if state == "open":
        return visitor
    if state == "written after a reload":
        visitor.asks("How long does it last?")
        usher.hold.clear()
        visitor.types("How much does it cost?")
        expect(visitor.typing).to_be_visible()
        visitor.field.fill("and for two schools")
        reopen(visitor)
        expect(visitor.typing).to_be_visible()
        expect(visitor.field).to_have_value("and for two schools")
        return visitor
    if state == "rested":
        visitor.asks("How much does it cost?")
        visitor.rests(61)
        reopen(visitor)
        expect(visitor.rested).to_be_visible()
        return visitor
    if state == "in the form":
        usher.steps.append({"text": "Which school are you from?", "outcome": "form", "form": "school", "buttons": ["Cancel"]})
        visitor.asks("can someone ring me?")
        usher.steps.append(
            {
                "text": "How can they reach you: by e-mail, or on which number?", "outcome": "form", "form": "contact",
                "buttons": ["Leave this out", "Cancel"],
            }
        )  # fmt: skip
        visitor.asks("Elm Primary")
        visitor.field.press("Shift+Tab")
        expect(visitor.button("Leave this out")).to_be_focused()
        return visitor
    visitor.asks("What support is there?")
    visitor.replies.last.get_by_role("button", name="Yes, helpful").click()
    visitor.asks("How much does it cost?")
    visitor.replies.last.get_by_role("button", name="How long does it last?").click()
    expect(visitor.replies).to_have_count(3)
    visitor.asks("this is unclear")
    if state == "confirming":
        visitor.button("Start again").click()
    if state == "error":
        usher.mishaps.append("away")
        visitor.types("Do we keep our uniform?")
        expect(visitor.messages.last.get_by_role("button", name="Try again")).to_be_visible()
        expect(visitor.notice).to_be_visible()
    return visitor


def reopen(visitor: Visitor) -> None:
    """The page anew; on a phone it begins with the panel closed."""
    visitor.page.reload()
    expect(visitor.launcher.or_(visitor.panel)).to_be_visible()
    if visitor.launcher.is_visible():
        visitor.launcher.click()


def shoot(page: Page, name: str) -> None:
    if folder := os.environ.get("USHER_SHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing(new_context: Context, usher: FakeUsher, state: str, width: int, scheme: str) -> None:
    page = new_context(width, 800, color_scheme=scheme, reduced_motion="reduce", bypass_csp=True).new_page()  # axe needs it
    bring(page, state, usher)
    shoot(page, f"{state.replace(' ', '-')}-{width}-{scheme}")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/", "/privacy", "/nowhere"])
def test_axe_finds_nothing_on_the_pages(new_context: Context, path: str, scheme: str) -> None:
    page = new_context(color_scheme=scheme, bypass_csp=True).new_page()
    page.goto(path)
    expect(Visitor(page).launcher).to_be_visible()
    shoot(page, f"page{path.replace('/', '-')}-1280-{scheme}")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("path", ["/", "/privacy", "/nowhere"])
def test_pages_need_no_sideways_scrolling_at_320_pixels(new_context: Context, path: str) -> None:
    page = new_context(320, 640).new_page()
    page.goto(path)
    expect(Visitor(page).launcher).to_be_visible()
    shoot(page, f"page{path.replace('/', '-')}-320-light")
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("size", [(320, 640), (320, 256)], ids=["narrow", "400 % zoom"])
@pytest.mark.parametrize("state", STATES)
def test_the_widget_needs_no_sideways_scrolling(new_context: Context, usher: FakeUsher, state: str, size: tuple[int, int]) -> None:
    page = new_context(*size).new_page()
    visitor = bring(page, state, usher)
    shoot(page, f"{state.replace(' ', '-')}-{size[0]}x{size[1]}")
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    if state == "closed":
        return
    wide = visitor.panel.locator(".log, header, .bubble, .choice, .notice, .rested").evaluate_all(
        "parts => parts.filter((part) => part.scrollWidth > part.clientWidth + 1).length"
    )
    assert wide == 0
    expect(visitor.button("Begin anew") if state == "rested" else visitor.field).to_be_in_viewport()


@pytest.mark.parametrize("state", STATES)
def test_every_target_is_at_least_24_pixels(new_context: Context, usher: FakeUsher, state: str) -> None:
    page = new_context(360, 800).new_page()
    bring(page, state, usher)
    small = page.locator("usher-chat button:visible, usher-chat footer a:visible, usher-chat textarea:visible").evaluate_all(
        "parts => parts.map((part) => [part.textContent.trim(), part.getBoundingClientRect()])"
        ".filter(([, box]) => box.width < 24 || box.height < 24).map(([name]) => name)"
    )
    assert small == []


def test_reduced_motion_stops_the_dots(new_context: Context, usher: FakeUsher) -> None:
    page = new_context(reduced_motion="reduce").new_page()
    page.goto("/")
    visitor = Visitor(page).opens()
    usher.hold.clear()
    visitor.types("How much does it cost?")
    dot = visitor.panel.locator(".typing i").first
    expect(dot).to_be_visible()
    shoot(page, "typing-1280-light")
    assert dot.evaluate("it => getComputedStyle(it).animationName") == "none"


def test_forced_colours_keep_the_edges(new_context: Context, usher: FakeUsher) -> None:
    page = new_context(forced_colors="active").new_page()
    visitor = bring(page, "after a reply", usher)
    shoot(page, "forced-colours-1280")
    assert visitor.replies.first.locator(".bubble").evaluate("it => getComputedStyle(it).borderTopWidth") == "1px"

"""What a visitor does with the widget, in the words of the page."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect


class Visitor:
    """Somebody at a page with the chat."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.launcher = page.get_by_role("button", name="Ask a question")
        self.panel = page.get_by_role("dialog")
        self.field = page.locator("usher-chat textarea")
        self.typing = page.locator(".messages > .typing")
        self.rested = page.get_by_role("group", name="This conversation rested for a while. Begin anew?")
        self.replies = page.locator(".messages > .assistant:not(.typing)")
        self.messages = page.locator(".messages > .visitor")
        self.status = page.get_by_role("status")
        self.notice = page.locator(".notice")

    def opens(self) -> Visitor:
        self.launcher.click()
        expect(self.panel).to_be_visible()
        expect(self.page.get_by_text("I am an automated assistant")).to_be_visible()
        return self

    def types(self, text: str) -> None:
        self.field.fill(text)
        self.field.press("Enter")

    def asks(self, text: str) -> Locator:
        """Sends a question and gives the reply, once it is there."""
        before = self.replies.count()
        self.types(text)
        expect(self.replies).to_have_count(before + 1)
        return self.replies.nth(before)

    def rests(self, minutes: int) -> None:
        """Nobody has been here for so long: this browser says so to every tab."""
        self.page.evaluate(
            "(minutes) => Object.keys(localStorage).filter((key) => key.endsWith(':at'))"
            ".forEach((key) => localStorage.setItem(key, Date.now() - minutes * 60_000))",
            minutes,
        )

    def button(self, name: str) -> Locator:
        return self.panel.get_by_role("button", name=name)

    def storage(self) -> dict[str, int]:
        """How much this browser keeps."""
        sizes: dict[str, int] = self.page.evaluate(
            "async () => ({local: localStorage.length, session: sessionStorage.length, cookies: document.cookie.length,"
            " databases: (await indexedDB.databases()).length})"
        )
        return sizes


def forbid_storage(page: Page) -> None:
    """Load the page anew in a browser that keeps nothing for it."""
    page.add_init_script(
        "for (const name of ['localStorage', 'sessionStorage'])"
        " Object.defineProperty(window, name, {get() { throw new DOMException('no', 'SecurityError'); }});"
    )
    page.reload()

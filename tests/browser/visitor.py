"""What a visitor does with the widget, in the words of the page."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect


class Visitor:
    """Somebody at a page with the chat."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.launcher = page.get_by_role("button", name="Ask a question")
        self.panel = page.get_by_role("dialog")
        self.field = page.get_by_role("textbox", name="Your question")
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

    def button(self, name: str) -> Locator:
        return self.panel.get_by_role("button", name=name)

    def storage(self) -> dict[str, int]:
        """How much this browser keeps."""
        sizes: dict[str, int] = self.page.evaluate(
            "async () => ({local: localStorage.length, session: sessionStorage.length, cookies: document.cookie.length,"
            " databases: (await indexedDB.databases()).length})"
        )
        return sizes

"""The README's picture: a real conversation with the running assistant (`make run` first), kept in docs/conversation.png."""

from __future__ import annotations

import sys

from playwright.sync_api import Error, sync_playwright

from settings import LOOPBACK, ROOT, Settings
from tests.browser.visitor import Visitor

QUESTIONS = ("how much is associate membership and how long does it last?",)
PICTURE = ROOT / "docs" / "conversation.png"


def main() -> None:
    """Ask, and take the picture."""
    website = f"http://{LOOPBACK}:{Settings.read().website_port}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1180, "height": 860})
        try:
            page.goto(website)
        except Error:
            sys.exit(f"Nothing answers on {website}: call `make run` in another window first.")
        visitor = Visitor(page).opens()
        for question in QUESTIONS:
            visitor.asks(question)
        page.screenshot(path=PICTURE)
        browser.close()
    print(f"{PICTURE.relative_to(ROOT)} is taken.")


if __name__ == "__main__":
    main()

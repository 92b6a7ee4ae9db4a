"""Two browsers and one e-mail address, over the website's API: neither learns of the other, or changes what the other gave."""

from __future__ import annotations

import sqlite3
import uuid
from contextlib import closing
from typing import Any

import httpx

from tests.living import Usher


class Browser:
    """One visitor's browser."""

    def __init__(self, usher: Usher) -> None:
        self.address = f"{usher.website}/api/chat"
        self.conversation: str | None = None
        self.custom: dict[str, Any] = {}
        self.buttons: list[str] = []

    def says(self, *texts: str) -> str:
        """Say one thing after another; return the last reply."""
        said = ""
        for text in texts:
            answer = httpx.post(self.address, json={"conversation": self.conversation, "message": text}, timeout=60)
            assert answer.status_code == 200, answer.text
            reply = answer.json()
            self.conversation, last = reply["conversation"], reply["messages"][-1]
            self.custom, self.buttons = last.get("custom") or {}, [button["title"] for button in last["buttons"]]
            said = "\n".join(message["text"] for message in reply["messages"])
        return said


def test_a_stranger_with_a_heads_address_is_shown_and_changes_nothing(running: Usher) -> None:
    mark = uuid.uuid4().hex[:8]
    address, school = f"hattie.{mark}@hazel.example.org", f"Hazel {mark} Primary"
    head, stranger = Browser(running), Browser(running)
    head.says("can someone ring me?", "yes", school, "Hattie Hazel", "deputy head", f"{address} or 07700 900555", "skip", "yes, send it")
    own = head.custom["reference"]
    said = stranger.says("can someone ring me?", "yes", "Elm Primary", "Hattie Hazel", "skip", address, "skip", "yes, send it")
    told = stranger.custom["reference"]
    assert said.startswith("Thank you, it is with") and told != own and own not in said
    said = stranger.says("can someone ring me again about visiting a school?", "yes", "skip")
    if stranger.custom["form"] != "confirm":
        said = stranger.says("skip")
    assert stranger.custom["form"] == "confirm", said
    assert "900555" not in said and "deputy" not in said and school not in said
    stranger.says("cancel")
    assert told in stranger.says("please delete my details")
    with closing(sqlite3.connect(running.var / "usher.db", timeout=30)) as connection:
        query = "SELECT reference, school, role, phone, next_action, unconfirmed FROM lead WHERE email = ?"
        assert connection.execute(query, (address,)).fetchall() == [(own, school, "deputy head", "+44 7700 900555", "", 1)]


def test_a_second_person_in_one_conversation_is_a_lead_of_their_own(running: Usher) -> None:
    mark = uuid.uuid4().hex[:8]
    browser = Browser(running)
    browser.says("can someone ring me?", "yes", f"Shared {mark} School", "First Person", "head", "07700 900112", "skip", "yes, send it")
    browser.says(f"My colleague Ann Other would also like a call, her email is ann.{mark}@shared.example.org")
    answers = {
        "consent": "yes",
        "school": f"Shared {mark} School",
        "name": "Ann Other",
        "role": "bursar",
        "wish": "a call back",
        "message": "skip",
    }
    said = ""
    while browser.custom.get("form") in answers:
        said = browser.says(answers.pop(browser.custom["form"]))
    assert "Ann Other" in said and "900112" not in said and "First Person" not in said, said
    browser.says("yes, send it")
    with closing(sqlite3.connect(running.var / "usher.db", timeout=30)) as connection:
        query = "SELECT name, email, phone FROM lead WHERE school = ? ORDER BY id"
        kept = connection.execute(query, (f"Shared {mark} School",)).fetchall()
    assert kept == [("First Person", None, "+44 7700 900112"), ("Ann Other", f"ann.{mark}@shared.example.org", None)]

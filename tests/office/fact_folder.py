"""A small, plainly made-up folder of facts that a test can write, change and break; and vectors that need no encoder."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import yaml

TOPICS: dict[str, Any] = {
    "topics": [
        {"id": "cost", "title": "Cost", "choice": "what it costs", "button": "What does it cost?", "crosses": False, "next": ["contacts"]},
        {"id": "contacts", "title": "Contacts", "choice": "whom to ask", "button": "Whom do we ask?", "next": ["cost"]},
        {
            "id": "uniform", "title": "Uniform", "choice": "what pupils wear", "button": "What do pupils wear?", "near": ["cost"],
            "next": ["contacts"], "not_known": "The documents do not say what pupils wear.",
        },
    ]
}  # fmt: skip


def oakdale() -> dict[str, Any]:
    """Give the file of a trust with a fee and a contact."""
    return {
        "trust": {
            "id": "oakdale", "name": "Oakdale Academy Trust", "short": "Oakdale", "aliases": ["oak dale"],
            "contact": "oakdale.office.who",
        },
        "documents": {"page": {"title": "Joining Oakdale", "as_of": "2016", "dated": "about 2016", "units": {"Cost": 2, "Contact": 1}}},
        "subjects": {
            "fee": {"title": "What it costs", "topic": "cost", "asked_as": ["tell me all about money at oakdale"]},
            "office": {"title": "The office", "topic": "contacts"},
        },
        "facts": [
            {
                "id": "oakdale.fee.membership", "topic": "cost", "subject": "fee", "says": "A term at Oakdale costs £499.",
                "values": [{"kind": "amount", "of": "membership", "value": 499, "unit": "GBP"}],
                "document": "page", "section": "Cost", "covers": ["Cost/1"],
                "asked_as": ["what is the fee", "fee?", "how much is oakdale"],
            },
            {
                "id": "oakdale.fee.visit", "topic": "cost", "subject": "fee", "says": "A visit to Oakdale costs nothing.",
                "document": "page", "section": "Cost", "covers": ["Cost/2"],
                "asked_as": ["is a visit free", "visit price", "do we pay to visit"],
            },
            {
                "id": "oakdale.office.who", "topic": "contacts", "subject": "office",
                "says": "Ask Ann Example, the Oakdale clerk, on 01234 567890 or ann@oakdale.example.",
                "values": [
                    {"kind": "person", "of": "contact", "value": "Ann Example"},
                    {"kind": "role", "of": "contact", "value": "clerk"},
                    {"kind": "phone", "of": "contact", "value": "01234 567890"},
                    {"kind": "email", "of": "contact", "value": "ann@oakdale.example"},
                ],
                "document": "page", "section": "Contact", "covers": ["Contact/1"],
                "asked_as": ["who do we ask", "contact", "phone number"],
            },
        ],
    }  # fmt: skip


class FactFolder:
    """The files as Python values; `write()` puts them on the disk as they are now."""

    def __init__(self, folder: Path) -> None:
        self.facts, self.nlu = folder / "facts", folder / "nlu"
        self.facts.mkdir(parents=True)
        self.nlu.mkdir()
        self.trusts: dict[str, dict[str, Any]] = {"oakdale": oakdale()}
        self.topics: dict[str, Any] = yaml.safe_load(yaml.safe_dump(TOPICS))
        self.write()

    def fact(self, fact_id: str) -> dict[str, Any]:
        """Give a fact of the file that is named like its trust."""
        found: dict[str, Any] = next(fact for fact in self.trusts[fact_id.split(".")[0]]["facts"] if fact["id"] == fact_id)
        return found

    def drop(self, fact_id: str) -> dict[str, Any]:
        """Take a fact out of its file and give it."""
        fact = self.fact(fact_id)
        self.trusts[fact_id.split(".")[0]]["facts"].remove(fact)
        return fact

    def write(self) -> None:
        """Write all files anew."""
        for name, content in {**self.trusts, "topics": self.topics}.items():
            (self.facts / f"{name}.yml").write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
        (self.nlu / "joining.yml").write_text(
            'version: "3.1"\nnlu:\n- intent: ask/cost\n  examples: |\n    - price?\n    - what does [Oakdale](trust) take\n',
            encoding="utf-8",
        )

    def write_raw(self, name: str, content: str | bytes) -> None:
        """Write one file of facts as it is given."""
        (self.facts / name).write_bytes(content.encode() if isinstance(content, str) else content)


class CountingEncoder:
    """Unit vectors that depend on the text alone, shape (n, 384); remembers what it was asked for."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def __call__(self, texts: list[str]) -> np.ndarray:
        """Give a vector for each text."""
        self.texts += texts
        return np.stack([fake_vector(text) for text in texts]) if texts else np.zeros((0, 384), np.float32)

    def taken(self) -> list[str]:
        """Give the texts since the last time, and forget them."""
        texts, self.texts = self.texts, []
        return texts


def fake_vector(text: str) -> np.ndarray:
    """Give a unit vector, float32, shape (384,): the same for the same text, next to nothing in common with any other's."""
    seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
    vector = np.random.default_rng(seed).normal(size=384).astype(np.float32)
    return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)

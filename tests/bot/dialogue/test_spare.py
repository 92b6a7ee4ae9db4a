"""What Rasa is spared at its start must be what nothing of ours uses."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
import yaml

from settings import ROOT

TEXTS = ["how much does it cost?", "and how long?", "what is CLPT's phone number", "hello", "gym membership price", "combien ça coûte"]
NEEDS_TENSORFLOW = {
    "DIETClassifier",
    "TEDPolicy",
    "UnexpecTEDIntentPolicy",
    "ResponseSelector",
    "LanguageModelFeaturizer",
    "ConveRTFeaturizer",
}
READ = """
import sys, asyncio, json, warnings
warnings.filterwarnings("ignore")
from bot.dialogue.spare import spare_imports
spare_imports()
from rasa.core.agent import Agent
agent = Agent.load("models/usher.tar.gz")
async def read():
    return [await agent.parse_message(text) for text in json.loads(sys.argv[1])]
kept = ("intent", "questions", "foreign")
print("READ" + json.dumps([{key: parse[key] for key in kept} for parse in asyncio.run(read())]))
print("REAL" if getattr(sys.modules["tensorflow"], "__file__", None) else "STAND-IN")
"""


def test_nothing_in_config_needs_what_is_spared() -> None:
    config = yaml.safe_load((ROOT / "config.yml").read_text())
    used = {part["name"] for part in config["pipeline"] + config["policies"]}
    assert not used & NEEDS_TENSORFLOW


@pytest.mark.usefixtures("running")  # it has trained the model
def test_messages_are_read_alike_with_and_without() -> None:
    read = {}
    for setting, kind in (("yes", "STAND-IN"), ("no", "REAL")):
        command = [sys.executable, "-W", "ignore", "-c", READ, json.dumps(TEXTS)]
        environment = {**os.environ, "USHER_SPARE_IMPORTS": setting}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
        lines = done.stdout.splitlines()
        assert kind in lines
        read[setting] = next(line for line in lines if line.startswith("READ"))
    assert read["yes"] == read["no"]

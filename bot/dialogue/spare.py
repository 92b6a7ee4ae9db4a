"""Lets Rasa start without importing what no part of ours uses: TensorFlow, the clients of other stores and channels, plots.

Rasa imports them wherever they are mentioned. They take most of a start and half of the memory (`make benchmark` prints
both), so their names are given empty stand-ins before Rasa is imported. tests/bot/dialogue/test_spare.py keeps config.yml free of
the parts that need them, and shows that messages are read alike with and without. USHER_SPARE_IMPORTS=no switches them off; Rasa's own
commands (`rasa train`, `rasa shell`) import the real ones anyhow. Why: docs/decisions/0005-without-tensorflow.md.
"""

from __future__ import annotations

import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from settings import Settings, SettingsError

STAND_INS = (
    "tensorflow", "tensorflow_addons", "tensorflow_hub", "tensorflow_text", "keras",  # DIET, TED
    "pymongo", "boto3", "botocore",  # other tracker stores
    "aiogram", "twilio", "slack_sdk", "mattermostwrapper", "webexteamssdk", "fbmessenger", "rocketchat_API",  # other channels
    "pika", "aio_pika", "confluent_kafka",  # event brokers
    "matplotlib",  # reports of `rasa test`
)  # fmt: skip


class _Nothing(type):
    """The type of a name that stands in for a class, a function or a decorator."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        stand_in = _Nothing(name, (), {"__module__": cls.__module__})
        setattr(cls, name, stand_in)
        return stand_in

    def __call__(cls, *arguments: Any, **named: Any) -> Any:
        if cls.__module__.split(".")[0] not in STAND_INS:  # a real class of Rasa's on top of a stand-in
            return super().__call__(*arguments, **named)
        if len(arguments) == 1 and callable(arguments[0]) and not named:  # used as a decorator
            return arguments[0]
        return cls

    def __iter__(cls) -> Any:
        return iter(())


class _StandIn(ModuleType):
    __path__: list[str] = []
    __version__ = "2.12.0"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        stand_in = _Nothing(name, (), {"__module__": self.__name__})
        setattr(self, name, stand_in)
        return stand_in


class _Finder(MetaPathFinder, Loader):
    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        return ModuleSpec(name, self, is_package=True) if name.split(".")[0] in STAND_INS else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _StandIn(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        return None


def spare_imports() -> None:
    """Put the stand-ins in place, unless USHER_SPARE_IMPORTS is "no"; harmless where the real ones are imported already, or a second time."""
    if not _are_wanted():
        return
    if "tensorflow" not in sys.modules and not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


def _are_wanted() -> bool:
    try:
        return Settings.read().spare_imports
    except SettingsError:
        return True  # whoever starts will say what is wrong

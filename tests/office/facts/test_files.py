"""Bad files of facts: each is refused with file, line and reason, and never with a traceback."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any, Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from office.base.errors import BadFactFile
from office.facts.files import read_all, read_examples
from tests.office.fact_folder import TOPICS, FactFolder, oakdale
from tests.searching import examples

Change = Callable[[FactFolder], Any]


def fee(folder: FactFolder) -> dict[str, Any]:
    return folder.fact("oakdale.fee.membership")


def setting(**fields: Any) -> Change:
    return lambda folder: fee(folder).update(fields)


def value(**fields: Any) -> Change:
    return lambda folder: fee(folder)["values"][0].update(fields)


def head(**fields: Any) -> Change:
    return lambda folder: folder.trusts["oakdale"]["trust"].update(fields)


def document(**fields: Any) -> Change:
    return lambda folder: folder.trusts["oakdale"]["documents"]["page"].update(fields)


def subject(**fields: Any) -> Change:
    return lambda folder: folder.trusts["oakdale"]["subjects"]["fee"].update(fields)


def topic(place: int, **fields: Any) -> Change:
    return lambda folder: folder.topics["topics"][place].update(fields)


def whole(**fields: Any) -> Change:
    return lambda folder: folder.trusts["oakdale"].update(fields)


# what is wrong, the file that is named, the line's own words, the reason that is given
FAULTS: dict[str, tuple[Change, str, str, str]] = {
    "an unknown field": (setting(colour="red"), "oakdale.yml", "colour", "'colour' is not known here"),
    "an unknown part of the file": (whole(notes=["x"]), "oakdale.yml", "notes:", "'notes' is not known here"),
    "no sentence": (setting(says=""), "oakdale.yml", "says: ''", "'says' must be a text"),
    "a number for a sentence": (setting(says=5), "oakdale.yml", "says: 5", "'says' must be a text"),
    "a sentence nobody reads to its end": (setting(says="A" + "a" * 400), "oakdale.yml", "says:", "longer than"),
    "a character that no screen shows": (setting(says="A term\0 costs"), "oakdale.yml", "says:", "control character"),
    "an unknown topic": (setting(topic="weather"), "oakdale.yml", "topic: weather", "topic 'weather' is not known"),
    "a topic no document answers": (setting(topic="uniform"), "oakdale.yml", "topic: uniform", "no document answers"),
    "an unknown subject": (setting(subject="prices"), "oakdale.yml", "subject: prices", "subject 'prices' is not known"),
    "an unknown document": (setting(document="letter"), "oakdale.yml", "document: letter", "document 'letter' is not known"),
    "another trust's id": (setting(id="elm.fee.membership"), "oakdale.yml", "id: elm", "must look like oakdale."),
    "an id in capitals": (setting(id="oakdale.Fee.membership"), "oakdale.yml", "id: oakdale.Fee", "must look like oakdale."),
    "one id for two facts": (setting(id="oakdale.fee.visit"), "oakdale.yml", "id: oakdale.fee.visit", "stands already in line"),
    "an id longer than the database has room for": (setting(id="oakdale.fee." + "m" * 200), "oakdale.yml", "id:", "longer than"),
    "no wordings": (setting(asked_as=[]), "oakdale.yml", "asked_as: []", "needs at least 3"),
    "a wording that is no text": (setting(asked_as=["a", "b", 3]), "oakdale.yml", "asked_as:", "list of texts"),
    "a wording that is a whole page": (setting(asked_as=["a", "b", "c" * 1001]), "oakdale.yml", "asked_as:", "longer than"),
    "a wording of another fact": (setting(asked_as=["a", "b", "Visit price"]), "oakdale.yml", "- id: oakdale.fee.visit", "stands under"),
    "a section with too long a name": (setting(section="s" * 201), "oakdale.yml", "section:", "longer than"),
    "a date in words": (setting(valid_from="next year"), "oakdale.yml", "valid_from", "must be a date"),
    "an end before the beginning": (
        lambda folder: fee(folder).update(valid_from=_date("2026-09-01"), valid_until=_date("2025-09-01")),
        "oakdale.yml", "valid_until", "lies before",
    ),
    "an unknown audience": (setting(audience="parents"), "oakdale.yml", "audience", "public or staff"),
    "values that are no list": (setting(values="499"), "oakdale.yml", "values", "must be a list"),
    "a value that is no mapping": (setting(values=["499"]), "oakdale.yml", "499", "must be a mapping"),
    "an unknown kind of value": (value(kind="price"), "oakdale.yml", "kind: price", "'price' is not known"),
    "an amount in words": (value(value="cheap"), "oakdale.yml", "value: cheap", "must be a number"),
    "a yes that YAML reads as true": (value(kind="yes_no", value=True), "oakdale.yml", "value: true", "quote yes and no"),
    "an amount that is no number at all": (value(value=float("nan")), "oakdale.yml", "value: .nan", "number"),
    "a phone number that YAML reads as a number": (value(kind="phone", value=1903739988), "oakdale.yml", "value: 19", "quote it"),
    "an e-mail address without its half": (value(kind="email", value="ann@"), "oakdale.yml", "value: ann@", "no e-mail address"),
    "a value of something endless": (value(of="m" * 400), "oakdale.yml", "of: m", "longer than"),
    "a trust's id in capitals": (head(id="Oakdale"), "oakdale.yml", "id: Oakdale", "small letters"),
    "a trust without a name": (head(name=None), "oakdale.yml", "name:", "'name' must be a text"),
    "a trust's name without end": (head(name="N" * 250), "oakdale.yml", "name:", "longer than"),
    "a contact that is no fact": (head(contact="oakdale.office.nobody"), "oakdale.yml", "trust:", "no fact of this file"),
    "a document without a date": (document(as_of=2016), "oakdale.yml", "as_of: 2016", "'as_of' must be a text"),
    "a document's date that is a story": (document(as_of="s" * 30), "oakdale.yml", "as_of:", "longer than"),
    "units that are no mapping": (document(units=["Cost"]), "oakdale.yml", "units:", "'units'"),
    "units that are not counted": (document(units={"Cost": "many"}), "oakdale.yml", "units:", "'units'"),
    "a subject of an unknown topic": (subject(topic="weather"), "oakdale.yml", "topic: weather", "not in topics.yml"),
    "no facts at all": (whole(facts=None), "oakdale.yml", "facts:", "'facts' must be a list"),
    "a topic that stands twice": (topic(1, id="cost"), "topics.yml", "id: cost", "second time"),
    "a next topic that is not there": (topic(0, next=["weather"]), "topics.yml", "next:", "unknown topic 'weather'"),
    "a near topic that is not there": (topic(2, near=["weather"]), "topics.yml", "near:", "unknown topic 'weather'"),
    "a topic without a way on": (topic(0, next=[]), "topics.yml", "next:", "needs at least 1"),
    "a button as long as a page": (topic(0, button="b" * 61), "topics.yml", "button:", "longer than"),
    "crosses that is neither yes nor no": (topic(0, crosses="sometimes"), "topics.yml", "crosses:", "'crosses' must be true or false"),
}  # fmt: skip


def _date(text: str) -> Any:
    from datetime import date

    return date.fromisoformat(text)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_named_with_its_file_line_and_reason(fault: str, folder: FactFolder) -> None:
    break_it, file, words, reason = FAULTS[fault]
    break_it(folder)
    folder.write()
    with pytest.raises(BadFactFile, match=re.escape(reason)) as refused:
        read_all(folder.facts)
    error = refused.value
    assert error.file == file
    assert words in (folder.facts / file).read_text().splitlines()[error.line - 1]
    assert str(error).startswith(f"{file}, line {error.line}: ")


RAW: dict[str, tuple[str | bytes, int, str]] = {
    "a bracket left open": ("trust:\n  id: elm\n  aliases: [a, b\ndocuments: {}\n", 4, "not YAML"),
    "a field that stands twice": ("trust:\n  id: elm\n  id: ash\n", 3, "not YAML"),
    "another encoding": ("trust:\n  name: Café\n".encode("latin-1"), 1, "UTF-8"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00\x00", 1, "UTF-8"),
    "an empty file": ("", 1, "must be a mapping"),
    "a list": ("- a\n- b\n", 1, "must be a mapping"),
    "a tab for an indent": ("trust:\n\tid: elm\n", 2, "not YAML"),
    "a command to run": ("!!python/object/apply:os.system ['true']\n", 1, "must be a mapping"),
}


@pytest.mark.parametrize("kind", RAW)
def test_a_file_that_is_not_what_it_should_be_is_refused(kind: str, folder: FactFolder) -> None:
    content, line, reason = RAW[kind]
    folder.write_raw("zebra.yml", content)
    with pytest.raises(BadFactFile, match=reason) as refused:
        read_all(folder.facts)
    assert (refused.value.file, refused.value.line) == ("zebra.yml", line)


def test_a_folder_without_topics_is_refused(folder: FactFolder) -> None:
    (folder.facts / "topics.yml").unlink()
    with pytest.raises(BadFactFile, match="topics.yml"):
        read_all(folder.facts)


def test_two_files_for_one_trust_are_refused(folder: FactFolder) -> None:
    again = oakdale()
    for fact in again["facts"]:
        fact["asked_as"] = [f"{wording} again" for wording in fact["asked_as"]]
    folder.trusts["willow"] = again
    folder.write()
    with pytest.raises(BadFactFile, match="has a file already: oakdale.yml") as refused:
        read_all(folder.facts)
    assert refused.value.file == "willow.yml"


def test_training_examples_that_are_no_yaml_are_refused_by_name(folder: FactFolder) -> None:
    (folder.nlu / "joining.yml").write_text("nlu:\n- intent: ask/cost\n  examples: [\n")
    with pytest.raises(BadFactFile, match="joining.yml"):
        read_examples(folder.nlu)


def test_training_examples_are_read_without_their_marks(folder: FactFolder) -> None:
    assert read_examples(folder.nlu) == {"cost": ["price?", "what does Oakdale take"]}


def test_a_good_folder_is_read_as_it_stands(folder: FactFolder) -> None:
    topics, (file,) = read_all(folder.facts)
    assert [fact["id"] for fact in file.facts] == ["oakdale.fee.membership", "oakdale.fee.visit", "oakdale.office.who"]
    assert file.facts[0]["values"] == [{"kind": "amount", "of": "membership", "value": 499, "unit": "GBP"}]
    assert not topics["cost"].crosses and topics["contacts"].crosses and topics["uniform"].not_known


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5) | st.integers(), inner, max_size=3),
    max_leaves=4,
)


@given(st.data())
@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_whatever_stands_in_whatever_place_is_read_or_refused_but_never_breaks(tmp_path_factory: Any, data: st.DataObject) -> None:
    files = {"oakdale": oakdale(), "topics": copy.deepcopy(TOPICS)}
    node: Any = files[data.draw(st.sampled_from(sorted(files)))]
    while True:
        place = data.draw(st.sampled_from(sorted(node) if isinstance(node, dict) else range(len(node))))
        inner = node[place]
        if not isinstance(inner, (dict, list)) or not inner or data.draw(st.booleans()):
            break
        node = inner
    node[place] = data.draw(ANYTHING)
    folder = _folder(tmp_path_factory.mktemp("facts"), files)
    try:
        read_all(folder.facts)
    except BadFactFile as error:
        lines = (folder.facts / error.file).read_text(encoding="utf-8").count("\n")
        assert 1 <= error.line <= lines + 1 and error.reason


def _folder(path: Path, files: dict[str, Any]) -> FactFolder:
    folder = FactFolder(path / "data")
    folder.topics, folder.trusts = files["topics"], {"oakdale": files["oakdale"]}
    folder.write()
    return folder

"""Before somebody agrees, nothing that reaches or names them is written down; what they ask is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from office.enquiries.masking import holds_contact, masked
from tests.searching import examples

NLU = Path(__file__).parents[3] / "data" / "nlu"
DETAILS = ("acts", "help")  # rows of the form, which give made-up details, and of what is never kept


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("mail jane@oakfield.example please", "mail [e-mail] please"),
        ("jane@oakfield.example.", "[e-mail]."),
        ("<jane@oakfield.example>", "<[e-mail]>"),
        ("jane @ oakfield.example", "[e-mail]"),
        ("jane(at)oakfield.example", "[e-mail]"),
        ("jane at oakfield dot sch dot uk", "[e-mail]"),
        ("jo@@school.uk", "[e-mail]"),
        ("jane@school", "[e-mail]"),
        ("j＠oakfield.example", "[e-mail]"),
        ("07700 900123", "[phone]"),
        ("ring me on 07700900123, thanks", "ring me on [phone], thanks"),
        ("+44 (0)20 7946 0018 ext 12.", "[phone]."),
        ("(020) 7946 0018", "[phone]"),
        ("07700.900.123", "[phone]"),
        ("07700–900–123", "[phone]"),
        ("07700,900,123", "[phone]"),
        ("0 7 7 0 0 9 0 0 1 2 3", "[phone]"),
        ("0770\u200b0 900\u200b123", "[phone]"),
        ("０７７００ ９００１２３", "[phone]"),
        ("٠٧٧٠٠ ٩٠٠١٢٣", "[phone]"),
        ("call 234567", "call [phone]"),
        ("my number is 7946 0018", "my number is [phone]"),
        ("no, the number ends 89", "no, the number ends [phone]"),
        ("oh seven seven double oh nine hundred one two three", "[phone]"),
        ("+1 212 555 0123", "[phone]"),
        ("07700 900123 or 020 7946 0018", "[phone] or [phone]"),
        ("I'm Jane Smith from Oakfield", "I'm [name] from Oakfield"),
        ("i'm jane from oakfield primary", "i'm [name] from oakfield primary"),
        ("im jane smith, what does it cost?", "im [name], what does it cost?"),
        ("I am Zoë O’Brien and want to join", "I am [name] and want to join"),
        ("my name is jane smith", "my name is [name]"),
        ("My name's Siobhán", "My name's [name]"),
        ("name: Jane Smith", "name: [name]"),
        ("This is Jane Smith, head of Oakfield.", "This is [name], head of Oakfield."),
        ("call me Jo", "call me [name]"),
        ("Kind regards,\nJane Smith", "Kind regards,\n[name]"),
        ("how much is it? Thanks, Jane", "how much is it? Thanks, [name]"),
        ("Mrs Smith here", "[name] here"),
        ("Jane Smith here, how much is it?", "[name] here, how much is it?"),
        ("Dear team, Dr Ann Lee asked me to write", "Dear team, [name] asked me to write"),
        ("I'm 王小明", "I'm [name]"),
        ("I am Ольга Иванова", "I am [name]"),
        ("I'm Jane, jane@oakfield.example, 07700 900123", "I'm [name], [e-mail], [phone]"),
    ],
)
def test_what_reaches_or_names_somebody_is_taken_out(typed: str, written: str) -> None:
    assert masked(typed) == written


@pytest.mark.parametrize(
    "typed",
    [
        "how much is £499 for 2016-17?", "year 7 2024", "I am interested in joining", "I'm worried about our budget", "this is great", "call me back", "call me on Monday",
        "URN 123456", "we have 1,250 pupils in 3 schools", "£1,234,567", "£1 200 000", "from 01/09/2026", "2026-09-01", "2016/17 and 2017/18", "1998 2003 2011", "from 09.00-15.30",
        "I'm the head", "I am a governor at a primary", "thanks, that helps", "Thanks, bye", "I'm not sure", "it's urgent", "we are at Oakfield", "best regards", "what is your phone number?",
        "who do I ring?", "the fee is £499", "Y6 SATs", "I'm off now", "", " ", "im ill", "I'm CoG at a VC primary", "I'm happy to wait", "see you at 3", "my name is not important",
        "one two three", "KS1 and KS2", "5% of the GAG", "two schools a term", "is it 12 weeks or 13?",
    ],
)  # fmt: skip
def test_ordinary_messages_are_written_as_they_are(typed: str) -> None:
    assert masked(typed) == typed
    assert not holds_contact(typed)


def test_training_examples_are_written_as_they_are() -> None:
    examples = [
        line[1]
        for path in NLU.glob("*.yml")
        if path.stem not in DETAILS
        for line in re.finditer(r"^ +- (?!intent)(.+)$", path.read_text(encoding="utf-8"), re.M)
    ]
    plain = [re.sub(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})", r"\1", example) for example in examples]
    changed = [example for example in plain if masked(example) != example]
    assert len(plain) > 4000 and len(changed) <= 5, changed


@pytest.mark.parametrize(
    "typed", ["jane@oakfield.example", "ring 07700 900123", "head at oakfield dot org", "+353 1 234 5678", "call 234567"]
)
def test_contact_details_are_noticed(typed: str) -> None:
    assert holds_contact(typed)


@pytest.mark.parametrize(
    "text",
    [
        "a" * 10_000,
        "1" * 10_000,
        "1 " * 5_000,
        "@" * 10_000,
        "a@" * 5_000,
        "I'm " * 3_000,
        "\0" * 100,
        "😀" * 2_000,
        "one " * 2_500,
        "A " * 5_000,
        "dot at " * 1_500,
        "my name is " * 900,
        "- " * 5_000,
    ],
)
def test_any_length_is_masked(text: str) -> None:
    assert isinstance(masked(text), str)


LOCAL = st.from_regex(r"[a-z][a-z0-9]{0,8}([._+'-][a-z0-9]{1,6}){0,2}", fullmatch=True)
DOMAIN = st.from_regex(r"[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,5})?(\.sch)?\.(uk|org|example|com)", fullmatch=True)
FRAMES = st.sampled_from(
    [
        "{}",
        "it's {}",
        "mail {}.",
        "Jane, {}, thanks",
        "reach me on {} in the mornings",
        "({})",
        "Oakfield\n{}",
        "{}!",
        "tel:{}",
        "ours since 1998, {}",
    ]
)
NUMBERS = st.sampled_from(
    [
        "07700 900{:03}",
        "07700900{:03}",
        "+44 7700 900{:03}",
        "0044 7700 900{:03}",
        "020 7946 0{:03}",
        "(01632) 960{:03}",
        "+1 212 555 0{:03}",
        "01632-960-{:03} x12",
    ]
)


@given(LOCAL, DOMAIN, FRAMES)
@settings(max_examples=examples(200), deadline=None)
def test_no_address_is_left(local: str, domain: str, frame: str) -> None:
    written = masked(frame.format(f"{local}@{domain}"))
    assert "@" not in written and domain not in written and "[e-mail]" in written


@given(st.integers(0, 999), NUMBERS, FRAMES)
@settings(max_examples=examples(200), deadline=None)
def test_no_number_is_left(last: int, form: str, frame: str) -> None:
    written = masked(frame.format(form.format(last)))
    assert "[phone]" in written and not re.search(r"\d{3}", written.replace("1998", ""))


@given(st.text(max_size=300))
@settings(max_examples=examples(200), deadline=None)
def test_any_text_is_masked_without_an_error(text: str) -> None:
    masked(text)
    holds_contact(text)

"""The one reader of personal details: each with its kind, its value and how certain it is one."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from language.fields.personal import KINDS, personal_details, replaced
from language.fields.spans import CERTAIN, LIKELY, PERHAPS
from tests.searching import examples


def values(text: str, kind: str) -> list[str | None]:
    return [span.value for span in personal_details(text) if span.kind == kind]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("I'm Jane", "Jane"), ("im jane", "Jane"), ("i am jane smith, head", "Jane Smith"), ("I'm Zoë", "Zoë"), ("this is Łukasz Żółć", "Łukasz Żółć"),
        ("I'm Anna van der Berg", "Anna van der Berg"), ("my name is rhys ap dafydd", "Rhys ap Dafydd"), ("I'm Siân Llewelyn-Jones", "Siân Llewelyn-Jones"),
        ("I'm Caoimhe Ní Dhomhnaill", "Caoimhe Ní Dhomhnaill"), ("i'm siobhan o'neill", "Siobhan O'Neill"), ("I'm Ewan MacLeod", "Ewan MacLeod"), ("my name is ewan mcleod", "Ewan McLeod"),
        ("Sir Ian Moss here", "Sir Ian Moss"), ("I'm Dame Ann Lee", "Dame Ann Lee"), ("Revd Canon John Moss speaking", "Revd Canon John Moss"), ("my name is Jane Smith MBE", "Jane Smith MBE"),
        ("I'm May Chen", "May Chen"), ("this is Rose Hill", "Rose Hill"), ("I'm Bill Field", "Bill Field"), ("i'm rose", "Rose"), ("call me Grace", "Grace"), ("my name is Will", "Will"),
        ("Jane here, how much is it?", "Jane"), ("hi, jane smith speaking", "Jane Smith"), ("ask for Priya Shah", "Priya Shah"), ("please ring mrs patel", "Mrs Patel"),
        ("Best wishes, J. P. Smith", "J. P. Smith"), ("my surname is Price", "Price"), ("I'm Jane Price", "Jane Price"), ("it's Jo, about the visit", "Jo"), ("is Mrs Smith's number right", "Mrs Smith"),
    ],
)  # fmt: skip
def test_a_name_is_read_where_it_is_introduced(typed: str, name: str) -> None:
    assert values(typed, "name") == [name]


@pytest.mark.parametrize(
    "typed",
    [
        "I'm happy to wait", "I am the head", "i'm stuck", "this is ridiculous", "we are a small school", "I'm a governor", "call me back", "call me on Monday", "call me straight away", "its PE on Mondays",
        "the name of the trust", "will the name be kept", "our school name is Oak Hill", "who has signed up", "as regards fees", "thanks, that helps", "is the bill high in May", "a rose hill in the field",
        "is anyone here", "I'M WORRIED ABOUT IT", "contact Schoolsworks", "ring the office", "the Sir Robert Woodard Academy", "do you use ms teams",
    ],
)  # fmt: skip
def test_no_name_is_read_where_none_is(typed: str) -> None:
    assert values(typed, "name") == []


@pytest.mark.parametrize(
    ("typed", "kind", "value", "certainty"),
    [
        ("ring 07700 900123", "phone", "+44 7700 900123", CERTAIN), ("it's 020 7946 0018 x12", "phone", "+44 20 7946 0018 ext. 12", CERTAIN), ("fax 01903 707071", "fax", "+44 1903 707071", CERTAIN),
        ("07700 90012", "phone", None, LIKELY), ("we have 7946 0018", "phone", None, PERHAPS), ("jo@oak.example", "email", "jo@oak.example", CERTAIN), ("jo @ oak.example", "email", "jo@oak.example", LIKELY),
        ("jo@gmial.com", "email", "jo@gmail.com", PERHAPS), ("jo@oak .sch.uk", "email", "jo@oak.sch.uk", PERHAPS), ("jo field@oak.sch.uk", "email", None, LIKELY), ("jo@@oak", "email", None, LIKELY),
        ("sam at elmtree dot sch dot uk", "email", "sam@elmtree.sch.uk", CERTAIN), ("we are in bn11 1aa", "postcode", "BN11 1AA", CERTAIN), ("see www.oak.example/x.", "link", "www.oak.example/x", CERTAIN),
        ("im jane from oak hill primary", "school", "Oak Hill Primary", None), ("I work at Oak Hill Primary", "school", "Oak Hill Primary", LIKELY),
    ],
)  # fmt: skip
def test_each_detail_has_a_value_and_a_certainty(typed: str, kind: str, value: str | None, certainty: float | None) -> None:
    found = [span for span in personal_details(typed) if span.kind == kind]
    assert [span.value for span in found] == [value]
    assert certainty is None or found[0].certainty == certainty


@given(st.text(max_size=200))
@settings(max_examples=examples(200), deadline=None)
def test_spans_of_any_text_are_in_order_and_apart(text: str) -> None:
    spans = personal_details(text)
    assert all(0 <= span.start < span.end <= len(text) and span.kind in (*KINDS, "fax") for span in spans)
    assert all(one.end <= other.start for one, other in itertools.pairwise(spans))
    assert len(replaced(text, spans, dict.fromkeys((*KINDS, "fax"), ""))) == len(text) - sum(span.end - span.start for span in spans)

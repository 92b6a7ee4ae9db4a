"""What was told before is put right by what people say: "no, the number ends 89", "it's Oakfield not Oakfeld"."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from language.details import corrected, corrects_something
from tests.searching import examples

DETAILS = {
    "name": "Jane Smith",
    "role": "head",
    "school": "Oakfeld Primary",
    "email": "jane@oakfeld.example",
    "phone": "+44 7700 900123",
    "wish": "visit",
    "message": "please ring after 3",
    "term": None,
}


@pytest.mark.parametrize(
    ("typed", "changes"),
    [
        ("no, the number ends 89", {"phone": "+44 7700 900189"}),
        ("the number ends in 456 not 123", {"phone": "+44 7700 900456"}),
        ("sorry, it should end 9", {"phone": "+44 7700 900129"}),
        ("the last two digits are 89", {"phone": "+44 7700 900189"}),
        ("last digits should be 0 1 2", {"phone": "+44 7700 900012"}),
        ("no it ends with 77", {"phone": "+44 7700 900177"}),
        ("wrong number, it's 07700 900456", {"phone": "+44 7700 900456"}),
        ("my number is actually 020 7946 0018 ext 12", {"phone": "+44 20 7946 0018 ext. 12"}),
        ("no, 07700 900456", {"phone": "+44 7700 900456"}),
        ("sorry 07700 900456 not 07700 900123", {"phone": "+44 7700 900456"}),
        ("not 07700 900123 but 07700 900456", {"phone": "+44 7700 900456"}),
        ("change my phone to 07700900456", {"phone": "+44 7700 900456"}),
        ("yes but my number is 07700 900456", {"phone": "+44 7700 900456"}),
        ("sorry, the extension is 12", {"phone": "+44 7700 900123 ext. 12"}),
        ("my email is actually jo@y.example", {"email": "jo@y.example"}),
        ("no, it's jane@oakfield.example", {"email": "jane@oakfield.example"}),
        ("change my email to jo@y.example please", {"email": "jo@y.example"}),
        ("oops jane@oakfield.example", {"email": "jane@oakfield.example"}),
        ("the email should be jo@y.example not jane@oakfeld.example", {"email": "jo@y.example"}),
        (
            "the email is wrong, it should be jo@y.example and my number is 07700 900456",
            {"email": "jo@y.example", "phone": "+44 7700 900456"},
        ),
        ("it's Oakfield not Oakfeld", {"school": "Oakfield Primary"}),
        ("its oakfield not oakfeld", {"school": "Oakfield Primary"}),
        ("Oakfield, not Oakfeld", {"school": "Oakfield Primary"}),
        ("not Oakfeld but Oakfield", {"school": "Oakfield Primary"}),
        ("not Oakfeld, Oakfield", {"school": "Oakfield Primary"}),
        ("sorry I meant Oakfield", {"school": "Oakfield Primary"}),
        ("change the school to Beech Hill", {"school": "Beech Hill"}),
        ("the school should be Beech Hill Academy", {"school": "Beech Hill Academy"}),
        ("no, the school is Beech Hill", {"school": "Beech Hill"}),
        ("the school is called Beech Hill, sorry", {"school": "Beech Hill"}),
        ("Actually the school name is Oakfield Juniors", {"school": "Oakfield Juniors"}),
        ("sorry, that's 'Jayne' with a y", {"name": "Jayne Smith"}),
        ("it's Jayne with a y", {"name": "Jayne Smith"}),
        ("the name is spelled Jayne", {"name": "Jayne Smith"}),
        ("it's spelt J-A-Y-N-E", {"name": "Jayne Smith"}),
        ("spelled j a y n e", {"name": "Jayne Smith"}),
        ("Jayne not Jane", {"name": "Jayne Smith"}),
        ("my surname is Smyth, not Smith", {"name": "Jane Smyth"}),
        ("my name is actually Jayne Smyth", {"name": "Jayne Smyth"}),
        ("change name to Siobhán O'Neill", {"name": "Siobhán O'Neill"}),
        ("no, my name is Tom Brown", {"name": "Tom Brown"}),
        ("no, I'm the deputy head", {"role": "deputy head"}),
        ("actually I'm the chair of governors", {"role": "chair of governors"}),
        ("my role is deputy head, sorry", {"role": "deputy head"}),
        ("change my role to SBM", {"role": "SBM"}),
        ("not head but deputy head", {"role": "deputy head"}),
        ("no it's Jane Smithson not Smith", {"name": "Jane Smithson"}),
        ("my surname is Smythe", {"name": "Jane Smythe"}),
        ("no, J-A-Y-N-E", {"name": "Jayne Smith"}),
        ("sorry, Joan", {"name": "Joan Smith"}),
        ("*Joan", {"name": "Joan Smith"}),
        ("Joan*", {"name": "Joan Smith"}),
        ("** Joan Smythe", {"name": "Joan Smythe"}),
        ("sorry, Kate Moss", {"name": "Kate Moss"}),
        ("I meant Kate", {"name": "Kate Smith"}),
        ("that should be joan", {"name": "Joan Smith"}),
        ("oops, I meant to put Joanna", {"name": "Joanna Smith"}),
        ("actually it's Janine", {"name": "Janine Smith"}),
        ("no, it's Tom Brown", {"name": "Tom Brown"}),
        ("*Smithers", {"name": "Jane Smithers"}),
        ("*bursar", {"role": "bursar"}),
        ("actually it's Hillside Academy", {"school": "Hillside Academy"}),
        ("actually the school is Hillside", {"school": "Hillside"}),
        ("change the message to please ring before noon", {"message": "please ring before noon"}),
    ],
)
def test_a_correction_sets_the_detail_right(typed: str, changes: dict[str, str]) -> None:
    assert corrected(typed, DETAILS) == changes


@pytest.mark.parametrize(
    "typed",
    [
        "yes", "no", "no thanks", "ok", "", " ", "Jane Smith", "Oakfield Primary", "not sure", "why not?", "how much is it, actually?", "actually how long is it?", "no idea", "change my email",
        "the phone is wrong", "wrong school", "that's wrong", "sorry", "not happy", "cancel", "no, that's all", "what if the school is not an academy?", "the number ends", "my email is actually jo@@y",
        "is there an end to it, or not?", "no more than two schools, I hope", "sorry, what is the fee?", "rather not say", "I'd rather not", "no message", "it's not urgent", "not yet", "the name of the trust is wrong",
    ],
)  # fmt: skip
def test_what_corrects_nothing_is_left_alone(typed: str) -> None:
    assert corrected(typed, DETAILS) is None


@pytest.mark.parametrize("typed", ["actually it's Hillside", "actually it's Beech Hill", "*Hillside", "I meant hillside", "that should be Oxford", "no, Hillside", "sorry, Harbour"])  # fmt: skip
def test_a_word_that_may_be_of_any_detail_changes_none(typed: str) -> None:
    assert corrected(typed, DETAILS) is None and corrects_something(typed, DETAILS)
    assert not corrects_something(typed, {"phone": DETAILS["phone"]})


def test_a_word_that_can_only_be_of_one_detail_changes_that() -> None:
    assert corrected("I meant Hillside", {"school": "Oakfield Primary"}) == {"school": "Hillside"}
    assert corrected("I meant Joan", {"school": "Oakfield Primary"}) is None  # the name was asked for
    assert not corrects_something("I meant Joan", {"school": "Oakfield Primary"}, "name")


@pytest.mark.parametrize("typed", ["sorry", "No Thanks", "sorry, bursar", "sorry, Not Sure", "actually mornings are best", "Hillside", "Joan", "actually it's the head", "*", "no, the school is Elm"])  # fmt: skip
def test_other_words_do_not_correct_something_unsaid(typed: str) -> None:
    assert not corrects_something(typed, DETAILS)


def test_the_last_digits_keep_the_extension() -> None:
    assert corrected("no, it ends 19", {"phone": "+44 20 7946 0018 ext. 12"}) == {"phone": "+44 20 7946 0019 ext. 12"}


def test_last_digits_that_make_no_number_change_nothing() -> None:
    assert corrected("the number ends 12345678", {"phone": "+44 20 7946 0018"}) is None


def test_a_first_name_is_taken_where_only_one_name_was_told() -> None:
    assert corrected("the name is spelled Siobhan", {"name": "Shivaun"}) == {"name": "Siobhan"}


@pytest.mark.parametrize(
    "typed", ["the number ends 89", "it's Oakfield not Oakfeld", "sorry, that's 'Jayne' with a y", "not a visit, just a call back"]
)
def test_nothing_told_nothing_corrected(typed: str) -> None:
    assert corrected(typed, {}) is None


@given(
    st.text(max_size=120),
    st.sampled_from(
        ["", "no, ", "sorry ", "actually ", "it's ", "not ", "change the school to ", "the number ends ", "the name is spelled "]
    ),
)
@settings(max_examples=examples(300), deadline=None)
def test_any_text_corrects_without_an_error(text: str, opening: str) -> None:
    changes = corrected(opening + text, DETAILS)
    assert changes is None or changes and all(isinstance(value, str) and value for value in changes.values())


@given(st.integers(0, 999))
def test_any_last_digits_of_a_drama_number(last: int) -> None:
    changes = corrected(f"no, the number ends {last:03}", DETAILS)
    assert changes == (None if last == 123 else {"phone": f"+44 7700 900{last:03}"})

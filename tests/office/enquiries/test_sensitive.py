"""What may be kept in clear: questions about policy are, words about one pupil or somebody's health are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.enquiries.sensitive import is_sensitive, withhold

SENSITIVE = [
    "my son Tom has epilepsy, will the school cope?",
    "My daughter Ella Smith is being bullied",
    "our pupil called jayden was excluded yesterday",
    "a child named Aisha in our nursery",
    "Tom Smith in Year 4 is failing maths",
    "our son has autism and hates change",
    "My child is diabetic and needs insulin at lunch",
    "one of our pupils has leukaemia",
    "one of our Year 4 children has epilepsy",
    "there is a girl in my class who self-harms",
    "the boy with ADHD keeps running off",
    "I have been diagnosed with depression",
    "I'm pregnant, does maternity pay change?",
    "i suffer from anxiety and cannot face a TUPE meeting",
    "our head has cancer, who would lead the conversion?",
    "our SBM is off sick with depression",
    "she has had panic attacks since the inspection",
    "he was diagnosed with bipolar disorder",
    "Tom has epilepsy, can he come on a visit?",
    "my wife is having chemotherapy",
    "my daughter is in a wheelchair, is the site accessible?",
    "my colleague’s been off with severe anxiety",
]
HARMLESS = [
    "my son's school is joining, what changes?",
    "My daughter's school is joining your trust. Will the uniform change?",
    "support for pupils with SEND",
    "what support do you give pupils with autism?",
    "how do you support our pupils with ADHD and dyslexia?",
    "what is the policy for pupils with allergies?",
    "Do you have mental health support for staff?",
    "our head is anxious about costs",
    "our head is depressed by the paperwork",
    "I have a question about autism support",
    "I am looking for training on anxiety for our TAs",
    "I'm the lead for autism in our school, is there a SENCO group?",
    "we have an autism base, would it stay?",
    "our school has an autism unit, would it stay?",
    "my school has asthma and allergy policies, do we keep them?",
    "do we have wheelchair access at the schools we visit?",
    "The Head's Forum, is it monthly?",
    "What does Louise Pope do?",
    "our Chair, Mrs Example, wants to observe the Board",
    "will every child benefit?",
    "a child from another school wants to move, what about admissions?",
    "how many Year 6 pupils are there?",
    "Katharine Lady Berkeley School in Year 2 of conversion",
    "is a pupil premium review included?",
    "Maths Leaders in Year 6 schools: can they join the group?",
    "How is the Pupil Premium spent?",
    "Who is the Child Protection lead?",
    "",
]


@pytest.mark.parametrize("message", SENSITIVE)
def test_words_about_a_pupil_or_about_health_are_noticed(message: str) -> None:
    assert is_sensitive(message)


@pytest.mark.parametrize("message", HARMLESS)
def test_a_question_about_policy_is_no_secret(message: str) -> None:
    assert not is_sensitive(message)


@pytest.mark.parametrize(
    ("message", "left"),
    [
        ("my son Tom has epilepsy, what does membership cost?", ""),
        ("a child named aisha needs help", ""),
        ("My son Tom has asthma. What does associate membership cost?", "What does associate membership cost?"),
        ("My son Tom has asthma. Can he have a TA?", ""),
        ("Tom Smith in Year 4 has asthma", ""),
        ("Tom Smith is ill. Ella Jones in Year 5 is not.", ""),
        ("My son has asthma. Does Miss Jones know?", ""),
    ],
)
def test_what_is_read_on_to_find_an_answer_holds_neither_name_nor_illness(message: str, left: str) -> None:
    assert withhold(message) == left


@pytest.mark.parametrize("message", SENSITIVE)
def test_what_was_withheld_is_not_sensitive_any_more_and_names_nobody(message: str) -> None:
    left = withhold(message)
    assert not is_sensitive(left)
    assert not {"Tom", "Ella", "Smith", "jayden", "Aisha"} & set(left.replace(",", " ").split())


@given(st.text(max_size=200))
def test_any_text_is_judged_and_withheld_without_a_fault(message: str) -> None:
    is_sensitive(message)
    withhold(message)


def test_a_long_message_is_judged_by_work_that_grows_with_its_length() -> None:
    assert not is_sensitive("our school " * 200)
    assert is_sensitive("our school " * 150 + "my son Tom has epilepsy")

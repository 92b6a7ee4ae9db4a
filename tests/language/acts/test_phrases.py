"""What short phrases do in the form: fixed cases of the learned reader, kept from the patterns that read them before.

No phrase here is a row of data/nlu/acts.yml by intent, though some are so short that they stand in both.
"""

from __future__ import annotations

import pytest

from language.acts.learned import acts_of

ASKING = ("ask", "ask_why", "ask_privacy", "ask_status")
VALUE = ("give", "introduce", "correct", "say_more", "unclear", "want_lead", "another_person")


def act_of(typed: str, step: str) -> str:
    """The likeliest act."""
    return next(iter(acts_of(typed, step)))


YES = ["yes", "ye", "that all looks right to me", "Yes please", "y", "ok", "okay", "sure", "go ahead", "that's right", "correct", "send it", "👍", "👍🏽", "yes, that's fine", "yep all good", "I agree", "yes I do", "of course", "all correct",
       "happy with that", "looks good", "please do", "absolutely", "yes send it", "Yes!", "perfect thanks", "fine by me", "yes go ahead please", "confirm"]  # fmt: skip
NO = ["no", "nope", "No thanks", "don't", "I don't agree", "not happy", "no, that's wrong", "👎", "no way", "not right", "I do not consent", "that's wrong", "no I don't want to", "not ok", "rather not", "nah"]  # fmt: skip
NEITHER = ["yes but my number is 07700 900123", "yes, except the school is Oakfield", "no, the number ends 89", "how much is it?", "Jane Smith", "Oakfield Primary", "ok but what does it cost",
           "no more than two schools?", "yes or no?", "not until Easter?", "Yesterday", "sure about the fee?", "fine art academy", "is that correct?"]  # fmt: skip


@pytest.mark.parametrize("step", ["consent", "confirm"])
@pytest.mark.parametrize("typed", YES)
def test_who_agrees(typed: str, step: str) -> None:
    assert act_of(typed, step) == "agree"


@pytest.mark.parametrize("step", ["consent", "confirm"])
@pytest.mark.parametrize("typed", NO)
def test_who_refuses(typed: str, step: str) -> None:
    assert act_of(typed, step) in ("refuse", "correct", "cancel")


@pytest.mark.parametrize("typed", NEITHER)
def test_neither_agreed_nor_refused(typed: str) -> None:
    assert act_of(typed, "confirm") not in ("agree", "refuse")


@pytest.mark.parametrize(
    "typed",
    ["why do you ask?", "Why do you need my number", "what do you need that for", "why?", "what for?", "what happens with my details", "who sees this?", "do I have to say?", "is it required?",
     "why is that needed", "what will you do with my email?", "how long do you keep my data?", "what's that for", "why do u want my school", "is my number safe", "do I have to", "are my details shared?",
     "why my name?", "why my number", "how long do you keep it?", "what if I say no?", "what do you mean?", "I don't understand", "sorry?", "what's that?",
     "help", "Help please", "can I get some help?", "menu", "what do I put here?", "who gets my data", "do I need to give my phone number?", "where are my details stored"],
)  # fmt: skip
def test_who_asks_why(typed: str) -> None:
    assert act_of(typed, "role") in ("ask_why", "ask_privacy")


@pytest.mark.parametrize(
    "typed",
    [
        "why join a trust?",
        "why is the fee so high?",
        "what happens to our staff",
        "Why Not Nursery",
        "what is the fee for",
        "Jane",
        "how long does it take",
        "who runs the trust",
        "help with HR",
        "can you help small schools?",
        "hello?",
        "yes?",
    ],
)
def test_other_questions_do_not_ask_why_a_detail_is_wanted(typed: str) -> None:
    assert act_of(typed, "role") not in ("ask_why", "ask_privacy")


@pytest.mark.parametrize(
    "typed",
    ["skip", "Skip it", "rather not say", "I'd rather not say", "no message", "none", "n/a", "N/A", "-", "leave it blank", "prefer not to", "prefer not to say", "no thanks", "nothing", "nothing to add",
     "none of your business", "that's private", "it's confidential", "pass", "no", "that's all", "I don't have one", "no role", "skip this please", "nope", "na"],
)  # fmt: skip
def test_who_skips(typed: str) -> None:
    assert act_of(typed, "role") in ("skip", "refuse")


@pytest.mark.parametrize(
    "typed",
    [
        "Pass Street Primary",
        "head",
        "no parking at the site is a worry for us",
        "Nan Smith",
        "Skipton Primary",
        "can I skip the visit?",
        "no, the number ends 89",
    ],
)
def test_who_does_not_skip(typed: str) -> None:
    assert act_of(typed, "role") not in ("skip", "refuse")


@pytest.mark.parametrize(
    "typed",
    ["cancel", "Cancel please", "stop", "STOP", "forget it", "never mind", "nevermind", "I've changed my mind", "ive changed my mind", "don't call me", "please don't contact me", "delete that",
     "quit", "cancel my request", "I don't want to do this", "actually forget it", "can you cancel it", "sorry, changed my mind", "no longer interested", "I no longer want this", "let's stop here",
     "scrap that", "please delete everything", "I'll do it later", "we'll come back to this later", "let me finish this another time", "maybe later", "another time", "Not now, maybe later", "some other time thanks"],
)  # fmt: skip
def test_who_cancels(typed: str) -> None:
    assert act_of(typed, "name") == "cancel"


@pytest.mark.parametrize(
    "typed",
    ["can we cancel membership?", "how do I stop the membership?", "how do we cancel?", "what if we want to stop", "Stop Gap School", "cancel the subscription how?", "Stopford Primary", "do you stop at two schools?",
     "we don't want to lose our name", "can they delete our logo", "don't you have a place?", "is there a cancellation fee", "stop the top slice?", "ring me later", "later", "maybe later in the day",      "can we join another time?", ],
)  # fmt: skip
def test_who_does_not_cancel(typed: str) -> None:
    assert acts_of(typed, "name")["cancel"] < 0.6


@pytest.mark.parametrize(
    "typed",
    ["did you get my enquiry?", "have you received my details", "has it gone through", "is it sent yet?", "what's my reference number?", "when will someone ring me?", "any news on my enquiry?", "did that work?" , "what happens next?",
     "who will contact us", "I've lost my reference"],
)  # fmt: skip
def test_who_asks_what_became_of_what_they_sent(typed: str) -> None:
    assert act_of(typed, "outside") == "ask_status"


@pytest.mark.parametrize(
    "typed",
    ["when will the next forum be?", "who will run our school?", "has the fee gone up?", "what happens to our staff", "can someone ring me?", "did you get an Ofsted grade", "what is the reference for the fee", "when can we join", "who can we ring"],
)  # fmt: skip
def test_other_questions_do_not_ask_after_what_was_sent(typed: str) -> None:
    assert act_of(typed, "outside") != "ask_status"


@pytest.mark.parametrize("typed", ["back", "Go back", "go back please", "can I go back?", "undo", "undo that", "previous question", "back to the last question", "let me go back a step", "oh, back"])  # fmt: skip
def test_who_wants_the_question_before_again(typed: str) -> None:
    assert act_of(typed, "contact") == "go_back"


@pytest.mark.parametrize("typed", ["Back Lane Primary", "call back", "call me back", "a call back please", "next", "can we go back to the council?", "the previous head"])  # fmt: skip
def test_who_does_not_go_back(typed: str) -> None:
    assert act_of(typed, "school") != "go_back"


@pytest.mark.parametrize(
    "typed",
    ["how much is it?", "and the fee", "what does associate membership cost", "do you have places", "the fee?", "cost?", "what about staff", "how long", "is there a place next term", "tell me about the forum",
     "can we visit a school?", "who do i ring", "I'd like to know the price", "does clpt help with hr", "and how long is it?", "wondering if we could leave", "Before that, what does it cost?", "any places left",
     "waht does it cost", "one more question", "will we keep our name", "also what is the top slice"],
)  # fmt: skip
def test_who_asks(typed: str) -> None:
    assert act_of(typed, "role") in ASKING


@pytest.mark.parametrize(
    "typed",
    ["Why Not Nursery", "Which Academy", "Jane Smith", "Will Young", "will young", "May Chen", "Can Yilmaz", "head", "Oakfield Primary", "Oakfield Primary?", "07700 900123", "jane@oakfield.example", "jane@oakfield.example?",
     "can someone ring me?", "next term please", "no thanks", "yes", "I'm the head at Oakfield Primary", "Do Minh Anh", "visit", "How Hill Primary School", "Isla Moss", "Wills Lane Academy"],
)  # fmt: skip
def test_who_tells_rather_than_asks(typed: str) -> None:
    assert act_of(typed, "name") not in ASKING

"""What somebody wishes who leaves their details, and who only asks: fixed cases of the learned readers."""

from __future__ import annotations

import pytest

from language.acts.learned import acts_of, wish_of

SURE_WANT = 0.75  # as in office/answering/lead_form.py


@pytest.mark.parametrize(
    ("typed", "wish"),
    [
        ("visit", "visit"), ("a school visit please", "visit"), ("come and see a school", "visit"), ("a call", "call_back"), ("ring me", "call_back"), ("phone", "call_back"),
        ("email me", "question"), ("just a chat", "call_back"), ("observe a meeting", "observe"), ("sit in on governors", "observe"), ("associate membership", "membership"),
        ("join", "membership"), ("become a member", "membership"), ("an answer to my question", "question"), ("I have a question", "question"),
        ("not a visit, just a call back", "call_back"), ("visit not call", "visit"),
        ("no call please, email only", "question"), ("please don't ring, just email me", "question"), ("by email, no calls", "question"), ("no email, ring me", "call_back"),
        ("a visit, no calls, email me the date", "visit"),
    ],
)  # fmt: skip
def test_the_wish_that_was_asked_for(typed: str, wish: str) -> None:
    assert wish_of(typed) == wish


@pytest.mark.parametrize(
    ("typed", "wish"),
    [
        ("can someone ring me?", "call_back"), ("Could somebody please call me back?", "call_back"), ("please call me back on 07700 900123", "call_back"),
        ("pls ring me", "call_back"), ("get someone to email me", "question"), ("I'd like to speak to somebody", "call_back"), ("id like to talk to someone about this", "call_back"),
        ("can you get back to me", "call_back"), ("I would like a call back", "call_back"), ("request a callback", "call_back"), ("give me a ring", "call_back"),
        ("ask your PA to get in touch with me", "call_back"), ("Can you phone our head on Monday?", "call_back"), ("put me through to a person", "call_back"),
        ("We'd like to visit a school", "visit"), ("i want to come and visit", "visit"), ("I'd like to arrange a school visit.", "visit"), ("please book us a visit", "visit"),
        ("our governors would like to look round one of your schools", "visit"), ("can we observe a governors' meeting", "observe"), ("we'd like to sit in on a board meeting", "observe"),
        ("I'd love to observe the heads forum", "observe"), ("put us down for next term", "membership"), ("sign us up", "membership"), ("sign me up please", "membership"),
        ("we want to become an associate member", "membership"), ("We'd like to join", "membership"), ("can you reserve us a place", "membership"),
        ("we are interested in becoming associate members", "membership"), ("Please pass my question on", "question"), ("count us in", "membership"),
        ("please also call me about another school", "call_back"), ("I have a question for the trust, can you pass it on", "question"), ("contact me again", "call_back"),
    ],
)  # fmt: skip
def test_who_wants_to_hear_back_says_so(typed: str, wish: str) -> None:
    assert wish_of(typed) == wish


@pytest.mark.parametrize(
    "typed",
    [
        "can we visit a school?", "how do we arrange a visit", "who do I ring?", "what is your phone number?", "how do I become a member?", "what is associate membership",
        "how many schools can join", "do you visit schools", "when can we join?", "is there a place next term?", "can parents observe meetings?", "who can I call?", "hello",
        "what happens at a school visit?", "do I have to call someone?", "how much is a visit", "Will the trust call parents?", "call me Jane",
        "can governors sit in?", "who would ring us after the visit?", "does someone call back after that?", "what does it cost to join", "how long is a visit", "I'd like to see the accounts",
    ],
)  # fmt: skip
def test_who_asks_is_not_taken_for_somebody_who_wants_to_be_contacted(typed: str) -> None:
    assert acts_of(typed, "outside")["want_lead"] < SURE_WANT

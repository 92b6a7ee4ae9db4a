"""One reader of personal details: what is masked, what is anonymised and what the form reads are the same details."""

from __future__ import annotations

from itertools import pairwise

import pytest

from language.fields.details import told_in
from language.fields.personal import personal_details
from office.enquiries.anonymous import published, without_details
from office.enquiries.masking import masked

PUBLISHED = published(
    [
        {"kind": "person", "value": "Louise Pope"}, {"kind": "phone", "value": "01903 739988"}, {"kind": "email", "value": "louise.pope@trust.example"},
        {"kind": "link", "value": "www.trust.example/join"}, {"kind": "amount", "value": 499},
    ]
)  # fmt: skip

ROWS = [
    # text, masked (and anonymised), name, phone, e-mail, school of the form
    ("im jane from oak hill primary what does it cost", "im [name] from oak hill primary what does it cost", "Jane", None, None, None),
    ("i am siobhan o'neill, chair of governors", "i am [name], chair of governors", "Siobhan O'Neill", None, None, None),
    ("jane smith speaking, what does it cost", "[name] speaking, what does it cost", "Jane Smith", None, None, None),
    ("ring Jo Field on 07700 900123", "ring [name] on [phone]", "Jo Field", "+44 7700 900123", None, None),
    ("oh seven seven double-oh nine double-oh one two three", "[phone]", None, "+44 7700 900123", None, None),
    ("jane at oakhill dot org", "[e-mail]", None, None, "jane@oakhill.org", None),
    ("sam at elmtree dot sch dot uk", "[e-mail]", None, None, "sam@elmtree.sch.uk", None),
    ("our postcode is BN11 1AA", "our postcode is [postcode]", None, None, None, None),
    ("Pat Lowe here, bursar, Quayside Infants, ring 01632 960123", "[name] here, bursar, Quayside Infants, ring [phone]", "Pat Lowe", "+44 1632 960123", None, "Quayside Infants"),
    ("01632 960123, Quayside Infants, Pat Lowe here", "[phone], Quayside Infants, [name] here", "Pat Lowe", "+44 1632 960123", None, "Quayside Infants"),
    ("I'm Rhys ap Dafydd, 020 7946 0018 ext 12", "I'm [name], [phone]", "Rhys ap Dafydd", "+44 20 7946 0018 ext. 12", None, None),
    ("My name is Anna van der Berg", "My name is [name]", "Anna van der Berg", None, None, None),
    ("this is Niamh Ní Bhriain", "this is [name]", "Niamh Ní Bhriain", None, None, None),
    ("i'm bill field", "i'm [name]", "Bill Field", None, None, None),
    ("I'm May, mail me at may@oak.example", "I'm [name], mail me at [e-mail]", "May", None, "may@oak.example", None),
    ("this is Rose Hill, ring 07700 900123", "this is [name], ring [phone]", "Rose Hill", "+44 7700 900123", None, None),
    ("my name is Zoë", "my name is [name]", "Zoë", None, None, None),
    ("Dr Ann MacLeod here", "[name] here", "Dr Ann MacLeod", None, None, None),
    ("im sir ian moss", "im [name]", "Sir Ian Moss", None, None, None),
    ("I'm Jane Price", "I'm [name]", "Jane Price", None, None, None),
    ("call me Jo", "call me [name]", "Jo", None, None, None),
    ("everyone calls me Bev", "everyone calls me [name]", "Bev", None, None, None),
    ("my name is spelt Siân", "my name is spelt [name]", "Siân", None, None, None),
    ("Mr Parent here", "[name] here", "Mr Parent", None, None, None),
    ("kind regards, jane smith", "kind regards, [name]", "Jane Smith", None, None, None),
    ("please ring me, Jo Quill", "please ring me, [name]", "Jo Quill", None, None, None),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "written", "name", "phone", "email", "school"), ROWS)
def test_all_readers_agree_on_a_detail(
    typed: str, written: str, name: str | None, phone: str | None, email: str | None, school: str | None
) -> None:
    assert masked(typed) == written
    assert without_details(typed) == written
    told = told_in(typed)
    assert (told.name, told.phone, told.email) == (name, phone, email)
    assert school is None or told.school == school


@pytest.mark.parametrize(
    "typed",
    [
        "Who is Mrs Pope?", "What does Louise Pope do?", "is it Louise Pope on 01903 739988?", "is Mrs Pope's number (01903) 739988 or +44 1903 739988?",
        "do I write to louise.pope@trust.example?", "is it all at www.trust.example/join?", "can I ring Louise Pope", "may I ask for Mrs Louise Pope",
    ],
)  # fmt: skip
def test_what_the_facts_publish_is_never_masked(typed: str) -> None:
    assert masked(typed, PUBLISHED) == typed
    assert without_details(typed, PUBLISHED) == typed


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("I'm Louise, who is Mrs Pope?", "I'm [name], who is Mrs Pope?"),
        ("Mrs Pope asked me, Mrs Popham", "Mrs Pope asked me, [name]"),
        ("01903 739989 or 01903 739988", "[phone] or 01903 739988"),
    ],
)
def test_who_only_shares_a_name_with_the_published_is_masked(typed: str, written: str) -> None:
    assert masked(typed, PUBLISHED) == without_details(typed, PUBLISHED) == written


@pytest.mark.parametrize(
    "typed",
    [
        "question number 3 please", "question number 12 please", "We are Oak Hill Primary School. How much is it?", "from 01/09/2026", "is it £1,234,567 or 420 pupils?", "our URN is 123456",
        "the consultation ends 31 March", "it ends in 12 weeks", "school ends at 15.30", "what is the company number 07654321", "what is in section 12345", "is the Sir Robert Woodard Academy a member?",
        "Thanks, that is all", "has everybody signed up", "as regards fees?", "is it for Key Stage 2 and PE", "this is ridiculous", "im stuck", "our school name is Oak Hill", "will the name be kept",
        "SE1 is in London", "KS1 2AB is no postcode, QQ1 2AB is none", "what about BN11",
    ],
)  # fmt: skip
def test_a_visitors_own_words_are_kept(typed: str) -> None:
    assert masked(typed) == without_details(typed) == typed


def test_a_link_stays_in_an_enquiry_and_goes_where_it_would_be_kept_for_good() -> None:
    typed = "see https://oak.example/page, is that right?"
    assert masked(typed) == typed
    assert without_details(typed) == "see [link], is that right?"


def test_spans_stand_where_the_details_stand_and_apart() -> None:
    typed = "I’m Jo, ＊ ring ０７７００ ９００１２３ or jo@oak.example"
    spans = personal_details(typed)
    assert [(span.kind, typed[span.start : span.end], span.value) for span in spans] == [
        ("name", "Jo", "Jo"),
        ("phone", "０７７００ ９００１２３", "+44 7700 900123"),
        ("email", "jo@oak.example", "jo@oak.example"),
    ]
    assert all(one.end <= other.start for one, other in pairwise(spans))

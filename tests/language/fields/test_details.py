"""What people tell of themselves in a chat: names, roles, schools, addresses, numbers, wishes, as they type them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from language.details import (
    agrees,
    asks,
    asks_of_sent,
    asks_why,
    cancels,
    confirms,
    drops,
    field_meant,
    goes_back,
    reached_by,
    refuses,
    remarks,
    sends,
    skips,
    term_in,
    told_in,
    valid_email,
    wants_lead,
)
from tests.searching import examples

ALL = (
    agrees, asks, asks_of_sent, asks_why, cancels, confirms, drops, field_meant, goes_back, reached_by, refuses, remarks, sends, skips, told_in,
    wants_lead,
)  # fmt: skip


def test_all_details_of_one_sentence_are_taken() -> None:
    told = told_in(
        "I'm Mrs Jane Smith-Jones, deputy head at St Mary's C of E Primary, Leeds, jane@stmarys.example or 020 7946 0018 ext 12", "name"
    )
    assert (told.name, told.role) == ("Mrs Jane Smith-Jones", "deputy head")
    assert told.school == "St Mary's C of E Primary, Leeds"
    assert (told.email, told.phone) == ("jane@stmarys.example", "+44 20 7946 0018 ext. 12")
    assert told.rest == ""


@pytest.mark.parametrize(
    ("typed", "name", "role", "school"),
    [
        ("Jane Smith, head at Oakfield Primary", "Jane Smith", "head", "Oakfield Primary"),
        ("jane smith, headteacher, oakfield primary school", "Jane Smith", "headteacher", "Oakfield Primary School"),
        ("im jane from oakfield primary", "Jane", None, "Oakfield Primary"),
        ("Hi, I'm Tom Brown and I'm the SBM at Oakfield Infants.", "Tom Brown", "SBM", "Oakfield Infants"),
        ("My name is Zoë O'Brien. I am chair of governors at All Saints Catholic Primary School", "Zoë O'Brien", "chair of governors", "All Saints Catholic Primary School"),
        ("This is Sam Patel, bursar, St. Peter's High School", "Sam Patel", "bursar", "St. Peter's High School"),
        ("Jo Green here from Beech Hill Academy", "Jo Green", None, "Beech Hill Academy"),
        ("Name: Jane Smith\nRole: SENDCo\nSchool: Oakfield Primary", "Jane Smith", "SENDCo", "Oakfield Primary"),
        ("Smith, Jane, bursar", "Jane Smith", "bursar", None),
        ("Jane, bursar", "Jane", "bursar", None),
        ("Jane (bursar) at Oakfield Primary", "Jane", "bursar", "Oakfield Primary"),
        ("Jane and John Smith, heads at Oakfield Primary", "Jane and John Smith", "heads", "Oakfield Primary"),
        ("jane smith speaking, head at oakfield primary", "Jane Smith", "head", "Oakfield Primary"),
        ("Jane Smith\nHeadteacher\nOakfield Primary School", "Jane Smith", "Headteacher", "Oakfield Primary School"),
        ("Jane Smith (governor)", "Jane Smith", "governor", None),
        ("Dr Ann Lee - executive headteacher - Oakfield Federation", "Dr Ann Lee", "executive headteacher", "Oakfield Federation"),
        ("it's Jane, I'm the acting head", "Jane", "acting head", None),
        ("Revd John Moss, foundation governor at St Luke's CE Primary", "Revd John Moss", "foundation governor", "St Luke's CE Primary"),
    ],
)  # fmt: skip
def test_name_role_and_school_of_one_message(typed: str, name: str, role: str | None, school: str | None) -> None:
    told = told_in(typed, "name")
    assert (told.name, told.role, told.school) == (name, role, school)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Jane Smith", "Jane Smith"),
        ("jane smith", "Jane Smith"),
        ("JANE SMITH", "Jane Smith"),
        ("zoë o'brien", "Zoë O'Brien"),
        ("Zoë O’Brien", "Zoë O'Brien"),
        ("SIOBHÁN O'NEILL", "Siobhán O'Neill"),
        ("ronald mcdonald", "Ronald McDonald"),
        ("maria de souza", "Maria de Souza"),
        ("de souza", "de Souza"),
        ("ludwig von bergen", "Ludwig von Bergen"),
        ("anna van der berg", "Anna van der Berg"),
        ("JEAN-LUC LA PORTE", "Jean-Luc la Porte"),
        ("mary-jane smith-jones", "Mary-Jane Smith-Jones"),
        ("Anne Marie Smith", "Anne Marie Smith"),
        ("deSouza Lee", "deSouza Lee"),
        ("Cher", "Cher"),
        ("cher", "Cher"),
        ("Ng", "Ng"),
        ("Li Na", "Li Na"),
        ("Do Minh", "Do Minh"),
        ("J. P. Smith", "J. P. Smith"),
        ("J.P. Smith", "J.P. Smith"),
        ("j.p. smith", "J.P. Smith"),
        ("Mr Smith", "Mr Smith"),
        ("mrs smith", "Mrs Smith"),
        ("MRS SMITH", "Mrs Smith"),
        ("Ms. Lee", "Ms. Lee"),
        ("mx river stone", "Mx River Stone"),
        ("dr. ann lee", "Dr. Ann Lee"),
        ("Prof Ann Lee", "Prof Ann Lee"),
        ("Sir Ian Moss", "Sir Ian Moss"),
        ("Sister Mary Joseph", "Sister Mary Joseph"),
        ("Fr Tom", "Fr Tom"),
        ("Revd Canon John Moss", "Revd Canon John Moss"),
        ("jane smith mbe", "Jane Smith MBE"),
        ("Will Young", "Will Young"),
        ("May Chen", "May Chen"),
        ("Will", "Will"),
        ("Grace", "Grace"),
        ("Mary Head", "Mary Head"),
        ("Björk Guðmundsdóttir", "Björk Guðmundsdóttir"),
        ("Łukasz Żółć", "Łukasz Żółć"),
        ("Nguyễn Thị Hoa", "Nguyễn Thị Hoa"),
        ("王小明", "王小明"),
        ("محمد علي", "محمد علي"),
        ("प्रिया शर्मा", "प्रिया शर्मा"),
        ("Ольга Иванова", "Ольга Иванова"),
        ("Γιώργος", "Γιώργος"),
        ("D'Arcy", "D'Arcy"),
        ("Na'ima bint Yusuf", "Na'ima bint Yusuf"),
        ("it's Jane", "Jane"),
        ("I'm Jane Smith", "Jane Smith"),
        ("i am jane smith", "Jane Smith"),
        ("im jane", "Jane"),
        ("My name's Jane Smith", "Jane Smith"),
        ("my name is jane", "Jane"),
        ("name: Jane Smith", "Jane Smith"),
        ("you can call me Jo", "Jo"),
        ("sure, Jane Smith", "Jane Smith"),
        ("Yes, it's Jane Smith.", "Jane Smith"),
        ("hi, jane smith", "Jane Smith"),
        ("Jane Smith here", "Jane Smith"),
        ("Jane Smith!", "Jane Smith"),
        ("  Jane   Smith  ", "Jane Smith"),
        ('"Jane Smith"', "Jane Smith"),
        ("Jane Smith 😀", "Jane Smith"),
        ("Jane A", "Jane A"),
        ("it's jane", "Jane"),
        ("its jane smith", "Jane Smith"),
        ("ok it's Jane", "Jane"),
        ("hi its jane", "Jane"),
        ("it's me, Jane", "Jane"),
        ("this is jane smith", "Jane Smith"),
        ("just jane", "Jane"),
        ("im fred", "Fred"),
        ("it's ming li", "Ming Li"),
        ("Jane please", "Jane"),
        ("jane smith, thanks", "Jane Smith"),
        ("Sam Jones is my name", "Sam Jones"),
        ("sam jones thats me", "Sam Jones"),
        ("you can put Jane Smith", "Jane Smith"),
        ("please put me down as jane", "Jane"),
        ("ask for Priya Shah", "Priya Shah"),
        ("jane smith speaking", "Jane Smith"),
        ("it's mrs smith speaking", "Mrs Smith"),
        ("Smith, Jane", "Jane Smith"),
        ("SMITH, Jane", "Jane Smith"),
        ("o'brien, zoe", "Zoe O'Brien"),
        ("Patel, Nikhil", "Nikhil Patel"),
        ("my name is Patel, Nikhil", "Nikhil Patel"),
        ("van der Berg, Anna", "Anna van der Berg"),
        ("Jane, Hillside", "Jane"),
        ("Jane Smith, Leeds", "Jane Smith"),
        ("Jane (she/her) Smith", "Jane Smith"),
        ("Jane Smith (they/them)", "Jane Smith"),
        ('Jane "JJ" Smith', "Jane Smith"),
        ("Jane 'JJ' Smith", "Jane Smith"),
        ("Sam (Samantha) Jones", "Sam Jones"),
        ("Jane and John Smith", "Jane and John Smith"),
        ("priya shah & tom lee", "Priya Shah & Tom Lee"),
        ("Jane and the head", "Jane"),
        ("Jo 😀 Smith", "Jo Smith"),
        ("sorry, Joan", "Joan"),
        ("oops I meant joan smith", "Joan Smith"),
    ],
)
def test_names_are_kept_as_people_write_them(typed: str, kept: str) -> None:
    assert told_in(typed, "name").name == kept


@pytest.mark.parametrize(
    "typed",
    [
        "yes", "no", "no thanks", "No Thanks", "why?", "why", "the head", "head", "Headteacher", "deputy head", "chair of governors", "SBM", "ok", "skip",
        "how much is it?", "what does it cost", "do you have places", "I'd rather not say", "not telling you", "none of your business", "n/a", "-", "...", "12345",
        "jane@oakfield.example", "07700 900123", "hello", "hi there", "can someone ring me?", "I'm interested in joining", "we want to join", "cancel", "anonymous",
        "https://example.org", "<script>alert(1)</script>", "=1+1", "👍", "is this a bot", "Oakfield Primary School?", "", " ", "the school is Oakfield", "please call me back",
        "I am not sure", "thank you", "🙂🙂", "next term", "you already have it", "see above", "what is your name", "It's a secret", "it's not important", "just the head", "that's fine", "just looking",
        "it's for our head", "that's all thanks", "just browsing", "that's personal", "that's nice", "this is taking ages", "this is ridiculous", "it's too long",
    ],
)  # fmt: skip
def test_no_name_is_read_where_none_is_told(typed: str) -> None:
    assert told_in(typed, "name").name is None


@pytest.mark.parametrize(
    "typed",
    [
        "I'm interested in joining", "I'm worried about our deficit", "i'm new here", "I am the head", "this is great", "This Is Great", "I'm from Leeds", "it's urgent",
        "how much is it?", "Our head is Jane Smith's sister", "im shattered, will it help", "I'm not sure what to ask", "I'm a parent", "call me back", "call me on Monday",
        "the name of the trust", "your name pls", "i'm looking for a trust", "I'm happy to wait", "please call me tomorrow",
    ],
)  # fmt: skip
def test_an_opening_message_without_a_name_gives_none(typed: str) -> None:
    assert told_in(typed).name is None


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("07700 900123", "+44 7700 900123"),
        ("07700900123", "+44 7700 900123"),
        ("07700-900-123", "+44 7700 900123"),
        ("07700.900.123", "+44 7700 900123"),
        ("077 0090 0123", "+44 7700 900123"),
        ("+44 7700 900123", "+44 7700 900123"),
        ("+447700900123", "+44 7700 900123"),
        ("+44 (0)7700 900123", "+44 7700 900123"),
        ("+44 07700 900123", "+44 7700 900123"),
        ("(+44) 7700 900123", "+44 7700 900123"),
        ("0044 7700 900123", "+44 7700 900123"),
        ("44 7700 900123", "+44 7700 900123"),
        ("7700 900123", "+44 7700 900123"),
        ("０７７００ ９００１２３", "+44 7700 900123"),
        ("٠٧٧٠٠٩٠٠١٢٣", "+44 7700 900123"),
        ("0770\u200b0 900123", "+44 7700 900123"),
        ("07700\u00a0900123", "+44 7700 900123"),
        ("020 7946 0018", "+44 20 7946 0018"),
        ("(020) 7946 0018", "+44 20 7946 0018"),
        ("(020)79460018", "+44 20 7946 0018"),
        ("+44 (0)20 7946 0018", "+44 20 7946 0018"),
        ("+44 (0) 20 7946 0018", "+44 20 7946 0018"),
        ("+44(0)2079460018", "+44 20 7946 0018"),
        ("0207 946 0018", "+44 20 7946 0018"),
        ("0113 496 0123", "+44 113 496 0123"),
        ("01632 960123", "+44 1632 960123"),
        ("01632–960–123", "+44 1632 960123"),
        ("016977 2345", "+44 16977 2345"),
        ("0300 123 4567", "+44 300 123 4567"),
        ("0808 157 0123", "+44 808 157 0123"),
        ("01534 715500", "+44 1534 715500"),
        ("01481 725241", "+44 1481 725241"),
        ("01624 685500", "+44 1624 685500"),
        ("07797 712345", "+44 7797 712345"),
        ("07781 123456", "+44 7781 123456"),
        ("07624 312345", "+44 7624 312345"),
        ("028 9018 0123", "+44 28 9018 0123"),
        ("029 2018 0123", "+44 29 2018 0123"),
        ("+353 1 234 5678", "+353 1 234 5678"),
        ("+1 212 555 0123", "+1 212-555-0123"),
        ("00353 1 234 5678", "+353 1 234 5678"),
        ("020 7946 0018 ext 12", "+44 20 7946 0018 ext. 12"),
        ("020 7946 0018 ext. 12", "+44 20 7946 0018 ext. 12"),
        ("020 7946 0018 x12", "+44 20 7946 0018 ext. 12"),
        ("020 7946 0018x12", "+44 20 7946 0018 ext. 12"),
        ("020 7946 0018 extension 12", "+44 20 7946 0018 ext. 12"),
        ("020 7946 0018 extn: 4021", "+44 20 7946 0018 ext. 4021"),
        ("020 7946 0018, ext 12", "+44 20 7946 0018 ext. 12"),
        ("020 7946 0018 (ext 12)", "+44 20 7946 0018 ext. 12"),
        ("020 7946 0018 #12", "+44 20 7946 0018 ext. 12"),
        ("020 7946 0018 ext 0012", "+44 20 7946 0018 ext. 0012"),
        ("020 7946 0018 then press 2", "+44 20 7946 0018"),
        ("020 7946 0018 option 2", "+44 20 7946 0018"),
        ("tel: 020 7946 0018 (office)", "+44 20 7946 0018"),
        ("ring 07700 900123 after 3pm", "+44 7700 900123"),
        ("07700 900123 or 020 7946 0018", "+44 7700 900123"),
        ("07700 900123 / 020 7946 0018", "+44 7700 900123"),
        ("07700 900123 020 7946 0018", "+44 7700 900123"),
        ("my number's 07700 900123.", "+44 7700 900123"),
        ("m:07700 900123", "+44 7700 900123"),
        ("fax 01903 707071 tel 01903 707070", "+44 1903 707070"),
        ("fax number: 01903 707071, phone 01903 707070", "+44 1903 707070"),
        ("01903 707071 (fax) 01903 707070", "+44 1903 707070"),
        ("01903 707070 fax 01903 707071", "+44 1903 707070"),
        ("Tel/Fax: 01903 707070", "+44 1903 707070"),
        ("phone and fax 01903 707070", "+44 1903 707070"),
        ("no fax, ring 01903 707070", "+44 1903 707070"),
        ("oh seven seven double-oh nine double-oh one two three", "+44 7700 900123"),
        ("it's zero two zero, seven nine four six, zero zero one eight", "+44 20 7946 0018"),
    ],
)
def test_phone_numbers_are_kept_in_international_form(typed: str, kept: str) -> None:
    told = told_in(typed, "contact")
    assert told.phone == kept
    assert told.bad_phone is None


@pytest.mark.parametrize(
    "typed",
    [
        "7946 0018",
        "07700 90012",
        "07700 9001234",
        "0207 946 001",
        "123456",
        "+44 20 7946",
        "00000 000000",
        "020 7946 00180",
        "+1 23",
        "999999",
        "0123 456",
    ],
)
def test_numbers_that_cannot_be_are_said_to_be_bad(typed: str) -> None:
    told = told_in(typed, "contact")
    assert told.phone is None and (told.bad_phone or len(typed) < 6)


@pytest.mark.parametrize(
    "typed",
    [
        "we have 420 pupils", "since 2024", "2016-17", "2023/24 and 2024/25", "our URN is 123456", "URN 1234567", "LS1 4AP", "£1,234,567", "£499 for 2016-17", "12/05/2026",
        "05/06/2026", "31.12.2026", "2026-09-01", "09.00-15.30", "between 0900 - 1530", "company number 07654321", "year 7 2024", "1,200 children in 3 schools", "KS2 2019 results",
        "fax 01903 707071", "Fax: 01903 707071", "01903 707071 (fax)", "£1 200 000", "charity no. 0123456789", "1998 2003 2011", "12345678 pupils",
    ],
)  # fmt: skip
def test_other_numbers_are_no_phone_numbers(typed: str) -> None:
    told = told_in(typed)
    assert (told.phone, told.bad_phone) == (None, None)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("jane@oakfield.example", "jane@oakfield.example"),
        ("Jane.Smith@Oakfield.EXAMPLE", "Jane.Smith@oakfield.example"),
        ("jane@oakfield.example.", "jane@oakfield.example"),
        ("it's jane@oakfield.example, thanks", "jane@oakfield.example"),
        ("<jane@oakfield.example>", "jane@oakfield.example"),
        ("Jane Smith <jane@oakfield.example>", "jane@oakfield.example"),
        ("mailto:jane@oakfield.example", "jane@oakfield.example"),
        ("'jane@oakfield.example'", "jane@oakfield.example"),
        ("(jane@oakfield.example)", "jane@oakfield.example"),
        ("s.o'brien@oakfield.example", "s.o'brien@oakfield.example"),
        ("s.o’brien@oakfield.example", "s.o'brien@oakfield.example"),
        ("jane+trust@oakfield.example", "jane+trust@oakfield.example"),
        ("jane_smith-1@oakfield.sch.example", "jane_smith-1@oakfield.sch.example"),
        ("head@st-marys.leeds.sch.uk", "head@st-marys.leeds.sch.uk"),
        ("jane @ oakfield.example", "jane@oakfield.example"),
        ("jane@ oakfield.example", "jane@oakfield.example"),
        ("head at oakfield dot org", "head@oakfield.org"),
        ("head(at)oakfield.example", "head@oakfield.example"),
        ("head [at] oakfield [dot] example", "head@oakfield.example"),
        ("jane dot smith at oakfield dot sch dot uk", "jane.smith@oakfield.sch.uk"),
        ("jane@oakfield.example or jo@oakfield.example", "jane@oakfield.example"),
        ("jane@oakfield.example/07700 900123", "jane@oakfield.example"),
        ("jo underscore smith at oakfield dot org", "jo_smith@oakfield.org"),
        ("jo dash smith at st hyphen marys dot sch dot uk", "jo-smith@st-marys.sch.uk"),
        ("my email is jo plus trust at oakfield dot org", "jo+trust@oakfield.org"),
        ("j@schüle.example", "j@schüle.example"),
        ("ｊane＠oakfield.example", "jane@oakfield.example"),
        ("jo@@oakfield.example sorry jo@oakfield.example", "jo@oakfield.example"),
        ("email:jane@oakfield.example phone:07700 900123", "jane@oakfield.example"),
        ("office@oakfield.academy", "office@oakfield.academy"),
    ],
)
def test_addresses_are_found(typed: str, kept: str) -> None:
    told = told_in(typed, "contact")
    assert told.email == kept
    assert told.bad_email is None


@pytest.mark.parametrize(
    "typed",
    ["jo@@school.uk", "jane@school", "jane@school..uk", "jane.@school.uk", "@oakfield", "jane@", "jane@oakfield,example", "jane@-school.uk", "a@b@c.uk", "jane.smith.oakfield.sch.uk", "j o at oakfield dot org",
     "jo smith at oakfield dot org"],
)  # fmt: skip
def test_addresses_that_cannot_be_are_said_to_be_bad(typed: str) -> None:
    told = told_in(typed, "contact")
    assert told.email is None and told.bad_email


@pytest.mark.parametrize(
    "typed",
    ["meet at school dot com", "we are at Oakfield", "see you at 3", "www.oakfield.sch.uk", "cost @ £499?", "head at Oakfield Primary"],
)
def test_no_address_is_read_where_none_is(typed: str) -> None:
    told = told_in(typed)
    assert told.email is None and told.bad_email is None or typed.startswith("meet")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Oakfield Primary", "Oakfield Primary"),
        ("oakfield primary", "Oakfield Primary"),
        ("OAKFIELD PRIMARY SCHOOL", "Oakfield Primary School"),
        ("st mary's c of e primary", "St Mary's C of E Primary"),
        ("Oakfield", "Oakfield"),
        ("I work at Oakfield Primary", "Oakfield Primary"),
        ("we're Oakfield Primary", "Oakfield Primary"),
        ("we are from St. Mary's", "St. Mary's"),
        ("it's Oakfield Primary School.", "Oakfield Primary School"),
        ("my school is Oakfield", "Oakfield"),
        ("our school is called Oakfield Primary", "Oakfield Primary"),
        ("School: Oakfield Primary", "Oakfield Primary"),
        ("Which Academy", "Which Academy"),
        ("Why Not Nursery", "Why Not Nursery"),
        ("Our Lady of Lourdes Catholic Primary School, Leeds", "Our Lady of Lourdes Catholic Primary School, Leeds"),
        ("All Saints", "All Saints"),
        ("The Oaks", "The Oaks"),
        ("St Peter & St Paul's", "St Peter & St Paul's"),
        ("Ysgol Gymraeg Dŵr", "Ysgol Gymraeg Dŵr"),
        ("P.S. 12", "P.S. 12"),
        ("the UTC at Harbourside", "the UTC at Harbourside"),
        ("Oakfield Primary\nBeech Hill", "Oakfield Primary, Beech Hill"),
        ("Oakfield Primary, LS1 4AP", "Oakfield Primary, LS1 4AP"),
        ("Oakfield Primary (URN 123456)", "Oakfield Primary (URN 123456)"),
        ("ok, Oakfield Primary", "Oakfield Primary"),
    ],
)
def test_the_school_that_was_asked_for_is_taken_as_typed(typed: str, kept: str) -> None:
    assert told_in(typed, "school").school == kept


@pytest.mark.parametrize(
    "typed",
    [
        "how long does a school stay", "Are all schools equal in the partnership?", "can we visit a school", "we might join the trust", "the school is in a federation",
        "is there a place for our school", "I'm a teacher at a primary school", "we are a small primary", "our school is PFI", "meals at CLPT schools", "what if we want to leave the trust",
    ],
)  # fmt: skip
def test_a_question_about_schools_tells_no_school(typed: str) -> None:
    assert told_in(typed).school is None or typed == "our school is PFI"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("head", "head"), ("the head", "head"), ("Headteacher", "Headteacher"), ("I'm the acting head", "acting head"), ("SBM", "SBM"), ("deputy head", "deputy head"),
        ("chair of governors", "chair of governors"), ("I am a parent governor", "parent governor"), ("executive headteacher", "executive headteacher"),
        ("School Business Manager", "School Business Manager"), ("year 6 teacher and maths lead", "year 6 teacher and maths lead"), ("PA to the head", "PA to the head"),
        ("site manager", "site manager"), ("dinner lady", "dinner lady"), ("it's clerk to the governors", "clerk to the governors"), ("head & DSL", "head & DSL"),
        ("my role is SENDCo", "SENDCo"), ("Just a parent", "Just a parent"), ("sorry, the bursar", "bursar"), ("*dinner lady", "dinner lady"), ("no, the bursar", "bursar"), ("actually I'm the head", "head"),
        ("actually it's mentor", "mentor"),
    ],
)  # fmt: skip
def test_the_role_that_was_asked_for_is_taken_as_typed(typed: str, kept: str) -> None:
    assert told_in(typed, "role").role == kept


@pytest.mark.parametrize(
    ("typed", "wish"),
    [
        ("visit", "visit"), ("a school visit please", "visit"), ("come and see a school", "visit"), ("a call", "call_back"), ("ring me", "call_back"), ("phone", "call_back"),
        ("email me", "call_back"), ("just a chat", "call_back"), ("observe a meeting", "observe"), ("sit in on governors", "observe"), ("associate membership", "membership"),
        ("join", "membership"), ("become a member", "membership"), ("an answer to my question", "question"), ("I have a question", "question"),
        ("not a visit, just a call back", "call_back"), ("visit not call", "visit"),
        ("no call please, email only", "question"), ("please don't ring, just email me", "question"), ("by email, no calls", "question"), ("no email, ring me", "call_back"),
        ("a visit, no calls, email me the date", "visit"),
    ],
)  # fmt: skip
def test_the_wish_that_was_asked_for(typed: str, wish: str) -> None:
    assert told_in(typed, "wish").wish == wish


@pytest.mark.parametrize(
    ("typed", "wish"),
    [
        ("can someone ring me?", "call_back"), ("Could somebody please call me back?", "call_back"), ("please call me back on 07700 900123", "call_back"),
        ("pls ring me", "call_back"), ("get someone to email me", "call_back"), ("I'd like to speak to somebody", "call_back"), ("id like to talk to someone about this", "call_back"),
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
    assert wants_lead(typed) == wish


@pytest.mark.parametrize(
    "typed",
    [
        "can we visit a school?", "how do we arrange a visit", "who do I ring?", "what is your phone number?", "how do I become a member?", "what is associate membership",
        "how many schools can join", "do you visit schools", "when can we join?", "is there a place next term?", "can parents observe meetings?", "who can I call?", "hello",
        "what happens at a school visit?", "do I have to call someone?", "should we ring before we come?", "how much is a visit", "Will the trust call parents?", "call me Jane",
        "can governors sit in?", "who would ring us after the visit?", "does someone call back after that?", "what does it cost to join", "how long is a visit", "I'd like to see the accounts",
    ],
)  # fmt: skip
def test_a_question_is_no_wish(typed: str) -> None:
    assert wants_lead(typed) is None


@pytest.mark.parametrize(
    ("typed", "term"),
    [
        ("next term", "2027-spring"), ("this term", "2026-autumn"), ("spring 2027", "2027-spring"), ("Spring term", "2027-spring"), ("after Easter", "2027-summer"),
        ("after christmas", "2027-spring"), ("from September", "2027-autumn"), ("in sept 2027", "2027-autumn"), ("summer term please", "2027-summer"),
        ("summer 2028", "2028-summer"), ("from January", "2027-spring"), ("start in April", "2027-summer"), ("the autumn term", "2026-autumn"), ("next autumn", "2027-autumn"),
        ("next year", "2027-autumn"), ("the term after next", "2027-summer"), ("spring term 2026/27", "2027-spring"), ("autumn 2026/27", "2026-autumn"), ("Nov", "2026-autumn"),
        ("how much is it", None), ("may we join", None), ("whenever", None), ("we will march on", None), ("half term", None),
    ],
)  # fmt: skip
def test_terms(typed: str, term: str | None) -> None:
    assert term_in(typed, date(2026, 11, 25)) == term


@pytest.mark.parametrize(
    ("today", "term"),
    [
        (date(2027, 1, 1), "2027-summer"),
        (date(2027, 5, 31), "2027-autumn"),
        (date(2027, 8, 20), "2027-autumn"),
        (date(2027, 9, 6), "2028-spring"),
        (date(2028, 2, 29), "2028-summer"),
    ],
)
def test_next_term_by_the_day(today: date, term: str) -> None:
    assert term_in("next term", today) == term


YES = ["yes", "ye", "that all looks right to me", "Yes please", "y", "ok", "okay", "sure", "go ahead", "that's right", "correct", "send it", "👍", "👍🏽", "yes, that's fine", "yep all good", "I agree", "yes I do", "of course", "all correct",
       "happy with that", "looks good", "please do", "absolutely", "yes send it", "Yes!", "perfect thanks", "fine by me", "yes go ahead please", "confirm"]  # fmt: skip
NO = ["no", "nope", "No thanks", "don't", "I don't agree", "not happy", "no, that's wrong", "👎", "no way", "not right", "I do not consent", "that's wrong", "no I don't want to", "not ok", "rather not", "nah"]  # fmt: skip
NEITHER = ["yes but my number is 07700 900123", "yes, except the school is Oakfield", "no, the number ends 89", "how much is it?", "Jane Smith", "Oakfield Primary", "ok but what does it cost",
           "no more than two schools?", "yes or no?", "not until Easter?", "Yesterday", "sure about the fee?", "fine art academy", "is that correct?"]  # fmt: skip


@pytest.mark.parametrize("typed", YES)
def test_who_agrees(typed: str) -> None:
    assert confirms(typed) and not refuses(typed)


@pytest.mark.parametrize("typed", NO)
def test_who_refuses(typed: str) -> None:
    assert refuses(typed) and not confirms(typed)


@pytest.mark.parametrize("typed", NEITHER)
def test_neither_agreed_nor_refused(typed: str) -> None:
    assert not confirms(typed) and not refuses(typed)


@pytest.mark.parametrize(
    "typed",
    ["why do you ask?", "Why do you need my number", "what do you need that for", "why?", "what for?", "what happens with my details", "who sees this?", "do I have to say?", "is it required?",
     "why is that needed", "what will you do with my email?", "how long do you keep my data?", "what's that for", "why do u want my school", "is my number safe", "do I have to", "are my details shared?",
     "why my name?", "why my number", "how long do you keep it?", "what if I say no?", "what do you mean?", "I don't understand", "sorry?", "what's that?",
     "help", "Help please", "can I get some help?", "menu", "?", "??", "what do I put here?", "who gets my data", "do I need to give my phone number?", "where are my details stored"],
)  # fmt: skip
def test_who_asks_why(typed: str) -> None:
    assert asks_why(typed)


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
    assert not asks_why(typed)


@pytest.mark.parametrize(
    "typed",
    ["skip", "Skip it", "rather not say", "I'd rather not say", "no message", "none", "n/a", "N/A", "-", "leave it blank", "prefer not to", "prefer not to say", "no thanks", "nothing", "nothing to add",
     "none of your business", "that's private", "it's confidential", "pass", "no", "that's all", "I don't have one", "no role", "skip this please", "nope", "na"],
)  # fmt: skip
def test_who_skips(typed: str) -> None:
    assert skips(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "Pass Street Primary",
        "head",
        "no parking at the site is a worry for us",
        "we have none of these yet, how?",
        "Nan Smith",
        "Skipton Primary",
        "can I skip the visit?",
        "no, the number ends 89",
    ],
)
def test_who_does_not_skip(typed: str) -> None:
    assert not skips(typed)


@pytest.mark.parametrize(
    "typed",
    ["cancel", "Cancel please", "stop", "STOP", "forget it", "never mind", "nevermind", "I've changed my mind", "ive changed my mind", "don't call me", "please don't contact me", "delete that",
     "delete my details", "quit", "cancel my request", "I don't want to do this", "actually forget it", "can you cancel it", "sorry, changed my mind", "no longer interested", "I no longer want this", "let's stop here",
     "scrap that", "please delete everything", "I'll do it later", "we'll come back to this later", "let me finish this another time", "maybe later", "another time", "Not now, maybe later", "some other time thanks"],
)  # fmt: skip
def test_who_cancels(typed: str) -> None:
    assert cancels(typed)


@pytest.mark.parametrize(
    "typed",
    ["can we cancel membership?", "how do I stop the membership?", "how do we cancel?", "what if we want to stop", "Stop Gap School", "cancel the subscription how?", "Stopford Primary", "do you stop at two schools?",
     "we don't want to lose our name", "can they delete our logo", "don't you have a place?", "is there a cancellation fee", "stop the top slice?", "ring me later", "later", "maybe later in the day", "not now",
     "can we join another time?", "another time would be better"],
)  # fmt: skip
def test_who_does_not_cancel(typed: str) -> None:
    assert not cancels(typed)


@pytest.mark.parametrize(
    "typed",
    ["yes", "I give my consent", "yes I agree to my data being stored", "go on then", "if you must", "fine by me, I'm Jo", "yes, I'm Jo from Oak Hill", "Yes, and how much is it?", "I suppose so", "alright then",
     "ye", "yh thats fine", "yeh go on", "you have my permission", "ok, Oak Hill Primary", "that's fine, ring me on 07700 900123", "oh go on then", "happy for you to keep that"],
)  # fmt: skip
def test_who_agrees_and_may_say_more(typed: str) -> None:
    assert agrees(typed)


@pytest.mark.parametrize(
    "typed",
    ["no", "no, that's fine", "no, i agree", "yes but why?", "yes but don't share it", "ok so how does it work?", "sure, I can think about it", "I don't agree", "yes if it is quick", "maybe", "Okehampton Primary",
     "ok who sees it?", "not yet", "fine, but not now", "Jo Field", "yes or no?", "Fineshade School"],
)  # fmt: skip
def test_who_does_not_agree_yet(typed: str) -> None:
    assert not agrees(typed)


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("you are useless", "grumble"), ("this is taking ages", "grumble"), ("I already told you", "grumble"), ("you're a stupid bot", "grumble"), ("this is ridiculous", "grumble"), ("too many questions", "grumble"),
        ("hurry up", "grumble"), ("ffs", "grumble"), ("fuck off", "grumble"), ("I'm fed up with this", "grumble"), ("are we nearly done?", "grumble"), ("thanks", "pleasantry"), ("hang on a sec", "pleasantry"),
        ("hello?", "pleasantry"), ("lol", "pleasantry"), ("let me check", "pleasantry"), ("are you there?", "pleasantry"), ("hi, good morning!", "pleasantry"), ("one moment please", "pleasantry"),
        ("Oak Hill Primary", None), ("Thankful Villages School", None), ("this is Oak Hill", None), ("I'm the head", None), ("you can ring me on Tuesdays", None), ("Hope Lane", None), ("how much is it?", None),
        ("You have a lovely trust and we would like to see one of the schools in the spring", None), ("this school is small, 07700 900123", None), ("Hey Green School", None), ("Slow Lane Infants", None), ("Greaty", None),
        ("Jo Long", None), ("we gave up on our last trust and look for another", None), ("It is Long Lane Primary", None),
    ],
)  # fmt: skip
def test_what_is_said_of_the_conversation_is_no_detail(typed: str, kind: str | None) -> None:
    assert remarks(typed) == kind


@pytest.mark.parametrize(
    ("typed", "field", "by"),
    [
        ("remove the phone number", "phone", None), ("delete my number please", "phone", None), ("leave out the message", "message", None), ("don't include my role", "role", None), ("take the email off", "email", None),
        ("actually make it an email", None, "email"), ("I'd rather by email", None, "email"), ("email me instead", None, "email"), ("don't ring me, just email", None, "email"), ("not by phone, by email please", None, "email"),
        ("ring me instead", None, "phone"), ("actually, by phone please", None, "phone"), ("delete my details", None, None), ("my email is jo@oak.example", None, None), ("the role is head", None, None),
        ("please email me", None, None), ("what is your phone number?", None, None),
    ],
)  # fmt: skip
def test_a_detail_is_taken_out_again(typed: str, field: str | None, by: str | None) -> None:
    assert (drops(typed), reached_by(typed)) == (field, by)


@pytest.mark.parametrize(
    "typed",
    ["did you get my enquiry?", "have you received my details", "has it gone through", "is it sent yet?", "what's my reference number?", "when will someone ring me?", "any news on my enquiry?", "did that work?" , "what happens next?",
     "who will contact us", "I've lost my reference"],
)  # fmt: skip
def test_who_asks_what_became_of_what_they_sent(typed: str) -> None:
    assert asks_of_sent(typed)


@pytest.mark.parametrize(
    "typed",
    ["when will the next forum be?", "who will run our school?", "has the fee gone up?", "what happens to our staff", "can someone ring me?", "did you get an Ofsted grade", "what is the reference for the fee", "when can we join", "who can we ring"],
)  # fmt: skip
def test_other_questions_do_not_ask_after_what_was_sent(typed: str) -> None:
    assert not asks_of_sent(typed)


@pytest.mark.parametrize("typed", ["back", "Go back", "go back please", "can I go back?", "undo", "undo that", "previous question", "back to the last question", "let me go back a step", "oh, back"])  # fmt: skip
def test_who_wants_the_question_before_again(typed: str) -> None:
    assert goes_back(typed)


@pytest.mark.parametrize("typed", ["the last one", "last", "Back Lane Primary", "call back", "call me back", "get back to me", "a call back please", "next", "can we go back to the council?", "the previous head"])  # fmt: skip
def test_who_does_not_go_back(typed: str) -> None:
    assert not goes_back(typed)


def test_what_is_sent_again_is_seen_to_be() -> None:
    assert all(map(sends, ("send it", "Yes, send it", "yes send", "submit", "please send it again")))
    assert not any(map(sends, ("send me a brochure", "yes", "SEND support", "do you send reports?")))


@pytest.mark.parametrize(
    ("typed", "school", "name", "role"),
    [
        ("Oak Hill, Jo Field, SBM, jo@oak.example", "Oak Hill", "Jo Field", "SBM"),
        ("Oak Hill Primary, Jo Field, 07700 900123", "Oak Hill Primary", "Jo Field", None),
        ("Oak Hill Primary, Bishop Auckland", "Oak Hill Primary, Bishop Auckland", None, None),
        ("St Mary's, Leeds, SBM", "St Mary's, Leeds", None, "SBM"),
        ("Oakfield Primary, Jane Smith", "Oakfield Primary", "Jane Smith", None),
        ("oakfield primary - karen shah", "Oakfield Primary", "Karen Shah", None),
        ("Oakfield Primary, Mrs Smith", "Oakfield Primary", "Mrs Smith", None),
        ("Oakfield Primary, Robert Road", "Oakfield Primary, Robert Road", None, None),
        ("Oakfield Primary, Milton Keynes", "Oakfield Primary, Milton Keynes", None, None),
        ("Oakfield Primary, bursar, please ring after 3", "Oakfield Primary", None, "bursar"),
        ("Jane Smith, head, Oakfield Primary", "Oakfield Primary", "Jane Smith", "head"),
        ("priya shah, bursar, oakfield primary", "Oakfield Primary", "Priya Shah", "bursar"),
        ("Jane Smith (head), Oakfield Primary, Leeds", "Oakfield Primary, Leeds", "Jane Smith", "head"),
        ("Jane Smith, head, Oakfield", "Oakfield", "Jane Smith", "head"),
        ("Jane Smith, governor at St Mary's", "St Mary's", "Jane Smith", "governor"),
        ("Hi, Jane Smith from Oakfield Primary", "Oakfield Primary", "Jane Smith", None),
        ("jo from oakfield primary", "Oakfield Primary", "Jo", None),
        ("Priya Shah - Oakfield Primary", "Oakfield Primary", "Priya Shah", None),
        ("Tom Lee\nSBM\nElm Academy\n01903 707070", "Elm Academy", "Tom Lee", "SBM"),
        ("Thomas Bennett Community College", "Thomas Bennett Community College", None, None),
        ("Thomas Bennett, Community College", "Thomas Bennett, Community College", None, None),
        ("Thomas Bennett, Crawley", "Thomas Bennett, Crawley", None, None),
        ("John Taylor High School, Burton", "John Taylor High School, Burton", None, None),
        ("Bishop Luffa School, Chichester", "Bishop Luffa School, Chichester", None, None),
        ("Bishop Luffa, head, Chichester", "Bishop Luffa, Chichester", None, "head"),
        ("Oak Hill, Church of England Primary", "Oak Hill, Church of England Primary", None, None),
        ("St Mary's - Worthing", "St Mary's - Worthing", None, None),
    ],
)
def test_a_school_with_name_and_role_behind_or_before_it(typed: str, school: str, name: str | None, role: str | None) -> None:
    told = told_in(typed, "school")
    assert (told.school, told.name, told.role) == (school, name, role)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ("change my email", "email"), ("the email address is wrong", "email"), ("the phone is wrong", "phone"), ("wrong number", "phone"), ("can I change my number", "phone"), ("wrong school", "school"),
        ("I need to correct the school name", "school"), ("my name is misspelt", "name"), ("change my role", "role"), ("edit the message", "message"), ("change term", "term"), ("update my mobile please", "phone"),
        ("there's a typo in my name", "name"), ("how much is it?", None), ("Jane", None), ("would CLPT change our school day?", None), ("can they make me work at a different school", None), ("yes", None),
    ],
)  # fmt: skip
def test_which_field_is_meant(typed: str, field: str | None) -> None:
    assert field_meant(typed) == field


@pytest.mark.parametrize(
    "typed",
    ["how much is it?", "and the fee", "what does associate membership cost", "do you have places", "the fee?", "cost?", "what about staff", "how long", "is there a place next term", "tell me about the forum",
     "can we visit a school?", "who do i ring", "I'd like to know the price", "does clpt help with hr", "and how long is it?", "wondering if we could leave", "Before that, what does it cost?", "any places left",
     "waht does it cost", "one more question", "will we keep our name", "also what is the top slice"],
)  # fmt: skip
def test_who_asks(typed: str) -> None:
    assert asks(typed)


@pytest.mark.parametrize(
    "typed",
    ["Why Not Nursery", "Which Academy", "Jane Smith", "Will Young", "will young", "May Chen", "Can Yilmaz", "head", "Oakfield Primary", "Oakfield Primary?", "07700 900123", "jane@oakfield.example", "jane@oakfield.example?",
     "can someone ring me?", "next term please", "no thanks", "yes", "I'm the head at Oakfield Primary", "Do Minh Anh", "visit", "How Hill Primary School", "Isla Moss", "Wills Lane Academy"],
)  # fmt: skip
def test_who_tells_rather_than_asks(typed: str) -> None:
    assert not asks(typed)


@pytest.mark.parametrize(
    "text",
    ["", " ", "\0", "\0Jane\0Smith", "a" * 10_000, "1" * 10_000, "1 " * 5_000, "@" * 10_000, "a@" * 5_000, "a." * 5_000, "' " * 5_000, "-" * 10_000, "no " * 3_000, "i'm " * 3_000, "at " * 3_000, "head " * 2_000,
     "Head, " * 2_000, "<script>alert(1)</script>", "=HYPERLINK(1)", "😀" * 3_000, "\u202e" * 100, "Z͑ͫ̓ͪ̂" * 500, "yes " * 3_000, "(0" * 4_000, "dot at " * 1_500, "not a b, " * 1_000, "x" * 1_999 + "@", "change my " * 900],
)  # fmt: skip
def test_any_text_is_read_without_an_error(text: str) -> None:
    for asked in (None, "name", "role", "school", "contact", "wish", "message"):
        told_in(text, asked)
    for read in ALL:
        read(text)
    term_in(text, date(2028, 2, 29))


@given(st.text(max_size=200))
@settings(max_examples=examples(150), deadline=None)
def test_any_text_is_read_without_an_error_however_odd(text: str) -> None:
    for asked in (None, "name", "role", "school", "contact", "wish", "message"):
        told = told_in(text, asked)
        assert told.name is None or 0 < len(told.name) <= 110
    for read in ALL:
        read(text)


LOCAL = st.from_regex(r"[a-z][a-z0-9]{0,8}([._+'-][a-z0-9]{1,6}){0,2}", fullmatch=True)
DOMAIN = st.from_regex(r"[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,5})?(\.sch)?\.(uk|org|example|com|academy)", fullmatch=True)
FRAMES = st.sampled_from(
    [
        "{}",
        "it's {}",
        "my details are {}.",
        "Jane Smith, {}, thanks",
        "you can reach me on {} in the mornings",
        "({})",
        "Oakfield Primary\n{}",
        "{}!",
    ]
)


@given(LOCAL, DOMAIN, FRAMES)
@settings(max_examples=examples(200), deadline=None)
def test_any_address_in_a_sentence_is_found(local: str, domain: str, frame: str) -> None:
    assume(valid_email(f"{local}@{domain}"))
    assert told_in(frame.format(f"{local}@{domain}"), "contact").email == f"{local}@{domain}"


@given(
    st.integers(0, 999),
    st.sampled_from(
        ["07700 900{:03}", "07700900{:03}", "+44 7700 900{:03}", "0044 7700 900{:03}", "+44 (0)7700 900 {:03}", "(07700) 900{:03}"]
    ),
    FRAMES,
)
@settings(max_examples=examples(200), deadline=None)
def test_any_number_in_a_sentence_is_found(last: int, form: str, frame: str) -> None:
    assert told_in(frame.format(form.format(last)), "contact").phone == f"+44 7700 900{last:03}"


@pytest.mark.parametrize(
    ("typed", "role", "school"),
    [
        ("please ring me, Jo Quill, bursar at Elm Primary, jo@elm.example", "bursar", "Elm Primary"),
        ("please email me; Jo Quill, deputy head of St Mary's, jo@elm.example", "deputy head", "St Mary's"),
        ("we'd like to join. Jo Quill, chair of governors, Elm Primary, 01903 707070", "chair of governors", "Elm Primary"),
    ],
)
def test_an_opening_message_tells_who_asks(typed: str, role: str, school: str) -> None:
    told = told_in(typed)
    assert (told.name, told.role, told.school) == ("Jo Quill", role, school)


def test_no_half_of_a_spoken_address_is_kept_where_none_was_asked_for() -> None:
    told = told_in("I'm Jo Field, j o at oakfield dot org")
    assert (told.name, told.email) == ("Jo Field", None)


def test_what_is_none_of_the_details_is_the_rest() -> None:
    told = told_in("Hi, can someone ring me back on 07700 900123? I'm the SBM at Oakfield Infants. We have a deficit budget. Thanks, Jane")
    assert (told.name, told.role, told.school, told.phone, told.wish) == ("Jane", "SBM", "Oakfield Infants", "+44 7700 900123", "call_back")
    assert told.rest == "We have a deficit budget"


def test_a_message_is_kept_whole() -> None:
    typed = "Please ring after 3pm,\nask for Jane on 07700 900123."
    told = told_in(typed, "message")
    assert (told.rest, told.phone, told.name) == (typed, "+44 7700 900123", None)

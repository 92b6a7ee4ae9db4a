"""What people tell of themselves in a chat: names, roles, schools, addresses, numbers, wishes, as they type them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from language.details import term_in, told_in, valid_email
from tests.searching import examples


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
        ("Rev'd Joan of Arc", "Rev'd Joan of Arc"),
        ("Sister Mary of the Cross", "Sister Mary of the Cross"),
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
    "text",
    ["", " ", "\0", "\0Jane\0Smith", "a" * 10_000, "1" * 10_000, "1 " * 5_000, "@" * 10_000, "a@" * 5_000, "a." * 5_000, "' " * 5_000, "-" * 10_000, "no " * 3_000, "i'm " * 3_000, "at " * 3_000, "head " * 2_000,
     "Head, " * 2_000, "<script>alert(1)</script>", "=HYPERLINK(1)", "😀" * 3_000, "\u202e" * 100, "Z͑ͫ̓ͪ̂" * 500, "yes " * 3_000, "(0" * 4_000, "dot at " * 1_500, "not a b, " * 1_000, "x" * 1_999 + "@", "change my " * 900],
)  # fmt: skip
def test_any_text_is_read_without_an_error(text: str) -> None:
    for asked in (None, "name", "role", "school", "contact", "wish", "message"):
        told_in(text, asked)
    term_in(text, date(2028, 2, 29))


@given(st.text(max_size=200))
@settings(max_examples=examples(150), deadline=None)
def test_any_text_is_read_without_an_error_however_odd(text: str) -> None:
    for asked in (None, "name", "role", "school", "contact", "wish", "message"):
        told = told_in(text, asked)
        assert told.name is None or 0 < len(told.name) <= 110


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


def test_a_message_is_kept_whole() -> None:
    typed = "Please ring after 3pm,\nask for Jane on 07700 900123."
    told = told_in(typed, "message")
    assert (told.rest, told.phone, told.name) == (typed, "+44 7700 900123", None)

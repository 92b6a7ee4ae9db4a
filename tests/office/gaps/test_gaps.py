"""Gaps: questions nobody could answer go to the gap of their meaning, once; an answer reaches the very next visitor."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import numpy as np
import pytest
from sqlalchemy import func, select

from office.base.database import Database
from office.base.errors import BadInput, Conflict, NotFound
from office.base.staff import Staff
from office.choosing.choose import Answer, Memory, answer
from office.choosing.index import IndexKeeper
from office.choosing.ranking import AskedQuestion
from office.enquiries.log import log_enquiry
from office.enquiries.transcripts import rate_message, write_message
from office.facts.editing import mark_of
from office.facts.files import Topic, read_topics
from office.facts.loading import load_facts
from office.facts.model import Fact, unpack
from office.facts.typed import FactWords
from office.gaps.answering import answer_gap, proposed_wordings, reopen, set_aside, undo_answer
from office.gaps.grouping import group_new
from office.gaps.model import Gap, GapQuestion, count_gaps, get_gap, questions_of, ranked_gaps, topics_of
from office.personal.erasure import erase_conversations
from tests.office.choosing.test_choose import JUDGEMENT
from tests.office.fact_folder import CountingEncoder, FactFolder, fake_vector

DAY = timedelta(days=1)
UNIFORM = "what do pupils wear"
Log = Callable[..., int]


def meaning(texts: list[str]) -> np.ndarray:
    """Give vectors by which texts that begin with the same word mean the same."""
    return np.stack([0.95 * fake_vector(text.split()[0]) + 0.31 * fake_vector(text) for text in texts]) if texts else np.zeros((0, 384))


def encode(texts: list[str]) -> np.ndarray:
    vectors = meaning(texts).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True) if len(texts) else vectors


@pytest.fixture
def topics(folder: FactFolder) -> dict[str, Topic]:
    return read_topics(folder.facts / "topics.yml")


@pytest.fixture
def ann(database: Database, folder: FactFolder, now: datetime) -> Staff:
    """The PA, in a database with Oakdale's facts."""
    with database.transaction() as session:
        load_facts(session, folder.facts, folder.nlu, CountingEncoder(), "encoder-1", now=now)
        ann = Staff(name="Ann Example", email="ann@oakdale.example", role="pa", made=now)
        session.add(ann)
    return ann


@pytest.fixture
def log(database: Database, now: datetime) -> Log:
    """Log one enquiry; give the number of its question."""

    def do(text: str, outcome: str = "not_known", *, conversation: str = "", at: datetime | None = None, **more: object) -> int:
        question = {"text": text, "trust": "oakdale", "topics": ["uniform"], "outcome": outcome, "facts": [], "confidence": 0.2}
        question |= {key: value for key, value in more.items() if key in question}
        with database.transaction() as session:
            enquiry = log_enquiry(
                session, conversation=conversation or text, channel="website", text=text, withheld=bool(more.get("withheld")),
                outcome=outcome, questions=[question], now=at or now,
            )  # fmt: skip
            return int(enquiry.questions[0].id)

    return do


def group(database: Database, now: datetime, limit: int = 200) -> int:
    with database.transaction() as session:
        return group_new(session, encode, now=now, limit=limit)


def gaps(database: Database) -> list[tuple[str, int]]:
    with database.transaction() as session:
        return [(gap.text, gap.asked) for gap in session.execute(select(Gap).order_by(Gap.id)).scalars()]


@pytest.mark.both_databases
def test_questions_of_one_meaning_are_one_gap(database: Database, log: Log, now: datetime) -> None:
    for text in ("uniform which", "uniform for infants", "pensions"):
        log(text)
    assert group(database, now) == 3
    assert gaps(database) == [("uniform which", 2), ("pensions", 1)]


def test_no_question_is_taken_twice_and_new_ones_join_later(database: Database, log: Log, now: datetime) -> None:
    log("uniform")
    assert group(database, now) == 1
    assert group(database, now) == 0
    log("uniform please", at=now + 3 * DAY)
    assert group(database, now + 3 * DAY) == 1
    assert gaps(database) == [("uniform", 2)]


def test_an_enquiry_that_turns_up_late_is_taken_all_the_same(database: Database, log: Log, now: datetime) -> None:
    log("pensions", at=now)
    group(database, now)
    log("uniform", at=now - timedelta(minutes=5))
    assert group(database, now) == 1


@pytest.mark.both_databases
def test_a_little_at_a_time_takes_everything(database: Database, log: Log, now: datetime) -> None:
    for minute in range(7):
        log(f"word{minute} matter", at=now + timedelta(minutes=minute))
    assert [group(database, now + DAY, limit=3) for _ in range(4)] == [3, 3, 1, 0]


def test_the_same_words_in_another_trust_are_another_gap(database: Database, log: Log, now: datetime) -> None:
    log("uniform")
    log("uniform there", trust="elmfield")
    group(database, now)
    assert len(gaps(database)) == 2


def test_what_was_withheld_or_answered_stays_out(database: Database, log: Log, now: datetime) -> None:
    log("secret", withheld=True)
    log("fee", "answered")
    assert group(database, now) == 0
    assert gaps(database) == []


@pytest.mark.parametrize(
    ("next_outcome", "later", "grouped"),
    [("answered", timedelta(minutes=1), 0), ("clarify", timedelta(minutes=1), 1), ("not_known", timedelta(minutes=1), 2),
     ("chitchat", timedelta(minutes=1), 1), (None, timedelta(minutes=1), 0), (None, timedelta(hours=2), 1)],
)  # fmt: skip
def test_asking_back_failed_where_no_answer_came_of_it(
    database: Database, log: Log, now: datetime, next_outcome: str | None, later: timedelta, grouped: int
) -> None:
    log("forum", "clarify", conversation="c")
    if next_outcome:
        log("something else", next_outcome, conversation="c", at=now + timedelta(seconds=30))
    assert group(database, now + later) == grouped


@pytest.mark.both_databases
def test_a_thumbs_down_brings_the_question_that_was_answered_also_days_later(database: Database, log: Log, now: datetime) -> None:
    log("fee now", "answered", conversation="c")
    with database.transaction() as session:
        number = write_message(session, "c", "assistant", "£499", now=now, custom={"outcome": "answered", "enquiry": 1}).number
        write_message(session, "c", "assistant", "Hello.", now=now, custom={"outcome": "chitchat"})
    group(database, now)
    with database.transaction() as session:
        assert rate_message(session, "c", number, "down") and rate_message(session, "c", number + 1, "down")
    assert group(database, now + 9 * DAY) == 1
    assert group(database, now + 9 * DAY) == 0
    with database.transaction() as session:
        (asked,) = questions_of(session, get_gap(session, 1))
        assert (asked.text, asked.why, asked.conversation) == ("fee now", "thumbs_down", "c")


@pytest.mark.both_databases
def test_two_workers_take_each_question_once(database: Database, log: Log, now: datetime) -> None:
    for number in range(30):
        log(f"word{number % 3} number {number}")
    barrier = threading.Barrier(3)
    taken: list[int] = []

    def work() -> None:
        barrier.wait()
        taken.append(group(database, now))

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(taken) == 30
    assert sorted(count for _, count in gaps(database)) == [10, 10, 10]
    with database.transaction() as session:
        assert session.execute(select(func.count()).select_from(GapQuestion)).scalar() == 30


@pytest.mark.both_databases
def test_the_centre_stays_a_unit_vector(database: Database, log: Log, now: datetime) -> None:
    for number in range(5):
        log(f"uniform number {number}")
    group(database, now)
    with database.transaction() as session:
        centre = unpack([get_gap(session, 1).centre])[0]
        assert np.linalg.norm(centre) == pytest.approx(1.0, abs=0.01)


@pytest.mark.both_databases
def test_often_and_recent_goes_before_seldom_and_old(database: Database, log: Log, now: datetime) -> None:
    for number in range(4):
        log(f"old number {number}", at=now - 90 * DAY)  # three half-lives: each counts an eighth
    log("fresh one", at=now)
    for number in range(3):
        log(f"often number {number}", at=now - DAY)
    group(database, now)
    with database.transaction() as session:
        ranked = ranked_gaps(session, limit=10, now=now)
        assert [one.gap.text.split()[0] for one in ranked] == ["often", "fresh", "old"]
        assert [round(one.weight, 2) for one in ranked] == [2.93, 1.0, 0.5]
        assert ranked_gaps(session, limit=1, offset=2, now=now)[0].gap.asked == 4
        assert ranked_gaps(session, limit=10, now=now, trust="elmfield") == []


def test_personal_details_do_not_stay_in_a_gap(database: Database, log: Log, now: datetime) -> None:
    log("uniform? I'm Jane Sample, ring me on 07700 900123 or jane@sample.example.org")
    group(database, now)
    assert gaps(database)[0][0] == "uniform? I'm [name], ring me on [phone] or [e-mail]"
    with database.transaction() as session:
        assert proposed_wordings(session, get_gap(session, 1)) == ["uniform? I'm [name], ring me on [phone] or [e-mail]"]


@pytest.mark.both_databases
def test_a_forgotten_conversation_leaves_no_gap_of_its_own(database: Database, log: Log, now: datetime) -> None:
    log("uniform", conversation="c")
    group(database, now)
    with database.transaction() as session:
        erase_conversations(session, ["c"], now=now)
    assert gaps(database) == []


def test_setting_aside_wants_a_reason_happens_once_and_can_be_undone(database: Database, log: Log, ann: Staff, now: datetime) -> None:
    log("uniform")
    group(database, now)
    with database.transaction() as session:
        for reason in ("", "  ", "\0", "x" * 501):
            with pytest.raises(BadInput):
                set_aside(session, get_gap(session, 1), reason, by=ann, now=now)
        set_aside(session, get_gap(session, 1), "each school decides", by=ann, now=now)
        with pytest.raises(Conflict, match="Ann Example said that it is not ours: each school decides"):
            set_aside(session, get_gap(session, 1), "again", by=ann, now=now)
        assert count_gaps(session) == {"open": 0, "answered": 0, "not_ours": 1}
        with pytest.raises(NotFound):
            get_gap(session, 99)
    log("uniform again", at=now + DAY)
    group(database, now + DAY)
    with database.transaction() as session:
        assert get_gap(session, 1).state == "not_ours"  # the same question once more does not bring it back
        assert reopen(session, get_gap(session, 1), by=ann, now=now).state == "open"


@pytest.fixture
def answered(database: Database, log: Log, ann: Staff, topics: dict[str, Topic], now: datetime) -> Fact:
    """A gap on uniform, answered by Ann."""
    log(UNIFORM)
    log("what pupils wear?")
    group(database, now)
    with database.transaction() as session:
        gap = get_gap(session, 1)
        assert topics_of(session, gap) == ["uniform"]
        words = FactWords("uniform", "Each school of Oakdale keeps its own uniform.", review=date(2027, 9, 1))
        return answer_gap(session, gap, words, topics, trust="oakdale", by=ann, encode=CountingEncoder(), encoder="encoder-1", now=now)


def ask(database: Database, topics: dict[str, Topic], text: str, keeper: IndexKeeper | None = None) -> Answer:
    with database.transaction() as session:
        index = (keeper or IndexKeeper(topics)).current(session, date(2026, 9, 1))
    return answer(AskedQuestion(text=text, vector=fake_vector(text), intents={}), Memory(), index, JUDGEMENT, "oakdale")


@pytest.mark.both_databases
def test_the_very_next_visitor_gets_the_answer(database: Database, ann: Staff, log: Log, topics: dict[str, Topic], now: datetime) -> None:
    keeper = IndexKeeper(topics)
    assert ask(database, topics, UNIFORM, keeper).outcome == "not_known"
    log(UNIFORM)
    group(database, now)
    with database.transaction() as session:
        words = FactWords("uniform", "Each school of Oakdale keeps its own uniform.")
        fact = answer_gap(
            session, get_gap(session, 1), words, topics, trust="oakdale", by=ann, encode=CountingEncoder(), encoder="encoder-1", now=now
        )
    given = ask(database, topics, UNIFORM, keeper)
    assert (given.outcome, [one.id for one in given.facts]) == ("answered", [fact.id])
    assert (given.facts[0].source_title, given.facts[0].as_of, given.facts[0].dated) == ("Ann Example", "2026-09-01", "1 September 2026")


def test_a_staff_answer_holds_for_its_audience_its_trust_and_its_time(
    database: Database, answered: Fact, topics: dict[str, Topic], now: datetime
) -> None:
    assert ask(database, topics, UNIFORM).outcome == "answered"
    for column, value in (("audience", "staff"), ("valid_until", date(2026, 8, 31)), ("valid_from", date(2026, 9, 2)), ("retired", True)):
        with database.transaction() as session:
            fact = session.get(Fact, answered.id)
            before = getattr(fact, column)
            setattr(fact, column, value)
        assert ask(database, topics, UNIFORM).outcome == "not_known", column
        with database.transaction() as session:
            setattr(session.get(Fact, answered.id), column, before)


def test_the_answer_to_one_question_is_not_given_to_another_that_sounds_like_it(
    database: Database, answered: Fact, topics: dict[str, Topic]
) -> None:
    with database.transaction() as session:
        index = IndexKeeper(topics).current(session, date(2026, 9, 1))
    near = 0.93 * fake_vector(UNIFORM) + 0.36 * fake_vector("other")
    asked = AskedQuestion(text="", vector=(near / np.linalg.norm(near)).astype(np.float32), intents={})
    given = {
        text: answer(replace(asked, text=text), Memory(), index, JUDGEMENT, "oakdale").outcome
        for text in ("what would pupils wear", "what do pupils wear for swimming", "how many pupils wear it")
    }
    assert given["what would pupils wear"] == "answered"
    held = replace(JUDGEMENT, answer_from=1.1, ask_from=1.1)
    for text in ("what do pupils wear for swimming", "how many pupils wear that"):
        assert answer(replace(asked, text=text), Memory(), index, held, "oakdale").outcome == "not_known", text


def test_a_question_that_comes_after_its_answer_opens_the_gap_again(database: Database, answered: Fact, log: Log, now: datetime) -> None:
    log("what pupils wear, once more", at=now + DAY)
    group(database, now + DAY)
    with database.transaction() as session:
        gap = get_gap(session, 1)
        assert (gap.state, gap.fact, gap.asked) == ("open", answered.id, 3)


def test_a_question_from_before_its_answer_does_not(database: Database, answered: Fact, log: Log, now: datetime) -> None:
    log("what pupils wore", at=now - timedelta(minutes=1))
    group(database, now)
    with database.transaction() as session:
        assert (get_gap(session, 1).state, get_gap(session, 1).asked) == ("answered", 3)


@pytest.mark.both_databases
def test_an_answer_can_be_undone(database: Database, answered: Fact, ann: Staff, topics: dict[str, Topic], now: datetime) -> None:
    with database.transaction() as session:
        undo_answer(session, get_gap(session, 1), by=ann, now=now)
    with database.transaction() as session:
        assert (get_gap(session, 1).state, session.get(Fact, answered.id).retired) == ("open", True)
    assert ask(database, topics, UNIFORM).outcome == "not_known"


@pytest.mark.both_databases
def test_two_answers_at_once_make_one_fact(database: Database, ann: Staff, log: Log, topics: dict[str, Topic], now: datetime) -> None:
    log(UNIFORM)
    group(database, now)
    barrier = threading.Barrier(2)
    ended: list[str] = []

    def work() -> None:
        barrier.wait()
        try:
            with database.transaction() as session:
                words = FactWords("uniform", "Each school keeps its own uniform.")
                answer_gap(
                    session, get_gap(session, 1), words, topics, trust="oakdale", by=ann, encode=CountingEncoder(), encoder="e", now=now
                )
            ended.append("kept")
        except Conflict:
            ended.append("refused")

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ended) == ["kept", "refused"]
    with database.transaction() as session:
        assert session.execute(select(func.count()).select_from(Fact).where(Fact.document.is_(None))).scalar() == 1


def test_the_answer_survives_a_reload_of_the_files(
    database: Database, folder: FactFolder, answered: Fact, topics: dict[str, Topic], now: datetime
) -> None:
    with database.transaction() as session:
        mark = mark_of(session, session.get(Fact, answered.id))
        load_facts(session, folder.facts, folder.nlu, CountingEncoder(), "encoder-1", now=now, again=True)
        assert mark_of(session, session.get(Fact, answered.id)) == mark
    assert ask(database, topics, UNIFORM).outcome == "answered"

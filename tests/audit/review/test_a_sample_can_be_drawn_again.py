"""The monthly sample: chosen by a recorded seed and nothing else, oversight's own reading included."""

from datetime import UTC, date, datetime
from random import Random
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agenda.explaining import facts_for
from audit.entry import Entry
from audit.models import Sample, SampleLine
from audit.review import queries, sampling
from audit.review.commands import Refused
from audit.review.drawing import draw
from audit.review.facts import LISTS, OPENINGS
from audit.words import DEEDS
from conference.crypto import store_sealer
from tests.audit.review.conftest import HOUR, Saw, by, person, write
from tests.world import Table

SEED = "00112233445566778899aabbccddeeff"


@given(st.sets(st.integers(1, 10**9), max_size=60), st.integers(0, 50), st.integers(0, 999))
def test_the_order_of_reading_changes_nothing(entries: set[int], size: int, chance: int) -> None:
    shuffled = sorted(entries)
    Random(chance).shuffle(shuffled)
    drawn = draw(SEED, shuffled, size)
    assert drawn == draw(SEED, entries, size)
    assert len(drawn) == min(size, len(entries))
    assert set(drawn) <= entries


def test_another_seed_draws_others_and_a_smaller_sample_is_the_beginning_of_a_larger() -> None:
    entries = range(1000)
    assert draw(SEED, entries, 20) != draw("ff" * 16, entries, 20)
    assert draw(SEED, entries, 40)[:20] == draw(SEED, entries, 20)


def test_each_entry_is_as_likely_as_another() -> None:
    counted = [0] * 10
    for number in range(2000):
        for entry in draw(f"{number:032x}", range(10), 2):
            counted[entry] += 1
    assert sum(counted) == 4000
    assert max(abs(count - 400) for count in counted) < 90  # five standard deviations


def test_this_is_what_the_method_gives_for_all_time() -> None:
    assert draw(SEED, range(1, 101), 5) == KNOWN


KNOWN = [12, 40, 64, 99, 46]  # computed with openssl dgst -mac HMAC, too


# --- of the log ------------------------------------------------------------------------------------

LONG_AGO = date(2019, 4, 1)  # a month in which no other test writes


def in_april(hour: int) -> int:
    return int(datetime(2019, 4, 10, tzinfo=UTC).timestamp()) * 1_000_000 + hour * HOUR


@pytest.mark.django_db(transaction=True)
def test_a_month_is_drawn_once_from_its_own_entries_and_the_seed_stands_in_the_log(office: Table, saw: Saw) -> None:
    inside = [write(saw("pol2"), saw("kw", act="today.viewed"), t=in_april(n)) for n in range(15)]
    readings = [write(saw("fg", case=None, act="log.read", reason=None), t=in_april(20 + n)) for n in range(7)]
    write(saw("pol2"), saw("pol2", out="deny"), t=in_april(-24 * 20))
    write(saw("pol2", actor=None), saw("pol2", out="deny"), t=in_april(5))
    office.mark()
    sample = sampling.draw_month(LONG_AGO, facts_for, by=by(office, "fg"))
    lines = list(SampleLine.objects.filter(sample=sample))
    about = {leaf for pair in inside for leaf in pair}
    ours = [line for line in lines if line.leaf in about]
    own = [line for line in lines if line.leaf in {leaf for one in readings for leaf in one}]
    assert (len(ours), len(own)) == (20, 5)
    assert {line.person for line in own} == {person(office, "fg")}
    assert sample.population >= 37
    (entry,) = office.entries("sample.drawn")
    assert f"seed={sample.seed}" in entry["seen"]
    assert "month=2019-04" in entry["seen"]
    assert [one.leaf for one in sampling.drawn(LONG_AGO, sample.seed)] == [line.leaf for line in lines]
    with pytest.raises(Refused, match="already_drawn"):
        sampling.draw_month(LONG_AGO, facts_for, by=by(office, "fg2"))


@pytest.mark.django_db(transaction=True)
def test_a_month_that_is_not_over_is_not_drawn(office: Table) -> None:
    today = datetime.now(UTC).date()
    with pytest.raises(Refused, match="month_not_over"):
        sampling.draw_month(today.replace(day=1), facts_for, by=by(office, "fg"))
    assert not Sample.objects.filter(month=today.replace(day=1)).exists()


@pytest.mark.django_db(transaction=True)
def test_a_push_gives_one_of_those_whom_it_reached(office: Table, saw: Saw) -> None:
    people = (person(office, "pol"), person(office, "pol2"))
    push = Entry(
        act="conference.pushed", origin="socket", party="politie", case=office.id("cases", "c1"), recipients=people
    )
    (leaf,) = write(push, t=int(datetime(2019, 7, 3, tzinfo=UTC).timestamp()) * 1_000_000)
    drawn = [one for seed in range(20) for one in sampling.drawn(date(2019, 7, 1), f"{seed:032x}") if one.leaf == leaf]
    assert {one.person for one in drawn} == set(people)


DESK = {"log", "overview", "review", "sample"}  # what the acts at an officer's desk are about
SHOWS_NOTHING = {
    "log.removed",
    "log.cosigned",
    "overview.limited",
    "overview.limit_ended",
    "overview.asked",
    "overview.extended",
    "review.asked",
    "review.answered",  # by the reader
    "review.judged",
    "sample.drawn",
    "sample.judged",
}

SHOWING = {"viewed", "listed", "read", "made", "pushed", "previewed", "exported", "taken"}
NO_DATA_OF_A_CASE = {"covenant.viewed", "search.made", "finding.made", "notice.viewed"}  # a notice is about nobody


def test_whatever_an_officer_sees_or_takes_out_can_meet_a_second_person() -> None:
    # Whoever adds an act at the desk says here whether it shows or takes out data.
    at_the_desk = {act for act in DEEDS if act.partition(".")[0] in DESK}
    assert at_the_desk - SHOWS_NOTHING == set(sampling.OFFICERS_ACTS)
    assert at_the_desk >= SHOWS_NOTHING


def test_each_act_that_shows_or_takes_out_is_reviewed_or_drawn() -> None:
    # Also where it is about something new, which no list here knows yet.
    shown = {act for act in DEEDS if act.partition(".")[2] in SHOWING}
    assert shown - OPENINGS - LISTS - set(sampling.OFFICERS_ACTS) == NO_DATA_OF_A_CASE
    assert "evidence.opened" in OPENINGS, "a document that she signed, by whom it was taken out"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("act", "month"),
    [("overview.viewed", 8), ("overview.made", 9), ("log.exported", 10), ("log.taken", 11)],
    ids=["overview", "letter", "file-begun", "file-taken"],
)
def test_what_an_officer_took_out_is_drawn(office: Table, saw: Saw, act: str, month: int) -> None:
    t = int(datetime(2019, month, 3, tzinfo=UTC).timestamp()) * 1_000_000
    leaves = write(saw("fg", case=None, act=act, reason=None), t=t)
    drawn = sampling.drawn(date(2019, month, 1), SEED)
    assert [(one.leaf, one.person) for one in drawn if one.leaf in leaves] == [(leaves[0], person(office, "fg"))]


@pytest.mark.django_db(transaction=True)
def test_the_months_tell_which_are_done(office: Table, saw: Saw) -> None:
    write(saw("pol2"), t=int(datetime(2019, 5, 3, tzinfo=UTC).timestamp()) * 1_000_000)
    sample = sampling.draw_month(date(2019, 5, 1), facts_for, by=by(office, "fg"))
    months = {one.month: one for one in queries.months(date(2019, 7, 15))}
    assert next(iter(months)) == date(2019, 6, 1)
    assert not months[date(2019, 5, 1)].done
    assert months[date(2019, 6, 1)].sample is None
    SampleLine.objects.filter(sample=sample).update(verdict="explained")
    assert {one.month: one for one in queries.months(date(2019, 7, 15))}[date(2019, 5, 1)].done
    assert all(line.verdict == "explained" for line in queries.lines(sample.id, store_sealer("review")))


@pytest.mark.django_db
def test_a_sample_that_was_never_drawn_has_no_lines() -> None:
    assert list(queries.lines(uuid4(), store_sealer("review"))) == []

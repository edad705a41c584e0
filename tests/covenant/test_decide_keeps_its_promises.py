"""The invariants of `decide`, over questions that nobody chose."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conference.covenant.facts import Case, ConsentLine, ExceptionLine, Item, Level, Ruling, Subject, Viewer
from conference.covenant.file import CovenantError, parse
from conference.covenant.rules import Consents, Exceptions, decide
from tests.covenant import builders as b

PARTIES = tuple(b.covenant().parties)
CATEGORIES = tuple(b.covenant().categories)
NAMES = ("s1", "s2", "s3")
STATES = ("gegeven", "bevestigd", "beperkt", "geweigerd", "ingetrokken", "verlopen", "ongeldig", "gevraagd")
VALID = ("gegeven", "bevestigd", "beperkt")
SECRET = {name for name, party in b.covenant().parties.items() if party.secrecy}

# Few enough values that lines and questions meet.
parties = st.sampled_from(PARTIES)
likely = st.sampled_from(("kwintes", "ggz", "zorgcoordinator", "veilig_thuis", "rvdk", "politie"))
categories = st.sampled_from(CATEGORIES)
moments = st.integers(-60, 60).map(lambda days: b.NOW + timedelta(days=days, hours=days % 7))
births = st.none() | st.sampled_from((30, 100, 4000, 4380, 5844, 6570, 6574, 6600, 9000)).map(
    lambda days: (b.NOW - timedelta(days=days)).date()
)
subjects = st.builds(
    lambda roles, dates: tuple(
        Subject(name, *pair) for name, pair in zip(NAMES, zip(roles, dates, strict=True), strict=True)
    ),
    st.lists(st.sampled_from(("victim", "victim", "circle", "suspect")), min_size=3, max_size=3),
    st.lists(births, min_size=3, max_size=3),
)
conditions = st.none() | st.frozensets(likely, max_size=3)


def items(category):
    return st.builds(
        Item,
        st.just(category),
        parties | st.sampled_from(("ggz", "politie")),
        st.sampled_from((*NAMES, None)),
        st.sampled_from(("released", "released", "released", "draft", "withdrawn")),
        conditions,
        st.frozensets(likely, max_size=1),
        st.none() | likely,
    )


@st.composite
def questions(draw):
    """(viewer, case, item, consents, exceptions) that are well formed and have something to do with each other."""
    asking, category = draw(likely | parties), draw(categories)
    involved = draw(st.frozensets(parties, max_size=5)) | draw(st.sampled_from(({asking}, {asking}, {asking}, set())))
    case = Case(
        draw(st.sampled_from(b.TRACKS)),
        draw(st.sampled_from((*b.ALL_PHASES, "overleg", "overleg", "uitvoering", "verrijking"))),
        b.PURPOSE,
        frozenset(involved),
        draw(subjects),
        draw(st.frozensets(likely, max_size=2)),
    )
    item = draw(items(category))
    if draw(st.booleans()):
        item = replace(item, about=draw(st.none() | items(category)))
    lines = st.builds(
        ConsentLine,
        st.sampled_from(NAMES),
        st.just(asking),
        st.just(category),
        st.sampled_from((b.PURPOSE, b.PURPOSE, "anders")),
        st.sampled_from(STATES),
        st.integers(0, 20),
        moments,
        st.none() | moments,
    )
    exempt = st.builds(
        ExceptionLine,
        st.sampled_from(NAMES),
        st.just(asking),
        st.just(category),
        st.integers(0, 9),
        st.sampled_from(("u1", "u1", "")),
        st.just("reden"),
        moments,
        moments,
    )
    consents = tuple(draw(st.lists(lines, max_size=5)))
    exceptions = tuple(draw(st.lists(exempt, max_size=3)))
    return Viewer(asking, "inhoud"), case, item, consents, exceptions


def rule(question, now=b.NOW, covenant=None):
    return decide(covenant or b.covenant(), *question, now)


@given(questions())
def test_giving_consent_never_shows_less(question):
    viewer, case, item, consents, exceptions = question
    more = tuple(
        ConsentLine(s.id, viewer.party, item.category, case.purpose, "gegeven", 99, b.NOW - timedelta(1), None)
        for s in case.subjects
    )
    before = rule(question)
    after = rule((viewer, case, item, consents + more, exceptions))
    assert after.level.rank >= before.level.rank


@given(questions(), st.sampled_from(("geweigerd", "ingetrokken", "ongeldig")), st.sampled_from(NAMES), moments)
def test_withdrawing_consent_never_shows_more_whatever_its_date(question, state, name, starts):
    viewer, case, item, consents, exceptions = question
    end = ConsentLine(name, viewer.party, item.category, case.purpose, state, 99, starts, None)
    before = rule(question)
    after = rule((viewer, case, item, (*consents, end), exceptions))
    assert after.level.rank <= before.level.rank


@given(questions())
def test_a_withdrawal_ends_what_rested_on_consent(question):
    viewer, case, item, consents, exceptions = question
    if rule(question).reason != "consent":
        return
    ends = tuple(
        ConsentLine(s.id, viewer.party, item.category, case.purpose, "ingetrokken", 99, b.NOW, None)
        for s in case.subjects
    )
    assert rule((viewer, case, item, consents + ends, exceptions)).reason in {"consent_missing", "exception"}


@given(questions())
def test_one_exception_more_never_shows_less(question):
    viewer, case, item, consents, _exceptions = question
    assert rule((viewer, case, item, consents, ())).level.rank <= rule(question).level.rank


@given(questions())
def test_a_party_that_is_not_involved_sees_nothing(question):
    viewer, case, item, consents, exceptions = question
    outside = replace(case, parties=case.parties - {viewer.party})
    if viewer.party != b.covenant().process:
        assert rule((viewer, outside, item, consents, exceptions)).reason == "not_involved"


@given(questions())
def test_an_item_under_secrecy_is_shown_to_another_party_with_consent_or_exception_only(question):
    viewer, _case, item, consents, exceptions = question
    item = replace(item, supplier="ggz")
    ruling = rule((viewer, question[1], item, consents, exceptions))
    if item.category != "prc" and viewer.party != "ggz" and ruling.visible:
        assert ruling.reason in {"consent", "exception", "party_condition"}
        assert not rule((viewer, question[1], item, (), ())).visible


@given(questions())
def test_what_repeats_an_item_under_secrecy_is_under_secrecy_too(question):
    viewer, case, item, _consents, _exceptions = question
    if item.category == "prc":
        return
    item = replace(item, supplier="zorgcoordinator", about=Item(item.category, "ggz", "s1"))
    if viewer.party != "zorgcoordinator":
        assert not rule((viewer, case, item, (), ())).visible


@given(questions())
def test_in_the_care_track_another_partys_item_needs_a_ground_of_its_own(question):
    viewer, case, item, _consents, _exceptions = question
    case = replace(case, track="hulp")
    ruling = rule((viewer, case, item, (), ()))
    if ruling.visible:
        assert item.category == "prc" or item.supplier == viewer.party


@given(questions())
def test_in_the_signal_track_no_other_party_gets_a_name(question):
    viewer, case, item, consents, exceptions = question
    ruling = rule((viewer, replace(case, track="signaal"), item, consents, exceptions))
    if item.supplier != viewer.party:
        assert ruling.level is not Level.IDENTIFIED


@given(questions())
def test_neither_consent_nor_exception_gives_more_than_the_cell(question):
    viewer, _case, item, _consents, _exceptions = question
    ruling = rule(question)
    if ruling.visible and ruling.reason != "own_contribution" and ruling.cell:
        letter = ruling.cell[-1]
        assert letter in "pIc" or item.open_action_owner == viewer.party
        if letter == "p":
            assert ruling.level is Level.PSEUDONYMISED


@given(questions(), st.sampled_from(("toezicht", "beheer", "")))
def test_other_families_and_half_a_login_see_nothing(question, family):
    viewer, *rest = question
    assert not rule((replace(viewer, family=family), *rest)).visible
    assert not rule((replace(viewer, verified=False), *rest)).visible


@given(questions(), st.permutations(range(5)))
def test_the_order_in_which_lines_are_handed_over_does_not_matter(question, order):
    viewer, case, item, consents, exceptions = question
    shuffled = tuple(consents[n] for n in order if n < len(consents))
    assert rule((viewer, case, item, shuffled, exceptions[::-1])) == rule(question)


@given(questions())
def test_wrapped_lines_give_the_same_ruling(question):
    viewer, case, item, consents, exceptions = question
    wrapped = (Consents(consents), Exceptions(exceptions))
    assert rule((viewer, case, item, *wrapped)) == rule(question)
    assert rule((viewer, case, item, list(consents), list(exceptions))) == rule(question)


# --- until ------------------------------------------------------------------------


@given(questions(), st.floats(0, 1, exclude_max=True))
@settings(max_examples=300)
def test_a_ruling_stands_until_the_moment_that_it_names(question, share):
    ruling = rule(question)
    horizon = b.NOW + timedelta(days=400)
    until = ruling.until or horizon
    assert until > b.NOW
    # A share just below one is rounded to the whole: the last moment before it is meant then.
    within = min(b.NOW + (min(until, horizon) - b.NOW) * share, until - timedelta(microseconds=1))
    later = rule(question, within)
    assert (later.level, later.reason, later.cell) == (ruling.level, ruling.reason, ruling.cell)
    assert later.until == ruling.until


@given(questions())
@settings(max_examples=100)
def test_going_from_moment_to_moment_misses_no_change(question):
    """Ask on every other day; then only at each named moment: both tell the same story."""
    moment, story = b.NOW, []
    end = b.NOW + timedelta(days=130)
    while moment is not None and moment < end:
        ruling = rule(question, moment)
        story.append((moment, ruling.level, ruling.reason))
        moment = ruling.until
    for day in range(0, 131, 2):
        at = b.NOW + timedelta(days=day)
        told = [entry for entry in story if entry[0] <= at][-1]
        ruling = rule(question, at)
        assert (ruling.level, ruling.reason) == told[1:]


@given(questions())
def test_a_covenant_that_ends_or_is_replaced_ends_the_ruling(question):
    end = b.NOW + timedelta(days=3)
    covenant = b.covenant().superseded(end)
    ruling = rule(question, covenant=covenant)
    assert ruling.until is not None
    assert ruling.until <= end
    assert rule(question, end, covenant).reason == "covenant_inactive"


# --- never raises -----------------------------------------------------------------


class Hostile:
    """Answers nothing without a scream."""

    def __eq__(self, other):
        raise RuntimeError("no")

    def __hash__(self):
        raise RuntimeError("no")

    def __bool__(self):
        raise RuntimeError("no")


GARBAGE = (None, 3, "x", b"x", [], {}, object(), Hostile(), float("nan"), Ruling(Level.NONE, "x"), b.NOW, b.NOW.date())


@given(questions(), st.data())
@settings(max_examples=150)
def test_garbage_in_any_place_gives_nothing_and_never_raises(question, data):
    values = [b.covenant(), *question, b.NOW]
    place = data.draw(st.integers(0, 6))
    garbage = data.draw(st.integers(0, len(GARBAGE) - 1))
    values[place] = GARBAGE[garbage]
    harmless = place > 3 and type(GARBAGE[garbage]) in {list, type(b.NOW)}  # no lines at all, or a moment
    assert harmless or not decide(*values).visible


@given(questions(), st.data())
@settings(max_examples=150)
def test_garbage_in_any_field_never_raises_and_never_shows_more(question, data):
    values = list(question)
    place = data.draw(st.integers(0, 2))
    name = data.draw(st.sampled_from([*values[place].__dataclass_fields__]))
    broken = replace(values[place])
    object.__setattr__(broken, name, GARBAGE[data.draw(st.integers(0, len(GARBAGE) - 1))])
    values[place] = broken
    ruling = rule(values)
    assert isinstance(ruling, Ruling)


@pytest.mark.parametrize("broken", [None, 3, b.ADULT, "x"])
@pytest.mark.parametrize("place", [3, 4])
def test_a_line_that_is_no_line_makes_the_question_malformed(broken, place):
    values = [b.viewer("politie"), b.case("politie"), b.item("pol", "om"), (), ()]
    values[place] = (broken,)
    assert rule(values).reason == "malformed"


@pytest.mark.parametrize(
    "broken",
    [
        b.consent("politie", "pol", subject=3),
        b.consent("politie", "pol", recorded=True),
        b.consent("politie", "pol", recorded=1.5),
        b.consent("politie", "pol", starts=b.NOW.replace(tzinfo=None)),
        b.consent("politie", "pol", ends="2026-12-01"),
        b.consent("politie", "pol", ends=b.NOW.replace(tzinfo=None)),
    ],
)
def test_a_consent_line_with_a_wrong_field_makes_the_question_malformed(broken):
    question = (b.viewer("politie"), b.case("politie"), b.item("pol", "om"), (broken,), ())
    assert rule(question).reason == "malformed"


@pytest.mark.parametrize(
    "broken",
    [
        b.exception("politie", "pol", "7"),
        b.exception("politie", "pol", True),
        b.exception("politie", "pol", 7, reason=None),
        b.exception("politie", "pol", 7, starts=b.NOW.replace(tzinfo=None)),
        b.exception("politie", "pol", 7, ends=b.NOW.date()),
    ],
)
def test_an_exception_with_a_wrong_field_makes_the_question_malformed(broken):
    question = (b.viewer("politie"), b.case("politie"), b.item("pol", "om"), (), (broken,))
    assert rule(question).reason == "malformed"


# --- the file's invariants hold for every covenant that parses ----------------------


@given(st.lists(st.tuples(parties, categories, st.text("-pIocv", min_size=5, max_size=5)), max_size=4))
def test_every_covenant_that_parses_keeps_the_invariants(rows):
    data = b.raw()
    for party, category, row in rows:
        data["parties"][party][category] = row
    try:
        covenant = parse(data)
    except CovenantError:
        return
    for party in covenant.parties.values():
        for category, row in party.cells.items():
            used = set(row)
            assert party.cls != "D" or used <= {"-", "v"}
            assert party.cls != "Z" or used == {"-"}
            assert party.cls == "D" or "v" not in used
            assert party.cls != "Q" or row[1] == "-"
            assert category not in {"gez", "adr", "vbl"} or not used & {"I", "p"}
            assert category != "bsn" or used == {"-"} or party.cls == "P" or party.id == "veilig_thuis"
            assert category not in {"pol", "jus"} or party.cls != "Q" or "I" not in used

"""Single rules at their edges: lines of the register, exceptions, ages, supply and names."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from conference.covenant import labels
from conference.covenant.days import age_band, birthday, day_end, is_minor, midnight, next_band_change
from conference.covenant.facts import Item, Party, Subject
from conference.covenant.file import parse
from conference.covenant.rules import decide, exception_fits, may_supply
from tests.covenant import builders as b


def level(viewer, case, item, consents=(), exceptions=(), now=b.NOW):
    ruling = decide(b.covenant(), b.viewer(viewer), case, item, consents, exceptions, now)
    return ruling.level.value, ruling.reason


HEALTH = b.item("gez", "ggz")
KWINTES = b.case("kwintes", "ggz")


# --- consent ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        ("gegeven", True),
        ("bevestigd", True),
        ("beperkt", True),
        ("niet_gevraagd", False),
        ("gevraagd", False),
        ("uitgesteld", False),
        ("geweigerd", False),
        ("ingetrokken", False),
        ("verlopen", False),
        ("ongeldig", False),
        ("iets", False),
    ],
)
def test_only_three_states_allow(state, shown):
    assert (level("kwintes", KWINTES, HEALTH, (b.consent("kwintes", "gez", state=state),))[0] != "none") is shown


def test_the_line_recorded_last_decides():
    given, asked = b.consent("kwintes", "gez", recorded=1), b.consent("kwintes", "gez", state="gevraagd", recorded=2)
    assert level("kwintes", KWINTES, HEALTH, (given, asked))[0] == "none"
    again = b.consent("kwintes", "gez", recorded=3)
    assert level("kwintes", KWINTES, HEALTH, (given, asked, again))[0] == "identified"


def test_a_line_whose_time_has_not_come_is_passed_over_unless_it_ends_consent():
    given = b.consent("kwintes", "gez", recorded=1)
    later = {"recorded": 2, "starts": b.NOW + timedelta(days=5)}
    asked = b.consent("kwintes", "gez", state="gevraagd", **later)
    ended = b.consent("kwintes", "gez", state="ingetrokken", **later)
    assert level("kwintes", KWINTES, HEALTH, (given, asked))[0] == "identified"
    assert level("kwintes", KWINTES, HEALTH, (given, ended))[0] == "none"


def test_lines_recorded_at_once_must_all_allow():
    given, refused = b.consent("kwintes", "gez"), b.consent("kwintes", "gez", state="geweigerd")
    assert level("kwintes", KWINTES, HEALTH, (given, refused))[0] == "none"
    assert level("kwintes", KWINTES, HEALTH, (given, given))[0] == "identified"


def test_a_line_holds_from_its_beginning_to_just_before_its_end():
    line = b.consent("kwintes", "gez", starts=b.NOW, ends=b.NOW + timedelta(hours=1))
    before, at_end = b.NOW - timedelta(microseconds=1), b.NOW + timedelta(hours=1)
    assert level("kwintes", KWINTES, HEALTH, (line,), now=before)[0] == "none"
    assert level("kwintes", KWINTES, HEALTH, (line,), now=b.NOW)[0] == "identified"
    assert level("kwintes", KWINTES, HEALTH, (line,), now=at_end)[0] == "none"
    ruling = decide(b.covenant(), b.viewer("kwintes"), KWINTES, HEALTH, (line,), (), b.NOW)
    assert ruling.until == at_end


@pytest.mark.parametrize("wrong", [{"subject": "s2"}, {"purpose": "iets anders"}])
def test_a_line_for_somebody_or_something_else_does_not_count(wrong):
    assert level("kwintes", KWINTES, HEALTH, (b.consent("kwintes", "gez", **wrong),))[0] == "none"
    assert level("kwintes", KWINTES, HEALTH, (b.consent("veilig_thuis", "gez"),))[0] == "none"
    assert level("kwintes", KWINTES, HEALTH, (b.consent("kwintes", "hlp"),))[0] == "none"


def test_an_item_of_no_subject_needs_everybody_but_the_suspect():
    people = (Subject("s1", "victim"), Subject("s2", "circle"), Subject("s3", "suspect"))
    case, item = b.case("kwintes", subjects=people), b.item("gez", "ggz", None)
    one, two = b.consent("kwintes", "gez"), b.consent("kwintes", "gez", subject="s2")
    assert level("kwintes", case, item, (one,)) == ("none", "consent_missing")
    assert level("kwintes", case, item, (one, two)) == ("identified", "consent")
    excepted = (b.exception("kwintes", "gez", 2, subject="s2"),)
    assert level("kwintes", case, item, (one,), excepted) == ("identified", "exception")


def test_an_item_of_no_subject_in_a_case_without_victims_is_nobodys():
    case, item = b.case("kwintes", subjects=(Subject("s1", "suspect"),)), b.item("gez", "ggz", None)
    assert level("kwintes", case, item, (b.consent("kwintes", "gez"),)) == ("none", "consent_missing")


def test_a_suspect_is_never_asked():
    case = b.case("kwintes", subjects=(Subject("s1", "suspect"),))
    assert level("kwintes", case, HEALTH, (b.consent("kwintes", "gez"),)) == ("none", "consent_missing")
    assert level("kwintes", case, HEALTH, (), (b.exception("kwintes", "gez", 7),)) == ("identified", "exception")


# --- exceptions -------------------------------------------------------------------


def fits(code, *, track="wgs", category="hlp", receiver="kwintes", days=20, suppliers=("zorgcoordinator",)):
    return exception_fits(
        b.covenant(),
        code,
        track=track,
        category=category,
        receiver=receiver,
        starts=b.NOW,
        ends=b.NOW + timedelta(days=days),
        suppliers=suppliers,
    )


@pytest.mark.parametrize(
    ("code", "question", "fit"),
    [
        (1, {}, True),
        (1, {"track": "hulp"}, False),
        (1, {"category": "gez"}, False),
        (1, {"suppliers": ("ggz",)}, False),
        (1, {"suppliers": ("zorgcoordinator", "ggz")}, False),
        (1, {"suppliers": None}, True),
        (2, {}, False),
        (2, {"category": "gez"}, True),
        (2, {"suppliers": ("ggz",)}, True),
        (2, {"suppliers": None}, True),
        (3, {}, False),
        (3, {"suppliers": ("politie",)}, True),
        (3, {"suppliers": ("politie",), "track": "hulp"}, False),
        (3, {"suppliers": ("politie", "om")}, False),
        (3, {"suppliers": None}, True),
        (4, {}, False),
        (4, {"receiver": "veilig_thuis"}, True),
        (5, {"receiver": "gi"}, True),
        (5, {"receiver": "veilig_thuis"}, False),
        (6, {"receiver": "comensha"}, True),
        (6, {}, False),
        (7, {}, True),
        (7, {"days": 30}, True),
        (7, {"days": 31}, False),
        (8, {}, True),
        (8, {"days": 31}, False),
        (0, {}, False),
        (9, {}, False),
        (-1, {}, False),
        (7, {"days": 0}, False),
        (4, {"receiver": "veilig_thuis", "days": -1}, False),
    ],
)
def test_an_exception_fits_where_the_law_puts_it(code, question, fit):
    assert fits(code, **question) is fit


@pytest.mark.parametrize(("last", "fit"), [(date(2026, 12, 20), True), (date(2026, 12, 21), False)])
def test_thirty_days_are_counted_in_whole_days_when_the_end_is_one(last, fit):
    found = exception_fits(
        b.covenant(),
        7,
        track="wgs",
        category="gez",
        receiver="kwintes",
        starts=midnight(date(2026, 11, 20)),
        ends=day_end(last),
    )
    assert found is fit


@pytest.mark.parametrize("empty", [{"reason": ""}, {"decider": ""}])
def test_an_exception_without_decider_or_reason_does_not_count(empty):
    assert level("kwintes", KWINTES, HEALTH, (), (b.exception("kwintes", "gez", 7, **empty),))[0] == "none"


def test_an_exception_counts_between_its_moments_only():
    line = b.exception("kwintes", "gez", 7, starts=b.NOW + timedelta(1), ends=b.NOW + timedelta(2))
    assert level("kwintes", KWINTES, HEALTH, (), (line,))[0] == "none"
    assert level("kwintes", KWINTES, HEALTH, (), (line,), now=b.NOW + timedelta(1))[0] == "identified"
    assert level("kwintes", KWINTES, HEALTH, (), (line,), now=b.NOW + timedelta(2))[0] == "none"
    assert decide(b.covenant(), b.viewer("kwintes"), KWINTES, HEALTH, (), (line,), b.NOW).until == line.starts


# --- repeating, malformed ---------------------------------------------------------


def test_what_repeats_a_draft_or_a_conditioned_item_is_withheld_with_it():
    case = b.case("kwintes")
    for about, reason in (
        (b.item("hlp", "zorgcoordinator", status="draft"), "item_draft"),
        (b.item("hlp", "zorgcoordinator", status="withdrawn"), "item_withdrawn"),
        (b.item("hlp", "zorgcoordinator", not_for=frozenset({"kwintes"})), "condition_excludes"),
        (b.item("hlp", "zorgcoordinator", only_for=frozenset({"om"})), "condition_excludes"),
        (b.item("hlp", "zorgcoordinator", status="gone"), "unknown_status"),
        (b.item("xyz", "zorgcoordinator"), "unknown_category"),
        (b.item("hlp", "nobody"), "unknown_party"),
    ):
        assert level("kwintes", case, b.item("hlp", "zvh_procesregie", about=about)) == ("none", reason)


def test_endless_repetition_is_malformed():
    endless = b.item("hlp", "zorgcoordinator")
    object.__setattr__(endless, "about", endless)
    assert level("kwintes", b.case("kwintes"), endless) == ("none", "malformed")


@pytest.mark.parametrize(
    "subjects",
    [
        (Subject("s2", "victim"),),
        (Subject("s1", "victim"), Subject("s1", "circle")),
        (Subject("s1", "witness"),),
        (Subject("s1", "victim", b.NOW),),
        ("s1",),
        (Party("s1", "P"),),
        (Subject(3, "victim"), Subject("s1", "victim")),
    ],
)
def test_contradicting_subjects_are_malformed(subjects):
    assert level("kwintes", b.case("kwintes", subjects=subjects), b.item("hlp", "om")) == ("none", "malformed")


def test_a_moment_without_a_zone_is_malformed():
    assert level("kwintes", b.case("kwintes"), HEALTH, now=b.NOW.replace(tzinfo=None)) == ("none", "malformed")


def test_without_a_covenant_there_is_nothing():
    ruling = decide(None, b.viewer("om"), b.case("om"), b.item("pol", "politie"), (), (), b.NOW)
    assert (ruling.reason, ruling.until, ruling.cell) == ("covenant_inactive", None, None)


def test_before_its_first_day_a_covenant_says_when_it_begins():
    before = datetime(2025, 12, 1, tzinfo=UTC)
    ruling = decide(b.covenant(), b.viewer("om"), b.case("om"), b.item("pol", "politie"), (), (), before)
    assert (ruling.reason, ruling.until) == ("covenant_inactive", midnight(date(2026, 1, 1)))


def test_a_category_of_a_covenants_own_is_ruled_by_its_letters():
    data = b.raw()
    data["categories"]["foto"] = {"nl": "foto", "basis": "WGS ?"}
    data["parties"]["om"]["foto"] = "---pI"
    ruling = decide(parse(data), b.viewer("om"), b.case("om"), b.item("foto", "politie"), (), (), b.NOW)
    assert (ruling.level.value, ruling.cell) == ("pseudonymised", "om/foto/overleg = p")


# --- ages -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("born", "on", "band"),
    [
        (date(2014, 11, 24), date(2026, 11, 23), "0-11"),
        (date(2014, 11, 23), date(2026, 11, 23), "12-15"),
        (date(2010, 11, 23), date(2026, 11, 23), "16-17"),
        (date(2008, 11, 23), date(2026, 11, 23), "18-22"),
        (date(2003, 11, 23), date(2026, 11, 23), "23-29"),
        (date(1996, 11, 23), date(2026, 11, 23), "30-39"),
        (date(1986, 11, 23), date(2026, 11, 23), "40+"),
        (date(1926, 11, 23), date(2026, 11, 23), "40+"),
        (date(2026, 11, 23), date(2026, 11, 23), "0-11"),
        (date(2026, 11, 24), date(2026, 11, 23), None),
        (None, date(2026, 11, 23), None),
    ],
)
def test_age_bands(born, on, band):
    assert age_band(born, on) == band


def test_born_on_29_february_counts_from_1_march():
    assert birthday(date(2008, 2, 29), 18) == date(2026, 3, 1)
    assert birthday(date(2008, 2, 29), 12) == date(2020, 2, 29)
    assert is_minor(date(2008, 2, 29), date(2026, 2, 28))
    assert not is_minor(date(2008, 2, 29), date(2026, 3, 1))


def test_the_next_band_begins_at_midnight_in_amsterdam():
    assert next_band_change(date(2008, 7, 1), date(2026, 6, 30)) == datetime(2026, 6, 30, 22, tzinfo=UTC)
    assert next_band_change(date(2027, 1, 1), date(2026, 6, 30)) == datetime(2026, 12, 31, 23, tzinfo=UTC)
    assert next_band_change(date(1980, 1, 1), date(2026, 6, 30)) is None
    assert next_band_change(None, date(2026, 6, 30)) is None


def test_a_birthday_that_only_changes_the_band_stands_in_until():
    born = Subject("s1", "victim", date(2003, 12, 1))
    ruling = decide(
        b.covenant(), b.viewer("om"), b.case("om", subjects=(born,)), b.item("pol", "politie"), (), (), b.NOW
    )
    assert ruling.visible
    assert ruling.until == midnight(date(2026, 12, 1))


def test_turning_18_ends_what_a_party_for_minors_sees():
    born = Subject("s1", "victim", date(2008, 12, 1))
    case, item = b.case("rvdk", subjects=(born,)), b.item("id", "zorgcoordinator")
    assert level("rvdk", case, item)[0] == "identified"
    birthday_comes = midnight(date(2008 + 18, 12, 1))
    assert level("rvdk", case, item, now=birthday_comes - timedelta(seconds=1))[0] == "identified"
    assert level("rvdk", case, item, now=birthday_comes) == ("none", "party_condition")


# --- supplying --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("party", "category", "track", "phase", "refusal"),
    [
        ("politie", "pol", "wgs", None, None),
        ("politie", "pol", "wgs", "aanmelding", None),
        ("politie", "pol", "wgs", "afsluiting", None),
        ("politie", "pol", "hulp", None, "track_forbids"),
        ("politie", "pol", "anders", None, "track_forbids"),
        ("politie", "gez", "wgs", None, "cannot_supply"),
        ("politie", "bsn", "wgs", None, None),
        ("politie", "bsn", "wgs", "overleg", "cannot_supply"),
        ("politie", "bsn", "wgs", "later", "cannot_supply"),
        ("pretty_woman", "hlp", "wgs", None, "cannot_supply"),
        ("comensha", "hlp", "wgs", None, None),
        ("nobody", "pol", "wgs", None, "cannot_supply"),
        ("politie", "xyz", "wgs", None, "cannot_supply"),
        ("zvh_procesregie", "prc", "wgs", "nazorg", None),
        ("zvh_procesregie", "id", "wgs", "nazorg", "cannot_supply"),
        ("zvh_procesregie", "prc", "wgs", "vernietigd", "cannot_supply"),
        ("zorgcoordinator", "id", "signaal", None, "track_forbids"),
    ],
)
def test_who_may_supply_what(party, category, track, phase, refusal):
    assert may_supply(b.covenant(), party, category, track, phase) == refusal


@pytest.mark.parametrize(
    ("party", "category", "phase", "refusal"),
    [
        ("kwintes", "prc", "nazorg", None),
        ("kwintes", "hlp", "nazorg", "cannot_supply"),
        ("politie", "prc", "nazorg", "cannot_supply"),
        ("zvh_procesregie", "prc", "nazorg", None),
        ("kwintes", "prc", "afgeschermd", "cannot_supply"),
    ],
)
def test_in_aftercare_who_has_an_open_action_still_supplies_process(party, category, phase, refusal):
    acting = frozenset({"kwintes"})
    assert may_supply(b.covenant(), party, category, "wgs", phase, open_action_parties=acting) == refusal


# --- names ------------------------------------------------------------------------


def test_names_follow_the_covenant_then_the_product_then_the_id():
    covenant = b.covenant()
    with translation.override("en"):
        assert labels.party_name("zorgcoordinator", covenant) == "care coordinator"
        assert labels.party_name("zorgcoordinator") == "care coordinator"
        assert labels.party_name("college_rivierdal") == "college rivierdal"
        assert labels.category_name("pol", covenant) == "police data"
        assert labels.category_name("xyz") == "xyz"
        assert labels.phase_name("overleg") == "conference"
    with translation.override("nl"):
        assert labels.party_name("zorgcoordinator", covenant) == "zorgcoördinator"


def test_a_covenants_own_category_has_its_own_name():
    data = b.raw()
    data["categories"]["foto"] = {"nl": "foto's", "basis": "WGS"}
    with translation.override("nl"):
        assert labels.category_name("foto", parse(data)) == "foto's"


def test_every_party_and_category_of_the_example_has_a_dutch_and_an_english_name():
    for thing in (*b.covenant().parties.values(), *b.covenant().categories.values()):
        assert thing.texts["nl"]
        assert thing.texts["en"]


def test_a_repeated_item_is_a_plain_item_for_everything_else():
    repeated = Item("hlp", "zvh_procesregie", "s1", about=Item("hlp", "zorgcoordinator", "s1"))
    assert level("kwintes", b.case("kwintes"), repeated) == ("identified", "covenant")

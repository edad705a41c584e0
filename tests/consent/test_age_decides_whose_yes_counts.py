"""The five regimes in three age bands, written out, and the strictest of those in play."""

from datetime import date
from itertools import chain, combinations

import pytest

from conference.cases.registering import whose_yes
from conference.cases.rights import SubjectRights
from conference.covenant.days import age_on
from consent.ages import TABLE, Band, Needed, Regime, Who, band_of, in_play, needed
from consent.talk import Talk
from tests.world import TODAY

# Who says yes: (herself, her representative, on paper), for who can weigh it and for who cannot.
WRITTEN_OUT = {
    # regime:    under 12          12 to 15                16 and older
    "avg":      ("rep",           "rep",                  "self"),
    "jeugdwet": ("rep",           "self if capable",      "self"),
    "wmo":      ("rep",           "self if capable",      "self"),
    "wgbo":     ("rep",           "both",                 "self"),
    "comensha": ("rep on paper",  "rep on paper",         "self on paper"),
}  # fmt: skip
MEANS = {
    "rep": (False, True, False),
    "self": (True, False, False),
    "self if capable": (True, False, False),
    "both": (True, True, False),
    "rep on paper": (False, True, True),
    "self on paper": (True, False, True),
}
CELLS = [(regime, band, words) for regime, row in WRITTEN_OUT.items() for band, words in zip(Band, row, strict=True)]


def told(one: Needed) -> tuple[bool, bool, bool]:
    return one.own, one.representative, one.written


@pytest.mark.parametrize(("regime", "band", "words"), CELLS)
def test_each_regime_asks_at_each_age_whom_the_law_names(regime: str, band: Band, words: str) -> None:
    assert told(needed([Regime(regime)], band, capable=True)) == MEANS[words]


@pytest.mark.parametrize(("regime", "band", "words"), CELLS)
def test_who_cannot_weigh_it_is_represented_at_any_age(regime: str, band: Band, words: str) -> None:
    assert told(needed([Regime(regime)], band, capable=False)) == (False, True, MEANS[words][2])


def test_every_cell_names_its_source_and_nobody_is_left_out() -> None:
    assert set(TABLE) == set(Regime)
    for row in TABLE.values():
        assert set(row) == set(Band)
        assert all(rule.source and isinstance(rule.who, Who) for rule in row.values())


@pytest.mark.parametrize("band", list(Band))
@pytest.mark.parametrize("capable", [True, False])
def test_of_several_regimes_the_strictest_holds_and_a_further_one_never_makes_it_easier(
    band: Band, capable: bool
) -> None:
    every = list(chain.from_iterable(combinations(Regime, size) for size in range(1, len(Regime) + 1)))
    for some in every:
        alone = [told(needed([one], band, capable=capable)) for one in some]
        assert told(needed(some, band, capable=capable)) == tuple(any(column) for column in zip(*alone, strict=True))


def test_a_girl_of_fourteen_and_her_representative_both_say_yes() -> None:
    regimes = in_play(medical=False, comensha=False, minor=True)
    assert regimes == {Regime.AVG, Regime.JEUGDWET}
    assert told(needed(regimes, Band.TEEN, capable=True)) == (True, True, False)
    assert needed(regimes, Band.TEEN, capable=True).sources == ("UAVG 5 lid 1", "Jeugdwet 7.3.11 en 7.3.15")


@pytest.mark.parametrize(
    ("medical", "comensha", "minor", "regimes"),
    [
        (False, False, False, {"avg", "wmo"}),
        (True, False, False, {"avg", "wmo", "wgbo"}),
        (False, True, False, {"avg", "wmo", "comensha"}),
        (True, True, True, {"avg", "jeugdwet", "wgbo", "comensha"}),
    ],
)
def test_what_is_in_play_follows_from_what_and_to_whom(
    medical: bool, comensha: bool, minor: bool, regimes: set[str]
) -> None:
    assert in_play(medical=medical, comensha=comensha, minor=minor) == {Regime(one) for one in regimes}


@pytest.mark.parametrize(
    ("age", "band"), [(0, "0-11"), (11, "0-11"), (12, "12-15"), (15, "12-15"), (16, "16+"), (17, "16+"), (90, "16+")]
)
def test_bands_begin_on_the_birthday(age: int, band: str) -> None:
    assert band_of(age) is Band(band)


# --- of somebody in a case -------------------------------------------------------------------


def somebody(born: date | None) -> SubjectRights:
    from uuid import uuid4

    return SubjectRights(uuid4(), "betrokkene 1", "victim", "politie", born, {})


@pytest.mark.parametrize(
    ("born", "party", "category", "expected"),
    [
        ("2014-11-24", "kwintes", "hlp", (False, True, False)),  # 12 tomorrow
        ("2014-11-23", "kwintes", "hlp", (True, True, False)),  # 12 today
        ("2010-11-24", "kwintes", "hlp", (True, True, False)),  # 16 tomorrow
        ("2010-11-23", "kwintes", "hlp", (True, False, False)),  # 16 today
        ("2010-11-23", "ggz", "gez", (True, False, False)),
        ("2014-11-23", "ggz", "gez", (True, True, False)),
        ("1990-01-01", "comensha", "id", (True, False, True)),
        ("2016-02-29", "comensha", "id", (False, True, True)),
    ],
)
def test_a_birthday_changes_whose_yes_counts_on_its_own_day(
    born: str, party: str, category: str, expected: tuple[bool, bool, bool]
) -> None:
    found = whose_yes(somebody(date.fromisoformat(born)), party, category, Talk(capacity="ja"), TODAY)
    assert found
    assert told(found) == expected


def test_without_a_birth_date_her_own_word_counts_and_without_that_nobody_knows() -> None:
    unknown = somebody(None)
    assert whose_yes(unknown, "kwintes", "hlp", Talk(), TODAY) is None
    own = whose_yes(unknown, "kwintes", "hlp", Talk(age_band=Band.OWN), TODAY)
    teen = whose_yes(unknown, "kwintes", "hlp", Talk(age_band=Band.TEEN), TODAY)
    assert own
    assert teen
    assert (told(own), told(teen)) == ((True, False, False), (True, True, False))
    # What stands in the register goes before what is said on the telephone.
    known = whose_yes(somebody(date(2020, 1, 1)), "kwintes", "hlp", Talk(age_band=Band.OWN), TODAY)
    assert known
    assert told(known) == (False, True, False)


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        ("2008-02-29", "2020-02-28", 11),
        ("2008-02-29", "2020-02-29", 12),
        ("2008-02-29", "2021-02-28", 12),
        ("2008-02-29", "2021-03-01", 13),
        ("2008-12-31", "2026-12-30", 17),
        ("2008-12-31", "2026-12-31", 18),
        ("2030-01-01", "2026-12-31", None),
        (None, "2026-12-31", None),
    ],
)
def test_an_age_is_counted_in_whole_years(born: str | None, on: str, age: int | None) -> None:
    assert age_on(date.fromisoformat(born) if born else None, date.fromisoformat(on)) == age

"""Pseudonyms that do not link, and code names that are never given twice."""

import re
from itertools import combinations
from uuid import uuid4

import pytest

from conference.vault import codenames
from conference.vault.models import UsedCodeName
from conference.vault.pseudonyms import _ALPHABET, Misread, _check, pseudonym, read_aloud
from tests.world import Table

SHAPE = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{3}")


def test_a_pseudonym_is_stable_and_has_its_shape() -> None:
    case, subject = uuid4(), uuid4()
    given = {pseudonym("politie", case, subject) for _ in range(5)}
    assert len(given) == 1
    assert SHAPE.fullmatch(given.pop())


def test_two_parties_two_cases_and_two_subjects_have_different_pseudonyms() -> None:
    subject, case, other = uuid4(), uuid4(), uuid4()
    given = [
        pseudonym(party, where, who)
        for party in ("politie", "kwintes", "politie_")
        for where in (case, other)
        for who in (subject, case, other)
    ]
    assert len(set(given)) == len(given)


def test_no_part_of_one_partys_pseudonym_is_found_in_anothers() -> None:
    case, alike = uuid4(), 0
    for _ in range(50):
        subject = uuid4()
        parts = [set(pseudonym(party, case, subject).split("-")[:2]) for party in ("politie", "kwintes", "ggz")]
        alike += sum(bool(first & second) for first, second in combinations(parts, 2))
    assert alike <= 2, "four signs of six hundred pairs may be alike by chance: once in 1,700 runs"


def test_a_pseudonym_is_read_back_however_it_was_heard() -> None:
    for _ in range(50):
        given = pseudonym("politie", uuid4(), uuid4())
        bare = given.replace("-", "")
        heard = (given, given.lower(), bare, " ".join(bare), f" {bare[:5]} {bare[5:]}\n", given.replace("0", "O"))
        assert {read_aloud(one) for one in (*heard, given.replace("1", "l"), given.replace("1", "i"))} == {given}


def test_what_stands_between_the_symbols_does_not_matter() -> None:
    given = pseudonym("politie", uuid4(), uuid4())
    for between in ("\u2011", "\u2013", " - ", "\u200b", "."):
        assert read_aloud(given.replace("-", between) + ".") == given


@pytest.mark.parametrize(
    ("change", "whole"), [("", False), ("QH7M-2X", False), ("{}A", True), ("U{}", True), ("é{}", True), ("{}{}", True)]
)
def test_what_is_no_pseudonym_is_told_apart_from_one_that_is_not_whole(change: str, *, whole: bool) -> None:
    given = pseudonym("politie", uuid4(), uuid4())
    with pytest.raises(Misread) as misread:
        read_aloud(change.format(given, given))
    assert misread.value.whole is whole


def test_one_wrong_or_two_swapped_symbols_are_found_by_the_check_symbol() -> None:
    symbols = pseudonym("politie", uuid4(), uuid4()).replace("-", "")
    body, check = symbols[:10], symbols[10]

    def checked(text: str) -> str:
        return _check([_ALPHABET.index(symbol) for symbol in text])

    assert checked(body) == check
    for at in range(10):
        for wrong in _ALPHABET:
            if abs(_ALPHABET.index(wrong) - _ALPHABET.index(body[at])) not in {0, 31}:
                assert checked(body[:at] + wrong + body[at + 1 :]) != check
    for at in range(9):
        one, two = _ALPHABET.index(body[at]), _ALPHABET.index(body[at + 1])
        if abs(one - two) not in {0, 31}:
            assert checked(body[:at] + body[at + 1] + body[at] + body[at + 2 :]) != check


def test_the_view_of_each_party_bears_its_own_pseudonyms(table: Table) -> None:
    key, case, subject = table.key("s1"), table.id("cases", "c1"), table.id("subjects", "s1")
    for name, party in (("pol", "politie"), ("kw", "kwintes"), ("vz", "zvh_procesregie")):
        assert table.view(name)[key]["pseudonym"] == pseudonym(party, case, subject)
    handles = {table.view(name)[key]["handle"] for name in ("pol", "kw", "vz")}
    assert handles == {"betrokkene 1"}


def test_a_code_name_is_never_given_twice_even_when_all_words_are_used(transactional_db: None) -> None:
    given = [codenames.give() for _ in range(len(codenames.WORDS) + 5)]
    assert len(set(given)) == len(given)
    assert set(codenames.WORDS) < set(given)
    assert all("-" in name for name in given[len(codenames.WORDS) :])


def test_a_wanted_code_name_is_given_once(transactional_db: None) -> None:
    assert codenames.give("KIEVIT") == "KIEVIT"
    assert codenames.give("KIEVIT") != "KIEVIT"


def test_used_code_names_are_kept_as_keyed_hashes_only(transactional_db: None) -> None:
    name = codenames.give()
    (row,) = UsedCodeName.objects.all()
    assert name not in row.digest
    assert re.fullmatch(r"[0-9a-f]{64}", row.digest)


def test_the_words_are_distinct_and_can_be_spoken() -> None:
    assert len(codenames.WORDS) > 100
    assert len(set(codenames.WORDS)) == len(codenames.WORDS)
    assert all(re.fullmatch(r"[A-Z]{3,20}", word) for word in codenames.WORDS)


@pytest.mark.parametrize("party", ["zvh_procesregie", "kwintes"])
def test_a_case_has_one_code_name_for_all(table: Table, party: str) -> None:
    name = "vz" if party == "zvh_procesregie" else "kw"
    key = table.key("c1")
    assert table.view(name)[key]["code_name"] == table.view("pol")[key]["code_name"]
